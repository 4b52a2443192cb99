import { countNodes, type Filter } from '../filter.ts';

/**
 * Volumes of the cluster that the task mounts can be had on the node.
 *
 * Simplified: no swarm has volumes of its own (CSI), so who asks for one gets no node.
 */
export const volumes: Filter = {
  name: 'VolumesFilter',
  check({ spec }) {
    const mounts = spec.ContainerSpec.Mounts ?? [];
    return mounts.some(({ Type }) => Type === 'cluster') ? () => false : undefined;
  },
  explain: (nodes) => `cannot fulfill requested CSI volume mounts on ${countNodes(nodes)}`,
};
