import { NOT_READY_TAINT, type Node } from '../../api/cluster-objects.ts';
import type { Plugin } from './plugin.ts';

/**
 * A new node takes no Pods until the node controller has seen that it is ready
 * (plugin/pkg/admission/nodetaint/admission.go, v1.36).
 */
export const taintNewNode: Plugin = (_backend, { operation }, object) => {
  if (operation !== 'CREATE') return object;
  const node = object as Node;
  const taints = node.spec.taints ?? [];
  const taint = { key: NOT_READY_TAINT, effect: 'NoSchedule' };
  if (taints.some(({ key, effect }) => key === taint.key && effect === taint.effect)) return node;
  return { ...node, spec: { ...node.spec, taints: [...taints, taint] } } as Node;
};
