import type { Node } from '../api/cluster-objects.ts';

/**
 * The order in which nodes are looked at: one of each zone in turn, so that the first nodes found
 * are not all in one zone (pkg/scheduler/backend/cache/node_tree.go `list`, v1.36).
 *
 * Simplified: within a zone by name, not by the time of joining.
 */
const REGION = 'topology.kubernetes.io/region';
const ZONE = 'topology.kubernetes.io/zone';

export function nodesInTurn(nodes: readonly Node[]): Node[] {
  const zones = new Map<string, Node[]>();
  for (const node of nodes) {
    const { [REGION]: region = '', [ZONE]: zone = '' } = node.metadata.labels ?? {};
    const key = JSON.stringify([region, zone]);
    const those = zones.get(key);
    if (those) those.push(node);
    else zones.set(key, [node]);
  }
  if (zones.size <= 1) return [...nodes];
  const lists = [...zones.values()];
  const inTurn: Node[] = [];
  for (let round = 0; inTurn.length < nodes.length; round++) {
    for (const list of lists) if (list[round]) inTurn.push(list[round]!);
  }
  return inTurn;
}
