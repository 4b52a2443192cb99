import type { EngineResponse, NetworkCreateBody } from '../../docker/api.ts';
import { done } from '../../docker/answer.ts';
import { refuse, type Refusal } from '../../docker/networks/membership.ts';
import type { NetworkRow } from '../../docker/networks/row.ts';
import {
  macOfAddress,
  sharedRow,
  type Attaching,
  type SharedDetails,
  type SharedNetworks,
} from '../../docker/networks/shared-networks.ts';
import type { Address, Caller, HttpFailure } from '../../net/http.ts';
import { isPredefined, predefinedOf } from '../allocator/predefined.ts';
import { ownerOfAttachment, ownerOfNode } from '../allocator/owners.ts';
import { notAvailable, OUTSIDE, refused } from '../control-api/failure.ts';
import { createNetwork, removeNetwork } from '../control-api/network.ts';
import type { SwarmRooms } from '../managers/rooms.ts';
import { accessProblem } from '../routes/access.ts';
import type { Balancer } from './balancer.ts';
import type { Bindings } from './bindings.ts';
import type { NodeNetworks } from './node-networks.ts';
import { servicesOn } from './served.ts';
import { sharedOf } from './shared-form.ts';

/**
 * Overlay networks, as the networks of each machine see them (moby/moby v29.7
 * `daemon/libnetwork/drivers/overlay`, `daemon/cluster/networks.go`).
 */
export interface OverlayParts {
  readonly rooms: SwarmRooms;
  readonly bindings: Bindings;
  readonly balancer: Balancer;
  readonly nodes: NodeNetworks;
}

const TASKS = 'tasks.';
const CUT = '/';
const HEX = '0123456789abcdef';
const PEER_LENGTH = 12;
const ENDPOINT_LENGTH = 64;

export class Overlay implements SharedNetworks {
  readonly #parts: OverlayParts;

  constructor(parts: OverlayParts) {
    this.#parts = parts;
  }

  known(machine: string): NetworkRow[] {
    const { rooms } = this.#parts;
    const swarm = rooms.locals.get(machine)?.swarm ?? '';
    if (swarm === '' || accessProblem(rooms, machine)) return [];
    return rooms.store
      .list(swarm, 'network')
      .filter((network) => !isPredefined(network))
      .map((network) => sharedRow(machine, sharedOf(network)));
  }

  create(machine: string, body: NetworkCreateBody): EngineResponse | undefined {
    const { rooms } = this.#parts;
    const swarm = rooms.locals.get(machine)?.swarm ?? '';
    if (swarm === '') return undefined;
    return accessProblem(rooms, machine) ?? createNetwork(rooms, swarm, body);
  }

  remove(machine: string, row: NetworkRow): EngineResponse {
    const { rooms } = this.#parts;
    const problem = accessProblem(rooms, machine);
    if (problem) return problem;
    const swarm = rooms.locals.get(machine)?.swarm ?? '';
    const network = rooms.store.get(swarm, 'network', row.id);
    if (!network) return notAvailable(OUTSIDE);
    const failure = removeNetwork(rooms, swarm, network);
    return failure ? refused(failure) : done();
  }

  bring(machine: string, term: string): NetworkRow | Refusal | undefined {
    const { rooms, nodes } = this.#parts;
    const swarm = rooms.locals.get(machine)?.swarm ?? '';
    if (swarm === '') return undefined;
    const { store } = rooms;
    const network = store.get(swarm, 'network', term) ?? store.named(swarm, 'network', term);
    if (!network || network.subnet === '') return undefined;
    return network.attachable ? nodes.open(machine, network) : notAttachable(term);
  }

  attach(machine: string, row: NetworkRow, container: Attaching): string | Refusal {
    const { rooms } = this.#parts;
    const { id, name, ip } = container;
    const isTask = rooms.agent.tasks(machine).some(({ task }) => task.name === name);
    if (isTask && ip !== '') return ip;
    if (!row.attachable) return notAttachable(row.name);
    const swarm = rooms.locals.get(machine)?.swarm ?? '';
    const network = rooms.store.get(swarm, 'network', row.id);
    const owner = ownerOfAttachment(machine, id);
    const given = network && rooms.allocator.addresses.hold(swarm, owner, network);
    return given?.split('/')[0] ?? refuse(500, `network ${row.name} not found`);
  }

