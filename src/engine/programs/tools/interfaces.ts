import { readFile } from '../../machine/files.ts';
import { containerOf, machineOf } from '../../machine/place.ts';
import { formatIpv4, parseIpv4 } from '../../net/address.ts';
import type { NetworkInterface } from '../../net/interface.ts';
import { lastAddress, masked, prefixSize } from '../../net/prefix.ts';
import { ask } from '../../sim/process.ts';
import { hostNameOf, type Step } from './console.ts';

/**
 * The network interfaces of a place: what its network says of it, else what its own files and
 * names tell.
 *
 * Simplified: on machines, and in containers of others than Docker, prefixes are guessed and
 * hardware addresses made from the addresses.
 */
export type Interface = NetworkInterface;

const INTERFACE_LIMIT = 32;

export function* addressesOf(place: string): Step<readonly Interface[]> {
  const known = yield* ask<readonly Interface[] | undefined>('net/interfaces', { place });
  if (known) return known;
  const name = yield* hostNameOf(place);
  const hosts = (yield* readFile(place, '/etc/hosts'))?.content ?? '';
  const listed = hosts
    .split('\n')
    .map((line) => line.replace(/#.*/, '').trim().split(/\s+/))
    .filter(
      ([ip = '', ...names]) =>
        /^\d+\.\d+/.test(ip) && !ip.startsWith('127.') && names.includes(name),
    )
    .map(([ip = '']) => ip);
  const found = listed.length > 0 ? listed : yield* resolved(place, name);
  const inContainer = containerOf(place) !== undefined;
  return found.slice(0, INTERFACE_LIMIT).map((ip, i) => ({
    name: `eth${i}`,
    ip,
    prefix: inContainer ? 16 : 24,
    mac: `02:42:${ip
      .split('.')
      .map((part) => Number(part).toString(16).padStart(2, '0'))
      .join(':')}`,
    gateway: inContainer
      ? `${ip.split('.').slice(0, 2).join('.')}.0.1`
      : `${ip.split('.').slice(0, 3).join('.')}.1`,
  }));
}

function* resolved(place: string, name: string): Step<string[]> {
  const ip = yield* ask<string | undefined>('net/resolve', { name, place });
  if (ip !== undefined && !ip.startsWith('127.')) return [ip];
  if (containerOf(place) !== undefined) return [];
  const own = yield* ask<string | undefined>('net/resolve', { name: machineOf(place) });
  return own === undefined ? [] : [own];
}

/** The first address of a network and its last: `172.17.0.0`, `172.17.255.255`. */
export function rangeOf({ ip, prefix: bits }: Interface): { network: string; broadcast: string } {
  const prefix = { address: parseIpv4(ip) ?? 0, bits };
  return {
    network: formatIpv4(masked(prefix).address),
    broadcast: formatIpv4(lastAddress(prefix)),
  };
}

export const maskOf = (bits: number): string =>
  formatIpv4(lastAddress({ address: 0, bits: 0 }) + 1 - prefixSize(bits));
