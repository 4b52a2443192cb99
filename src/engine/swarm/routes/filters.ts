import type { Filters } from '../../docker/filters.ts';

/**
 * How lists of a swarm are narrowed down: names and ids by their beginning, labels by `key` or
 * `key=value` (moby/swarmkit v2.1 `manager/controlapi/common.go`; moby/moby v29.7
 * `daemon/cluster/filters.go`).
 */
export const beginsWith = (filters: Filters, key: string, text: string): boolean => {
  const wanted = filters.get(key);
  return wanted.length === 0 || wanted.some((value) => text.startsWith(value));
};

export const equals = (filters: Filters, key: string, text: string): boolean => {
  const wanted = filters.get(key);
  return wanted.length === 0 || wanted.includes(text);
};

/** Every label that is asked for is there; an empty value asks for the key alone. */
export function hasLabels(
  filters: Filters,
  key: string,
  labels: Readonly<Record<string, string>>,
): boolean {
  return filters.get(key).every((wanted) => {
    const at = wanted.indexOf('=');
    const name = at === -1 ? wanted : wanted.slice(0, at);
    const value = at === -1 ? '' : wanted.slice(at + 1);
    return Object.hasOwn(labels, name) && (value === '' || labels[name] === value);
  });
}
