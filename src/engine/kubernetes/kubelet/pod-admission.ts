import type { ResourceAmounts } from '../api/amounts.ts';
import type { Node } from '../api/cluster-objects.ts';
import { wantsNode } from '../api/node-matcher.ts';
import { podRequests } from '../api/pod-resources.ts';
import type { Pod } from '../api/pod.ts';
import { matchingTolerations } from '../api/tolerations.ts';
import type { Condition } from '../apimachinery/object.ts';
import { milliValue, wholeValue } from '../apimachinery/quantity.ts';
import type { NodeShare, Verdict } from './pod-worker-row.ts';

/**
 * Whether a kubelet takes a Pod that the API has bound to its node
 * (pkg/kubelet/lifecycle/predicate.go, pkg/kubelet/eviction/eviction_manager.go `Admit`, v1.36).
 * The scheduler has looked already, but may not have been asked, or may have seen less.
 */
export interface Occupancy extends NodeShare {
  readonly pods: number;
}

export const EMPTY_NODE: Occupancy = { cpuMillis: 0, memoryBytes: 0, pods: 0 };

/** What a Pod takes, or why it is not taken. */
export type Admission = { readonly takes: NodeShare } | { readonly refused: Verdict };

export function admit(pod: Pod, node: Node | undefined, taken: Occupancy): Admission {
  const { cpuMillis, memoryBytes } = podRequests(pod.spec);
  const takes: NodeShare = { cpuMillis, memoryBytes };
  if (!node) return { takes };
  const problem =
    short(node, takes, taken) ??
    misplaced(pod, node) ??
    untolerated(pod, node) ??
    pressed(pod, node);
  if (!problem) return { takes };
  const { reason, message } = problem;
  return { refused: { reason, message: `Pod was rejected: ${message}` } };
}

interface Problem {
  readonly reason: string;
  readonly message: string;
}

const capacities = new WeakMap<object, Occupancy>();

/** What a node has to give; of what it says nothing, without end. */
function capacityOf(allocatable: ResourceAmounts): Occupancy {
  let has = capacities.get(allocatable);
  if (!has) {
    const { cpu, memory, pods } = allocatable;
    has = {
      cpuMillis: cpu === undefined ? Infinity : milliValue(cpu),
      memoryBytes: memory === undefined ? Infinity : wholeValue(memory),
      pods: pods === undefined ? Infinity : wholeValue(pods),
    };
    capacities.set(allocatable, has);
  }
  return has;
}

function short({ status }: Node, wanted: NodeShare, taken: Occupancy): Problem | undefined {
  if (!status.allocatable) return undefined;
  const capacity = capacityOf(status.allocatable);
  return (
    lack('pods', 1, taken.pods, capacity.pods) ??
    lack('cpu', wanted.cpuMillis, taken.cpuMillis, capacity.cpuMillis) ??
    lack('memory', wanted.memoryBytes, taken.memoryBytes, capacity.memoryBytes)
  );
}

/** What a node lacks for a Pod; without others on it, what it will never have. */
export function lackFor(
  wanted: NodeShare,
  others: NodeShare | undefined,
  allocatable: ResourceAmounts,
): Problem | undefined {
  const capacity = capacityOf(allocatable);
  const of = (name: 'cpu' | 'memory', field: keyof NodeShare): Problem | undefined => {
    const [asks, has] = [wanted[field], capacity[field]];
    if (others) return lack(name, asks, others[field], has);
    const amounts = `requested: ${asks}, capacity: ${has}`;
    const message = `Node didn't have enough capacity: ${name}, ${amounts}`;
    return asks > has ? { reason: `OutOf${name}`, message } : undefined;
  };
  // What is too much by itself is told of memory first.
  const [cpu, memory] = [of('cpu', 'cpuMillis'), of('memory', 'memoryBytes')];
  return others ? (cpu ?? memory) : (memory ?? cpu);
}

function lack(name: string, asks: number, used: number, has: number): Problem | undefined {
  if (asks === 0 || used + asks <= has) return undefined;
  const amounts = `requested: ${asks}, used: ${used}, capacity: ${has}`;
  return {
    reason: `OutOf${name}`,
    message: `Node didn't have enough resource: ${name}, ${amounts}`,
  };
}

function misplaced({ spec }: Pod, node: Node): Problem | undefined {
  if (wantsNode(spec, node)) return undefined;
  const why = "node(s) didn't match Pod's node affinity/selector";
  return { reason: 'NodeAffinity', message: `Predicate NodeAffinity failed: ${why}` };
}

function untolerated({ spec }: Pod, { spec: { taints = [] } }: Node): Problem | undefined {
  const fatal = taints.find(
    (taint) => taint.effect === 'NoExecute' && !matchingTolerations([taint], spec.tolerations),
  );
  if (!fatal) return undefined;
  const why = "node(s) had taints that the pod didn't tolerate";
  return { reason: 'TaintToleration', message: `Predicate TaintToleration failed: ${why}` };
}

/** A node under pressure takes critical Pods, and under memory pressure those that ask for some. */
function pressed({ spec, status }: Pod, node: Node): Problem | undefined {
  const conditions = node.status.conditions?.filter(isPressure) ?? [];
  const [first] = conditions;
  if (!first || (spec.priority ?? 0) >= CRITICAL_PRIORITY) return undefined;
  const onlyMemory = conditions.length === 1 && first.type === 'MemoryPressure';
  const copes = status.qosClass !== undefined && status.qosClass !== 'BestEffort';
  if (onlyMemory && (copes || toleratesPressure(spec.tolerations))) return undefined;
  const types = conditions.map(({ type }) => type).join(' ');
  return { reason: 'Evicted', message: `The node had condition: [${types}]. ` };
}

const isPressure = ({ status, type }: Condition): boolean =>
  status === 'True' && type.endsWith('Pressure');

const toleratesPressure = (tolerations: Pod['spec']['tolerations'] = []): boolean =>
  matchingTolerations([MEMORY_TAINT], tolerations) !== undefined;

const MEMORY_TAINT = { key: 'node.kubernetes.io/memory-pressure', effect: 'NoSchedule' };

/** `SystemCriticalPriority`. */
export const CRITICAL_PRIORITY = 2_000_000_000;
