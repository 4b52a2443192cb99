import { parsePort } from '../canonical/port-spec.ts';
import { attemptOr, fail } from '../failure.ts';
import { parseDuration } from '../../go/duration.ts';
import { isRefused } from '../../go/refused.ts';
import type { Schema, SchemaDocument, TypeName } from '../schema/schema.ts';
import { typeOf } from '../schema/violations.ts';
import { isList, isMapping, type Mapping } from '../tree/tree.ts';
import { stackSchema } from './schema/versions.ts';

/**
 * Holds a stack file to the schema of its version and fails with the fault that lies deepest
 * (docker/cli v29 `cli/compose/schema/schema.go`, xeipuuv/gojsonschema v1.2 `validation.go`).
 */
export function validateStack(document: Mapping, version: string): void {
  const schema = stackSchema(version);
  if (!schema) return fail(`unsupported Compose file version: ${version}`);
  const faults = new Faults(schema.definitions).of(document, schema.root, []);
  if (faults.length > 0) fail(describeDeepest(faults));
}

interface Fault {
  readonly path: readonly string[];
  readonly kind: 'type' | 'one-of' | 'other';
  /** As the validator describes it. */
  readonly text: string;
  readonly want?: readonly TypeName[];
}

function describeDeepest(faults: readonly Fault[]): string {
  let worst = 0;
  const depth = (at: number): number => Math.max(faults[at]?.path.length ?? 0, 1);
  for (let at = 1; at < faults.length; at++) {
    const wins = faults[at]?.kind === 'type' && faults[worst]?.kind !== 'type';
    if (depth(at) > depth(worst) || (depth(at) === depth(worst) && wins)) worst = at;
  }
  const { path, kind, text, want } = faults[worst] ?? { path: [], kind: 'other', text: '' };
  const place = path.length === 0 ? '(root)' : path.join('.');
  if (want) return `${place} must be a ${typeNames(want)}`;
  const child = kind === 'one-of' ? faults[worst + 1] : undefined;
  return `${place} ${child?.text ?? text}`;
}

const READABLE: Readonly<Record<string, string>> = { object: 'mapping', array: 'list' };

function typeNames(want: readonly TypeName[]): string {
  const names = want.map((type) => READABLE[type] ?? type);
  if (names.length === 1) return names[0] ?? '';
  return `${names.slice(0, -1).join(', ')} or ${names.at(-1) ?? ''}`;
}

class Faults {
  private readonly definitions: SchemaDocument['definitions'];

  constructor(definitions: SchemaDocument['definitions']) {
    this.definitions = definitions;
  }

  of(value: unknown, schema: Schema, path: readonly string[]): Fault[] {
    if (schema.ref !== undefined) return this.of(value, this.definitions[schema.ref] ?? {}, path);
    const got = typeOf(value);
    const { types } = schema;
    if (types && !types.some((type) => type === got || (type === 'number' && got === 'integer'))) {
      const expected = types.length === 1 ? types[0] : `[${types.join(',')}]`;
      const text = `Invalid type. Expected: ${expected}, given: ${got}`;
      return [{ path, kind: 'type', text, want: types }];
    }
    return [
      ...this.oneOf(value, schema, path),
      ...(isList(value) ? this.list(value, schema, path) : []),
      ...(isMapping(value) ? this.keys(value, schema, path) : []),
      ...plainFaults(value, schema, path),
      ...(isMapping(value) ? this.children(value, schema, path) : []),
    ];
  }

  private oneOf(value: unknown, { oneOf }: Schema, path: readonly string[]): Fault[] {
    if (!oneOf) return [];
    const results = oneOf.map((each) => this.of(value, each, path));
    const valid = results.filter((faults) => faults.length === 0).length;
    if (valid === 1) return [];
    const text = 'Must validate one and only one schema (oneOf)';
    const closest = results.find(([first]) => first?.kind !== 'type' || first.path !== path);
    return [{ path, kind: 'one-of', text }, ...(valid === 0 ? (closest ?? results[0] ?? []) : [])];
  }

  private list(value: unknown[], schema: Schema, path: readonly string[]): Fault[] {
    const { items, unique } = schema;
    const found = items
      ? value.flatMap((item, index) => this.of(item, items, [...path, String(index)]))
      : [];
    const texts = value.map((item) => JSON.stringify(item));
    const repeated = texts.findIndex((text, index) => texts.indexOf(text) !== index);
    if (unique !== true || repeated === -1) return found;
    const first = texts.indexOf(texts[repeated] ?? '');
    const text = `array items[${first},${repeated}] must be unique`;
    return [...found, { path, kind: 'other', text }];
  }

  private keys(value: Mapping, schema: Schema, path: readonly string[]): Fault[] {
    const other = (text: string): Fault => ({ path, kind: 'other', text });
    const missing = (schema.required ?? []).filter((key) => !(key in value));
    const isKnown = (key: string): boolean =>
      Object.hasOwn(schema.properties ?? {}, key) ||
      (schema.patterns ?? []).some(([pattern]) => pattern.test(key));
    const further = Object.keys(value).filter((key) => !isKnown(key));
    return [
      ...missing.map((key) => other(`${key} is required`)),
      ...(schema.additional === false
        ? further.map((key) => other(`Additional property ${key} is not allowed`))
        : []),
    ];
  }

  private children(value: Mapping, schema: Schema, path: readonly string[]): Fault[] {
    return Object.entries(value).flatMap(([key, one]) => {
      const own = Object.hasOwn(schema.properties ?? {}, key)
        ? schema.properties?.[key]
        : undefined;
      const fitting = (schema.patterns ?? []).filter(([pattern]) => pattern.test(key));
      const schemas = [...fitting.map(([, each]) => each), ...(own ? [own] : [])];
      return schemas.flatMap((each) => this.of(one, each, [...path, key]));
    });
  }
}

function plainFaults(value: unknown, schema: Schema, path: readonly string[]): Fault[] {
  const { values, format, minimum } = schema;
  const found: string[] = [];
  if (values && !values.includes(value)) {
    const place = path.length === 0 ? '(root)' : path.join('.');
    const allowed = values.map((each) => JSON.stringify(each)).join(', ');
    found.push(`${place} must be one of the following: ${allowed}`);
  }
  if (format && !fitsFormat(value, format)) found.push(`Does not match format '${format}'`);
  if (minimum !== undefined && typeof value === 'number' && value < minimum) {
    found.push(`Must be greater than or equal to ${minimum}`);
  }
  return found.map((text) => ({ path, kind: 'other', text }));
}

/** The two formats docker knows; others it does not look at. */
function fitsFormat(value: unknown, format: string): boolean {
  if (format === 'duration') return typeof value === 'string' && !isRefused(parseDuration(value));
  if (format !== 'ports') return true;
  return attemptOr(() => parsePort(String(value)).length > 0, false);
}
