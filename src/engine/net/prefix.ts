import { formatIpv4, parseIpv4 } from './address.ts';

/** A block of IPv4 addresses, `172.18.0.0/16`; the address may have bits behind the mask. */
export interface Prefix {
  readonly address: number;
  readonly bits: number;
}

/** As Go's `netip.ParsePrefix`, of IPv4; undefined when it is none. */
export function parsePrefix(text: string): Prefix | undefined {
  const match = /^([0-9.]+)\/(0|[1-9]\d?)$/.exec(text);
  const address = match && parseIpv4(match[1] ?? '');
  const bits = Number(match?.[2]);
  return typeof address !== 'number' || bits > 32 ? undefined : { address, bits };
}

export const formatPrefix = ({ address, bits }: Prefix): string => `${formatIpv4(address)}/${bits}`;

export const prefixSize = (bits: number): number =>
  bits === 0 ? 4_294_967_296 : (1 << (32 - bits)) >>> 0;

/** The block itself, without bits behind the mask. */
export const masked = ({ address, bits }: Prefix): Prefix => ({
  address: address - (address % prefixSize(bits)),
  bits,
});

export const lastAddress = (prefix: Prefix): number =>
  masked(prefix).address + prefixSize(prefix.bits) - 1;

export const contains = (prefix: Prefix, address: number): boolean =>
  address >= masked(prefix).address && address <= lastAddress(prefix);

export const overlaps = (a: Prefix, b: Prefix): boolean =>
  masked(a).address <= lastAddress(b) && masked(b).address <= lastAddress(a);

/** By address, bigger blocks first. */
export const comparePrefixes = (a: Prefix, b: Prefix): number =>
  a.address - b.address || a.bits - b.bits;
