import { describe, expect, it } from 'vitest';
import type { StatefulSetSpec } from '../../src/engine/kubernetes/api/workloads.ts';
import { controlPlane } from './control-plane.ts';

type World = ReturnType<typeof controlPlane>;

const labels = { app: 'db' };
const template = (image: string) => ({
  metadata: { labels },
  spec: { containers: [{ name: 'db', image }] },
});

const DATA = {
  apiVersion: 'v1',
  kind: 'PersistentVolumeClaim',
  metadata: { name: 'data' },
  spec: { accessModes: ['ReadWriteOnce'], resources: { requests: { storage: '1Gi' } } },
};

function createSet({ create }: World, spec: Partial<StatefulSetSpec> = {}): void {
  create('statefulsets', {
    apiVersion: 'apps/v1',
    kind: 'StatefulSet',
    metadata: { name: 'db' },
    spec: {
      replicas: 3,
      selector: { matchLabels: labels },
      serviceName: 'db',
      updateStrategy: { type: 'RollingUpdate' },
      template: template('db:1'),
      volumeClaimTemplates: [DATA] as never,
      ...spec,
    },
  });
}

const scale = (world: World, replicas: number): void => {
  world.change('statefulsets', 'db', (set) => ({ ...set, spec: { ...set.spec, replicas } }));
};

const names = ({ list }: World): string[] => list('pods').map(({ metadata }) => metadata.name);
const claims = ({ list }: World): string[] =>
  list('persistentvolumeclaims').map(({ metadata }) => metadata.name);

