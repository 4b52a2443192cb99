import { answer, fail, isTrue } from '../../docker/answer.ts';
import type { EngineResponse } from '../../docker/api.ts';
import { readFilters, type Filters } from '../../docker/filters.ts';
import type { Route } from '../../docker/routes/route.ts';
import { isRefused } from '../../go/refused.ts';
import type { ServiceSpec } from '../api.ts';
import { isFailure, type Failure } from '../control-api/failure.ts';
import { findService, isNotFound } from '../control-api/lookup.ts';
import { withDefaults } from '../control-api/service-defaults.ts';
import { readServiceSpec } from '../control-api/service-spec.ts';
import { statusOf } from '../control-api/service-status.ts';
import { createService, removeService, updateService } from '../control-api/service.ts';
import type { SwarmRooms } from '../managers/rooms.ts';
import type { ServiceObject } from '../objects.ts';
import { serviceWire } from '../wire/service.ts';
import { byManager, type ManagerCall } from './access.ts';
import { beginsWith, equals, hasLabels } from './filters.ts';
import { standIn } from './stand-in.ts';
import { readVersion } from './version.ts';

/** `/services` (moby/moby v29.7 `daemon/server/router/swarm/cluster_routes.go`). */
export const serviceRoutes = (rooms: SwarmRooms): Route[] => [
  {
    method: 'GET',
    path: /^\/services$/,
    handle: byManager(rooms, (call) => list(rooms, call)),
  },
  {
    method: 'GET',
    path: /^\/services\/([^/]+)$/,
    handle: byManager(rooms, (call) =>
      withService(rooms, call, (service) => {
        const isFull = isTrue(call.query.insertDefaults);
        return answer(
          200,
          serviceWire(service, isFull ? { spec: withDefaults(service.spec) } : {}),
        );
      }),
    ),
  },
  {
    method: 'POST',
    path: /^\/services\/create$/,
    handle: byManager(rooms, (call) => create(rooms, call)),
  },
  {
    method: 'POST',
    path: /^\/services\/([^/]+)\/update$/,
    handle: byManager(rooms, (call) => update(rooms, call)),
  },
  {
    method: 'DELETE',
    path: /^\/services\/([^/]+)$/,
    handle: byManager(rooms, (call) =>
      withService(
        rooms,
        call,
        (service) => removeService(rooms, call.swarm, service) ?? answer(200, {}),
      ),
    ),
  },
];

function withService(
  { store }: SwarmRooms,
  { swarm, params: [text = ''] }: ManagerCall,
  handle: (service: ServiceObject) => EngineResponse | Failure,
): EngineResponse | Failure {
  const service = findService(store, swarm, text);
  return isNotFound(service) ? fail(service.status, service.message) : handle(service);
}

/** The networks are named by what people call them; the swarm wants their ids. */
function readSpec(rooms: SwarmRooms, call: ManagerCall): ServiceSpec | EngineResponse {
  const { store, kernel } = rooms;
  const { swarm, body } = call;
  const random = kernel.random('swarm', 'service-name', kernel.now);
  const spec = readServiceSpec(body ?? {}, random);
  if (isRefused(spec)) return fail(400, spec.refused);
  const Networks: NonNullable<ServiceSpec['TaskTemplate']['Networks']>[number][] = [];
  for (const network of spec.TaskTemplate.Networks ?? []) {
    const { Target } = network;
    const found =
      store.get(swarm, 'network', Target) ??
      store.named(swarm, 'network', Target) ??
      standIn(rooms, call, Target);
    if (typeof found === 'string') return fail(403, found);
    if (!found) return fail(404, `network ${Target} not found`);
    Networks.push({ ...network, Target: found.id });
  }
  if (Networks.length === 0) return spec;
  return { ...spec, TaskTemplate: { ...spec.TaskTemplate, Networks } };
}

const isResponse = (value: ServiceSpec | EngineResponse): value is EngineResponse =>
  'status' in value && 'body' in value;

function create(rooms: SwarmRooms, call: ManagerCall): EngineResponse | Failure {
  const spec = readSpec(rooms, call);
  if (isResponse(spec)) return spec;
  const made = createService(rooms, call.swarm, spec);
  return isFailure(made) ? made : answer(201, { ID: made.id });
}

function update(rooms: SwarmRooms, call: ManagerCall): EngineResponse | Failure {
  const version = readVersion('service', call.query.version);
  if (typeof version === 'string') return fail(400, version);
  const { rollback = '' } = call.query;
  if (!['', 'none', 'previous'].includes(rollback)) {
    return fail(500, `unrecognized rollback option ${rollback}`);
  }
  const spec = readSpec(rooms, call);
  if (isResponse(spec)) return spec;
  const options = { version, rollback: rollback === 'previous' };
  return withService(
    rooms,
    call,
    (service) =>
      updateService(rooms, call.swarm, service, spec, options) ?? answer(200, { Warnings: null }),
  );
}

const ACCEPTED = ['name', 'id', 'label', 'mode', 'runtime'];

function list({ store }: SwarmRooms, { swarm, query }: ManagerCall): EngineResponse {
  const read = readFilters(query.filters);
  if (!read.ok) return fail(400, read.message);
  const problem = read.filters.problem(ACCEPTED);
  if (problem !== undefined) return fail(400, problem);
  const found = store.list(swarm, 'service').filter((service) => isMeant(read.filters, service));
  const isCounted = isTrue(query.status);
  return answer(
    200,
    found.map((service) =>
      serviceWire(service, isCounted ? { status: statusOf(store, swarm, service) } : {}),
    ),
  );
}

function isMeant(filters: Filters, { id, spec }: ServiceObject): boolean {
  const mode = (Object.keys(spec.Mode)[0] ?? '').replace('Job', '-job').toLowerCase();
  return (
    beginsWith(filters, 'name', spec.Name) &&
    beginsWith(filters, 'id', id) &&
    hasLabels(filters, 'label', spec.Labels) &&
    equals(filters, 'mode', mode) &&
    equals(filters, 'runtime', 'container')
  );
}
