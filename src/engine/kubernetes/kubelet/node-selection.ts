import type { NodeSelectorTerm } from '../api/affinity.ts';
import type { Node } from '../api/cluster-objects.ts';
import type { PodSpec } from '../api/pod.ts';
import { selectorMatches } from '../apimachinery/label-selector.ts';

/**
 * Whether a Pod wants to be on this node at all, by its nodeSelector and its required node affinity
 * (component-helpers/scheduling/corev1/nodeaffinity/nodeaffinity.go, v1.36).
 */
export function wantsNode({ nodeSelector = {}, affinity }: PodSpec, node: Node): boolean {
  const { labels = {} } = node.metadata;
  if (!Object.entries(nodeSelector).every(([key, value]) => labels[key] === value)) return false;
  const required = affinity?.nodeAffinity?.requiredDuringSchedulingIgnoredDuringExecution;
  return !required || required.nodeSelectorTerms.some((term) => matches(term, node));
}

function matches({ matchExpressions = [], matchFields = [] }: NodeSelectorTerm, node: Node) {
  if (matchExpressions.length + matchFields.length === 0) return false;
  const { name, labels } = node.metadata;
  return (
    selectorMatches({ matchExpressions }, labels) &&
    selectorMatches({ matchExpressions: matchFields }, { 'metadata.name': name })
  );
}
