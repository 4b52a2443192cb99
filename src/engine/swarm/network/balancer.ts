import type { Kernel } from '../../sim/kernel.ts';
import type { Table } from '../../sim/store.ts';
import type { Binding } from './bindings.ts';

/**
 * Sends connections to those behind an address in turn, as IPVS does by round robin; each container
 * and each node of the routing mesh goes round by itself (moby/moby v29.7
 * `daemon/libnetwork/service_linux.go`).
 */
export class Balancer {
  readonly #turns: Table<string, number>;

  constructor(kernel: Kernel) {
    this.#turns = kernel.store.table<number>('swarm/balancer');
  }

  /** The next one; undefined when there is none to be sent to. */
  next(place: string, address: string, rows: readonly Binding[]): Binding | undefined {
    const enabled = rows.filter((row) => row.enabled);
    if (enabled.length === 0) return undefined;
    const key = `${place} ${address}`;
    const turn = this.#turns.get(key) ?? 0;
    this.#turns.set(key, turn + 1);
    return enabled[turn % enabled.length];
  }
}
