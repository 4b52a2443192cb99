import { canonical } from '../../src/engine/compose-file/canonical/canonical.ts';
import { withDefaults } from '../../src/engine/compose-file/canonical/defaults.ts';
import { parsePort } from '../../src/engine/compose-file/canonical/port-spec.ts';
import { parseVolume } from '../../src/engine/compose-file/canonical/volume-spec.ts';
import { readEnv } from '../../src/engine/compose-file/dotenv/dotenv.ts';
import { COMPOSE_CASTS, type Cast } from '../../src/engine/compose-file/interpolation/casts.ts';
import { interpolate } from '../../src/engine/compose-file/interpolation/interpolate.ts';
import { substitute } from '../../src/engine/compose-file/interpolation/template.ts';
import { normalize } from '../../src/engine/compose-file/load/normalize.ts';
import { mergeDocuments } from '../../src/engine/compose-file/merge/merge.ts';
import { withoutDuplicates } from '../../src/engine/compose-file/merge/unique.ts';
import { printValue, type Mapping } from '../../src/engine/compose-file/tree/tree.ts';
import { PathTable } from '../../src/engine/compose-file/tree/path-table.ts';
import { compare, operation, type Operation, type Verdict } from './adapter.ts';
import {
  attempt,
  documentOf,
  judgeOutcome,
  type Expected,
  type Texts,
} from './compose-file-loading.ts';

/** Rows about the parts of reading a Compose file. */
const silent = { warn: () => undefined };

/** Casts by the last name of their place alone. */
const CASTS = new PathTable<Cast>(
  Object.fromEntries(
    Object.entries(COMPOSE_CASTS).map(([path, cast]) => [`*.${path.split('.').at(-1)}`, cast]),
  ),
);

function filled(template: string, env: Texts, expect: Expected & { warnings?: number }): Verdict {
  let warnings = 0;
  const outcome = attempt(() =>
    substitute(template, {
      lookup: (name) => env[name],
      onUnset: () => {
        warnings += 1;
      },
    }),
  );
  if ('error' in outcome) return judgeOutcome(outcome, expect);
  const counted = expect.warnings === undefined ? {} : { warnings };
  return compare({ value: outcome.value, ...counted }, expect);
}

const inTree = (
  tree: Mapping,
  env: Texts = {},
  casts = new PathTable<Cast>({}),
): ReturnType<typeof attempt<Mapping>> =>
  attempt(() => interpolate(tree, { lookup: (name) => env[name], casts }));

interface EnvExpected extends Expected {
  readonly name?: string;
  readonly value?: string;
}

function envOf(text: string, vars: Texts = {}) {
  const into = new Map<string, string>();
  return attempt(() => {
    readEnv({ text, into, lookup: (name) => vars[name] });
    return into;
  });
}

export const readingOperations: readonly Operation[] = [
  operation<{ template: string; env: Texts }, Expected>('substitute', ({ input, expect }) =>
    filled(input.template, input.env, expect),
  ),
  operation<{ value: string; env: Texts }, Expected>('interpolate value', ({ input, expect }) =>
    filled(input.value, input.env, expect),
  ),
  operation<{ op: string; value: string; env: Texts }, Expected & { value?: string }>(
    /^interpolate services\./,
    ({ input, expect }) => {
      const path = input.op.replace(/^interpolate services\./, '').split('.');
      const nest = (value: unknown, keys: readonly string[]): unknown =>
        keys.reduceRight((inner, key) => ({ [key]: inner }), value);
      const outcome = inTree(nest(input.value, path) as Mapping, input.env);
      if ('error' in outcome) return judgeOutcome(outcome, expect);
      return compare(outcome.value, nest(expect.value, path));
    },
  ),
  operation<{ op: string; tree: Mapping; env?: Texts }, Expected & { tree?: Mapping }>(
    /^interpolate (tree|with type cast by path)$/,
    ({ input, expect }) => {
      const casts = input.op.includes('cast') ? CASTS : undefined;
      const outcome = inTree(input.tree, input.env, casts);
      if ('error' in outcome) return judgeOutcome(outcome, expect);
      return compare({ tree: outcome.value }, expect);
    },
  ),
  operation<{ text: string; vars?: Texts }, EnvExpected>(
    'expand in .env value',
    ({ input, expect }) => {
      const outcome = envOf(input.text, input.vars);
      if ('error' in outcome) return judgeOutcome(outcome, expect);
      const [entry] = outcome.value;
      return compare({ value: entry?.join('=') }, expect);
    },
  ),
  operation<{ text: string; vars?: Texts }, EnvExpected>('read .env', ({ input, expect }) => {
    const outcome = envOf(input.text, input.vars);
    if ('error' in outcome) return judgeOutcome(outcome, expect);
    return compare(Object.fromEntries(outcome.value), expect.values);
  }),
  operation<{ line: string }, EnvExpected>('parse .env line', ({ input, expect }) => {
    const outcome = envOf(input.line);
    if ('error' in outcome) return judgeOutcome(outcome, expect);
    const [[name, value] = []] = outcome.value;
    return compare({ name, value }, expect);
  }),
];

