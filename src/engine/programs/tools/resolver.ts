import { readFile, stat } from '../../machine/files.ts';
import {
  reverseName,
  type DnsAnswer,
  type DnsQuestion,
  type RecordType,
} from '../../net/dns-message.ts';
import { ask } from '../../sim/process.ts';
import type { Step } from './console.ts';

/** How the tools that ask for names find out whom to ask, and what (resolv.conf(5), hosts(5)). */
export interface Resolver {
  readonly servers: readonly string[];
  readonly search: readonly string[];
  readonly ndots: number;
}

export function* readResolver(place: string): Step<Resolver> {
  const text = (yield* readFile(place, '/etc/resolv.conf'))?.content ?? '';
  const words = (pattern: RegExp) => pattern.exec(text)?.[1]?.trim().split(/\s+/) ?? [];
  return {
    servers: [...text.matchAll(/^nameserver\s+(\S+)/gm)].map(([, server = '']) => server),
    search: words(/^search\s+(.*)$/m),
    ndots: Number(/^options\b.*\bndots:(\d+)/m.exec(text)?.[1] ?? 1),
  };
}

/** One question to a server; `silent` when nobody answers. */
export function* query(question: DnsQuestion): Step<DnsAnswer | 'silent'> {
  return yield* ask<DnsAnswer | 'silent'>('net/query', question);
}

export const isIpv4 = (text: string): boolean => /^\d{1,3}(?:\.\d{1,3}){3}$/.test(text);

/** A name as the C library hears of it. */
export interface Host {
  readonly ips: readonly string[];
  /** What the name is short for, or an alias of. */
  readonly canonical: string;
  /** Other names that the file of hosts has for it. */
  readonly aliases: readonly string[];
}

/** Whether the programs of a place stand on musl, as Alpine's do. */
export function* isMusl(place: string): Step<boolean> {
  return (yield* stat(place, '/etc/alpine-release', true)) !== undefined;
}

function* hostInFile(place: string, name: string): Step<Host | undefined> {
  const text = (yield* readFile(place, '/etc/hosts'))?.content ?? '';
  for (const line of text.split('\n')) {
    const [ip = '', ...names] = line.replace(/#.*/, '').trim().split(/\s+/);
    const [canonical = '', ...aliases] = names;
    if (isIpv4(ip) && names.includes(name)) return { ips: [ip], canonical, aliases };
  }
  return undefined;
}

/** What is asked for a name, in order. musl never searches for one that has dots enough. */
function candidates(name: string, { search, ndots }: Resolver, musl: boolean): readonly string[] {
  if (name.endsWith('.')) return [name];
  const searched = search.map((domain) => `${name}.${domain}`);
  const isLong = name.split('.').length > ndots;
  if (isLong) return musl ? [name] : [name, ...searched];
  return [...searched, name];
}

/**
 * The addresses of a name: from the file of hosts, else from the first server (musl 1.2
 * `src/network/lookup_name.c`; glibc 2.41 `resolv/res_query.c`). musl stops at a name that is there,
 * even without an address.
 */
export function* findHost(place: string, name: string): Step<Host | 'silent' | undefined> {
  const known = yield* hostInFile(place, name);
  if (known) return known;
  const resolver = yield* readResolver(place);
  const musl = yield* isMusl(place);
  for (const full of candidates(name, resolver, musl)) {
    const answer = yield* query({ name: full, type: 'A', place });
    if (answer === 'silent') return 'silent';
    const ips = answer.answers.filter(({ type }) => type === 'A');
    const canonical = (ips[0]?.name ?? full).replace(/\.$/, '');
    if (ips.length > 0) return { ips: ips.flatMap(({ data }) => data), canonical, aliases: [] };
    if (musl && answer.code === 'NOERROR') return undefined;
  }
  return undefined;
}

/** The name of an address; undefined when it has none. */
export function* nameOfAddress(place: string, ip: string): Step<string | undefined> {
  const type: RecordType = 'PTR';
  const answer = yield* query({ name: reverseName(ip), type, place });
  return answer === 'silent' ? undefined : answer.answers[0]?.data[0];
}
