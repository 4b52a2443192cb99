import { parseVolume } from '../canonical/volume-spec.ts';
import { fail } from '../failure.ts';
import { goTypeOf, isList, isMapping, printValue, type Mapping } from '../tree/tree.ts';
import { pathText, PathTable, type Path } from '../tree/path-table.ts';

/**
 * Lists whose elements are named by something within them: of two with one name the later stays,
 * in the earlier's place (compose-go v2.13 `override/uncity.go`).
 */
type KeyOf = (element: unknown, place: string) => string;

const keyValue: KeyOf = (element, place) => {
  if (typeof element !== 'string') fail(`${place}: unexpected type ${goTypeOf(element)}`);
  return element.split('=')[0] ?? '';
};

const target = (element: Mapping, message: string): string =>
  typeof element.target === 'string' ? element.target : fail(message);

const mountTarget: KeyOf = (element, place) => {
  if (isMapping(element))
    return target(element, `service volume ${place} is missing a mount target`);
  return typeof element === 'string' ? (parseVolume(element).target ?? '') : '';
};

const deviceTarget: KeyOf = (element, place) => {
  if (isMapping(element))
    return target(element, `service device ${place} is missing a mount target`);
  if (typeof element !== 'string') return '';
  const parts = element.split(':');
  return parts[1] ?? parts[0] ?? '';
};

const exposed: KeyOf = (element, place) =>
  typeof element === 'string' || typeof element === 'number'
    ? String(element)
    : fail(`${place}: unsupported expose value ${printValue(element)}`);

const reference =
  (folder: string): KeyOf =>
  (element, place) => {
    if (typeof element === 'string') return `${folder}/${element}`;
    if (!isMapping(element)) fail(`${place}: unsupported expose value ${printValue(element)}`);
    return typeof element.target === 'string'
      ? element.target
      : `${folder}/${printValue(element.source)}`;
  };

const port: KeyOf = (element, place) => {
  if (!isMapping(element)) return element === null ? '' : printValue(element);
  if (element.target === undefined) fail(`service ports ${place} is missing a target port`);
  const { host_ip = '0.0.0.0', published, protocol = 'tcp' } = element;
  return [host_ip, published, element.target, protocol].map(printValue).join(':');
};

const envFile: KeyOf = (element, place) => {
  if (typeof element === 'string') return element;
  if (!isMapping(element)) return '';
  if (typeof element.path !== 'string') fail(`environment path attribute ${place} is missing`);
  return element.path;
};

const KEYS = new PathTable<KeyOf>({
  ...Object.fromEntries(
    [
      'networks.*.labels',
      'networks.*.ipam.options',
      ...[
        'annotations',
        'build.args',
        'build.additional_contexts',
        'build.platform',
        'build.tags',
        'build.labels',
        'cap_add',
        'cap_drop',
        'deploy.labels',
        'dns',
        'dns_opt',
        'dns_search',
        'environment',
        'labels',
        'links',
        'networks.*.aliases',
        'networks.*.link_local_ips',
        'profiles',
        'sysctls',
        'tmpfs',
      ].map((path) => `services.*.${path}`),
    ].map((path) => [path, keyValue]),
  ),
  'services.*.configs': reference(''),
  'services.*.secrets': reference('/run/secrets'),
  'services.*.env_file': envFile,
  'services.*.expose': exposed,
  'services.*.ports': port,
  'services.*.volumes': mountTarget,
  'services.*.devices': deviceTarget,
});

/** A copy without repeated elements. */
export const withoutDuplicates = (document: Mapping): Mapping => unique(document, []) as Mapping;

function unique(value: unknown, path: Path): unknown {
  if (isMapping(value)) {
    return Object.fromEntries(
      Object.entries(value).map(([key, one]) => [key, unique(one, [...path, key])]),
    );
  }
  const keyOf = isList(value) ? KEYS.get(path) : undefined;
  if (!keyOf || !isList(value)) return value;
  const byKey = new Map<string, unknown>();
  for (const [index, element] of value.entries()) {
    byKey.set(keyOf(element, `${pathText(path)}.[${index}]`), element);
  }
  return [...byKey.values()];
}
