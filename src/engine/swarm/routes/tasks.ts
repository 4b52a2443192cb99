import { answer, fail } from '../../docker/answer.ts';
import type { EngineResponse } from '../../docker/api.ts';
import { readFilters, type Filters } from '../../docker/filters.ts';
import type { Route } from '../../docker/routes/route.ts';
import {
  findNode,
  findService,
  findTask,
  isNotFound,
  type NotFound,
} from '../control-api/lookup.ts';
import type { SwarmRooms } from '../managers/rooms.ts';
import type { TaskObject } from '../objects.ts';
import { isDirty } from '../orchestrator/tasks.ts';
import type { SwarmStore } from '../store.ts';
import { TASK_STATES } from '../task.ts';
import { taskWire } from '../wire/task.ts';
import { byManager, type ManagerCall } from './access.ts';
import { beginsWith, equals, hasLabels } from './filters.ts';

/** `/tasks` (moby/moby v29.7 `daemon/cluster/tasks.go`, `filters.go`). */
export const taskRoutes = (rooms: SwarmRooms): Route[] => [
  {
    method: 'GET',
    path: /^\/tasks$/,
    handle: byManager(rooms, (call) => list(rooms, call)),
  },
  {
    method: 'GET',
    path: /^\/tasks\/([^/]+)$/,
    handle: byManager(rooms, ({ swarm, params: [text = ''] }) => {
      const task = findTask(rooms.store, swarm, text);
      if (isNotFound(task)) return fail(task.status, task.message);
      return answer(200, taskWire(rooms.store, swarm, task));
    }),
  },
];

const ACCEPTED = [
  ...['name', 'id', 'label', 'service', 'node', 'desired-state', '_up-to-date', 'runtime'],
];

interface Wanted {
  readonly services: readonly string[];
  readonly nodes: readonly string[];
}

function list({ store }: SwarmRooms, { swarm, query }: ManagerCall): EngineResponse {
  const read = readFilters(query.filters);
  if (!read.ok) return fail(400, read.message);
  const { filters } = read;
  const problem = filters.problem(ACCEPTED);
  if (problem !== undefined) return fail(400, problem);
  const services = idsOf(filters, 'service', (text) => findService(store, swarm, text));
  if ('status' in services) return fail(services.status, services.message);
  const nodes = idsOf(filters, 'node', (text) => findNode(store, swarm, text));
  if ('status' in nodes) return fail(nodes.status, nodes.message);
  const state = filters.get('desired-state').find((text) => !isState(text.toLowerCase()));
  if (state !== undefined) return fail(500, `Invalid desired-state filter: '${state}'`);
  const wanted = { services: services.ids, nodes: nodes.ids };
  const found = candidates(store, swarm, wanted).filter((task) =>
    isMeant(store, swarm, filters, task),
  );
  return answer(
    200,
    found.map((task) => taskWire(store, swarm, task)),
  );
}

const isState = (text: string): boolean => text === '' || Object.hasOwn(TASK_STATES, text);

/** The ids of those who are named; a name that is none ends the search. */
function idsOf(
  filters: Filters,
  key: string,
  find: (text: string) => { readonly id: string } | NotFound,
): { readonly ids: readonly string[] } | NotFound {
  const ids: string[] = [];
  for (const text of filters.get(key)) {
    const found = find(text);
    if (isNotFound(found)) return found;
    ids.push(found.id);
  }
  return { ids };
}

function candidates(store: SwarmStore, swarm: string, { services, nodes }: Wanted): TaskObject[] {
  const onNodes = ({ node }: TaskObject): boolean => nodes.length === 0 || nodes.includes(node);
  if (services.length > 0) {
    return services.flatMap((id) => store.tasksOf(swarm, id)).filter(onNodes);
  }
  if (nodes.length > 0) return nodes.flatMap((id) => store.tasksOn(swarm, id));
  return store.list(swarm, 'task');
}

function isMeant(store: SwarmStore, swarm: string, filters: Filters, task: TaskObject): boolean {
  const states = filters.get('desired-state').map((text) => text.toLowerCase());
  return (
    beginsWith(filters, 'name', task.name) &&
    beginsWith(filters, 'id', task.id) &&
    hasLabels(filters, 'label', task.serviceLabels ?? {}) &&
    (states.length === 0 || states.includes(task.desired)) &&
    (!filters.has('runtime') || equals(filters, 'runtime', 'container')) &&
    (!filters.has('_up-to-date') || isUpToDate(store, swarm, task))
  );
}

/** It is what its service says now. */
function isUpToDate(store: SwarmStore, swarm: string, task: TaskObject): boolean {
  const service = store.get(swarm, 'service', task.service);
  return service !== undefined && !isDirty(service, task, store.get(swarm, 'node', task.node));
}
