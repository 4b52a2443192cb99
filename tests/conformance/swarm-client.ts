import { dockerService, type EngineRequest } from '../../src/engine/docker/api.ts';
import { dockerCli, request } from '../../src/engine/docker/cli/docker.ts';
import { MachineFiles } from '../../src/engine/machine/files.ts';
import { Kernel } from '../../src/engine/sim/kernel.ts';
import { Processes } from '../../src/engine/sim/processes.ts';
import { SWARM_COMMANDS } from '../../src/engine/swarm/cli/commands.ts';
import { compare, operation, type Operation, type Verdict } from './adapter.ts';

/**
 * Rows about docker's client and a daemon of whom only the answers are known: what is printed, and
 * what a service is asked to be.
 */
type Body = Readonly<Record<string, unknown>>;
type Answers = Readonly<Record<string, unknown>>;

interface ClientRow {
  /** The words behind `docker`. */
  readonly args: readonly string[];
  /** Bodies by `GET /path`; whatever else is asked for is not found. */
  readonly answers?: Answers;
  /** Since the epoch of every world. */
  readonly nowSeconds?: number;
}

interface Told {
  readonly stdout: string;
  readonly stderr: string;
  readonly code: number;
  /** Bodies of what was asked besides reading, the last by its path. */
  readonly sent: Readonly<Record<string, Body>>;
}

const MACHINE = 'dev';
const LIMIT_MS = 60_000;
const VERSION = { Index: 1 };

/** Runs the client's real program before such a daemon. */
function runClient({ args, answers = {}, nowSeconds = 0 }: ClientRow): Told {
  const kernel = new Kernel({ seed: 1 });
  const processes = new Processes(kernel);
  new MachineFiles(kernel, processes).addMachine(MACHINE);
  const sent: Record<string, Body> = {};
  const answer = ({ method, path, body }: EngineRequest) => {
    if (method !== 'GET') sent[path] = (body ?? {}) as Body;
    const known = answers[`${method} ${path}`];
    if (known !== undefined) return { status: 200, body: known };
    const message = `${path.replace(/^\//, '').replace('s/', ' ')} not found`;
    return method === 'GET' ? { status: 404, body: { message } } : { status: 200, body: {} };
  };
  processes.service<{ request: EngineRequest } & EngineRequest>(dockerService(MACHINE), answer);
  processes.program('docker/cli', dockerCli(SWARM_COMMANDS));
  processes.program('docker/request', request);
  const endings: { result?: unknown }[] = [];
  kernel.event<{ ending: { result?: unknown } }>('test/ended', ({ ending }) =>
    endings.push(ending),
  );
  kernel.advance(kernel.now + nowSeconds * 1000);
  const stdin = processes.streams.open();
  processes.streams.close(stdin);
  const io = { stdin, stdout: processes.streams.open(), stderr: processes.streams.open() };
  const line = { machine: MACHINE, argv: ['docker', ...args], env: {}, cwd: '/root' };
  processes.spawn('docker/cli', line, { io, then: { event: 'test/ended', payload: {} } });
  kernel.advanceUntil(() => endings.length > 0, kernel.now + LIMIT_MS);
  return {
    stdout: processes.streams.take(io.stdout).join(''),
    stderr: processes.streams.take(io.stderr).join(''),
    code: Number(endings[0]?.result ?? -1),
    sent,
  };
}

/** `A.B.0.C` of what was sent; what is not there is null. */
function memberAt(body: unknown, path: string): unknown {
  let value = body;
  for (const name of path.split('.')) {
    value = (value as Readonly<Record<string, unknown>> | undefined | null)?.[name];
  }
  const isEmpty = Array.isArray(value) && value.length === 0;
  return value === undefined || isEmpty ? null : value;
}

type Expected = Readonly<Record<string, unknown>>;

function judgeSpec(told: Told, path: string, { error, ...expected }: Expected): Verdict {
  if (typeof error === 'string') {
    return { holds: told.stderr === `${error}\n` && told.code !== 0, got: told.stderr };
  }
  const spec = told.sent[path];
  const got = Object.fromEntries(
    Object.keys(expected).map((key) => [key, memberAt(spec, key)] as const),
  );
  return spec ? compare(got, expected) : { holds: false, got: told.stderr };
}

interface SpecRow {
  readonly spec?: Readonly<Record<string, unknown>>;
  readonly flags: readonly string[];
  readonly answers?: Answers;
}

const IMAGE = 'nginx';

/** A service as it is, with what the row does not say filled in by what is empty. */
function serviceOf(spec: Readonly<Record<string, unknown>> = {}): Body {
  const { TaskTemplate, ...rest } = spec;
  const task = (TaskTemplate ?? {}) as { ContainerSpec?: object };
  const ContainerSpec = { Image: IMAGE, ...task.ContainerSpec };
  return {
    ...{ ID: 'service-id', Version: VERSION },
    Spec: {
      ...{ Name: 'web', Labels: {}, Mode: { Replicated: { Replicas: 1 } } },
      ...rest,
      TaskTemplate: { ForceUpdate: 0, ...task, ContainerSpec },
    },
  };
}

export const CLIENT_OPERATIONS: readonly Operation[] = [
  operation<ClientRow, Expected>('docker client', ({ input, expect }) => {
    const told: Readonly<Record<string, unknown>> = { ...runClient(input) };
    const got = Object.fromEntries(Object.keys(expect).map((key) => [key, told[key]]));
    return compare(got, expect);
  }),
  operation<SpecRow, Expected>('docker service update', ({ input, expect }) => {
    const args = ['service', 'update', '--detach', '--no-resolve-image', ...input.flags, 'web'];
    const answers = { 'GET /services/web': serviceOf(input.spec), ...input.answers };
    return judgeSpec(runClient({ args, answers }), '/services/service-id/update', expect);
  }),
  operation<SpecRow, Expected>('docker service create', ({ input, expect }) => {
    const args = ['service', 'create', '--detach', '--no-resolve-image', ...input.flags, IMAGE];
    const answers = { 'POST /services/create': { ID: 'service-id' }, ...input.answers };
    return judgeSpec(runClient({ args, answers }), '/services/create', expect);
  }),
];
