import { isList, isMapping, type Mapping } from '../tree/tree.ts';
import { PathTable, type Path } from '../tree/path-table.ts';

/**
 * Lays a later stack file over an earlier one (docker/cli v29 `cli/compose/loader/merge.go`):
 * services merge, lists grow, what is empty replaces nothing; a network, volume, config or secret of
 * the same name is replaced whole.
 */
type Rule = (base: unknown, override: unknown) => unknown;

/** A list whose elements are known by one of their fields, in the order of it. */
const by =
  (field: string): Rule =>
  (base, override) => {
    const elements = new Map<unknown, unknown>();
    for (const one of [base, override].flatMap((list) => (isList(list) ? list : []))) {
      elements.set(isMapping(one) ? one[field] : one, one);
    }
    const entries = [...elements.entries()] as [string | number, unknown][];
    const order = (key: string | number | undefined): string | number => key ?? 0;
    return entries.sort(([a], [b]) => (order(a) < order(b) ? -1 : 1)).map(([, one]) => one);
  };

const replace: Rule = (base, override) => (isEmpty(override) ? base : override);

const network: Rule = (base, override) => {
  if (!isMapping(override) || !isMapping(base)) return override ?? base;
  const { aliases, ipv4_address: ipv4, ipv6_address: ipv6 } = override;
  return {
    ...base,
    aliases,
    ...(!isEmpty(ipv4) && { ipv4_address: ipv4 }),
    ...(!isEmpty(ipv6) && { ipv6_address: ipv6 }),
  };
};

const logging: Rule = (base, override) => {
  if (!isMapping(base) || !isMapping(override)) return override ?? base;
  const [one, other] = [base.driver, override.driver];
  if (!isEmpty(one) && !isEmpty(other) && one !== other) return override;
  const options = { ...(base.options as Mapping), ...(override.options as Mapping) };
  return { driver: one ?? other, options };
};

const RULES = new PathTable<Rule>({
  'services.*.command': replace,
  'services.*.entrypoint': replace,
  'services.*.ports': by('published'),
  'services.*.volumes': by('target'),
  'services.*.secrets': by('source'),
  'services.*.configs': by('source'),
  'services.*.ulimits.*': replace,
  'services.*.networks.*': network,
  'services.*.logging': logging,
  'networks.*': replace,
  'volumes.*': replace,
  'secrets.*': replace,
  'configs.*': replace,
});

/** What begins with `x-` is the first file's alone. */
export function mergeStacks(base: Mapping, override: Mapping): Mapping {
  const own = Object.entries(override).filter(([key]) => !key.startsWith('x-'));
  return merge(base, Object.fromEntries(own), []) as Mapping;
}

const isEmpty = (value: unknown): boolean =>
  value === undefined ||
  value === null ||
  value === '' ||
  value === false ||
  (isList(value) && value.length === 0);

function merge(base: unknown, override: unknown, path: Path): unknown {
  const rule = RULES.get(path);
  if (rule) return rule(base, override);
  if (isMapping(base) && isMapping(override)) {
    const keys = new Set([...Object.keys(base), ...Object.keys(override)]);
    return Object.fromEntries(
      [...keys].map((key) => [
        key,
        key in base && key in override
          ? merge(base[key], override[key], [...path, key])
          : (override[key] ?? base[key]),
      ]),
    );
  }
  if (isList(base) && isList(override)) return [...base, ...override];
  return isEmpty(override) ? base : override;
}
