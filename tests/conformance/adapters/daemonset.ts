import type { Node, Taint } from '../../../src/engine/kubernetes/api/cluster-objects.ts';
import type { Affinity, Pod, PodSpec } from '../../../src/engine/kubernetes/api/pod.ts';
import type { DaemonSet } from '../../../src/engine/kubernetes/api/workloads.ts';
import type { IntOrString } from '../../../src/engine/kubernetes/apimachinery/int-or-string.ts';
import type { Labels } from '../../../src/engine/kubernetes/apimachinery/object.ts';
import {
  isUpdated,
  nodeNameAffinity,
} from '../../../src/engine/kubernetes/controllers/daemonset/daemon-pod.ts';
import { nodeShouldRun } from '../../../src/engine/kubernetes/controllers/daemonset/node-should-run.ts';
import { podsByNode } from '../../../src/engine/kubernetes/controllers/daemonset/nodes.ts';
import { planRollingUpdate } from '../../../src/engine/kubernetes/controllers/daemonset/rolling.ts';
import { compare, operation, type Adapter } from '../adapter.ts';

/** Rows about DaemonSets, asked of the controller's decisions. */
interface NodeRow {
  readonly name: string;
  readonly labels?: Labels;
  readonly allocatable?: Readonly<Record<string, string>>;
  readonly unschedulable?: boolean;
  readonly taints?: readonly Taint[];
}

const meta = (name: string) => ({ name, uid: name, resourceVersion: '', creationTimestamp: '' });

function nodeOf({ name, labels, allocatable, unschedulable, taints }: NodeRow): Node {
  return {
    apiVersion: 'v1',
    kind: 'Node',
    metadata: { ...meta(name), ...(labels && { labels }) },
    spec: { ...(unschedulable && { unschedulable }), ...(taints && { taints }) },
    status: { ...(allocatable && { allocatable }) },
  };
}

function daemonSet(template: Partial<PodSpec>, rollingUpdate = {}): DaemonSet {
  return {
    apiVersion: 'apps/v1',
    kind: 'DaemonSet',
    metadata: meta('foo'),
    spec: {
      selector: {},
      template: { spec: { containers: [], ...template } },
      updateStrategy: { type: 'RollingUpdate', rollingUpdate },
    },
    status: {
      currentNumberScheduled: 0,
      numberMisscheduled: 0,
      desiredNumberScheduled: 0,
      numberReady: 0,
    },
  };
}

const HASH = 'present';
const LONG_AGO = '2026-01-05T00:00:00Z';

function readyPod(node: string, terminating: boolean): Pod {
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: {
      ...meta(`foo-${node}`),
      labels: { 'controller-revision-hash': HASH },
      ...(terminating && { deletionTimestamp: LONG_AGO }),
    },
    spec: { containers: [], nodeName: node },
    status: {
      phase: 'Running',
      conditions: [{ type: 'Ready', status: 'True', lastTransitionTime: LONG_AGO }],
    },
  };
}

interface NumbersRow {
  readonly nodes: number;
  readonly maxUnavailable: IntOrString;
  readonly maxSurge?: IntOrString;
  readonly readyPodsOn: readonly string[];
  readonly terminatingOn?: readonly string[];
}

/** What a rolling update finds, in a set whose Pods all have the present template. */
function numbers({ nodes, maxUnavailable, maxSurge, readyPodsOn, terminatingOn = [] }: NumbersRow) {
  const all = Array.from({ length: nodes }, (_, i) => nodeOf({ name: `node-${i}` }));
  const pods = readyPodsOn.map((node) => readyPod(node, terminatingOn.includes(node)));
  const { limits, unavailable } = planRollingUpdate({
    set: daemonSet({}, { maxUnavailable, maxSurge: maxSurge ?? 0 }),
    nodes: new Map(all.map((node) => [node.metadata.name, node])),
    byNode: podsByNode(pods),
    hash: HASH,
    nowMs: 0,
  });
  return {
    maxUnavailable: limits.maxUnavailable,
    unavailable,
    ...(maxSurge !== undefined && { maxSurge: limits.maxSurge }),
  };
}

export const adapter: Adapter = {
  area: 'daemonset',
  operations: [
    operation<{ node: NodeRow; podTemplate: Partial<PodSpec> }, unknown>(
      'nodeShouldRun',
      ({ input: { node, podTemplate }, expect }) =>
        compare({ ...nodeShouldRun(nodeOf(node), daemonSet(podTemplate)) }, expect),
    ),
    operation<NumbersRow, unknown>('unavailableNumbers', ({ input, expect }) =>
      compare(numbers(input), expect),
    ),
    operation<{ podLabels?: Labels; hash: string }, unknown>(
      'isPodUpdated',
      ({ input, expect }) => {
        const pod = readyPod('node', false);
        const metadata = { ...pod.metadata, labels: input.podLabels ?? {} };
        return compare({ updated: isUpdated({ ...pod, metadata }, input.hash) }, expect);
      },
    ),
    operation<{ affinity: Affinity | null; node: string }, unknown>(
      'nodeNameAffinity',
      ({ input: { affinity, node }, expect }) =>
        compare({ affinity: nodeNameAffinity(affinity ?? undefined, node) }, expect),
    ),
  ],
};
