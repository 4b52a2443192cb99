import { parseIpv4, type Addresses } from '../../net/address.ts';
import {
  ANY_ADDRESS,
  LOOPBACK,
  type Address,
  type Caller,
  type Http,
  type HttpFailure,
} from '../../net/http.ts';
import { contains, parsePrefix } from '../../net/prefix.ts';
import type { Endpoints } from './endpoints.ts';
import { isOpenWithin, type Networks } from './networks.ts';
import type { PortAllocator, TakenPort } from './port-allocator.ts';
import type { NetworkRow } from './row.ts';
import { isShared } from './shared-networks.ts';

/**
 * Which way a connection goes where Docker's networks have a say: from container to container on
 * one network, out of a network by its gateway, in by a published port (moby/moby v29.7
 * `daemon/libnetwork/drivers/bridge/internal/iptabler/`, `cmd/docker-proxy`).
 *
 * Simplified: what a firewall drops is a connection that times out.
 */
type Way = Address | HttpFailure | undefined;

interface Rooms {
  readonly http: Http;
  readonly addresses: Addresses;
  readonly networks: Networks;
  readonly endpoints: Endpoints;
  readonly ports: PortAllocator;
  /** The container whose network one has: its own id, another's, undefined on the machine's. */
  readonly networkOf: (machine: string, container: string) => string | undefined;
}

export class Reach {
  readonly #rooms: Rooms;

  constructor(rooms: Rooms) {
    this.#rooms = rooms;
  }

  translate(from: Caller, to: Address): Way {
    if (to.on !== undefined || to.as !== undefined) return undefined;
    const container = this.#container(from);
    if (container !== undefined) return this.#fromContainer(from, container, to);
    return this.#toMachine(from.machine, to) ?? this.#fromMachine(from, to);
  }

