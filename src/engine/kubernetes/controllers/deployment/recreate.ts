import type { PodPhase } from '../../api/pod.ts';
import type { ReplicaSet } from '../../api/workloads.ts';

/**
 * Recreate: all old Pods go before the first new one comes
 * (pkg/controller/deployment/recreate.go, v1.36).
 */
export function oldPodsRunning(
  newSetUid: string | undefined,
  oldSets: readonly Pick<ReplicaSet, 'status'>[],
  phasesBySet: ReadonlyMap<string, readonly PodPhase[]>,
): boolean {
  if (oldSets.some(({ status }) => status.replicas > 0)) return true;
  for (const [uid, phases] of phasesBySet) {
    if (uid === newSetUid) continue;
    if (phases.some((phase) => phase !== 'Failed' && phase !== 'Succeeded')) return true;
  }
  return false;
}

/** The old sets that still want Pods: they are scaled to 0, all at once. */
export const toEmpty = <T extends Pick<ReplicaSet, 'spec'>>(oldSets: readonly T[]): T[] =>
  oldSets.filter(({ spec }) => spec.replicas > 0);
