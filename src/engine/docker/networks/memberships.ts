import type { Kernel } from '../../sim/kernel.ts';
import type { Index, Table } from '../../sim/store.ts';
import type { NetworkInterface } from '../../net/interface.ts';
import type {
  CreateBody,
  EndpointSettings,
  NetworkSettings,
  PortMap,
  PortSummary,
} from '../api.ts';
import {
  bridgeGateway,
  checkMix,
  filesFor,
  modeFirst,
  resolvConfOf,
  type Joining,
} from './joining.ts';
import { endpointProblem, extraHostProblem, networkingProblem } from './checks.ts';
import type { EndpointRow, Endpoints } from './endpoints.ts';
import type {
  ContainerLookup,
  Joined,
  KnownContainer,
  Memberships,
  NewMember,
  Refusal,
} from './membership.ts';
import { refuse } from './membership.ts';
import {
  EMPTY_ENDPOINT,
  memberKey,
  memberOf,
  named,
  own,
  withoutRun,
  type MemberRow,
} from './member.ts';
import type { Networks } from './networks.ts';
import { OPTIONS } from './create.ts';
import type { PortAllocator } from './port-allocator.ts';
import { portMap, portSummary, publishPorts } from './publish-ports.ts';
import { gatewayEndpoint } from './reach.ts';
import { isUserDefined, sharedWith, type NetworkRow } from './row.ts';
import { isShared } from './shared-networks.ts';

/** The driver's option that names an interface in its container. */
const INTERFACE_NAME = 'com.docker.network.endpoint.ifname';

/**
 * Which networks a container is on: what it asked for from its creation on, and what it has while
 * it runs (moby/moby v29.7 `daemon/container_operations.go`).
 *
 * Simplified: a container with a `--link` to one that was started again keeps its old address.
 */
export interface MembershipRooms {
  readonly networks: Networks;
  readonly endpoints: Endpoints;
  readonly ports: PortAllocator;
  readonly containers: ContainerLookup;
  /** A file of a machine, for those of its containers. */
  readonly readFile: (machine: string, path: string) => string | undefined;
  /** An address is taken from a running container, which shared another's network. */
  readonly detach: (machine: string, id: string, ip: string) => void;
}

const HEX = '0123456789abcdef';
const SET_UP = 'failed to set up container networking';
const SHARED =
  'container sharing network namespace with another container or host cannot be connected to any ' +
  'other network';

export class ContainerMemberships implements Memberships {
  readonly #kernel: Kernel;
  readonly #rooms: MembershipRooms;
  readonly #rows: Table<string, MemberRow>;
  readonly #sharing: Index<string, MemberRow>;
  readonly #counts: Table<string, number>;

