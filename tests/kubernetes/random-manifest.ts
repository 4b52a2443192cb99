import type { ResourceInfo } from '../../src/engine/kubernetes/api/resources.ts';
import { apiVersionOf } from '../../src/engine/kubernetes/api/resources.ts';
import {
  definitionOf,
  definitionOfKind,
  type Definition,
  type Facets,
  type Field,
  facetsOf,
  type TypeNode,
} from '../../src/engine/kubernetes/api/schema/definitions.ts';
import { enumValues } from '../../src/engine/kubernetes/kubectl/explain/descriptions.ts';
import { Random } from '../../src/engine/sim/random.ts';

/**
 * Manifests that fit the schema of a kind and are otherwise nonsense: what a server must read,
 * fill in and judge without ever failing of itself.
 */
export type Manifest = Record<string, unknown>;

const LETTERS = 'abcdefghijklmnopqrstuvwxyz';

/** The same manifest for the same seed. */
export function randomManifest(info: ResourceInfo, seed: number): Manifest {
  const definition = definitionOfKind(apiVersionOf(info), info.kind);
  if (!definition) throw new Error(`no schema for ${info.kind}`);
  const random = new Random(seed, ['manifest', info.kind]);
  const made = objectOf(random, definition, 0);
  const metadata = { ...(made.metadata as object | undefined), name: random.text(6, LETTERS) };
  return { ...made, apiVersion: apiVersionOf(info), kind: info.kind, metadata };
}

/** One value somewhere in a manifest replaced by one of another type. */
export function spoilt(manifest: Manifest, seed: number): unknown {
  const random = new Random(seed, ['spoil']);
  const spoil = (value: unknown): unknown => {
    const children = typeof value === 'object' && value !== null ? Object.keys(value) : [];
    if (children.length === 0 || random.integer(0, 4) === 0) return nonsense(random);
    const chosen = random.pick(children);
    if (Array.isArray(value)) {
      return value.map((item: unknown, i) => (String(i) === chosen ? spoil(item) : item));
    }
    const fields = value as Manifest;
    return { ...fields, [chosen]: spoil(fields[chosen]) };
  };
  const kept = { apiVersion: manifest.apiVersion, kind: manifest.kind };
  const rest = spoil({ ...manifest, apiVersion: undefined, kind: undefined });
  return typeof rest === 'object' && rest !== null && !Array.isArray(rest)
    ? { ...rest, ...kept }
    : kept;
}

const nonsense = (random: Random): unknown =>
  random.pick([null, true, -1, 1.5, 2 ** 40, '', 'x', '10%', [], {}, [null], [{}], { a: 1 }]);

const DEPTH_LIMIT = 9;

function objectOf(random: Random, definition: Definition, depth: number): Manifest {
  const object: Manifest = {};
  // Deep down only what must be there, and higher up ever less of a large object.
  const odds = Math.max(2, Math.floor(definition.fields.size / 6));
  for (const field of definition.fields.values()) {
    const isWanted = field.name === 'spec' || field.name === 'template';
    const isTaken = depth < DEPTH_LIMIT && random.integer(1, odds) === 1;
    if (!field.required && !isWanted && !isTaken) continue;
    object[field.name] = valueOf(random, definition, field, field.type, depth + 1);
  }
  return object;
}

function valueOf(
  random: Random,
  definition: Definition,
  field: Field,
  type: TypeNode,
  depth: number,
): unknown {
  const another = (inner: TypeNode) => valueOf(random, definition, field, inner, depth);
  switch (type.of) {
    case 'list': {
      const { minItems = 0 } = facetsOf(definition, field.name);
      return Array.from({ length: random.integer(minItems, minItems + 2) }, () =>
        another(type.items),
      );
    }
    case 'map':
      return Object.fromEntries(
        Array.from({ length: random.integer(0, 2) }, () => [
          random.text(3, LETTERS),
          another(type.values),
        ]),
      );
    case 'object': {
      const inner = definitionOf(type.definition);
      return inner ? objectOf(random, inner, depth) : {};
    }
    default:
      return scalarOf(random, field, facetsOf(definition, field.name), type.of);
  }
}

function scalarOf(random: Random, field: Field, facets: Facets, type: TypeNode['of']): unknown {
  switch (type) {
    case 'bool':
      return random.integer(0, 1) === 1;
    case 'int32':
    case 'int64':
    case 'number':
      if (facets.enum) return random.pick(facets.enum);
      return random.integer(facets.minimum ?? -1, Math.min(facets.maximum ?? 70_000, 70_000));
    case 'quantity':
      return random.pick(['0', '1', '100m', '0.5', '1Gi', '1500Mi', '1e3', '-1', 2]);
    case 'intOrString':
      return random.pick<string | number>([0, 1, 80, -1, '25%', '0%', 'http', '']);
    case 'time':
    case 'microTime':
      return '2026-01-05T00:00:00Z';
    case 'bytes':
      return random.pick(['', 'aGk=', 'aGVsbG8=']);
    case 'any':
    case 'fieldSet':
      return { a: random.integer(0, 9) };
    default:
      return textOf(random, field, facets);
  }
}

function textOf(random: Random, field: Field, facets: Facets): string {
  if (facets.enum) return String(random.pick(facets.enum));
  const values = enumValues(field.goName).map(({ value }) => value);
  if (values.length > 0 && random.integer(0, 9) > 0) return random.pick(values);
  const texts = [...TEXTS, random.text(4, LETTERS)];
  const { pattern, maxLength = Infinity } = facets;
  const fitting = texts.filter(
    (text) => text.length <= maxLength && (!pattern || new RegExp(pattern).test(text)),
  );
  return random.pick(fitting);
}

/** Something for every pattern that a custom resource asks for, and names that are none. */
const TEXTS = ['a', 'web', 'Bad_Name!', '10.0.0.1', 'nginx:1.27', '10s', 'example.com/controller'];
