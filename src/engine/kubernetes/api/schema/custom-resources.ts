import type { CauseReason, StatusCause } from '../../apimachinery/status.ts';
import {
  definitionOf,
  facetsOf,
  type Definition,
  type Facets,
  type TypeNode,
} from './definitions.ts';

/**
 * What is wrong with an object of a CustomResourceDefinition, by its schema
 * (staging/src/k8s.io/apiextensions-apiserver/pkg/apiserver/validation/validation.go and
 * kube-openapi pkg/validation/errors, v1.36).
 *
 * Simplified: rules in CEL are not run.
 */
export function customResourceCauses(
  definition: Definition,
  object: Readonly<Record<string, unknown>>,
): StatusCause[] {
  const causes: StatusCause[] = [];
  checkObject(definition, object, '', causes);
  return causes.some(({ reason }) => reason && BLOCKING.has(reason))
    ? [...causes, { field: '<nil>', message: UNCHECKED, reason: 'FieldValueInvalid' }]
    : causes;
}

/** Faults after which rules in CEL are not run (`hasBlockingErr`). */
const BLOCKING: ReadonlySet<CauseReason> = new Set([
  'FieldValueNotSupported',
  'FieldValueRequired',
  'FieldValueTooLong',
  'FieldValueTooMany',
  'FieldValueTypeInvalid',
]);
const UNCHECKED =
  'Invalid value: null: some validation rules were not checked because the object was invalid; ' +
  'correct the existing errors to complete validation';

function checkObject(
  definition: Definition,
  object: Readonly<Record<string, unknown>>,
  at: string,
  causes: StatusCause[],
): void {
  for (const field of definition.fields.values()) {
    const value = object[field.name];
    const path = at ? `${at}.${field.name}` : field.name;
    if (value === undefined || value === null) {
      if (field.required)
        causes.push({ field: path, message: 'Required value', reason: 'FieldValueRequired' });
      continue;
    }
    // Metadata was read by its own rules before.
    if (path === 'metadata') continue;
    const facets = facetsOf(definition, field.name);
    if (checkType(field.type, value, path, causes)) checkFacets(facets, value, path, causes);
  }
}

const TYPE_WORDS: Partial<Record<TypeNode['of'], string>> = {
  string: 'string',
  int32: 'integer',
  int64: 'integer',
  number: 'number',
  bool: 'boolean',
  list: 'array',
  map: 'object',
  object: 'object',
  time: 'string',
};

/** Whether a value is of its type; what it consists of is checked as well. */
function checkType(type: TypeNode, value: unknown, path: string, causes: StatusCause[]): boolean {
  const wanted = TYPE_WORDS[type.of];
  const found = wordFor(value);
  const fits =
    wanted === undefined || wanted === found || (wanted === 'number' && found === 'integer');
  if (!fits) {
    const why = `${path} in body must be of type ${wanted}: "${found}"`;
    causes.push({
      field: path,
      message: `Invalid value: "${found}": ${why}`,
      reason: 'FieldValueTypeInvalid',
    });
    return false;
  }
  if (type.of === 'list') {
    (value as unknown[]).forEach((item, i) => checkType(type.items, item, `${path}[${i}]`, causes));
  } else if (type.of === 'map') {
    for (const [key, item] of Object.entries(value as object)) {
      checkType(type.values, item, `${path}.${key}`, causes);
    }
  } else if (type.of === 'object') {
    const definition = definitionOf(type.definition);
    if (definition) checkObject(definition, value as Record<string, unknown>, path, causes);
  }
  return true;
}

function wordFor(value: unknown): string {
  if (Array.isArray(value)) return 'array';
  if (value === null) return 'null';
  if (typeof value === 'number') return Number.isInteger(value) ? 'integer' : 'number';
  return typeof value;
}

function checkFacets(facets: Facets, value: unknown, path: string, causes: StatusCause[]): void {
  const add = (message: string) => causes.push({ field: path, message, reason: reasonOf(message) });
  const refuse = (why: string) =>
    add(`Invalid value: ${JSON.stringify(value)}: ${path} in body ${why}`);
  if (facets.enum && !facets.enum.includes(value as string | number)) {
    const supported = facets.enum.map((one) => JSON.stringify(one)).join(', ');
    add(`Unsupported value: ${JSON.stringify(value)}: supported values: ${supported}`);
  }
  if (typeof value === 'number') checkNumber(facets, value, refuse);
  if (typeof value === 'string') checkText(facets, value, refuse, add);
  if (Array.isArray(value)) checkList(facets, value.length, path, add);
}

/** The machine's word for what a message says. */
function reasonOf(message: string): CauseReason {
  if (message.startsWith('Unsupported')) return 'FieldValueNotSupported';
  if (message.startsWith('Too long')) return 'FieldValueTooLong';
  if (message.startsWith('Too many')) return 'FieldValueTooMany';
  return 'FieldValueInvalid';
}

type Say = (words: string) => void;

function checkNumber({ minimum, maximum }: Facets, value: number, refuse: Say): void {
  if (maximum !== undefined && value > maximum) {
    refuse(`should be less than or equal to ${maximum}`);
  }
  if (minimum !== undefined && value < minimum) {
    refuse(`should be greater than or equal to ${minimum}`);
  }
}

function checkText(facets: Facets, value: string, refuse: Say, add: Say): void {
  const { minLength, maxLength, pattern } = facets;
  if (maxLength !== undefined && value.length > maxLength) {
    add(`Too long: may not be more than ${maxLength} ${maxLength === 1 ? 'byte' : 'bytes'}`);
  }
  if (minLength !== undefined && value.length < minLength) {
    refuse(`should be at least ${minLength} chars long`);
  }
  if (pattern !== undefined && !new RegExp(pattern).test(value)) {
    refuse(`should match '${pattern}'`);
  }
}

function checkList({ minItems, maxItems }: Facets, length: number, path: string, add: Say): void {
  if (maxItems !== undefined && length > maxItems) {
    const noun = maxItems === 1 ? 'item' : 'items';
    add(`Too many: ${length}: must have at most ${maxItems} ${noun}`);
  }
  if (minItems !== undefined && length < minItems) {
    add(`Invalid value: ${length}: ${path} in body should have at least ${minItems} items`);
  }
}
