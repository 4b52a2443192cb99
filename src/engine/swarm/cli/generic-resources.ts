import { parseInteger } from '../../go/numbers.ts';
import { isRefused, refuse, type Refused } from '../../go/refused.ts';
import type { GenericResource } from '../api.ts';

/**
 * `--generic-resource NAME=COUNT`: resources that people told their nodes about (docker/cli v29.7
 * `cli/command/service/generic_resource_opts.go`, `internal/genericresource/parse.go`).
 *
 * Simplified: where several names are wrong, the first is told; the real client picks any.
 */
export function readGenericResources(terms: readonly string[]): GenericResource[] | Refused {
  const wrong = (why: string): Refused =>
    refuse(`invalid generic resource specification: could not parse GenericResource: ${why}`);
  const tokens = new Map<string, string[]>();
  for (const term of terms) {
    const parts = term.split('=').map((part) => part.trim());
    if (parts.length !== 2) {
      return wrong(`incorrect term ${term}, missing '=' or malformed expression`);
    }
    const [kind = '', value = ''] = parts;
    tokens.set(kind, [...(tokens.get(kind) ?? []), value]);
  }
  const read: GenericResource[] = [];
  let named: string | undefined;
  for (const [kind, values] of tokens) {
    const numbers = values.map((value) => parseInteger(value));
    const [first] = numbers;
    if (values.length === 1 && first !== undefined && !isRefused(first)) {
      if (first < 0) return wrong(`cannot ask for negative resource ${kind}`);
      read.push({ DiscreteResourceSpec: { Kind: kind, Value: first } });
    } else if (numbers.every((number) => isRefused(number))) {
      named ??= `${kind}=${values[0] ?? ''}`;
    } else {
      const expression = `'${kind}=[${values.join(' ')}]'`;
      return wrong(`mixed discrete and named resources in expression ${expression}`);
    }
  }
  if (named === undefined) return read.sort(byKind);
  const why = 'Named Generic Resources is not supported for service create or update';
  return refuse(`invalid generic-resource request \`${named}\`, ${why}`);
}

/** What is there, with what is added and without what is taken away, by kind. */
export function editGenericResources(
  before: readonly GenericResource[],
  added: readonly string[],
  removed: readonly string[],
): GenericResource[] | Refused {
  const more = readGenericResources(added);
  if (isRefused(more)) return more;
  const byName = new Map([...before, ...more].map((one) => [kindOf(one), one]));
  for (const kind of removed) {
    if (!byName.delete(kind)) {
      return refuse(`could not find generic-resource \`${kind}\` to remove it`);
    }
  }
  return [...byName.values()].sort(byKind);
}

const kindOf = (resource: GenericResource): string =>
  (resource.DiscreteResourceSpec ?? resource.NamedResourceSpec)?.Kind ?? '';

const byKind = (a: GenericResource, b: GenericResource): number => (kindOf(a) < kindOf(b) ? -1 : 1);