const MOUNT_NAMES: Readonly<Record<string, string>> = {
  read_only: 'readOnly',
  create_host_path: 'createHostPath',
};

/** The row's spelling of a mount, with what the row does not look at left out. */
function mountAs(mount: object): Mapping {
  const { volume: _, ...rest } = mount as Mapping;
  const told = Object.entries(rest).filter(
    ([key, value]) => key !== 'read_only' || value !== false,
  );
  const entries = told.map(([key, value]): [string, unknown] => {
    const name = MOUNT_NAMES[key] ?? key;
    return [name, typeof value === 'object' && value !== null ? mountAs(value) : value];
  });
  return { source: null, ...Object.fromEntries(entries) };
}

const withoutNulls = (value: unknown): unknown =>
  JSON.parse(JSON.stringify(value, (_key, one: unknown) => (one === null ? undefined : one)));

const inPorts = (ports: readonly unknown[]): Mapping => ({ services: { web: { ports } } });

const portsOf = (document: Mapping): unknown =>
  (document as { services: { web: { ports: unknown } } }).services.web.ports;

const longPorts = (ports: readonly unknown[]) =>
  attempt(() => portsOf(withDefaults(canonical(inPorts(ports), silent))));

export const syntaxOperations: readonly Operation[] = [
  operation<{ value: string }, Expected & { ports?: readonly object[] }>(
    'short port syntax',
    ({ input, expect }) => {
      const outcome = attempt(() => parsePort(input.value));
      if ('error' in outcome) return judgeOutcome(outcome, expect);
      const named = outcome.value.map(({ host_ip: hostIP, ...port }) => ({ ...port, hostIP }));
      return compare(withoutNulls({ ports: named }), withoutNulls(expect));
    },
  ),
  operation<{ value?: unknown[]; ports?: unknown[] }, Expected & { ports?: unknown }>(
    /^(short port list|load ports)$/,
    ({ input, expect }) => {
      const outcome = longPorts(input.value ?? input.ports ?? []);
      if ('error' in outcome) return judgeOutcome(outcome, expect);
      return compare(texts(outcome.value), texts(expect.ports));
    },
  ),
  operation<{ value: Mapping }, { port: unknown }>('long port', ({ input, expect }) => {
    const outcome = longPorts([input.value]);
    return 'error' in outcome
      ? { holds: false, got: outcome }
      : compare(outcome.value, [expect.port]);
  }),
  operation<{ value: string }, Expected>('short volume syntax', ({ input, expect }) => {
    const outcome = attempt(() => parseVolume(input.value));
    if ('error' in outcome) return judgeOutcome(outcome, expect);
    return compare(withoutNulls(mountAs(outcome.value)), withoutNulls(mountAs(expect)));
  }),
  operation<{ document: Mapping }, Expected & { tree?: unknown }>(
    'write in long form',
    ({ input, expect }) => {
      const outcome = attempt(() => canonical(input.document, silent));
      if ('error' in outcome) return judgeOutcome(outcome, expect);
      return compare(outcome.value, expect.tree);
    },
  ),
];

/** Published ports as texts: the normal form has them so, however they were written. */
const texts = (ports: unknown): unknown =>
  Array.isArray(ports)
    ? ports.map((port: Mapping) =>
        port.published === undefined ? port : { ...port, published: printValue(port.published) },
      )
    : ports;

export const documentOperations: readonly Operation[] = [
  operation<{ base: string; override: string }, Expected & { tree?: unknown }>(
    'merge two files then remove duplicates',
    ({ input, expect }) => {
      const outcome = attempt(() =>
        withoutDuplicates(mergeDocuments(documentOf(input.base), documentOf(input.override))),
      );
      if ('error' in outcome) return judgeOutcome(outcome, expect);
      return compare(outcome.value, expect.tree);
    },
  ),
  operation<{ file: string }, { tree: unknown }>(
    'remove duplicates in one file',
    ({ input, expect }) => compare(withoutDuplicates(documentOf(input.file)), expect.tree),
  ),
  operation<{ file: string; env: Texts }, { tree: unknown }>('normalise', ({ input, expect }) =>
    compare(normalize(documentOf(input.file), input.env), expect.tree),
  ),
];