  detach(machine: string, row: NetworkRow, container: string): void {
    const { rooms, nodes } = this.#parts;
    const swarm = rooms.locals.get(machine)?.swarm ?? '';
    rooms.allocator.addresses.release(swarm, ownerOfAttachment(machine, container), row.id);
    nodes.tidy(machine);
  }

  /** `web` is the service's address or each of its tasks' in turn, `tasks.web` always these. */
  names(machine: string, { id }: NetworkRow, name: string): string[] {
    const { bindings } = this.#parts;
    const isTasks = name.toLowerCase().startsWith(TASKS);
    const rows = bindings.named(machine, id, isTasks ? name.slice(TASKS.length) : name);
    const enabled = rows.filter((row) => row.enabled);
    if (isTasks) return enabled.map(({ ip }) => ip);
    const direct = enabled.filter(({ vip }) => vip === '').map(({ ip }) => ip);
    return [...new Set([...rows.flatMap(({ vip }) => (vip === '' ? [] : [vip])), ...direct])];
  }

  describe(machine: string, row: NetworkRow): SharedDetails {
    const { rooms } = this.#parts;
    const { kernel, locals, store, docker, allocator } = rooms;
    const { swarm = '', node = '' } = locals.get(machine) ?? {};
    const { networks } = docker.networks;
    const peers = store
      .list(swarm, 'node')
      .filter((one) => networks.get(one.machine, row.id) !== undefined)
      .map((one) => ({
        Name: kernel.random('swarm', 'peer', one.id).text(PEER_LENGTH, HEX),
        IP: one.ip,
      }));
    const ip = allocator.addresses.at(swarm, ownerOfNode(node), row.id);
    if (ip === undefined) return { peers, ends: {} };
    const random = kernel.random('swarm', 'balancer', node, row.id);
    const end = {
      Name: `${row.name}-endpoint`,
      EndpointID: random.text(ENDPOINT_LENGTH, HEX),
      MacAddress: macOfAddress(ip),
      IPv4Address: `${ip}/${row.subnet?.split('/')[1] ?? ''}`,
      IPv6Address: '',
    };
    return { peers, ends: { [row.ingress ? 'ingress-sbox' : `lb-${row.name}`]: end } };
  }

  services(machine: string, row: NetworkRow) {
    return servicesOn(this.#parts, machine, row);
  }

  standing(machine: string, term: string): NetworkRow | undefined {
    const { rooms } = this.#parts;
    const swarm = rooms.locals.get(machine)?.swarm ?? '';
    if (swarm === '' || accessProblem(rooms, machine)) return undefined;
    const network = predefinedOf(rooms.kernel, swarm).find(
      ({ id, name }) => id === term || name === term,
    );
    return network && sharedRow(machine, sharedOf(network));
  }

  listens(machine: string, protocol: string, port: number): boolean {
    const { rooms, bindings } = this.#parts;
    const swarm = rooms.locals.get(machine)?.swarm ?? '';
    return swarm !== '' && bindings.published(machine, swarm, protocol, port).length > 0;
  }

  way(from: Caller, { id }: NetworkRow, to: Address): Address | HttpFailure {
    const { rooms, bindings, balancer } = this.#parts;
    const { endpoints } = rooms.docker.networks;
    const behind = bindings.behind(from.machine, id, to.ip);
    if (behind.length > 0) {
      const place = from.place ?? `${from.machine}${CUT}`;
      const one = balancer.next(place, `${id} ${to.ip}`, behind);
      return one ? { ...to, ip: one.ip, on: one.machine } : 'refused';
    }
    const others = endpoints.at(id, to.ip).map(({ machine }) => machine);
    const isNear = (other: string): boolean =>
      other === from.machine || rooms.links.isUp(from.machine, other);
    const on = others.find(isNear);
    return on === undefined ? 'timeout' : { ...to, on };
  }
}

function notAttachable(term: string): Refusal {
  const why = `rpc error: code = PermissionDenied desc = network ${term} not manually attachable`;
  return refuse(500, `Could not attach to network ${term}: ${why}`);
}
