/** What the plugins said of one node: the answer to "why here?" and "why not there?". */
export interface NodeVerdict {
  readonly node: string;
  /** The plugin that refused the node, and its reasons. */
  readonly rejectedBy?: string;
  readonly reasons?: readonly string[];
  /** Whether evicting other Pods might help. */
  readonly resolvable?: boolean;
  /** Weighted scores, one for each of the plugins that had something to say, and their sum. */
  readonly plugins?: readonly string[];
  readonly scores?: readonly number[];
  readonly total?: number;
}

/** Why no node will do, as far as it can be said. */
export interface Failure {
  readonly totalNodes: number;
  /** Of a plugin that refused the Pod before any node was looked at. */
  readonly forAll?: string;
  readonly rejected: readonly NodeVerdict[];
  /** Nodes that were not looked at, as the Pod does not want them by name, and the reason. */
  readonly others?: { readonly count: number; readonly reason: string };
  /** What preemption has to say. */
  readonly preemption?: string;
}

/**
 * `0/4 nodes are available: 1 node(s) had untolerated taint(s), 3 Insufficient cpu.` and what
 * preemption could do about it (pkg/scheduler/framework/types.go `FitError.Error`, v1.36). Before
 * preemption, DynamicResources has its say; it has no claims to take back, and where no filter ran
 * it finds nothing of its own.
 */
export function failureMessage(failure: Failure): string {
  const { totalNodes, forAll, rejected, others, preemption } = failure;
  if (totalNodes === 0) return 'no nodes available to schedule pods';
  if (forAll !== undefined) return `${none(totalNodes)}: ${forAll}. not found`;
  const reasons = rejected.flatMap((verdict) => verdict.reasons ?? []);
  if (others) for (let i = 0; i < others.count; i++) reasons.push(others.reason);
  const why = `${none(totalNodes)}: ${counted(reasons)}.`;
  return preemption ? `${why} no new claims to deallocate, preemption: ${preemption}` : why;
}

/** `0/4 nodes are available: 3 No preemption victims found for incoming pod, …` */
export function preemptionMessage(totalNodes: number, reasons: readonly string[]): string {
  return `${none(totalNodes)}: ${counted(reasons)}.`;
}

const none = (totalNodes: number): string => `0/${totalNodes} nodes are available`;

/** `1 a, 3 b`: each reason with its count, in the order of the resulting texts. */
function counted(reasons: readonly string[]): string {
  const counts = new Map<string, number>();
  for (const reason of reasons) counts.set(reason, (counts.get(reason) ?? 0) + 1);
  const texts = [...counts].map(([reason, count]) => `${count} ${reason}`);
  return texts.sort((a, b) => (a < b ? -1 : 1)).join(', ');
}
