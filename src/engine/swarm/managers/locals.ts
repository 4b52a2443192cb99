import type { Kernel } from '../../sim/kernel.ts';
import type { Index, Table } from '../../sim/store.ts';
import type { NodeAvailability } from '../api.ts';

/**
 * What a daemon keeps of the swarm it belongs to, beside the managers' store (moby/moby v29.7
 * `daemon/cluster/noderunner.go`, `/var/lib/docker/swarm`).
 */
export interface LocalRow {
  readonly machine: string;
  readonly swarm: string;
  readonly node: string;
  /** `pending` while a join is under way; `error` when the swarm will not have it any more. */
  readonly state: 'pending' | 'active' | 'error';
  readonly error: string;
  /** Its member of the managers' Raft group; undefined for a worker. */
  readonly member?: string;
  /** A manager whose keys are encrypted, and who was not given the key since it started. */
  readonly locked: boolean;
  /** `192.168.10.11:2377` */
  readonly advertise: string;
  readonly availability: NodeAvailability;
  /** The unlock key under which this manager's own keys are encrypted. */
  readonly lockedWith?: string;
}

export class Locals {
  readonly #rows: Table<string, LocalRow>;
  readonly #bySwarm: Index<string, LocalRow>;
  readonly #managers: Index<string, LocalRow>;
  readonly #byMember: Index<string, LocalRow>;
  readonly #byNode: Index<string, LocalRow>;

  constructor(kernel: Kernel) {
    this.#rows = kernel.store.table<LocalRow>('swarm/locals');
    this.#bySwarm = this.#rows.index(({ swarm }) => [swarm]);
    this.#managers = this.#rows.index(({ swarm, member }) => (member === undefined ? [] : [swarm]));
    this.#byMember = this.#rows.index(({ member }) => (member === undefined ? [] : [member]));
    this.#byNode = this.#rows.index(({ node }) => [node]);
  }

  get(machine: string): LocalRow | undefined {
    return this.#rows.get(machine);
  }

  set(row: LocalRow): void {
    this.#rows.set(row.machine, row);
  }

  update(machine: string, change: Partial<LocalRow>): void {
    const row = this.#rows.get(machine);
    if (row) this.#rows.set(machine, { ...row, ...change });
  }

  delete(machine: string): void {
    this.#rows.delete(machine);
  }

  /** Machines that take themselves for part of a swarm. */
  of(swarm: string): LocalRow[] {
    return this.#bySwarm.values(swarm);
  }

  /** The managers among them. */
  managersOf(swarm: string): LocalRow[] {
    return this.#managers.values(swarm);
  }

  ofMember(member: string): LocalRow | undefined {
    return this.#byMember.values(member)[0];
  }

  ofNode(node: string): LocalRow | undefined {
    return this.#byNode.values(node)[0];
  }

  /** Swarms that somebody takes himself for a part of, in order. */
  swarms(): string[] {
    return [...new Set([...this.#rows.values()].map(({ swarm }) => swarm))];
  }
}
