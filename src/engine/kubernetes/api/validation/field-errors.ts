import type { StatusCause } from '../../apimachinery/status.ts';

/**
 * What is wrong with a field, in the server's words
 * (staging/src/k8s.io/apimachinery/pkg/util/validation/field/errors.go, v1.36).
 */
export type FieldCause = StatusCause;

const withDetail = (text: string, detail: string): string => (detail ? `${text}: ${detail}` : text);

export function required(field: string, detail = ''): FieldCause {
  const message = withDetail('Required value', detail);
  return { field, message, reason: 'FieldValueRequired' };
}

export function invalid(field: string, value: unknown, detail: string): FieldCause {
  const message = withDetail(`Invalid value: ${shown(value)}`, detail);
  return { field, message, reason: 'FieldValueInvalid' };
}

/** An invalid value that the message leaves out. */
export function invalidSomehow(field: string, detail: string): FieldCause {
  return { field, message: `Invalid value: ${detail}`, reason: 'FieldValueInvalid' };
}

/** One cause for each message about one value. */
export function invalids(field: string, value: unknown, messages: readonly string[]): FieldCause[] {
  return messages.map((message) => invalid(field, value, message));
}

/** @param supported the values allowed, in the order they are listed */
export function notSupported(
  field: string,
  value: unknown,
  supported: readonly string[],
): FieldCause {
  const list = supported.map((one) => JSON.stringify(one)).join(', ');
  const detail = supported.length > 0 ? `supported values: ${list}` : '';
  const message = withDetail(`Unsupported value: ${shown(value)}`, detail);
  return { field, message, reason: 'FieldValueNotSupported' };
}

/** Nothing when the value is left out or one of those allowed. */
export function oneOf(
  field: string,
  value: string | undefined,
  supported: readonly string[],
): FieldCause[] {
  if (value === undefined || supported.includes(value)) return [];
  return [value === '' ? required(field) : notSupported(field, value, supported)];
}

export function duplicate(field: string, value: unknown, detail = ''): FieldCause {
  const message = withDetail(`Duplicate value: ${shown(value)}`, detail);
  return { field, message, reason: 'FieldValueDuplicate' };
}

export function notFound(field: string, value: unknown, detail = ''): FieldCause {
  const message = withDetail(`Not found: ${shown(value)}`, detail);
  return { field, message, reason: 'FieldValueNotFound' };
}

export function forbidden(field: string, detail: string): FieldCause {
  return { field, message: withDetail('Forbidden', detail), reason: 'FieldValueForbidden' };
}

export function tooLong(field: string, maxBytes: number): FieldCause {
  const unit = maxBytes === 1 ? 'byte' : 'bytes';
  const message = `Too long: may not be more than ${maxBytes} ${unit}`;
  return { field, message, reason: 'FieldValueTooLong' };
}

export const NOT_NEGATIVE = 'must be greater than or equal to 0';
export const NOT_POSITIVE = 'must be greater than zero';
const IMMUTABLE = 'field is immutable';

export function nonNegative(field: string, value: number | undefined): FieldCause[] {
  return value !== undefined && value < 0 ? [invalid(field, value, NOT_NEGATIVE)] : [];
}

/** @param same whether the new value says the same as the old */
export function immutable(field: string, value: unknown, same: boolean): FieldCause[] {
  return same ? [] : [invalid(field, value, IMMUTABLE)];
}

/** A value as it stands in a message: simple ones as they are, texts in quotes, others as JSON. */
export function shown(value: unknown): string {
  return JSON.stringify(goOrder(value ?? null));
}

/** Go writes maps by key; objects keep the order of their fields. */
function goOrder(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(goOrder);
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value as Record<string, unknown>);
  const selector = entries.find(([key]) => key === 'matchLabels');
  const isMap = entries.every(([, member]) => typeof member === 'string');
  const ordered = isMap ? entries.sort(([a], [b]) => (a < b ? -1 : 1)) : entries;
  const members = ordered.map(([key, member]) => [key, goOrder(member)] as const);
  return Object.fromEntries(
    selector ? [['matchLabels', goOrder(selector[1])], ...members] : members,
  );
}

/** What a client wrote: fields that the type has for sure may be left out of it. */
export const given = <T extends object>(value: T | undefined): Partial<T> => value ?? {};
