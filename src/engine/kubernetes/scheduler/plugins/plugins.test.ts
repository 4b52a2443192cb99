import { describe, expect, it } from 'vitest';
import type { NodeInfo, PodInfo, ScoringState } from '../framework.ts';
import { normalizeScores } from '../framework.ts';
import { naturalLogarithm } from '../natural-logarithm.ts';
import { failureMessage } from '../verdict.ts';
import { balancedAllocation } from './balanced-allocation.ts';
import { normalizedImageName } from './image-locality.ts';
import { nodeResourcesFitFilter, nodeResourcesFitScore } from './node-resources-fit.ts';
import { podTopologySpread } from './pod-topology-spread.ts';
import { taintTolerationFilter } from './taint-toleration.ts';

const amounts = (cpuMillis: number, memoryBytes: number) => ({ cpuMillis, memoryBytes });

function node(name: string, cpu: number, memory: number, used = amounts(0, 0)): NodeInfo {
  return {
    node: {
      apiVersion: 'v1',
      kind: 'Node',
      metadata: {
        name,
        uid: name,
        resourceVersion: '',
        creationTimestamp: '',
        labels: { 'kubernetes.io/hostname': name },
      },
      spec: {},
      status: {},
    },
    allocatable: { ...amounts(cpu, memory), pods: 110 },
    usage: { requested: used, nonZeroRequested: used, pods: 0 },
    imageBytes: {},
  };
}

function pod(cpu: number, memory: number, onNodes: Record<string, number> = {}): PodInfo {
  const labelSelector = { matchLabels: { app: 'web' } };
  const topologyKey = 'kubernetes.io/hostname';
  return {
    pod: {
      apiVersion: 'v1',
      kind: 'Pod',
      metadata: { name: 'p', uid: 'p', resourceVersion: '', creationTimestamp: '' },
      spec: { containers: [] },
      status: { phase: 'Pending' },
    },
    requests: amounts(cpu, memory),
    nonZeroRequests: amounts(cpu, memory),
    spread: {
      constraints: [
        { maxSkew: 1, topologyKey, whenUnsatisfiable: 'ScheduleAnyway', labelSelector },
      ],
      systemDefaulted: true,
      podsInDomain: [new Map(Object.entries(onNodes))],
    },
  };
}

const state = (feasible: NodeInfo[]): ScoringState => ({
  feasible,
  totalNodes: feasible.length,
  image: () => undefined,
});

describe('scores', () => {
  // least_allocated_test.go "nothing scheduled, resources requested, differently sized machines"
  it('prefer the node with more left', () => {
    const nodes = state([node('a', 4000, 10_000), node('b', 6000, 10_000)]);
    expect(nodeResourcesFitScore.score(pod(3000, 5000), nodes)).toEqual([37, 50]);
  });

  // balanced_allocation_test.go, same machines
  it('prefer the node on which CPU and memory are used alike', () => {
    const nodes = state([node('a', 4000, 10_000), node('b', 6000, 10_000)]);
    expect(balancedAllocation.score(pod(3000, 5000), nodes)).toEqual([87, 100]);
    expect(balancedAllocation.skip?.(pod(0, 0))).toBe(true);
  });

  it('prefer the node with fewer of the same Pods', () => {
    const nodes = state([node('a', 1, 1), node('b', 1, 1), node('c', 1, 1)]);
    const web = pod(0, 0, { a: 2, b: 1 });
    const raw = podTopologySpread.score(web, nodes);
    expect(podTopologySpread.normalize?.(raw, web, nodes)).toEqual([0, 33, 100]);
  });

  it('are brought to 0..100 by the highest', () => {
    expect(normalizeScores([1, 2, 3, 4], false)).toEqual([25, 50, 75, 100]);
    expect(normalizeScores([1, 2, 3, 4], true)).toEqual([75, 50, 25, 0]);
    expect(normalizeScores([0, 0], true)).toEqual([100, 100]);
  });
});

describe('filters', () => {
  it('name what a node lacks, and whether eviction could help', () => {
    const full = node('a', 1000, 1000, amounts(900, 0));
    expect(nodeResourcesFitFilter.filter(pod(200, 0), full)).toEqual({
      reasons: ['Insufficient cpu'],
      resolvable: true,
    });
    expect(nodeResourcesFitFilter.filter(pod(2000, 0), full)?.resolvable).toBe(false);
    expect(nodeResourcesFitFilter.filter(pod(0, 0), full)).toBeUndefined();
  });

  it('keep Pods off tainted nodes, and say all of it in one sentence', () => {
    const bare = node('c', 1, 1);
    const taints = [{ key: 'k', effect: 'NoSchedule' }];
    const tainted: NodeInfo = { ...bare, node: { ...bare.node, spec: { taints } } };
    const rejection = taintTolerationFilter.filter(pod(0, 0), tainted);
    const short = { reasons: ['Insufficient cpu'], resolvable: true };
    expect(
      failureMessage(4, [
        { node: 'c', ...rejection },
        { node: 'a', ...short },
        { node: 'b', ...short },
        { node: 'd', ...short },
      ]),
    ).toBe(
      '0/4 nodes are available: 1 node(s) had untolerated taint(s), 3 Insufficient cpu. ' +
        'no new claims to deallocate, preemption: 0/4 nodes are available: ' +
        '1 Preemption is not helpful for scheduling, ' +
        '3 No preemption victims found for incoming pod.',
    );
  });
});

it('image names get the tag that nodes report', () => {
  expect(normalizedImageName('root')).toBe('root:latest');
  expect(normalizedImageName('gcr.io:5000/root')).toBe('gcr.io:5000/root:latest');
  expect(normalizedImageName('root:tag')).toBe('root:tag');
});

it('the logarithm is as good as a double', () => {
  for (const n of [2, 3, 5, 10, 102, 5002]) {
    expect(naturalLogarithm(n)).toBeCloseTo(Math.log(n), 13);
  }
});
