import type { Kernel } from '../../sim/kernel.ts';
import type { Table } from '../../sim/store.ts';
import { parseIpv4, type Addresses } from '../../net/address.ts';
import type { EndpointSettings } from '../api.ts';
import type { Endpoints } from './endpoints.ts';
import { EMBEDDED_DNS, HOSTS, RESOLV_CONF } from './files.ts';
import type { Networks } from './networks.ts';
import type { NetworkRow } from './row.ts';
import { isShared } from './shared-networks.ts';

/**
 * What a name stands for in a container: its /etc/hosts first, then, if its resolv.conf says so,
 * Docker's own name server at 127.0.0.11, which knows the containers of the networks it is on and
 * asks the machine for the rest (moby/moby v29.7 `daemon/libnetwork/resolver.go`, `sandbox.go`,
 * `ResolveName`).
 */
export interface Lookup {
  readonly machine: string;
  readonly container: string;
  readonly name: string;
  /** What it asked of its networks, by their names: links stand there. */
  readonly networks: Readonly<Record<string, EndpointSettings>>;
  /** A file of the container as it is now. */
  readonly read: (path: string) => string | undefined;
}

const NAME_LIMIT = 253;

export class Resolver {
  readonly #kernel: Kernel;
  readonly #addresses: Addresses;
  readonly #networks: Networks;
  readonly #endpoints: Endpoints;
  readonly #counts: Table<string, number>;

  constructor(
    kernel: Kernel,
    rooms: { addresses: Addresses; networks: Networks; endpoints: Endpoints },
  ) {
    this.#kernel = kernel;
    this.#addresses = rooms.addresses;
    this.#networks = rooms.networks;
    this.#endpoints = rooms.endpoints;
    this.#counts = kernel.store.table<number>('docker/dns-counts');
  }

  /** All addresses, in the order they are told; none when the name is unknown. */
  lookup(lookup: Lookup): readonly string[] {
    const name = lookup.name.replace(/\.$/, '').toLowerCase();
    if (parseIpv4(name) !== undefined) return [name];
    if (name === '' || name.length > NAME_LIMIT) return [];
    const listed = inHosts(lookup.read(HOSTS) ?? '', name);
    if (listed !== undefined) return [listed];
    const servers = nameservers(lookup.read(RESOLV_CONF) ?? '');
    if (!servers.includes(EMBEDDED_DNS)) return servers.length > 0 ? this.#world(name) : [];
    const here = this.#networksOf(lookup);
    const found = this.#contained(here, name, lookup);
    if (found.length > 0) return this.#shuffled(lookup.machine, found);
    return here.some(({ internal, subnet }) => !internal && subnet !== undefined)
      ? this.#world(name)
      : [];
  }

  /** Who has to be asked for a name: nobody where the container can tell by itself. */
  serverFor({ name, read }: Lookup): 'docker' | 'machine' | undefined {
    const bare = name.replace(/\.$/, '').toLowerCase();
    if (parseIpv4(bare) !== undefined || inHosts(read(HOSTS) ?? '', bare)) return undefined;
    return nameservers(read(RESOLV_CONF) ?? '').includes(EMBEDDED_DNS) ? 'docker' : 'machine';
  }

  #networksOf({ machine, container }: Lookup): NetworkRow[] {
    return this.#endpoints
      .of(machine, container)
      .flatMap(({ network }) => this.#networks.get(machine, network) ?? []);
  }

  /** `web`, and `web.front` for the one on the network `front`. */
  #contained(networks: readonly NetworkRow[], name: string, lookup: Lookup): readonly string[] {
    const parts = name.split('.');
    for (let end = parts.length; end > 0; end--) {
      const host = parts.slice(0, end).join('.');
      const of = parts.slice(end).join('.');
      for (const network of networks) {
        if (of !== '' && of !== network.name.toLowerCase()) continue;
        const meant = linkTarget(lookup.networks[network.name], host) ?? host;
        const shared = isShared(network) ? this.#networks.shared : undefined;
        const services = shared?.names(lookup.machine, network, meant) ?? [];
        const found = services.length > 0 ? services : this.#endpoints.named(network, meant);
        if (found.length > 0) return found;
      }
    }
    return [];
  }

  #world(name: string): string[] {
    const ip = name === 'localhost' ? undefined : this.#addresses.resolve(name);
    return ip === undefined ? [] : [ip];
  }

  #shuffled(machine: string, ips: readonly string[]): string[] {
    if (ips.length < 2) return [...ips];
    const count = (this.#counts.get(machine) ?? 0) + 1;
    this.#counts.set(machine, count);
    const random = this.#kernel.random('docker', machine, 'dns', count);
    const mixed = [...ips];
    for (let i = mixed.length - 1; i > 0; i--) {
      const other = random.integer(0, i);
      [mixed[i], mixed[other]] = [mixed[other]!, mixed[i]!];
    }
    return mixed;
  }
}

/** Whom a container calls by another name on a network: `--link db:database`. */
function linkTarget(settings: EndpointSettings | undefined, name: string): string | undefined {
  const link = (settings?.Links ?? []).find((one) => {
    const [target = '', alias = target] = one.split(':');
    return alias.toLowerCase() === name;
  });
  return link?.split(':')[0];
}

/** The first IPv4 address whose line has the name. */
function inHosts(text: string, name: string): string | undefined {
  for (const line of text.split('\n')) {
    const [ip = '', ...names] = (line.split('#')[0] ?? '').trim().split(/\s+/);
    if (parseIpv4(ip) === undefined) continue;
    if (names.some((one) => one.toLowerCase() === name)) return ip;
  }
  return undefined;
}

const nameservers = (text: string): string[] =>
  text.split('\n').flatMap((line) => /^\s*nameserver\s+(\S+)/.exec(line)?.[1] ?? []);
