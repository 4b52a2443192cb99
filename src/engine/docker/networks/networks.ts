import { assert } from '../../sim/assert.ts';
import type { Kernel } from '../../sim/kernel.ts';
import type { Index, Table } from '../../sim/store.ts';
import { parseIpv4, type Addresses } from '../../net/address.ts';
import { formatPrefix, masked, overlaps, parsePrefix, type Prefix } from '../../net/prefix.ts';
import { Subnets } from '../../net/subnets.ts';
import { daemonOn } from '../actor.ts';
import type { IpamConfig, NetworkAction, NetworkCreateBody } from '../api.ts';
import type { Events } from '../events.ts';
import {
  checkConfiguration,
  checkCreate,
  familiesOf,
  OPTIONS,
  parseBoolean,
  type Families,
} from './create.ts';
import { refuse, type Refusal } from './membership.ts';
import { firstFree, LOCAL_POOLS } from './pools.ts';
import { isPredefined, networkKey, subnetKey, type NetworkRow } from './row.ts';
import {
  GATEWAY_BRIDGE,
  sharedRow,
  type SharedNetwork,
  type SharedNetworks,
} from './shared-networks.ts';

/**
 * The networks of each machine: found, made and removed (moby/moby v29.7 `daemon/network.go`,
 * `daemon/libnetwork/controller.go`, `network.go`).
 */
type Made = { readonly ok: true; readonly row: NetworkRow } | Refusal;

interface Ipam {
  readonly subnet?: string;
  readonly range?: string;
  readonly gateway?: string;
  readonly ipamConfig: readonly IpamConfig[] | null;
}

const HEX = '0123456789abcdef';
const ID_LENGTH = 64;
const OVERLAP = 'invalid pool request: Pool overlaps with other one on this address space';

export class Networks {
  readonly subnets: Subnets;
  readonly #kernel: Kernel;
  readonly #addresses: Addresses;
  readonly #events: Events;
  readonly #rows: Table<string, NetworkRow>;
  readonly #byName: Index<string, NetworkRow>;
  readonly #counts: Table<string, number>;
  #shared: SharedNetworks | undefined;

  constructor(kernel: Kernel, rooms: { addresses: Addresses; events: Events }) {
    this.#kernel = kernel;
    this.#addresses = rooms.addresses;
    this.#events = rooms.events;
    this.subnets = new Subnets(kernel, rooms.addresses);
    this.#rows = kernel.store.table<NetworkRow>('docker/networks');
    this.#byName = this.#rows.index(({ machine, name }) => [networkKey(machine, name)]);
    this.#counts = kernel.store.table<number>('docker/network-counts');
  }

  /** The networks that a machine's daemon has from the start. */
  addMachine(machine: string): void {
    const options = {
      'com.docker.network.bridge.default_bridge': 'true',
      'com.docker.network.bridge.enable_icc': 'true',
      'com.docker.network.bridge.enable_ip_masquerade': 'true',
      'com.docker.network.bridge.host_binding_ipv4': '0.0.0.0',
      'com.docker.network.bridge.name': 'docker0',
      'com.docker.network.driver.mtu': '1500',
    };
    this.#make(machine, { Name: 'bridge', Options: options }, 'bridge', V4);
    const none = { subnet: undefined, ipamConfig: null };
    this.#keep(machine, { Name: 'host' }, 'host', V4, none);
    this.#keep(machine, { Name: 'none' }, 'null', V4, none);
  }

  /** Who knows of networks that span machines. */
  get shared(): SharedNetworks | undefined {
    return this.#shared;
  }

  /** Takes in who knows of networks that span machines. */
  share(shared: SharedNetworks): void {
    this.#shared = shared;
  }

  /** Opens a network here that spans machines. */
  open(machine: string, network: SharedNetwork): NetworkRow {
    const known = this.get(machine, network.id);
    if (known) return known;
    const row = sharedRow(machine, network);
    const subnet = parsePrefix(network.subnet)!;
    this.#rows.set(networkKey(machine, row.id), row);
    this.subnets.open(subnetKey(row), machine, subnet);
    return row;
  }

  /** Lets such a network go, when nobody here is on it. */
  close(row: NetworkRow): void {
    this.#forget(row);
  }

