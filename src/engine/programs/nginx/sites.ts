import type { FileView } from '../program.ts';
import { readConfiguration, type Configuration, type Directive } from './configuration.ts';

/** What of a configuration decides about answers: servers, locations, upstreams. */
export interface Site {
  readonly servers: readonly ServerBlock[];
  readonly upstreams: Readonly<Record<string, Upstream>>;
  readonly http: readonly Directive[];
  readonly main: readonly Directive[];
  readonly types: Readonly<Record<string, string>>;
}

export interface Upstream {
  readonly servers: readonly UpstreamServer[];
  readonly directives: readonly Directive[];
}

/** `server api:8080 weight=2 max_fails=3 fail_timeout=5s backup resolve;` */
export interface UpstreamServer {
  readonly host: string;
  readonly port: number;
  readonly weight: number;
  readonly maxFails: number;
  readonly failTimeoutS: number;
  readonly isBackup: boolean;
  readonly isDown: boolean;
  /** Its name is looked up again while nginx runs. */
  readonly resolves: boolean;
}

export interface ServerBlock {
  readonly ports: readonly number[];
  readonly isDefault: boolean;
  readonly names: readonly string[];
  readonly directives: readonly Directive[];
}

export const PATH = '/etc/nginx/nginx.conf';

const one = (directives: readonly Directive[], name: string): Directive | undefined =>
  directives.find((directive) => directive.name === name);

/** Where `listen` words lead: `80`, `[::]:80`, `127.0.0.1:8080`, `*:80`. */
function portOf(address: string): number {
  if (/^\d+$/.test(address)) return Number(address);
  const port = /:(\d+)$/.exec(address)?.[1];
  return port === undefined ? 80 : Number(port);
}

export function siteOf(directives: readonly Directive[]): Site {
  const http = one(directives, 'http')?.block ?? [];
  const servers = http
    .filter(({ name }) => name === 'server')
    .map(({ block = [] }): ServerBlock => {
      const listens = block.filter(({ name }) => name === 'listen');
      const ports = listens.map(({ args }) => portOf(args[0] ?? '80'));
      return {
        ports: ports.length === 0 ? [80] : [...new Set(ports)],
        isDefault: listens.some(({ args }) => args.includes('default_server')),
        names: block.filter(({ name }) => name === 'server_name').flatMap(({ args }) => args),
        directives: block,
      };
    });
  const upstreams = Object.fromEntries(
    http
      .filter(({ name }) => name === 'upstream')
      .map(({ args, block = [] }): [string, Upstream] => {
        const own = block.filter(({ name }) => name === 'server');
        return [args[0] ?? '', { servers: own.map(serverOf), directives: block }];
      }),
  );
  const types = (one(http, 'types')?.block ?? []).flatMap(({ name, args }) =>
    args.map((extension): [string, string] => [extension, name]),
  );
  return { servers, upstreams, http, main: directives, types: Object.fromEntries(types) };
}

const UNITS: Readonly<Record<string, number>> = {
  ...{ ms: 1, s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000 },
};

/** A time of the configuration, milliseconds: `10s`, `500ms`, `1m`, `30` seconds. */
export function timeSettingOf(text: string | undefined): number | undefined {
  const [, digits, unit = 's'] = /^(\d+)(ms|s|m|h|d)?$/.exec(text ?? '') ?? [];
  return digits === undefined ? undefined : Number(digits) * UNITS[unit]!;
}

function serverOf({ args: [address = '', ...words] }: Directive): UpstreamServer {
  const value = (name: string): string | undefined =>
    words.find((word) => word.startsWith(`${name}=`))?.slice(name.length + 1);
  return {
    host: address.replace(/:\d+$/, '').toLowerCase(),
    port: Number(/:(\d+)$/.exec(address)?.[1] ?? 80),
    weight: Number(value('weight') ?? 1),
    maxFails: Number(value('max_fails') ?? 1),
    failTimeoutS: Math.floor((timeSettingOf(value('fail_timeout')) ?? 10_000) / 1000),
    isBackup: words.includes('backup'),
    isDown: words.includes('down'),
    resolves: words.includes('resolve'),
  };
}

/** A host whose address nginx wants to know before it starts. */
export interface NamedHost {
  readonly host: string;
  /** As it is called where there is no such host. */
  readonly shown: string;
  readonly at: string;
}

const DEPTH = 8;

/**
 * The hosts of upstreams, and those that are passed to without one; what contains a variable is
 * looked up with each request instead (nginx 1.29 `ngx_http_upstream.c`,
 * `ngx_http_upstream_round_robin.c`).
 */
