import { describe, expect, it } from 'vitest';
import type { Condition } from '../../src/engine/kubernetes/apimachinery/object.ts';
import { NamespaceController } from '../../src/engine/kubernetes/controllers/namespace/namespace-controller.ts';
import { RootCaPublisher } from '../../src/engine/kubernetes/controllers/root-ca-publisher/root-ca-publisher.ts';
import { ServiceAccountController } from '../../src/engine/kubernetes/controllers/service-account/service-account-controller.ts';
import { addNode, bareControlPlane, podNamed, runPod, value } from './bare-control-plane.ts';

function team() {
  const plane = bareControlPlane(
    (kernel, door, cluster) => new NamespaceController(kernel, door, cluster),
    (kernel, door, cluster) => new ServiceAccountController(kernel, door, cluster),
    (kernel, door, cluster) => new RootCaPublisher(kernel, door, cluster),
  );
  const { client, run } = plane;
  addNode(plane, 'node-1');
  client.create('namespaces', {
    apiVersion: 'v1',
    kind: 'Namespace',
    metadata: { name: 'team' },
    spec: {},
  });
  run(1);
  const namespace = () => client.get('namespaces', '', 'team');
  const remove = (): void => {
    const object = namespace();
    if (object) value(client.delete('namespaces', object));
  };
  const conditions = () => (namespace()?.status as { conditions?: Condition[] }).conditions ?? [];
  const condition = (type: string) => conditions().find((one) => one.type === type);
  return { ...plane, plane, namespace, remove, condition };
}

describe('a namespace', () => {
  it('has an account and the certificate of the cluster, whatever is deleted', () => {
    const { client, run } = team();
    const account = client.get('serviceaccounts', 'team', 'default');
    expect(account).toBeDefined();
    const map = client.get('configmaps', 'team', 'kube-root-ca.crt');
    expect(map?.data?.['ca.crt']).toMatch(/^-----BEGIN CERTIFICATE-----\n/);
    if (account) client.delete('serviceaccounts', account);
    if (map) client.delete('configmaps', map);
    run(1);
    expect(client.get('serviceaccounts', 'team', 'default')?.metadata.uid).not.toBe(
      account?.metadata.uid,
    );
    expect(client.get('configmaps', 'team', 'kube-root-ca.crt')).toBeDefined();
  });

  it('goes with all that is in it, after five seconds', () => {
    const { client, run, namespace, remove } = team();
    const metadata = { name: 'settings', namespace: 'team' };
    client.create('configmaps', { apiVersion: 'v1', kind: 'ConfigMap', metadata });
    remove();
    expect(namespace()?.status.phase).toBe('Terminating');
    run(4);
    expect(client.get('configmaps', 'team', 'settings')).toBeDefined();
    run(2);
    expect(client.get('configmaps', 'team', 'settings')).toBeUndefined();
    expect([...client.scan('serviceaccounts', 'team')]).toEqual([]);
    expect(namespace()).toBeUndefined();
  });

  it('takes nothing new while it goes', () => {
    const { client, plane, remove } = team();
    runPod(plane, podNamed('web', { metadata: { name: 'web', namespace: 'team' } }), 'node-1');
    remove();
    const late = client.create('configmaps', {
      apiVersion: 'v1',
      kind: 'ConfigMap',
      metadata: { name: 'late', namespace: 'team' },
    });
    expect(late.ok ? '' : late.failure.message).toBe(
      'configmaps "late" is forbidden: unable to create new content in namespace team because ' +
        'it is being terminated',
    );
  });

  it('waits for its Pods first, and says what is left', () => {
    const { client, plane, run, namespace, remove, condition } = team();
    runPod(plane, podNamed('web', { metadata: { name: 'web', namespace: 'team' } }), 'node-1');
    const metadata = { name: 'settings', namespace: 'team' };
    client.create('configmaps', { apiVersion: 'v1', kind: 'ConfigMap', metadata });
    remove();
    run(6);
    expect(client.get('pods', 'team', 'web')?.metadata.deletionTimestamp).toBeDefined();
    expect(client.get('configmaps', 'team', 'settings')).toBeDefined();
    expect(condition('NamespaceContentRemaining')).toMatchObject({
      status: 'True',
      reason: 'SomeResourcesRemain',
      message: 'Some resources are remaining: pods. has 1 resource instances',
    });
    expect(condition('NamespaceDeletionDiscoveryFailure')).toMatchObject({
      status: 'False',
      reason: 'ResourcesDiscovered',
      message: 'All resources successfully discovered',
    });
    const pod = client.get('pods', 'team', 'web');
    if (pod) client.delete('pods', pod, 0);
    // The next look comes after half of the grace that the Pod was given.
    run(17);
    expect(namespace()).toBeUndefined();
  });

  it('is held by a finalizer, and says by which', () => {
    const { client, run, namespace, remove, condition } = team();
    const metadata = { name: 'held', namespace: 'team', finalizers: ['example.com/hold'] };
    client.create('configmaps', { apiVersion: 'v1', kind: 'ConfigMap', metadata });
    remove();
    run(30);
    expect(condition('NamespaceFinalizersRemaining')).toMatchObject({
      status: 'True',
      reason: 'SomeFinalizersRemain',
      message:
        'Some content in the namespace has finalizers remaining: ' +
        'example.com/hold in 1 resource instances',
    });
    const held = client.get('configmaps', 'team', 'held');
    if (held)
      client.update('configmaps', { ...held, metadata: { ...held.metadata, finalizers: [] } });
    run(30);
    expect(namespace()).toBeUndefined();
  });
});
