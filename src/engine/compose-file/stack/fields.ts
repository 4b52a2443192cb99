import type { Codec, Field } from '../shape/codec.ts';
import { environment, hosts, listOf, mapOf, textMap, texts } from '../shape/collections.ts';
import { failAt } from '../shape/decode-failure.ts';
import { DEPLOY_FIELDS } from '../shape/deploy-fields.ts';
import { bytes, flag, integer, processors, text } from '../shape/scalars.ts';
import { anything } from '../shape/special.ts';
import { POINTER, struct } from '../shape/struct.ts';
import { isList, printValue } from '../tree/tree.ts';

/**
 * A stack file's fields, in the order `docker stack config` prints them (docker/cli v29
 * `cli/compose/types/types.go`).
 * Simplified: `cpus` is printed as the number it is, without the zeros it was written with.
 */
const numberAsText: Codec = { ...processors, yaml: printValue };

/** A published port is a text of the normal form and a number of a stack file. */
const published: Codec = { ...text, isZero: (value) => value === '0', yaml: Number };

export const hostList: Codec = {
  ...hosts,
  yaml: (value) => (hosts.yaml(value) as string[]).map((entry) => entry.replace('=', ':')),
};

/** A stack passes over devices; they are kept as they are written. */
export const deviceNames: Codec = {
  ...listOf(anything),
  decode: (value) => {
    const names = isList(value) ? value : [];
    const devices = names.map((one) => ({ source: printValue(one) }));
    return devices.length > 0 ? devices : undefined;
  },
  yaml: (devices) => (devices as { source: string }[]).map(({ source }) => source),
};

/** Numbers are not taken for texts. */
export const onlyText: Codec = {
  ...text,
  decode: (value, at) =>
    typeof value === 'number'
      ? failAt(at, `expected type 'string', got unconvertible type '${goNumberType(value)}'`)
      : text.decode(value, at),
};

const goNumberType = (value: number): string => (Number.isInteger(value) ? 'int' : 'float64');

/** A whole number that is not negative. */
const count: Codec = {
  ...integer,
  decode: (value, at) =>
    typeof value === 'number' && value < 0
      ? failAt(at, `cannot parse value as 'uint64': ${value} overflows uint`)
      : integer.decode(value, at),
};

export const nameList: Codec = {
  ...mapOf(anything),
  yaml: (value) => Object.keys(value as object),
};

const decimalMode: Codec = { ...integer, isZero: () => false };

export const fileReferences = listOf(
  struct([
    ['source', text],
    ['target', text],
    ['uid', text],
    ['gid', text],
    ['mode', decimalMode, POINTER],
  ]),
);

const resource = (fields: readonly Field[]): Codec =>
  struct([['cpus', numberAsText], ['memory', bytes], ...fields]);

const genericResources = listOf(
  struct([
    [
      'discrete_resource_spec',
      struct([
        ['kind', text],
        ['value', integer],
      ]),
      POINTER,
    ],
  ]),
);

export const deploy = struct(
  DEPLOY_FIELDS.map((field): Field =>
    field[0] === 'resources'
      ? [
          'resources',
          struct([
            ['limits', resource([['pids', integer]]), POINTER],
            ['reservations', resource([['generic_resources', genericResources]]), POINTER],
          ]),
        ]
      : field[0] === 'replicas'
        ? [field[0], count, field[2] ?? {}]
        : field,
  ),
);

export const build = struct([
  ['context', text],
  ['dockerfile', text],
  ['args', environment],
  ['labels', textMap],
  ['cache_from', texts],
  ['extra_hosts', hostList],
  ['network', text],
  ['target', text],
]);

export const mount = struct([
  ['type', text],
  ['source', text],
  ['target', text],
  ['read_only', flag],
  ['consistency', text],
  ['bind', struct([['propagation', text]]), POINTER],
  [
    'volume',
    struct([
      ['nocopy', flag],
      ['subpath', text],
    ]),
    POINTER,
  ],
  ['image', struct([['subpath', text]]), POINTER],
  ['tmpfs', struct([['size', integer]]), POINTER],
]);

export const servicePort = struct([
  ['mode', text],
  ['target', integer],
  ['published', published],
  ['protocol', text],
]);

export const serviceNetwork = struct([
  ['aliases', texts],
  ['driver_opts', textMap],
  ['ipv4_address', text],
  ['ipv6_address', text],
]);
