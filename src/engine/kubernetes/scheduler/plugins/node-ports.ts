import type { NodeFilter } from '../framework.ts';
import type { HostPort } from '../node-facts.ts';

/**
 * The ports of a node that a Pod takes are free there (plugins/nodeports/node_ports.go, v1.36): two
 * conflict when port and protocol are equal and the addresses are equal or one is 0.0.0.0.
 */
export const nodePorts: NodeFilter = {
  name: 'NodePorts',
  filter({ facts: { hostPorts } }, { usage: { ports } }) {
    if (hostPorts.length === 0 || ports.length === 0 || !conflict(hostPorts, ports)) {
      return undefined;
    }
    const reasons = ["node(s) didn't have free ports for the requested pod ports"];
    return { reasons, resolvable: true };
  },
  wakes({ facts: { hostPorts } }, event) {
    if (event.kind === 'node-added') return true;
    return event.kind === 'pod-deleted' && conflict(hostPorts, event.pod.facts.hostPorts);
  },
};

const ALL = '0.0.0.0';

function conflict(wanted: readonly HostPort[], used: readonly HostPort[]): boolean {
  return wanted.some(({ ip, port, protocol }) =>
    used.some(
      (other) =>
        other.port === port &&
        other.protocol === protocol &&
        (other.ip === ip || other.ip === ALL || ip === ALL),
    ),
  );
}
