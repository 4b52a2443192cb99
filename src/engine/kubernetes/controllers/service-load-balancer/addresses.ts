/**
 * The addresses that a cluster's load balancer gives to Services: a small range beside those of the
 * machines, as MetalLB is given one (metallb.io/configuration, `IPAddressPool`).
 */
export interface AddressRange {
  readonly prefix: string;
  readonly first: number;
  readonly last: number;
}

export const LOAD_BALANCER_RANGE: AddressRange = { prefix: '192.168.11.', first: 240, last: 250 };

/** The lowest free address; undefined when the range is used up. */
export function freeAddress(range: AddressRange, taken: ReadonlySet<string>): string | undefined {
  for (let last = range.first; last <= range.last; last++) {
    const address = `${range.prefix}${last}`;
    if (!taken.has(address)) return address;
  }
  return undefined;
}

export function isInRange({ prefix, first, last }: AddressRange, address: string): boolean {
  if (!address.startsWith(prefix)) return false;
  const number = Number(address.slice(prefix.length));
  return Number.isInteger(number) && first <= number && number <= last;
}
