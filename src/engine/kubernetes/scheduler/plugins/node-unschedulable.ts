import { toleratesTaint } from '../../api/tolerations.ts';
import type { NodeFilter } from '../framework.ts';

const TAINT = { key: 'node.kubernetes.io/unschedulable', effect: 'NoSchedule' };

/** A cordoned node takes Pods that tolerate it only (plugins/nodeunschedulable, v1.36). */
export const nodeUnschedulable: NodeFilter = {
  name: 'NodeUnschedulable',
  filter({ facts }, { node }) {
    if (!node.spec.unschedulable) return undefined;
    if (facts.tolerations.some((toleration) => toleratesTaint(toleration, TAINT))) return undefined;
    return { reasons: ['node(s) were unschedulable'], resolvable: false };
  },
  wakes: (_, event) =>
    (event.kind === 'node-added' || event.kind === 'node-changed') &&
    !event.node.spec.unschedulable &&
    (event.previous?.spec.unschedulable ?? true),
};
