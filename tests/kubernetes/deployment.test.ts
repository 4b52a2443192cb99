import { describe, expect, it } from 'vitest';
import type { DeploymentSpec } from '../../src/engine/kubernetes/api/workloads.ts';
import { isPodActive, isPodReady } from '../../src/engine/kubernetes/api/pod.ts';
import { findCondition } from '../../src/engine/kubernetes/apimachinery/object.ts';
import { templateHash } from '../../src/engine/kubernetes/controllers/deployment/revisions.ts';
import { controlPlane } from './control-plane.ts';

type World = ReturnType<typeof controlPlane>;

const labels = { app: 'web' };
const template = (image: string) => ({
  metadata: { labels },
  spec: { containers: [{ name: 'web', image }] },
});

function createWeb({ create }: World, spec: Partial<DeploymentSpec> = {}): void {
  create('deployments', {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: { name: 'web' },
    spec: {
      replicas: 4,
      selector: { matchLabels: labels },
      template: template('web:1'),
      strategy: { type: 'RollingUpdate' },
      ...spec,
    },
  });
}

const change = (world: World, spec: Partial<DeploymentSpec>): void => {
  world.change('deployments', 'web', (web) => ({ ...web, spec: { ...web.spec, ...spec } }));
};

const web = (world: World) => world.get('deployments', 'web');
const revisionOf = ({ metadata }: { metadata: { annotations?: Record<string, string> } }) =>
  metadata.annotations?.['deployment.kubernetes.io/revision'];

/** Sizes of the sets by revision. */
const sizes = ({ list }: World): Record<string, number> =>
  Object.fromEntries(list('replicasets').map((set) => [revisionOf(set) ?? '', set.spec.replicas]));

const progress = (world: World) => findCondition(web(world).status.conditions, 'Progressing');

describe('a deployment', () => {
  it('is made once: its status counts no generation', () => {
    const world = controlPlane();
    createWeb(world);
    world.settle();
    expect(web(world).metadata).toMatchObject({ generation: 1 });
    expect(revisionOf(web(world))).toBe('1');
    expect(web(world).status).toMatchObject({ replicas: 4, availableReplicas: 4 });
    expect(web(world).status.unavailableReplicas).toBeUndefined();
    expect(progress(world)?.reason).toBe('NewReplicaSetAvailable');
  });

  it('lets all old Pods go before the first new one comes, if it is to be recreated', () => {
    const world = controlPlane();
    createWeb(world, { strategy: { type: 'Recreate' } });
    world.settle();
    change(world, { template: template('web:2') });
    let mixed = 0;
    for (let i = 0; i < 100; i++) {
      world.pass(10);
      const images = world.list('pods').map(({ spec }) => spec.containers[0]?.image);
      if (new Set(images).size > 1) mixed += 1;
    }
    world.settle();
    expect(mixed).toBe(0);
    expect(sizes(world)).toEqual({ 1: 0, 2: 4 });
    expect(
      world.messages('ScalingReplicaSet').map((text) => text.split(' ').slice(-4).join(' ')),
    ).toEqual(['from 0 to 4', 'from 4 to 0', 'from 0 to 4']);
  });

  it('does nothing while it is paused but scale, and goes on when it is resumed', () => {
    const world = controlPlane();
    createWeb(world);
    world.settle();
    change(world, { paused: true, template: template('web:2'), replicas: 6 });
    world.settle();
    expect(sizes(world)).toEqual({ 1: 6 });
    expect(progress(world)).toMatchObject({
      status: 'Unknown',
      reason: 'DeploymentPaused',
      message: 'Deployment is paused',
    });
    change(world, { paused: false });
    world.pass(3);
    world.settle();
    expect(sizes(world)).toEqual({ 1: 0, 2: 6 });
  });

  it('shares a new size among old and new Pods in the middle of a rollout', () => {
    const world = controlPlane();
    createWeb(world, { replicas: 10 });
    world.settle();
    change(world, { template: template('web:bad') });
    world.pass(2000);
    expect(sizes(world)).toEqual({ 1: 8, 2: 5 });
    change(world, { replicas: 20 });
    world.pass(2000);
    // 25 Pods in all, 8 : 5 of which 13 were allowed.
    expect(sizes(world)).toEqual({ 1: 15, 2: 10 });
  });

  it('keeps as many old sets as its history may hold', () => {
    const world = controlPlane();
    createWeb(world, { revisionHistoryLimit: 2 });
    world.settle();
    for (const image of ['web:2', 'web:3', 'web:4', 'web:5']) {
      change(world, { template: template(image) });
      world.settle();
    }
    expect(sizes(world)).toEqual({ 3: 0, 4: 0, 5: 4 });
  });

  it('takes an old set up again under a new number, and remembers the old one', () => {
    const world = controlPlane();
    createWeb(world);
    world.settle();
    for (const image of ['web:2', 'web:1']) {
      change(world, { template: template(image) });
      world.settle();
    }
    expect(sizes(world)).toEqual({ 2: 0, 3: 4 });
    const set = world.list('replicasets').find((one) => revisionOf(one) === '3');
    expect(set?.metadata.annotations?.['deployment.kubernetes.io/revision-history']).toBe('1');
  });

  it('counts a Pod as available only after it has been ready for long enough', () => {
    const world = controlPlane();
    createWeb(world, { minReadySeconds: 10 });
    world.pass(1000);
    world.runPods();
    world.pass(9000);
    expect(web(world).status.readyReplicas).toBe(4);
    expect(web(world).status.availableReplicas).toBeUndefined();
    world.pass(2000);
    expect(web(world).status.availableReplicas).toBe(4);
  });

  it('takes another name when another set has the one it would give', () => {
    const world = controlPlane();
    createWeb(world, { replicas: 0, paused: true });
    world.pass(100);
    const taken = `web-${templateHash(web(world).spec.template)}`;
    const other = { app: 'other' };
    world.create('replicasets', {
      apiVersion: 'apps/v1',
      kind: 'ReplicaSet',
      metadata: { name: taken, labels: other },
      spec: {
        replicas: 0,
        selector: { matchLabels: other },
        template: { ...template('other'), metadata: { labels: other } },
      },
    });
    change(world, { replicas: 2, paused: false });
    world.settle();
    expect(web(world).status).toMatchObject({ collisionCount: 1, replicas: 2 });
    expect(world.list('replicasets')).toHaveLength(2);
  });

  it('adopts a set that it selects, and lets go of one that it no longer does', () => {
    const world = controlPlane();
    createWeb(world);
    world.settle();
    const [set] = world.list('replicasets');
    if (!set) throw new Error('there is no set');
    const { name } = set.metadata;
    world.change('replicasets', name, (one) => ({
      ...one,
      metadata: { ...one.metadata, labels: { app: 'lost' } },
    }));
    world.pass(100);
    expect(world.get('replicasets', name).metadata.ownerReferences ?? []).toEqual([]);
    world.change('replicasets', name, (one) => ({
      ...one,
      metadata: { ...one.metadata, labels: set.metadata.labels },
    }));
    world.pass(100);
    expect(world.get('replicasets', name).metadata.ownerReferences).toMatchObject([
      { kind: 'Deployment', name: 'web', controller: true },
    ]);
  });
});

