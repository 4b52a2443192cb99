import type { Taint } from './cluster-objects.ts';
import type { Toleration } from './pod.ts';

/**
 * Whether a toleration covers a taint (api/core/v1/toleration.go `ToleratesTaint`, v1.36).
 *
 * @param compares whether the operators Gt and Lt count: a feature that is off in v1.36
 */
export function toleratesTaint(toleration: Toleration, taint: Taint, compares = false): boolean {
  if (toleration.effect && toleration.effect !== taint.effect) return false;
  if (toleration.key && toleration.key !== taint.key) return false;
  if (toleration.operator === 'Exists') return true;
  const operator: string = toleration.operator ?? 'Equal';
  if (compares && (operator === 'Gt' || operator === 'Lt')) {
    return isBeyond(operator, taint.value ?? '', toleration.value ?? '');
  }
  if (operator !== 'Equal') return false;
  return (toleration.value ?? '') === (taint.value ?? '');
}

const INTEGER = /^-?(0|[1-9]\d*)$/;

/** Whether a taint's number is above, or below, a toleration's: integers of 64 bits. */
function isBeyond(operator: 'Gt' | 'Lt', value: string, bound: string): boolean {
  if (!INTEGER.test(value) || !INTEGER.test(bound)) return false;
  const [left, right] = [BigInt(value), BigInt(bound)];
  if (left !== BigInt.asIntN(64, left) || right !== BigInt.asIntN(64, right)) return false;
  return operator === 'Gt' ? left > right : left < right;
}

/** The first toleration for each taint; undefined when one of the taints has none. */
export function matchingTolerations(
  taints: readonly Taint[],
  tolerations: readonly Toleration[] = [],
): Toleration[] | undefined {
  const used: Toleration[] = [];
  for (const taint of taints) {
    const match = tolerations.find((toleration) => toleratesTaint(toleration, taint));
    if (!match) return undefined;
    used.push(match);
  }
  return used;
}
