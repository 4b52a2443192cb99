import {
  dockerService,
  type EngineRequest,
  type EngineResponse,
} from '../../src/engine/docker/api.ts';
import { Session } from '../../src/engine/session.ts';
import { ask, type Program } from '../../src/engine/sim/process.ts';
import type { TaskObject } from '../../src/engine/swarm/objects.ts';
import type { TaskSpec } from '../../src/engine/swarm/api.ts';
import type { TaskStateName } from '../../src/engine/swarm/task.ts';

/** A person at node-1 of five machines with Docker, and what the managers have in their store. */
export const NGINX = 'nginx:1.29-alpine';

/** A row of `docker node ls`. */
export interface NodeLine {
  readonly status: string;
  readonly availability: string;
  readonly manager: string;
}

export function swarmSession(seed = 1) {
  const session = new Session({ preset: 'swarm', seed });
  const { rooms } = session.world.swarm;
  const answers = new Map<number, unknown>();
  const program: Program<{ at: string; request: EngineRequest }> = function* (args, { pid }) {
    answers.set(pid, yield* ask<EngineResponse>(dockerService(args.at), args.request));
  };
  rooms.processes.program('test/api', program);
  const type = (line: string): string => session.type(line).printed;
  /** What must succeed. */
  const must = (line: string): string => {
    const { printed, exitCode } = session.type(line);
    if (exitCode !== 0) throw new Error(`${line}: ${printed}`);
    return printed;
  };
  const pass = (seconds: number): void => {
    must(`sleep ${seconds}`);
  };

  /** node-1 founds a swarm; the next machines join as managers, the next as workers. */
  const found = (managers: number, workers: number): void => {
    must('docker swarm init');
    const token = (role: string): string => must(`docker swarm join-token -q ${role}`).trim();
    for (let n = 2; n <= managers + workers; n++) {
      const role = n <= managers ? 'manager' : 'worker';
      must(`ssh node-${n} docker swarm join --token ${token(role)} 192.168.10.11:2377`);
    }
  };

  /** By host name, as a manager lists them. */
  const nodes = (at = 'node-1'): Record<string, NodeLine> => {
    const format = "'{{.Hostname}}|{{.Status}}|{{.Availability}}|{{.ManagerStatus}}'";
    const lines = must(`ssh ${at} "docker node ls --format ${format}"`).trim().split('\n');
    return Object.fromEntries(
      lines.map((line) => {
        const [host = '', status = '', availability = '', manager = ''] = line.split('|');
        return [host, { status, availability, manager }];
      }),
    );
  };

  const swarm = (): string => rooms.locals.get('node-1')?.swarm ?? '';
  const nodeId = (machine: string): string => rooms.locals.get(machine)?.node ?? '';

  /** Writes a task that was assigned to a machine, as the scheduler would. */
  const assign = (
    machine: string,
    { spec = {}, desired = 'running', slot = 1 }: AssignOptions = {},
  ): string => {
    const id = rooms.store.newId();
    const task: TaskObject = {
      ...{ id, service: 'service-of-tests', slot, node: nodeId(machine), desired },
      name: `web.${slot}.${id}`,
      spec: { ForceUpdate: 0, ContainerSpec: { Image: NGINX }, ...spec },
      labels: {},
      status: { state: 'assigned', atMs: 0, message: 'scheduler assigned task to node' },
      attachments: [],
      ...{ createdAtMs: 0, updatedAtMs: 0, version: 0 },
    };
    rooms.store.write(swarm(), [{ kind: 'task', set: task }]);
    return id;
  };

  const task = (id: string): TaskObject | undefined => rooms.store.get(swarm(), 'task', id);
  const desire = (id: string, desired: TaskStateName): void => {
    const found = task(id);
    if (found) rooms.store.write(swarm(), [{ kind: 'task', set: { ...found, desired } }]);
  };
  const drop = (id: string): void => {
    rooms.store.write(swarm(), [{ kind: 'task', delete: id }]);
  };

  /** `docker ps -a` of a machine: name and status. */
  const containers = (machine: string): string[] =>
    must(`ssh ${machine} "docker ps -a --format '{{.Names}} {{.Status}}'"`)
      .split('\n')
      .filter((line) => line !== '');

  /** Asks a machine's daemon by the Engine API. */
  // The shape is named where the answer is read.

  const api = <T>(request: Omit<EngineRequest, 'stream'>, at = 'node-1'): EngineResponse<T> => {
    const { kernel } = session.world;
    const pid = rooms.processes.spawn('test/api', { at, request });
    kernel.advanceUntil(() => answers.has(pid), 60_000);
    return answers.get(pid) as EngineResponse<T>;
  };

  /** Creates a service of so many tasks, on a machine alone or anywhere; its id. */
  const serve = (name: string, { replicas = 1, machine = '', at = 'node-1' } = {}): string => {
    const Constraints = machine === '' ? [] : [`node.hostname==${machine}`];
    const TaskTemplate = { ContainerSpec: { Image: NGINX }, Placement: { Constraints } };
    const body = { Name: name, TaskTemplate, Mode: { Replicated: { Replicas: replicas } } };
    return api<{ ID: string }>({ method: 'POST', path: '/services/create', body }, at).body.ID;
  };
  /** The tasks of a service that are to run. */
  const wanted = (service: string): TaskObject[] =>
    rooms.store.tasksOf(swarm(), service).filter(({ desired }) => desired === 'running');

  return {
    ...{ session, rooms, api, serve, wanted, type, must, pass, found, nodes, swarm, nodeId },
    ...{ assign, task, desire, drop, containers },
  };
}

interface AssignOptions {
  readonly spec?: Partial<TaskSpec>;
  readonly desired?: TaskStateName;
  readonly slot?: number;
}
