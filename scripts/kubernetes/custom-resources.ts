import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import { marksOf, plainType, type Cut, type OpenApiSchema } from './openapi.ts';

/** Kinds that CustomResourceDefinitions declare: their schemas stand inline and have no names. */
interface Definition {
  readonly spec: {
    readonly group: string;
    readonly names: { readonly kind: string };
    readonly versions: readonly {
      readonly name: string;
      readonly schema: { readonly openAPIV3Schema: OpenApiSchema };
    }[];
  };
}

/** What a value must be besides its type. */
export type Facets = Record<string, Record<string, Readonly<Record<string, unknown>>>>;

const FACETS = [
  'enum',
  'pattern',
  'minimum',
  'maximum',
  'minLength',
  'maxLength',
  'minItems',
  'maxItems',
] as const;

export function addCustomResource(cut: Cut, facets: Facets, folder: string, file: string): void {
  const { spec } = parse(readFileSync(join(folder, file), 'utf8')) as Definition;
  for (const { name: version, schema } of spec.versions) {
    const kind = spec.names.kind;
    if (version === 'v1') define(cut, facets, kind, schema.openAPIV3Schema);
    cut.kinds[`${spec.group}/${version}/${kind}`] = kind;
  }
}

function define(cut: Cut, facets: Facets, name: string, schema: OpenApiSchema): void {
  const fields: Record<string, string> = {};
  const texts: Record<string, string> = { '': schema.description ?? '' };
  const own: Record<string, Record<string, unknown>> = {};
  cut.definitions[name] = fields;
  cut.texts[name] = texts;
  for (const [field, property] of Object.entries(schema.properties ?? {})) {
    const required = schema.required?.includes(field) ? ' !' : '';
    const type = typeOf(cut, facets, `${name}.${field}`, property);
    fields[field] = `${type}${required}${marksOf(property)}`;
    texts[field] = name.includes('.') ? (property.description ?? '') : textOf(field, property);
    const given = FACETS.filter((facet) => property[facet] !== undefined);
    if (given.length > 0) {
      own[field] = Object.fromEntries(given.map((facet) => [facet, property[facet]]));
    }
  }
  if (Object.keys(own).length > 0) facets[name] = own;
}

/** What the server says of fields that every kind has, whatever the definition says. */
const COMMON: Readonly<Record<string, string>> = {
  metadata:
    "Standard object's metadata. More info: https://git.k8s.io/community/contributors/devel/" +
    'sig-architecture/api-conventions.md#metadata',
};

const textOf = (field: string, { description }: OpenApiSchema): string =>
  COMMON[field] ?? description ?? '';

function typeOf(cut: Cut, facets: Facets, name: string, schema: OpenApiSchema): string {
  if (schema.type === 'array') return `[${typeOf(cut, facets, name, schema.items ?? {})}`;
  if (typeof schema.additionalProperties === 'object') {
    return `{${typeOf(cut, facets, name, schema.additionalProperties)}`;
  }
  if (name.endsWith('.metadata') && !schema.properties) return 'ObjectMeta';
  if (schema['x-kubernetes-int-or-string']) return 'x';
  if (!schema.properties) return plainType(schema);
  define(cut, facets, name, schema);
  return name;
}