  /** The bridge by which containers on such networks reach what is outside of them. */
  gatewayBridge(machine: string): NetworkRow {
    const known = this.named(machine, GATEWAY_BRIDGE);
    if (known) return known;
    const Options = {
      [OPTIONS.betweenContainers]: 'false',
      'com.docker.network.bridge.enable_ip_masquerade': 'true',
      [OPTIONS.bridgeName]: GATEWAY_BRIDGE,
    };
    const made = this.#make(machine, { Name: GATEWAY_BRIDGE, Options }, 'bridge', V4);
    assert(made.ok, `no room for ${GATEWAY_BRIDGE} on ${machine}`);
    return made.row;
  }

  get(machine: string, id: string): NetworkRow | undefined {
    return this.#rows.get(networkKey(machine, id));
  }

  named(machine: string, name: string): NetworkRow | undefined {
    return this.#byName.values(networkKey(machine, name))[0];
  }

  /** By id. */
  list(machine: string): NetworkRow[] {
    return [...this.#rows.withPrefix(networkKey(machine, ''))].map(([, row]) => row);
  }

  /** By full id, name, or an id's start that is one network's alone. */
  find(machine: string, term: string): Made {
    const found = this.get(machine, term) ?? this.named(machine, term);
    if (found) return { ok: true, row: found };
    const rows = this.#withPrefix(machine, term);
    const [row] = rows;
    if (row && rows.length === 1) return { ok: true, row };
    if (rows.length > 1) {
      const matches = `${rows.length} matches found based on ID prefix`;
      return refuse(400, `network ${term} is ambiguous (${matches})`);
    }
    return refuse(404, `network ${term} not found`);
  }

  /** The same for a container that joins: a network that spans machines may be brought here. */
  findToJoin(machine: string, term: string): Made {
    const found = this.find(machine, term);
    if (found.ok || found.status !== 404) return found;
    const brought = this.#shared?.bring(machine, term);
    if (!brought) return found;
    return 'ok' in brought ? brought : { ok: true, row: brought };
  }

  /** All that a machine's daemon knows of: those that span machines, then its own. */
  known(machine: string): NetworkRow[] {
    const shared = this.#shared?.known(machine) ?? [];
    const ids = new Set(shared.map(({ id }) => id));
    return [...shared, ...this.list(machine).filter(({ id }) => !ids.has(id))];
  }

  #withPrefix(machine: string, term: string): NetworkRow[] {
    if (!/^[0-9a-z]+$/.test(term)) return [];
    return [...this.#rows.withPrefix(networkKey(machine, term))].map(([, row]) => row);
  }

  create(machine: string, body: NetworkCreateBody): Made {
    const families = familiesOf(body);
    const problem = checkCreate(body);
    if (problem) return problem;
    if ('ok' in families) return families;
    const name = body.Name ?? '';
    if (this.named(machine, name)) {
      return refuse(409, `network with name ${name} already exists`);
    }
    const driver = body.Driver === undefined || body.Driver === '' ? 'bridge' : body.Driver;
    const wrong = checkConfiguration(body, driver, families);
    if (wrong) return wrong;
    const made = this.#configured(machine, body, driver, families);
    if (made.ok) this.emit(made.row, 'create');
    return made;
  }

  /** What a network takes over from one that is only a configuration. */
  #configured(machine: string, body: NetworkCreateBody, driver: string, families: Families): Made {
    if (body.ConfigOnly) {
      const ipamConfig = body.IPAM?.Config ?? null;
      return this.#keep(machine, body, 'null', families, { ipamConfig });
    }
    const source = body.ConfigFrom?.Network;
    if (source === undefined || source === '') return this.#make(machine, body, driver, families);
    const config = this.named(machine, source);
    if (!config?.configOnly) {
      return refuse(404, `configuration network "${source}" does not exist`);
    }
    const IPAM = {
      Driver: config.ipamDriver,
      Options: config.ipamOptions,
      Config: config.ipamConfig,
    };
    const Options = { ...config.options, ...body.Options };
    const Labels = { ...config.labels, ...body.Labels };
    return this.#make(machine, { ...body, IPAM, Options, Labels }, driver, {
      ipv4: config.enableIpv4,
      ipv6: config.enableIpv6,
    });
  }

  /** Takes a subnet and a gateway and keeps the network. */
  #make(machine: string, body: NetworkCreateBody, driver: string, families: Families): Made {
    const config = (body.IPAM?.Config ?? []).find(({ Subnet = '' }) => !Subnet.includes(':')) ?? {};
    const others = (body.IPAM?.Config ?? []).filter(({ Subnet = '' }) => Subnet.includes(':'));
    if (!families.ipv4) return this.#keep(machine, body, driver, families, { ipamConfig: others });
    const subnet = this.#subnetFor(machine, config, driver);
    if ('ok' in subnet) return subnet;
    const range = parsePrefix(config.IPRange ?? '');
    const row = this.#keep(machine, body, driver, families, {
      subnet: formatPrefix(subnet),
      ...(range ? { range: formatPrefix(masked(range)) } : {}),
      ipamConfig: others,
    });
    if (!row.ok) return row;
    this.subnets.open(subnetKey(row.row), machine, subnet, range && masked(range));
    const gateway = this.#gatewayFor(row.row, config);
    const taken = typeof gateway === 'object' ? gateway : this.#takeAuxiliary(row.row, config);
    if (taken) {
      this.#forget(row.row);
      return taken;
    }
    const shown = {
      Subnet: formatPrefix(subnet),
      ...(range ? { IPRange: formatPrefix(masked(range)) } : {}),
      ...(typeof gateway === 'string' ? { Gateway: gateway } : {}),
      ...(config.AuxiliaryAddresses ? { AuxiliaryAddresses: config.AuxiliaryAddresses } : {}),
    };
    const full = { ...row.row, ipamConfig: [shown, ...others] };
    const done = typeof gateway === 'string' ? { ...full, gateway } : full;
    this.#rows.set(networkKey(machine, done.id), done);
    return { ok: true, row: done };
  }

  #subnetFor(machine: string, config: IpamConfig, driver: string): Prefix | Refusal {
    const rows = this.list(machine).filter(({ subnet }) => subnet !== undefined);
    const taken = rows.map(({ subnet = '' }) => parsePrefix(subnet)!);
    const wanted = parsePrefix(config.Subnet ?? '');
    if (wanted && wanted.address !== 0) {
      const other = taken.findIndex((one) => overlaps(one, masked(wanted)));
      if (other === -1) return masked(wanted);
      const same = rows[other]!;
      // With a range of its own a network gets past the pools and is refused by its driver.
      const isRange = config.IPRange !== undefined && config.IPRange !== '';
      return isRange && driver === 'bridge'
        ? conflict(this.#nextId(machine), same)
        : refuse(403, OVERLAP);
    }
    if ((config.IPRange ?? '') !== '') {
      const request = `address space "LocalDefault" pool "" subpool "${config.IPRange}"`;
      const why = 'invalid address subpool';
      return refuse(500, `failed to parse pool request for ${request}: ${why}`);
    }
    const own = this.#machineAddress(machine);
    const found = firstFree(LOCAL_POOLS, [...taken, ...own], wanted?.bits ?? 0);
    if (found === 'invalid') return refuse(400, 'invalid address pool');
    if (found === 'exhausted') {
      return refuse(400, 'all predefined address pools have been fully subnetted');
    }
    return found;
  }

  /** The network the machine itself is in is never given to containers. */
  #machineAddress(machine: string): Prefix[] {
    const address = parseIpv4(this.#addresses.resolve(machine) ?? '');
    return address === undefined ? [] : [masked({ address, bits: 24 })];
  }

  #gatewayFor(row: NetworkRow, { Gateway = '' }: IpamConfig): string | Refusal | undefined {
    const owner = { machine: row.machine, owner: `network ${row.name}`, network: row.id };
    const isolated = row.options[OPTIONS.gatewayMode] === 'isolated';
    if (Gateway === '') {
      if (isolated) return undefined;
      const ip = this.subnets.allocate(subnetKey(row), owner);
      const why = 'failed to allocate gateway (): no available addresses on this pool';
      return ip ?? refuse(500, why);
    }
    if (this.subnets.claim(subnetKey(row), Gateway, owner)) return Gateway;
    return refuse(500, `failed to allocate gateway (${Gateway}): Address already in use`);
  }

  #takeAuxiliary(row: NetworkRow, { AuxiliaryAddresses }: IpamConfig): Refusal | undefined {
    for (const [name, ip] of Object.entries(AuxiliaryAddresses ?? {})) {
      const owner = { machine: row.machine, owner: `auxiliary ${name}`, network: row.id };
      if (this.subnets.claim(subnetKey(row), ip, owner)) continue;
      const what = `failed to allocate secondary ip address (${name}:${ip})`;
      return refuse(500, `${what}: Address already in use`);
    }
    return undefined;
  }

  #nextId(machine: string): string {
    const count = this.#counts.get(machine) ?? 0;
    this.#counts.set(machine, count);
    return this.#kernel.random('docker', machine, 'network', count).text(ID_LENGTH, HEX);
  }

  #keep(
    machine: string,
    body: NetworkCreateBody,
    driver: string,
    { ipv4, ipv6 }: Families,
    ipam: Ipam,
  ): { ok: true; row: NetworkRow } {
    const id = this.#nextId(machine);
    this.#counts.update(machine, (count) => count + 1);
    const ipamDriver = body.IPAM?.Driver ?? '';
    const row: NetworkRow = {
      machine,
      id,
      name: body.Name ?? '',
      driver,
      scope: 'local',
      createdMs: this.#kernel.now,
      enableIpv4: ipv4,
      enableIpv6: ipv6,
      ipamDriver: ipamDriver === '' ? 'default' : ipamDriver,
      ipamOptions: body.IPAM?.Options ?? null,
      ...ipam,
      internal: body.Internal ?? false,
      attachable: body.Attachable ?? false,
      ingress: body.Ingress ?? false,
      configOnly: body.ConfigOnly ?? false,
      configFrom: body.ConfigFrom?.Network ?? '',
      options: body.Options ?? {},
      labels: body.Labels ?? {},
    };
    this.#rows.set(networkKey(machine, id), row);
    return { ok: true, row };
  }

  /** Removes a network; `endpoints` are those of it that are in use, as errors list them. */
  remove(row: NetworkRow, endpoints: readonly string[]): Refusal | undefined {
    const { machine, name } = row;
    if (isPredefined(name)) {
      return refuse(403, `${name} is a pre-defined network and cannot be removed`);
    }
    const wrong = (why: string) => refuse(403, `error while removing network: ${why}`);
    if (row.configOnly && this.list(machine).some(({ configFrom }) => configFrom === name)) {
      return wrong(`configuration network "${name}" is in use`);
    }
    if (endpoints.length > 0) {
      return wrong(`network ${name} has active endpoints (${endpoints.join(', ')})`);
    }
    this.#forget(row);
    if (!row.configOnly) this.emit(row, 'destroy');
    return undefined;
  }

  #forget(row: NetworkRow): void {
    const key = subnetKey(row);
    const auxiliary = row.ipamConfig?.[0]?.AuxiliaryAddresses ?? {};
    for (const ip of [row.gateway, ...Object.values(auxiliary)]) {
      if (ip !== undefined) this.subnets.release(key, ip);
    }
    this.subnets.close(key);
    this.#rows.delete(networkKey(row.machine, row.id));
  }

  /** @param containerName for the trace, where the event of Docker has the id alone */
  emit(
    row: NetworkRow,
    Action: NetworkAction,
    more: Readonly<Record<string, string>> = {},
    containerName?: string,
  ): void {
    const Attributes = { ...more, name: row.name, type: row.driver };
    const detail = containerName === undefined ? {} : { detail: { ...more, containerName } };
    const object = `network ${row.name}`;
    this.#kernel.record({ actor: daemonOn(row.machine), verb: Action, object, ...detail });
    this.#events.emit(row.machine, { Type: 'network', Action, ID: row.id, Attributes });
  }
}

const V4: Families = { ipv4: true, ipv6: false };

/** The name of the bridge on the machine. */
export const bridgeOf = ({ id, options }: NetworkRow): string =>
  options[OPTIONS.bridgeName] ?? `br-${id.slice(0, 12)}`;

function conflict(id: string, other: NetworkRow): Refusal {
  const what = `cannot create network ${id} (br-${id.slice(0, 12)})`;
  const why = `conflicts with network ${other.id} (${bridgeOf(other)})`;
  return refuse(403, `${what}: ${why}: networks have overlapping IPv4`);
}

/** Whether containers of a network reach each other. */
export const isOpenWithin = ({ options }: NetworkRow): boolean =>
  parseBoolean(options[OPTIONS.betweenContainers] ?? 'true') ?? true;
