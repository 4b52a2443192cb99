import type { Endpoints } from '../../docker/networks/endpoints.ts';
import type { Kernel } from '../../sim/kernel.ts';
import type { Index, Table } from '../../sim/store.ts';
import type { PortConfig } from '../api.ts';
import type { Gossip } from './gossip.ts';

/**
 * Which tasks serve under a service's name on a network, as nodes tell one another (moby/moby v29.7
 * `daemon/libnetwork/agent.go`, `service_common.go`).
 *
 * Simplified: all nodes that reach one another know at once what one of them says.
 */
export interface Binding {
  readonly swarm: string;
  readonly network: string;
  readonly service: string;
  readonly task: string;
  readonly machine: string;
  readonly container: string;
  readonly ip: string;
  /** The service's address on the network; '' when its names are told in turn. */
  readonly vip: string;
  /** The service's name and its aliases there. */
  readonly names: readonly string[];
  /** Those of the routing mesh, on its network. */
  readonly ports: readonly PortConfig[];
  /** New connections are sent to it. */
  readonly enabled: boolean;
}

const keyOf = (swarm: string, task: string, network: string): string =>
  `${swarm} ${task} ${network}`;

export interface BindingRooms {
  readonly kernel: Kernel;
  readonly gossip: Gossip;
  readonly endpoints: Endpoints;
}

export class Bindings {
  readonly #rows: Table<string, Binding>;
  readonly #byName: Index<string, Binding>;
  readonly #byVip: Index<string, Binding>;
  readonly #byPort: Index<string, Binding>;
  readonly #gossip: Gossip;
  readonly #endpoints: Endpoints;

  constructor({ kernel, gossip, endpoints }: BindingRooms) {
    this.#gossip = gossip;
    this.#endpoints = endpoints;
    this.#rows = kernel.store.table<Binding>('swarm/bindings');
    this.#byName = this.#rows.index(({ network, names }) => [
      ...new Set(names.map((name) => `${network} ${name.toLowerCase()}`)),
    ]);
    this.#byVip = this.#rows.index(({ network, vip }) => (vip === '' ? [] : [`${network} ${vip}`]));
    this.#byPort = this.#rows.index(({ swarm, ports }) =>
      ports.map(({ Protocol, PublishedPort }) => `${swarm} ${Protocol} ${PublishedPort ?? 0}`),
    );
  }

  add(binding: Binding): void {
    this.#rows.set(keyOf(binding.swarm, binding.task, binding.network), binding);
  }

  /** No new connections for a task that is about to end. */
  disable(swarm: string, task: string): void {
    for (const row of this.#of(swarm, task)) this.add({ ...row, enabled: false });
  }

  remove(swarm: string, task: string): void {
    for (const { network } of this.#of(swarm, task)) {
      this.#rows.delete(keyOf(swarm, task, network));
    }
  }

  #of(swarm: string, task: string): Binding[] {
    return [...this.#rows.withPrefix(`${swarm} ${task} `)].map(([, row]) => row);
  }

  /** By a service's name or one of its aliases, as a machine knows of them. */
  named(machine: string, network: string, name: string): Binding[] {
    const rows = this.#byName.values(`${network} ${name.toLowerCase()}`);
    return rows.filter((row) => this.#isThere(machine, row));
  }

  /** Those behind a service's address. */
  behind(machine: string, network: string, vip: string): Binding[] {
    const rows = this.#byVip.values(`${network} ${vip}`);
    return rows.filter((row) => this.#isThere(machine, row));
  }

  /** Those behind a port of the routing mesh. */
  published(machine: string, swarm: string, protocol: string, port: number): Binding[] {
    const rows = this.#byPort.values(`${swarm} ${protocol} ${port}`);
    return rows.filter((row) => this.#isThere(machine, row));
  }

  #isThere(machine: string, row: Binding): boolean {
    const endpoints = this.#endpoints.at(row.network, row.ip);
    if (!endpoints.some(({ container }) => container === row.container)) return false;
    return this.#gossip.knows(machine, row.machine);
  }
}
