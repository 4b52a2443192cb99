import type { Kernel } from '../sim/kernel.ts';
import type { Index, Table } from '../sim/store.ts';
import type { Address } from '../net/http.ts';
import type { PortSummary } from './api.ts';
import type { PublishedPort } from './publish.ts';

/**
 * Host ports that containers are published on (moby/moby v29.7
 * `daemon/libnetwork/portallocator/portallocator.go`).
 *
 * Simplified: a port is taken on all addresses of its machine or on none.
 */
interface PublishedRow extends PublishedPort {
  readonly id: string;
}

/** Where ports chosen by the daemon come from: Linux's `ip_local_port_range`. */
const EPHEMERAL = { first: 32_768, last: 60_999 };

const keyOf = (machine: string, protocol: string, port: number): string =>
  `${machine} ${protocol} ${port}`;

const ANY = ['', '0.0.0.0'];

export class Ports {
  readonly #rows: Table<string, PublishedRow>;
  readonly #next: Table<string, number>;
  readonly #ofContainer: Index<string, PublishedRow>;

  constructor(kernel: Kernel) {
    this.#rows = kernel.store.table<PublishedRow>('docker/published');
    this.#next = kernel.store.table<number>('docker/next-port');
    this.#ofContainer = this.#rows.index(({ id }, key) => [`${key.split(' ')[0] ?? ''} ${id}`]);
  }

  /** Takes all the ports of a container or none; why not, in the daemon's words. */
  publish(machine: string, id: string, bindings: readonly PublishedPort[]): string | undefined {
    for (const binding of bindings) {
      const hostPort = binding.hostPort === 0 ? this.#free(machine, binding) : binding.hostPort;
      if (hostPort === undefined) {
        this.release(machine, id);
        return 'all ports are allocated';
      }
      const key = keyOf(machine, binding.protocol, hostPort);
      if (this.#rows.has(key)) {
        this.release(machine, id);
        const ip = binding.hostIp === '' ? '0.0.0.0' : binding.hostIp;
        return `Bind for ${ip}:${hostPort} failed: port is already allocated`;
      }
      this.#rows.set(key, { ...binding, hostPort, id });
    }
    return undefined;
  }

  release(machine: string, id: string): void {
    for (const key of this.#ofContainer.keys(`${machine} ${id}`)) this.#rows.delete(key);
  }

  /** What a connection to an address of the machine reaches. */
  at(machine: string, { ip, port }: Address): { id: string; port: number } | undefined {
    const row = this.#rows.get(keyOf(machine, 'tcp', port));
    return row && (ANY.includes(row.hostIp) || row.hostIp === ip) ? row : undefined;
  }

  /** Published ports, on each address family, and those that the image only exposes. */
  summary(
    { machine, id }: { machine: string; id: string },
    exposed: readonly string[],
  ): PortSummary[] {
    const bound = this.#ofContainer.values(`${machine} ${id}`).flatMap((row): PortSummary[] => {
      const families = row.hostIp === '' ? ['0.0.0.0', '::'] : [row.hostIp];
      const { port: PrivatePort, hostPort: PublicPort, protocol: Type } = row;
      return families.map((IP) => ({ IP, PrivatePort, PublicPort, Type }));
    });
    const others = exposed
      .map((port): PortSummary => {
        const [number = '', Type = 'tcp'] = port.split('/');
        return { PrivatePort: Number(number), Type };
      })
      .filter(
        (one) => !bound.some((b) => b.PrivatePort === one.PrivatePort && b.Type === one.Type),
      );
    return [...bound, ...others];
  }

  /** The next free port, going round. */
  #free(machine: string, { protocol }: PublishedPort): number | undefined {
    const size = EPHEMERAL.last - EPHEMERAL.first + 1;
    const begin = this.#next.get(`${machine} ${protocol}`) ?? EPHEMERAL.first;
    for (let i = 0; i < size; i++) {
      const port = EPHEMERAL.first + ((begin - EPHEMERAL.first + i) % size);
      if (this.#rows.has(keyOf(machine, protocol, port))) continue;
      this.#next.set(`${machine} ${protocol}`, port + 1);
      return port;
    }
    return undefined;
  }
}
