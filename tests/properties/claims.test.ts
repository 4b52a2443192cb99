import { describe, expect, it } from 'vitest';
import { wholeValue } from '../../src/engine/kubernetes/apimachinery/quantity.ts';
import type {
  AccessMode,
  PersistentVolume,
  PersistentVolumeClaim,
} from '../../src/engine/kubernetes/api/storage.ts';
import { PersistentVolumeBinderController } from '../../src/engine/kubernetes/controllers/persistent-volume-binder/persistent-volume-binder-controller.ts';
import {
  ClaimProtectionController,
  VolumeProtectionController,
} from '../../src/engine/kubernetes/controllers/volume-protection/volume-protection-controller.ts';
import { Random } from '../../src/engine/sim/random.ts';
import { bareControlPlane } from '../kubernetes/bare-control-plane.ts';

/**
 * Random volumes and claims that come and go: a volume never serves two claims, a claim gets what
 * it asked for, and one that waits waits for a reason. A failure is replayed by its seed:
 * `npx vitest run tests/properties/claims.test.ts -t "seed 17"`.
 */
const RUNS = 30;
const STEPS = 60;
const MODES: readonly AccessMode[] = ['ReadWriteOnce', 'ReadOnlyMany', 'ReadWriteMany'];
const CLASSES = ['', 'slow', 'fast'];

type Claim = PersistentVolumeClaim;

const sizeOf = (amount: string | number | undefined): number => wholeValue(amount);

function suits(volume: PersistentVolume, claim: Claim): boolean {
  const { accessModes = [], capacity, storageClassName = '' } = volume.spec;
  return (
    storageClassName === (claim.spec.storageClassName ?? '') &&
    sizeOf(capacity?.storage) >= sizeOf(claim.spec.resources?.requests?.storage) &&
    (claim.spec.accessModes ?? []).every((mode) => accessModes.includes(mode))
  );
}

describe('random volumes and claims', () => {
  it.each(Array.from({ length: RUNS }, (_, seed) => seed))('seed %i', (seed) => {
    const plane = bareControlPlane(
      (kernel, door, cluster) => new PersistentVolumeBinderController(kernel, door, cluster),
      (kernel, door, cluster) => new ClaimProtectionController(kernel, door, cluster),
      (kernel, door, cluster) => new VolumeProtectionController(kernel, door, cluster),
    );
    const { client, run } = plane;
    const random = new Random(seed, ['storage']);
    const pick = <T>(list: readonly T[]): T => list[random.integer(0, list.length - 1)]!;
    const volumes = () => [...client.scan('persistentvolumes')];
    const claims = () => [...client.scan('persistentvolumeclaims', 'default')];
    const modes = (): AccessMode[] => MODES.filter((_, i) => i === 0 || random.integer(0, 1) === 1);
    const acts = [
      (i: number): void => {
        client.create('persistentvolumes', {
          apiVersion: 'v1',
          kind: 'PersistentVolume',
          metadata: { name: `volume-${i}` },
          spec: {
            accessModes: modes(),
            capacity: { storage: `${random.integer(1, 9)}Gi` },
            storageClassName: pick(CLASSES),
            persistentVolumeReclaimPolicy: random.integer(0, 1) === 1 ? 'Retain' : 'Delete',
            hostPath: { path: `/tmp/volume-${i}` },
          },
        });
      },
      (i: number): void => {
        client.create('persistentvolumeclaims', {
          apiVersion: 'v1',
          kind: 'PersistentVolumeClaim',
          metadata: { name: `claim-${i}`, namespace: 'default' },
          spec: {
            accessModes: [pick(MODES)],
            resources: { requests: { storage: `${random.integer(1, 9)}Gi` } },
            storageClassName: pick(CLASSES),
          },
        });
      },
      (): void => {
        const claim = claims().length > 0 ? pick(claims()) : undefined;
        if (claim) client.delete('persistentvolumeclaims', claim);
      },
      (): void => {
        const volume = volumes().length > 0 ? pick(volumes()) : undefined;
        if (volume) client.delete('persistentvolumes', volume);
      },
    ];
    for (let i = 0; i < STEPS; i++) {
      acts[[0, 0, 1, 1, 1, 2, 3][random.integer(0, 6)]!]!(i);
      if (random.integer(0, 2) === 0) run(1);
    }
    run(60);
    const bound = claims().filter(({ status }) => status.phase === 'Bound');
    const names = bound.map(({ spec }) => spec.volumeName);
    expect(new Set(names).size).toBe(names.length);
    expect(bound.length).toBeGreaterThan(0);
    for (const claim of bound) {
      const volume = client.get('persistentvolumes', '', claim.spec.volumeName ?? '');
      expect(volume?.status.phase).toBe('Bound');
      expect(volume?.spec.claimRef?.uid).toBe(claim.metadata.uid);
      expect(volume && suits(volume, claim)).toBe(true);
    }
    const free = volumes().filter(({ status }) => status.phase === 'Available');
    for (const claim of claims().filter(({ status }) => status.phase === 'Pending')) {
      expect(free.filter((volume) => suits(volume, claim))).toEqual([]);
      const words = [...client.scan('events', 'default')].filter(
        ({ involvedObject }) => involvedObject.uid === claim.metadata.uid,
      );
      expect(words.length).toBeGreaterThan(0);
    }
  });
});
