import type { Containerd } from '../../containerd/containerd.ts';
import { answer } from '../answer.ts';
import type {
  EndpointSettings,
  EngineResponse,
  NetworkConnectBody,
  NetworkDisconnectBody,
} from '../api.ts';
import type { Endpoints } from './endpoints.ts';
import { HOSTS, hostsLine, ownNames, RESOLV_CONF, withoutEntry } from './files.ts';
import { EMPTY_ENDPOINT, named, own, type MemberRow } from './member.ts';
import { refuse, type ContainerLookup, type KnownContainer, type Refusal } from './membership.ts';
import type { ContainerMemberships } from './memberships.ts';
import type { Networks } from './networks.ts';
import { refused, type NetworkRow } from './row.ts';

/**
 * `docker network connect` and `disconnect` (moby/moby v29.7 `daemon/container_operations.go`,
 * `ConnectToNetwork`, `DisconnectFromNetwork`).
 */
export interface ConnectRooms {
  readonly networks: Networks;
  readonly endpoints: Endpoints;
  readonly members: ContainerMemberships;
  readonly containers: ContainerLookup;
  readonly containerd: Containerd;
}

const isOn = ({ state }: KnownContainer): boolean =>
  state === 'running' || state === 'paused' || state === 'restarting';

export function connectContainer(
  rooms: ConnectRooms,
  machine: string,
  term: string,
  body: NetworkConnectBody,
): EngineResponse {
  const found = rooms.containers.lookup(machine, body.Container ?? '');
  if (!found.ok) return refused(found);
  const row = rooms.members.get(machine, found.id);
  if (!row) return refused(refuse(404, `No such container: ${body.Container ?? ''}`));
  const settings = { ...EMPTY_ENDPOINT, ...body.EndpointConfig };
  const problem = isOn(found)
    ? connectRunning(rooms, row, term, settings)
    : connectStopped(rooms, row, found, term, settings);
  return problem ? refused(problem) : answer(200, {});
}

/** One that does not run is noted down: it is connected when it starts. */
function connectStopped(
  { networks, members }: ConnectRooms,
  row: MemberRow,
  { id, state }: KnownContainer,
  term: string,
  settings: EndpointSettings,
): Refusal | undefined {
  if (state === 'removing' || state === 'dead') return marked(id);
  const found = networks.find(row.machine, term);
  const name = found.ok ? found.row.name : term;
  const asked = named(row, name, settings);
  if (found.ok) {
    const problem = members.checkSettings(row, found.row, asked);
    if (problem) return problem;
    if (own(row.networks, name)) return undefined;
  }
  const macs = settings.MacAddress === '' ? row.macs : { ...row.macs, [name]: settings.MacAddress };
  members.set({ ...row, networks: { ...row.networks, [name]: asked }, macs });
  return undefined;
}

function connectRunning(
  { members, containerd, networks, endpoints }: ConnectRooms,
  row: MemberRow,
  term: string,
  settings: EndpointSettings,
): Refusal | undefined {
  const { machine, id } = row;
  const problem = members.connect(row, term, settings, settings.MacAddress);
  if (problem) return problem;
  const network = networks.find(machine, term);
  const endpoint = endpoints
    .of(machine, id)
    .find((one) => network.ok && one.network === network.row.id);
  const unpublished = members.publish(machine, id);
  if (unpublished && network.ok) {
    detach({ members, endpoints, networks }, members.get(machine, id) ?? row, network.row);
    return unpublished;
  }
  const ip = endpoint?.ip;
  if (ip === undefined) return undefined;
  const joined = members.get(machine, id) ?? row;
  const hosts = (joined.sandbox?.files[HOSTS] ?? '') + hostsLine({ ip, names: ownNames(row) });
  const files = { [HOSTS]: hosts, [RESOLV_CONF]: members.resolvConf(joined) };
  tellFiles(members, containerd, machine, id, files);
  for (const each of [id, ...members.sharing(machine, id).map((member) => member.id)]) {
    containerd.answer(machine, { op: 'connect', id: each, ip, private: true });
  }
  return undefined;
}

