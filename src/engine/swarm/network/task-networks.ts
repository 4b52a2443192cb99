import type { TaskExtension, TaskNeeds, TaskPlace } from '../agent/extension.ts';
import { serviceNameOf } from '../agent/container-body.ts';
import type { PortConfig } from '../api.ts';
import type { SwarmRooms } from '../managers/rooms.ts';
import type { TaskAttachment } from '../task.ts';
import type { Bindings } from './bindings.ts';
import type { NodeNetworks } from './node-networks.ts';
import { isPredefined } from '../allocator/predefined.ts';

/**
 * What becomes of networks and names as a task lives (moby/moby v29.7
 * `daemon/cluster/executor/container/{container,controller,adapter}.go`): its container joins under
 * the addresses it was given, and serves under its service's name once it runs and is healthy.
 */
export class TaskNetworks implements TaskExtension {
  readonly #rooms: SwarmRooms;
  readonly #nodes: NodeNetworks;
  readonly #bindings: Bindings;

  constructor(rooms: SwarmRooms, nodes: NodeNetworks, bindings: Bindings) {
    this.#rooms = rooms;
    this.#nodes = nodes;
    this.#bindings = bindings;
  }

  prepare({ machine, swarm, task }: TaskPlace): TaskNeeds | string | undefined {
    if (task.attachments.length === 0) return undefined;
    const EndpointsConfig: Record<string, object> = {};
    for (const { network: id, addresses } of task.attachments) {
      const network = this.#rooms.store.get(swarm, 'network', id);
      if (!network) return `network ${id} not found`;
      if (isPredefined(network)) {
        EndpointsConfig[network.name] = {};
        continue;
      }
      this.#nodes.open(machine, network);
      const [IPv4Address = ''] = addresses.map(withoutPrefix);
      EndpointsConfig[network.name] = { IPAMConfig: { IPv4Address }, NetworkID: id };
    }
    const [first] = task.attachments;
    const main = first && this.#rooms.store.get(swarm, 'network', first.network);
    return {
      NetworkingConfig: { EndpointsConfig },
      ...(main && isPredefined(main) && { NetworkMode: main.name }),
    };
  }

  serving(place: TaskPlace, container: string): void {
    const { machine, swarm, task } = place;
    for (const attachment of task.attachments) {
      const [ip = ''] = attachment.addresses.map(withoutPrefix);
      if (ip === '') continue;
      this.#bindings.add({
        ...{ swarm, network: attachment.network, service: task.service, task: task.id },
        ...{ machine, container, ip, enabled: true },
        ...this.#known(place, attachment),
      });
    }
  }

  /** Under which address, names and ports a task serves on a network. */
  #known({ swarm, task }: TaskPlace, { network: id, aliases }: TaskAttachment) {
    const isIngress = this.#rooms.store.get(swarm, 'network', id)?.ingress === true;
    const { VirtualIPs = [], Ports = [] } = task.endpoint ?? {};
    const vip = VirtualIPs.find(({ NetworkID }) => NetworkID === id)?.Addr ?? '';
    return {
      vip: withoutPrefix(vip),
      names: [serviceNameOf(task), ...aliases],
      ports: isIngress ? Ports.filter(onMesh) : [],
    };
  }

  draining({ swarm, task }: TaskPlace): void {
    this.#bindings.disable(swarm, task.id);
  }

  removed({ machine, swarm, task }: TaskPlace): void {
    this.#bindings.remove(swarm, task.id);
    this.#nodes.tidy(machine);
  }

  left(machine: string): void {
    this.#nodes.tidy(machine);
  }
}

const onMesh = ({ PublishMode }: PortConfig): boolean => PublishMode !== 'host';

const withoutPrefix = (address: string): string => address.split('/')[0] ?? '';
