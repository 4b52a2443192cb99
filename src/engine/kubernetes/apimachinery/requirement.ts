import type { Labels } from './object.ts';

/**
 * The parts of a label selector (`metav1.LabelSelector`,
 * staging/src/k8s.io/apimachinery/pkg/apis/meta/v1/types.go, v1.36).
 */
export type Operator = 'In' | 'NotIn' | 'Exists' | 'DoesNotExist' | 'Gt' | 'Lt';

export interface Requirement {
  readonly key: string;
  readonly operator: Operator;
  readonly values?: readonly string[];
  /** How a text said `In` or `NotIn` of one value, if it did: `=`. */
  readonly sign?: '=' | '==' | '!=';
}

export interface LabelSelector {
  readonly matchLabels?: Labels;
  readonly matchExpressions?: readonly Requirement[];
}

const INTEGER = /^[+-]?\d+$/;

/** A 64-bit integer as Go reads it. */
export function integerOf(text: string | undefined): bigint | undefined {
  if (text === undefined || text.length > 40 || !INTEGER.test(text)) return undefined;
  const value = BigInt(text.startsWith('+') ? text.slice(1) : text);
  return value === BigInt.asIntN(64, value) ? value : undefined;
}
