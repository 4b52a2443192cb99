import { describe, expect, it } from 'vitest';
import type { DaemonSetSpec } from '../../src/engine/kubernetes/api/workloads.ts';
import { targetNode } from '../../src/engine/kubernetes/controllers/daemonset/daemon-pod.ts';
import { controlPlane } from './control-plane.ts';

type World = ReturnType<typeof controlPlane>;

const labels = { app: 'agent' };
const template = (image: string) => ({
  metadata: { labels },
  spec: { containers: [{ name: 'agent', image }] },
});

/** A node that is ready: the taint that new nodes come with is gone. */
function addNode({ create, client }: World, name: string, spec = {}, nodeLabels = {}): void {
  const node = create('nodes', {
    apiVersion: 'v1',
    kind: 'Node',
    metadata: { name, namespace: undefined, labels: nodeLabels },
    spec,
  });
  const taints = node.spec.taints?.filter(({ key }) => key !== 'node.kubernetes.io/not-ready');
  client.update('nodes', { ...node, spec: { ...node.spec, taints } });
}

function createSet(world: World, spec: Partial<DaemonSetSpec> = {}): void {
  world.create('daemonsets', {
    apiVersion: 'apps/v1',
    kind: 'DaemonSet',
    metadata: { name: 'agent' },
    spec: {
      selector: { matchLabels: labels },
      updateStrategy: { type: 'RollingUpdate' },
      template: template('agent:1'),
      ...spec,
    },
  });
}

/** A set on three nodes, all of its Pods running. */
function running(spec: Partial<DaemonSetSpec> = {}): World {
  const world = controlPlane();
  for (const name of ['node-1', 'node-2', 'node-3']) addNode(world, name);
  createSet(world, spec);
  world.settle();
  return world;
}

const placed = ({ list }: World): (string | undefined)[] =>
  list('pods')
    .map(targetNode)
    .sort((a = '', b = '') => (a < b ? -1 : 1));
const statusOf = (world: World) => world.get('daemonsets', 'agent').status;
const images = ({ list }: World): string[] =>
  list('pods')
    .map((pod) => `${targetNode(pod) ?? ''} ${pod.spec.containers[0]?.image ?? ''}`)
    .sort();

const update = (world: World): void => {
  world.change('daemonsets', 'agent', (set) => ({
    ...set,
    spec: { ...set.spec, template: template('agent:2') },
  }));
};

describe('a daemon set', () => {
  it('has one Pod for each node, also for one that comes later', () => {
    const world = running();
    expect(placed(world)).toEqual(['node-1', 'node-2', 'node-3']);
    expect(statusOf(world)).toMatchObject({ desiredNumberScheduled: 3, numberReady: 3 });
    const [pod] = world.list('pods');
    expect(pod?.metadata.labels).toMatchObject({ app: 'agent', 'pod-template-generation': '1' });
    addNode(world, 'node-4');
    world.settle();
    expect(placed(world)).toEqual(['node-1', 'node-2', 'node-3', 'node-4']);
  });

  it('stays off nodes whose taints it does not bear, but not off cordoned ones', () => {
    const world = controlPlane();
    const taint = { key: 'gpu', effect: 'NoSchedule' };
    const cordon = { key: 'node.kubernetes.io/unschedulable', effect: 'NoSchedule' };
    addNode(world, 'node-1', { taints: [taint] });
    addNode(world, 'node-2', { unschedulable: true, taints: [cordon] });
    createSet(world);
    world.settle();
    expect(placed(world)).toEqual(['node-2']);
    expect(statusOf(world)).toMatchObject({ desiredNumberScheduled: 1, numberMisscheduled: 0 });
  });

  it('follows its node selector as labels come and go', () => {
    const world = controlPlane();
    addNode(world, 'node-1', {}, { disk: 'ssd' });
    addNode(world, 'node-2');
    const { metadata, spec } = template('agent:1');
    createSet(world, { template: { metadata, spec: { ...spec, nodeSelector: { disk: 'ssd' } } } });
    world.settle();
    expect(placed(world)).toEqual(['node-1']);
    const node = world.client.get('nodes', '', 'node-2');
    if (!node) throw new Error('node-2 is gone');
    world.client.update('nodes', {
      ...node,
      metadata: { ...node.metadata, labels: { disk: 'ssd' } },
    });
    world.settle();
    expect(placed(world)).toEqual(['node-1', 'node-2']);
  });

  it('updates one node after the other, waiting for each', () => {
    const world = running();
    update(world);
    world.pass(1000);
    const old = world.list('pods').filter((pod) => pod.spec.containers[0]?.image === 'agent:1');
    expect(old).toHaveLength(2);
    world.pass(10_000);
    expect(images(world).filter((image) => image.endsWith(':1'))).toHaveLength(2);
    world.settle();
    expect(images(world)).toEqual(['node-1 agent:2', 'node-2 agent:2', 'node-3 agent:2']);
    expect(statusOf(world)).toMatchObject({ updatedNumberScheduled: 3, numberAvailable: 3 });
  });

  it('puts the new Pod beside the old one first, when it may surge', () => {
    const world = running({
      updateStrategy: { type: 'RollingUpdate', rollingUpdate: { maxSurge: 1, maxUnavailable: 0 } },
    });
    update(world);
    world.pass(1000);
    expect(world.list('pods')).toHaveLength(4);
    world.settle();
    expect(images(world)).toEqual(['node-1 agent:2', 'node-2 agent:2', 'node-3 agent:2']);
  });

  it('leaves old Pods alone until they are deleted, if that is its strategy', () => {
    const world = running({ updateStrategy: { type: 'OnDelete' } });
    update(world);
    world.settle();
    expect(images(world)).toEqual(['node-1 agent:1', 'node-2 agent:1', 'node-3 agent:1']);
    const [pod] = world.list('pods').filter((one) => targetNode(one) === 'node-2');
    if (pod) world.client.delete('pods', pod);
    world.settle();
    expect(images(world)).toEqual(['node-1 agent:1', 'node-2 agent:2', 'node-3 agent:1']);
  });

  it('makes a failed Pod anew, ever later', () => {
    const world = running();
    const onOne = () => world.list('pods').filter((pod) => targetNode(pod) === 'node-1');
    const fail = () => {
      for (const pod of onOne()) world.report(pod, 'Failed');
    };
    fail();
    world.pass(500);
    expect(onOne().map(({ status }) => status.phase)).toEqual(['Pending']);
    fail();
    world.pass(500);
    expect(onOne().map(({ status }) => status.phase)).toEqual(['Failed']);
    world.pass(1000);
    expect(onOne().map(({ status }) => status.phase)).toEqual(['Pending']);
    expect(world.messages('FailedDaemonPod')[0]).toMatch(
      /^Found failed daemon pod default\/agent-[a-z0-9]{5} on node node-1, will try to kill it$/,
    );
  });

  it('numbers its templates and forgets the oldest beyond its limit', () => {
    const world = running({ revisionHistoryLimit: 1 });
    for (const image of ['agent:2', 'agent:3', 'agent:4']) {
      world.change('daemonsets', 'agent', (set) => ({
        ...set,
        spec: { ...set.spec, template: template(image) },
      }));
      world.settle();
    }
    const revisions = world.list('controllerrevisions').map(({ revision }) => revision);
    expect(revisions.sort((a, b) => a - b)).toEqual([3, 4]);
    expect(world.get('daemonsets', 'agent').metadata.annotations).toMatchObject({
      'deprecated.daemonset.template.generation': '4',
    });
  });
});
