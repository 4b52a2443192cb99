import { Interrupt } from '../../sim/process.ts';
import { filterQuery, type Invocation, type Step } from '../../docker/cli/invocation.ts';
import type { TaskWire } from '../api.ts';
import { compareStates } from '../task-state.ts';
import type { NodeWire } from '../wire/node.ts';
import type { ServiceWire } from '../wire/service.ts';
import { problemOf } from './lines.ts';

/**
 * Waits until a service is what it should be, and says how far it is (docker/cli v29.7
 * `cli/command/service/progress`).
 *
 * Simplified: it prints lines, as where there is no terminal that would redraw them, and no line
 * twice in a row.
 */
const PAUSE_MS = 200;
const NS_PER_MS = 1_000_000;
const DEFAULT_MONITOR_MS = 5_000;
const MAX_LINES = 20;
const ERROR_WIDTH = 75;

const BACKGROUND = 'Operation continuing in background.';

/** What happened, in words, when it did not get there; `--quiet` says nothing meanwhile. */
export function* waitOnService(
  call: Invocation,
  name: string,
  isQuiet = call.flags.has('quiet'),
): Step<string | undefined> {
  const progress = new Progress(call, name, isQuiet);
  try {
    return yield* progress.run();
  } catch (problem) {
    if (!(problem instanceof Interrupt)) throw problem;
    yield* progress.interrupted();
    return undefined;
  }
}

class Progress {
  readonly #call: Invocation;
  readonly #name: string;
  readonly #isQuiet: boolean;
  readonly #last = new Map<string, string>();
  #isDone = false;
  #isConverged = false;
  #convergedMs: number | undefined;
  #hasBegun = false;

  constructor(call: Invocation, name: string, isQuiet: boolean) {
    this.#call = call;
    this.#name = name;
    this.#isQuiet = isQuiet;
  }

  *#say(id: string, text: string): Step<void> {
    if (this.#isQuiet || this.#last.get(id) === text) return;
    this.#last.set(id, text);
    yield* this.#call.out(id === '' ? `${text}\n` : `${id}: ${text}\n`);
  }

