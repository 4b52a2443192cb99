import type { Affinity, Pod, PodSpec, PodTemplate } from '../../api/pod.ts';
import {
  CONTROLLER_REVISION_HASH,
  POD_TEMPLATE_GENERATION,
  TEMPLATE_GENERATION,
  type DaemonSet,
} from '../../api/workloads.ts';
import type { Labels } from '../../apimachinery/object.ts';
import type { PodVariation } from '../pod-control.ts';
import { daemonTolerations } from './node-should-run.ts';

/**
 * The Pod of a node: the scheduler is told which node by an affinity that leaves no choice
 * (pkg/controller/daemon/util/daemonset_util.go, v1.36).
 */
/** The template for one node, with the hash of its revision. */
export function daemonPod(set: DaemonSet, hash: string, node: string): PodVariation {
  const { spec } = set.spec.template;
  return {
    labels: labelsFor(set, hash),
    spec: {
      ...spec,
      tolerations: daemonTolerations(spec),
      affinity: nodeNameAffinity(spec.affinity, node),
    },
  };
}

const LABELS = new WeakMap<PodTemplate, Labels>();

/** The labels of a set's Pods; those of one template share them. */
function labelsFor({ metadata, spec }: DaemonSet, hash: string): Labels {
  const generation = metadata.annotations?.[TEMPLATE_GENERATION];
  const known = LABELS.get(spec.template);
  if (known?.[CONTROLLER_REVISION_HASH] === hash && known[POD_TEMPLATE_GENERATION] === generation) {
    return known;
  }
  const labels = {
    ...spec.template.metadata?.labels,
    ...(generation !== undefined && { [POD_TEMPLATE_GENERATION]: generation }),
    [CONTROLLER_REVISION_HASH]: hash,
  };
  LABELS.set(spec.template, labels);
  return labels;
}

/** The affinity with the node's name in place of any other demand on nodes. */
export function nodeNameAffinity(affinity: Affinity | undefined, node: string): Affinity {
  const field = { key: 'metadata.name', operator: 'In', values: [node] } as const;
  return {
    ...affinity,
    nodeAffinity: {
      ...affinity?.nodeAffinity,
      requiredDuringSchedulingIgnoredDuringExecution: {
        nodeSelectorTerms: [{ matchFields: [field] }],
      },
    },
  };
}

/** The node that a daemon Pod is on or for; undefined when it is not a daemon Pod. */
export function targetNode({ spec }: { readonly spec: PodSpec }): string | undefined {
  if (spec.nodeName) return spec.nodeName;
  const required = spec.affinity?.nodeAffinity?.requiredDuringSchedulingIgnoredDuringExecution;
  for (const { matchFields = [] } of required?.nodeSelectorTerms ?? []) {
    for (const { key, operator, values = [] } of matchFields) {
      if (key === 'metadata.name' && operator === 'In' && values.length === 1) return values[0];
    }
  }
  return undefined;
}

/** Whether a Pod has the present template: its revision's hash says so. */
export const isUpdated = ({ metadata }: Pod, hash: string): boolean =>
  hash !== '' && metadata.labels?.[CONTROLLER_REVISION_HASH] === hash;

/** Pods that are on a node first, then the older ones. */
export function olderPodFirst(a: Pod, b: Pod): number {
  const unscheduled = Number(!a.spec.nodeName) - Number(!b.spec.nodeName);
  if (unscheduled !== 0) return unscheduled;
  const [before, after] = [a.metadata.creationTimestamp, b.metadata.creationTimestamp];
  if (before !== after) return before < after ? -1 : 1;
  return a.metadata.name < b.metadata.name ? -1 : 1;
}
