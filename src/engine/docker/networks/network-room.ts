import type { Kernel } from '../../sim/kernel.ts';
import type { Containerd } from '../../containerd/containerd.ts';
import type { MachineFiles } from '../../machine/machine-files.ts';
import type { Addresses } from '../../net/address.ts';
import { ANY_ADDRESS, type Http } from '../../net/http.ts';
import type { Asked, NetworkInterface } from '../../net/interface.ts';
import { daemonOn } from '../actor.ts';
import type { Events } from '../events.ts';
import { Endpoints } from './endpoints.ts';
import type { ContainerLookup } from './membership.ts';
import { ContainerMemberships } from './memberships.ts';
import { Networks } from './networks.ts';
import { PortAllocator } from './port-allocator.ts';
import { Reach } from './reach.ts';
import { Resolver, type Lookup } from './resolver.ts';

/**
 * All that a daemon knows of networks, tied together and into the world's network: who is where,
 * what a name means inside a container, which way its connections go.
 */
export interface NetworkRooms {
  readonly http: Http;
  readonly addresses: Addresses;
  readonly containerd: Containerd;
  readonly events: Events;
  readonly containers: ContainerLookup;
  readonly files: MachineFiles;
}

export class NetworkRoom {
  readonly networks: Networks;
  readonly endpoints: Endpoints;
  readonly ports: PortAllocator;
  readonly members: ContainerMemberships;
  readonly rooms: NetworkRooms;
  readonly #kernel: Kernel;
  readonly #resolver: Resolver;

  constructor(kernel: Kernel, rooms: NetworkRooms) {
    const { http, addresses, events, containers, files } = rooms;
    const networks = new Networks(kernel, { addresses, events });
    const endpoints = new Endpoints(kernel, networks);
    const ports = new PortAllocator(
      kernel,
      (machine, protocol, ip, port) =>
        hostListens(http, machine, protocol, ip, port) ||
        networks.shared?.listens(machine, protocol, port) === true,
    );
    const readFile = (place: string, path: string) => files.read(place, path)?.content;
    this.#kernel = kernel;
    this.rooms = rooms;
    this.networks = networks;
    this.endpoints = endpoints;
    this.ports = ports;
    this.members = new ContainerMemberships(kernel, {
      ...{ networks, endpoints, ports, containers, readFile },
      detach: (machine, id, ip) => {
        rooms.containerd.answer(machine, { op: 'disconnect', id, ip });
      },
    });
    this.#resolver = new Resolver(kernel, { addresses, networks, endpoints });
    const networkOf = (machine: string, id: string) => this.members.networkOf(machine, id);
    const reach = new Reach({ http, addresses, networks, endpoints, ports, networkOf });
    http.translator((from, to) => reach.translate(from, to));
    http.places((place) => this.#caller(place));
    http.interfaces((place) => {
      const [machine, id] = cut(place);
      if (!this.members.get(machine, id)) return undefined;
      const owner = this.members.networkOf(machine, id);
      return owner === undefined
        ? machineInterface(addresses.resolve(machine) ?? '')
        : this.members.interfaces(machine, owner);
    });
    http.names(
      (place, name) => this.#lookup(place, name),
      (asked, found) => this.#recordLookup(asked, found),
    );
    http.occupied(({ ip, port, on }) =>
      on === undefined || on.includes('/') || addresses.at(ip, on)?.network !== undefined
        ? false
        : ports.at(on, 'tcp', port, ip === ANY_ADDRESS ? undefined : ip) !== undefined ||
          networks.shared?.listens(on, 'tcp', port) === true,
    );
  }

  get nowMs(): number {
    return this.#kernel.now;
  }

  /** Gives a machine's daemon its networks. */
  addMachine(machine: string): void {
    this.networks.addMachine(machine);
  }

  #caller(place: string) {
    const [machine, id] = cut(place);
    const row = this.members.get(machine, id);
    if (!row) return undefined;
    const owner = this.members.networkOf(machine, id);
    const ip = owner === undefined ? undefined : this.members.wayOut(machine, owner);
    const name = `container ${row.name}`;
    if (owner === undefined) return { name, ip: this.rooms.addresses.resolve(machine) };
    return { name, ...(ip === undefined ? {} : { ip }) };
  }

  #lookup(place: string, name: string): readonly string[] | undefined {
    const asked = this.#asked(place, name);
    return asked && this.#resolver.lookup(asked);
  }

  #asked(place: string, name: string): Lookup | undefined {
    const [machine, id] = cut(place);
    const row = this.members.get(machine, id);
    if (!row?.sandbox) return undefined;
    const container = this.members.networkOf(machine, id) ?? id;
    const { files } = row.sandbox;
    const read = (path: string): string | undefined =>
      this.rooms.files.read(place, path)?.content ?? files[path];
    const links = this.members.get(machine, container)?.networks ?? {};
    return { machine, container, name, read, networks: links };
  }

  /** The question to a name server and its answer; the machine's own is not in the world. */
  #recordLookup({ place = '', name }: Asked, [ip]: readonly string[]): void {
    const asked = place.includes('/') ? this.#asked(place, name) : undefined;
    const server = asked && this.#resolver.serverFor(asked);
    if (!asked || server === undefined || (server === 'machine' && ip !== undefined)) return;
    const from = this.#caller(place)?.name ?? place;
    const object = `name ${name}`;
    const detail = { found: ip !== undefined, ...(ip === undefined ? {} : { ip }) };
    if (server === 'machine') {
      this.#kernel.record({ actor: from, verb: 'lookup', object, detail });
      return;
    }
    const to = daemonOn(asked.machine);
    const flow = { channel: 'request', from, to } as const;
    const question = this.#kernel.record({ actor: from, verb: 'lookup', object, flow });
    const back = { channel: 'request', from: to, to: from } as const;
    this.#kernel.record({ actor: to, verb: 'resolve', object, detail, flow: back }, question);
  }
}

function cut(place: string): [string, string] {
  const slash = place.indexOf('/');
  return [place.slice(0, slash), place.slice(slash + 1)];
}

/** Simplified: what listens on a machine listens on its IPv4 addresses and by TCP. */
function hostListens(
  http: Http,
  machine: string,
  protocol: string,
  ip: string,
  port: number,
): boolean {
  if (protocol !== 'tcp' || ip.includes(':')) return false;
  if (http.listenerAt({ ip: ANY_ADDRESS, port, on: machine })) return true;
  const others = ip === ANY_ADDRESS ? ['127.0.0.1'] : [ip];
  return others.some((one) => http.listenerAt({ ip: one, port, on: machine }) !== undefined);
}

/** Simplified: machines have one card, in a network of 256 addresses behind the first. */
function machineInterface(ip: string): NetworkInterface[] {
  const parts = ip.split('.');
  const bytes = parts.map((part) => Number(part).toString(16).padStart(2, '0'));
  const gateway = [...parts.slice(0, 3), '1'].join('.');
  return [{ name: 'eth0', ip, prefix: 24, mac: `02:42:${bytes.join(':')}`, gateway }];
}
