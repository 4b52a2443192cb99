import type { Kernel, Ticket } from '../../sim/kernel.ts';
import type { Table } from '../../sim/store.ts';

/**
 * Which nodes the leader hears, in one row each (moby/swarmkit v2.1 `manager/dispatcher/nodes.go`).
 */
export interface SessionRow {
  readonly swarm: string;
  readonly node: string;
  /** `live`: heard; `silent`: not heard for less than the grace period; `down`: for longer. */
  readonly state: 'live' | 'silent' | 'down';
  /** What a node that stays silent is said to be. */
  readonly message: string;
  /** The end of the grace period; of a node that is down, the time when its tasks are orphaned. */
  readonly expiry?: Ticket;
  /** Its agent's next try to reach a manager. */
  readonly retry?: Ticket;
}

const keyOf = (swarm: string, node: string): string => `${swarm} ${node}`;

export class Sessions {
  readonly #kernel: Kernel;
  readonly #rows: Table<string, SessionRow>;

  constructor(kernel: Kernel) {
    this.#kernel = kernel;
    this.#rows = kernel.store.table<SessionRow>('swarm/sessions');
  }

  get(swarm: string, node: string): SessionRow | undefined {
    return this.#rows.get(keyOf(swarm, node));
  }

  of(swarm: string): SessionRow[] {
    return [...this.#rows.withPrefix(`${swarm} `)].map(([, row]) => row);
  }

  isLive(swarm: string, node: string): boolean {
    return this.get(swarm, node)?.state === 'live';
  }

  /** Sets a row anew; timers that it does not keep are called off. */
  set(row: SessionRow): void {
    const before = this.get(row.swarm, row.node);
    for (const name of ['expiry', 'retry'] as const) {
      const ticket = before?.[name];
      if (ticket && ticket !== row[name]) this.#kernel.cancel(ticket);
    }
    this.#rows.set(keyOf(row.swarm, row.node), row);
  }

  delete(swarm: string, node: string): void {
    const row = this.get(swarm, node);
    if (!row) return;
    for (const ticket of [row.expiry, row.retry]) if (ticket) this.#kernel.cancel(ticket);
    this.#rows.delete(keyOf(swarm, node));
  }
}
