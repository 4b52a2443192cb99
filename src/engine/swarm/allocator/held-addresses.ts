import type { Addresses } from '../../net/address.ts';
import type { Kernel } from '../../sim/kernel.ts';
import type { Index, Table } from '../../sim/store.ts';
import type { NetworkObject } from '../objects.ts';

/**
 * Addresses on the networks of a swarm: who holds which (moby/moby v29.7
 * `daemon/libnetwork/cnmallocator/networkallocator.go`). They are given out one after the other; what
 * was given back comes last (`AllocSerialPrefix`).
 */
interface Held {
  readonly swarm: string;
  readonly network: string;
  /** `task ID`, `service ID`, `node ID`. */
  readonly owner: string;
  readonly ip: string;
}

const poolOf = (network: string): string => `swarm ${network}`;

const keyOf = (swarm: string, owner: string, network: string): string =>
  `${swarm} ${owner} ${network}`;

export class HeldAddresses {
  readonly #addresses: Addresses;
  readonly #held: Table<string, Held>;
  readonly #byNetwork: Index<string, Held>;

  constructor(kernel: Kernel, addresses: Addresses) {
    this.#addresses = addresses;
    this.#held = kernel.store.table<Held>('swarm/allocator/addresses');
    this.#byNetwork = this.#held.index(({ network }) => [network]);
  }

  open({ id, subnet }: NetworkObject): void {
    if (!this.#addresses.hasPool(poolOf(id))) {
      this.#addresses.addPool(poolOf(id), subnet, poolOf(id));
    }
  }

  close(network: string): void {
    for (const { swarm, owner } of this.#byNetwork.values(network)) {
      this.release(swarm, owner, network);
    }
    this.#addresses.removePool(poolOf(network));
  }

  /** The address that an owner has on a network, given now if need be; undefined when none is left. */
  hold(swarm: string, owner: string, { id, subnet }: NetworkObject): string | undefined {
    const known = this.#held.get(keyOf(swarm, owner, id));
    const ip = known?.ip ?? this.#addresses.allocate(poolOf(id), { machine: poolOf(id), owner });
    if (ip === undefined) return undefined;
    if (!known) this.#held.set(keyOf(swarm, owner, id), { swarm, network: id, owner, ip });
    return `${ip}/${subnet.split('/')[1] ?? ''}`;
  }

  at(swarm: string, owner: string, network: string): string | undefined {
    return this.#held.get(keyOf(swarm, owner, network))?.ip;
  }

  /** The networks on which an owner has an address. */
  networksOf(swarm: string, owner: string): string[] {
    return [...this.#held.withPrefix(`${swarm} ${owner} `)].map(([, { network }]) => network);
  }

  release(swarm: string, owner: string, network: string): void {
    const held = this.#held.get(keyOf(swarm, owner, network));
    if (!held) return;
    this.#held.delete(keyOf(swarm, owner, network));
    this.#addresses.release(poolOf(network), held.ip);
  }

  releaseAll(swarm: string, owner: string): void {
    for (const network of this.networksOf(swarm, owner)) this.release(swarm, owner, network);
  }
}
