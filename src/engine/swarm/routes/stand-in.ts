import { predefinedOf } from '../allocator/predefined.ts';
import type { SwarmRooms } from '../managers/rooms.ts';
import type { NetworkObject } from '../objects.ts';
import type { ManagerCall } from './access.ts';

/**
 * The network of a swarm that stands for one of a machine's own, by the name or the id of either
 * (moby/moby v29.7 `daemon/cluster/networks.go` populateNetworkID); in words why there can be none.
 */
export function standIn(
  { store, kernel, docker }: SwarmRooms,
  { swarm, machine }: ManagerCall,
  term: string,
): NetworkObject | string | undefined {
  const own = docker.networks.networks
    .list(machine)
    .find(({ id, name, scope }) => scope === 'local' && (id === term || name === term));
  const network = predefinedOf(kernel, swarm).find(
    ({ id, name }) => id === term || name === (own?.name ?? term),
  );
  if (network) {
    const known = store.get(swarm, 'network', network.id);
    if (known) return known;
    return store.write(swarm, [{ kind: 'network', set: network }]) ? network : undefined;
  }
  return (
    own &&
    `The network ${own.name} cannot be used with services. Only networks scoped to the swarm ` +
      'can be used, such as those created with the overlay driver.'
  );
}
