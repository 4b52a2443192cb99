import { toleratesTaint } from '../../../src/engine/kubernetes/api/tolerations.ts';
import { normalizedImageName } from '../../../src/engine/kubernetes/scheduler/image-name.ts';
import { normalizeScores } from '../../../src/engine/kubernetes/scheduler/framework.ts';
import { balancedAllocation } from '../../../src/engine/kubernetes/scheduler/plugins/balanced-allocation.ts';
import { imageLocality } from '../../../src/engine/kubernetes/scheduler/plugins/image-locality.ts';
import {
  interPodAffinityFilter,
  interPodAffinityScore,
} from '../../../src/engine/kubernetes/scheduler/plugins/inter-pod-affinity.ts';
import { leastAllocated } from '../../../src/engine/kubernetes/scheduler/plugins/least-allocated.ts';
import { mostAllocated } from '../../../src/engine/kubernetes/scheduler/plugins/most-allocated.ts';
import {
  nodeAffinityFilter,
  nodeAffinityScore,
} from '../../../src/engine/kubernetes/scheduler/plugins/node-affinity.ts';
import { nodeName } from '../../../src/engine/kubernetes/scheduler/plugins/node-name.ts';
import { nodePorts } from '../../../src/engine/kubernetes/scheduler/plugins/node-ports.ts';
import {
  insufficient,
  nodeResourcesFitFilter,
  nodeResourcesFitScore,
} from '../../../src/engine/kubernetes/scheduler/plugins/node-resources-fit.ts';
import { nodeUnschedulable } from '../../../src/engine/kubernetes/scheduler/plugins/node-unschedulable.ts';
import {
  podTopologySpreadFilter,
  podTopologySpreadScore,
} from '../../../src/engine/kubernetes/scheduler/plugins/pod-topology-spread.ts';
import { requestedToCapacityRatio } from '../../../src/engine/kubernetes/scheduler/plugins/requested-to-capacity-ratio.ts';
import {
  taintTolerationFilter,
  taintTolerationScore,
} from '../../../src/engine/kubernetes/scheduler/plugins/taint-toleration.ts';
import { compare, operation, type Adapter, type Verdict } from '../adapter.ts';
import { SchedulingWorld, type ResourceFacts, type WorldFacts } from '../scheduling-world.ts';

type Expected = Record<string, unknown>;

interface ScheduleInput extends WorldFacts {
  readonly weights?: Readonly<Record<string, number>>;
  readonly resources?: Readonly<Record<string, number>>;
  readonly shape?: readonly { readonly utilization: number; readonly score: number }[];
  readonly hardPodAffinityWeight?: number;
  readonly allocatable?: ResourceFacts;
  readonly addedAffinity?: Parameters<typeof nodeAffinityFilter>[0];
}

/** Compares what the row says. */
function judge(got: Expected, expect: Expected): Verdict {
  const said = Object.keys(expect).filter((key) => key !== 'note' && key !== 'why');
  return compare(Object.fromEntries(said.map((key) => [key, got[key]])), pick(expect, said));
}

const pick = (of: Expected, keys: readonly string[]): Expected =>
  Object.fromEntries(keys.map((key) => [key, of[key]]));

const on = (
  match: string,
  answer: (world: SchedulingWorld, input: ScheduleInput) => Expected,
): Adapter['operations'][number] =>
  operation<ScheduleInput, Expected>(match, ({ input, expect }) =>
    judge(answer(new SchedulingWorld(input), input), expect),
  );

/** What a filter says: of the one node, or of each. */
function filtered(statuses: ReturnType<SchedulingWorld['filter']>, input: ScheduleInput): Expected {
  const each = Object.entries(statuses);
  const [first] = each;
  if (!input.nodes) return first ? { ...first[1] } : {};
  const fits = Object.fromEntries(each.map(([name, said]) => [name, said.fits]));
  const status = Object.fromEntries(each.map(([name, said]) => [name, said.status ?? 'Success']));
  return { fits, status, perNode: statuses };
}

