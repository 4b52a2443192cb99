import { rfc3339 } from '../../../src/engine/sim/clock.ts';
import type { Condition, Labels } from '../../../src/engine/kubernetes/apimachinery/object.ts';
import type { Pod, PodPhase } from '../../../src/engine/kubernetes/api/pod.ts';
import {
  chooseForDeletion,
  compareForDeletion,
  rankedPod,
} from '../../../src/engine/kubernetes/controllers/ranking.ts';
import { countPods } from '../../../src/engine/kubernetes/controllers/replicaset/status.ts';
import { slowStart } from '../../../src/engine/kubernetes/controllers/slow-start.ts';
import { compare, operation, type Operation } from '../adapter.ts';

/** Rows about a ReplicaSet's Pods, asked of the controller's decisions. */
interface PodRow {
  readonly name: string;
  readonly node?: string;
  readonly phase?: PodPhase;
  readonly ready?: boolean;
  readonly restarts?: number;
  readonly readyAge?: string | null;
  readonly createdAge?: string | null;
  readonly podDeletionCost?: number;
  readonly rank?: number;
  readonly labels?: Labels;
}

/** Far enough from the beginning of time for every age. */
const NOW_MS = 400 * 24 * 3_600_000;

const UNIT_MS: Readonly<Record<string, number>> = {
  s: 1000,
  m: 60_000,
  h: 3_600_000,
  d: 86_400_000,
  month: 31 * 86_400_000,
};

/** The time of an age: `0`, `5h`, `1 month`. */
function before(age: string | null | undefined): string | undefined {
  if (age === null || age === undefined) return undefined;
  const [, count = '0', unit = ''] = /^(\d+) ?([a-z]*?)s?$/.exec(age) ?? [];
  return rfc3339(NOW_MS - Number(count) * (UNIT_MS[unit] ?? 1000));
}

function podOf(row: PodRow): Pod {
  const { name, node = '', phase = 'Pending', ready = false, restarts = 0 } = row;
  const lastTransitionTime = before(row.readyAge);
  const condition: Condition = {
    type: 'Ready',
    status: ready ? 'True' : 'False',
    ...(lastTransitionTime !== undefined && { lastTransitionTime }),
  };
  const container = { name: 'web', ready, restartCount: restarts, image: '', imageID: '' };
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: {
      name,
      // Those that nothing but chance would part have one uid: they tie.
      uid: '',
      resourceVersion: '',
      creationTimestamp: before(row.createdAge) ?? '',
      labels: row.labels,
      ...(row.podDeletionCost !== undefined && {
        annotations: { 'controller.kubernetes.io/pod-deletion-cost': String(row.podDeletionCost) },
      }),
    },
    spec: { containers: [{ name: 'web', image: '' }], ...(node && { nodeName: node }) },
    status: { phase, conditions: [condition], containerStatuses: [container] },
  };
}

export const replicaOperations: readonly Operation[] = [
  operation<{ a: PodRow; b: PodRow }, unknown>('scaleDownOrder', ({ input: { a, b }, expect }) => {
    const [one, other] = [a, b].map((row) => rankedPod(podOf(row), row.rank));
    const order = one && other ? compareForDeletion(one, other, NOW_MS) : NaN;
    return compare({ deletedFirst: order === 0 ? 'tie' : order < 0 ? 'a' : 'b' }, expect);
  }),
  operation<{ pods: PodRow[]; relatedPods?: PodRow[]; delete: number }, { deleted: string[] }>(
    'podsToDelete',
    ({ input, expect }) => {
      const pods = input.pods.map(podOf);
      const related = input.relatedPods?.map(podOf) ?? pods;
      const chosen = chooseForDeletion(pods, related, input.delete, NOW_MS);
      const deleted = chosen.map(({ metadata }) => metadata.name).sort();
      return compare({ deleted }, { deleted: [...expect.deleted].sort() });
    },
  ),
  operation<{ templateLabels: Labels; minReadySeconds: number; pods: PodRow[] }, unknown>(
    'replicaSetStatus',
    ({ input: { templateLabels: labels, minReadySeconds, pods }, expect }) => {
      const template = { metadata: { labels }, spec: { containers: [] } };
      const spec = { template, minReadySeconds };
      const { terminatingReplicas, ...counts } = countPods(spec, pods.map(podOf), 0, NOW_MS);
      return compare(terminatingReplicas === 0 ? counts : {}, expect);
    },
  ),
  operation<{ count: number; succeedsUpTo: number; initialBatch: number }, unknown>(
    'slowStart',
    ({ input: { count, succeedsUpTo, initialBatch }, expect }) => {
      let calls = 0;
      const successes = slowStart(count, initialBatch, () => {
        calls += 1;
        return calls <= succeedsUpTo;
      });
      return compare({ calls, successes, error: successes < calls }, expect);
    },
  ),
];
