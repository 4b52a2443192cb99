import type { FilterPlugin } from '../framework.ts';

/**
 * A node has every label of the Pod's nodeSelector (plugins/nodeaffinity, v1.36).
 *
 * Simplified: `spec.affinity.nodeAffinity` is not read.
 */
export const nodeAffinity: FilterPlugin = {
  name: 'NodeAffinity',
  filter({ pod }, { node }) {
    const labels = node.metadata.labels ?? {};
    const wanted = Object.entries(pod.spec.nodeSelector ?? {});
    if (wanted.every(([key, value]) => labels[key] === value)) return undefined;
    const reasons = ["node(s) didn't match Pod's node affinity/selector"];
    return { reasons, resolvable: false };
  },
};
