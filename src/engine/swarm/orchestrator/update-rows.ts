import type { Kernel } from '../../sim/kernel.ts';
import type { Index, Table } from '../../sim/store.ts';

/** What is kept of updates under way, in tables that a checkpoint holds. */
export interface UpdateRow {
  readonly swarm: string;
  readonly service: string;
  /** The version that is rolled out. */
  readonly specVersion: number;
  readonly isRollback: boolean;
  /** Slots to replace, in their order, and how many have begun. */
  readonly slots: readonly string[];
  readonly begun: number;
  readonly failures: number;
  /** It was paused or rolled back: what has begun is ended, no more begins. */
  readonly isStopped: boolean;
  /** All slots are done; until then failures still count. */
  readonly monitorUntilMs?: number;
}

/** A slot that is being replaced. */
export interface WorkerRow {
  readonly swarm: string;
  readonly service: string;
  readonly slot: string;
  /** The new task; '' when an existing one was taken. */
  readonly task: string;
  /** The pause after it; until then the next slot has to wait. */
  readonly untilMs?: number;
}

/** A task that an update made. */
export interface UpdatedRow {
  readonly service: string;
  /** When it was seen to run, or to have ended before. */
  readonly startedMs?: number;
  readonly hasFailed?: true;
}

export class UpdateRows {
  readonly updates: Table<string, UpdateRow>;
  readonly #workers: Table<string, WorkerRow>;
  readonly #byTask: Index<string, WorkerRow>;
  readonly #byService: Index<string, WorkerRow>;
  readonly #updated: Table<string, UpdatedRow>;
  readonly #updatedBy: Index<string, UpdatedRow>;

  constructor({ store }: Kernel) {
    this.updates = store.table<UpdateRow>('swarm/updates');
    this.#workers = store.table<WorkerRow>('swarm/updates/workers');
    this.#byTask = this.#workers.index(({ swarm, task }) =>
      task === '' ? [] : [`${swarm} ${task}`],
    );
    this.#byService = this.#workers.index(({ swarm, service }) => [`${swarm} ${service}`]);
    this.#updated = store.table<UpdatedRow>('swarm/updates/tasks');
    this.#updatedBy = this.#updated.index(({ service }, key) => [
      `${key.slice(0, key.indexOf(' '))} ${service}`,
    ]);
  }

  get(swarm: string, service: string): UpdateRow | undefined {
    return this.updates.get(`${swarm} ${service}`);
  }

  set(row: UpdateRow): void {
    this.updates.set(`${row.swarm} ${row.service}`, row);
  }

  workers(swarm: string, service: string): WorkerRow[] {
    return this.#byService.values(`${swarm} ${service}`);
  }

  workerOf(swarm: string, task: string): WorkerRow | undefined {
    return this.#byTask.values(`${swarm} ${task}`)[0];
  }

  setWorker(row: WorkerRow): void {
    this.#workers.set(`${row.swarm} ${row.service} ${row.slot}`, row);
  }

  endWorker({ swarm, service, slot }: WorkerRow): void {
    this.#workers.delete(`${swarm} ${service} ${slot}`);
  }

  updated(swarm: string, task: string): UpdatedRow | undefined {
    return this.#updated.get(`${swarm} ${task}`);
  }

  setUpdated(swarm: string, task: string, row: UpdatedRow): void {
    this.#updated.set(`${swarm} ${task}`, row);
  }

  /** Ends an update and all that is known of it. */
  drop(swarm: string, service: string): void {
    this.updates.delete(`${swarm} ${service}`);
    for (const worker of this.workers(swarm, service)) this.endWorker(worker);
    for (const key of this.#updatedBy.keys(`${swarm} ${service}`)) {
      this.#updated.delete(key);
    }
  }
}
