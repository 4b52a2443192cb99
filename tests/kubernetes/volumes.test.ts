import { describe, expect, it } from 'vitest';
import type {
  PersistentVolume,
  PersistentVolumeClaim,
  StorageClass,
} from '../../src/engine/kubernetes/api/storage.ts';
import type { Draft } from '../../src/engine/kubernetes/apimachinery/object.ts';
import { PersistentVolumeBinderController } from '../../src/engine/kubernetes/controllers/persistent-volume-binder/persistent-volume-binder-controller.ts';
import {
  ClaimProtectionController,
  VolumeProtectionController,
} from '../../src/engine/kubernetes/controllers/volume-protection/volume-protection-controller.ts';
import { LocalPathProvisioner } from '../../src/engine/kubernetes/controllers/volume-provisioner/local-path-provisioner.ts';
import { STANDARD_CLASS } from '../../src/engine/kubernetes/controllers/volume-provisioner/local-path-volume.ts';
import { addNode, bareControlPlane, podNamed, runPod, value } from './bare-control-plane.ts';

function volumes() {
  const plane = bareControlPlane(
    (kernel, door, cluster) => new PersistentVolumeBinderController(kernel, door, cluster),
    (kernel, door, cluster) => new ClaimProtectionController(kernel, door, cluster),
    (kernel, door, cluster) => new VolumeProtectionController(kernel, door, cluster),
    (kernel, door, cluster) => new LocalPathProvisioner(kernel, door, cluster),
  );
  addNode(plane, 'node-1');
  const { client } = plane;
  client.create('storageclasses', STANDARD_CLASS);
  plane.run(1);
  const claim = (name: string) => client.get('persistentvolumeclaims', 'default', name);
  const volume = (name: string) => client.get('persistentvolumes', '', name);
  return { ...plane, plane, claim, volume };
}

const claimNamed = (
  name: string,
  storageClassName: string,
  size = '1Gi',
  more: Partial<PersistentVolumeClaim['spec']> = {},
): Draft<PersistentVolumeClaim> => ({
  apiVersion: 'v1',
  kind: 'PersistentVolumeClaim',
  metadata: { name, namespace: 'default' },
  spec: {
    accessModes: ['ReadWriteOnce'],
    resources: { requests: { storage: size } },
    storageClassName,
    ...more,
  },
});

const volumeNamed = (
  name: string,
  storageClassName: string,
  size: string,
  more: Partial<PersistentVolume['spec']> = {},
  labels?: Record<string, string>,
): Draft<PersistentVolume> => ({
  apiVersion: 'v1',
  kind: 'PersistentVolume',
  metadata: { name, ...(labels && { labels }) },
  spec: {
    accessModes: ['ReadWriteOnce'],
    capacity: { storage: size },
    storageClassName,
    persistentVolumeReclaimPolicy: 'Retain',
    hostPath: { path: `/data/${name}` },
    ...more,
  },
});

const usingClaim = (name: string, claimName: string) =>
  podNamed(name, {
    spec: {
      containers: [{ name: 'db', image: 'postgres:18' }],
      volumes: [{ name: 'data', persistentVolumeClaim: { claimName } }],
    },
  });

describe('a claim of the default class', () => {
  it('waits for its first consumer, is made a volume at that node, and takes it along', () => {
    const { client, plane, run, told, claim, volume } = volumes();
    client.create('persistentvolumeclaims', claimNamed('data', 'standard'));
    run(30);
    expect(claim('data')?.status.phase).toBe('Pending');
    expect(told('WaitForFirstConsumer')).toEqual([
      'waiting for first consumer to be created before binding',
    ]);
    // What the scheduler's volume binding plugin writes when it has chosen a node.
    const waiting = claim('data');
    if (!waiting) throw new Error('no claim');
    client.update('persistentvolumeclaims', {
      ...waiting,
      metadata: {
        ...waiting.metadata,
        annotations: { 'volume.kubernetes.io/selected-node': 'node-1' },
      },
    });
    run(10);
    const name = `pvc-${waiting.metadata.uid}`;
    expect(told('ExternalProvisioning')[0]).toMatch(
      /^Waiting for a volume to be created either by the external provisioner 'rancher.io\/local-path' or manually/,
    );
    expect(told('Provisioning')).toEqual([
      'External provisioner is provisioning volume for claim "default/data"',
    ]);
    expect(told('ProvisioningSucceeded')).toEqual([`Successfully provisioned volume ${name}`]);
    expect(claim('data')).toMatchObject({
      spec: { volumeName: name },
      status: { phase: 'Bound', accessModes: ['ReadWriteOnce'], capacity: { storage: '1Gi' } },
    });
    expect(volume(name)).toMatchObject({
      status: { phase: 'Bound' },
      spec: {
        hostPath: { path: `/var/local-path-provisioner/${name}_default_data` },
        persistentVolumeReclaimPolicy: 'Delete',
      },
    });

    runPod(plane, usingClaim('db', 'data'), 'node-1');
    const bound = claim('data');
    if (bound) client.delete('persistentvolumeclaims', bound);
    run(30);
    expect(claim('data')?.metadata.deletionTimestamp).toBeDefined();
    const pod = client.get('pods', 'default', 'db');
    if (pod) client.delete('pods', pod, 0);
    run(30);
    expect(claim('data')).toBeUndefined();
    expect(volume(name)).toBeUndefined();
  });

  it('cannot be shared: the provisioner says why', () => {
    const { client, run, told } = volumes();
    const draft = claimNamed('shared', 'standard', '1Gi', { accessModes: ['ReadWriteMany'] });
    const annotations = { 'volume.kubernetes.io/selected-node': 'node-1' };
    client.create('persistentvolumeclaims', {
      ...draft,
      metadata: { ...draft.metadata, annotations },
    });
    run(10);
    expect(told('ProvisioningFailed')).toEqual([
      'failed to provision volume with StorageClass "standard": NodePath only supports ' +
        'ReadWriteOnce and ReadWriteOncePod (1.22+) access modes',
    ]);
  });
});

