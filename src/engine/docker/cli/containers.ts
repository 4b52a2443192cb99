import { EPOCH_UNIX_MS } from '../../sim/clock.ts';
import { now } from '../../sim/process.ts';
import type { LogLine } from '../../programs/program.ts';
import type { ContainerSummary, CreateBody, EngineRequest, PortSummary } from '../api.ts';
import { humanDuration, table } from '../units.ts';
import { daemonError, messageOf, type Invocation, type Step } from './invocation.ts';

/** Container commands of docker/cli v29 (`cli/command/container/`). */
const SEE_HELP = "\nRun 'docker run --help' for more information\n";

/** `8080:80`, `127.0.0.1:8080:80/tcp`; undefined when it is no such thing. */
function readPublish(text: string): { hostPort: number; port: number } | undefined {
  const match = /^(?:[\d.]+:)?(\d{1,5}):(\d{1,5})(?:\/tcp)?$/.exec(text);
  return match ? { hostPort: Number(match[1]), port: Number(match[2]) } : undefined;
}

export function* run(call: Invocation): Step<number> {
  const { flags, args, out, err, ask, streamed } = call;
  const [image = '', ...cmd] = args;
  const bindings: { hostPort: number; port: number }[] = [];
  for (const text of flags.all('publish')) {
    const binding = readPublish(text);
    if (!binding) {
      yield* err(
        `docker: invalid publish opts format (should be name=value but got '${text}')\n${SEE_HELP}`,
      );
      return 125;
    }
    bindings.push(binding);
  }
  const entrypoint = flags.last('entrypoint');
  const body: CreateBody = {
    Image: image,
    ...(cmd.length > 0 ? { Cmd: cmd } : {}),
    ...(entrypoint === undefined ? {} : { Entrypoint: [entrypoint] }),
    Env: flags.all('env'),
    PortBindings: bindings,
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
    return /executable file not found|no such file/.test(messageOf(started)) ? 127 : 125;
  }
  if (flags.has('detach')) return 0;
  return yield* attend(call, Id);
}

/** In the foreground: until it ends, then what it said. */
function* attend({ flags, out, err, ask }: Invocation, id: string): Step<number> {
  const wait = { method: 'POST', path: `/containers/${id}/wait` } as const;
  const ended = yield* ask<{ StatusCode: number }>(wait);
  const logs = yield* ask<LogLine[]>({ method: 'GET', path: `/containers/${id}/logs` });
  for (const { stream, text } of logs.body) yield* (stream === 'stdout' ? out : err)(`${text}\n`);
  if (flags.has('rm')) yield* ask({ method: 'DELETE', path: `/containers/${id}` });
  return ended.body.StatusCode;
}

function portText({ IP, PrivatePort, PublicPort, Type }: PortSummary): string {
  const inside = `${PrivatePort}/${Type}`;
  if (PublicPort === undefined) return inside;
  return `${IP ?? ''}:${PublicPort}->${inside}, [::]:${PublicPort}->${inside}`;
}

export function* list({ flags, out, ask }: Invocation): Step<number> {
  const query: Record<string, string> = flags.has('all') ? { all: '1' } : {};
  const answer = yield* ask<ContainerSummary[]>({ method: 'GET', path: '/containers/json', query });
  if (flags.has('quiet')) {
    yield* out(answer.body.map(({ Id }) => `${Id.slice(0, 12)}\n`).join(''));
    return 0;
  }
  const nowMs = (yield* now()) + EPOCH_UNIX_MS;
  const rows = answer.body.map((row) => {
    const command = row.Command.length > 20 ? `${row.Command.slice(0, 19)}…` : row.Command;
    return [
      row.Id.slice(0, 12),
      row.Image,
      `"${command}"`,
      `${humanDuration(nowMs - row.Created * 1000)} ago`,
      row.Status,
      row.Ports.map(portText).join(', '),
      row.Names.map((one) => one.slice(1)).join(','),
    ];
  });
  const heading = ['CONTAINER ID', 'IMAGE', 'COMMAND', 'CREATED', 'STATUS', 'PORTS', 'NAMES'];
  yield* out(table([heading, ...rows]));
  return 0;
}

/** One request for each container named; its name is printed when it worked. */
function* each(
  { args, out, err, ask }: Invocation,
  requestOf: (name: string) => EngineRequest,
): Step<number> {
  let exitCode = 0;
  for (const name of args) {
    const answer = yield* ask(requestOf(name));
    if (answer.status < 400) yield* out(`${name}\n`);
    else {
      yield* err(daemonError(answer));
      exitCode = 1;
    }
  }
  return exitCode;
}

export function* startContainers(call: Invocation): Step<number> {
  return yield* each(call, (name) => ({ method: 'POST', path: `/containers/${name}/start` }));
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
  const query: Record<string, string> = call.flags.has('force') ? { force: '1' } : {};
  return yield* each(call, (name) => ({ method: 'DELETE', path: `/containers/${name}`, query }));
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
