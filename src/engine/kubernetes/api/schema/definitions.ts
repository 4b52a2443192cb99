import source from './definitions.json' with { type: 'json' };

/**
 * What objects are made of: Kubernetes' OpenAPI document v1.36 and the CustomResourceDefinitions of
 * Gateway API v1.6, cut to the kinds served here by `scripts/kubernetes-schema.ts`.
 *
 * A field is a line of words: its type (`[` a list of, `{` a map of, a letter, or the name of a
 * definition), `!` when required, `@Name` when Go has a name of its own for the type, `~` how
 * server-side apply merges it, `^` how a strategic merge patch does.
 */
export type Scalar =
  | 'string'
  | 'int32'
  | 'int64'
  | 'bool'
  | 'bytes'
  | 'number'
  | 'quantity'
  | 'intOrString'
  | 'time'
  | 'microTime'
  | 'fieldSet'
  | 'any';

export type TypeNode =
  | { readonly of: 'list'; readonly items: TypeNode }
  | { readonly of: 'map'; readonly values: TypeNode }
  | { readonly of: 'object'; readonly definition: string }
  | { readonly of: Scalar };

export interface Field {
  readonly name: string;
  readonly type: TypeNode;
  readonly required: boolean;
  /** The Go type's own name, `PullPolicy`. */
  readonly goName?: string;
  /** How server-side apply merges a list: as one value, a set, or a map by `listKeys`. */
  readonly listType?: 'atomic' | 'set' | 'map';
  readonly listKeys?: readonly string[];
  /** Whether server-side apply takes a map or an object as one value. */
  readonly isAtomicMap: boolean;
  /** Of a strategic merge patch: `merge`, `replace`, `retainKeys`. */
  readonly patchStrategies: readonly string[];
  readonly mergeKey?: string;
}

export interface Definition {
  /** `PodSpec`; with a dot for a schema that stands inline and has no name. */
  readonly name: string;
  /** How Go names it in messages: `v1.PodSpec`. */
  readonly goType: string;
  readonly fields: ReadonlyMap<string, Field>;
  readonly isAtomic: boolean;
}

/** What a value of a CustomResourceDefinition must be besides its type. */
export interface Facets {
  readonly enum?: readonly (string | number)[];
  readonly pattern?: string;
  readonly minimum?: number;
  readonly maximum?: number;
  readonly minLength?: number;
  readonly maxLength?: number;
  readonly minItems?: number;
  readonly maxItems?: number;
}

const SCALARS: Readonly<Record<string, Scalar>> = {
  s: 'string',
  i: 'int32',
  l: 'int64',
  b: 'bool',
  y: 'bytes',
  d: 'number',
  q: 'quantity',
  x: 'intOrString',
  t: 'time',
  m: 'microTime',
  f: 'fieldSet',
  o: 'any',
};

interface Source {
  readonly definitions: Readonly<Record<string, Readonly<Record<string, string>>>>;
  /** `apps/v1/Deployment` to its definition. */
  readonly kinds: Readonly<Record<string, string>>;
  readonly facets: Readonly<Record<string, Readonly<Record<string, Facets>>>>;
}

const { definitions: DEFINITIONS, kinds: KINDS, facets: FACETS } = source as unknown as Source;

const read = new Map<string, Definition>();

/** A definition by its name; undefined when there is none. */
export function definitionOf(name: string): Definition | undefined {
  const before = read.get(name);
  if (before) return before;
  if (!Object.hasOwn(DEFINITIONS, name)) return undefined;
  const definition = readDefinition(name, DEFINITIONS[name] ?? {});
  read.set(name, definition);
  return definition;
}

/** What objects of a kind are made of, `apps/v1` `Deployment`; undefined for a kind not served. */
export function definitionOfKind(apiVersion: string, kind: string): Definition | undefined {
  const key = `${apiVersion}/${kind}`;
  return Object.hasOwn(KINDS, key) ? definitionOf(KINDS[key] ?? '') : undefined;
}

/** Whether a kind is declared by a CustomResourceDefinition. */
export function isCustomResource({ name }: Definition): boolean {
  return CUSTOM.has(name.includes('.') ? name.slice(0, name.indexOf('.')) : name);
}

const CUSTOM: ReadonlySet<string> = new Set(['GatewayClass', 'Gateway', 'HTTPRoute']);

export function facetsOf(definition: Definition, field: string): Facets {
  return FACETS[definition.name]?.[field] ?? {};
}

function readDefinition(name: string, lines: Readonly<Record<string, string>>): Definition {
  const { '': about = '', ...fields } = lines;
  const own = name.slice(name.lastIndexOf('/') + 1);
  return {
    name,
    goType: `${about === 'v2' ? 'v2' : 'v1'}.${own}`,
    isAtomic: about === 'atomic',
    fields: new Map(Object.entries(fields).map(([field, line]) => [field, readField(field, line)])),
  };
}

function readField(name: string, line: string): Field {
  const [type = '', ...marks] = line.split(' ');
  const marked = (sign: string): string | undefined =>
    marks.find((mark) => mark.startsWith(sign))?.slice(1);
  const goName = marked('@');
  const [merging = '', keys] = marked('~')?.split(':') ?? [];
  const [strategies = '', mergeKey] = marked('^')?.split(':') ?? [];
  const node = readType(type);
  const isList = node.of === 'list';
  return {
    name,
    type: node,
    required: marks.includes('!'),
    ...(goName !== undefined && { goName }),
    ...(isList && merging && { listType: merging as 'atomic' | 'set' | 'map' }),
    ...(keys !== undefined && { listKeys: keys.split(',') }),
    isAtomicMap: !isList && merging === 'atomic',
    patchStrategies: strategies === '' ? [] : strategies.split(','),
    ...(mergeKey !== undefined && { mergeKey }),
  };
}

function readType(text: string): TypeNode {
  if (text.startsWith('[')) return { of: 'list', items: readType(text.slice(1)) };
  if (text.startsWith('{')) return { of: 'map', values: readType(text.slice(1)) };
  const scalar = SCALARS[text];
  return scalar ? { of: scalar } : { of: 'object', definition: text };
}
