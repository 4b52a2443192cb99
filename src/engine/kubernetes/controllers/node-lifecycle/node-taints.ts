import { findCondition } from '../../apimachinery/object.ts';
import {
  NOT_READY_TAINT,
  UNREACHABLE_TAINT,
  type Node,
  type Taint,
} from '../../api/cluster-objects.ts';

/**
 * The taints that follow from a node's conditions
 * (pkg/controller/nodelifecycle/node_lifecycle_controller.go `nodeConditionToTaintKeyStatusMap`,
 * v1.36).
 */
const BY_CONDITION: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  Ready: { False: NOT_READY_TAINT, Unknown: UNREACHABLE_TAINT },
  MemoryPressure: { True: 'node.kubernetes.io/memory-pressure' },
  DiskPressure: { True: 'node.kubernetes.io/disk-pressure' },
  NetworkUnavailable: { True: 'node.kubernetes.io/network-unavailable' },
  PIDPressure: { True: 'node.kubernetes.io/pid-pressure' },
};
const UNSCHEDULABLE = 'node.kubernetes.io/unschedulable';

const OWN_KEYS = new Set([
  UNSCHEDULABLE,
  ...Object.values(BY_CONDITION).flatMap((keys) => Object.values(keys)),
]);

/** The keys of NoSchedule taints that a node is to have now. */
function wantedKeys({ spec, status }: Node): string[] {
  const keys = Object.entries(BY_CONDITION).flatMap(([type, byStatus]) => {
    const key = byStatus[findCondition(status.conditions, type)?.status ?? ''];
    return key === undefined ? [] : [key];
  });
  return spec.unschedulable ? [...keys, UNSCHEDULABLE] : keys;
}

/** The taints with those of effect NoSchedule as the conditions ask; undefined if they are so. */
export function noScheduleTaints(node: Node, now: string): Taint[] | undefined {
  const taints = node.spec.taints ?? [];
  const wanted = wantedKeys(node);
  const isOwn = ({ key, effect }: Taint): boolean => effect === 'NoSchedule' && OWN_KEYS.has(key);
  const kept = taints.filter((taint) => !isOwn(taint) || wanted.includes(taint.key));
  const missing = wanted.filter((key) => !taints.some((t) => isOwn(t) && t.key === key));
  if (missing.length === 0 && kept.length === taints.length) return undefined;
  const added = missing.map((key): Taint => ({ key, effect: 'NoSchedule', timeAdded: now }));
  return [...kept, ...added];
}

const NO_EXECUTE_KEYS = new Set([NOT_READY_TAINT, UNREACHABLE_TAINT]);

/** Which NoExecute taint a node that is not ready earns; undefined for one that is. */
export function noExecuteKey({ status }: Node): string | undefined {
  return BY_CONDITION.Ready?.[findCondition(status.conditions, 'Ready')?.status ?? ''];
}

/** The taints with this one of effect NoExecute, or with none; undefined if they are so. */
export function noExecuteTaints(
  { spec }: Node,
  key: string | undefined,
  now: string,
): Taint[] | undefined {
  const taints = spec.taints ?? [];
  const isOwn = (taint: Taint): boolean =>
    taint.effect === 'NoExecute' && NO_EXECUTE_KEYS.has(taint.key);
  const kept = taints.filter((taint) => !isOwn(taint) || taint.key === key);
  const has = taints.some((taint) => isOwn(taint) && taint.key === key);
  if (kept.length === taints.length && (has || key === undefined)) return undefined;
  return has || key === undefined ? kept : [...kept, { key, effect: 'NoExecute', timeAdded: now }];
}
