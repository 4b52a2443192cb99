import type { Http } from '../../net/http.ts';
import type { SwarmRooms } from '../managers/rooms.ts';
import { RoutingMesh } from '../routing-mesh.ts';
import { Balancer } from './balancer.ts';
import { Bindings } from './bindings.ts';
import { Gossip } from './gossip.ts';
import { NodeNetworks } from './node-networks.ts';
import { Overlay } from './overlay.ts';
import { TaskNetworks } from './task-networks.ts';

/** Ties what a swarm knows of networks to the networks of its machines and to its agents. */
export function connectNetworks(rooms: SwarmRooms, http: Http): void {
  const { kernel, docker, agent } = rooms;
  const { endpoints, networks } = docker.networks;
  const gossip = new Gossip(rooms);
  const bindings = new Bindings({ kernel, gossip, endpoints });
  const balancer = new Balancer(kernel);
  const nodes = new NodeNetworks(rooms);
  networks.share(new Overlay({ rooms, bindings, balancer, nodes }));
  agent.use(new TaskNetworks(rooms, nodes, bindings));
  const mesh = new RoutingMesh(rooms, bindings, balancer);
  http.translator((from, to) => mesh.translate(from, to));
}
