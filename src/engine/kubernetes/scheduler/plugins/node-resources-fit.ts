import type { Amounts } from '../../api/pod-resources.ts';
import type { ClusterEvent, NodeFilter, ScorePlugin } from '../framework.ts';
import type { NodeInfo } from '../node-facts.ts';
import { leastAllocated } from './least-allocated.ts';
import { amountOf } from './resource-amounts.ts';

/**
 * A node has room for what the Pod requests (plugins/noderesources/fit.go, v1.36).
 */
const NAME = 'NodeResourcesFit';

/** One resource that a node has too little of. */
export interface Insufficient {
  readonly resource: string;
  readonly reason: string;
  readonly requested: number;
  readonly used: number;
  readonly capacity: number;
}

export function insufficient(requests: Amounts, { allocatable, usage }: NodeInfo): Insufficient[] {
  const found: Insufficient[] = [];
  const { requested } = usage;
  if (usage.pods + 1 > allocatable.pods) {
    const reason = 'Too many pods';
    const capacity = allocatable.pods;
    found.push({ resource: 'pods', reason, requested: 1, used: usage.pods, capacity });
  }
  const check = (resource: string, wanted: number, used: number, capacity: number): void => {
    if (wanted === 0 || wanted <= capacity - used) return;
    const reason = `Insufficient ${resource}`;
    found.push({ resource, reason, requested: wanted, used, capacity });
  };
  check('cpu', requests.cpuMillis, requested.cpuMillis, allocatable.cpuMillis);
  check('memory', requests.memoryBytes, requested.memoryBytes, allocatable.memoryBytes);
  for (const [name, wanted] of Object.entries(requests.others ?? {})) {
    const used = requested.others?.[name] ?? 0;
    check(name, wanted, used, allocatable.others?.[name] ?? 0);
  }
  return found;
}

export const nodeResourcesFitFilter: NodeFilter = {
  name: NAME,
  filter({ facts: { requests } }, node) {
    const { allocatable, usage } = node;
    if (
      !requests.others &&
      usage.pods < allocatable.pods &&
      fits(requests.cpuMillis, usage.requested.cpuMillis, allocatable.cpuMillis) &&
      fits(requests.memoryBytes, usage.requested.memoryBytes, allocatable.memoryBytes)
    ) {
      return undefined;
    }
    const lacking = insufficient(requests, node);
    if (lacking.length === 0) return undefined;
    return {
      reasons: lacking.map(({ reason }) => reason),
      resolvable: lacking.every(({ resource, requested, capacity }) =>
        resource === 'pods' ? true : requested <= capacity,
      ),
    };
  },
  wakes: (_, event) => hasMoreRoom(event),
};

const fits = (wanted: number, used: number, all: number): boolean =>
  wanted === 0 || wanted <= all - used;

/** A Pod left or asks for less, or a node came or has something else to give. */
function hasMoreRoom(event: ClusterEvent): boolean {
  switch (event.kind) {
    case 'pod-deleted':
      return true;
    case 'pod-changed': {
      const { requests: before } = event.previous.facts;
      const { requests: now } = event.pod.facts;
      return now.cpuMillis < before.cpuMillis || now.memoryBytes < before.memoryBytes;
    }
    case 'node-added':
    case 'node-changed':
      return (
        event.kind === 'node-added' ||
        event.node.status.allocatable !== event.previous?.status.allocatable
      );
    default:
      return false;
  }
}

/** Which resources a strategy looks at, and how much each counts. */
export type ResourceWeights = Readonly<Record<string, number>>;

/** How full a node would be, as a score: one resource's requests and what the node has of it. */
export type Strategy = (requested: number, allocatable: number) => number;

const DEFAULT_WEIGHTS: ResourceWeights = { cpu: 1, memory: 1 };

/**
 * The mean of the resources' scores by their weights, rounded down; a resource that the node has
 * none of does not count (plugins/noderesources/{resource_allocation,least_allocated,
 * most_allocated}.go, v1.36).
 *
 * @param byRatio as RequestedToCapacityRatio takes the mean: over scores above zero, to the nearest
 */
export function nodeResourcesFitScore(
  strategy: Strategy = leastAllocated,
  weights: ResourceWeights = DEFAULT_WEIGHTS,
  byRatio = false,
): ScorePlugin {
  const resources = Object.entries(weights);
  return {
    name: NAME,
    weight: 1,
    onNodeAlone: true,
    scorer({ facts: { nonZeroRequests } }) {
      return ({ allocatable, usage }) => {
        let sum = 0;
        let weightSum = 0;
        for (const [name, weight] of resources) {
          const all = amountOf(allocatable, name);
          const wanted = amountOf(nonZeroRequests, name);
          if (all === 0 || (isDevice(name) && wanted === 0)) continue;
          const score = strategy(amountOf(usage.nonZeroRequested, name) + wanted, all);
          if (byRatio && score <= 0) continue;
          sum += weight * score;
          weightSum += weight;
        }
        if (weightSum === 0) return 0;
        return Math.floor(sum / weightSum + (byRatio ? 0.5 : 0));
      };
    },
  };
}

const isDevice = (name: string): boolean =>
  name !== 'cpu' && name !== 'memory' && name !== 'ephemeral-storage';
