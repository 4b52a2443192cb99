import { formatIpv4, parseIpv4 } from '../../net/address.ts';

/**
 * The arithmetic of the ranges that Services draw from. Each range is split in two: dynamic picks
 * come from the upper band first, so that the lower one stays free for people's own choices
 * (pkg/registry/core/service/{ipallocator/ipallocator,portallocator/allocator}.go, v1.36; KEP-3070,
 * KEP-3668).
 */
export interface IpRange {
  readonly family: 'IPv4' | 'IPv6';
  /** The lowest address that can be given. */
  readonly first: bigint;
  /** How many can be given. */
  readonly size: number;
  /** Where the upper band begins, counted from the lowest address. */
  readonly offset: number;
}

const BAND_MIN = 16;
const IP_STEP = 16;
const IP_BAND_MAX = 256;
const PORT_STEP = 32;
const PORT_BAND_MAX = 128;

/** An IPv6 range counts for as many addresses as an IPv4 /16. */
const IPV6_LIMIT = 65_536n;

/** size / step, at least 16 and at most `max`; nothing of a range that is no larger than 16. */
function bandOf(size: number, step: number, max: number): number {
  if (size <= BAND_MIN) return 0;
  return Math.min(Math.max(BAND_MIN, Math.floor(size / step)), max);
}

/** The lower band of a range of node ports. */
export const portBand = (size: number): number => bandOf(size, PORT_STEP, PORT_BAND_MAX);

/**
 * The addresses of a Service range: neither the network's own nor, of IPv4, the broadcast address.
 * Undefined when the text is no range.
 */
export function ipRange(cidr: string): IpRange | undefined {
  const [address = '', length = ''] = cidr.split('/');
  const ip = parseIp(address);
  const bits = Number(length);
  if (!ip || !/^\d{1,3}$/.test(length)) return undefined;
  const width = ip.family === 'IPv4' ? 32 : 128;
  if (bits > width) return undefined;
  const total = 1n << BigInt(width - bits);
  const base = ip.value - (ip.value % total);
  const counted = ip.family === 'IPv6' && total > IPV6_LIMIT ? IPV6_LIMIT : total;
  const unusable = ip.family === 'IPv4' ? 2 : 1;
  const size = Math.max(0, Number(counted) - unusable);
  const offset = bandOf(Number(counted), IP_STEP, IP_BAND_MAX);
  return { family: ip.family, first: base + 1n, size, offset };
}

/** The place of an address in a range, from 0; undefined when it is outside. */
export function placeInRange(range: IpRange, address: string): number | undefined {
  const ip = parseIp(address);
  if (ip?.family !== range.family) return undefined;
  const place = ip.value - range.first;
  return place >= 0n && place < BigInt(range.size) ? Number(place) : undefined;
}

/** The address at a place of a range. */
export function addressAt(range: IpRange, place: number): string {
  const value = range.first + BigInt(place);
  return range.family === 'IPv4' ? formatIpv4(Number(value)) : formatIpv6(value);
}

interface Ip {
  readonly family: 'IPv4' | 'IPv6';
  readonly value: bigint;
}

/** An address of either family; undefined when the text is none. */
export function parseIp(text: string): Ip | undefined {
  const v4 = parseIpv4(text);
  if (v4 !== undefined) return { family: 'IPv4', value: BigInt(v4) };
  const value = parseIpv6(text);
  return value === undefined ? undefined : { family: 'IPv6', value };
}

function parseIpv6(text: string): bigint | undefined {
  const halves = text.split('::');
  if (halves.length > 2 || !text.includes(':')) return undefined;
  const [head = [], tail = []] = halves.map((half) => (half === '' ? [] : half.split(':')));
  const missing = 8 - head.length - tail.length;
  if (halves.length === 2 ? missing < 1 : missing !== 0) return undefined;
  const groups = [...head, ...Array<string>(missing).fill('0'), ...tail];
  if (!groups.every((group) => /^[0-9a-f]{1,4}$/i.test(group))) return undefined;
  return groups.reduce((sum, group) => (sum << 16n) + BigInt(`0x${group}`), 0n);
}

function formatIpv6(value: bigint): string {
  const groups = Array.from({ length: 8 }, (_, i) =>
    ((value >> BigInt(16 * (7 - i))) & 0xffffn).toString(16),
  );
  const text = groups.join(':');
  const runs = [...text.matchAll(/(?:^|:)0(?::0)+(?=:|$)/g)].map(([run]) => run);
  const longest = runs.reduce((best, run) => (run.length > best.length ? run : best), '');
  if (longest === '') return text;
  return text
    .replace(longest, ':')
    .replace(/^:(?!:)/, '::')
    .replace(/([^:]):$/, '$1::');
}

export interface PortRange {
  readonly base: number;
  readonly size: number;
}

/** kube-apiserver's `--service-node-port-range` when it is left out. */
export const DEFAULT_NODE_PORTS: PortRange = { base: 30_000, size: 2_768 };

/** `30000-32767` or `30000+2767`; undefined when the text is no range. */
export function parsePortRange(text: string): PortRange | undefined {
  const match = /^\s*(\d{1,5})\s*(?:([-+])\s*(\d{1,5})\s*)?$/.exec(text);
  if (!match) return undefined;
  const base = Number(match[1]);
  const second = match[3] === undefined ? base : Number(match[3]);
  const last = match[2] === '+' ? base + second : second;
  return last < base || last > 65_535 ? undefined : { base, size: last - base + 1 };
}

export const portRangeText = ({ base, size }: PortRange): string => `${base}-${base + size - 1}`;
