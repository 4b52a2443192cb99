import { resourceByWord, RESOURCES, type ResourceInfo } from '../../api/resources.ts';
import {
  definitionOf,
  definitionOfKind,
  type Definition,
  type Field,
  type TypeNode,
} from '../../api/schema/definitions.ts';
import { descriptionOf, enumValues } from './descriptions.ts';
import { indent, wrapWords } from './word-wrap.ts';

/**
 * `kubectl explain` (staging/src/k8s.io/kubectl/pkg/explain/v2/templates/plaintext.tmpl and
 * pkg/explain/explain.go, v1.36).
 *
 * Simplified: the schemas are those of the server's release; a real kubectl asks the server.
 */
export interface Explanation {
  /** What is printed, also when an error follows. */
  readonly stdout: string;
  /** Printed after `error: `; exit code 1. */
  readonly error?: string;
}

export interface ExplainOptions {
  readonly recursive?: boolean;
  /** `autoscaling/v1`: another version than the preferred one. */
  readonly apiVersion?: string;
}

/** Explains `pod.spec.containers`. */
export function explain(request: string, options: ExplainOptions = {}): Explanation {
  const segments = request.replace(/\.$/, '').split('.');
  const [word = ''] = segments;
  const bad = segments.findIndex((segment) => !/^[\w$-]+$/.test(segment));
  if (bad >= 0) {
    const which = bad > 0 && options.apiVersion !== undefined ? 'all nodes' : 'first node';
    const noun = which === 'all nodes' ? 'field nodes' : 'field node';
    return fault(`invalid jsonpath syntax, ${which} must be ${noun}`);
  }
  const info = resourceByWord(word);
  if (!info) return fault(`the server doesn't have a resource type "${word}"`);
  const path = segments.slice(options.apiVersion === undefined ? skipped(info, request) : 1);
  const groupVersion = options.apiVersion ?? apiVersionOf(info, info.version);
  const definition = definitionOfKind(groupVersion, info.kind);
  if (!definition) return fault(missing(info, groupVersion));
  const text = headOf(info, groupVersion);
  const found = outputOf({ of: 'object', definition: definition.name }, path, options);
  if (found === undefined) {
    return { stdout: text, error: `field "${path.at(-1) ?? ''}" does not exist` };
  }
  return { stdout: `${text}${found}\n` };
}

const fault = (error: string): Explanation => ({ stdout: '', error });

/** How many segments name the resource: `deployments.apps.spec` has two. */
function skipped({ plural, group }: ResourceInfo, request: string): number {
  const qualified = group ? `${plural}.${group}` : plural;
  return request.startsWith(qualified) ? qualified.split('.').length : 1;
}

const apiVersionOf = ({ group }: ResourceInfo, version: string): string =>
  group ? `${group}/${version}` : version;

function split(groupVersion: string): { group: string; version: string } {
  const slash = groupVersion.indexOf('/');
  return {
    group: groupVersion.slice(0, Math.max(0, slash)),
    version: groupVersion.slice(slash + 1),
  };
}

function missing({ plural }: ResourceInfo, groupVersion: string): string {
  const { group, version } = split(groupVersion);
  const served = RESOURCES.some((info) =>
    [info.version, ...info.furtherVersions].some((one) => apiVersionOf(info, one) === groupVersion),
  );
  const asked = `${group}/${version}, Resource=${plural}`;
  if (served) return `GVR (${asked}) not found in OpenAPI schema`;
  return `couldn't find resource for "${asked}"`;
}

function headOf({ kind }: ResourceInfo, groupVersion: string): string {
  const { group, version } = split(groupVersion);
  const first = group ? `GROUP:      ${group}\n` : '';
  return `${first}KIND:       ${kind}\nVERSION:    ${version}\n\n`;
}

/** Follows a path from a type; undefined when it leads nowhere. */
function outputOf(
  type: TypeNode,
  path: readonly string[],
  options: ExplainOptions,
): string | undefined {
  const [name, ...rest] = path;
  if (name === undefined) return aboutDefinition(type, options);
  const field = definitionWithin(type)?.fields.get(name);
  const definition = definitionWithin(type);
  if (!field || !definition) return undefined;
  if (rest.length > 0) return outputOf(field.type, rest, options);
  const enumerated = enumOf(field).map(({ value }) => `\n    ${value === '' ? '""' : value}`);
  const values = enumerated.length > 0 ? `ENUM:${enumerated.join('')}` : '';
  const head = `FIELD: ${name} <${typeName(field.type)}>\n${values}\n\n`;
  const own = describe(definition, field);
  return head + body([own, ...innerTexts(field.type)], field.type, options);
}