export function hostsOf({ http, upstreams }: Site): NamedHost[] {
  const hosts: NamedHost[] = [];
  const add = (shown: string, url: string, { file, line }: Directive): void => {
    const host = url.replace(/:\d+$/, '');
    const isName = !/^(unix:|\[|\d+\.\d+\.\d+\.\d+$|$)/.test(host) && host !== 'localhost';
    if (isName) hosts.push({ host: host.toLowerCase(), shown, at: `${file}:${line}` });
  };
  const visit = (directives: readonly Directive[], within: string, depth: number): void => {
    for (const directive of directives) {
      const { name, args, block } = directive;
      const [first = ''] = args;
      const isAskedLater = args.includes('resolve');
      if (name === 'server' && within === 'upstream' && !isAskedLater) add(first, first, directive);
      const passed = name === 'proxy_pass' ? /^https?:\/\/([^/$]+)(\/[^$]*)?$/.exec(first) : null;
      const [, target = ''] = passed ?? [];
      const own = target.replace(/:\d+$/, '');
      if (passed && !Object.hasOwn(upstreams, target)) add(own, target, directive);
      if (block && depth < DEPTH) visit(block, name, depth + 1);
    }
  };
  visit(http, 'http', 0);
  return hosts;
}

interface Known {
  readonly configuration: Configuration;
  readonly site: Site | undefined;
}

/** What reading a configuration looked at, and what it was. */
interface Seen {
  readonly known: Known;
  readonly reads: ReadonlyMap<string, Uint8Array | undefined>;
  readonly lists: ReadonlyMap<string, string>;
  readonly kinds: ReadonlyMap<string, string | undefined>;
}

/**
 * By the bytes of the first file: files that nobody changed are the same bytes everywhere. Containers
 * of one image share that file and may differ in those it includes, so there are several, the last
 * one used first.
 */
const read = new WeakMap<Uint8Array, Map<string, readonly Seen[]>>();
const SEEN_LIMIT = 32;

/** Configuration and site of a place; read again only when a file it comes from is another. */
export function readSite(files: FileView, path = PATH): Known {
  const first = files.read(path);
  const before = (first && read.get(first)?.get(path)) ?? [];
  const same = before.find((one) => isSame(one, files));
  if (same !== undefined && same === before[0]) return same.known;
  const seen = same ?? look(files, path);
  if (first) {
    const byPath = read.get(first) ?? new Map<string, readonly Seen[]>();
    const others = before.filter((one) => one !== seen).slice(0, SEEN_LIMIT - 1);
    read.set(first, byPath.set(path, [seen, ...others]));
  }
  return seen.known;
}

const listOf = (files: FileView, path: string): string => files.list(path).join('/');

const isSame = ({ reads, lists, kinds }: Seen, files: FileView): boolean =>
  [...reads].every(([path, bytes]) => files.read(path) === bytes) &&
  [...lists].every(([path, names]) => listOf(files, path) === names) &&
  [...kinds].every(([path, kind]) => files.kind(path) === kind);

function look(files: FileView, path: string): Seen {
  const reads = new Map<string, Uint8Array | undefined>();
  const lists = new Map<string, string>();
  const kinds = new Map<string, string | undefined>();
  const configuration = readConfiguration(
    {
      read(at) {
        const bytes = files.read(at);
        reads.set(at, bytes);
        return bytes;
      },
      list(at) {
        const names = files.list(at);
        lists.set(at, names.join('/'));
        return names;
      },
      kind(at) {
        const kind = files.kind(at);
        kinds.set(at, kind);
        return kind;
      },
    },
    path,
  );
  const site = configuration.ok ? siteOf(configuration.directives) : undefined;
  return { known: { configuration, site }, reads, lists, kinds };
}

/** The server for a port and a Host header (`server_name` exact, wildcards, regular expressions). */
export function serverFor({ servers }: Site, port: number, host: string): ServerBlock | undefined {
  const on = servers.filter(({ ports }) => ports.includes(port));
  const candidates = on.length > 0 ? on : servers;
  const exact = candidates.find(({ names }) => names.includes(host));
  if (exact) return exact;
  const wild = (matches: (name: string) => boolean) =>
    candidates.find(({ names }) => names.some(matches));
  return (
    wild((name) => name.startsWith('*.') && host.endsWith(name.slice(1))) ??
    wild((name) => name.endsWith('.*') && host.startsWith(name.slice(0, -1))) ??
    wild((name) => name.startsWith('~') && test(name.slice(1), host, '')) ??
    candidates.find(({ isDefault }) => isDefault) ??
    candidates[0]
  );
}

function test(expression: string, text: string, flags: string): boolean {
  try {
    return new RegExp(expression, flags).test(text);
  } catch {
    return false;
  }
}

/** The location of a path (nginx 1.29 `ngx_http_core_find_location`): its directives first. */
export function locationFor(server: ServerBlock, uri: string): Directive | undefined {
  const locations = server.directives.filter(({ name }) => name === 'location');
  const prefixOf = ({ args }: Directive) => (args.length > 1 ? (args[1] ?? '') : (args[0] ?? ''));
  const kindOf = ({ args }: Directive) => (args.length > 1 ? args[0] : '');
  const exact = locations.find((one) => kindOf(one) === '=' && prefixOf(one) === uri);
  if (exact) return exact;
  let best: Directive | undefined;
  for (const location of locations) {
    const prefix = prefixOf(location);
    if (!['', '^~'].includes(kindOf(location) ?? '') || !uri.startsWith(prefix)) continue;
    if (prefix.startsWith('@')) continue;
    if (!best || prefix.length > prefixOf(best).length) best = location;
  }
  if (best && kindOf(best) === '^~') return best;
  const expression = locations.find((one) => {
    const kind = kindOf(one);
    return (kind === '~' || kind === '~*') && test(prefixOf(one), uri, kind === '~*' ? 'i' : '');
  });
  return expression ?? best;
}

/** A named location: `@fallback`. */
export const namedLocation = (server: ServerBlock, name: string): Directive | undefined =>
  server.directives.find((one) => one.name === 'location' && one.args[0] === name);

/** The value of a directive, the innermost block first. */
export function settingOf(
  name: string,
  ...blocks: (readonly Directive[] | undefined)[]
): readonly string[] | undefined {
  for (const block of blocks) {
    const found = block?.filter((directive) => directive.name === name).at(-1);
    if (found) return found.args;
  }
  return undefined;
}