  *interrupted(): Step<void> {
    if (this.#isConverged) return;
    yield* this.#say('', BACKGROUND);
    const how = `Use \`docker service ps ${this.#name}\` to check progress.`;
    this.#last.delete('');
    yield* this.#say('', how);
  }

  *run(): Step<string | undefined> {
    let [isRollback, ending] = [false, ''];
    for (;;) {
      const answer = yield* this.#call.get<ServiceWire>(`/services/${this.#name}`);
      const problem = problemOf(answer);
      if (problem !== undefined) return problem;
      const service = answer.body;
      const { State = '', Message = '' } = service.UpdateStatus ?? {};
      if (State === 'updating') isRollback = false;
      if (State === 'completed' && !this.#isConverged) return undefined;
      if (State === 'paused') return `service update paused: ${Message}`;
      if (State === 'rollback_paused') return `service rollback paused: ${Message}`;
      if (State === 'rollback_started') {
        if (!isRollback && Message !== '') yield* this.#say('rollback', Message);
        isRollback = true;
      }
      if (State === 'rollback_completed') {
        if (!this.#isConverged) ending = Message;
        isRollback = true;
      }
      const monitorNs = service.Spec.UpdateConfig?.Monitor ?? 0;
      const monitorMs = monitorNs === 0 ? DEFAULT_MONITOR_MS : monitorNs / NS_PER_MS;
      const now = yield* this.#call.now();
      if (this.#isConverged && now - (this.#convergedMs ?? now) >= monitorMs) {
        yield* this.#say('verify', `Service ${this.#name} converged`);
        if (ending !== '') yield* this.#say('rollback', ending);
        return undefined;
      }
      const failure = yield* this.#look(service, isRollback);
      if (failure !== undefined) return failure;
      if (this.#isConverged && service.JobStatus) {
        yield* this.#say('', 'job complete');
        return undefined;
      }
      yield* this.#verify(monitorMs);
      yield* this.#call.pause(PAUSE_MS);
    }
  }

  *#verify(monitorMs: number): Step<void> {
    const now = yield* this.#call.now();
    if (!this.#isConverged) {
      if (this.#convergedMs !== undefined) yield* this.#say('verify', 'Detected task failure');
      this.#convergedMs = undefined;
      return;
    }
    this.#convergedMs ??= now;
    const waitMs = monitorMs - (now - this.#convergedMs);
    if (waitMs < 0) return;
    const seconds = Math.max(Math.ceil(waitMs / 1000), 1);
    yield* this.#say('verify', `Waiting ${seconds} seconds to verify that tasks are stable...`);
  }

  /** Looks at the tasks of the service's version; gives what went wrong. */
  *#look(service: ServiceWire, isRollback: boolean): Step<string | undefined> {
    const filters = filterQuery([`service=${service.ID}`, '_up-to-date=true']);
    const tasks = yield* this.#call.get<TaskWire[]>('/tasks', filters);
    const nodes = yield* this.#call.get<NodeWire[]>('/nodes');
    const problem = problemOf(tasks) ?? problemOf(nodes);
    if (problem !== undefined) return problem;
    const up = nodes.body.filter(({ Status }) => Status.State !== 'down').map(({ ID }) => ID);
    const { Replicated, ReplicatedJob } = service.Spec.Mode;
    const seen = tasks.body;
    if (service.JobStatus) {
      const iteration = service.JobStatus.JobIteration.Index;
      const own = seen.filter((task) => iterationOf(task) === iteration);
      this.#isConverged = yield* this.#job(own, ReplicatedJob);
    } else if (Replicated) {
      this.#isConverged = yield* this.#replicas(seen, up, Replicated.Replicas ?? 0, isRollback);
    } else {
      this.#isConverged = yield* this.#nodes(seen, up, isRollback);
    }
    return undefined;
  }

  *#overall(count: number, total: number, isRollback: boolean): Step<void> {
    const back = isRollback ? 'rolling back update: ' : '';
    yield* this.#say('overall progress', `${back}${count} out of ${total} tasks`);
  }

  *#replicas(
    tasks: readonly TaskWire[],
    up: readonly string[],
    total: number,
    isRollback: boolean,
  ): Step<boolean> {
    if (!this.#hasBegun) {
      this.#hasBegun = true;
      yield* this.#overall(0, total, isRollback);
      for (let n = 1; n <= total && total <= MAX_LINES; n++) yield* this.#say(`${n}/${total}`, ' ');
    }
    const active = tasks.filter(({ NodeID }) => NodeID === undefined || up.includes(NodeID));
    const bySlot = lowest(active, ({ Slot = 0 }) => String(Slot));
    if (this.#isDone && bySlot.some((task) => !isRunning(task))) this.#isDone = false;
    const sorted = bySlot.sort((a, b) => (a.Slot ?? 0) - (b.Slot ?? 0));
    for (const [i, task] of sorted.entries()) {
      if (total <= MAX_LINES && i < total) yield* this.#error(`${i + 1}/${total}`, task);
    }
    return yield* this.#finish(bySlot.filter(isUp).length, total, isRollback);
  }

  *#nodes(tasks: readonly TaskWire[], up: readonly string[], isRollback: boolean): Step<boolean> {
    const byNode = lowest(tasks, ({ NodeID = '' }) => NodeID);
    const total = byNode.length;
    if (!this.#hasBegun) {
      if (total === 0) {
        yield* this.#say('overall progress', 'waiting for new tasks');
        return false;
      }
      this.#hasBegun = true;
      yield* this.#overall(0, total, isRollback);
    }
    if (this.#isDone && byNode.some((task) => !isRunning(task))) this.#isDone = false;
    const active = byNode.filter(({ NodeID = '' }) => up.includes(NodeID));
    for (const task of active) {
      if (total <= MAX_LINES) yield* this.#error((task.NodeID ?? '').slice(0, 12), task);
    }
    return yield* this.#finish(active.filter(isUp).length, total, isRollback);
  }

  *#finish(running: number, total: number, isRollback: boolean): Step<boolean> {
    if (!this.#isDone) {
      yield* this.#overall(running, total, isRollback);
      if (running === total) this.#isDone = true;
    }
    return running === total;
  }

  *#error(id: string, { Status }: TaskWire): Step<void> {
    if (this.#isDone || !Status.Err) return;
    const line = Status.Err.replaceAll('\n', ' ');
    yield* this.#say(id, line.length > ERROR_WIDTH ? `${line.slice(0, ERROR_WIDTH - 1)}…` : line);
  }

  *#job(
    tasks: readonly TaskWire[],
    mode: { readonly MaxConcurrent?: number; readonly TotalCompletions?: number } | undefined,
  ): Step<boolean> {
    if (tasks.length === 0 && !mode) {
      yield* this.#say('job progress', 'waiting for tasks');
      return false;
    }
    const keyOf = ({ Slot = 0, NodeID = '' }: TaskWire): string => (mode ? String(Slot) : NodeID);
    const byKey = new Map<string, TaskWire>();
    for (const task of tasks) {
      const other = byKey.get(keyOf(task));
      const isLower =
        other === undefined || compareStates(other.Status.State, task.Status.State) > 0;
      if (isLower) byKey.set(keyOf(task), task);
    }
    const states = [...byKey.values()].map(({ Status }) => Status.State);
    const complete = states.filter((state) => state === 'complete').length;
    const total = mode?.TotalCompletions ?? byKey.size;
    if (!mode) return complete === total;
    if (!this.#hasBegun) {
      this.#hasBegun = true;
      for (let n = 1; n <= total && total <= MAX_LINES; n++) yield* this.#say(`${n}/${total}`, ' ');
    }
    for (const [key, task] of byKey) {
      if (total <= MAX_LINES) yield* this.#error(`${Number(key) + 1}/${total}`, task);
    }
    const width = String(mode.MaxConcurrent ?? 1).length;
    const active = states.filter((state) => compareStates(state, 'complete') < 0).length;
    const desired = Math.min(total - complete, mode.MaxConcurrent ?? 1);
    const [now, then] = [active, desired].map((count) => String(count).padStart(width));
    yield* this.#say('active tasks', `${now ?? ''} out of ${then ?? ''} tasks`);
    return complete === total;
  }
}

const iterationOf = (task: TaskWire): number | undefined =>
  (task as { JobIteration?: { Index: number } }).JobIteration?.Index;

const isRunning = ({ Status }: TaskWire): boolean => Status.State === 'running';

const isUp = (task: TaskWire): boolean =>
  isRunning(task) && compareStates(task.DesiredState, 'running') <= 0;

/** Of several for one place, that of the lowest desired state, and of those the one least far. */
function lowest(tasks: readonly TaskWire[], keyOf: (task: TaskWire) => string): TaskWire[] {
  const found = new Map<string, TaskWire>();
  for (const task of tasks) {
    if (isBeyond(task.DesiredState) || isBeyond(task.Status.State)) continue;
    const other = found.get(keyOf(task));
    if (other) {
      const order = compareStates(other.DesiredState, task.DesiredState);
      const observed = compareStates(other.Status.State, task.Status.State);
      if (order < 0 || (order === 0 && observed <= 0)) continue;
    }
    found.set(keyOf(task), task);
  }
  return [...found.values()];
}

/** States that the client does not know. */
const isBeyond = (state: TaskWire['DesiredState']): boolean => compareStates(state, 'remove') >= 0;
