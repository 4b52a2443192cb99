import { answer, done, fail, isTrue } from '../answer.ts';
import type {
  EngineResponse,
  NetworkCreateAnswer,
  NetworkCreateBody,
  NetworkPruneReport,
} from '../api.ts';
import { readFilters } from '../filters.ts';
import { checkCreate } from '../networks/create.ts';
import { connectContainer, disconnectContainer } from '../networks/connect.ts';
import { inspectNetwork, listFilter, pruneFilter, summarize } from '../networks/inspect.ts';
import type { NetworkRoom } from '../networks/network-room.ts';
import { refused, type NetworkRow } from '../networks/row.ts';
import { isShared } from '../networks/shared-networks.ts';
import type { Route } from './route.ts';

/** moby/moby v29.7 `daemon/server/router/network/network_routes.go`. */
export const networkRoutes = (room: NetworkRoom): Route[] => [
  {
    method: 'GET',
    path: /^\/networks\/?$/,
    handle: ({ machine, query }) => list(room, machine, query.filters),
  },
  {
    method: 'GET',
    path: /^\/networks\/([^/]+)$/,
    handle: ({ machine, params: [term = ''], query }) => {
      const found = query.scope === 'swarm' ? withShared : withKnown;
      return found(room, machine, term, (row) =>
        answer(200, inspectNetwork(room.networks, room.endpoints, row, isTrue(query.verbose))),
      );
    },
  },
  {
    method: 'POST',
    path: /^\/networks\/create$/,
    handle: ({ machine, body }) => {
      const shared = createShared(room, machine, body ?? {});
      if (shared) return shared;
      const made = room.networks.create(machine, body ?? {});
      if (!made.ok) return refused(made);
      return answer<NetworkCreateAnswer>(201, { Id: made.row.id, Warning: '' });
    },
  },
  {
    method: 'POST',
    path: /^\/networks\/prune$/,
    handle: ({ machine, query }) => prune(room, machine, query.filters),
  },
  {
    method: 'POST',
    path: /^\/networks\/([^/]+)\/connect$/,
    handle: ({ machine, params: [term = ''], body }) =>
      connectContainer(connectRooms(room), machine, term, body ?? {}),
  },
  {
    method: 'POST',
    path: /^\/networks\/([^/]+)\/disconnect$/,
    handle: ({ machine, params: [term = ''], body }) =>
      disconnectContainer(connectRooms(room), machine, term, body ?? {}),
  },
  {
    method: 'DELETE',
    path: /^\/networks\/([^/]+)$/,
    handle: ({ machine, params: [term = ''] }) =>
      withKnown(room, machine, term, (row) => remove(room, row)),
  },
];

const connectRooms = ({ networks, endpoints, members, rooms }: NetworkRoom) => ({
  ...{ networks, endpoints, members },
  ...{ containers: rooms.containers, containerd: rooms.containerd },
});

/** As the router finds one; its words for several differ from the daemon's. */
function withNetwork(
  { networks }: NetworkRoom,
  machine: string,
  term: string,
  then: (row: NetworkRow) => EngineResponse,
): EngineResponse {
  const found = networks.find(machine, term);
  if (found.ok) return then(found.row);
  const several = /^network (.*) is ambiguous \((\d+ matches found based on ID prefix)\)$/.exec(
    found.message,
  );
  if (!several) return refused(found);
  return fail(400, `${several[2]}: network ${several[1]} is ambiguous`);
}

/** Those that span machines are found, too, though none of their containers is here. */
function withKnown(
  room: NetworkRoom,
  machine: string,
  term: string,
  then: (row: NetworkRow) => EngineResponse,
): EngineResponse {
  const isLocal = room.networks.named(machine, term) !== undefined;
  const row = sharedRowOf(room, machine, term, isLocal) ?? standingById(room, machine, term);
  if (!row) return withNetwork(room, machine, term, then);
  return then(room.networks.get(machine, row.id) ?? row);
}

/** Those that span machines alone: `?scope=swarm`. */
function withShared(
  room: NetworkRoom,
  machine: string,
  term: string,
  then: (row: NetworkRow) => EngineResponse,
): EngineResponse {
  const { networks } = room;
  const row = sharedRowOf(room, machine, term) ?? networks.shared?.standing(machine, term);
  if (!row) return fail(404, `network ${term} not found`);
  return then(networks.get(machine, row.id) ?? row);
}

/** By its id or name, or by how its id begins unless that names one here. */
function sharedRowOf(
  { networks }: NetworkRoom,
  machine: string,
  term: string,
  isLocal = false,
): NetworkRow | undefined {
  const known = networks.known(machine).filter(isShared);
  const begun = known.filter(({ id }) => id.startsWith(term));
  const exact = known.find(({ id, name }) => id === term || name === term);
  return exact ?? (begun.length === 1 && !isLocal ? begun[0] : undefined);
}

function standingById(
  { networks }: NetworkRoom,
  machine: string,
  term: string,
): NetworkRow | undefined {
  const row = networks.shared?.standing(machine, term);
  return row?.id === term ? row : undefined;
}

/** One that is to span machines is made elsewhere; undefined for one of this machine. */
function createShared(
  { networks }: NetworkRoom,
  machine: string,
  body: NetworkCreateBody,
): EngineResponse | undefined {
  const { shared } = networks;
  const { Name = '', Driver = '', Scope = '' } = body;
  if (!shared) return undefined;
  if (networks.known(machine).some((row) => isShared(row) && row.name === Name)) {
    return fail(409, `network with name ${Name} already exists`);
  }
  if (body.ConfigOnly || !(Driver === 'overlay' || Scope === 'swarm')) return undefined;
  const problem = checkCreate(body);
  return problem ? refused(problem) : shared.create(machine, body);
}

function list({ networks, endpoints }: NetworkRoom, machine: string, text?: string) {
  const read = readFilters(text);
  if (!read.ok) return fail(400, read.message);
  const filter = listFilter(read.filters, endpoints);
  if (!filter.ok) return refused(filter);
  return answer(200, networks.known(machine).filter(filter.matches).map(summarize));
}

function remove({ networks, endpoints }: NetworkRoom, row: NetworkRow): EngineResponse {
  if (isShared(row) && networks.shared) return networks.shared.remove(row.machine, row);
  const used = endpoints
    .on(row)
    .map(({ name, id }) => `name:${JSON.stringify(name)} id:${JSON.stringify(id.slice(0, 12))}`);
  const problem = networks.remove(row, used);
  return problem ? refused(problem) : done();
}

/** Removes what nobody is on. */
function prune({ networks, endpoints, rooms, nowMs }: NetworkRoom, machine: string, text?: string) {
  const read = readFilters(text);
  if (!read.ok) return fail(400, read.message);
  const filter = pruneFilter(read.filters, endpoints, nowMs);
  if (!filter.ok) return refused(filter);
  const gone: string[] = [];
  for (const row of networks.list(machine)) {
    if (isShared(row)) continue;
    if (filter.matches(row) && !networks.remove(row, [])) gone.push(row.name);
  }
  const Attributes = { reclaimed: '0' };
  rooms.events.emit(machine, { Type: 'network', Action: 'prune', ID: '', Attributes });
  return answer<NetworkPruneReport>(200, { NetworksDeleted: gone.length > 0 ? gone : null });
}
