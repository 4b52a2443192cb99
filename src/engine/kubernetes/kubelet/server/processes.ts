import { http } from '../../../net/http.ts';
import type { HttpOutcome } from '../../../net/http.ts';
import { ask, open, read, signal, start, type Program } from '../../../sim/process.ts';
import type { NodeAnswers } from '../../api/node-requests.ts';
import { containerdService, type RuntimeAnswers } from '../cri.ts';

/**
 * Processes in containers that a client talks to (pkg/kubelet/server, containerd 2.2
 * `internal/cri/server/container_{execsync,attach}.go`): exec, attach, and a request through a
 * forwarded port.
 */
export interface InputArgs {
  readonly node: string;
  readonly id: string;
  readonly execId?: string;
  readonly stdin: number;
}

/** Hands on what a client types, until it says that there is no more. */
export const input: Program<InputArgs, undefined> = function* ({ node, id, execId, stdin }) {
  const service = containerdService(node);
  const to = { op: 'stdin', id, ...(execId !== undefined && { execId }) };
  for (;;) {
    const chunks = yield* read<string>(stdin);
    if (chunks === undefined) break;
    yield* ask(service, { ...to, text: chunks.join('') });
  }
  yield* ask(service, { ...to, close: true });
  return undefined;
};

export interface ExecArgs {
  readonly node: string;
  readonly id: string;
  readonly execId: string;
  readonly argv: readonly string[];
  readonly stdin?: number;
  readonly tty?: boolean;
  readonly stream: number;
  /** The name of {@link input} among the programs. */
  readonly inputProgram: string;
}

export const exec: Program<ExecArgs, NodeAnswers['exec']> = function* (args) {
  const { node, id, execId, argv, stdin, tty, stream, inputProgram } = args;
  const pump =
    stdin === undefined ? undefined : yield* start(inputProgram, { node, id, execId, stdin });
  const request = { op: 'exec', id, execId, argv, output: stream, ...(tty && { tty }) };
  const answer = yield* ask<RuntimeAnswers['exec']>(containerdService(node), {
    ...request,
    ...(stdin !== undefined && { openStdin: true }),
  });
  if (pump !== undefined) yield* signal(pump, 'SIGKILL');
  if (answer.ok) return { ok: true, exitCode: answer.exitCode };
  const message =
    'error executing command in container: failed to exec in container: failed to start exec ' +
    `"${execId}": ${answer.message}`;
  return { ok: false, code: 500, message };
};

export interface AttachArgs {
  readonly node: string;
  readonly id: string;
  readonly stdin?: number;
  readonly stream: number;
  readonly inputProgram: string;
}

export const attach: Program<AttachArgs, NodeAnswers['attach']> = function* (args) {
  const { node, id, stdin, stream, inputProgram } = args;
  const service = containerdService(node);
  const own = yield* open();
  yield* ask(service, { op: 'attach', id, stream });
  yield* ask(service, { op: 'attach', id, stream: own });
  const pump = stdin === undefined ? undefined : yield* start(inputProgram, { node, id, stdin });
  while ((yield* read(own)) !== undefined);
  if (pump !== undefined) yield* signal(pump, 'SIGKILL');
  const state = yield* ask<RuntimeAnswers['state']>(service, { op: 'state', id });
  return { ok: true, exitCode: state.ok ? (state.container.exit?.exitCode ?? 0) : 0 };
};

export interface ForwardArgs {
  readonly node: string;
  readonly ip: string;
  readonly port: number;
  readonly uid: string;
  readonly method: string;
  readonly path: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
}

const decoder = new TextDecoder();

export const forward: Program<ForwardArgs, NodeAnswers['port-forward']> = function* (args) {
  const { node, ip, port, uid, method, path, headers, body } = args;
  const from = { machine: node, name: `kubelet/${node}` };
  const request = {
    ...{ method, path },
    ...(headers && { headers }),
    ...(body !== undefined && { body }),
  };
  const outcome: HttpOutcome = yield* http(from, { ip, port }, request);
  if (outcome.ok) {
    const { status, headers: answered, body: bytes } = outcome.response;
    return { ok: true, status, headers: answered, body: decoder.decode(bytes) };
  }
  const dialed = 'IPv4: dial tcp4 127.0.0.1';
  const message =
    `error forwarding port ${port} to pod ${uid}, uid : failed to connect to ` +
    `localhost:${port} inside namespace "${uid}", ${dialed}:${port}: connect: connection refused`;
  return { ok: false, code: 500, message };
};
