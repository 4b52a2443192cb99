import { EPOCH_UNIX_MS } from '../../sim/clock.ts';
import { join, now, open, read, start } from '../../sim/process.ts';
import { parseReference } from '../../oci/reference.ts';
import {
  dockerService,
  type ContainerSummary,
  type CreateBody,
  type EngineRequest,
  type EngineResponse,
  type LogChunk,
} from '../api.ts';
import { displayPorts, parsePublish, portMap, type PublishedPort } from '../publish.ts';
import { ellipsis, humanDuration, table } from '../units.ts';
import { daemonError, joined, messageOf, type Invocation, type Step } from './invocation.ts';

/** Container commands of docker/cli v29.7 (`cli/command/container/`). */
const SEE_HELP = "\nRun 'docker run --help' for more information\n";

export function* run(call: Invocation): Step<number> {
  const { flags, args, out, err, ask, streamed } = call;
  const [image = '', ...cmd] = args;
  const bindings: PublishedPort[] = [];
  for (const text of flags.all('publish')) {
    const published = parsePublish(text);
    if (!published.ok) {
      yield* err(`docker: ${published.message}\n${SEE_HELP}`);
      return 125;
    }
    bindings.push(...published.bindings);
  }
  const parsed = parseReference(image);
  if (!parsed.ok && !/^[0-9a-f]{64}$/.test(image)) {
    yield* err(`docker: ${parsed.message}\n${SEE_HELP}`);
    return 125;
  }
  const entrypoint = flags.last('entrypoint');
  const body: CreateBody = {
    Image: image,
    ...(cmd.length > 0 ? { Cmd: cmd } : {}),
    ...(entrypoint === undefined ? {} : { Entrypoint: [entrypoint] }),
    Env: flags.all('env'),
    HostConfig: { PortBindings: portMap(bindings), AutoRemove: flags.has('rm') },
  };
  const name = flags.last('name');
  const query: Record<string, string> = name === undefined ? {} : { name };
  const create: EngineRequest = { method: 'POST', path: '/containers/create', body, query };
  let created = yield* ask<{ Id: string }>(create);
  if (created.status === 404) {
    const tagged = messageOf(created).replace('No such image: ', '');
    yield* err(`Unable to find image '${tagged}' locally\n`);
    const pull = { method: 'POST', path: '/images/create', query: { fromImage: image } } as const;
    const pulled = yield* streamed(pull, 'stderr');
    if (pulled.status !== 200) {
      yield* err(`docker: ${daemonError(pulled)}${SEE_HELP}`);
      return 125;
    }
    created = yield* ask<{ Id: string }>(create);
  }
  if (created.status !== 201) {
    yield* err(`docker: ${daemonError(created)}${SEE_HELP}`);
    return 125;
  }
  const { Id } = created.body;
  if (flags.has('detach')) yield* out(`${Id}\n`);
  const started = yield* ask({ method: 'POST', path: `/containers/${Id}/start` });
  if (started.status !== 204) {
    yield* err(`docker: ${daemonError(started)}${SEE_HELP}`);
    return startExitCode(messageOf(started));
  }
  if (flags.has('detach')) return 0;
  return yield* attend(call, Id);
}

/** What a container that could not be started counts as (`run.go`, `toStatusError`). */
function startExitCode(message: string): number {
  if (/executable file not found|no such file or directory/.test(message)) return 127;
  return /permission denied|is a directory/.test(message) ? 126 : 125;
}

/**
 * In the foreground: until it ends, then what it said.
 *
 * Simplified: its output comes when it has ended, not as it is written.
 */
function* attend(call: Invocation, id: string): Step<number> {
  const wait = { method: 'POST', path: `/containers/${id}/wait` } as const;
  const ended = yield* call.ask<{ StatusCode: number }>(wait);
  yield* printLogs(call, id);
  return ended.body.StatusCode;
}

