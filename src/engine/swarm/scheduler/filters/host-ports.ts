import { countNodes, type Filter } from '../filter.ts';
import { hostPortsOf } from '../node-info.ts';

/** No other task has the ports that the task wants of the node itself. */
export const hostPorts: Filter = {
  name: 'HostPortFilter',
  check(task) {
    const wanted = hostPortsOf(task);
    if (wanted.length === 0) return undefined;
    return ({ usage }) => wanted.every((port) => (usage.ports[port] ?? 0) === 0);
  },
  explain: (nodes) => `host-mode port already in use on ${countNodes(nodes)}`,
};
