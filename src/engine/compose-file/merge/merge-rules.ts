import { fail } from '../failure.ts';
import { isList, isMapping, goTypeOf, type Mapping } from '../tree/tree.ts';
import { pathText, PathTable, type Path } from '../tree/path-table.ts';
import { asMapping, asSequence } from './sequences.ts';

/** How a later file's value joins an earlier one's at a place (compose-go `override/merge.go`). */
export type MergeRule = (base: unknown, override: unknown, path: Path, merge: Merge) => unknown;

/** Merges two mappings key by key with the rules below the place. */
export type Merge = (base: Mapping, override: Mapping, path: Path) => Mapping;

const replace: MergeRule = (_base, override) => override;

const sequence: MergeRule = (base, override) => [...asSequence(base), ...asSequence(override)];

const extraHosts: MergeRule = (base, override) => {
  const hosts = asSequence(base);
  return [...hosts, ...asSequence(override).filter((host) => !hosts.includes(host))];
};

const namesWith =
  (each: () => unknown): MergeRule =>
  (base, override, path, merge) =>
    merge(asMapping(base, each), asMapping(override, each), path);

const names = namesWith(() => null);

const dependencies = namesWith(() => ({ condition: 'service_started', required: true }));

const build: MergeRule = (base, override, path, merge) => {
  const long = (value: unknown): Mapping =>
    typeof value === 'string' ? { context: value } : isMapping(value) ? value : {};
  return merge(long(base), long(override), path);
};

/** Options of another driver mean nothing to this one: they are merged when it is the same. */
const logging: MergeRule = (base, override, path, merge) => {
  if (!isMapping(base) || !isMapping(override)) return override ?? base;
  const [one, other] = [base.driver, override.driver];
  const same = one === other || one === undefined || other === undefined;
  return same ? merge(base, override, path) : override;
};

/** Pools are the same when their subnet is. */
const ipamPools: MergeRule = (base, override, path, merge) => {
  if (!isList(base) || !isList(override)) {
    const wrong = isList(base) ? override : base;
    return fail(`${pathText(path)}: unexpected type ${goTypeOf(wrong)}`);
  }
  const pools: Mapping[] = [];
  const at = (subnet: unknown) => pools.findIndex((pool) => pool.subnet === subnet);
  for (const original of base) {
    for (const later of override) {
      const [right, left] = [asMapping(original, () => null), asMapping(later, () => null)];
      if (left.subnet !== right.subnet && at(left.subnet) === -1) {
        pools.push(left);
        continue;
      }
      const merged = merge(right, left, path);
      const known = at(merged.subnet);
      if (known === -1) pools.push(merged);
      else pools[known] = merged;
    }
  }
  return pools;
};

const RULES: readonly (readonly [rule: MergeRule, paths: readonly string[]])[] = [
  [
    sequence,
    [
      'networks.*.labels',
      'volumes.*.labels',
      'services.*.annotations',
      'services.*.build.args',
      'services.*.build.additional_contexts',
      'services.*.build.labels',
      'services.*.deploy.labels',
      'services.*.dns',
      'services.*.dns_opt',
      'services.*.dns_search',
      'services.*.env_file',
      'services.*.label_file',
      'services.*.environment',
      'services.*.labels',
      'services.*.volumes.*.volume.labels',
      'services.*.sysctls',
      'services.*.tmpfs',
    ],
  ],
  [
    replace,
    [
      'services.*.command',
      'services.*.entrypoint',
      'services.*.healthcheck.test',
      'services.*.ulimits.*',
    ],
  ],
  [extraHosts, ['services.*.extra_hosts', 'services.*.build.extra_hosts']],
  [names, ['services.*.networks', 'services.*.models']],
  [dependencies, ['services.*.depends_on']],
  [build, ['services.*.build']],
  [logging, ['services.*.logging']],
  [ipamPools, ['networks.*.ipam.config']],
];

export const MERGE_RULES = new PathTable<MergeRule>(
  Object.fromEntries(RULES.flatMap(([rule, paths]) => paths.map((path) => [path, rule]))),
);
