import { EPOCH_UNIX_MS } from '../../sim/clock.ts';
import { now } from '../../sim/process.ts';
import type { LogLine } from '../../programs/program.ts';
import { parseReference } from '../../oci/reference.ts';
import type { ContainerSummary, CreateBody, EngineRequest } from '../api.ts';
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
function* attend({ out, err, ask }: Invocation, id: string): Step<number> {
  const wait = { method: 'POST', path: `/containers/${id}/wait` } as const;
  const ended = yield* ask<{ StatusCode: number }>(wait);
  const logs = yield* ask<LogLine[]>({ method: 'GET', path: `/containers/${id}/logs` });
  for (const { stream, text } of logs.body) yield* (stream === 'stdout' ? out : err)(`${text}\n`);
  return ended.body.StatusCode;
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

export function* logs({ args, out, err, ask }: Invocation): Step<number> {
  const path = `/containers/${args[0] ?? ''}/logs`;
  const answer = yield* ask<LogLine[]>({ method: 'GET', path });
  if (answer.status !== 200) {
    yield* err(daemonError(answer));
    return 1;
  }
  for (const { stream, text } of answer.body) yield* (stream === 'stdout' ? out : err)(`${text}\n`);
  return 0;
}
