import { ComposeError, fail } from '../failure.ts';
import { goTypeOf, isList, isMapping, printValue, type Mapping } from '../tree/tree.ts';
import { pathText } from '../tree/path-table.ts';
import { deviceMapping } from './device-spec.ts';
import { externalResource } from './external.ts';
import type { LongForm, Place } from './long-form.ts';
import { parsePort } from './port-spec.ts';
import { parseVolume } from './volume-spec.ts';

const wrongType = (value: unknown, { path }: Place, what: string): never =>
  fail(`${pathText(path)}: invalid type ${goTypeOf(value)} for ${what}`);

/** Reads a text, or leaves it while variables may stand in it. */
function readable(text: unknown, { keepUnreadable }: Place, read: () => unknown): unknown {
  try {
    return read();
  } catch (error) {
    if (keepUnreadable === true && error instanceof ComposeError) return text;
    throw error;
  }
}

const textAs =
  (key: string, what: string): LongForm =>
  (value, place) => {
    if (typeof value === 'string') return { [key]: value };
    return isMapping(value) ? place.descend(value, place.path) : wrongType(value, place, what);
  };

const listOfOne: LongForm = (value) => (typeof value === 'string' ? [value] : value);

const anyText: LongForm = (value) => (typeof value === 'string' ? value : printValue(value));

const names: LongForm = (value) =>
  isList(value) ? Object.fromEntries(value.map((name) => [String(name), null])) : value;

const keyValues: LongForm = (value, place) => {
  if (isMapping(value)) return value;
  if (!isList(value)) return fail(`${pathText(place.path)}: invalid type ${goTypeOf(value)}`);
  return readable(value, place, () =>
    Object.fromEntries(
      value.map((entry) => {
        const [key = '', ...rest] = String(entry).split('=');
        if (rest.length > 0) return [key, rest.join('=')];
        const where = pathText(place.path);
        return fail(`${where}: invalid value ${String(entry)}, expected key=value`);
      }),
    ),
  );
};

const DEPENDENCY = { condition: 'service_started', required: true };

const dependsOn: LongForm = (value, place) => {
  if (isList(value)) {
    return Object.fromEntries(value.map((name) => [String(name), { ...DEPENDENCY }]));
  }
  if (!isMapping(value)) return wrongType(value, place, 'depend_on');
  return Object.fromEntries(
    Object.entries(value).map(([name, one]) => {
      if (isMapping(one)) return [name, { ...DEPENDENCY, ...one }];
      return fail(`${pathText(place.path)}.${name}: unsupported value ${printValue(value)}`);
    }),
  );
};

const envFiles: LongForm = (value, place) => {
  const entry = (one: unknown): unknown =>
    typeof one === 'string'
      ? { path: one, required: true }
      : isMapping(one)
        ? { required: true, ...one }
        : null;
  if (typeof value === 'string') return [entry(value)];
  return isList(value) ? value.map(entry) : wrongType(value, place, 'env_file');
};

const gpus: LongForm = (value, place) => {
  if (typeof value === 'string') return [{ count: 'all' }];
  return isList(value) ? place.descend(value, place.path) : wrongType(value, place, 'gpus');
};

const volume: LongForm = (value, place) => {
  if (isMapping(value)) return value;
  if (typeof value !== 'string') return wrongType(value, place, 'service volume mount');
  return readable(value, place, () => {
    const mount = parseVolume(value);
    return { ...mount, ...(mount.target && { target: cleanPath(mount.target) }) };
  });
};

const ports: LongForm = (value, place) => {
  if (!isList(value)) return wrongType(value, place, 'port');
  return readable(value, place, () =>
    value.flatMap((entry) => {
      if (isMapping(entry)) return [entry];
      if (typeof entry !== 'string' && typeof entry !== 'number') wrongType(entry, place, 'port');
      return parsePort(String(entry)) as unknown as Mapping[];
    }),
  );
};

const fileReference: LongForm = (value, { path }) => {
  if (typeof value === 'string') return { source: value };
  return isMapping(value) ? value : fail(`${pathText(path)}: unsupported type ${goTypeOf(value)}`);
};

const ssh: LongForm = (value, place) => {
  if (isMapping(value)) return value;
  if (!isList(value)) return wrongType(value, place, 'ssh');
  return Object.fromEntries(
    value.map((key) => {
      if (typeof key !== 'string') return fail(`invalid ssh key type ${goTypeOf(key)}`);
      const [id = '', ...path] = key.split('=');
      if (path.length > 0) return [id, path.join('=')];
      return id === 'default' ? [id, null] : fail(`invalid ssh key ${JSON.stringify(key)}`);
    }),
  );
};

const ulimit: LongForm = (value, place) =>
  isMapping(value) || typeof value === 'number' ? value : wrongType(value, place, 'external');

/** A path without `.`, `..` and doubled slashes, as Go's `path.Clean` gives it. */
export function cleanPath(path: string): string {
  const rooted = path.startsWith('/');
  const parts: string[] = [];
  for (const part of path.split('/')) {
    if (part === '' || part === '.') continue;
    if (part === '..' && parts.length > 0 && parts.at(-1) !== '..') parts.pop();
    else if (part !== '..' || !rooted) parts.push(part);
  }
  const joined = parts.join('/');
  return rooted ? `/${joined}` : joined || '.';
}

/** The short syntaxes by place (compose-go v2.13 `transform/*.go`). */
export const LONG_FORMS: Readonly<Record<string, LongForm>> = {
  'services.*.build': textAs('context', 'build'),
  'services.*.build.secrets.*': fileReference,
  'services.*.build.provenance': anyText,
  'services.*.build.sbom': anyText,
  'services.*.build.additional_contexts': keyValues,
  'services.*.build.ssh': ssh,
  'services.*.build.ulimits.*': ulimit,
  'services.*.configs.*': fileReference,
  'services.*.depends_on': dependsOn,
  'services.*.develop.watch.*.ignore': listOfOne,
  'services.*.develop.watch.*.include': listOfOne,
  'services.*.devices.*': deviceMapping,
  'services.*.dns': listOfOne,
  'services.*.env_file': envFiles,
  'services.*.extends': textAs('service', 'extends'),
  'services.*.gpus': gpus,
  'services.*.label_file': listOfOne,
  'services.*.models': names,
  'services.*.networks': names,
  'services.*.ports': ports,
  'services.*.secrets.*': fileReference,
  'services.*.ulimits.*': ulimit,
  'services.*.volumes.*': volume,
  'volumes.*': externalResource,
  'networks.*': externalResource,
  'secrets.*': externalResource,
  'configs.*': externalResource,
  'include.*': textAs('path', 'external'),
};