describe('a replica set', () => {
  const set = (world: World) => {
    const [only] = world.list('replicasets');
    if (!only) throw new Error('there is no set');
    return only;
  };

  it('lets a Pod go that lost its labels, and makes another', () => {
    const world = controlPlane();
    createWeb(world);
    world.settle();
    const [pod] = world.list('pods');
    const lost = pod?.metadata.name ?? '';
    world.change('pods', lost, (one) => ({
      ...one,
      metadata: { ...one.metadata, labels: { app: 'lost' } },
    }));
    world.settle();
    expect(world.get('pods', lost).metadata.ownerReferences ?? []).toEqual([]);
    expect(world.list('pods')).toHaveLength(5);
    expect(set(world).status.replicas).toBe(4);
  });

  it('adopts a Pod with its labels, and takes the one that is too many', () => {
    const world = controlPlane();
    createWeb(world);
    world.settle();
    const { labels: own } = set(world).spec.template.metadata ?? {};
    world.create('pods', {
      apiVersion: 'v1',
      kind: 'Pod',
      metadata: { name: 'stray', labels: own },
      spec: { containers: [{ name: 'web', image: 'web:1' }] },
    });
    world.settle();
    expect(world.list('pods').filter(isPodActive)).toHaveLength(4);
    expect(world.list('pods').some(({ metadata }) => metadata.name === 'stray')).toBe(false);
  });

  it('takes the Pods first whose loss costs least', () => {
    const world = controlPlane();
    createWeb(world);
    world.settle();
    const [kept, cheap] = world.list('pods').map(({ metadata }) => metadata.name);
    const cost = (name: string, value: string) => {
      world.change('pods', name, (pod) => ({
        ...pod,
        metadata: {
          ...pod.metadata,
          annotations: { 'controller.kubernetes.io/pod-deletion-cost': value },
        },
      }));
    };
    cost(kept ?? '', '100');
    cost(cheap ?? '', '-5');
    change(world, { replicas: 3 });
    world.settle();
    expect(world.list('pods').map(({ metadata }) => metadata.name)).not.toContain(cheap);
    change(world, { replicas: 1 });
    world.settle();
    expect(world.list('pods').map(({ metadata }) => metadata.name)).toEqual([kept]);
  });

  it('says in its status and in an Event why it cannot make Pods, and goes on when it can', () => {
    const world = controlPlane();
    const account = world.get('serviceaccounts', 'default');
    world.client.delete('serviceaccounts', account);
    createWeb(world);
    world.pass(2000);
    expect(world.list('pods')).toEqual([]);
    const [message = ''] = world.messages('FailedCreate');
    expect(message).toMatch(/^Error creating: pods "web-[a-z0-9]+-/);
    expect(set(world).status.conditions).toMatchObject([
      { type: 'ReplicaFailure', status: 'True', reason: 'FailedCreate' },
    ]);
    expect(findCondition(web(world).status.conditions, 'ReplicaFailure')?.reason).toBe(
      'FailedCreate',
    );
    world.create('serviceaccounts', {
      apiVersion: 'v1',
      kind: 'ServiceAccount',
      metadata: { name: 'default' },
    });
    world.settle();
    expect(world.list('pods').filter(isPodReady)).toHaveLength(4);
    expect(set(world).status.conditions ?? []).toEqual([]);
    expect(findCondition(web(world).status.conditions, 'ReplicaFailure')).toBeUndefined();
  });

  it('counts Pods on their way out apart', () => {
    const world = controlPlane();
    createWeb(world);
    world.settle();
    const [pod] = world.list('pods');
    const name = pod?.metadata.name ?? '';
    world.change('pods', name, (one) => ({
      ...one,
      metadata: { ...one.metadata, finalizers: ['example.com/hold'] },
    }));
    world.client.delete('pods', world.get('pods', name));
    world.settle();
    expect(set(world).status).toMatchObject({ replicas: 4, terminatingReplicas: 1 });
    expect(web(world).status.terminatingReplicas).toBe(1);
  });
});
