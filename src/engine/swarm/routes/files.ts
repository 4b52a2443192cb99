import { answer, done, fail } from '../../docker/answer.ts';
import type { EngineResponse } from '../../docker/api.ts';
import { readFilters } from '../../docker/filters.ts';
import type { Route } from '../../docker/routes/route.ts';
import type { SecretSpec } from '../api.ts';
import { isFailure, type Failure } from '../control-api/failure.ts';
import {
  createFile,
  removeFile,
  updateFile,
  type FileKind,
  type FileObject,
} from '../control-api/file.ts';
import { findFile, isNotFound } from '../control-api/lookup.ts';
import type { SwarmRooms } from '../managers/rooms.ts';
import { fileWire } from '../wire/file.ts';
import { byManager, type ManagerCall } from './access.ts';
import { beginsWith, equals, hasLabels } from './filters.ts';
import { readVersion } from './version.ts';

/** `/secrets`, `/configs` (moby/moby v29.7 `daemon/server/router/swarm/cluster_routes.go`). */
export const fileRoutes = (rooms: SwarmRooms): Route[] => [
  ...routesOf(rooms, 'secret'),
  ...routesOf(rooms, 'config'),
];

function routesOf(rooms: SwarmRooms, kind: FileKind): Route[] {
  const all = new RegExp(`^/${kind}s$`);
  const one = new RegExp(`^/${kind}s/([^/]+)$`);
  return [
    { method: 'GET', path: all, handle: byManager(rooms, (call) => list(rooms, kind, call)) },
    {
      method: 'POST',
      path: new RegExp(`^/${kind}s/create$`),
      handle: byManager(rooms, ({ swarm, body }) => {
        const made = createFile(rooms, swarm, kind, body ?? {});
        return isFailure(made) ? made : answer(201, { ID: made.id });
      }),
    },
    {
      method: 'GET',
      path: one,
      handle: byManager(rooms, (call) =>
        withFile(rooms, kind, call, (file) => answer(200, fileWire(kind, file))),
      ),
    },
    {
      method: 'POST',
      path: new RegExp(`^/${kind}s/([^/]+)/update$`),
      handle: byManager(rooms, (call) => update(rooms, kind, call)),
    },
    {
      method: 'DELETE',
      path: one,
      handle: byManager(rooms, (call) =>
        withFile(rooms, kind, call, (file) => removeFile(rooms, call.swarm, kind, file) ?? done()),
      ),
    },
  ];
}

function withFile(
  { store }: SwarmRooms,
  kind: FileKind,
  { swarm, params: [text = ''] }: ManagerCall,
  handle: (file: FileObject) => EngineResponse | Failure,
): EngineResponse | Failure {
  const file = findFile(store, swarm, kind, text);
  return isNotFound(file) ? fail(file.status, file.message) : handle(file);
}

function update(rooms: SwarmRooms, kind: FileKind, call: ManagerCall): EngineResponse | Failure {
  const version = readVersion(kind, call.query.version);
  if (typeof version === 'string') return fail(400, version);
  const spec = (call.body ?? {}) as Partial<SecretSpec>;
  return withFile(
    rooms,
    kind,
    call,
    (file) => updateFile(rooms, call.swarm, kind, file, { spec, version }) ?? answer(200, {}),
  );
}

const ACCEPTED = ['names', 'name', 'id', 'label'];

function list(
  { store }: SwarmRooms,
  kind: FileKind,
  { swarm, query }: ManagerCall,
): EngineResponse {
  const read = readFilters(query.filters);
  if (!read.ok) return fail(400, read.message);
  const { filters } = read;
  const problem = filters.problem(ACCEPTED);
  if (problem !== undefined) return fail(400, problem);
  const found: readonly FileObject[] = store.list(swarm, kind);
  return answer(
    200,
    found
      .filter(
        ({ id, spec }) =>
          equals(filters, 'names', spec.Name) &&
          beginsWith(filters, 'name', spec.Name) &&
          beginsWith(filters, 'id', id) &&
          hasLabels(filters, 'label', spec.Labels),
      )
      .map((file) => fileWire(kind, file)),
  );
}
