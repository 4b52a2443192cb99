import type { Taint } from '../api/cluster-objects.ts';
import type { Toleration } from '../api/pod.ts';

/** Whether a toleration covers a taint (api/core/v1/toleration.go `ToleratesTaint`, v1.36). */
export function toleratesTaint(toleration: Toleration, taint: Taint): boolean {
  if (toleration.effect && toleration.effect !== taint.effect) return false;
  if (toleration.key && toleration.key !== taint.key) return false;
  if (toleration.operator === 'Exists') return true;
  const operator: string = toleration.operator ?? 'Equal';
  if (operator !== 'Equal') return false;
  return (toleration.value ?? '') === (taint.value ?? '');
}
