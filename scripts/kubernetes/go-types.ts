import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';

/**
 * What the OpenAPI document does not say and messages do: the Go types of fields, and the values of
 * enumerated types with their comments (kube-openapi pkg/generators/enum.go). Read from a copy of
 * kubernetes/api and of apimachinery's meta/v1.
 */
export interface EnumValue {
  readonly value: string;
  readonly comment: string;
}

export interface GoTypes {
  /** `core/v1.Container` and the JSON name of a field, to its Go type. */
  readonly fields: ReadonlyMap<string, ReadonlyMap<string, string>>;
  /** `core/v1.PullPolicy` to its values in order. */
  readonly enums: ReadonlyMap<string, readonly EnumValue[]>;
}

const STRUCT = /^type (\w+) struct \{\n([\s\S]*?)^\}/gm;
const FIELD = /^\t(?:(\w+)\s+)?(\S+)\s+`json:"([^"]*)"/gm;
const ENUM = /^\/\/ \+enum\n(?:\/\/.*\n)*type (\w+) string$/gm;
const VALUE = /((?:^[ \t]*\/\/.*\n)*)^[ \t]*(?:const )?(\w+)\s+(\w+)\s*=\s*"([^"]*)"/gm;

export function readGoTypes(folder: string): GoTypes {
  const fields = new Map<string, Map<string, string>>();
  const enums = new Map<string, EnumValue[]>();
  for (const [path, source] of goFiles(folder)) {
    const structs = new Map<string, string>();
    for (const [, name = '', body = ''] of source.matchAll(STRUCT)) structs.set(name, body);
    for (const name of structs.keys()) fields.set(`${path}.${name}`, fieldsOf(name, structs));
    const names = new Set([...source.matchAll(ENUM)].map(([, name = '']) => name));
    for (const name of names) enums.set(`${path}.${name}`, valuesOf(name, source));
  }
  return { fields, enums };
}

/** Fields of a struct and of those inlined in it. */
function fieldsOf(name: string, structs: ReadonlyMap<string, string>): Map<string, string> {
  const found = new Map<string, string>();
  for (const [, , type = '', tag = ''] of (structs.get(name) ?? '').matchAll(FIELD)) {
    const [json = ''] = tag.split(',');
    if (json !== '' && json !== '-') found.set(json, type.replace(/^\*/, ''));
    else if (structs.has(type)) {
      for (const [field, inlined] of fieldsOf(type, structs)) found.set(field, inlined);
    }
  }
  return found;
}

/** The comment of a value without the name of its constant, on one line. */
function valuesOf(type: string, source: string): EnumValue[] {
  const values: EnumValue[] = [];
  for (const [, comments = '', name = '', of, value = ''] of source.matchAll(VALUE)) {
    if (of !== type || values.some((one) => one.value === value)) continue;
    const lines = comments.split('\n').map((line) => line.trim().replace(/^\/\/ ?/, ''));
    const said = lines.join(' ').trim();
    const unnamed = said.startsWith(name) ? said.slice(name.length) : said;
    values.push({ value, comment: unnamed.trim().replace(/\s+/g, ' ') });
  }
  return values.sort((a, b) => (a.value < b.value ? -1 : 1));
}

/** Every `types.go` by its group and version. */
function* goFiles(folder: string): Generator<[string, string]> {
  for (const group of readdirSync(folder)) {
    if (!statSync(join(folder, group)).isDirectory() || group === 'pkg') continue;
    for (const version of readdirSync(join(folder, group))) {
      const file = join(folder, group, version, 'types.go');
      if (statSync(file, { throwIfNoEntry: false })) {
        yield [`${group}/${version}`, readFileSync(file, 'utf8')];
      }
    }
  }
  const meta = join(folder, 'pkg/apis/meta/v1/types.go');
  yield ['meta/v1', readFileSync(meta, 'utf8')];
}
