import { isList, isMapping, type Mapping } from '../tree/tree.ts';
import type { Schema, SchemaDocument, TypeName } from './schema.ts';

/**
 * What a document breaks of a schema: every leaf of the tree of faults, in the order of the
 * validator that Compose uses (santhosh-tekuri/jsonschema v6 `validator.go`).
 */
export type Fault =
  | { readonly kind: 'type'; readonly want: readonly TypeName[]; readonly got: TypeName }
  | { readonly kind: 'values'; readonly want: readonly unknown[] }
  | { readonly kind: 'missing'; readonly names: readonly string[] }
  | { readonly kind: 'additional'; readonly names: readonly string[] }
  | { readonly kind: 'unique'; readonly at: readonly [number, number] }
  | { readonly kind: 'pattern'; readonly got: string; readonly want: string }
  | { readonly kind: 'format'; readonly got: unknown; readonly want: string }
  | { readonly kind: 'minimum' | 'maximum'; readonly want: number }
  | { readonly kind: 'one-of'; readonly matched: readonly number[] };

export interface Violation {
  readonly path: readonly string[];
  readonly fault: Fault;
}

export type FormatCheck = (value: unknown, format: string) => boolean;

export function findViolations(
  value: unknown,
  { root, definitions }: SchemaDocument,
  format?: FormatCheck,
): Violation[] {
  return new Validator(definitions, format).check(value, root, []);
}

class Validator {
  private readonly definitions: SchemaDocument['definitions'];
  private readonly format: FormatCheck | undefined;

  constructor(definitions: SchemaDocument['definitions'], format: FormatCheck | undefined) {
    this.definitions = definitions;
    this.format = format;
  }

  check(value: unknown, schema: Schema, path: readonly string[]): Violation[] {
    if (schema.ref !== undefined) {
      return this.check(value, this.definitions[schema.ref] ?? {}, path);
    }
    const one = (fault: Fault): Violation[] => [{ path, fault }];
    const { types, values } = schema;
    const got = typeOf(value);
    const fits = types?.some((type) => type === got || (type === 'number' && got === 'integer'));
    if (types && !fits) return one({ kind: 'type', want: types, got });
    if (values && !values.includes(value)) return one({ kind: 'values', want: values });
    if (schema.format && this.format && !this.format(value, schema.format)) {
      return one({ kind: 'format', got: value, want: schema.format });
    }
    return [
      ...(isMapping(value) ? this.mapping(value, schema, path) : []),
      ...(isList(value) ? this.list(value, schema, path) : []),
      ...scalarFaults(value, schema).flatMap(one),
      ...this.oneOf(value, schema, path),
    ];
  }

  private mapping(value: Mapping, schema: Schema, path: readonly string[]): Violation[] {
    const found: Violation[] = [];
    const missing = (schema.required ?? []).filter((name) => !(name in value));
    if (missing.length > 0) found.push({ path, fault: { kind: 'missing', names: missing } });
    const additional: string[] = [];
    for (const [key, one] of Object.entries(value)) {
      const at = [...path, key];
      const schemas = schemasOf(key, schema);
      for (const each of schemas) found.push(...this.check(one, each, at));
      if (schemas.length > 0) continue;
      if (schema.additional === false) additional.push(key);
      else if (typeof schema.additional === 'object') {
        found.push(...this.check(one, schema.additional, at));
      }
    }
    if (additional.length > 0) {
      found.push({ path, fault: { kind: 'additional', names: additional } });
    }
    return found;
  }

  private list(value: unknown[], schema: Schema, path: readonly string[]): Violation[] {
    const found: Violation[] = [];
    const at = schema.unique === true ? duplicates(value) : undefined;
    if (at) found.push({ path, fault: { kind: 'unique', at } });
    const { items } = schema;
    if (!items) return found;
    for (const [index, item] of value.entries()) {
      found.push(...this.check(item, items, [...path, String(index)]));
    }
    return found;
  }

  private oneOf(value: unknown, schema: Schema, path: readonly string[]): Violation[] {
    if (!schema.oneOf) return [];
    const results = schema.oneOf.map((each) => this.check(value, each, path));
    const matched = results.flatMap((faults, index) => (faults.length === 0 ? [index] : []));
    if (matched.length === 1) return [];
    if (matched.length === 0) return results.flat();
    return [{ path, fault: { kind: 'one-of', matched: matched.slice(0, 2) } }];
  }
}

function schemasOf(key: string, { properties, patterns }: Schema): Schema[] {
  const named = properties && Object.hasOwn(properties, key) ? properties[key] : undefined;
  const fitting = (patterns ?? []).flatMap(([pattern, each]) => (pattern.test(key) ? [each] : []));
  return named ? [named, ...fitting] : fitting;
}

function scalarFaults(value: unknown, { pattern, minimum, maximum }: Schema): Fault[] {
  if (typeof value === 'string') {
    const fits = pattern === undefined || new RegExp(pattern).test(value);
    return fits ? [] : [{ kind: 'pattern', got: value, want: pattern }];
  }
  if (typeof value !== 'number') return [];
  const low = minimum !== undefined && value < minimum;
  const high = maximum !== undefined && value > maximum;
  return [
    ...(low ? [{ kind: 'minimum', want: minimum } as const] : []),
    ...(high ? [{ kind: 'maximum', want: maximum } as const] : []),
  ];
}

export function typeOf(value: unknown): TypeName {
  if (value === null || value === undefined) return 'null';
  if (isList(value)) return 'array';
  if (typeof value === 'number') return Number.isInteger(value) ? 'integer' : 'number';
  return typeof value === 'object' ? 'object' : (typeof value as 'string' | 'boolean');
}

function duplicates(items: readonly unknown[]): readonly [number, number] | undefined {
  const first = new Map<string, number>();
  for (const [index, item] of items.entries()) {
    const key = JSON.stringify(item);
    const before = first.get(key);
    if (before !== undefined) return [before, index];
    first.set(key, index);
  }
  return undefined;
}