  constructor(kernel: Kernel, rooms: MembershipRooms) {
    this.#kernel = kernel;
    this.#rooms = rooms;
    this.#rows = kernel.store.table<MemberRow>('docker/members');
    this.#sharing = this.#rows.index(({ machine, sandbox }) =>
      sandbox?.shared === undefined ? [] : [memberKey(machine, sandbox.shared)],
    );
    this.#counts = kernel.store.table<number>('docker/sandbox-counts');
  }

  get(machine: string, id: string): MemberRow | undefined {
    return this.#rows.get(memberKey(machine, id));
  }

  set(row: MemberRow): void {
    this.#rows.set(memberKey(row.machine, row.id), row);
  }

  /** Running containers that share a container's network. */
  sharing(machine: string, id: string): MemberRow[] {
    return this.#sharing.values(memberKey(machine, id));
  }

  /** Whose network a container has; undefined for the machine's own, and for strangers. */
  networkOf(machine: string, id: string): string | undefined {
    const row = this.get(machine, id);
    if (!row?.sandbox) return row?.id;
    if (row.sandbox.shared !== undefined) return this.networkOf(machine, row.sandbox.shared);
    return row.mode === 'host' ? undefined : id;
  }

  verify(machine: string, body: CreateBody): Refusal | undefined {
    for (const host of body.HostConfig?.ExtraHosts ?? []) {
      const why = extraHostProblem(host);
      if (why !== undefined) return refuse(400, why);
    }
    return networkingProblem(body, (name) => {
      const found = this.#rooms.networks.find(machine, name);
      return found.ok ? found.row : undefined;
    });
  }

  warnings({ HostConfig = {} }: CreateBody): string[] {
    const { NetworkMode: mode = '', Links } = HostConfig;
    const isDefault = ['', 'default', 'bridge'].includes(mode);
    if (!isDefault || (Links ?? []).length === 0) return [];
    const what = 'Links on the default bridge network are deprecated';
    return [`${what} and will be removed in a future release. Use a custom network instead.`];
  }

  add(machine: string, member: NewMember): void {
    this.set(memberOf(machine, member));
  }

  rename(machine: string, id: string, name: string): void {
    const row = this.get(machine, id);
    if (!row) return;
    const renamed = { ...row, name };
    const networks = mapValues(row.networks, (settings, network) =>
      settings.DNSNames ? named(renamed, network, settings) : settings,
    );
    this.set({ ...renamed, networks });
    for (const endpoint of this.#rooms.endpoints.of(machine, id)) {
      const network = this.#rooms.networks.get(machine, endpoint.network);
      const names = networks[network?.name ?? '']?.DNSNames ?? [];
      this.#rooms.endpoints.rename(endpoint, name, names);
    }
  }

  remove(machine: string, id: string): void {
    this.leave(machine, id);
    this.#rows.delete(memberKey(machine, id));
  }

  join(machine: string, id: string): Joined | Refusal {
    this.leave(machine, id);
    const row = this.#rows.need(memberKey(machine, id));
    const other = sharedWith(row.mode);
    if (other !== undefined) return this.#share(row, other);
    const joining: Joining = {
      row,
      bridge: bridgeGateway(this.#rooms.networks, machine),
      links: [],
      readFile: this.#rooms.readFile,
    };
    const links = this.#links(row);
    if ('ok' in links) return links;
    const problem = this.#connectAll(row);
    if (problem) {
      this.leave(machine, id);
      return { ...problem, message: `${SET_UP}: ${problem.message}` };
    }
    const now = this.#rows.need(memberKey(machine, id));
    const ips = this.addresses(machine, id);
    const { files, hostname } = filesFor({ ...joining, row: now, links }, ips);
    this.set({ ...now, sandbox: { id: this.#sandboxId(machine), files, hostname } });
    const shown = ips.map((ip) => ({ ip, private: true as const }));
    return { ok: true, ips: shown, managed: files, hostNetwork: row.mode === 'host', hostname };
  }

  /**
   * The resolv.conf of a container that has joined a network: the first that a user defined brings
   * Docker's own name server (moby/moby v29.7 `daemon/libnetwork/sandbox_dns_unix.go`, `rebuildDNS`).
   * Simplified: also one that somebody has edited is written anew.
   */
  resolvConf(row: MemberRow): string {
    return resolvConfOf(row, this.#rooms.readFile);
  }

  #sandboxId(machine: string): string {
    const count = (this.#counts.get(machine) ?? 0) + 1;
    this.#counts.set(machine, count);
    return this.#kernel.random('docker', machine, 'sandbox', count).text(64, HEX);
  }

  /** Takes part in another container's network (`getNetworkedContainer`). */
  #share(row: MemberRow, text: string): Joined | Refusal {
    const { machine, id } = row;
    const found = this.#rooms.containers.lookup(machine, text);
    const joining = 'joining network namespace of container';
    if (!found.ok) {
      return refuse(found.status === 404 ? 500 : found.status, `${joining}: ${found.message}`);
    }
    if (found.id === id) return refuse(500, 'cannot join own network namespace');
    const problem = notRunning(found, text);
    if (problem) return problem;
    const owner = this.networkOf(machine, found.id);
    const files = this.get(machine, found.id)?.sandbox?.files ?? {};
    const hostname = this.get(machine, found.id)?.sandbox?.hostname ?? '';
    const sandbox = { id: '', files, hostname, shared: found.id };
    this.set({ ...row, sandbox });
    const ips = owner === undefined ? [] : this.addresses(machine, owner);
    return {
      ok: true,
      ips: ips.map((ip) => ({ ip, private: true as const })),
      managed: files,
      hostNetwork: owner === undefined,
      hostname,
    };
  }

  /** Entries for `--link` on the default bridge. */
  #links(row: MemberRow): { ip: string; names: string }[] | Refusal {
    const entries: { ip: string; names: string }[] = [];
    if (isUserDefined(row.mode)) return entries;
    for (const link of row.links) {
      const [target = '', alias = target] = link.split(':');
      const found = this.#rooms.containers.lookup(row.machine, target);
      if (!found.ok) return found;
      const child = this.get(row.machine, found.id);
      if (found.state !== 'running' || !child) {
        const what = `Cannot link to a non running container: /${found.name}`;
        return refuse(500, `${what} AS /${row.name}/${alias}`);
      }
      const bridge = child.networks.bridge;
      if (!bridge) {
        return refuse(500, `container ${found.id} not attached to default bridge network`);
      }
      const names = [alias, child.hostname, ...(alias === child.name ? [] : [child.name])];
      entries.push({ ip: bridge.IPAddress, names: names.join(' ') });
    }
    return entries;
  }

  #connectAll(row: MemberRow): Refusal | undefined {
    for (const [term, settings] of modeFirst(row)) {
      const now = this.#rows.need(memberKey(row.machine, row.id));
      const problem = this.connect(now, term, settings, own(row.macs, term));
      if (problem) return problem;
    }
    return this.publish(row.machine, row.id);
  }

  /** Puts a container that starts or runs on a network (`connectToNetwork`). */
  connect(
    row: MemberRow,
    term: string,
    settings: EndpointSettings,
    mac: string | undefined,
  ): Refusal | undefined {
    const { machine, id } = row;
    if (sharedWith(row.mode) !== undefined) return refuse(400, SHARED);
    const wanted = isUserDefined(term) && settings.NetworkID !== '' ? settings.NetworkID : term;
    const found = this.#rooms.networks.findToJoin(machine, wanted);
    if (!found.ok) return found;
    const network = found.row;
    const asked = named(row, network.name, settings);
    const problem = this.checkSettings(row, network, asked);
    if (problem) return problem;
    if (network.configOnly) {
      return refuse(403, 'cannot create endpoint on configuration-only network');
    }
    const ip = this.#addressFor(row, network, settings.IPAMConfig?.IPv4Address);
    if (typeof ip === 'object') return ip;
    const made = this.#rooms.endpoints.create(network, {
      container: id,
      name: row.name,
      names: asked.DNSNames ?? [],
      ...(ip === undefined || ip === '' ? {} : { ip }),
      ...(mac === undefined || mac === '' ? {} : { mac }),
    });
    if (!made.ok) return made;
    this.#openWayOut(row, network);
    const { [term]: _asked, ...others } = row.networks;
    const full = withEndpoint(asked, network, made.endpoint);
    const macs = mac === undefined || mac === '' ? row.macs : { ...row.macs, [network.name]: mac };
    this.set({ ...row, networks: { ...others, [network.name]: full }, macs });
    this.#rooms.networks.emit(network, 'connect', { container: id }, row.name);
    return undefined;
  }

  /** The address asked for; on a network that spans machines, the one that is given there. */
  #addressFor(
    { machine, id, name }: MemberRow,
    network: NetworkRow,
    ip = '',
  ): string | undefined | Refusal {
    const { shared } = this.#rooms.networks;
    return isShared(network) ? shared?.attach(machine, network, { id, name, ip }) : ip;
  }

  /** Networks that span machines lead nowhere else; their containers go out by a bridge. */
  #openWayOut({ machine, id }: MemberRow, network: NetworkRow): void {
    if (!isShared(network) || network.internal) return;
    const { networks, endpoints } = this.#rooms;
    const bridge = networks.gatewayBridge(machine);
    if (endpoints.of(machine, id).some((one) => one.network === bridge.id)) return;
    endpoints.create(bridge, { container: id, name: `gateway_${id.slice(0, 12)}`, names: [] });
  }

  /** What is wrong with a container's going on a network, whatever addresses are free. */
  checkSettings(
    row: MemberRow,
    network: NetworkRow,
    settings: EndpointSettings,
  ): Refusal | undefined {
    const why = endpointProblem(network, network.name, settings);
    if (why !== undefined) return refuse(400, why);
    const others = Object.keys(row.networks).flatMap(
      (name) => this.#rooms.networks.named(row.machine, name) ?? [],
    );
    return checkMix(row.mode, network, others);
  }

  /** Takes the ports to publish, if there is a way out; they may be taken already. */
  publish(machine: string, id: string): Refusal | undefined {
    const row = this.#rows.need(memberKey(machine, id));
    const endpoint = gatewayEndpoint(this.#rooms, machine, id, priorityOf(row));
    const { ports } = this.#rooms;
    if (!endpoint) {
      ports.release(machine, id);
      return undefined;
    }
    if (ports.of(machine, id).length > 0) return undefined;
    const { bindings, exposed, publishAll } = row;
    const defaultIp = endpoint.row.options[OPTIONS.bindingAddress] ?? '0.0.0.0';
    const why = publishPorts(ports, { machine, id, bindings, exposed, publishAll, defaultIp });
    if (why === undefined) return undefined;
    const what = 'driver failed programming external connectivity on endpoint';
    return refuse(500, `${what} ${row.name} (${endpoint.id}): ${why}`);
  }

  leave(machine: string, id: string): void {
    const row = this.get(machine, id);
    if (!row) return;
    const { endpoints, networks, ports } = this.#rooms;
    ports.release(machine, id);
    for (const endpoint of endpoints.of(machine, id)) {
      const network = networks.get(machine, endpoint.network);
      for (const other of this.sharing(machine, id)) {
        if (endpoint.ip !== undefined) this.#rooms.detach(machine, other.id, endpoint.ip);
      }
      endpoints.delete(network, endpoint);
      if (!network) continue;
      if (isShared(network)) networks.shared?.detach(machine, network, id);
      if (own(row.networks, network.name)) {
        networks.emit(network, 'disconnect', { container: id }, row.name);
      }
    }
    const { sandbox: _sandbox, ...rest } = row;
    this.set({ ...rest, networks: mapValues(row.networks, withoutRun) });
  }

  settings(machine: string, id: string): NetworkSettings {
    const row = this.get(machine, id);
    const sandbox = row?.sandbox?.shared === undefined ? row?.sandbox : undefined;
    const key = row?.mode === 'host' ? 'default' : (sandbox?.id.slice(0, 12) ?? '');
    return {
      SandboxID: sandbox?.id ?? '',
      SandboxKey: sandbox ? `/var/run/docker/netns/${key}` : '',
      Ports: this.#portMap(row),
      Networks: row?.networks ?? {},
    };
  }

  ports(machine: string, id: string): PortSummary[] {
    return portSummary(this.#portMap(this.get(machine, id)));
  }

  /** Addresses of a container, in the order in which it was connected. */
  addresses(machine: string, id: string): string[] {
    return this.#endpointsOf(machine, id).flatMap(({ ip }) => ip ?? []);
  }

  /** The address others see when it goes out. */
  wayOut(machine: string, id: string): string | undefined {
    const row = this.get(machine, id);
    const first = row && gatewayEndpoint(this.#rooms, machine, id, priorityOf(row));
    return first?.ip ?? this.addresses(machine, id)[0];
  }

  interfaces(machine: string, id: string): NetworkInterface[] {
    const out = this.wayOut(machine, id);
    return this.#endpointsOf(machine, id).flatMap(({ network, ip, mac }, i) => {
      const row = this.#rooms.networks.get(machine, network);
      if (ip === undefined || row?.subnet === undefined) return [];
      const gateway = ip === out && !row.internal ? (row.gateway ?? '') : '';
      const { DriverOpts: options } = this.get(machine, id)?.networks[row.name] ?? {};
      const name = options?.[INTERFACE_NAME] ?? `eth${i}`;
      return [{ name, ip, prefix: Number(row.subnet.split('/')[1]), mac, gateway }];
    });
  }

  #endpointsOf(machine: string, id: string): EndpointRow[] {
    const { endpoints, networks } = this.#rooms;
    const names = Object.keys(this.get(machine, id)?.networks ?? {});
    const place = ({ network }: EndpointRow): number => {
      const at = names.indexOf(networks.get(machine, network)?.name ?? '');
      return at === -1 ? names.length : at;
    };
    return endpoints.of(machine, id).sort((a, b) => place(a) - place(b));
  }

  #portMap(row: MemberRow | undefined): PortMap {
    const { endpoints, networks, ports } = this.#rooms;
    if (!row) return {};
    const isBridged = ({ network }: EndpointRow): boolean =>
      networks.get(row.machine, network)?.subnet !== undefined;
    if (!endpoints.of(row.machine, row.id).some(isBridged)) return {};
    return portMap(ports, row);
  }
}

