import { formatIpv4, parseCidr } from '../../net/address.ts';
import type { Kernel } from '../../sim/kernel.ts';
import type { Table } from '../../sim/store.ts';
import { assert } from '../../sim/assert.ts';

/**
 * Addresses of Services (pkg/registry/core/service/ipallocator/ipallocator.go, v1.36): drawn at
 * random from the upper part of the range, the lower part being kept for fixed picks:
 * offset = min(max(16, size / 16), 256).
 */
const TRIES = 1000;

export class ClusterIps {
  readonly #kernel: Kernel;
  readonly #cluster: string;
  readonly #used: Table<string, string>;
  readonly #first: number;
  readonly #size: number;
  readonly #offset: number;

  constructor(kernel: Kernel, cluster: string, cidr: string) {
    this.#kernel = kernel;
    this.#cluster = cluster;
    this.#used = kernel.store.table<string>(`apiserver/${cluster}/cluster-ips`);
    const range = parseCidr(cidr);
    assert(range && range.last - range.first >= 255, `${cidr} is too small for Services`);
    // Neither the network's own address nor the broadcast address.
    this.#first = range.first + 1;
    this.#size = range.last - range.first - 1;
    this.#offset = dynamicOffset(this.#size);
  }

  /** Takes a certain address; false when another Service has it. */
  reserve(ip: string, service: string): boolean {
    const owner = this.#used.get(ip);
    if (owner !== undefined && owner !== service) return false;
    this.#used.set(ip, service);
    return true;
  }

  /** A free address; undefined when there is none left. */
  allocate(service: string): string | undefined {
    const random = this.#kernel.random('apiserver', this.#cluster, 'cluster-ip', service);
    for (let i = 0; i < TRIES; i++) {
      const ip = formatIpv4(this.#first + random.integer(this.#offset, this.#size - 1));
      if (this.#used.has(ip)) continue;
      this.#used.set(ip, service);
      return ip;
    }
    return this.#firstFree(service);
  }

  release(ip: string): void {
    this.#used.delete(ip);
  }

  /** Goes through the range in order, once a thousand draws have met only addresses in use. */
  #firstFree(service: string): string | undefined {
    for (let i = 0; i < this.#size; i++) {
      const ip = formatIpv4(this.#first + ((this.#offset + i) % this.#size));
      if (!this.#used.has(ip)) {
        this.#used.set(ip, service);
        return ip;
      }
    }
    return undefined;
  }
}

/** How many addresses at the start of a range are kept for fixed picks. */
export function dynamicOffset(size: number): number {
  const offset = Math.min(Math.max(16, Math.floor(size / 16)), 256);
  return offset >= size ? 0 : offset;
}
