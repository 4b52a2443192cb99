import { goTypeOf, isList, isMapping, printValue, sortedEntries } from '../tree/tree.ts';
import { jsonOf, type Codec } from './codec.ts';
import { failAt } from './decode-failure.ts';

/** Codecs of lists and of mappings whose keys the writer chose. */
const size = (value: unknown): number =>
  isList(value) ? value.length : Object.keys(value as object).length;

const isEmpty = (value: unknown): boolean => size(value) === 0;

const byKey = (value: unknown): unknown =>
  Object.fromEntries(sortedEntries(value as Readonly<Record<string, unknown>>));

/** A list of texts; a lone text is a list of one. */
export const texts: Codec = {
  decode: (value) => {
    if (value === null) return undefined;
    return isList(value) ? value.map(printValue) : [printValue(value)];
  },
  isZero: isEmpty,
  yaml: (value) => value,
};

export const listOf = (codec: Codec): Codec => ({
  decode: (value, at) =>
    isList(value) ? value.map((one, index) => codec.decode(one, `${at}[${index}]`)) : undefined,
  isZero: isEmpty,
  yaml: (value) => (value as unknown[]).map(codec.yaml),
  json: (value) => (value as unknown[]).map((one) => jsonOf(codec, one)),
});

/** A mapping of values of one kind; `null` stays where the kind allows it. */
export const mapOf = (codec: Codec, nullable = false): Codec => {
  const each = (value: unknown, write: (one: unknown) => unknown): unknown =>
    Object.fromEntries(
      sortedEntries(value as Record<string, unknown>).map(([key, one]) => [
        key,
        one === null ? null : write(one),
      ]),
    );
  return {
    decode: (value, at) => {
      if (!isMapping(value)) return undefined;
      const entries = sortedEntries(value).map(([key, one]) => [
        key,
        one === null && nullable ? null : codec.decode(one ?? {}, `${at}[${key}]`),
      ]);
      return Object.fromEntries(entries) as unknown;
    },
    isZero: isEmpty,
    yaml: (value) => each(value, codec.yaml),
    json: (value) => each(value, (one) => jsonOf(codec, one)),
  };
};

/** `KEY=value` or a mapping; no value is the empty text. */
export const textMap: Codec = {
  decode: (value) => {
    if (isMapping(value)) {
      return byKey(
        Object.fromEntries(
          Object.entries(value).map(([key, one]) => [key, one === null ? '' : printValue(one)]),
        ),
      );
    }
    if (!isList(value)) return undefined;
    return byKey(Object.fromEntries(value.map((entry) => cut(printValue(entry)))));
  },
  isZero: isEmpty,
  yaml: byKey,
};

function cut(entry: string): [string, string] {
  const at = entry.indexOf('=');
  return at === -1 ? [entry, ''] : [entry.slice(0, at), entry.slice(at + 1)];
}

/** An environment: a name without `=` or with null has no value of its own. */
export const environment: Codec = {
  decode: (value, at) => {
    if (isMapping(value)) {
      return byKey(
        Object.fromEntries(
          Object.entries(value).map(([key, one]) => [key, one === null ? null : printValue(one)]),
        ),
      );
    }
    if (!isList(value)) return undefined;
    return byKey(
      Object.fromEntries(
        value.map((entry) => {
          const [name, text] = cut(printValue(entry));
          if (/\s$/.test(name)) {
            failAt(at, `environment variable ${name} is declared with a trailing space`);
          }
          return [name, printValue(entry).includes('=') ? text : null];
        }),
      ),
    );
  },
  isZero: isEmpty,
  yaml: byKey,
};

/** Further names of hosts; written as a sorted list `name=address`. */
export const hosts: Codec = {
  decode: (value, at) => {
    const found: Record<string, string[]> = {};
    const add = (host: string, addresses: readonly string[]): void => {
      if (host === '' || /[:=]/.test(host)) failAt(at, `bad host name '${host}'`);
      const bare = addresses.map((one) => one.replace(/^\[(.+)\]$/, '$1'));
      found[host] = [...(found[host] ?? []), ...bare];
    };
    if (isMapping(value)) {
      for (const [host, one] of Object.entries(value)) {
        add(host, isList(one) ? one.map(printValue) : [one === null ? '' : printValue(one)]);
      }
      return found;
    }
    if (!isList(value)) return undefined;
    for (const entry of value.map(printValue)) {
      const mark = ['=', ':'].find((each) => entry.includes(each));
      if (mark === undefined) {
        return failAt(at, `invalid additional host, missing IP: ${entry}`);
      }
      const cutAt = entry.indexOf(mark);
      add(entry.slice(0, cutAt), entry.slice(cutAt + 1).split(','));
    }
    return found;
  },
  isZero: isEmpty,
  yaml: (value) =>
    Object.entries(value as Record<string, readonly string[]>)
      .flatMap(([host, addresses]) => addresses.map((address) => `${host}=${address}`))
      .sort(),
};

/** Options that may be given several times. */
export const multiOptions: Codec = {
  decode: (value, at) => {
    if (!isMapping(value)) return failAt(at, `invalid type ${goTypeOf(value)} for options`);
    const entries = sortedEntries(value).map(([key, one]) => [
      key,
      isList(one) ? one.map(printValue) : [printValue(one)],
    ]);
    return Object.fromEntries(entries) as unknown;
  },
  isZero: isEmpty,
  yaml: byKey,
};