function notRunning({ name, state }: KnownContainer, text: string): Refusal | undefined {
  if (state === 'running' || state === 'paused') return undefined;
  if (state === 'restarting') {
    const why = `Container ${text} is restarting, wait until the container is running`;
    return refuse(409, `cannot join network namespace of container: ${why}`);
  }
  const what = 'cannot join network namespace of a non running container';
  return refuse(409, `${what}: container ${name} is ${state}`);
}

const priorityOf =
  ({ networks }: MemberRow) =>
  (network: string): number =>
    own(networks, network)?.GwPriority ?? 0;

/** What an inspect shows of an endpoint in use. */
function withEndpoint(
  settings: EndpointSettings,
  network: NetworkRow,
  { id, ip = '', mac }: EndpointRow,
): EndpointSettings {
  return {
    ...EMPTY_ENDPOINT,
    ...settings,
    NetworkID: network.id,
    EndpointID: id,
    Gateway: ip === '' || network.internal ? '' : (network.gateway ?? ''),
    IPAddress: ip,
    MacAddress: mac,
    IPPrefixLen: ip === '' ? 0 : Number(network.subnet?.split('/')[1] ?? 0),
  };
}

const mapValues = <T>(
  record: Readonly<Record<string, T>>,
  change: (value: T, key: string) => T,
): Record<string, T> =>
  Object.fromEntries(Object.entries(record).map(([key, value]) => [key, change(value, key)]));
