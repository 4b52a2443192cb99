import { Kernel } from '../../src/engine/sim/kernel.ts';
import type { ServiceSpec, TaskSpec } from '../../src/engine/swarm/api.ts';
import { LeaderLoops } from '../../src/engine/swarm/leader-loops.ts';
import type {
  ClusterObject,
  NodeObject,
  ServiceObject,
  TaskObject,
} from '../../src/engine/swarm/objects.ts';
import { orchestrate } from '../../src/engine/swarm/orchestrator/orchestration.ts';
import { DEFAULT_CLUSTER_SPEC } from '../../src/engine/swarm/managers/cluster-defaults.ts';
import { SwarmStore, type Change } from '../../src/engine/swarm/store.ts';
import { isEnded, type TaskStateName } from '../../src/engine/swarm/task.ts';

/**
 * The orchestrators and the scheduler of a leader, without machines: whoever asks says what becomes
 * of tasks. What tasks need is there at once.
 */
const SWARM = 'swarm-1';

export function orchestra() {
  const kernel = new Kernel({ seed: 1 });
  const agreement = { isLed: () => true, propose: () => true };
  const store = new SwarmStore(kernel, agreement);
  const loops = new LeaderLoops(kernel, store, agreement);
  loops.add({
    name: 'allocator',
    keysOf: (_, change) =>
      change.kind === 'task' && 'set' in change && change.set.status.state === 'new'
        ? [change.set.id]
        : [],
    all: () => [],
    work: (swarm, id) => {
      const task = store.get(swarm, 'task', id);
      if (task?.status.state !== 'new') return;
      setTask({ ...task, status: { ...task.status, state: 'pending', message: 'allocated' } });
    },
  });
  orchestrate({ kernel, store, loops });
  const write = (...changes: Change[]): void => void store.write(SWARM, changes);
  const pass = (seconds: number): void => kernel.advance(kernel.now + Math.round(seconds * 1000));
  const setTask = (task: TaskObject): void => write({ kind: 'task', set: task });
  const tasks = (service = 'service-1'): TaskObject[] =>
    store.tasksOf(SWARM, service).sort((a, b) => a.slot - b.slot || a.createdAtMs - b.createdAtMs);
  const live = (service = 'service-1'): TaskObject[] =>
    tasks(service).filter(({ desired }) => desired === 'running' || desired === 'ready');
  const report = (task: TaskObject, state: TaskStateName, err?: string): void => {
    const now = store.get(SWARM, 'task', task.id);
    if (!now) return;
    const status = { state, atMs: kernel.now, message: state, ...(err !== undefined && { err }) };
    setTask({ ...now, status });
  };
  /** What agents would do at once, and what they make of a task. */
  const settle = (
    rounds = 12,
    become: (task: TaskObject) => TaskStateName | undefined = () => 'running',
  ): void => {
    for (let i = 0; i < rounds; i++) {
      pass(0.2);
      for (const task of store.list(SWARM, 'task')) {
        if (task.node === '' || isEnded(task) || task.status.state === 'pending') continue;
        if (task.desired === 'shutdown' || task.desired === 'remove') report(task, 'shutdown');
        else if (task.status.state === 'assigned' && task.desired !== 'ready') {
          const state = become(task);
          if (state) report(task, state);
        }
      }
    }
    pass(0.2);
  };
  return {
    ...{ kernel, store, write, pass, setTask, tasks, live, report, settle, swarm: SWARM },
    node: (id: string, more: Partial<NodeObject> = {}) =>
      write({ kind: 'node', set: node(id, more) }),
    service: (more: Partial<ServiceSpec> = {}, id = 'service-1') =>
      write({ kind: 'service', set: service(id, more) }),
    respec: (change: (spec: ServiceSpec) => ServiceSpec, id = 'service-1') => {
      const { update: _, ...known } = store.get(SWARM, 'service', id)!;
      const before = { previousSpec: known.spec, previousSpecVersion: known.specVersion };
      const set = { ...known, ...before, spec: change(known.spec), specVersion: known.version };
      write({ kind: 'service', set });
    },
    task: (id: string, more: Partial<TaskObject> = {}) => setTask(task(id, more)),
    get: (id: string) => store.get(SWARM, 'task', id),
    getService: (id = 'service-1') => store.get(SWARM, 'service', id)!,
    cluster: (limit: number) =>
      write({
        kind: 'cluster',
        set: {
          ...{ id: SWARM, ...NEW },
          spec: { ...DEFAULT_CLUSTER_SPEC, Orchestration: { TaskHistoryRetentionLimit: limit } },
        } as ClusterObject,
      }),
  };
}

const NEW = { version: 0, createdAtMs: 0, updatedAtMs: 0 };

export const node = (id: string, more: Partial<NodeObject> = {}): NodeObject => ({
  ...{ id, ...NEW, machine: id, hostname: id, ip: '10.0.0.1', cpus: 4, memoryBytes: 8e9 },
  spec: { Role: 'worker', Availability: 'active' },
  ...{ engineVersion: '29.7.0', engineLabels: {}, architecture: 'x86_64', os: 'linux' },
  ...{ state: 'ready', message: '' },
  ...more,
});

export const TEMPLATE: TaskSpec = { ContainerSpec: { Image: 'v:1' }, ForceUpdate: 0 };

const service = (id: string, more: Partial<ServiceSpec>): ServiceObject => {
  const spec: ServiceSpec = {
    ...{ Name: id, Labels: {}, TaskTemplate: TEMPLATE, Mode: { Replicated: { Replicas: 1 } } },
    ...more,
  };
  const isJob = spec.Mode.ReplicatedJob ?? spec.Mode.GlobalJob;
  return {
    ...{ id, ...NEW, spec, specVersion: 0 },
    ...(isJob && { job: { iteration: 0, lastExecutionMs: 0 } }),
  };
};

export const task = (id: string, more: Partial<TaskObject> = {}): TaskObject => ({
  ...{ id, ...NEW, service: 'service-1', slot: 1, node: '', spec: TEMPLATE, specVersion: 0 },
  ...{ name: `service-1.1.${id}`, labels: {}, desired: 'running', attachments: [] },
  status: { state: 'running', atMs: 0, message: '' },
  ...more,
});

/** What is wanted of a task that ended, and what takes its place. */
export function afterEnd(condition: string, state: TaskStateName): Record<string, unknown> {
  const { node, service, settle, live, report, pass, get, tasks } = orchestra();
  node('node-1');
  const RestartPolicy = { Condition: condition as 'any', Delay: 1e9 };
  service({ TaskTemplate: { ...TEMPLATE, RestartPolicy } });
  settle();
  const [first] = live();
  report(first!, state);
  pass(0.5);
  const fresh = tasks().find(({ id }) => id !== first!.id);
  const old = { oldTaskDesired: get(first!.id)?.desired };
  if (!fresh) return { newTask: false, ...old };
  pass(2);
  const later = get(fresh.id)?.desired ?? '';
  return {
    newTask: true,
    newTaskDesired: `${fresh.desired}, then ${later} after the delay`,
    ...old,
  };
}
