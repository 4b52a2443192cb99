import type { Filter } from '../filter.ts';

/** Fewer tasks of the service are there than one node may have. */
export const maxReplicas: Filter = {
  name: 'MaxReplicasFilter',
  check({ spec, service }) {
    const max = spec.Placement?.MaxReplicas ?? 0;
    if (max === 0) return undefined;
    return ({ usage }) => (usage.services[service] ?? 0) < max;
  },
  explain: () => 'max replicas per node limit exceed',
};
