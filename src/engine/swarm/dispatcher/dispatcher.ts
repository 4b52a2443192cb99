import { HOUR, SECOND } from '../../sim/clock.ts';
import type { EventType, Kernel, Ticket } from '../../sim/kernel.ts';
import type { Table } from '../../sim/store.ts';
import type { Agent, AgentRow } from '../agent/agent.ts';
import type { NodeObject, NodeState, TaskObject } from '../objects.ts';
import type { Change } from '../store.ts';
import { compareStates, isEnded, type TaskStatus } from '../task.ts';
import { managerFor, type ContactRooms } from './contact.ts';
import { Sessions } from './sessions.ts';

/**
 * The leader's connection to the agents: who is heard, what each is to do, what became of it
 * (moby/swarmkit v2.1 `manager/dispatcher/dispatcher.go`).
 *
 * A heartbeat that is heard changes nothing, so none is sent: what counts is when contact is lost and
 * found. A node that is not heard for three periods from its last heartbeat is down.
 *
 * Simplified: the period has no spread of half a second.
 */
const GRACE_PERIODS = 3;
/** After another manager took the lead, nodes have twice as long. */
const UNKNOWN_TIMES = 2;
const ORPHANED_AFTER_MS = 24 * HOUR;
const BATCH_MS = 100;
/** An agent tries again within so long (`maxSessionFailureBackoff`, `initialSessionFailureBackoff`). */
const MAX_BACKOFF_MS = 8 * SECOND;
const FIRST_BACKOFF_MS = 100;
/** The first tries of agents whose manager went. */
const SETTLED_BACKOFF_MS = 3 * SECOND;
const NS_PER_MS = 1_000_000;
const DEFAULT_PERIOD_MS = 5 * SECOND;
const MESSAGE_BYTES = 1_024;

const FAILURE = 'heartbeat failure';
const UNKNOWN = 'Node moved to "unknown" state due to leadership change in cluster';
const UNKNOWN_FAILURE = 'heartbeat failure for node in "unknown" state';

interface NodeKey {
  readonly swarm: string;
  readonly node: string;
}

interface Report extends NodeKey {
  readonly task: string;
  readonly status: TaskStatus;
}

export interface DispatcherRooms extends ContactRooms {
  readonly kernel: Kernel;
}

export class Dispatcher {
  readonly #rooms: DispatcherRooms;
  readonly #sessions: Sessions;
  /** Statuses that came since the last batch. */
  readonly #reports: Table<string, Report>;
  /** Batches and assignments that are scheduled. */
  readonly #scheduled: Table<string, true>;
  readonly #expired: EventType<NodeKey>;
  readonly #retry: EventType<NodeKey>;
  readonly #arrived: EventType<Report>;
  readonly #batch: EventType<{ swarm: string }>;
  readonly #assign: EventType<NodeKey>;
  readonly #listeners: ((swarm: string, node: string) => void)[] = [];
  #agent: Agent | undefined;