function aboutDefinition(type: TypeNode, options: ExplainOptions): string {
  return body(innerTexts(type), type, options);
}

/** The object that a type is, or that a list or a map of it holds. */
function definitionWithin(type: TypeNode): Definition | undefined {
  if (type.of === 'list') return definitionWithin(type.items);
  if (type.of === 'map') return definitionWithin(type.values);
  return type.of === 'object' ? definitionOf(type.definition) : undefined;
}

/**
 * Texts of what a type refers to. A schema that stands inline has told its own as the field's,
 * unless it is that of an item.
 */
function innerTexts(type: TypeNode, isItem = false): string[] {
  if (type.of === 'list') return innerTexts(type.items, true);
  if (type.of === 'map') return innerTexts(type.values, true);
  if (type.of !== 'object') return [descriptionOf(SCALAR_NAMES[type.of] ?? '')];
  return type.definition.includes('.') && !isItem ? [] : [descriptionOf(type.definition)];
}

const SCALAR_NAMES: Partial<Record<TypeNode['of'], string>> = {
  quantity: 'Quantity',
  intOrString: 'IntOrString',
  time: 'Time',
  microTime: 'MicroTime',
  fieldSet: 'FieldsV1',
  any: 'RawExtension',
};

function body(texts: readonly string[], type: TypeNode, options: ExplainOptions): string {
  const said = texts.filter((text) => text !== '').map((text) => `${text}\n`);
  const description = indent(wrapWords(said.join('') || '<empty>', 76), 4);
  const fields = fieldList(type, 1, options.recursive ?? false, new Set());
  return `DESCRIPTION:\n${description}\n${fields && `FIELDS:\n${fields}`}`;
}

function fieldList(
  type: TypeNode,
  level: number,
  recursive: boolean,
  above: ReadonlySet<string>,
): string {
  const definition = definitionWithin(type);
  if (!definition || above.has(definition.name)) return '';
  const within = new Set([...above, definition.name]);
  return [...definition.fields.values()]
    .map((field) => {
      const detail = fieldDetail(definition, field, level, recursive);
      return recursive ? detail + fieldList(field.type, level + 1, recursive, within) : detail;
    })
    .join('');
}

const SHOWN_VALUES = 4;

function fieldDetail(definition: Definition, field: Field, level: number, short: boolean): string {
  const width = level * 2;
  const required = field.required ? ' -required-' : '';
  const values = enumOf(field).map(({ value }) => (value === '' ? '""' : value));
  const more = values.length > SHOWN_VALUES ? ', ....' : '';
  const shown = values.slice(0, SHOWN_VALUES).join(', ') + more;
  const listed = values.length > 0 ? `\n${' '.repeat(width)}enum: ${shown}` : '';
  const line = `${indent(field.name, width)}\t<${typeName(field.type)}>${required}${listed}\n`;
  if (short) return line;
  const text = describe(definition, field) || '<no description>';
  return `${line}${indent(wrapWords(text, 78 - width), width + 2)}\n\n`;
}

function enumOf(field: Field): readonly { value: string; comment: string }[] {
  return field.type.of === 'string' ? enumValues(field.goName) : [];
}

/** The field's text, and what its values mean (kube-openapi pkg/generators/enum.go). */
function describe(definition: Definition, field: Field): string {
  const text = descriptionOf(definition.name, field.name);
  const values = enumOf(field);
  if (values.length === 0) return text;
  const lines = values.map(({ value, comment }) => ` - \`${JSON.stringify(value)}\` ${comment}`);
  return [text, '', 'Possible enum values:', ...lines].join('\n');
}

const TYPE_WORDS: Partial<Record<TypeNode['of'], string>> = {
  int32: 'integer',
  int64: 'integer',
  bool: 'boolean',
  number: 'number',
  quantity: 'Quantity',
  intOrString: 'IntOrString',
  fieldSet: 'FieldsV1',
  any: 'RawExtension',
};

function typeName(type: TypeNode): string {
  if (type.of === 'list') return `[]${typeName(type.items)}`;
  if (type.of === 'map') return `map[string]${typeName(type.values)}`;
  if (type.of !== 'object') return TYPE_WORDS[type.of] ?? 'string';
  if (type.definition.includes('.')) return 'Object';
  return type.definition.slice(type.definition.lastIndexOf('/') + 1);
}
