import type { Kernel } from '../../sim/kernel.ts';
import type { Random } from '../../sim/random.ts';
import type { Index, Table } from '../../sim/store.ts';
import type { Networks } from './networks.ts';
import { refuse, type Refusal } from './membership.ts';
import { subnetKey, type NetworkRow } from './row.ts';
import { isShared, macOfAddress } from './shared-networks.ts';

/**
 * Containers that are on networks now: address, card, names (moby/moby v29.7
 * `daemon/libnetwork/endpoint.go`, `network.go`, `createEndpoint`). An endpoint is there while its
 * container runs.
 */
export interface EndpointRow {
  readonly machine: string;
  readonly network: string;
  readonly id: string;
  readonly container: string;
  readonly name: string;
  /** None on the networks `host` and `none`. */
  readonly ip?: string;
  readonly mac: string;
  /** What it is found by; none on networks of the daemon's own. */
  readonly names: readonly string[];
}

export interface NewEndpoint {
  readonly container: string;
  readonly name: string;
  readonly ip?: string;
  readonly mac?: string;
  readonly names: readonly string[];
}

const HEX = '0123456789abcdef';
const ID_LENGTH = 64;
const MAC_BYTES = 6;
/** In use, and chosen by no maker of cards. */
const LOCAL_UNICAST = 2;

const keyOf = (machine: string, network: string, id: string): string =>
  `${machine} ${network} ${id}`;

export class Endpoints {
  readonly #kernel: Kernel;
  readonly #networks: Networks;
  readonly #rows: Table<string, EndpointRow>;
  readonly #ofContainer: Index<string, EndpointRow>;
  /** Networks that span machines have one id on all of them. */
  readonly #byName: Index<string, EndpointRow>;
  readonly #byAddress: Index<string, EndpointRow>;
  readonly #counts: Table<string, number>;

  constructor(kernel: Kernel, networks: Networks) {
    this.#kernel = kernel;
    this.#networks = networks;
    this.#rows = kernel.store.table<EndpointRow>('docker/endpoints');
    this.#ofContainer = this.#rows.index(({ machine, container }) => [`${machine} ${container}`]);
    this.#byName = this.#rows.index(({ network, names }) => [
      ...new Set(names.map((name) => `${network} ${name.toLowerCase()}`)),
    ]);
    this.#byAddress = this.#rows.index(({ network, ip }) =>
      ip === undefined ? [] : [`${network} ${ip}`],
    );
    this.#counts = kernel.store.table<number>('docker/endpoint-counts');
  }

  /** Puts a container on a network; takes the address asked for, or the lowest free. */
  create(row: NetworkRow, wanted: NewEndpoint): { ok: true; endpoint: EndpointRow } | Refusal {
    const { machine, id: network, name } = row;
    const { container, names } = wanted;
    if (this.of(machine, container).some((one) => one.network === network)) {
      return refuse(403, `endpoint with name ${wanted.name} already exists in network ${name}`);
    }
    const count = (this.#counts.get(machine) ?? 0) + 1;
    const random = this.#kernel.random('docker', machine, 'endpoint', count);
    const id = random.text(ID_LENGTH, HEX);
    const address = this.#address(row, wanted);
    if (typeof address === 'object') return address;
    this.#counts.set(machine, count);
    const endpoint = {
      ...{ machine, network, id, container, name: wanted.name, names },
      ...(address === undefined ? {} : { ip: address }),
      mac: address === undefined ? '' : (wanted.mac ?? macOn(row, address, random)),
    };
    this.#rows.set(keyOf(machine, network, id), endpoint);
    return { ok: true, endpoint };
  }

  #address(row: NetworkRow, { container, ip }: NewEndpoint): string | undefined | Refusal {
    if (row.subnet === undefined) return undefined;
    const { machine, name, id } = row;
    const owner = { machine, owner: container, network: id };
    const { subnets } = this.#networks;
    if (ip === undefined) {
      const free = subnets.allocate(subnetKey(row), owner);
      const none = "no available IPv4 addresses on this network's address pools";
      return free ?? refuse(500, `${none}: ${name} (${id})`);
    }
    return subnets.claim(subnetKey(row), ip, owner) ? ip : refuse(403, 'Address already in use');
  }

  delete(row: NetworkRow | undefined, endpoint: EndpointRow): void {
    const { machine, network, id, ip } = endpoint;
    this.#rows.delete(keyOf(machine, network, id));
    if (row && ip !== undefined) this.#networks.subnets.release(subnetKey(row), ip);
  }

  /** The container has other names from now on. */
  rename(endpoint: EndpointRow, name: string, names: readonly string[]): void {
    const { machine, network, id } = endpoint;
    this.#rows.set(keyOf(machine, network, id), { ...endpoint, name, names });
  }

  of(machine: string, container: string): EndpointRow[] {
    return this.#ofContainer.values(`${machine} ${container}`);
  }

  /** Those on a network, by id. */
  on({ machine, id }: NetworkRow): EndpointRow[] {
    return [...this.#rows.withPrefix(keyOf(machine, id, ''))].map(([, row]) => row);
  }

  isUsed({ machine, id }: NetworkRow): boolean {
    for (const _row of this.#rows.withPrefix(keyOf(machine, id, ''))) return true;
    return false;
  }

  /** Who has an address of a network, on whatever machine; several when one was lost sight of. */
  at(network: string, ip: string): EndpointRow[] {
    return this.#byAddress.values(`${network} ${ip}`);
  }

  /** Addresses that a name stands for on a network. */
  named({ id }: NetworkRow, name: string): string[] {
    const rows = this.#byName.values(`${id} ${name.toLowerCase()}`);
    return [...new Set(rows.flatMap(({ ip }) => (ip === undefined ? [] : [ip])))];
  }
}

const macOn = (row: NetworkRow, ip: string, random: Random): string =>
  isShared(row) ? macOfAddress(ip) : randomMac(random);

/** libnetwork `netutils/utils.go`, `GenerateRandomMAC`. */
function randomMac(random: Random): string {
  return Array.from({ length: MAC_BYTES }, (_, i) => {
    const byte = random.integer(0, 255);
    const value = i === 0 ? (byte & 0xfe) | LOCAL_UNICAST : byte;
    return value.toString(16).padStart(2, '0');
  }).join(':');
}
