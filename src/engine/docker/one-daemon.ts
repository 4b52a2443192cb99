import { Builders } from '../build/builder.ts';
import { containerdService } from '../containerd/api.ts';
import { Containerd } from '../containerd/containerd.ts';
import { MachineFiles } from '../machine/files.ts';
import { Addresses } from '../net/address.ts';
import { Http, type Caller, type HttpOutcome } from '../net/http.ts';
import { Links } from '../net/link.ts';
import { addDockerHub } from '../oci/hub/catalogue.ts';
import { Registries } from '../oci/registry.ts';
import { Kernel } from '../sim/kernel.ts';
import { ask, type Ending } from '../sim/process.ts';
import { Processes } from '../sim/processes.ts';
import { dockerService } from './api.ts';
import type { CreateBody, EngineRequest, EngineResponse } from './api.ts';
import { Docker } from './daemon.ts';

/** For tests: two machines with a daemon each, spoken to by its API, and images to run. */
export const DEV = 'dev';
export const OTHER = 'other';
export const NGINX = 'nginx:1.29-alpine';
export const ALPINE = 'alpine:3.22';

interface Question {
  readonly service: string;
  readonly body: unknown;
}

const LIMIT_MS = 600_000;

/** The rooms under a daemon, and it. */
function roomsOf(seed: number) {
  const kernel = new Kernel({ seed });
  const processes = new Processes(kernel);
  const links = new Links(kernel, processes);
  const addresses = new Addresses(kernel);
  const http = new Http(kernel, processes, links, addresses);
  const files = new MachineFiles(kernel, processes);
  const containerd = new Containerd(kernel, processes, http, files);
  const builders = new Builders(kernel, processes, containerd);
  const docker = new Docker(kernel, processes, {
    ...{ containerd, builders, http, addresses, files },
  });
  addDockerHub(new Registries(kernel, processes));
  [DEV, OTHER].forEach((machine, i) => {
    const ip = `10.0.0.${i + 2}`;
    addresses.assign(ip, { machine, owner: machine });
    addresses.setName(machine, ip);
    for (const room of [files, containerd, builders, docker]) room.addMachine(machine);
  });
  return { kernel, processes, links, addresses, http, files, containerd, docker };
}

export function oneDaemon(seed = 5) {
  const rooms = roomsOf(seed);
  const { kernel, processes, http } = rooms;
  const endings: Ending[] = [];
  const outcomes: HttpOutcome[] = [];
  kernel.event<{ ending: Ending }>('test/ended', ({ ending }) => endings.push(ending));
  kernel.event<{ outcome: HttpOutcome }>('test/http', ({ outcome }) => outcomes.push(outcome));
  processes.program<Question, unknown>('test/ask', function* ({ service, body }) {
    return yield* ask(service, body);
  });
  // The answer is named where the question is asked.
  // eslint-disable-next-line @typescript-eslint/no-unnecessary-type-parameters
  function question<T>(service: string, body: unknown): T {
    const before = endings.length;
    processes.spawn('test/ask', { service, body }, { then: { event: 'test/ended', payload: {} } });
    kernel.advanceUntil(() => endings.length > before, LIMIT_MS);
    return endings.at(-1)?.result as T;
  }

  function api<T = never>(
    method: EngineRequest['method'],
    path: string,
    more: Partial<EngineRequest> & { machine?: string } = {},
  ): EngineResponse<T> {
    const { machine = DEV, ...rest } = more;
    return question(dockerService(machine), { method, path, ...rest });
  }

  /** What the daemon said no with; '' when it did not. */
  const refusal = (response: EngineResponse): string =>
    response.status >= 400 ? (response.body as { message: string }).message : '';

  const pull = (image: string, machine = DEV): void => {
    const reference = `docker.io/library/${image}`;
    const answer = question<{ ok: boolean }>(containerdService(machine), { op: 'pull', reference });
    if (!answer.ok) throw new Error(`cannot pull ${image}`);
  };
  const create = (name: string, body: CreateBody, machine = DEV): EngineResponse<{ Id: string }> =>
    api('POST', '/containers/create', { machine, query: { name }, body });
  const start = (name: string, machine = DEV): EngineResponse =>
    api('POST', `/containers/${name}/start`, { machine });
  /** Creates and starts a container; its id. */
  const run = (name: string, body: CreateBody, machine = DEV): string => {
    const created = create(name, body, machine);
    const started = created.status < 400 ? start(name, machine) : created;
    if (started.status >= 400) throw new Error(refusal(started));
    kernel.advance(kernel.now + 1000);
    return created.body.Id;
  };

  const get = (from: Caller, ip: string, port: number): HttpOutcome => {
    const before = outcomes.length;
    const then = { event: 'test/http', payload: {} };
    http.request(from, { ip, port }, { method: 'GET', path: '/' }, then);
    kernel.advanceUntil(() => outcomes.length > before, LIMIT_MS);
    return outcomes.at(-1)!;
  };
  /** The status, or how it failed. */
  const reach = (from: string, ip: string, port = 80): number | string => {
    const outcome = get({ machine: from, name: from }, ip, port);
    return outcome.ok ? outcome.response.status : outcome.error;
  };

  return { ...rooms, question, api, refusal, pull, create, start, run, get, reach };
}

/** A body of a container that serves web pages. */
export const web = (HostConfig: CreateBody['HostConfig'] = {}): CreateBody => ({
  Image: NGINX,
  HostConfig,
});

/** One that only waits. */
export const idle = (HostConfig: CreateBody['HostConfig'] = {}): CreateBody => ({
  Image: ALPINE,
  Cmd: ['sleep', '100000'],
  HostConfig,
});
