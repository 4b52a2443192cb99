import type { Kernel } from '../../sim/kernel.ts';
import type { Index, Table } from '../../sim/store.ts';

/**
 * Ports of a machine's addresses that containers are published on (moby/moby v29.7
 * `daemon/libnetwork/portallocator/portallocator.go`, `osallocator_linux.go`). The address of all
 * (`0.0.0.0`, `::`) shuts out every other of its family.
 */
export interface TakenPort {
  readonly machine: string;
  readonly protocol: string;
  readonly ip: string;
  readonly port: number;
  /** The container, and the port of it that is reached. */
  readonly id: string;
  readonly inside: number;
}

export interface PortRequest {
  readonly machine: string;
  readonly protocol: string;
  readonly ips: readonly string[];
  /** Both 0: any of the ephemeral ones. */
  readonly first: number;
  readonly last: number;
  readonly id: string;
  readonly inside: number;
}

export type PortAnswer =
  { readonly ok: true; readonly port: number } | { readonly ok: false; readonly message: string };

/** Whether a process of the machine itself listens there. */
export type HostListens = (machine: string, protocol: string, ip: string, port: number) => boolean;

/** Linux's `net.ipv4.ip_local_port_range`. */
const EPHEMERAL = { first: 32_768, last: 60_999 };
const ATTEMPTS = 10;
const ALL = ['0.0.0.0', '::'];
const PORT_DIGITS = 5;

const isIpv6 = (ip: string): boolean => ip.includes(':');
const groupOf = (machine: string, protocol: string, port: number): string =>
  `${machine} ${protocol} ${String(port).padStart(PORT_DIGITS, '0')} `;

export class PortAllocator {
  readonly #taken: Table<string, TakenPort>;
  readonly #last: Table<string, number>;
  readonly #ofContainer: Index<string, TakenPort>;
  readonly #hostListens: HostListens;

  constructor(kernel: Kernel, hostListens: HostListens = () => false) {
    this.#taken = kernel.store.table<TakenPort>('docker/ports');
    this.#last = kernel.store.table<number>('docker/last-ports');
    this.#ofContainer = this.#taken.index(({ machine, id }) => [`${machine} ${id}`]);
    this.#hostListens = hostListens;
  }

  /** Takes one port on all the addresses, or none. */
  request(request: PortRequest): PortAnswer {
    const { first, last } = request;
    if (last < first || (first === 0 && last !== 0)) {
      return { ok: false, message: `invalid port range: ${first}-${last}` };
    }
    let answer: PortAnswer = { ok: false, message: ALL_ALLOCATED };
    for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
      const free = first > 0 && first === last ? this.#exactly(request) : this.#next(request);
      if (!free.ok) return free;
      answer = this.#bind(request, free.port);
      if (answer.ok || (first !== 0 && first === last)) return answer;
    }
    return answer;
  }

  release(machine: string, id: string): void {
    for (const key of this.#ofContainer.keys(`${machine} ${id}`)) this.#taken.delete(key);
  }

  of(machine: string, id: string): TakenPort[] {
    return this.#ofContainer.values(`${machine} ${id}`);
  }

  /** What a connection to an address of the machine meets; any of its addresses without `ip`. */
  at(machine: string, protocol: string, port: number, ip?: string): TakenPort | undefined {
    const taken = this.#on(machine, protocol, port);
    return taken.find((one) => ip === undefined || one.ip === ip || ALL.includes(one.ip));
  }

  /** A process of the machine, which the kernel gave the port instead, is met at binding. */
  #bind(request: PortRequest, port: number): PortAnswer {
    const { machine, protocol, ips, id, inside } = request;
    for (const ip of ips) {
      if (!this.#hostListens(machine, protocol, ip, port)) continue;
      const where = `${isIpv6(ip) ? `[${ip}]` : ip}:${port}/${protocol}`;
      return { ok: false, message: `failed to bind host port ${where}: address already in use` };
    }
    for (const ip of ips) {
      const row = { machine, protocol, ip, port, id, inside };
      this.#taken.set(groupOf(machine, protocol, port) + ip, row);
    }
    return { ok: true, port };
  }

  #exactly(request: PortRequest): PortAnswer {
    const holder = this.#holder(request, request.first);
    if (holder === undefined) return { ok: true, port: request.first };
    const message = `Bind for ${holder}:${request.first} failed: port is already allocated`;
    return { ok: false, message };
  }

  /** The first free one behind the last that was given, going round. */
  #next(request: PortRequest): PortAnswer {
    const range = request.first === 0 ? EPHEMERAL : { first: request.first, last: request.last };
    const size = range.last - range.first + 1;
    const [ip = ''] = request.ips;
    const begin = this.#last.get(rangeKey(request, ip, range)) ?? range.last;
    for (let i = 1; i <= size; i++) {
      const port = range.first + ((begin - range.first + i) % size);
      if (this.#holder(request, port) !== undefined) continue;
      for (const each of request.ips) this.#last.set(rangeKey(request, each, range), port);
      return { ok: true, port };
    }
    return { ok: false, message: ALL_ALLOCATED };
  }

  /** The address that has the port already and leaves no room for one of those asked for. */
  #holder({ machine, protocol, ips }: PortRequest, port: number): string | undefined {
    const taken = this.#on(machine, protocol, port).map(({ ip }) => ip);
    const all = ALL.find((ip) => taken.includes(ip) && ips.some((one) => sameFamily(one, ip)));
    return (
      ips.find((ip) => taken.includes(ip)) ??
      all ??
      taken.find((ip) => ips.some((one) => ALL.includes(one) && sameFamily(one, ip)))
    );
  }

  #on(machine: string, protocol: string, port: number): TakenPort[] {
    return [...this.#taken.withPrefix(groupOf(machine, protocol, port))].map(([, row]) => row);
  }
}

const ALL_ALLOCATED = 'all ports are allocated';

const sameFamily = (a: string, b: string): boolean => isIpv6(a) === isIpv6(b);

const rangeKey = (
  { machine, protocol }: PortRequest,
  ip: string,
  { first, last }: { first: number; last: number },
): string => `${machine} ${ip} ${protocol} ${first}-${last}`;
