import { describe, expect, it } from 'vitest';
import type { PropagationPolicy } from '../../src/engine/kubernetes/api/requests.ts';
import { GarbageCollector } from '../../src/engine/kubernetes/controllers/garbage-collector/garbage-collector.ts';
import type { OwnerReference } from '../../src/engine/kubernetes/apimachinery/object.ts';
import { bareControlPlane, value } from './bare-control-plane.ts';

/** ConfigMaps stand for anything that owns and is owned: the collector does not look at kinds. */
function family() {
  const plane = bareControlPlane(
    (kernel, door, cluster) => new GarbageCollector(kernel, door, cluster),
  );
  const { client, run } = plane;
  const find = (name: string) => client.get('configmaps', 'default', name);
  const referenceTo = (owner: string, blockOwnerDeletion = true): OwnerReference => {
    const uid = find(owner)?.metadata.uid ?? `${owner}-is-not-there`;
    return { apiVersion: 'v1', kind: 'ConfigMap', name: owner, uid, blockOwnerDeletion };
  };
  const add = (name: string, owners: readonly string[] = [], finalizers: string[] = []): void => {
    value(
      client.create('configmaps', {
        apiVersion: 'v1',
        kind: 'ConfigMap',
        metadata: {
          name,
          namespace: 'default',
          finalizers,
          ownerReferences: owners.map((owner) => referenceTo(owner)),
        },
      }),
    );
  };
  const remove = (name: string, propagationPolicy: PropagationPolicy): void => {
    const object = find(name);
    if (object) value(client.delete('configmaps', object, { propagationPolicy }));
  };
  const left = (): string[] =>
    [...client.scan('configmaps', 'default')].map(({ metadata }) => metadata.name);
  const release = (name: string): void => {
    const object = find(name);
    if (!object) return;
    const finalizers = (object.metadata.finalizers ?? []).filter(
      (finalizer) => finalizer !== 'example.com/hold',
    );
    client.update('configmaps', { ...object, metadata: { ...object.metadata, finalizers } });
  };
  return { ...plane, add, remove, left, find, release, referenceTo, run };
}

const HOLD = 'example.com/hold';

describe('what an owner leaves', () => {
  it('goes behind it, down to the last, with background deletion', () => {
    const { add, remove, left, run } = family();
    add('deployment');
    add('set', ['deployment']);
    add('pod-1', ['set']);
    add('pod-2', ['set']);
    add('stranger');
    remove('deployment', 'Background');
    expect(left()).not.toContain('deployment');
    expect(left()).toContain('set');
    run(1);
    expect(left()).toEqual(['stranger']);
  });

  it('goes before it with foreground deletion, and what is held holds the owner', () => {
    const { add, remove, left, run, find, release } = family();
    add('deployment');
    add('set', ['deployment']);
    add('pod-1', ['set'], [HOLD]);
    add('pod-2', ['set']);
    remove('deployment', 'Foreground');
    expect(find('deployment')?.metadata.finalizers).toEqual(['foregroundDeletion']);
    run(1);
    expect(left()).toEqual(['deployment', 'pod-1', 'set']);
    release('pod-1');
    run(1);
    expect(left()).toEqual([]);
  });

  it('stays with orphan deletion, and forgets it', () => {
    const { add, remove, left, run, find } = family();
    add('deployment');
    add('set', ['deployment']);
    add('pod-1', ['set']);
    remove('deployment', 'Orphan');
    run(1);
    expect(left()).toEqual(['pod-1', 'set']);
    expect(find('set')?.metadata.ownerReferences ?? []).toEqual([]);
    expect(find('pod-1')?.metadata.ownerReferences).toHaveLength(1);
  });

  it('stays as long as another owner is there', () => {
    const { add, remove, left, run, find } = family();
    add('one');
    add('other');
    add('child', ['one', 'other']);
    remove('one', 'Background');
    run(1);
    expect(left()).toEqual(['child', 'other']);
    expect(find('child')?.metadata.ownerReferences?.map(({ name }) => name)).toEqual(['other']);
    remove('other', 'Background');
    run(1);
    expect(left()).toEqual([]);
  });

  it('goes when the owner it names never was, or is another of the same name', () => {
    const { add, left, run } = family();
    add('child', ['nobody']);
    run(1);
    expect(left()).toEqual([]);
  });

  it('stays when its owner is of a kind that nobody serves', () => {
    const { client, left, run } = family();
    const owner = { apiVersion: 'example.com/v1', kind: 'Thing', name: 'thing', uid: 'u-1' };
    client.create('configmaps', {
      apiVersion: 'v1',
      kind: 'ConfigMap',
      metadata: { name: 'child', namespace: 'default', ownerReferences: [owner] },
    });
    run(5);
    expect(left()).toEqual(['child']);
  });

  it('goes although two own each other', () => {
    const { client, add, remove, left, run, find, referenceTo } = family();
    add('one');
    add('two', ['one']);
    const one = find('one');
    if (!one) throw new Error('not there');
    const ownerReferences = [referenceTo('two')];
    value(client.update('configmaps', { ...one, metadata: { ...one.metadata, ownerReferences } }));
    run(1);
    remove('one', 'Foreground');
    run(60);
    expect(left()).toEqual([]);
  });

  it('waits while the controller manager is stopped', () => {
    const { add, remove, left, run, components } = family();
    add('deployment');
    add('set', ['deployment']);
    components.set('kube-controller-manager', false);
    remove('deployment', 'Background');
    run(60);
    expect(left()).toEqual(['set']);
    components.set('kube-controller-manager', true);
    run(1);
    expect(left()).toEqual([]);
  });
});