  constructor(rooms: DispatcherRooms) {
    const { kernel, store, quorum } = rooms;
    this.#rooms = rooms;
    this.#sessions = new Sessions(kernel);
    this.#reports = kernel.store.table<Report>('swarm/dispatcher/reports');
    this.#scheduled = kernel.store.table<true>('swarm/dispatcher/scheduled');
    this.#expired = kernel.event('swarm/dispatcher/expired', (key) => this.#expire(key));
    this.#retry = kernel.event('swarm/dispatcher/retry', (key) => this.#tryAgain(key));
    this.#arrived = kernel.event('swarm/dispatcher/report', (report) => this.#collect(report));
    this.#batch = kernel.event('swarm/dispatcher/batch', ({ swarm }) => this.#flush(swarm));
    this.#assign = kernel.event('swarm/dispatcher/assign', (key) => this.#send(key));
    store.onChange((swarm, change) => this.#follow(swarm, change));
    quorum.onLead((swarm, fresh) => this.#lead(swarm, fresh));
  }

  /** Whom to assign tasks to. */
  use(agent: Agent): void {
    this.#agent = agent;
  }

  /** Told when a node's agent has registered. */
  onRegister(listener: (swarm: string, node: string) => void): void {
    this.#listeners.push(listener);
  }

  isLive(swarm: string, node: string): boolean {
    return this.#sessions.isLive(swarm, node);
  }

  /** Looks who is heard, after whatever changed. */
  review(swarm: string): void {
    for (const { id, machine } of this.#rooms.store.list(swarm, 'node')) {
      const row = this.#sessions.get(swarm, id);
      const heard = managerFor(this.#rooms, machine) !== undefined;
      if (row?.state === 'live' && !heard) this.#silence(swarm, id);
      else if (row?.state !== 'live' && heard && !row?.retry) this.#reach(swarm, id);
    }
  }

  /** A node's agent registers: it is ready, tells all it knows and is told all it is to do. */
  register(swarm: string, node: string): boolean {
    const { store, kernel } = this.#rooms;
    const row = store.get(swarm, 'node', node);
    if (!row || !managerFor(this.#rooms, row.machine)) return false;
    if (!this.#mark(swarm, row, 'ready', '')) return false;
    this.#sessions.set({ swarm, node, state: 'live', message: FAILURE });
    const record = kernel.record({
      actor: `agent/${row.machine}`,
      verb: 'register',
      object: `node ${row.hostname}`,
      flow: this.#flow(row.machine, 'up'),
    });
    kernel.because(record, () => {
      for (const known of this.#agent?.tasks(row.machine) ?? []) this.report(known);
      this.#send({ swarm, node });
      for (const listener of this.#listeners) listener(swarm, node);
    });
    return true;
  }

  /** What became of a task. While its node is not heard, it waits until the agent registers. */
  report({ swarm, node, machine, task, status }: AgentRow): void {
    const manager = managerFor(this.#rooms, machine);
    if (!manager || !this.#sessions.isLive(swarm, node)) return;
    const travelMs = this.#rooms.links.durationMs(machine, manager.machine, MESSAGE_BYTES);
    const record = this.#rooms.kernel.record({
      actor: `agent/${machine}`,
      verb: 'report',
      object: `task ${task.name}`,
      detail: { state: status.state },
      flow: this.#flow(machine, 'up'),
    });
    this.#rooms.kernel.because(record, () =>
      this.#arrived.after(travelMs, { swarm, node, task: task.id, status }),
    );
  }

  /** A node was removed, or has left by itself. */
  forget(swarm: string, node: string): void {
    this.#sessions.delete(swarm, node);
  }

  #flow(machine: string, way: 'up' | 'down') {
    const manager = managerFor(this.#rooms, machine)?.machine ?? machine;
    const [agent, dispatcher] = [`agent/${machine}`, `manager/${manager}`];
    return way === 'up'
      ? ({ channel: 'api', from: agent, to: dispatcher } as const)
      : ({ channel: 'watch', from: dispatcher, to: agent } as const);
  }

  #periodMs(swarm: string): number {
    const cluster = this.#rooms.store.get(swarm, 'cluster', swarm);
    const period = cluster?.spec.Dispatcher.HeartbeatPeriod ?? 0;
    return period > 0 ? Math.ceil(period / NS_PER_MS) : DEFAULT_PERIOD_MS;
  }

  #draw(node: string) {
    return this.#rooms.kernel.random('swarm', 'dispatcher', node, this.#rooms.kernel.now);
  }

  /** The last heartbeat was heard up to a period ago. */
  #silence(swarm: string, node: string): void {
    const periodMs = this.#periodMs(swarm);
    const agoMs = this.#draw(node).integer(0, periodMs - 1);
    const expiry = this.#expired.after(GRACE_PERIODS * periodMs - agoMs, { swarm, node });
    this.#sessions.set({ swarm, node, state: 'silent', message: FAILURE, expiry });
  }

  /** The agent of a node can reach a manager again; it tries so at its next turn. */
  #reach(swarm: string, node: string, withinMs = MAX_BACKOFF_MS): void {
    const before = this.#sessions.get(swarm, node);
    const delayMs = this.#draw(node).integer(FIRST_BACKOFF_MS, withinMs);
    const retry = this.#retry.after(delayMs, { swarm, node });
    const fresh = { swarm, node, state: 'silent', message: FAILURE } as const;
    this.#sessions.set({ ...(before ?? fresh), retry });
  }

  #tryAgain({ swarm, node }: NodeKey): void {
    const row = this.#sessions.get(swarm, node);
    if (!row || this.register(swarm, node)) return;
    const { retry: _, ...rest } = row;
    this.#sessions.set(rest);
  }

  #expire({ swarm, node }: NodeKey): void {
    const session = this.#sessions.get(swarm, node);
    const row = this.#rooms.store.get(swarm, 'node', node);
    if (!session || !row) return;
    const { expiry: _, ...rest } = session;
    this.#sessions.set(rest);
    if (session.state === 'down') this.#orphan(swarm, node);
    else this.#down(row, swarm, session.message);
  }

  #down(row: NodeObject, swarm: string, message: string): void {
    const session = this.#sessions.get(swarm, row.id);
    // Without a leader nobody says so; the next one waits for the node anew.
    if (!session || !this.#mark(swarm, row, 'down', message)) return;
    this.#sessions.set({ ...session, state: 'down', expiry: this.#orphanLater(swarm, row.id) });
  }

  #orphanLater(swarm: string, node: string): Ticket {
    return this.#expired.after(ORPHANED_AFTER_MS, { swarm, node });
  }