describe('a claim without a provisioner', () => {
  it('is bound to the smallest volume that fits, which is kept when the claim goes', () => {
    const { client, run, claim, volume } = volumes();
    client.create('persistentvolumes', volumeNamed('large', 'manual', '10Gi'));
    client.create('persistentvolumes', volumeNamed('fitting', 'manual', '2Gi'));
    client.create('persistentvolumes', volumeNamed('small', 'manual', '500Mi'));
    client.create('persistentvolumes', volumeNamed('other', 'other', '1Gi'));
    run(5);
    expect(volume('fitting')?.status.phase).toBe('Available');
    client.create('persistentvolumeclaims', claimNamed('data', 'manual'));
    run(5);
    expect(claim('data')?.spec.volumeName).toBe('fitting');
    expect(claim('data')?.status).toMatchObject({ phase: 'Bound', capacity: { storage: '2Gi' } });
    const bound = claim('data');
    if (bound) client.delete('persistentvolumeclaims', bound);
    run(5);
    expect(claim('data')).toBeUndefined();
    expect(volume('fitting')?.status.phase).toBe('Released');
    client.create('persistentvolumeclaims', claimNamed('again', 'manual'));
    run(5);
    expect(claim('again')?.spec.volumeName).toBe('large');
  });

  it('waits for a volume, and takes the one that comes', () => {
    const { client, run, told, claim } = volumes();
    client.create('persistentvolumeclaims', claimNamed('data', ''));
    run(60);
    expect(claim('data')?.status.phase).toBe('Pending');
    expect(told('FailedBinding')).toEqual([
      'no persistent volumes available for this claim and no storage class is set',
    ]);
    client.create('persistentvolumes', volumeNamed('late', '', '1Gi'));
    run(5);
    expect(claim('data')?.status.phase).toBe('Bound');
  });

  it('names a class that is not there, or one that only binds', () => {
    const { client, run, told } = volumes();
    client.create('persistentvolumeclaims', claimNamed('fast', 'fast'));
    run(5);
    expect(told('ProvisioningFailed')).toEqual(['storageclass.storage.k8s.io "fast" not found']);
    const local: Draft<StorageClass> = {
      apiVersion: 'storage.k8s.io/v1',
      kind: 'StorageClass',
      metadata: { name: 'local' },
      provisioner: 'kubernetes.io/no-provisioner',
      volumeBindingMode: 'Immediate',
    };
    client.create('storageclasses', local);
    client.create('persistentvolumeclaims', claimNamed('local', 'local'));
    run(5);
    expect(told('ProvisioningFailed')[1]).toBe(
      'no volume plugin matched name: kubernetes.io/no-provisioner',
    );
  });

  it('chooses by labels, and is refused a volume by name that does not suit it', () => {
    const { client, run, told, claim } = volumes();
    client.create('persistentvolumes', volumeNamed('slow', '', '1Gi', {}, { disk: 'hdd' }));
    client.create('persistentvolumes', volumeNamed('fast', '', '5Gi', {}, { disk: 'ssd' }));
    const selector = { matchLabels: { disk: 'ssd' } };
    client.create('persistentvolumeclaims', claimNamed('picky', '', '1Gi', { selector }));
    run(5);
    expect(claim('picky')?.spec.volumeName).toBe('fast');
    const named = claimNamed('named', '', '2Gi', { volumeName: 'slow' });
    client.create('persistentvolumeclaims', named);
    run(5);
    expect(claim('named')?.status.phase).toBe('Pending');
    expect(told('VolumeMismatch')).toEqual([
      'Cannot bind to requested volume "slow": requested PV is too small',
    ]);
  });

  it('is Lost when its volume is gone', () => {
    const { client, run, told, claim, volume } = volumes();
    client.create('persistentvolumes', volumeNamed('only', '', '1Gi'));
    client.create('persistentvolumeclaims', claimNamed('data', ''));
    run(5);
    const bound = volume('only');
    if (!bound) throw new Error('no volume');
    client.delete('persistentvolumes', bound);
    run(5);
    // It is protected as long as it is bound; whoever takes the protection away loses it.
    const held = volume('only');
    expect(held?.metadata.deletionTimestamp).toBeDefined();
    if (held) {
      value(
        client.update('persistentvolumes', {
          ...held,
          metadata: { ...held.metadata, finalizers: [] },
        }),
      );
    }
    run(5);
    expect(claim('data')?.status.phase).toBe('Lost');
    expect(told('ClaimLost')).toEqual([
      'Bound claim has lost its PersistentVolume. Data on the volume is lost!',
    ]);
  });
});

describe('a claim that waits', () => {
  it('names the Pod that it waits for, when that has found no node', () => {
    const { client, run, told } = volumes();
    client.create('persistentvolumeclaims', claimNamed('data', 'standard'));
    run(1);
    client.create('pods', usingClaim('db', 'data'));
    run(20);
    expect(told('WaitForPodScheduled')).toEqual(['waiting for pod db to be scheduled']);
  });
});
