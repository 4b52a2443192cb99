import type { Addresses } from '../../net/address.ts';
import type { Kernel } from '../../sim/kernel.ts';
import type { Table } from '../../sim/store.ts';
import type { Loop, LeaderLoops } from '../leader-loops.ts';
import type { NetworkObject, TaskObject } from '../objects.ts';
import type { Change, SwarmStore } from '../store.ts';
import { compareStates, isEnded, type TaskAttachment } from '../task.ts';
import { isPredefined } from './predefined.ts';
import { HeldAddresses } from './held-addresses.ts';
import { HeldPorts } from './held-ports.ts';
import { allocateNetwork } from './networks.ts';
import { ownerOfNode, ownerOfService, ownerOfTask } from './owners.ts';
import { allocateEndpoint, ingressOf, isAllocated, needsIngress } from './service-endpoint.ts';

/**
 * Gives networks their subnets, services their ports and addresses, tasks their addresses; a task
 * that has what it needs may be scheduled (moby/swarmkit v2.1 `manager/allocator`).
 */
export interface AllocatorRooms {
  readonly kernel: Kernel;
  readonly addresses: Addresses;
  readonly store: SwarmStore;
  readonly loops: LeaderLoops;
}

const ALLOCATED = 'pending task scheduling';
const INGRESS = 'ingress';

export class Allocator {
  readonly addresses: HeldAddresses;
  readonly ports: HeldPorts;
  readonly #store: SwarmStore;
  readonly #kernel: Kernel;
  /** What could not be given what it needs: it is tried again when something becomes free. */
  readonly #waiting: Table<string, string>;
  /** Swarms that were given a network for the routing mesh: it may be removed for good. */
  readonly #founded: Table<string, true>;
  readonly #loop: Loop;

