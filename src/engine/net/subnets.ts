import { assert } from '../sim/assert.ts';
import type { Kernel } from '../sim/kernel.ts';
import type { Table } from '../sim/store.ts';
import { formatIpv4, parseIpv4, type Addresses, type AddressRow } from './address.ts';
import { contains, lastAddress, masked, type Prefix } from './prefix.ts';

/**
 * Subnets whose addresses are handed out lowest first: what was given back is given out again
 * before any that was never used (moby/moby v29.7
 * `daemon/libnetwork/ipams/defaultipam/allocator.go`, `internal/addrset/addrset.go`). Who has which
 * address stands in {@link Addresses}.
 */
interface SubnetRow {
  readonly on: string;
  readonly prefix: Prefix;
  /** What is handed out unasked. */
  readonly first: number;
  readonly last: number;
  /** From here on nothing was handed out unasked. */
  readonly next: number;
  readonly used: number;
  readonly usedInRange: number;
}

export interface SubnetUse {
  readonly used: number;
  /** Of those handed out unasked. */
  readonly free: number;
}

const DIGITS = 10;
/** A prefix this long is a link between two ends: no network and no broadcast address. */
const POINT_TO_POINT_BITS = 31;

const freedKey = (subnet: string, value: number): string =>
  `${subnet} ${String(value).padStart(DIGITS, '0')}`;

export class Subnets {
  readonly #addresses: Addresses;
  readonly #rows: Table<string, SubnetRow>;
  readonly #freed: Table<string, number>;

  constructor(kernel: Kernel, addresses: Addresses) {
    this.#addresses = addresses;
    this.#rows = kernel.store.table<SubnetRow>('net/subnets');
    this.#freed = kernel.store.table<number>('net/freed');
  }

  /** Opens a subnet on a machine; with `range`, only its addresses are handed out unasked. */
  open(subnet: string, on: string, prefix: Prefix, range: Prefix = prefix): void {
    const first = masked(range).address;
    const row = { on, prefix: masked(prefix), first, last: lastAddress(range), next: first };
    this.#rows.set(subnet, { ...row, used: 0, usedInRange: 0 });
    if (prefix.bits >= POINT_TO_POINT_BITS) return;
    const owner = { machine: on, owner: '' };
    this.claim(subnet, formatIpv4(masked(prefix).address), owner);
    this.claim(subnet, formatIpv4(lastAddress(prefix)), owner);
  }

  /** Closes a subnet from which everything was given back but network and broadcast address. */
  close(subnet: string): void {
    const row = this.#rows.get(subnet);
    if (!row) return;
    this.#addresses.drop(formatIpv4(row.prefix.address), row.on);
    this.#addresses.drop(formatIpv4(lastAddress(row.prefix)), row.on);
    for (const [key] of this.#freed.withPrefix(`${subnet} `)) this.#freed.delete(key);
    this.#rows.delete(subnet);
  }

  /** The lowest free address; undefined when none is left. */
  allocate(subnet: string, owner: AddressRow): string | undefined {
    const [freed] = this.#freed.withPrefix(`${subnet} `);
    if (freed) return this.#give(subnet, freed[1], owner);
    const { on, next, last } = this.#rows.need(subnet);
    let value = next;
    while (value <= last && this.#addresses.at(formatIpv4(value), on)) value += 1;
    this.#rows.update(subnet, (row) => ({ ...row, next: value }));
    return value > last ? undefined : this.#give(subnet, value, owner);
  }

  /** A certain address; false when somebody has it. */
  claim(subnet: string, ip: string, owner: AddressRow): boolean {
    const value = parseIpv4(ip);
    const { on, prefix } = this.#rows.need(subnet);
    assert(value !== undefined && contains(prefix, value), `${ip} is not of ${subnet}`);
    if (this.#addresses.at(ip, on)) return false;
    this.#give(subnet, value, owner);
    return true;
  }

  release(subnet: string, ip: string): void {
    const row = this.#rows.get(subnet);
    const value = parseIpv4(ip);
    if (!row || value === undefined || !this.#addresses.drop(ip, row.on)) return;
    const inRange = value >= row.first && value <= row.last;
    if (inRange && value < row.next) this.#freed.set(freedKey(subnet, value), value);
    const usedInRange = row.usedInRange - (inRange ? 1 : 0);
    this.#rows.set(subnet, { ...row, used: row.used - 1, usedInRange });
  }

  has(subnet: string): boolean {
    return this.#rows.has(subnet);
  }

  use(subnet: string): SubnetUse {
    const { used, first, last, usedInRange } = this.#rows.need(subnet);
    return { used, free: last - first + 1 - usedInRange };
  }

  #give(subnet: string, value: number, owner: AddressRow): string {
    const row = this.#rows.need(subnet);
    const ip = formatIpv4(value);
    this.#addresses.claim(ip, owner, row.on);
    this.#freed.delete(freedKey(subnet, value));
    const inRange = value >= row.first && value <= row.last;
    this.#rows.set(subnet, {
      ...row,
      next: value === row.next ? value + 1 : row.next,
      used: row.used + 1,
      usedInRange: row.usedInRange + (inRange ? 1 : 0),
    });
    return ip;
  }
}
