import type { NetworkRow } from '../../docker/networks/row.ts';
import { isShared } from '../../docker/networks/shared-networks.ts';
import { ownerOfNode } from '../allocator/owners.ts';
import { ingressOf } from '../allocator/service-endpoint.ts';
import type { SwarmRooms } from '../managers/rooms.ts';
import type { NetworkObject } from '../objects.ts';
import type { Change } from '../store.ts';
import { sharedOf } from './shared-form.ts';

/**
 * Which networks of a swarm are on which of its machines: that of the routing mesh on all, others
 * where a container needs them (moby/moby v29.7 `daemon/network.go`, `setupIngress`;
 * `daemon/cluster/executor/container/executor.go`).
 */
export class NodeNetworks {
  readonly #rooms: SwarmRooms;

  constructor(rooms: SwarmRooms) {
    this.#rooms = rooms;
    rooms.loops.add({
      name: 'node-networks',
      keysOf: (swarm, change) => this.#keysOf(swarm, change),
      all: (swarm) => rooms.store.list(swarm, 'node').map(({ id }) => id),
      work: (swarm, node) => this.#work(swarm, node),
    });
  }

  #keysOf(swarm: string, change: Change): string[] {
    if (change.kind === 'node') {
      return 'set' in change && change.set.state === 'ready' ? [change.set.id] : [];
    }
    if (change.kind !== 'network') return [];
    return this.#rooms.store.list(swarm, 'node').map(({ id }) => id);
  }

  #work(swarm: string, id: string): void {
    const { store, locals, docker } = this.#rooms;
    const node = store.get(swarm, 'node', id);
    if (!node || locals.get(node.machine)?.node !== id) return;
    const ingress = ingressOf(store, swarm);
    docker.networks.networks.gatewayBridge(node.machine);
    if (ingress && ingress.subnet !== '') this.open(node.machine, ingress);
    this.tidy(node.machine);
  }

  /** A network is needed on a machine from now on. Its load balancer takes an address there. */
  open(machine: string, network: NetworkObject): NetworkRow {
    const { docker, locals, allocator } = this.#rooms;
    const { networks } = docker.networks;
    const local = locals.get(machine);
    if (local) allocator.addresses.hold(local.swarm, ownerOfNode(local.node), network);
    networks.gatewayBridge(machine);
    return networks.open(machine, sharedOf(network));
  }

  /** Lets go of those that nothing needs on a machine. */
  tidy(machine: string): void {
    const { docker, locals, allocator } = this.#rooms;
    const { networks, endpoints } = docker.networks;
    const local = locals.get(machine);
    for (const row of networks.list(machine)) {
      if (!isShared(row) || endpoints.isUsed(row) || this.#isWanted(machine, row.id)) continue;
      networks.close(row);
      if (local) allocator.addresses.release(local.swarm, ownerOfNode(local.node), row.id);
    }
  }

  #isWanted(machine: string, id: string): boolean {
    const { locals, store, agent } = this.#rooms;
    const swarm = locals.get(machine)?.swarm ?? '';
    const network = store.get(swarm, 'network', id);
    if (!network) return false;
    if (network.ingress) return true;
    return agent
      .tasks(machine)
      .some(({ task }) => task.attachments.some((one) => one.network === id));
  }
}
