import { countNodes, type Filter } from '../filter.ts';
import { genericOf, reservationsOf, roomOn } from '../node-info.ts';

/** Enough is left of what the task reserves. Limits do not count, nor what is really used. */
export const resources: Filter = {
  name: 'ResourceFilter',
  check(task) {
    const { NanoCPUs = 0, MemoryBytes = 0 } = reservationsOf(task);
    const generic = Object.entries(genericOf(task));
    if (NanoCPUs === 0 && MemoryBytes === 0 && generic.length === 0) return undefined;
    return (info) => {
      const room = roomOn(info);
      return (
        NanoCPUs <= room.nanoCpus &&
        MemoryBytes <= room.memoryBytes &&
        generic.every(([kind, count]) => count <= (room.generic[kind] ?? 0))
      );
    };
  },
  explain: (nodes) => `insufficient resources on ${countNodes(nodes)}`,
};
