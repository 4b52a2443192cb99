import { parseRfc3339, rfc3339, SECOND } from '../../../sim/clock.ts';
import { findCondition, type Condition } from '../../apimachinery/object.ts';
import type { Lease, Node } from '../../api/cluster-objects.ts';

/**
 * Whether a node has been heard of in time
 * (pkg/controller/nodelifecycle/node_lifecycle_controller.go `tryUpdateNodeHealth`, v1.36).
 *
 * Simplified: the time a node was last heard of is the one its Lease names; upstream takes the
 * moment at which it saw the Lease change, which is up to 5 s later.
 */
export const GRACE_MS = 50 * SECOND;
/** For a node that has never said anything. */
export const STARTUP_GRACE_MS = 60 * SECOND;

const WATCHED = ['Ready', 'MemoryPressure', 'DiskPressure', 'PIDPressure'];

/** A time of which everything later in text is later in truth, whatever fraction is written. */
export const aliveSince = (nowMs: number): string => rfc3339(nowMs - GRACE_MS + SECOND);

export function isSilent(node: Node, lease: Lease | undefined, nowMs: number): boolean {
  const createdMs = parseRfc3339(node.metadata.creationTimestamp) ?? 0;
  const ready = findCondition(node.status.conditions, 'Ready');
  const renewedMs = parseRfc3339(lease?.spec.renewTime ?? '') ?? createdMs;
  return nowMs - renewedMs > (ready ? GRACE_MS : STARTUP_GRACE_MS);
}

/** The conditions of a node that is not heard of any more. */
export function unknownConditions(node: Node, nowMs: number): Condition[] {
  const known = node.status.conditions ?? [];
  const now = rfc3339(nowMs);
  const unknown = known.map((condition): Condition => {
    if (!WATCHED.includes(condition.type) || condition.status === 'Unknown') return condition;
    return {
      ...condition,
      status: 'Unknown',
      reason: 'NodeStatusUnknown',
      message: 'Kubelet stopped posting node status.',
      lastTransitionTime: now,
    };
  });
  const missing = WATCHED.filter((type) => !findCondition(known, type)).map((type): Condition => ({
    type,
    status: 'Unknown',
    reason: 'NodeStatusNeverUpdated',
    message: 'Kubelet never posted node status.',
    lastHeartbeatTime: node.metadata.creationTimestamp,
    lastTransitionTime: now,
  }));
  return [...unknown, ...missing];
}