  constructor({ kernel, addresses, store, loops }: AllocatorRooms) {
    this.#kernel = kernel;
    this.#store = store;
    this.addresses = new HeldAddresses(kernel, addresses);
    this.ports = new HeldPorts(kernel);
    this.#waiting = kernel.store.table<string>('swarm/allocator/waiting');
    this.#founded = kernel.store.table<true>('swarm/allocator/founded');
    store.onChange((swarm, change) => this.#giveBack(swarm, change));
    this.#loop = loops.add({
      name: 'allocator',
      keysOf: (swarm, change) => this.#keysOf(swarm, change),
      all: (swarm) => this.#all(swarm),
      work: (swarm, key) => this.#work(swarm, key),
    });
  }

  /** Clusters come before networks, then nodes, services, tasks: in the order of the alphabet. */
  #keysOf(swarm: string, change: Change): readonly string[] {
    if ('delete' in change) {
      return change.kind === 'node' ? [] : this.#waitingOf(swarm);
    }
    const { kind, set } = change;
    switch (kind) {
      case 'cluster':
      case 'network':
      case 'service':
        return [`${kind} ${set.id}`, ...(kind === 'network' ? this.#waitingOf(swarm) : [])];
      case 'task':
        return set.status.state === 'new' && set.desired !== 'remove' ? [`task ${set.id}`] : [];
      case 'node':
        return set.state === 'ready' ? [`node ${set.id}`] : [];
      default:
        return [];
    }
  }

  #all(swarm: string): string[] {
    const ids = (kind: 'network' | 'node' | 'service'): string[] =>
      this.#store.list(swarm, kind).map(({ id }) => `${kind} ${id}`);
    const fresh = this.#store.list(swarm, 'task').filter(({ status }) => status.state === 'new');
    return [
      `cluster ${swarm}`,
      ...ids('network'),
      ...ids('node'),
      ...ids('service'),
      ...fresh.map(({ id }) => `task ${id}`),
    ];
  }

  #waitingOf(swarm: string): string[] {
    return [...this.#waiting.withPrefix(`${swarm} `)].map(([, key]) => key);
  }

  #work(swarm: string, key: string): void {
    const [kind = '', id = ''] = key.split(' ');
    const done =
      kind === 'cluster'
        ? this.#found(swarm)
        : kind === 'network'
          ? this.#network(swarm, id)
          : kind === 'node'
            ? this.#node(swarm, id)
            : kind === 'service'
              ? this.#service(swarm, id)
              : this.#task(swarm, id);
    if (done) this.#waiting.delete(`${swarm} ${key}`);
    else this.#waiting.set(`${swarm} ${key}`, key);
  }

  /** A swarm that was just founded has the network of its routing mesh before any other. */
  founded(swarm: string): void {
    this.#found(swarm);
    const ingress = ingressOf(this.#store, swarm);
    if (ingress) this.#network(swarm, ingress.id);
  }

  /** A new swarm gets the network of its routing mesh. */
  #found(swarm: string): boolean {
    if (this.#founded.has(swarm)) return true;
    const network: NetworkObject = {
      ...{ id: this.#store.newId(), version: 0, createdAtMs: 0, updatedAtMs: 0, name: INGRESS },
      ...{ labels: {}, driver: 'overlay', options: {}, attachable: false, ingress: true },
      ...{ internal: false, subnet: '', gateway: '' },
    };
    if (!this.#store.write(swarm, [{ kind: 'network', set: network }])) return false;
    this.#founded.set(swarm, true);
    return true;
  }

  #network(swarm: string, id: string): boolean {
    const network = this.#store.get(swarm, 'network', id);
    const cluster = this.#store.get(swarm, 'cluster', swarm);
    if (!network || !cluster || isPredefined(network)) return true;
    if (network.subnet !== '') {
      this.addresses.open(network);
      return true;
    }
    const others = this.#store.list(swarm, 'network');
    const set = allocateNetwork(network, cluster, others);
    if (!set || !this.#store.write(swarm, [{ kind: 'network', set }])) return false;
    this.addresses.open(set);
    if (set.ingress) {
      for (const node of this.#store.list(swarm, 'node')) {
        this.#loop.after(0, swarm, `node ${node.id}`);
      }
    }
    return true;
  }

  /** Every node answers for the routing mesh under an address of its own. */
  #node(swarm: string, id: string): boolean {
    const ingress = ingressOf(this.#store, swarm);
    if (!ingress || !this.#store.get(swarm, 'node', id)) return true;
    if (ingress.subnet === '') return false;
    return this.addresses.hold(swarm, ownerOfNode(id), ingress) !== undefined;
  }

  #service(swarm: string, id: string): boolean {
    const service = this.#store.get(swarm, 'service', id);
    if (!service || isAllocated(this.#rooms, swarm, service)) return true;
    const endpoint = allocateEndpoint(this.#rooms, swarm, service);
    if (!endpoint) return false;
    const isNew = JSON.stringify(endpoint) !== JSON.stringify(service.endpoint);
    if (isNew && !this.#store.write(swarm, [{ kind: 'service', set: { ...service, endpoint } }])) {
      return false;
    }
    for (const key of this.#waitingOf(swarm)) this.#loop.after(0, swarm, key);
    return true;
  }

  get #rooms() {
    return { store: this.#store, addresses: this.addresses, ports: this.ports };
  }

  #task(swarm: string, id: string): boolean {
    const task = this.#store.get(swarm, 'task', id);
    if (task?.status.state !== 'new') return true;
    if (compareStates(task.desired, 'complete') > 0) return true;
    const service = this.#store.get(swarm, 'service', task.service);
    if (service && !isAllocated(this.#rooms, swarm, service)) return false;
    const attachments = this.#attachments(swarm, task);
    if (!attachments) return false;
    const set: TaskObject = {
      ...task,
      ...(service?.endpoint && { endpoint: service.endpoint }),
      attachments,
      status: { state: 'pending', atMs: this.#kernel.now, message: ALLOCATED },
    };
    return this.#store.write(swarm, [{ kind: 'task', set }]);
  }

  /** That of the routing mesh first; undefined while a network is not there, or full. */
  #attachments(swarm: string, task: TaskObject): TaskAttachment[] | undefined {
    const service = this.#store.get(swarm, 'service', task.service);
    const ingress = service && needsIngress(service.spec) && ingressOf(this.#store, swarm);
    const wanted = (task.spec.Networks ?? []).map(({ Target, Aliases = [] }) => ({
      network: this.#store.get(swarm, 'network', Target),
      aliases: Aliases,
    }));
    const all = ingress ? [{ network: ingress, aliases: [] }, ...wanted] : wanted;
    const attachments: TaskAttachment[] = [];
    for (const { network, aliases } of all) {
      if (!network) return undefined;
      if (isPredefined(network)) {
        attachments.push({ network: network.id, addresses: [], aliases });
        continue;
      }
      if (network.subnet === '') return undefined;
      const address = this.addresses.hold(swarm, ownerOfTask(task.id), network);
      if (address === undefined) return undefined;
      attachments.push({ network: network.id, addresses: [address], aliases });
    }
    return attachments;
  }

  /** What is gone, or has ended for good, leaves its addresses and ports to others. */
  #giveBack(swarm: string, change: Change): void {
    if ('delete' in change) {
      const { kind, delete: id } = change;
      if (kind === 'task') this.addresses.releaseAll(swarm, ownerOfTask(id));
      if (kind === 'node') this.addresses.releaseAll(swarm, ownerOfNode(id));
      if (kind === 'network') this.addresses.close(id);
      if (kind === 'service') {
        this.addresses.releaseAll(swarm, ownerOfService(id));
        this.ports.release(swarm, this.#store.get(swarm, 'service', id)?.endpoint);
      }
      if (kind !== 'cluster') this.#waiting.delete(`${swarm} ${kind} ${id}`);
      return;
    }
    if (change.kind !== 'task') return;
    const { set: task } = change;
    if (compareStates(task.desired, 'running') > 0 && isEnded(task)) {
      this.addresses.releaseAll(swarm, ownerOfTask(task.id));
    }
  }
}
