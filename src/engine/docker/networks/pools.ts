import type { Prefix } from '../../net/prefix.ts';
import {
  comparePrefixes,
  formatPrefix,
  lastAddress,
  overlaps,
  parsePrefix,
  prefixSize,
} from '../../net/prefix.ts';
import { assert } from '../../sim/assert.ts';

/**
 * Where networks that name no subnet get theirs from (moby/moby v29.7
 * `daemon/libnetwork/ipamutils/utils.go`, `ipams/defaultipam/address_space.go`).
 */
export interface AddressPool {
  readonly base: Prefix;
  /** Bits of each subnet cut from it. */
  readonly size: number;
}

const pool = (text: string, size: number): AddressPool => {
  const base = parsePrefix(text);
  assert(base, `${text} is no prefix`);
  return { base, size };
};

/** Of one machine. */
export const LOCAL_POOLS: readonly AddressPool[] = [
  pool('172.17.0.0/16', 16),
  pool('172.18.0.0/16', 16),
  pool('172.19.0.0/16', 16),
  pool('172.20.0.0/14', 16),
  pool('172.24.0.0/14', 16),
  pool('172.28.0.0/14', 16),
  pool('192.168.0.0/16', 20),
];

/** Of a whole swarm. */
export const SWARM_POOLS: readonly AddressPool[] = [pool('10.0.0.0/8', 24)];

/** Pools as `docker info` and an API client see them. */
export const describePools = (pools: readonly AddressPool[]): { Base: string; Size: number }[] =>
  pools.map(({ base, size }) => ({ Base: formatPrefix(base), Size: size }));

/**
 * The first subnet of the pools, in order of their addresses, that touches none of those taken;
 * with `bits`, of that size. `invalid`: no pool can be cut that way.
 */
export function firstFree(
  pools: readonly AddressPool[],
  taken: readonly Prefix[],
  bits = 0,
): Prefix | 'exhausted' | 'invalid' {
  const sorted = [...pools]
    .sort((a, b) => comparePrefixes(a.base, b.base))
    .filter((one, i, all) => !all.slice(0, i).some(({ base }) => overlaps(base, one.base)))
    .filter(({ base }) => bits === 0 || base.bits <= bits);
  if (sorted.length === 0) return 'invalid';
  const occupied = [...taken].sort(comparePrefixes);
  for (const { base, size } of sorted) {
    const step = bits === 0 ? size : bits;
    let next = { address: base.address, bits: step };
    for (const one of occupied) {
      if (!overlaps(one, next)) continue;
      const behind = lastAddress(one) + 1;
      const width = prefixSize(step);
      next = { address: Math.ceil(behind / width) * width, bits: step };
    }
    if (lastAddress(next) <= lastAddress(base)) return next;
  }
  return 'exhausted';
}
