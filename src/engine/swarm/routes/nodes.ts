import { answer, fail, isTrue } from '../../docker/answer.ts';
import type { EngineResponse } from '../../docker/api.ts';
import { readFilters, type Filters } from '../../docker/filters.ts';
import type { Route } from '../../docker/routes/route.ts';
import type { NodeSpec } from '../api.ts';
import type { Failure } from '../control-api/failure.ts';
import { findNode, isNotFound } from '../control-api/lookup.ts';
import { nodeSpecProblem, removeNode, updateNode } from '../control-api/node.ts';
import type { SwarmRooms } from '../managers/rooms.ts';
import type { NodeObject } from '../objects.ts';
import { nodeWire } from '../wire/node.ts';
import { byManager, type ManagerCall } from './access.ts';
import { beginsWith, equals, hasLabels } from './filters.ts';
import { readVersion } from './version.ts';

/** `/nodes` (moby/moby v29.7 `daemon/server/router/swarm/cluster_routes.go`). */
export const nodeRoutes = (rooms: SwarmRooms): Route[] => [
  {
    method: 'GET',
    path: /^\/nodes$/,
    handle: byManager(rooms, ({ swarm, query }) => list(rooms, swarm, query.filters)),
  },
  {
    method: 'GET',
    path: /^\/nodes\/([^/]+)$/,
    handle: byManager(rooms, (call) =>
      withNode(rooms, call, (node) => answer(200, nodeWire(rooms, call.swarm, node))),
    ),
  },
  {
    method: 'POST',
    path: /^\/nodes\/([^/]+)\/update$/,
    handle: byManager(rooms, (call) => update(rooms, call)),
  },
  {
    method: 'DELETE',
    path: /^\/nodes\/([^/]+)$/,
    handle: byManager(rooms, (call) =>
      withNode(
        rooms,
        call,
        (node) => removeNode(rooms, call.swarm, node, isTrue(call.query.force)) ?? answer(200, {}),
      ),
    ),
  },
];

function withNode(
  { store }: SwarmRooms,
  { swarm, params: [text = ''] }: ManagerCall,
  handle: (node: NodeObject) => EngineResponse | Failure,
): EngineResponse | Failure {
  const node = findNode(store, swarm, text);
  return isNotFound(node) ? fail(node.status, node.message) : handle(node);
}

function update(rooms: SwarmRooms, call: ManagerCall): EngineResponse | Failure {
  const version = readVersion('node', call.query.version);
  if (typeof version === 'string') return fail(400, version);
  const spec = (call.body ?? {}) as NodeSpec;
  const wrong = nodeSpecProblem(spec);
  if (wrong !== undefined) return fail(400, wrong);
  return withNode(
    rooms,
    call,
    (node) => updateNode(rooms, call.swarm, node, version, spec) ?? answer(200, {}),
  );
}

const ACCEPTED = ['name', 'id', 'label', 'role', 'membership', 'node.label'];

function list(rooms: SwarmRooms, swarm: string, text: string | undefined): EngineResponse {
  const read = readFilters(text);
  if (!read.ok) return fail(400, read.message);
  const { filters } = read;
  const problem = filters.problem(ACCEPTED) ?? valueProblem(filters);
  if (problem !== undefined) return fail(problem.startsWith('Invalid') ? 500 : 400, problem);
  const found = rooms.store.list(swarm, 'node').filter((node) => isMeant(filters, node));
  return answer(
    200,
    found.map((node) => nodeWire(rooms, swarm, node)),
  );
}

function valueProblem(filters: Filters): string | undefined {
  const role = filters.get('role').find((value) => !/^(worker|manager|)$/i.test(value));
  if (role !== undefined) return `Invalid role filter: '${role}'`;
  const other = filters.get('membership').find((value) => !/^(pending|accepted|)$/i.test(value));
  return other === undefined ? undefined : `Invalid membership filter: '${other}'`;
}

function isMeant(filters: Filters, { id, hostname, spec, engineLabels }: NodeObject): boolean {
  return (
    beginsWith(filters, 'name', hostname) &&
    beginsWith(filters, 'id', id) &&
    equals(filters, 'role', spec.Role) &&
    equals(filters, 'membership', 'accepted') &&
    hasLabels(filters, 'label', engineLabels) &&
    hasLabels(filters, 'node.label', spec.Labels ?? {})
  );
}