  /** Writes a node's state; false without a quorum. */
  #mark(swarm: string, row: NodeObject, state: NodeState, message: string): boolean {
    const { kernel, store } = this.#rooms;
    if (!store.write(swarm, [])) return false;
    if (row.state === state && row.message === message) return true;
    const record = kernel.record({
      actor: 'dispatcher',
      verb: state,
      object: `node ${row.hostname}`,
      ...(message !== '' && { message }),
    });
    const set: NodeObject = { ...row, state, message };
    return kernel.because(record, () => store.write(swarm, [{ kind: 'node', set }]));
  }

  /** Tasks of a node that was down for a day run no more, for all anybody knows. */
  #orphan(swarm: string, node: string): void {
    const { store, kernel } = this.#rooms;
    const lost = store
      .tasksOn(swarm, node)
      .filter((task) => compareStates(task.status.state, 'assigned') >= 0 && !isEnded(task));
    const status = { state: 'orphaned', atMs: kernel.now, message: '' } as const;
    store.write(
      swarm,
      lost.map((task) => ({
        kind: 'task',
        set: { ...task, status: { ...task.status, ...status } },
      })),
    );
  }

  /** Somebody leads: after a change of leader every agent has to register with the new one. */
  #lead(swarm: string, fresh: boolean): void {
    this.#flushSoon(swarm);
    const nodes = this.#rooms.store.list(swarm, 'node');
    const changes = nodes.flatMap((row): Change[] => {
      if (!fresh) this.#resume(swarm, row);
      else if (row.state === 'down') this.#keepDown(swarm, row.id);
      else return [this.#doubt(swarm, row)];
      return [];
    });
    this.#rooms.store.write(swarm, changes);
    this.review(swarm);
  }

  #keepDown(swarm: string, node: string): void {
    const expiry = this.#orphanLater(swarm, node);
    this.#sessions.set({ swarm, node, state: 'down', message: FAILURE, expiry });
  }

  #doubt(swarm: string, row: NodeObject): Change {
    const node = row.id;
    const waitMs = UNKNOWN_TIMES * GRACE_PERIODS * this.#periodMs(swarm);
    const expiry = this.#expired.after(waitMs, { swarm, node });
    this.#sessions.set({ swarm, node, state: 'silent', message: UNKNOWN_FAILURE, expiry });
    if (managerFor(this.#rooms, row.machine)) this.#reach(swarm, node, SETTLED_BACKOFF_MS);
    return { kind: 'node', set: { ...row, state: 'unknown', message: UNKNOWN } };
  }

  /** The same leader has a quorum again: what it could not write of silent nodes is due now. */
  #resume(swarm: string, row: NodeObject): void {
    const session = this.#sessions.get(swarm, row.id);
    if (session?.state === 'silent' && !session.expiry) this.#down(row, swarm, session.message);
  }

  #collect(report: Report): void {
    this.#reports.set(`${report.swarm} ${report.task}`, report);
    this.#flushSoon(report.swarm);
  }

  #flushSoon(swarm: string): void {
    const key = `batch ${swarm}`;
    if (this.#scheduled.has(key)) return;
    this.#scheduled.set(key, true);
    this.#batch.after(BATCH_MS, { swarm });
  }

  /** Writes what was reported; without a quorum it is kept for the next leader. */
  #flush(swarm: string): void {
    this.#scheduled.delete(`batch ${swarm}`);
    const { store } = this.#rooms;
    const reports = [...this.#reports.withPrefix(`${swarm} `)];
    const changes = reports.flatMap(([, { task: id, node, status }]): Change[] => {
      const task = store.get(swarm, 'task', id);
      if (task?.node !== node || !isNews(task.status, status)) return [];
      return [{ kind: 'task', set: { ...task, status } }];
    });
    if (!store.write(swarm, changes)) return;
    for (const [key] of reports) this.#reports.delete(key);
  }

  /** What concerns an agent is sent to it soon, with whatever else changes until then. */
  #follow(swarm: string, change: Change): void {
    if (change.kind === 'node' && 'delete' in change) this.forget(swarm, change.delete);
    if (change.kind !== 'task') return;
    const id = 'delete' in change ? change.delete : change.set.id;
    const before = this.#rooms.store.get(swarm, 'task', id);
    const after = 'delete' in change ? undefined : change.set;
    if (before && after && !concernsAgent(before, after)) return;
    for (const node of new Set([before?.node ?? '', after?.node ?? ''])) {
      if (node !== '') this.#sendSoon(swarm, node);
    }
  }

  #sendSoon(swarm: string, node: string): void {
    const key = `assign ${swarm} ${node}`;
    if (this.#scheduled.has(key)) return;
    this.#scheduled.set(key, true);
    this.#assign.after(BATCH_MS, { swarm, node });
  }

  /** All the tasks that a node is to have. An agent that is not heard learns them on registering. */
  #send({ swarm, node }: NodeKey): void {
    this.#scheduled.delete(`assign ${swarm} ${node}`);
    const { store, kernel } = this.#rooms;
    const row = store.get(swarm, 'node', node);
    if (!row || !this.#sessions.isLive(swarm, node) || !managerFor(this.#rooms, row.machine))
      return;
    const tasks = store
      .tasksOn(swarm, node)
      .filter(({ status }) => compareStates(status.state, 'assigned') >= 0);
    const record = kernel.record({
      actor: 'dispatcher',
      verb: 'assign',
      object: `node ${row.hostname}`,
      detail: { tasks: tasks.length },
      flow: this.#flow(row.machine, 'down'),
    });
    kernel.because(record, () => this.#agent?.assign({ machine: row.machine, swarm, node }, tasks));
  }
}

/** A status only ever grows. */
function isNews(before: TaskStatus, after: TaskStatus): boolean {
  const order = compareStates(after.state, before.state);
  return order > 0 || (order === 0 && after.atMs > before.atMs);
}

function concernsAgent(before: TaskObject, after: TaskObject): boolean {
  return (
    before.node !== after.node ||
    before.desired !== after.desired ||
    compareStates(after.status.state, 'assigned') <= 0
  );
}
