import type { Node, Taint } from '../../api/cluster-objects.ts';
import { wantsNode } from '../../api/node-matcher.ts';
import type { PodSpec, Toleration } from '../../api/pod.ts';
import { matchingTolerations } from '../../api/tolerations.ts';
import type { DaemonSet } from '../../api/workloads.ts';

/**
 * Which nodes a DaemonSet wants a Pod on (pkg/controller/daemon/daemon_controller.go
 * `NodeShouldRunDaemonPod`, util/daemonset_util.go, v1.36). What a node has left does not count: a
 * Pod that does not fit stays Pending.
 */
export interface NodeWish {
  readonly shouldRun: boolean;
  readonly shouldContinueRunning: boolean;
}

const NEVER: NodeWish = { shouldRun: false, shouldContinueRunning: false };
const ALWAYS: NodeWish = { shouldRun: true, shouldContinueRunning: true };

export function nodeShouldRun(node: Node, { spec }: Pick<DaemonSet, 'spec'>): NodeWish {
  const pod = spec.template.spec;
  if (pod.nodeName && pod.nodeName !== node.metadata.name) return NEVER;
  if (!wantsNode(pod, node)) return NEVER;
  const { taints = [] } = node.spec;
  if (taints.length === 0) return ALWAYS;
  const tolerations = daemonTolerations(pod);
  const tolerates = (...effects: string[]) =>
    matchingTolerations(
      taints.filter(({ effect }: Taint) => effects.includes(effect)),
      tolerations,
    ) !== undefined;
  if (tolerates('NoExecute', 'NoSchedule')) return ALWAYS;
  return { shouldRun: false, shouldContinueRunning: tolerates('NoExecute') };
}

const exists = (name: string, effect: Toleration['effect']): Toleration => ({
  key: `node.kubernetes.io/${name}`,
  operator: 'Exists',
  effect,
});

/** What every daemon Pod bears: a node that is not ready, short of something, or cordoned. */
const TOLERATED: readonly Toleration[] = [
  exists('not-ready', 'NoExecute'),
  exists('unreachable', 'NoExecute'),
  exists('disk-pressure', 'NoSchedule'),
  exists('memory-pressure', 'NoSchedule'),
  exists('pid-pressure', 'NoSchedule'),
  exists('unschedulable', 'NoSchedule'),
];

const NETWORK = exists('network-unavailable', 'NoSchedule');

const TOLERATIONS = new WeakMap<PodSpec, readonly Toleration[]>();

/** The template's tolerations and those of every daemon Pod; made once for each template. */
export function daemonTolerations(spec: PodSpec): readonly Toleration[] {
  let all = TOLERATIONS.get(spec);
  if (!all) {
    const own = spec.tolerations ?? [];
    const added = spec.hostNetwork ? [...TOLERATED, NETWORK] : TOLERATED;
    // One that the template has already is replaced: it may have had a time limit.
    const kept = own.filter((toleration) => !added.some((one) => sameToleration(one, toleration)));
    all = [...kept, ...added];
    TOLERATIONS.set(spec, all);
  }
  return all;
}

const sameToleration = (a: Toleration, b: Toleration): boolean =>
  a.key === b.key &&
  a.effect === b.effect &&
  (a.operator ?? 'Equal') === (b.operator ?? 'Equal') &&
  (a.value ?? '') === (b.value ?? '');
