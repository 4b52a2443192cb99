import { assert } from '../../sim/assert.ts';
import type { Kernel } from '../../sim/kernel.ts';
import type { Table } from '../../sim/store.ts';
import {
  addressAt,
  DEFAULT_NODE_PORTS,
  ipRange,
  placeInRange,
  portBand,
  portRangeText,
  type IpRange,
  type PortRange,
} from './bands.ts';

/**
 * Which addresses and node ports Services have. What is asked for by number may lie in either band;
 * what is drawn comes from the upper one while there is room
 * (pkg/registry/core/service/{ipallocator,portallocator}, v1.36).
 *
 * Simplified: IPv4 only; kept in a table of the server instead of IPAddress objects.
 */
export class ServiceRanges {
  readonly #kernel: Kernel;
  readonly #cluster: string;
  readonly #cidr: string;
  readonly #ips: Table<string, string>;
  readonly #ports: Table<number, string>;
  readonly #range: IpRange;
  readonly #portRange: PortRange = DEFAULT_NODE_PORTS;

  constructor(kernel: Kernel, cluster: string, cidr: string) {
    const range = ipRange(cidr);
    assert(range && range.size >= 14, `${cidr} is too small for Services`);
    this.#kernel = kernel;
    this.#cluster = cluster;
    this.#cidr = cidr;
    this.#range = range;
    this.#ips = kernel.store.table<string>(`apiserver/${cluster}/cluster-ips`);
    this.#ports = kernel.store.table<string, number>(`apiserver/${cluster}/node-ports`);
  }

  /** Why a Service may not have an address; undefined when it may. */
  refusesIp(ip: string, service: string): string | undefined {
    if (placeInRange(this.#range, ip) === undefined) {
      return `the provided IP (${ip}) is not in the valid range. The range of valid IPs is ${this.#cidr}`;
    }
    const owner = this.#ips.get(ip);
    return owner === undefined || owner === service
      ? undefined
      : 'provided IP is already allocated';
  }

  /** A free address; undefined when there is none left. */
  drawIp(service: string): string | undefined {
    const { offset, size } = this.#range;
    const random = this.#kernel.random('apiserver', this.#cluster, 'cluster-ip', service);
    const free = (place: number): boolean => !this.#ips.has(addressAt(this.#range, place));
    const upper = size - offset;
    const place =
      firstFree(offset, upper, random.integer(0, upper - 1), free) ??
      (offset > 0 ? firstFree(0, offset, random.integer(0, offset - 1), free) : undefined);
    return place === undefined ? undefined : addressAt(this.#range, place);
  }

  /** The lowest address of the range: that of the Service `kubernetes`. */
  get firstIp(): string {
    return addressAt(this.#range, 0);
  }

  refusesPort(port: number, service: string): string | undefined {
    const { base, size } = this.#portRange;
    if (port < base || port >= base + size) {
      const range = portRangeText(this.#portRange);
      return `provided port is not in the valid range. The range of valid ports is ${range}`;
    }
    const owner = this.#ports.get(port);
    return owner === undefined || owner === service
      ? undefined
      : 'provided port is already allocated';
  }

  /** A free node port that is not among `taken` either; undefined when there is none left. */
  drawPort(service: string, draw: number, taken: ReadonlySet<number>): number | undefined {
    const { base, size } = this.#portRange;
    const band = portBand(size);
    const random = this.#kernel.random('apiserver', this.#cluster, 'node-port', service, draw);
    const free = (place: number): boolean =>
      !this.#ports.has(base + place) && !taken.has(base + place);
    const place =
      firstFree(band, size - band, random.integer(0, size - band - 1), free) ??
      (band > 0 ? firstFree(0, band, random.integer(0, band - 1), free) : undefined);
    return place === undefined ? undefined : base + place;
  }

  take(service: string, ips: readonly string[], ports: readonly number[]): void {
    for (const ip of ips) this.#ips.set(ip, service);
    for (const port of ports) this.#ports.set(port, service);
  }

  release(service: string, ips: readonly string[], ports: readonly number[]): void {
    for (const ip of ips) if (this.#ips.get(ip) === service) this.#ips.delete(ip);
    for (const port of ports) if (this.#ports.get(port) === service) this.#ports.delete(port);
  }
}

/** The first free place of a band, from a start and round. */
function firstFree(
  from: number,
  size: number,
  start: number,
  free: (place: number) => boolean,
): number | undefined {
  for (let i = 0; i < size; i++) {
    const place = from + ((start + i) % size);
    if (free(place)) return place;
  }
  return undefined;
}