/** What the container wrote, each part to the stream it was written to. */
function* printLogs({ line, out, err }: Invocation, name: string): Step<EngineResponse> {
  const stream = yield* open();
  const query = { stdout: '1', stderr: '1' };
  const request = { method: 'GET', path: `/containers/${name}/logs`, query, stream } as const;
  const args = { service: dockerService(line.machine), request, stream };
  const pid = yield* start('docker/request', args);
  for (;;) {
    const chunks = yield* read<LogChunk>(stream);
    if (!chunks) break;
    for (const chunk of chunks) yield* (chunk.stream === 'stdout' ? out : err)(chunk.text);
  }
  return (yield* join(pid)).result as EngineResponse;
}

const COMMAND_WIDTH = 20;

export function* list({ flags, out, ask }: Invocation): Step<number> {
  const query: Record<string, string> = flags.has('all') ? { all: '1' } : {};
  const answer = yield* ask<ContainerSummary[]>({ method: 'GET', path: '/containers/json', query });
  if (flags.has('quiet')) {
    yield* out(answer.body.map(({ Id }) => `${Id.slice(0, 12)}\n`).join(''));
    return 0;
  }
  const nowMs = (yield* now()) + EPOCH_UNIX_MS;
  const rows = answer.body.map((row) => {
    return [
      row.Id.slice(0, 12),
      row.Image,
      JSON.stringify(ellipsis(row.Command, COMMAND_WIDTH)),
      `${humanDuration(nowMs - row.Created * 1000)} ago`,
      row.Status,
      displayPorts(row.Ports),
      row.Names.map((one) => one.slice(1)).join(','),
    ];
  });
  const heading = ['CONTAINER ID', 'IMAGE', 'COMMAND', 'CREATED', 'STATUS', 'PORTS', 'NAMES'];
  yield* out(table([heading, ...rows]));
  return 0;
}

/** One request for each container named: the names that worked, then what went wrong. */
function* each(
  { args, out, err, ask }: Invocation,
  requestOf: (name: string) => EngineRequest,
  passes: (status: number) => boolean = () => false,
): Step<number> {
  const problems: string[] = [];
  for (const name of args) {
    const answer = yield* ask(requestOf(name));
    if (answer.status < 400) yield* out(`${name}\n`);
    else if (!passes(answer.status)) problems.push(daemonError(answer));
  }
  return yield* joined(err, problems);
}

/** `start.go`, `startContainersWithoutAttachments`. */
export function* startContainers({ args, out, err, ask }: Invocation): Step<number> {
  const failed: string[] = [];
  for (const name of args) {
    const answer = yield* ask({ method: 'POST', path: `/containers/${name}/start` });
    if (answer.status < 400) yield* out(`${name}\n`);
    else {
      yield* err(daemonError(answer));
      failed.push(name);
    }
  }
  if (failed.length === 0) return 0;
  yield* err(`failed to start containers: ${failed.join(', ')}\n`);
  return 1;
}

export function* stop(call: Invocation): Step<number> {
  const t = call.flags.last('timeout');
  const query: Record<string, string> = t === undefined ? {} : { t };
  return yield* each(call, (name) => ({ method: 'POST', path: `/containers/${name}/stop`, query }));
}

export function* kill(call: Invocation): Step<number> {
  const signal = call.flags.last('signal');
  const query: Record<string, string> = signal === undefined ? {} : { signal };
  return yield* each(call, (name) => ({ method: 'POST', path: `/containers/${name}/kill`, query }));
}

export function* removeContainers(call: Invocation): Step<number> {
  const force = call.flags.has('force');
  const query: Record<string, string> = force ? { force: '1' } : {};
  return yield* each(
    call,
    (name) => ({ method: 'DELETE', path: `/containers/${name}`, query }),
    // By force, one that is not there is as good as removed.
    (status) => force && status === 404,
  );
}

export function* logs(call: Invocation): Step<number> {
  const answer = yield* printLogs(call, call.args[0] ?? '');
  if (answer.status === 200) return 0;
  yield* call.err(daemonError(answer));
  return 1;
}
