import type { PersistentVolume } from '../../api/storage.ts';
import type { ClusterFilter, Rejection } from '../framework.ts';
import { claimNames } from '../pod-info.ts';

/**
 * A volume with a zone's or region's label is reached from nodes of that zone only
 * (plugins/volumezone/volume_zone.go, v1.36). Several zones are written `a__b`.
 */
const KEYS = [
  'topology.kubernetes.io/zone',
  'topology.kubernetes.io/region',
  'failure-domain.beta.kubernetes.io/zone',
  'failure-domain.beta.kubernetes.io/region',
];

const OTHER_ZONE: Rejection = {
  reasons: ['node(s) had no available volume zone'],
  resolvable: false,
};

export const volumeZone: ClusterFilter = {
  name: 'VolumeZone',
  prepare(pod, { client }) {
    if (pod.facts.claims.length === 0) return undefined;
    const wanted = claimNames(pod).flatMap((name) => {
      const claim = client.get('persistentvolumeclaims', pod.namespace, name);
      const volume = claim?.spec.volumeName
        ? client.get('persistentvolumes', '', claim.spec.volumeName)
        : undefined;
      return volume ? zonesOf(volume) : [];
    });
    if (wanted.length === 0) return undefined;
    return {
      filter({ labels }) {
        // A cluster without zones is one zone.
        if (!KEYS.some((key) => labels[key] !== undefined)) return undefined;
        const fits = wanted.every(({ key, values }) => values.includes(labels[key] ?? ''));
        return fits ? undefined : OTHER_ZONE;
      },
    };
  },
  wakes: (_, { kind }) => kind === 'volume' || kind === 'node-added' || kind === 'node-changed',
};

function zonesOf({ metadata }: PersistentVolume): { key: string; values: string[] }[] {
  return KEYS.flatMap((key) => {
    const value = metadata.labels?.[key];
    return value === undefined ? [] : [{ key, values: value.split('__') }];
  });
}
