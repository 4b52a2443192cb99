import type { ClusterFilter } from '../framework.ts';
import { claimsOf, planVolumes } from '../volume-plan.ts';

/**
 * The Pod's volumes are, or can be had, where the node is
 * (plugins/volumebinding/volume_binding.go, v1.36). A claim that is to be bound at once and is not
 * keeps the Pod from every node.
 */
export const volumeBinding: ClusterFilter = {
  name: 'VolumeBinding',
  prepare(pod, { client }) {
    if (pod.facts.claims.length === 0) return undefined;
    const claims = claimsOf(pod, client);
    if (typeof claims === 'string') return { reasons: [claims], resolvable: false };
    return {
      filter({ node }) {
        const plan = planVolumes(claims, node, client);
        return 'bind' in plan ? undefined : { reasons: plan, resolvable: false };
      },
    };
  },
  wakes: (_, { kind }) => kind === 'volume' || kind === 'node-added' || kind === 'node-changed',
};
