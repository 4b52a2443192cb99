import { Builders } from '../../src/engine/build/builder.ts';
import { Containerd } from '../../src/engine/containerd/containerd.ts';
import {
  dockerService,
  type ContainerInspect,
  type CreateBody,
  type EngineRequest,
  type EngineResponse,
  type EventMessage,
} from '../../src/engine/docker/api.ts';
import { Docker } from '../../src/engine/docker/daemon.ts';
import { MachineFiles } from '../../src/engine/machine/files.ts';
import { Addresses } from '../../src/engine/net/address.ts';
import { Http } from '../../src/engine/net/http.ts';
import { Links } from '../../src/engine/net/link.ts';
import { addDockerHub } from '../../src/engine/oci/hub/catalogue.ts';
import { Registries } from '../../src/engine/oci/registry.ts';
import { addShell } from '../../src/engine/shell-language/programs.ts';
import { Kernel } from '../../src/engine/sim/kernel.ts';
import { ask } from '../../src/engine/sim/process.ts';
import { Processes } from '../../src/engine/sim/processes.ts';

/** One workstation with Docker, spoken to through the Engine API alone. */
export type SmallDaemon = ReturnType<typeof smallDaemon>;

const LIMIT_MS = 900_000;
const MACHINE = 'dev';

type Query = Readonly<Record<string, string>>;

export function smallDaemon(seed = 3) {
  const kernel = new Kernel({ seed });
  const processes = new Processes(kernel);
  const links = new Links(kernel, processes);
  const addresses = new Addresses(kernel);
  const http = new Http(kernel, processes, links, addresses);
  const files = new MachineFiles(kernel, processes);
  const containerd = new Containerd(kernel, processes, http, files);
  const builders = new Builders(kernel, processes, containerd);
  const docker = new Docker(kernel, processes, { containerd, http, addresses, files });
  addShell(processes, {});
  addDockerHub(new Registries(kernel, processes));
  links.setEnd('docker.io', { latencyMs: 25, bytesPerMs: 12_500 });
  files.addMachine(MACHINE);
  containerd.addMachine(MACHINE);
  builders.addMachine(MACHINE);
  docker.addMachine(MACHINE);
  addresses.assign('10.0.0.2', { machine: MACHINE, owner: MACHINE });
  addresses.setName(MACHINE, '10.0.0.2');
  const answers: EngineResponse[] = [];
  kernel.event<{ ending: { result?: unknown } }>('test/answered', ({ ending }) =>
    answers.push(ending.result as EngineResponse),
  );
  processes.program('test/ask', function* (request: EngineRequest) {
    return yield* ask<EngineResponse>(dockerService(MACHINE), request);
  });
  /** Asks and goes on; the answer comes when time passes. */
  const begin = (request: EngineRequest) =>
    processes.spawn('test/ask', request, { then: { event: 'test/answered', payload: {} } });
  const call = <T = { message?: string }>(request: EngineRequest) => {
    const before = answers.length;
    begin(request);
    kernel.advanceUntil(() => answers.length > before, LIMIT_MS);
    return answers.at(-1) as EngineResponse<T>;
  };
  const post = <T = { message?: string }>(path: string, query: Query = {}, body?: unknown) =>
    call<T>({ method: 'POST', path, query, body });
  const get = <T>(path: string, query: Query = {}) => call<T>({ method: 'GET', path, query });
  /** Pulls an official image. */
  const stock = (repository: string, tag = 'latest') => {
    const pulled = post('/images/create', { fromImage: repository, tag });
    if (pulled.status !== 200) throw new Error(pulled.body.message);
  };
  const create = (body: CreateBody, name?: string) =>
    post<{ Id: string; message?: string }>('/containers/create', name ? { name } : {}, body);
  const run = (body: CreateBody, name?: string) => {
    const created = create(body, name);
    if (created.status !== 201) return { id: '', started: created };
    const id = created.body.Id;
    return { id, started: post(`/containers/${id}/start`) };
  };
  const inspect = (name: string) => get<ContainerInspect>(`/containers/${name}/json`).body;
  const status = (name: string) => {
    const filters = JSON.stringify({ id: [inspect(name).Id] });
    return get<{ Status: string }[]>('/containers/json', { all: '1', filters }).body[0]?.Status;
  };
  const events = (): EventMessage[] => docker.events.kept(MACHINE);
  /** Runs until a thing holds of a container, at most so long; false when it never did. */
  const until = (done: () => boolean, limitMs = LIMIT_MS) => kernel.advanceUntil(done, limitMs);
  const pass = (ms: number) => kernel.advance(kernel.now + ms);
  const text = (path: string, query: Query) => {
    const stream = processes.streams.open();
    const answer = call({ method: 'GET', path, query, stream });
    const chunks = processes.streams.take(stream) as { stream: string; text: string }[];
    return { answer, chunks, text: chunks.map((chunk) => chunk.text).join('') };
  };
  return {
    ...{ kernel, processes, containerd, docker, files, begin, call, post, get, stock, create, run },
    ...{ inspect, status, events, answers, until, pass, text, machine: MACHINE },
  };
}
