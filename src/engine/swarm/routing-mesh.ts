import { ANY_ADDRESS, type Address, type Caller, type HttpFailure } from '../net/http.ts';
import { ownerOfNode } from './allocator/owners.ts';
import { ingressOf } from './allocator/service-endpoint.ts';
import type { SwarmRooms } from './managers/rooms.ts';
import type { Balancer } from './network/balancer.ts';
import type { Bindings } from './network/bindings.ts';

/**
 * The routing mesh: a published port of any node leads to a task of the service, on whatever node
 * (moby/moby v29.7 `daemon/libnetwork/service_linux.go`, `programIngress`). Who asks is seen by the
 * node's own address on the network of the mesh.
 *
 * Simplified: who was sent to a node that is gone waits until it gives up; the kernel would send what
 * is sent again elsewhere once the node is given up (`net.ipv4.vs.expire_nodest_conn`).
 */
export class RoutingMesh {
  readonly #rooms: SwarmRooms;
  readonly #bindings: Bindings;
  readonly #balancer: Balancer;

  constructor(rooms: SwarmRooms, bindings: Bindings, balancer: Balancer) {
    this.#rooms = rooms;
    this.#bindings = bindings;
    this.#balancer = balancer;
  }

  translate(from: Caller, to: Address): Address | HttpFailure | undefined {
    const machine = this.#entry(from, to);
    const local = machine === undefined ? undefined : this.#rooms.locals.get(machine);
    if (machine === undefined || !local || local.swarm === '') return undefined;
    const { swarm, node } = local;
    const rows = this.#bindings.published(machine, swarm, 'tcp', to.port);
    if (rows.length === 0) return undefined;
    const { links, store, allocator } = this.#rooms;
    if (from.machine !== machine && !links.isUp(from.machine, machine)) return 'timeout';
    const one = this.#balancer.next(machine, `mesh ${to.port}`, rows);
    if (!one) return 'refused';
    const target = one.ports.find(({ PublishedPort }) => PublishedPort === to.port)?.TargetPort;
    const ingress = ingressOf(store, swarm);
    const as = ingress && allocator.addresses.at(swarm, ownerOfNode(node), ingress.id);
    return {
      ...{ ip: one.ip, port: target ?? to.port, on: one.machine },
      ...(as !== undefined && { as }),
    };
  }

  /** The node whose port is asked; undefined when it is none of a machine's own addresses. */
  #entry(from: Caller, { ip, on }: Address): string | undefined {
    if (on !== undefined) return ip === ANY_ADDRESS ? on : undefined;
    if (ip.startsWith('127.')) return from.place === undefined ? from.machine : undefined;
    return this.#rooms.addresses.machineWith(ip);
  }
}
