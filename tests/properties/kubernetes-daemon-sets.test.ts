import { afterAll, describe, expect, it } from 'vitest';
import type { Taint } from '../../src/engine/kubernetes/api/cluster-objects.ts';
import { isPodReady } from '../../src/engine/kubernetes/api/pod.ts';
import type { DaemonSetSpec } from '../../src/engine/kubernetes/api/workloads.ts';
import type { Random } from '../../src/engine/sim/random.ts';
import { dropNode, settle, strike, unsteady, type Unsteady } from './kubernetes-unsteady.ts';

/**
 * One DaemonSet whose template and strategy change at any time, on nodes that come, go, are tainted
 * and labelled: its controller never takes away more than it may, and in the end every node that
 * wants a Pod has one of the last template. A failure is replayed by its seed:
 * `npx vitest run tests/properties/kubernetes-daemon-sets.test.ts -t "seed 17"`.
 */
const RUNS = 40;
const ACTS = 80;

const labels = { app: 'agent' };
type Strategy = DaemonSetSpec['updateStrategy'];
const rolling = (maxUnavailable: number | string, maxSurge: number | string): Strategy => ({
  type: 'RollingUpdate',
  rollingUpdate: { maxUnavailable, maxSurge },
});
const ROLLING = [
  ...[1, 2, 3, '1%', '50%', '100%'].map((most) => rolling(most, 0)),
  ...[1, 2, '34%'].map((most) => rolling(0, most)),
];
const STRATEGIES: readonly Strategy[] = [...ROLLING, { type: 'OnDelete' }];
const TAINTS: readonly (readonly Taint[])[] = [
  ...[[], [], []],
  [{ key: 'gpu', effect: 'NoSchedule' }],
  [{ key: 'gpu', effect: 'NoExecute' }],
];

const template = (random: Random): DaemonSetSpec['template'] => ({
  metadata: { labels },
  spec: {
    containers: [{ name: 'agent', image: `agent:${random.integer(1, 4)}` }],
    ...(random.integer(1, 6) === 1 && { nodeSelector: { disk: 'ssd' } }),
  },
});

function daemons(seed: number) {
  const world = unsteady(seed, 'daemons');
  const { create, random, addNode } = world;
  const count = random.integer(2, 6);
  for (let i = 1; i <= count; i++) addNode(`node-${i}`);
  create('daemonsets', {
    apiVersion: 'apps/v1',
    kind: 'DaemonSet',
    metadata: { name: 'agent' },
    spec: {
      selector: { matchLabels: labels },
      updateStrategy: random.pick(STRATEGIES),
      minReadySeconds: random.pick([0, 0, 3]),
      template: template(random),
    },
  });
  return world;
}

const amend = ({ change }: Unsteady, spec: Partial<DaemonSetSpec>): void =>
  change('daemonsets', 'agent', (set) => ({ ...set, spec: { ...set.spec, ...spec } }));

function reshapeNode({ client, random, nodes }: Unsteady): void {
  const node = random.pick(nodes());
  const metadata = { ...node.metadata, labels: { disk: random.pick(['ssd', 'ssd', 'hdd']) } };
  const spec = { ...node.spec, taints: random.pick(TAINTS) };
  client.update('nodes', { ...node, metadata, spec });
}

function act(world: Unsteady, number: number): void {
  const { random, wait, addNode } = world;
  const roll = random.integer(1, 100);
  if (roll <= 55) wait();
  else if (roll <= 70) amend(world, { template: template(random) });
  else if (roll <= 77) amend(world, { updateStrategy: random.pick(STRATEGIES) });
  else if (roll <= 82) addNode(`late-${number}`);
  else if (roll <= 85) dropNode(world);
  else if (roll <= 92) reshapeNode(world);
  else strike(world);
}

describe('a DaemonSet among unsteady nodes', () => {
  let taken = 0;

  it.each(Array.from({ length: RUNS }, (_, seed) => seed))('seed %i', (seed) => {
    const world = daemons(seed);
    const { client, onlooker, random, nodes, list, get } = world;
    for (let i = 0; i < ACTS; i++) {
      act(world, i);
      expect(onlooker.wrong, `after act ${i}`).toEqual([]);
    }
    amend(world, { updateStrategy: random.pick(ROLLING) });
    settle(world);
    for (const node of nodes()) client.update('nodes', { ...node, spec: {} });
    settle(world);
    expect(onlooker.wrong).toEqual([]);
    const { containers, nodeSelector } = get('daemonsets', 'agent').spec.template.spec;
    const due = nodes()
      .filter(({ metadata }) => !nodeSelector || metadata.labels?.disk === nodeSelector.disk)
      .map(({ metadata }) => `${metadata.name} ${containers[0]?.image} true`);
    const there = list('pods').map(
      (pod) => `${pod.spec.nodeName} ${pod.spec.containers[0]?.image} ${isPodReady(pod)}`,
    );
    expect(there.sort()).toEqual(due.sort());
    for (const [key, times] of onlooker.writes) {
      if (key.startsWith('daemonset-controller MODIFIED Pod ')) taken += times;
    }
  });

  afterAll(() => expect(taken).toBeGreaterThan(10 * RUNS));
});
