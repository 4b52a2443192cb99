import type { FilterPlugin, ScorePlugin } from '../framework.ts';
import { balancedAllocation } from './balanced-allocation.ts';
import { imageLocality } from './image-locality.ts';
import { nodeAffinity } from './node-affinity.ts';
import { nodeName } from './node-name.ts';
import { nodeResourcesFitFilter, nodeResourcesFitScore } from './node-resources-fit.ts';
import { nodeUnschedulable } from './node-unschedulable.ts';
import { podTopologySpread } from './pod-topology-spread.ts';
import { taintTolerationFilter, taintTolerationScore } from './taint-toleration.ts';

/** The default profile, in its order (pkg/scheduler/apis/config/v1/default_plugins.go, v1.36). */
export const FILTER_PLUGINS: readonly FilterPlugin[] = [
  nodeUnschedulable,
  nodeName,
  taintTolerationFilter,
  nodeAffinity,
  nodeResourcesFitFilter,
];

export const SCORE_PLUGINS: readonly ScorePlugin[] = [
  taintTolerationScore,
  nodeResourcesFitScore,
  podTopologySpread,
  balancedAllocation,
  imageLocality,
];
