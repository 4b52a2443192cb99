import { cleanPath } from '../canonical/long-forms.ts';
import { fail } from '../failure.ts';
import { goTypeOf, isList, isMapping, type Mapping } from '../tree/tree.ts';
import { PathTable, type Path } from '../tree/path-table.ts';
import { mapChildren } from '../tree/walk.ts';

/** Makes paths of a document whole (compose-go v2.13 `paths/{resolve,context,unix,home}.go`). */
export interface PathBase {
  readonly directory: string;
  /** What `~` stands for. */
  readonly home: string | undefined;
  readonly warn: (text: string) => void;
}

type Resolver = (value: unknown, base: PathBase) => unknown;

const REMOTE = ['https://', 'http://', 'git://', 'ssh://', 'github.com/', 'git@'];

/** Joins and cleans; the second is taken alone when it is absolute. */
export const joinPath = (directory: string, path: string): string =>
  cleanPath(path.startsWith('/') ? path : `${directory}/${path}`);

function expandHome(path: string, { home, warn }: PathBase): string {
  if (!path.startsWith('~')) return path;
  if (home !== undefined) return joinPath(home, `./${path.slice(1)}`);
  warn("cannot expand '~', because the environment lacks HOME");
  return path;
}

const isWindowsAbsolute = (path: string): boolean => /^([a-z]:[\\/]|\\\\)/i.test(path);

const absolute: Resolver = (value, base) => {
  if (isList(value)) return value.map((one) => absolute(one, base));
  if (typeof value !== 'string') return fail(`unexpected type ${goTypeOf(value)}`);
  const path = expandHome(value, base);
  return path === '' || path.startsWith('/') ? path : joinPath(base.directory, path);
};

const unixOrWindows: Resolver = (value, base) => {
  if (typeof value !== 'string') return value;
  const path = expandHome(value, base);
  const isWhole = path.startsWith('/') || isWindowsAbsolute(path);
  return isWhole ? path : joinPath(base.directory, path);
};

const context: Resolver = (value, base) => {
  if (typeof value !== 'string') return value;
  const remote =
    value.includes('://') ||
    value.startsWith('service:') ||
    REMOTE.some((head) => value.startsWith(head));
  return remote ? value : absolute(value, base);
};

const mount: Resolver = (value, base) => {
  if (!isMapping(value) || value.type !== 'bind') return value;
  if (value.source === undefined) {
    fail('invalid mount config for type "bind": field Source must not be empty');
  }
  return { ...value, source: unixOrWindows(value.source, base) };
};

/** A local volume that is in truth a bind mount. */
const volume: Resolver = (value, base) => {
  if (!isMapping(value) || value.driver !== 'local' || !isMapping(value.driver_opts)) return value;
  const options = value.driver_opts;
  if (options.o !== 'bind' || options.device === undefined) return value;
  return { ...value, driver_opts: { ...options, device: unixOrWindows(options.device, base) } };
};

const TABLE = new PathTable<Resolver>({
  'services.*.build.context': context,
  'services.*.build.additional_contexts.*': context,
  'services.*.build.ssh.*': unixOrWindows,
  'services.*.env_file.*.path': absolute,
  'services.*.label_file.*': absolute,
  'services.*.extends.file': absolute,
  'services.*.develop.watch.*.path': absolute,
  'services.*.volumes.*': mount,
  'configs.*.file': unixOrWindows,
  'secrets.*.file': unixOrWindows,
  'volumes.*': volume,
});

export const withWholePaths = (document: Mapping, base: PathBase): Mapping =>
  walk(document, [], base) as Mapping;

function walk(value: unknown, path: Path, base: PathBase): unknown {
  const resolver = TABLE.get(path);
  if (resolver) return resolver(value, base);
  return mapChildren(value, path, (child, at) => walk(child, at, base));
}
