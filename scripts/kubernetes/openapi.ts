import type { GoTypes } from './go-types.ts';

/** The parts of an OpenAPI schema that are looked at. */
export interface OpenApiSchema {
  readonly $ref?: string;
  readonly type?: string;
  readonly format?: string;
  readonly description?: string;
  readonly required?: readonly string[];
  readonly properties?: Readonly<Record<string, OpenApiSchema>>;
  readonly items?: OpenApiSchema;
  readonly additionalProperties?: OpenApiSchema | boolean;
  readonly enum?: readonly string[];
  readonly pattern?: string;
  readonly minimum?: number;
  readonly maximum?: number;
  readonly minLength?: number;
  readonly maxLength?: number;
  readonly minItems?: number;
  readonly maxItems?: number;
  readonly 'x-kubernetes-list-type'?: string;
  readonly 'x-kubernetes-list-map-keys'?: readonly string[];
  readonly 'x-kubernetes-map-type'?: string;
  readonly 'x-kubernetes-patch-strategy'?: string;
  readonly 'x-kubernetes-patch-merge-key'?: string;
  readonly 'x-kubernetes-preserve-unknown-fields'?: boolean;
  readonly 'x-kubernetes-int-or-string'?: boolean;
  readonly 'x-kubernetes-group-version-kind'?: readonly {
    readonly group: string;
    readonly kind: string;
    readonly version: string;
  }[];
}

/** A definition as it is kept: a line for each field, texts apart. */
export interface Cut {
  /** Definition to field to type; see src/engine/kubernetes/api/schema/definitions.ts. */
  readonly definitions: Record<string, Record<string, string>>;
  /** `apps/v1/Deployment` to its definition. */
  readonly kinds: Record<string, string>;
  /** Definition to field (empty: itself) to text. */
  readonly texts: Record<string, Record<string, string>>;
  /** Enumerated types that fields name, to their values. */
  readonly enums: Record<string, readonly { value: string; comment: string }[]>;
}

const PLAIN: Readonly<Record<string, string>> = {
  'io.k8s.apimachinery.pkg.apis.meta.v1.Time': 't',
  'io.k8s.apimachinery.pkg.apis.meta.v1.MicroTime': 'm',
  'io.k8s.apimachinery.pkg.apis.meta.v1.FieldsV1': 'f',
  'io.k8s.apimachinery.pkg.api.resource.Quantity': 'q',
  'io.k8s.apimachinery.pkg.util.intstr.IntOrString': 'x',
  'io.k8s.apimachinery.pkg.runtime.RawExtension': 'o',
};

const GO_PLAIN = new Set(['string', 'int32', 'int64', 'bool', 'byte', 'int', 'uint8']);

/** Cuts an OpenAPI v2 document to the kinds named `group/version/Kind` and what they consist of. */
export class OpenApiCutter {
  readonly cut: Cut = { definitions: {}, kinds: {}, texts: {}, enums: {} };
  readonly #source: Readonly<Record<string, OpenApiSchema>>;
  readonly #go: GoTypes;
  readonly #names = new Map<string, string>();

  constructor(source: Readonly<Record<string, OpenApiSchema>>, go: GoTypes) {
    this.#source = source;
    this.#go = go;
  }

  addKind(wanted: string): void {
    const found = Object.entries(this.#source).find(([, schema]) =>
      schema['x-kubernetes-group-version-kind']?.some(
        ({ group, version, kind }) => `${group ? `${group}/` : ''}${version}/${kind}` === wanted,
      ),
    );
    if (!found) throw new Error(`The OpenAPI document has no ${wanted}: is it of another release?`);
    this.cut.kinds[wanted] = this.#define(found[0]);
  }

