import type { FilterPlugin, NodeInfo, PodInfo, ScorePlugin, ScoringState } from './framework.ts';

/** What the plugins said of one node: the answer to "why here?" and "why not there?". */
export interface NodeVerdict {
  readonly node: string;
  /** The plugin that refused the node, and its reasons. */
  readonly rejectedBy?: string;
  readonly reasons?: readonly string[];
  /** Whether evicting other Pods might help. */
  readonly resolvable?: boolean;
  /** Weighted scores by plugin, and their sum. */
  readonly scores?: Readonly<Record<string, number>>;
  readonly total?: number;
}

/** The first filter that refuses a node decides. */
export function judge(
  plugins: readonly FilterPlugin[],
  pod: PodInfo,
  node: NodeInfo,
): NodeVerdict | undefined {
  for (const plugin of plugins) {
    const rejection = plugin.filter(pod, node);
    if (!rejection) continue;
    const { reasons, resolvable } = rejection;
    return { node: node.node.metadata.name, rejectedBy: plugin.name, reasons, resolvable };
  }
  return undefined;
}

/** Weighted scores of the feasible nodes, in their order. */
export function score(
  plugins: readonly ScorePlugin[],
  pod: PodInfo,
  state: ScoringState,
): NodeVerdict[] {
  const scores: Record<string, number>[] = state.feasible.map(() => ({}));
  const totals = state.feasible.map(() => 0);
  for (const plugin of plugins) {
    if (plugin.skip?.(pod)) continue;
    const raw = plugin.score(pod, state);
    const normal = plugin.normalize?.(raw, pod, state) ?? raw;
    normal.forEach((value, i) => {
      const weighted = value * plugin.weight;
      scores[i]![plugin.name] = weighted;
      totals[i] = (totals[i] ?? 0) + weighted;
    });
  }
  return state.feasible.map(({ node }, i) => ({
    node: node.metadata.name,
    scores: scores[i],
    total: totals[i],
  }));
}

/**
 * `0/4 nodes are available: 1 node(s) had untolerated taint(s), 3 Insufficient cpu.` and what
 * preemption could do about it (pkg/scheduler/framework/types.go `FitError.Error`, v1.36).
 */
export function failureMessage(totalNodes: number, verdicts: readonly NodeVerdict[]): string {
  if (totalNodes === 0) return 'no nodes available to schedule pods';
  const reasons = verdicts.flatMap((verdict) => verdict.reasons ?? []);
  const preemption = verdicts.map((verdict) =>
    verdict.resolvable
      ? 'No preemption victims found for incoming pod'
      : 'Preemption is not helpful for scheduling',
  );
  const none = `0/${totalNodes} nodes are available`;
  return `${none}: ${counted(reasons)}. no new claims to deallocate, preemption: ${none}: ${counted(preemption)}.`;
}

/** `1 a, 3 b`: each reason with its count, in the order of the resulting texts. */
function counted(reasons: readonly string[]): string {
  const counts = new Map<string, number>();
  for (const reason of reasons) counts.set(reason, (counts.get(reason) ?? 0) + 1);
  const texts = [...counts].map(([reason, count]) => `${count} ${reason}`);
  return texts.sort((a, b) => (a < b ? -1 : 1)).join(', ');
}
