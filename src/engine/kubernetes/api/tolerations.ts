import type { Taint } from './cluster-objects.ts';
import type { Toleration } from './pod.ts';

/** Whether a toleration covers a taint (api/core/v1/toleration.go `ToleratesTaint`, v1.36). */
export function toleratesTaint(toleration: Toleration, taint: Taint): boolean {
  if (toleration.effect && toleration.effect !== taint.effect) return false;
  if (toleration.key && toleration.key !== taint.key) return false;
  if (toleration.operator === 'Exists') return true;
  const operator: string = toleration.operator ?? 'Equal';
  if (operator !== 'Equal') return false;
  return (toleration.value ?? '') === (taint.value ?? '');
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
