import type { ClusterFilter, Rejection } from '../framework.ts';
import { claimNames } from '../pod-info.ts';

/**
 * A claim with ReadWriteOncePod is used by one Pod at a time
 * (plugins/volumerestrictions/volume_restrictions.go, v1.36).
 *
 * Simplified: conflicts between Pods that name the same cloud disk are not there, as no such
 * volumes are.
 */
const IN_USE: Rejection = {
  reasons: [
    'node has pod using PersistentVolumeClaim with the same name and ReadWriteOncePod access mode',
  ],
  resolvable: true,
};

export const volumeRestrictions: ClusterFilter = {
  name: 'VolumeRestrictions',
  prepare(pod, view) {
    if (pod.facts.claims.length === 0) return undefined;
    const { client } = view;
    const once = claimNames(pod).filter((name) => {
      const claim = client.get('persistentvolumeclaims', pod.namespace, name);
      return claim?.spec.accessModes?.includes('ReadWriteOncePod');
    });
    if (once.length === 0) return undefined;
    const users = once.map((name) => new Map(view.claimUsers.of(pod.namespace, name)));
    return {
      filter: ({ name }) =>
        users.some((nodes) => (nodes.get(name) ?? 0) > 0) ? IN_USE : undefined,
      adjust(other, { name }, by) {
        if (other.namespace !== pod.namespace) return;
        for (const used of claimNames(other)) {
          const nodes = users[once.indexOf(used)];
          nodes?.set(name, (nodes.get(name) ?? 0) + by);
        }
      },
    };
  },
  wakes(pod, event) {
    if (event.kind === 'volume' || event.kind === 'node-added') return true;
    if (event.kind !== 'pod-deleted' || event.pod.namespace !== pod.namespace) return false;
    const names = claimNames(pod);
    return claimNames(event.pod).some((name) => names.includes(name));
  },
};
