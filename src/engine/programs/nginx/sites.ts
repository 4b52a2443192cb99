import type { FileView } from '../program.ts';
import { readConfiguration, type Configuration, type Directive } from './configuration.ts';

/** What of a configuration decides about answers: servers, locations, upstreams. */
export interface Site {
  readonly servers: readonly ServerBlock[];
  readonly upstreams: Readonly<Record<string, readonly string[]>>;
  readonly http: readonly Directive[];
  readonly main: readonly Directive[];
  readonly types: Readonly<Record<string, string>>;
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
      .map(({ args, block = [] }) => [
        args[0] ?? '',
        block.filter(({ name }) => name === 'server').map((server) => server.args[0] ?? ''),
      ]),
  );
  const types = (one(http, 'types')?.block ?? []).flatMap(({ name, args }) =>
    args.map((extension): [string, string] => [extension, name]),
  );
  return { servers, upstreams, http, main: directives, types: Object.fromEntries(types) };
}

interface Known {
  readonly configuration: Configuration;
  readonly site: Site | undefined;
}

/** Views of unchanging trees are the same object for all containers of an image. */
const known = new WeakMap<FileView, Map<string, Known>>();

/** Configuration and site of a place: a view of files that changed is another view. */
export function readSite(files: FileView, path = PATH): Known {
  let byPath = known.get(files);
  if (!byPath) known.set(files, (byPath = new Map<string, Known>()));
  let found = byPath.get(path);
  if (!found) {
    const configuration = readConfiguration(files, path);
    const site = configuration.ok ? siteOf(configuration.directives) : undefined;
    found = { configuration, site };
    byPath.set(path, found);
  }
  return found;
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
