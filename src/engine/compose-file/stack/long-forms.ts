import { parsePort } from '../canonical/port-spec.ts';
import { parseVolume } from '../canonical/volume-spec.ts';
import { failAt } from '../shape/decode-failure.ts';
import { isList, isMapping, printValue, type Mapping } from '../tree/tree.ts';
import { PathTable, type Path } from '../tree/path-table.ts';
import { mapChildren } from '../tree/walk.ts';
import { splitPosixWords } from './words.ts';

/** The short syntaxes of a stack file by place (docker/cli v29 `cli/compose/loader/loader.go`). */
type LongForm = (value: unknown, warn: (text: string) => void) => unknown;

const asList: LongForm = (value) => (typeof value === 'string' ? [value] : value);

const envFiles: LongForm = (value) => [value].flat().map((path) => ({ path, required: true }));

const words =
  (name: string): LongForm =>
  (value) =>
    typeof value === 'string' ? failAt(name, () => splitPosixWords(value)) : value;

const source: LongForm = (value) => (typeof value === 'string' ? { source: value } : value);

const build: LongForm = (value) => (typeof value === 'string' ? { context: value } : value);

const names: LongForm = (value) =>
  isList(value) ? Object.fromEntries(value.map((name) => [printValue(name), null])) : value;

/** `KEY=value`s as a mapping; a key alone has null or the empty text. */
const pairs =
  (none: null | ''): LongForm =>
  (value) => {
    const entries = isList(value)
      ? value.map((entry): [string, unknown] => {
          const [key = '', ...rest] = printValue(entry).split('=');
          return [key, rest.length > 0 ? rest.join('=') : none];
        })
      : Object.entries(isMapping(value) ? value : {}).map(([key, one]): [string, unknown] => [
          key,
          one === null ? none : printValue(one),
        ]);
    return Object.fromEntries(entries);
  };

const dependencies: LongForm = (value) =>
  isList(value)
    ? Object.fromEntries(
        value.map((name) => [printValue(name), { condition: 'service_started', required: true }]),
      )
    : value;

/** A range of published ports for one target publishes each of them; an address is passed over. */
const ports: LongForm = (value, warn) => {
  if (!isList(value)) return value;
  return value.flatMap((entry) => {
    if (isMapping(entry)) return [entry];
    return parsePort(printValue(entry)).flatMap(({ host_ip: address, published, ...port }) => {
      const whole = `${port.target}/${port.protocol ?? 'tcp'}`;
      if (address !== undefined && !/^(0\.0\.0\.0|::)$/.test(address)) {
        const where = `${address.includes(':') ? `[${address}]` : address}:${published ?? ''}`;
        warn(`ignoring IP-address (${where}:${whole}) service will listen on '0.0.0.0'`);
      }
      return range(published).map((one) => ({
        ...port,
        ...(one !== undefined && { published: one }),
      }));
    });
  });
};

function range(published: string | undefined): (number | undefined)[] {
  if (published === undefined) return [undefined];
  const [first = '', last = first] = published.split('-');
  const count = Number(last) - Number(first) + 1;
  return Array.from({ length: count }, (_, at) => Number(first) + at);
}

const volume: LongForm = (value) => {
  if (typeof value !== 'string') return value;
  const { bind, volume: options, ...mount } = parseVolume(value);
  const { create_host_path: _, ...shared } = bind ?? {};
  return {
    ...mount,
    ...(shared.propagation !== undefined && { bind: shared }),
    ...(options?.nocopy === true && { volume: options }),
  };
};

const volumes: LongForm = (value, warn) =>
  isList(value) ? value.map((one, at) => failAt(`Volumes[${at}]`, () => volume(one, warn))) : value;

/** A host without an address is passed over. */
const hosts: LongForm = (value) =>
  isList(value) ? value.filter((entry) => /[:=]/.test(printValue(entry))) : value;

const external: LongForm = (value) =>
  isMapping(value) && isMapping(value.external)
    ? { ...value, external: true, external_name: value.external.name }
    : value;

const SERVICE: Readonly<Record<string, LongForm>> = {
  build,
  'build.args': pairs(null),
  'build.labels': pairs(''),
  command: words('Command'),
  'configs.*': source,
  depends_on: dependencies,
  'deploy.labels': pairs(''),
  dns: asList,
  dns_search: asList,
  entrypoint: words('Entrypoint'),
  extra_hosts: hosts,
  'build.extra_hosts': hosts,
  env_file: envFiles,
  environment: pairs(null),
  labels: pairs(''),
  networks: names,
  ports,
  'secrets.*': source,
  sysctls: pairs(''),
  tmpfs: asList,
  volumes,
};

const TABLE = new PathTable<LongForm>({
  ...Object.fromEntries(
    Object.entries(SERVICE).map(([path, form]) => [`services.*.${path}`, form]),
  ),
  'networks.*': external,
  'networks.*.labels': pairs(''),
  'volumes.*': external,
  'volumes.*.labels': pairs(''),
  'secrets.*': external,
  'secrets.*.labels': pairs(''),
  'configs.*': external,
  'configs.*.labels': pairs(''),
});

export function stackLongForms(document: Mapping, warn: (text: string) => void): Mapping {
  const walk = (value: unknown, path: Path): unknown => {
    const form = TABLE.get(path);
    return mapChildren(form ? form(value, warn) : value, path, walk);
  };
  return walk(document, []) as Mapping;
}
