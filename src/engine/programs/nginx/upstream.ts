import type { NameAnswer, NameQuestion } from '../program.ts';
import type { Directive } from './configuration.ts';
import type { Exchange } from './exchange.ts';
import { ordinaryPeer, type Peer } from './peers.ts';
import { settingOf, timeSettingOf, type UpstreamServer } from './sites.ts';

/**
 * Who stands behind a `proxy_pass`: the addresses that names had when the configuration was read,
 * or, for what contains a variable and for servers that `resolve`, the addresses they have now
 * (nginx 1.29 `src/http/ngx_http_upstream.c`, `ngx_http_upstream_zone_module.c`,
 * `src/core/ngx_resolver.c`).
 *
 * Simplified: the names of servers that `resolve` are asked for when a request comes and the last
 * answer is too old, where nginx asks again and again in the background.
 */
export type Names = Readonly<
  Record<string, { readonly ips: readonly string[]; readonly untilMs: number }>
>;

export interface Known {
  readonly peers: readonly Peer[];
  /** As it is called in the log where none of them is left. */
  readonly name: string;
  /** Under which what happens to them is remembered; undefined where it is not. */
  readonly key?: string;
  readonly names: Names;
}

export interface Unknown {
  readonly failure: string;
  readonly waitedMs?: number;
}

interface Asked {
  /** As `proxy_pass` has it, variables and all. */
  readonly target: string;
  readonly host: string;
  readonly port: number;
  readonly names: Names;
}

const RESOLVER_TIMEOUT_MS = 30_000;
const isAddress = (host: string): boolean => /^\d+(\.\d+){3}$/.test(host);
const LOCALHOST = ['127.0.0.1'];

export function upstreamOf(
  exchange: Exchange,
  location: Directive | undefined,
  { target, host, port, names }: Asked,
): Known | Unknown | { readonly lookup: NameQuestion } {
  const { site, client } = exchange;
  const block = Object.hasOwn(site.upstreams, host) ? site.upstreams[host]! : undefined;
  if (block) {
    const resolver = resolverOf(exchange, location, block.directives);
    return ofBlock(exchange, { name: host, servers: block.servers, names, resolver });
  }
  const ofPort = (ip: string) => ordinaryPeer(`${ip}:${port}`);
  if (!/^\w+:\/\/[^/]*\$/.test(target)) {
    const peers = knownAtStart(exchange, host).map(ofPort);
    return { peers, name: host, key: `${host}:${port}`, names };
  }
  if (isAddress(host)) return { peers: [ofPort(host)], name: host, names };
  const resolver = resolverOf(exchange, location, []);
  if (!resolver) return { failure: `no resolver defined to resolve ${host}` };
  const found = addressesOf(exchange, host, names, resolver);
  if ('lookup' in found) return found;
  const { ips, why } = found;
  if (why === 'silent') {
    const limit = settingOf('resolver_timeout', location?.block, exchange.site.http)?.[0];
    const failure = `${host} could not be resolved (110: Operation timed out)`;
    return { failure, waitedMs: timeSettingOf(limit) ?? RESOLVER_TIMEOUT_MS };
  }
  if (why === 'unknown') return { failure: `${host} could not be resolved (3: Host not found)` };
  const first = client.timeMs % Math.max(1, ips.length);
  // The resolver tells the addresses of a name in turn, beginning anywhere.
  const turned = [...ips.slice(first), ...ips.slice(0, first)];
  return { peers: turned.map(ofPort), name: host, names: found.names };
}

const knownAtStart = ({ client }: Exchange, host: string): readonly string[] => {
  const { hosts = {} } = client.resolved ?? {};
  if (Object.hasOwn(hosts, host)) return hosts[host]!;
  return host === 'localhost' ? LOCALHOST : [host];
};

interface Resolver {
  readonly server: string;
  /** How long an answer counts, whatever it says itself. */
  readonly validMs?: number;
}

function resolverOf(
  { server, site }: Exchange,
  location: Directive | undefined,
  within: readonly Directive[],
): Resolver | undefined {
  const words = settingOf('resolver', within, location?.block, server.directives, site.http);
  const address = words?.find((word) => !word.includes('='));
  if (address === undefined) return undefined;
  const valid = words?.find((word) => word.startsWith('valid='))?.slice('valid='.length);
  const validMs = timeSettingOf(valid);
  return { server: address.replace(/:\d+$/, ''), ...(validMs !== undefined && { validMs }) };
}

interface Block {
  readonly name: string;
  readonly servers: readonly UpstreamServer[];
  readonly names: Names;
  readonly resolver: Resolver | undefined;
}

function ofBlock(
  exchange: Exchange,
  { name, servers, names: before, resolver }: Block,
): Known | { readonly lookup: NameQuestion } {
  let names = before;
  const peers: Peer[] = [];
  for (const { host, port, resolves, ...rest } of servers) {
    let ips = knownAtStart(exchange, host);
    if (resolves && resolver && !isAddress(host)) {
      const found = addressesOf(exchange, host, names, resolver);
      if ('lookup' in found) return found;
      ({ ips, names } = found);
    }
    peers.push(...ips.map((ip) => ({ ...rest, address: `${ip}:${port}` })));
  }
  return { peers, name, key: name, names };
}

interface Found {
  readonly ips: readonly string[];
  readonly names: Names;
  readonly why?: 'unknown' | 'silent';
}

/** The addresses of a name as they are remembered, or as the server said when it was asked. */
function addressesOf(
  { client }: Exchange,
  name: string,
  names: Names,
  { server, validMs }: Resolver,
): Found | { readonly lookup: NameQuestion } {
  const { timeMs, answers = [] } = client;
  const remembered = Object.hasOwn(names, name) ? names[name]! : undefined;
  if (remembered && timeMs < remembered.untilMs) return { ips: remembered.ips, names };
  const answer: NameAnswer | undefined = answers.find((one) => one.name === name);
  if (!answer) return { lookup: { name, server } };
  if (answer.ips === 'silent') return { ips: remembered?.ips ?? [], names, why: 'silent' };
  if (answer.ips.length === 0) return { ips: [], names: { ...names }, why: 'unknown' };
  const untilMs = timeMs + (validMs ?? answer.ttl * 1000);
  return { ips: answer.ips, names: { ...names, [name]: { ips: answer.ips, untilMs } } };
}
