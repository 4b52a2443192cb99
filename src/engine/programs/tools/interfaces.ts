import { readFile } from '../../machine/files.ts';
import { containerOf, machineOf } from '../../machine/place.ts';
import { ask } from '../../sim/process.ts';
import { hostNameOf, type Step } from './console.ts';

/**
 * The network interfaces of a place, as its own files and names tell them.
 *
 * Simplified: prefixes are those of Docker's default pools, /16; hardware addresses are made from
 * the addresses, as Docker did before 28.
 */
export interface Interface {
  readonly name: string;
  readonly ip: string;
  readonly prefix: number;
  readonly mac: string;
  readonly gateway: string;
}

const INTERFACE_LIMIT = 32;

export function* addressesOf(place: string): Step<Interface[]> {
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
export function rangeOf({ ip, prefix }: Interface): { network: string; broadcast: string } {
  const parts = ip.split('.');
  const kept = prefix / 8;
  const fill = (value: string) => parts.map((part, i) => (i < kept ? part : value)).join('.');
  return { network: fill('0'), broadcast: fill('255') };
}

export const maskOf = (prefix: number): string =>
  [0, 1, 2, 3].map((i) => (i < prefix / 8 ? '255' : '0')).join('.');
