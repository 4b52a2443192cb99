/**
 * A JSON schema, as far as Compose's schemas use one, and short ways to write it. A place that is
 * not closed takes any further key.
 */
export interface Schema {
  readonly types?: readonly TypeName[];
  readonly properties?: Readonly<Record<string, Schema>>;
  /** By pattern of the key. */
  readonly patterns?: readonly (readonly [pattern: RegExp, schema: Schema])[];
  readonly additional?: boolean | Schema;
  readonly required?: readonly string[];
  readonly items?: Schema;
  readonly unique?: boolean;
  readonly oneOf?: readonly Schema[];
  readonly values?: readonly unknown[];
  readonly pattern?: string;
  readonly format?: 'duration' | 'ports' | 'expose' | 'subnet_ip_address';
  readonly minimum?: number;
  readonly maximum?: number;
  /** A named definition of the same document. */
  readonly ref?: string;
}

export type TypeName = 'object' | 'array' | 'string' | 'number' | 'integer' | 'boolean' | 'null';

export interface SchemaDocument {
  readonly root: Schema;
  readonly definitions: Readonly<Record<string, Schema>>;
}

type Properties = Readonly<Record<string, Schema>>;

export const any: Schema = {};
export const text: Schema = { types: ['string'] };
export const number: Schema = { types: ['number'] };
export const integer: Schema = { types: ['integer'] };
export const flag: Schema = { types: ['boolean'] };

export const oneType = (...types: TypeName[]): Schema => ({ types });

export const ref = (name: string): Schema => ({ ref: name });

export const oneOf = (...schemas: Schema[]): Schema => ({ oneOf: schemas });

export const list = (items: Schema, rest: Schema = {}): Schema => ({
  types: ['array'],
  items,
  ...rest,
});

const EXTENSION = [/^x-/, any] as const;

/** A mapping of these keys and `x-…` alone. */
export const extensible = (properties: Properties, rest: Schema = {}): Schema => ({
  types: ['object'],
  properties,
  patterns: [EXTENSION],
  additional: false,
  ...rest,
});

/** A mapping of these keys alone. */
export const closed = (properties: Properties, rest: Schema = {}): Schema => ({
  types: ['object'],
  properties,
  additional: false,
  ...rest,
});

/** A mapping of these keys, and whatever else stands in it. */
export const open = (properties: Properties, rest: Schema = {}): Schema => ({
  types: ['object'],
  properties,
  ...rest,
});

/** A mapping whose keys fit a pattern, and whose values a schema. */
export const mapOf = (pattern: RegExp, schema: Schema, rest: Schema = {}): Schema => ({
  types: ['object'],
  patterns: [[pattern, schema]],
  ...rest,
});

/** What a service, network and the like may be called. */
export const NAME = /^[a-zA-Z0-9._-]+$/;

/** The same, or a plain value of these types. */
export const alsoOf = (types: readonly TypeName[], schema: Schema): Schema => ({
  ...schema,
  types: [...(schema.types ?? []), ...types],
});

/** The same, or nothing: a key that is written without a value. */
export const orNull = (schema: Schema): Schema => alsoOf(['null'], schema);
