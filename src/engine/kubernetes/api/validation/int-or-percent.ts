import { percentOf, type IntOrString } from '../../apimachinery/int-or-string.ts';
import { invalid, invalids, nonNegative, type FieldCause } from './field-errors.ts';
import { percent } from './names.ts';

/** A number, or a share in percent (pkg/apis/apps/validation/validation.go, v1.36). */
export function validateIntOrPercent(value: IntOrString, at: string): FieldCause[] {
  return typeof value === 'number' ? nonNegative(at, value) : invalids(at, value, percent(value));
}

export function notMoreThanAll(value: IntOrString, at: string): FieldCause[] {
  return (validPercent(value) ?? 0) > 100
    ? [invalid(at, value, 'must not be greater than 100%')]
    : [];
}

const validPercent = (value: IntOrString): number | undefined =>
  typeof value === 'string' && percent(value).length === 0 ? percentOf(value) : undefined;

/** The number of either; a text that is neither counts as 0, as Go's conversion has it. */
export function numberOf(value: IntOrString): number {
  if (typeof value === 'number') return value;
  return validPercent(value) ?? (/^[+-]?\d+$/.test(value) ? Number(value) : 0);
}
