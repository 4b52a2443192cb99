import { toleratesTaint } from '../../api/tolerations.ts';
import type { FilterPlugin } from '../framework.ts';

const TAINT = { key: 'node.kubernetes.io/unschedulable', effect: 'NoSchedule' };

/** A cordoned node takes Pods that tolerate it only (plugins/nodeunschedulable, v1.36). */
export const nodeUnschedulable: FilterPlugin = {
  name: 'NodeUnschedulable',
  filter({ pod }, { node }) {
    if (!node.spec.unschedulable) return undefined;
    if ((pod.spec.tolerations ?? []).some((toleration) => toleratesTaint(toleration, TAINT))) {
      return undefined;
    }
    return { reasons: ['node(s) were unschedulable'], resolvable: false };
  },
};
