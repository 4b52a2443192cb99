import type { ClusterFilter, NodeFilter, ScorePlugin } from '../framework.ts';
import { balancedAllocation } from './balanced-allocation.ts';
import { imageLocality } from './image-locality.ts';
import { interPodAffinityFilter, interPodAffinityScore } from './inter-pod-affinity.ts';
import { nodeAffinityFilter, nodeAffinityScore } from './node-affinity.ts';
import { nodeName } from './node-name.ts';
import { nodePorts } from './node-ports.ts';
import { nodeResourcesFitFilter, nodeResourcesFitScore } from './node-resources-fit.ts';
import { nodeUnschedulable } from './node-unschedulable.ts';
import { podTopologySpreadFilter, podTopologySpreadScore } from './pod-topology-spread.ts';
import { taintTolerationFilter, taintTolerationScore } from './taint-toleration.ts';
import { volumeBinding } from './volume-binding.ts';
import { volumeRestrictions } from './volume-restrictions.ts';
import { volumeZone } from './volume-zone.ts';

/**
 * The default profile, in its order (pkg/scheduler/apis/config/v1/default_plugins.go, v1.36). Those
 * that look at a node alone come first there too.
 *
 * Simplified: NodeVolumeLimits is left out, as no node limits its volumes; DynamicResources and
 * scheduling by groups are left out.
 */
export const NODE_FILTERS: readonly NodeFilter[] = [
  nodeUnschedulable,
  nodeName,
  taintTolerationFilter,
  nodeAffinityFilter(),
  nodePorts,
  nodeResourcesFitFilter,
];

export const CLUSTER_FILTERS: readonly ClusterFilter[] = [
  volumeRestrictions,
  volumeBinding,
  volumeZone,
  podTopologySpreadFilter,
  interPodAffinityFilter,
];

export const SCORE_PLUGINS: readonly ScorePlugin[] = [
  taintTolerationScore,
  nodeAffinityScore(),
  nodeResourcesFitScore(),
  podTopologySpreadScore,
  interPodAffinityScore(),
  balancedAllocation(),
  imageLocality,
];
