import {
  dockerService,
  type EngineRequest,
  type EngineResponse,
} from '../../src/engine/docker/api.ts';
import { Session } from '../../src/engine/session.ts';
import { ask, type Program } from '../../src/engine/sim/process.ts';
import type { TaskObject } from '../../src/engine/swarm/objects.ts';
import { cpuTimed, type Benchmark, type Measured } from './benchmark.ts';

/**
 * Services of a swarm from their creation until all their tasks run, updated, and after a node was
 * lost; what it costs a task, compared with that of a small swarm. Nodes, services, tasks of each:
 */
const SIZES = [
  [5, 2, 25],
  [20, 10, 40],
  [100, 10, 200],
  [100, 100, 20],
] as const;

const IMAGE = 'nginx:1.29-alpine';
const STEP_MS = 500;
const LIMIT_MS = 600_000;

class Swarm {
  readonly #session: Session;
  readonly #answers = new Map<number, EngineResponse>();

  constructor(nodes: number) {
    this.#session = new Session({ preset: `swarm-${nodes}`, seed: 1 });
    const { rooms } = this.#session.world.swarm;
    const answers = this.#answers;
    const program: Program<EngineRequest> = function* (request, { pid }) {
      answers.set(pid, yield* ask<EngineResponse>(dockerService('node-1'), request));
    };
    rooms.processes.program('bench/api', program);
    this.type('docker swarm init');
    const token = this.type('docker swarm join-token -q worker').trim();
    const machines = Array.from({ length: nodes - 1 }, (_, at) => `node-${at + 2}`);
    this.type(`docker pull -q ${IMAGE}`);
    for (const machine of machines) {
      this.type(`ssh ${machine} docker swarm join --token ${token} 192.168.10.11:2377`);
      this.type(`ssh ${machine} docker pull -q ${IMAGE}`);
    }
  }

  type(line: string): string {
    const { exitCode, printed } = this.#session.type(line);
    if (exitCode !== 0) throw new Error(`${line}: ${printed}`);
    return printed;
  }

  ask(request: EngineRequest): unknown {
    const { kernel, swarm } = this.#session.world;
    const pid = swarm.rooms.processes.spawn('bench/api', request);
    kernel.advanceUntil(() => this.#answers.has(pid), kernel.now + LIMIT_MS);
    const { status, body: answer } = this.#answers.get(pid)!;
    if (status >= 300) throw new Error(`${request.path}: ${JSON.stringify(answer)}`);
    return answer;
  }

  /** Until so many tasks of an image run. */
  settle(count: number, tag: string): void {
    const { kernel, swarm } = this.#session.world;
    const { store, locals } = swarm.rooms;
    const id = locals.get('node-1')?.swarm ?? '';
    const isRunning = ({ status, desired, spec }: TaskObject): boolean =>
      status.state === 'running' && desired === 'running' && spec.ContainerSpec.Env?.[0] === tag;
    for (let waited = 0; waited < LIMIT_MS; waited += STEP_MS) {
      kernel.advance(kernel.now + STEP_MS);
      if (store.list(id, 'task').filter(isRunning).length === count) return;
    }
    throw new Error(`no ${count} tasks of ${tag}`);
  }
}

const specOf = (name: string, replicas: number, tag: string) => ({
  Name: name,
  TaskTemplate: { ContainerSpec: { Image: IMAGE, Env: [tag], StopGracePeriod: 1e9 } },
  Mode: { Replicated: { Replicas: replicas } },
  UpdateConfig: { Parallelism: 0, MaxFailureRatio: 0 },
});

interface Costs {
  readonly create: number;
  readonly update: number;
  /** Each task that was on the node. */
  readonly node_loss: number;
  /** Each node, for a second in which nothing happens. */
  readonly idle_second: number;
}

interface Known {
  readonly ID: string;
  readonly Version: { readonly Index: number };
}

/** Microseconds of processor time, a task where nothing else is said. */
function costsOf(nodes: number, services: number, replicas: number): Costs {
  const swarm = new Swarm(nodes);
  const names = Array.from({ length: services }, (_, at) => `web-${at + 1}`);
  const count = services * replicas;
  const cost = (work: () => void): number => (cpuTimed(work) * 1000) / count;
  const create = cost(() => {
    for (const name of names) {
      const body = specOf(name, replicas, 'A=1');
      swarm.ask({ method: 'POST', path: '/services/create', body });
    }
    swarm.settle(count, 'A=1');
  });
  const update = cost(() => {
    for (const name of names) {
      const { ID, Version } = swarm.ask({ method: 'GET', path: `/services/${name}` }) as Known;
      const query = { version: String(Version.Index) };
      const body = specOf(name, replicas, 'A=2');
      swarm.ask({ method: 'POST', path: `/services/${ID}/update`, query, body });
    }
    swarm.settle(count, 'A=2');
  });
  const idle = cpuTimed(() => swarm.type('sleep 20'));
  const lost = cpuTimed(() => {
    swarm.type(`drydock fault machine node-${nodes} down`);
    swarm.type('sleep 20');
    swarm.settle(count, 'A=2');
  });
  return {
    ...{ create, update, node_loss: ((lost - idle) * 1000) / (count / nodes) },
    idle_second: (idle * 1000) / 20 / nodes,
  };
}

const swarms: Benchmark = (): Measured[] => {
  // The compiler's round.
  costsOf(...SIZES[0]);
  const first = costsOf(...SIZES[0]);
  return SIZES.flatMap(([nodes, services, replicas], at): Measured[] => {
    const costs = at === 0 ? first : costsOf(nodes, services, replicas);
    return (Object.keys(costs) as (keyof Costs)[]).map((step) => ({
      name: `swarm.us.${step}.${nodes}x${services}x${replicas}`,
      value: costs[step],
      unit: 'us',
      ...(at > 0 && { reference: first[step] }),
    }));
  });
};

export const swarm: readonly Benchmark[] = [swarms];
