import { assert } from '../sim/assert.ts';
import type { Kernel } from '../sim/kernel.ts';
import type { Table } from '../sim/store.ts';

/**
 * Who has which IPv4 address. A pool hands addresses out in order and goes round, as Docker's
 * default allocator and the host-local CNI plugin do: a freed address comes back last.
 */
export interface AddressRow {
  /** The machine at which packets for the address arrive. */
  readonly machine: string;
  readonly owner: string;
  /** The network of the machine it belongs to, where machines have several. */
  readonly network?: string;
}

interface PoolRow {
  /** The one machine on which its addresses mean something; undefined: everywhere. */
  readonly on?: string;
  readonly first: number;
  readonly last: number;
  readonly next: number;
  readonly used: number;
}

export function parseIpv4(text: string): number | undefined {
  const parts = text.split('.');
  if (parts.length !== 4) return undefined;
  let value = 0;
  for (const part of parts) {
    if (!/^(0|[1-9]\d{0,2})$/.test(part) || Number(part) > 255) return undefined;
    value = value * 256 + Number(part);
  }
  return value;
}

export function formatIpv4(value: number): string {
  return `${value >>> 24}.${(value >>> 16) & 255}.${(value >>> 8) & 255}.${value & 255}`;
}

/** First and last address of `10.244.1.0/24`, network and broadcast address included. */
export function parseCidr(cidr: string): { first: number; last: number } | undefined {
  const [address = '', bits = ''] = cidr.split('/');
  const value = parseIpv4(address);
  if (value === undefined || !/^\d{1,2}$/.test(bits) || Number(bits) > 32) return undefined;
  const size = bits === '0' ? 2 ** 32 : (1 << (32 - Number(bits))) >>> 0;
  const first = value - (value % size);
  return { first, last: first + size - 1 };
}

const keyOf = (ip: string, on: string | undefined): string =>
  on === undefined ? ip : `${on}/${ip}`;

export class Addresses {
  readonly #pools: Table<string, PoolRow>;
  readonly #rows: Table<string, AddressRow>;
  readonly #names: Table<string, string>;

  constructor(kernel: Kernel) {
    this.#pools = kernel.store.table<PoolRow>('net/pools');
    this.#rows = kernel.store.table<AddressRow>('net/addresses');
    this.#names = kernel.store.table<string>('net/names');
  }

  /**
   * Opens a pool; network, gateway (the first host) and broadcast address are never handed out. With
   * `on` it is that machine's own, as Docker's bridge is, and other machines may use the same range.
   */
  addPool(pool: string, cidr: string, on?: string): void {
    const range = parseCidr(cidr);
    assert(range && range.last - range.first >= 3, `${cidr} is no range for the pool ${pool}`);
    const first = range.first + 2;
    const own = on === undefined ? {} : { on };
    this.#pools.set(pool, { ...own, first, last: range.last - 1, next: first, used: 0 });
  }

  hasPool(pool: string): boolean {
    return this.#pools.has(pool);
  }

  removePool(pool: string): void {
    this.#pools.delete(pool);
  }

  /** The next free address of a pool; undefined when none is left. */
  allocate(pool: string, owner: AddressRow): string | undefined {
    const row = this.#pools.need(pool);
    const { first, last, next, used, on } = row;
    const size = last - first + 1;
    for (let i = 0; i < size && used < size; i++) {
      const value = first + ((next - first + i) % size);
      const ip = formatIpv4(value);
      if (this.#rows.has(keyOf(ip, on))) continue;
      this.#rows.set(keyOf(ip, on), owner);
      const after = value === last ? first : value + 1;
      this.#pools.set(pool, { ...row, next: after, used: used + 1 });
      return ip;
    }
    return undefined;
  }

  /** Gives an address back to the pool it came from. */
  release(pool: string, ip: string): void {
    if (!this.#rows.delete(keyOf(ip, this.#pools.get(pool)?.on))) return;
    if (this.#pools.has(pool)) this.#pools.update(pool, (row) => ({ ...row, used: row.used - 1 }));
  }

  /** A fixed address: a machine's own. */
  assign(ip: string, row: AddressRow): void {
    this.#rows.set(ip, row);
  }

  /** An address of a machine's own network, taken by who manages its pool. */
  claim(ip: string, row: AddressRow, on: string): void {
    this.#rows.set(keyOf(ip, on), row);
  }

  /** Lets such an address go; false when nobody had it. */
  drop(ip: string, on: string): boolean {
    return this.#rows.delete(keyOf(ip, on));
  }

  /** Who has an address; with `on`, among the machine's own. */
  at(ip: string, on?: string): AddressRow | undefined {
    return this.#rows.get(keyOf(ip, on));
  }

  /** The machine whose own address this is. */
  machineWith(ip: string): string | undefined {
    const row = this.#rows.get(ip);
    return row && row.owner === row.machine ? row.machine : undefined;
  }

  /** What every machine's hosts file says. */
  setName(name: string, ip: string): void {
    this.#names.set(name, ip);
  }

  /** An address for a name or for an address; undefined when the name is unknown. */
  resolve(name: string): string | undefined {
    if (name === 'localhost') return '127.0.0.1';
    return parseIpv4(name) === undefined ? this.#names.get(name) : name;
  }
}
