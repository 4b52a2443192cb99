import type { Codec, Field } from '../shape/codec.ts';
import { environment, hosts, listOf, mapOf, textMap, texts } from '../shape/collections.ts';
import { DEPLOY_FIELDS } from '../shape/deploy-fields.ts';
import { bytes, flag, integer, processors, text } from '../shape/scalars.ts';
import { anything } from '../shape/special.ts';
import { POINTER, struct } from '../shape/struct.ts';
import { printValue } from '../tree/tree.ts';

/**
 * A stack file's fields, in the order `docker stack config` prints them (docker/cli v29
 * `cli/compose/types/types.go`).
 * Simplified: `devices`, which a stack passes over, are left out, and `cpus` is printed as the number
 * it is, without the zeros it was written with.
 */
const numberAsText: Codec = { ...processors, yaml: printValue };

/** A published port is a text of the normal form and a number of a stack file. */
const published: Codec = { ...text, isZero: (value) => value === '0', yaml: Number };

export const hostList: Codec = {
  ...hosts,
  yaml: (value) => (hosts.yaml(value) as string[]).map((entry) => entry.replace('=', ':')),
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
