import { describe, expect, it } from 'vitest';
import { isPodReady } from '../../src/engine/kubernetes/api/pod.ts';
import type { StatefulSetSpec } from '../../src/engine/kubernetes/api/workloads.ts';
import { settle, strike, unsteady, type Unsteady } from './kubernetes-unsteady.ts';

/**
 * One StatefulSet whose template, size, partition and strategy change at any time, with Pods that
 * become ready late, fail or are deleted: its controller takes Pods away in their order, leaves
 * those below the partition, and in the end both sides of it have the template that they are to
 * have. A failure is replayed by its seed:
 * `npx vitest run tests/properties/kubernetes-stateful-sets.test.ts -t "seed 17"`.
 */
const RUNS = 40;
const ACTS = 80;
const MOST = 5;

const labels = { app: 'db' };
const template = (version: number): StatefulSetSpec['template'] => ({
  metadata: { labels },
  spec: { containers: [{ name: 'db', image: `db:${version}` }] },
});
const upTo = (partition: number, maxUnavailable?: number | string) => ({
  type: 'RollingUpdate' as const,
  rollingUpdate: { partition, ...(maxUnavailable !== undefined && { maxUnavailable }) },
});

function members(seed: number) {
  const world = unsteady(seed, 'members');
  const { create, random, addNode } = world;
  for (let i = 1; i <= 3; i++) addNode(`node-${i}`);
  create('statefulsets', {
    apiVersion: 'apps/v1',
    kind: 'StatefulSet',
    metadata: { name: 'db' },
    spec: {
      replicas: random.integer(1, MOST),
      serviceName: 'db',
      selector: { matchLabels: labels },
      podManagementPolicy: random.pick(['OrderedReady', 'Parallel'] as const),
      minReadySeconds: random.pick([0, 0, 3]),
      updateStrategy: upTo(0),
      template: template(1),
      ...(random.integer(1, 4) === 1 && { ordinals: { start: 3 } }),
    },
  });
  return world;
}

const amend = ({ change }: Unsteady, spec: Partial<StatefulSetSpec>): void =>
  change('statefulsets', 'db', (set) => ({ ...set, spec: { ...set.spec, ...spec } }));

function act(world: Unsteady): void {
  const { random, wait } = world;
  const roll = random.integer(1, 100);
  if (roll <= 60) wait();
  else if (roll <= 72) amend(world, { template: template(random.integer(1, 4)) });
  else if (roll <= 80) amend(world, { updateStrategy: strategyOf(world) });
  else if (roll <= 86) amend(world, { replicas: random.integer(0, MOST) });
  else strike(world);
}

const strategyOf = ({ random }: Unsteady): StatefulSetSpec['updateStrategy'] =>
  random.pick([
    upTo(0),
    upTo(random.integer(1, MOST)),
    upTo(0, random.pick([2, '50%'])),
    upTo(2, 2),
    { type: 'OnDelete' },
  ]);

/** By ordinal: the image, and whether it runs. */
const imagesOf = ({ list }: Unsteady): string[] =>
  list('pods')
    .map(({ metadata, ...pod }) => ({
      ordinal: Number(metadata.name.split('-')[1]),
      metadata,
      ...pod,
    }))
    .sort((a, b) => a.ordinal - b.ordinal)
    .map((pod) => `${pod.spec.containers[0]?.image} ${isPodReady(pod)}`);

describe('a StatefulSet among unsteady nodes', () => {
  it.each(Array.from({ length: RUNS }, (_, seed) => seed))('seed %i', (seed) => {
    const world = members(seed);
    const { onlooker, random } = world;
    for (let i = 0; i < ACTS; i++) {
      act(world);
      expect(onlooker.wrong, `after act ${i}`).toEqual([]);
    }
    amend(world, { replicas: MOST, updateStrategy: upTo(0), template: template(5) });
    settle(world);
    expect(imagesOf(world)).toEqual(Array<string>(MOST).fill('db:5 true'));
    const partition = random.integer(1, MOST - 1);
    amend(world, { updateStrategy: upTo(partition), template: template(6) });
    for (let i = 0; i < 10; i++) {
      world.wait();
      strike(world);
    }
    settle(world);
    expect(onlooker.wrong).toEqual([]);
    const due = Array.from({ length: MOST }, (_, i) => `db:${i < partition ? 5 : 6} true`);
    expect(imagesOf(world)).toEqual(due);
  });
});
