import { answer, done, fail, isTrue } from '../answer.ts';
import type { EngineResponse, VolumeCreateBody, VolumeList, VolumePruneReport } from '../api.ts';
import { readFilters, type Filters } from '../filters.ts';
import { parseBoolean } from '../networks/create.ts';
import { hasLabels } from '../networks/inspect.ts';
import { refused } from '../networks/row.ts';
import { ANONYMOUS, describeVolume, type VolumeRow, type Volumes } from '../volumes/store.ts';
import type { Events } from '../events.ts';
import type { Route } from './route.ts';

/** moby/moby v29.7 `daemon/server/router/volume/volume_routes.go`, `service/service.go`. */
export const volumeRoutes = (volumes: Volumes, events: Events): Route[] => [
  {
    method: 'GET',
    path: /^\/volumes\/?$/,
    handle: ({ machine, query }) => list(volumes, machine, query.filters),
  },
  {
    method: 'GET',
    path: /^\/volumes\/([^/]+)$/,
    handle: ({ machine, params: [name = ''] }) => {
      const row = volumes.get(machine, name);
      return row ? answer(200, describeVolume(row)) : fail(404, `get ${name}: no such volume`);
    },
  },
  {
    method: 'POST',
    path: /^\/volumes\/create$/,
    handle: ({ machine, body }) => {
      const { Name = '', Driver, Labels, DriverOpts } = (body ?? {}) as VolumeCreateBody;
      const made = volumes.create(machine, {
        name: Name,
        ...(Driver === undefined ? {} : { driver: Driver }),
        labels: Labels ?? null,
        options: DriverOpts ?? null,
      });
      return made.ok ? answer(201, describeVolume(made.row)) : refused(made);
    },
  },
  {
    method: 'POST',
    path: /^\/volumes\/prune$/,
    handle: ({ machine, query }) => prune(volumes, events, machine, query.filters),
  },
  {
    method: 'DELETE',
    path: /^\/volumes\/([^/]+)$/,
    handle: ({ machine, params: [name = ''], query }) => {
      const problem = volumes.remove(machine, name, isTrue(query.force));
      return problem ? refused(problem) : done();
    },
  },
];

const LIST_FILTERS = ['dangling', 'name', 'driver', 'label'];
const PRUNE_FILTERS = ['label', 'label!', 'all'];

function list(volumes: Volumes, machine: string, text?: string): EngineResponse {
  const read = readFilters(text);
  if (!read.ok) return fail(400, read.message);
  const { filters } = read;
  const problem = filters.problem(LIST_FILTERS);
  if (problem !== undefined) return fail(400, problem);
  const dangling = filters.flag('dangling');
  if ('message' in dangling) return fail(400, dangling.message);
  const rows = volumes
    .list(machine)
    .filter(
      (row) =>
        filters.exact('driver', 'local') &&
        filters.match('name', row.name) &&
        filters.pairs('label', row.labels ?? {}) &&
        (dangling.value === undefined || dangling.value === (volumes.users(row).length === 0)),
    );
  return answer<VolumeList>(200, { Volumes: rows.map(describeVolume), Warnings: null });
}

/** Without `all` only those without a name of their own go (`withPrune`). */
function prune(volumes: Volumes, events: Events, machine: string, text?: string): EngineResponse {
  const read = readFilters(text);
  if (!read.ok) return fail(400, read.message);
  const { filters } = read;
  const all = allVolumes(filters);
  if (typeof all === 'string') return fail(400, all);
  const problem = filters.problem(PRUNE_FILTERS);
  if (problem !== undefined) return fail(400, problem);
  const isGoing = (row: VolumeRow): boolean =>
    volumes.users(row).length === 0 &&
    Object.keys(row.options ?? {}).length === 0 &&
    (all || Object.hasOwn(row.labels ?? {}, ANONYMOUS)) &&
    hasLabels(filters, row.labels ?? {});
  let SpaceReclaimed = 0;
  const VolumesDeleted: string[] = [];
  for (const row of volumes.list(machine).filter(isGoing)) {
    SpaceReclaimed += volumes.sizeBytes(row);
    if (!volumes.remove(machine, row.name)) VolumesDeleted.push(row.name);
  }
  const Attributes = { reclaimed: String(SpaceReclaimed) };
  events.emit(machine, { Type: 'volume', Action: 'prune', ID: '', Attributes });
  return answer<VolumePruneReport>(200, { VolumesDeleted, SpaceReclaimed });
}

function allVolumes(filters: Filters): boolean | string {
  const values = filters.get('all');
  if (values.length > 1) {
    return `invalid filter 'all=[${values.join(' ')}]': only one value is expected`;
  }
  const [value] = values;
  if (value === undefined) return false;
  const read = parseBoolean(value);
  if (read !== undefined) return read;
  const why = `strconv.ParseBool: parsing ${JSON.stringify(value)}: invalid syntax`;
  return `invalid filter 'all': ${why}`;
}