  #define(full: string): string {
    const before = this.#names.get(full);
    if (before !== undefined) return before;
    const [group = '', version = '', bare = ''] = full.split('.').slice(-3);
    const name = this.cut.definitions[bare] ? `${group}/${version}/${bare}` : bare;
    this.#names.set(full, name);
    const schema = this.#source[full] ?? {};
    const fields: Record<string, string> = {};
    this.cut.definitions[name] = fields;
    const texts: Record<string, string> = { '': schema.description ?? '' };
    this.cut.texts[name] = texts;
    if (schema['x-kubernetes-map-type'] === 'atomic') fields[''] = 'atomic';
    else if (version === 'v2') fields[''] = 'v2';
    const goFields = this.#go.fields.get(`${group}/${version}.${bare}`);
    for (const [field, property] of Object.entries(schema.properties ?? {})) {
      const named = this.#named(`${group}/${version}`, goFields?.get(field), property);
      const required = schema.required?.includes(field) ? ' !' : '';
      fields[field] = `${this.#type(property)}${named}${required}${marksOf(property)}`;
      texts[field] = property.description ?? '';
    }
    return name;
  }

  #type(schema: OpenApiSchema): string {
    if (schema.$ref !== undefined) {
      const full = schema.$ref.slice('#/definitions/'.length);
      return PLAIN[full] === undefined ? this.#define(full) : this.#plain(full);
    }
    if (schema.type === 'array') return `[${this.#type(schema.items ?? {})}`;
    if (typeof schema.additionalProperties === 'object') {
      return `{${this.#type(schema.additionalProperties)}`;
    }
    return plainType(schema);
  }

  /** A type that is a letter: only its text is kept. */
  #plain(full: string): string {
    const name = full.slice(full.lastIndexOf('.') + 1);
    this.cut.texts[name] = { '': this.#source[full]?.description ?? '' };
    return PLAIN[full] ?? 'o';
  }

  /** ` @PullPolicy` when a field is of a Go type with a name of its own. */
  #named(version: string, goType: string | undefined, schema: OpenApiSchema): string {
    if (goType === undefined || schema.$ref !== undefined) return '';
    const inner = goType.replace(/^(\[\]|map\[[\w.]+\])/, '').replace(/^\*/, '');
    const container = schema.items ?? schema.additionalProperties;
    const isReference = typeof container === 'object' && container.$ref !== undefined;
    if (inner !== goType.replace(/^\*/, '') && isReference) return '';
    const [qualifier, name] = inner.includes('.') ? inner.split('.') : ['', inner];
    if (GO_PLAIN.has(name ?? '') || inner.startsWith('[]') || name === 'Quantity') return '';
    const home = qualifier ? this.#homeOf(name ?? '') : version;
    const values = this.#go.enums.get(`${home}.${name}`);
    if (values && container === undefined) this.cut.enums[name ?? ''] = values;
    return ` @${qualifier === 'types' ? `types.${name}` : name}`;
  }

  /** Named types of other packages are of core or of meta. */
  #homeOf(name: string): string {
    return this.#go.enums.has(`core/v1.${name}`) ? 'core/v1' : 'meta/v1';
  }
}

export function plainType({ type, format }: OpenApiSchema): string {
  if (type === 'string') return format === 'byte' ? 'y' : 's';
  if (type === 'integer') return format === 'int64' ? 'l' : 'i';
  if (type === 'boolean') return 'b';
  if (type === 'number') return 'd';
  return 'o';
}

/** How lists and maps are merged: ` ~map:name,port` by apply, ` ^merge:name` by a strategic patch. */
export function marksOf(schema: OpenApiSchema): string {
  const list = schema['x-kubernetes-list-type'];
  const keys = schema['x-kubernetes-list-map-keys'];
  const map = schema['x-kubernetes-map-type'];
  const strategy = schema['x-kubernetes-patch-strategy'];
  const key = schema['x-kubernetes-patch-merge-key'];
  const apply = list === 'map' ? ` ~map:${keys?.join(',') ?? ''}` : list ? ` ~${list}` : '';
  const applyMap = map ? ` ~${map}` : '';
  const patch = strategy ? ` ^${strategy}${key ? `:${key}` : ''}` : '';
  return apply + applyMap + patch;
}