export const adapter: Adapter = {
  area: 'scheduler',
  operations: [
    operation<ScheduleInput, Expected>('fit', ({ input, expect }) => {
      const node = { name: 'node', allocatable: input.allocatable };
      const existingPods = (input.existingPods ?? []).map((pod) => ({ ...pod, nodeName: 'node' }));
      const world = new SchedulingWorld({ ...input, node, existingPods });
      const lacking = insufficient(world.pod.facts.requests, world.node('node'));
      const [said] = Object.values(world.filterAlone(nodeResourcesFitFilter));
      return judge(
        {
          ...said,
          insufficient: lacking.map(({ resource, requested, used, capacity }) => ({
            resourceName: resource,
            requested,
            used,
            capacity,
          })),
        },
        expect,
      );
    }),
    on('LeastAllocated', (world, { weights }) =>
      world.score(nodeResourcesFitScore(leastAllocated, weights)),
    ),
    on('MostAllocated', (world, { weights }) =>
      world.score(nodeResourcesFitScore(mostAllocated, weights)),
    ),
    on('RequestedToCapacityRatio', (world, { shape = [], weights, resources }) =>
      world.score(
        nodeResourcesFitScore(requestedToCapacityRatio(shape), weights ?? resources, true),
      ),
    ),
    on('BalancedAllocation', (world, { resources }) =>
      world.score(balancedAllocation(resources && Object.keys(resources))),
    ),
    on('TopologySpreadFilter', (world, input) =>
      filtered(world.filter(podTopologySpreadFilter), input),
    ),
    on('TopologySpreadScore', (world) => world.score(podTopologySpreadScore)),
    on('InterPodAffinityFilter', (world, input) =>
      filtered(world.filter(interPodAffinityFilter), input),
    ),
    on('InterPodAffinityScore', (world, { hardPodAffinityWeight }) =>
      world.score(interPodAffinityScore(hardPodAffinityWeight)),
    ),
    on('NodeAffinityFilter', (world, input) =>
      filtered(world.filterAlone(nodeAffinityFilter(input.addedAffinity)), input),
    ),
    on('NodeAffinityScore', (world, { addedAffinity }) =>
      world.score(nodeAffinityScore(addedAffinity)),
    ),
    on('TaintTolerationFilter', (world, input) =>
      filtered(world.filterAlone(taintTolerationFilter), input),
    ),
    on('TaintTolerationScore', (world) => world.score(taintTolerationScore)),
    on('NodeName', (world, input) => filtered(world.filterAlone(nodeName), input)),
    on('NodeUnschedulable', (world, input) =>
      filtered(world.filterAlone(nodeUnschedulable), input),
    ),
    operation<ScheduleInput, Expected>('NodePorts', ({ input, expect }) => {
      const name = input.pod?.nodeName ?? input.existingPods?.[0]?.nodeName ?? 'node';
      const { nodeName: _, ...pod } = input.pod ?? {};
      const world = new SchedulingWorld({ ...input, pod, node: input.node ?? { name } });
      return judge(filtered(world.filterAlone(nodePorts), input), expect);
    }),
    on('ImageLocality', (world) => world.score(imageLocality)),
    operation<{ image: string }, Expected>('ImageName', ({ input, expect }) =>
      judge({ normalised: normalizedImageName(input.image) }, expect),
    ),
    operation<{ reverse?: boolean; scores: readonly number[] }, Expected>(
      'NormalizeScore',
      ({ input, expect }) => {
        const scores = Int32Array.from(input.scores);
        normalizeScores(scores, scores.length, input.reverse ?? false);
        return judge({ scores: [...scores] }, expect);
      },
    ),
    operation<
      {
        toleration: Parameters<typeof toleratesTaint>[0];
        taint: Parameters<typeof toleratesTaint>[1];
        comparisonOperatorsFeature?: boolean;
      },
      Expected
    >('toleratesTaint', ({ input, expect }) =>
      judge(
        {
          tolerated: toleratesTaint(
            input.toleration,
            input.taint,
            input.comparisonOperatorsFeature,
          ),
        },
        expect,
      ),
    ),
  ],
};
