import type { Kernel } from '../../sim/kernel.ts';
import type { Table } from '../../sim/store.ts';
import type { Endpoint, PortConfig, ServiceSpec } from '../api.ts';

/**
 * Ports of the routing mesh, each of them one service's (moby/swarmkit v2.1
 * `manager/allocator/portallocator.go`). Those that nobody chose come from 30000-32767, one after the
 * other.
 */
const DYNAMIC = { first: 30_000, last: 32_767 };

const keyOf = (swarm: string, { Protocol }: PortConfig, port: number): string =>
  `${swarm} ${Protocol} ${port}`;

const isIngress = ({ PublishMode }: PortConfig): boolean => PublishMode !== 'host';

const isSame = (a: PortConfig, b: PortConfig): boolean =>
  (a.Name ?? '') === (b.Name ?? '') &&
  a.Protocol === b.Protocol &&
  a.TargetPort === b.TargetPort &&
  a.PublishMode === b.PublishMode;

export class HeldPorts {
  readonly #held: Table<string, string>;
  /** By swarm and protocol, the port that was chosen last. */
  readonly #last: Table<string, number>;

  constructor(kernel: Kernel) {
    this.#held = kernel.store.table<string>('swarm/allocator/ports');
    this.#last = kernel.store.table<number>('swarm/allocator/last-ports');
  }

  /** Who publishes a port. */
  owner(swarm: string, protocol: string, port: number): string | undefined {
    return this.#held.get(`${swarm} ${protocol} ${port}`);
  }

  /**
   * Ports as a service is to publish them; undefined while one of them is another's. Ports it chose
   * by itself before stay the same.
   */
  assign(
    swarm: string,
    service: string,
    spec: ServiceSpec,
    before: Endpoint | undefined,
  ): readonly PortConfig[] | undefined {
    const wanted = spec.EndpointSpec?.Ports ?? [];
    const old = (before?.Ports ?? []).filter(isIngress);
    const fixed = wanted.filter((port) => isIngress(port) && port.PublishedPort);
    const isTaken = (port: PortConfig): boolean => {
      const owner = this.#held.get(keyOf(swarm, port, port.PublishedPort ?? 0));
      return owner !== undefined && owner !== service;
    };
    if (fixed.some(isTaken)) return undefined;
    for (const port of old) this.#held.delete(keyOf(swarm, port, port.PublishedPort ?? 0));
    for (const port of fixed) this.#take(swarm, port, port.PublishedPort ?? 0, service);
    const left = old.filter((port) => !fixed.some((one) => isSame(one, port)));
    return wanted.map((port) => {
      if (!isIngress(port) || port.PublishedPort) return port;
      const at = left.findIndex((one) => isSame(one, port));
      const [kept] = at === -1 ? [] : left.splice(at, 1);
      const number = kept?.PublishedPort ?? this.#next(swarm, port);
      this.#take(swarm, port, number, service);
      return { ...port, PublishedPort: number };
    });
  }

  release(swarm: string, endpoint: Endpoint | undefined): void {
    for (const port of (endpoint?.Ports ?? []).filter(isIngress)) {
      this.#held.delete(keyOf(swarm, port, port.PublishedPort ?? 0));
    }
  }

  #take(swarm: string, port: PortConfig, number: number, service: string): void {
    this.#held.set(keyOf(swarm, port, number), service);
  }

  #next(swarm: string, port: PortConfig): number {
    const row = `${swarm} ${port.Protocol}`;
    const size = DYNAMIC.last - DYNAMIC.first + 1;
    const last = this.#last.get(row) ?? DYNAMIC.last;
    for (let i = 1; i <= size; i++) {
      const number = DYNAMIC.first + ((last - DYNAMIC.first + i) % size);
      if (this.#held.has(keyOf(swarm, port, number))) continue;
      this.#last.set(row, number);
      return number;
    }
    return 0;
  }
}