describe('a stateful set', () => {
  it('makes its Pods one after the other, each with a name and a claim of its own', () => {
    const world = controlPlane();
    createSet(world);
    world.pass(1000);
    expect(names(world)).toEqual(['db-0']);
    world.runPods();
    world.pass(1000);
    expect(names(world)).toEqual(['db-0', 'db-1']);
    world.settle();
    expect(names(world)).toEqual(['db-0', 'db-1', 'db-2']);
    expect(claims(world)).toEqual(['data-db-0', 'data-db-1', 'data-db-2']);
    const { metadata, spec } = world.get('pods', 'db-1');
    expect(metadata.labels).toMatchObject({
      app: 'db',
      'apps.kubernetes.io/pod-index': '1',
      'statefulset.kubernetes.io/pod-name': 'db-1',
      'controller-revision-hash': world.get('statefulsets', 'db').status.updateRevision,
    });
    expect(spec).toMatchObject({ hostname: 'db-1', subdomain: 'db' });
    expect(spec.volumes).toContainEqual({
      name: 'data',
      persistentVolumeClaim: { claimName: 'data-db-1' },
    });
    expect(world.messages('SuccessfulCreate')).toEqual(
      expect.arrayContaining([
        'create Claim data-db-0 Pod db-0 in StatefulSet db success',
        'create Pod db-0 in StatefulSet db successful',
      ]),
    );
  });

  it('gives a Pod that died its name and its claim back', () => {
    const world = controlPlane();
    createSet(world);
    world.settle();
    const claim = world.get('persistentvolumeclaims', 'data-db-1').metadata.uid;
    const before = world.get('pods', 'db-1');
    world.client.delete('pods', before, 0);
    world.settle();
    const after = world.get('pods', 'db-1');
    expect(after.metadata.uid).not.toBe(before.metadata.uid);
    expect(world.get('persistentvolumeclaims', 'data-db-1').metadata.uid).toBe(claim);
    expect(world.get('statefulsets', 'db').status).toMatchObject({ readyReplicas: 3 });
  });

  it('makes a Pod anew that ended, whatever its exit code', () => {
    const world = controlPlane();
    createSet(world);
    world.settle();
    const uid = world.get('pods', 'db-0').metadata.uid;
    world.report(world.get('pods', 'db-0'), 'Succeeded');
    world.settle();
    expect(world.get('pods', 'db-0').metadata.uid).not.toBe(uid);
  });

  it('shrinks from the highest ordinal, and keeps the claims', () => {
    const world = controlPlane();
    createSet(world);
    world.settle();
    scale(world, 1);
    world.pass(3);
    world.pass(5);
    world.settle();
    expect(names(world)).toEqual(['db-0']);
    expect(claims(world)).toEqual(['data-db-0', 'data-db-1', 'data-db-2']);
    const deletions = world.messages('SuccessfulDelete');
    expect(deletions).toEqual([
      'delete Pod db-2 in StatefulSet db successful',
      'delete Pod db-1 in StatefulSet db successful',
    ]);
  });

  it('lets claims go with the Pods that are scaled away, if it is told to', () => {
    const world = controlPlane();
    const policy = { whenScaled: 'Delete', whenDeleted: 'Retain' } as const;
    createSet(world, { persistentVolumeClaimRetentionPolicy: policy });
    world.settle();
    const owners = (claim: string) =>
      world.get('persistentvolumeclaims', claim).metadata.ownerReferences ?? [];
    expect(owners('data-db-2')).toEqual([]);
    scale(world, 2);
    world.settle();
    expect(owners('data-db-2')).toMatchObject([{ kind: 'Pod', name: 'db-2' }]);
    expect(owners('data-db-1')).toEqual([]);
  });

  it('waits for an ill Pod in order, and not at all in parallel', () => {
    const ordered = controlPlane();
    createSet(ordered);
    ordered.pass(1000);
    ordered.report(ordered.get('pods', 'db-0'), 'Running', false);
    ordered.pass(5000);
    expect(names(ordered)).toEqual(['db-0']);
    const parallel = controlPlane();
    createSet(parallel, { podManagementPolicy: 'Parallel' });
    parallel.pass(1000);
    expect(names(parallel)).toEqual(['db-0', 'db-1', 'db-2']);
  });

  it('updates from the highest ordinal, one at a time, down to the partition', () => {
    const world = controlPlane();
    createSet(world);
    world.settle();
    const first = world.get('statefulsets', 'db').status.currentRevision;
    world.change('statefulsets', 'db', (set) => ({
      ...set,
      spec: {
        ...set.spec,
        template: template('db:2'),
        updateStrategy: { type: 'RollingUpdate', rollingUpdate: { partition: 1 } },
      },
    }));
    world.pass(1000);
    const image = (name: string) => world.get('pods', name).spec.containers[0]?.image;
    // db-2 went first; it is back, not running yet, and so nothing else goes.
    expect([image('db-1'), image('db-2')]).toEqual(['db:1', 'db:2']);
    world.settle();
    expect(['db-0', 'db-1', 'db-2'].map(image)).toEqual(['db:1', 'db:2', 'db:2']);
    const { status } = world.get('statefulsets', 'db');
    expect(status).toMatchObject({
      currentRevision: first,
      currentReplicas: 1,
      updatedReplicas: 2,
    });
    world.change('statefulsets', 'db', (set) => ({
      ...set,
      spec: { ...set.spec, updateStrategy: { type: 'RollingUpdate' } },
    }));
    world.settle();
    expect(image('db-0')).toBe('db:2');
    const done = world.get('statefulsets', 'db').status;
    expect(done.currentRevision).toBe(done.updateRevision);
  });

  it('numbers the template that comes back anew, and makes no second snapshot of it', () => {
    const world = controlPlane();
    createSet(world, { replicas: 1 });
    world.settle();
    for (const image of ['db:2', 'db:1']) {
      world.change('statefulsets', 'db', (set) => ({
        ...set,
        spec: { ...set.spec, template: template(image) },
      }));
      world.settle();
    }
    const revisions = world.list('controllerrevisions').map(({ revision }) => revision);
    expect(revisions.sort((a, b) => a - b)).toEqual([2, 3]);
  });

  it('counts from a start of its own', () => {
    const world = controlPlane();
    createSet(world, { replicas: 2, ordinals: { start: 5 } });
    world.settle();
    expect(names(world)).toEqual(['db-5', 'db-6']);
  });

  it('updates as many at once as may be unavailable', () => {
    const world = controlPlane();
    createSet(world, {
      replicas: 5,
      updateStrategy: { type: 'RollingUpdate', rollingUpdate: { maxUnavailable: '40%' } },
      podManagementPolicy: 'Parallel',
    });
    world.settle();
    world.change('statefulsets', 'db', (set) => ({
      ...set,
      spec: { ...set.spec, template: template('db:2') },
    }));
    world.pass(1000);
    const ready = world.list('pods').filter(({ status }) => status.phase === 'Running');
    expect(ready.map(({ metadata }) => metadata.name)).toEqual(['db-0', 'db-1', 'db-2']);
  });
});

describe('controllers that were stopped', () => {
  it('go on from what they find when they start again', () => {
    const world = controlPlane();
    createSet(world);
    world.settle();
    world.components.set('kube-controller-manager', false);
    scale(world, 5);
    world.client.delete('pods', world.get('pods', 'db-1'), 0);
    world.settle();
    expect(names(world)).toEqual(['db-0', 'db-2']);
    world.components.set('kube-controller-manager', true);
    world.settle();
    expect(names(world)).toEqual(['db-0', 'db-1', 'db-2', 'db-3', 'db-4']);
  });
});