  /** A machine is on the bridges of its own containers by their gateways. */
  #fromMachine({ machine }: Caller, to: Address): Way {
    const { addresses, networks } = this.#rooms;
    const network = addresses.at(to.ip, machine)?.network;
    const row = network === undefined ? undefined : networks.get(machine, network);
    // Networks that span machines are open to containers only.
    if (row && isShared(row)) return 'timeout';
    const gateway = row?.gateway;
    return gateway === undefined ? undefined : { ...to, on: machine, as: gateway };
  }

  #container({ machine, place }: Caller): string | undefined {
    const id = place?.slice(machine.length + 1);
    return id === undefined ? undefined : this.#rooms.networkOf(machine, id);
  }

  #fromContainer(from: Caller, container: string, to: Address): Way {
    const { machine } = from;
    const { addresses, networks, endpoints } = this.#rooms;
    if (to.ip.startsWith('127.')) return this.#itself(machine, container, to);
    const mine = endpoints
      .of(machine, container)
      .flatMap(({ network }) => networks.get(machine, network) ?? []);
    const value = parseIpv4(to.ip);
    const near = mine.find(({ subnet }) => {
      const prefix = parsePrefix(subnet ?? '');
      return value !== undefined && prefix && contains(prefix, value);
    });
    if (near && isShared(near)) return this.#across(from, container, near, to);
    if (near) return this.#within(machine, container, near, to);
    const isOutside = mine.some(({ internal, subnet }) => !internal && subnet !== undefined);
    if (!isOutside) return 'unreachable';
    // Another network of the machine: the rules between bridges let nothing through.
    if (addresses.at(to.ip, machine)?.network !== undefined) return 'timeout';
    const way = this.#toMachine(machine, to, true);
    if (typeof way === 'string' || way?.on === machine) return way;
    // To others it goes by the machine's own address (masquerading).
    const as = addresses.machineWith(to.ip) === machine ? undefined : addresses.resolve(machine);
    return as === undefined ? way : { ...(way ?? to), as };
  }

  /** Who asks on a network that spans machines is seen by its address there. */
  #across(from: Caller, container: string, network: NetworkRow, to: Address): Way {
    const { endpoints, networks } = this.#rooms;
    const mine = endpoints
      .of(from.machine, container)
      .find((endpoint) => endpoint.network === network.id);
    const way = networks.shared?.way(from, network, to) ?? 'timeout';
    if (typeof way === 'string' || mine?.ip === undefined) return way;
    return { ...way, as: mine.ip };
  }

  #within(machine: string, container: string, network: NetworkRow, to: Address): Way {
    if (to.ip === network.gateway) return this.#toMachine(machine, to, true);
    const owner = this.#rooms.addresses.at(to.ip, machine)?.owner;
    if (owner === undefined) return 'absent';
    if (owner !== container && !isOpenWithin(network)) return 'timeout';
    return { ...to, on: machine };
  }

  /** What listens on loopback in a container listens on its addresses, too. */
  #itself(machine: string, container: string, to: Address): Way {
    const { http, endpoints } = this.#rooms;
    const own = { ...to, on: `${machine}/${container}`, as: LOOPBACK };
    if (http.listenerAt(own)) return own;
    for (const { ip } of endpoints.of(machine, container)) {
      const address = { ip: ip ?? '', port: to.port, on: machine, as: LOOPBACK };
      if (ip !== undefined && http.listenerAt(address)) return address;
    }
    return 'refused';
  }

  /**
   * Published ports come before what listens on the machine itself. Who comes by loopback or out of
   * a container is seen by the gateway: docker-proxy's address, or masqueraded.
   */
  #toMachine(from: string, to: Address, isInside = false): Way {
    const { addresses, ports } = this.#rooms;
    const isLoopback = to.ip.startsWith('127.');
    const isGateway = this.#isGateway(from, to.ip);
    const machine = isLoopback || isGateway ? from : addresses.machineWith(to.ip);
    if (machine === undefined) return undefined;
    const taken = ports.at(machine, 'tcp', to.port, to.ip);
    if (taken) {
      const way = this.#published(machine, taken, isLoopback);
      if (typeof way === 'string' || !(isLoopback || (isInside && machine === from))) return way;
      const { gateway } = gatewayEndpoint(this.#rooms, machine, taken.id)?.row ?? {};
      return { ...way, ...(gateway !== undefined && { as: gateway }) };
    }
    return isGateway ? { ip: ANY_ADDRESS, port: to.port, on: machine } : undefined;
  }

  #isGateway(machine: string, ip: string): boolean {
    const { addresses, networks } = this.#rooms;
    const network = addresses.at(ip, machine)?.network;
    return network !== undefined && networks.get(machine, network)?.gateway === ip;
  }

  /**
   * On loopback docker-proxy takes the connection before it knows whether anybody listens in the
   * container, and drops it then.
   */
  #published(
    machine: string,
    { id, inside: port }: TakenPort,
    isProxied: boolean,
  ): Address | HttpFailure {
    const endpoint = gatewayEndpoint(this.#rooms, machine, id);
    const nobody = isProxied ? 'reset' : 'refused';
    if (endpoint?.ip === undefined) return nobody;
    const address = { ip: endpoint.ip, port, on: machine };
    return isProxied && !this.#rooms.http.listenerAt(address) ? nobody : address;
  }
}

/** The endpoint by which a container goes out and is published (libnetwork `Endpoint.Less`). */
export function gatewayEndpoint(
  { networks, endpoints }: Pick<Rooms, 'networks' | 'endpoints'>,
  machine: string,
  container: string,
  priorityOf: (network: string) => number = () => 0,
): (ReturnType<Endpoints['of']>[number] & { row: NetworkRow }) | undefined {
  const all = endpoints.of(machine, container).flatMap((endpoint) => {
    const row = networks.get(machine, endpoint.network);
    const leadsOut = row?.subnet !== undefined && !row.internal && !isShared(row);
    return leadsOut ? [{ ...endpoint, row }] : [];
  });
  return all.sort(
    (a, b) => priorityOf(b.row.name) - priorityOf(a.row.name) || (a.row.name < b.row.name ? -1 : 1),
  )[0];
}