/** Docker's own files follow, in the container and in those that share its network. */
function tellFiles(
  members: ContainerMemberships,
  containerd: Containerd,
  machine: string,
  id: string,
  changed: Readonly<Record<string, string>>,
): void {
  for (const row of [members.get(machine, id), ...members.sharing(machine, id)]) {
    if (!row?.sandbox) continue;
    const files = { ...row.sandbox.files, ...changed };
    members.set({ ...row, sandbox: { ...row.sandbox, files } });
    containerd.answer(machine, { op: 'manage', id: row.id, files });
  }
}

export function disconnectContainer(
  rooms: ConnectRooms,
  machine: string,
  term: string,
  { Container = '', Force = false }: NetworkDisconnectBody,
): EngineResponse {
  const found = rooms.containers.lookup(machine, Container);
  const network = rooms.networks.find(machine, term);
  if (!found.ok) {
    if (!Force) return refused(found);
    if (!network.ok) return refused(network);
    return refused(refuse(404, `endpoint ${Container} not found`));
  }
  const row = rooms.members.get(machine, found.id);
  if (!row) return refused(refuse(404, `No such container: ${Container}`));
  const name = network.ok ? network.row.name : term;
  const problem =
    !isOn(found) || (!network.ok && Force)
      ? disconnectStopped(rooms.members, row, found, name)
      : network.ok
        ? disconnectRunning(rooms, row, network.row)
        : network;
  return problem ? refused(problem) : answer(200, {});
}

function disconnectStopped(
  members: ContainerMemberships,
  row: MemberRow,
  { id, state }: KnownContainer,
  name: string,
): Refusal | undefined {
  if (state === 'removing' || state === 'dead') return marked(id);
  if (!own(row.networks, name)) {
    return refuse(500, `container ${id} is not connected to the network ${name}`);
  }
  const { [name]: _gone, ...networks } = row.networks;
  members.set({ ...row, networks });
  return undefined;
}

function disconnectRunning(
  rooms: ConnectRooms,
  row: MemberRow,
  network: NetworkRow,
): Refusal | undefined {
  const { machine, id } = row;
  if (row.mode === 'host' && network.driver === 'host') {
    const why = 'container was created in host network mode';
    return refuse(400, `cannot disconnect container from host network - ${why}`);
  }
  const { members, containerd } = rooms;
  const ip = own(row.networks, network.name)?.IPAddress ?? '';
  if (!detach(rooms, row, network)) {
    return refuse(500, `container ${id} is not connected to network ${network.name}`);
  }
  members.publish(machine, id);
  if (ip === '') return undefined;
  const before = row.sandbox?.files[HOSTS] ?? '';
  const hosts = withoutEntry(before, { ip, names: ownNames(row) });
  tellFiles(members, containerd, machine, id, { [HOSTS]: hosts });
  for (const each of [id, ...members.sharing(machine, id).map((member) => member.id)]) {
    containerd.answer(machine, { op: 'disconnect', id: each, ip });
  }
  return undefined;
}

/** False when the container is not on the network. */
function detach(
  { endpoints, networks, members }: Pick<ConnectRooms, 'endpoints' | 'networks' | 'members'>,
  row: MemberRow,
  network: NetworkRow,
): boolean {
  const { machine, id } = row;
  const endpoint = endpoints.of(machine, id).find((one) => one.network === network.id);
  if (!endpoint) return false;
  endpoints.delete(network, endpoint);
  const { [network.name]: _gone, ...rest } = row.networks;
  members.set({ ...row, networks: rest });
  networks.emit(network, 'disconnect', { container: id }, row.name);
  return true;
}

const marked = (id: string): Refusal =>
  refuse(
    500,
    `Container ${id} is marked for removal and cannot be connected or disconnected to the network`,
  );
