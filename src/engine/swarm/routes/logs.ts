import { fail, isTrue } from '../../docker/answer.ts';
import type { EngineResponse } from '../../docker/api.ts';
import type { Route } from '../../docker/routes/route.ts';
import { findService, findTask, isNotFound } from '../control-api/lookup.ts';
import type { LogsArgs, LogSources } from '../log-broker/logs.ts';
import type { SwarmRooms } from '../managers/rooms.ts';
import type { TaskObject } from '../objects.ts';
import { compareStates } from '../task.ts';
import { accessProblem } from './access.ts';

/** `/services/ID/logs` and `/tasks/ID/logs` (moby/moby v29.7 `daemon/cluster/services.go`). */
export const logRoutes = (rooms: SwarmRooms): Route[] =>
  (['services', 'tasks'] as const).map((kind) => ({
    method: 'GET',
    path: new RegExp(`^/${kind}/([^/]+)/logs$`),
    handle: ({ machine, params: [text = ''], query, stream, asker }) => {
      const problem = accessProblem(rooms, machine);
      if (problem) return problem;
      const swarm = rooms.locals.get(machine)?.swarm ?? '';
      const of = targetOf(rooms, swarm, kind, text);
      if ('status' in of) return of;
      const { since, tail, timestamps, stdout, stderr } = query;
      if (!isTrue(stdout) && !isTrue(stderr)) {
        return fail(400, 'Bad parameters: you must choose at least one stream');
      }
      const args: LogsArgs = {
        ...{ machine, swarm, stream, ...of },
        query: {
          ...(isTrue(stdout) && { stdout: '1' }),
          ...(isTrue(stderr) && { stderr: '1' }),
          ...(isTrue(timestamps) && { timestamps: '1' }),
          ...(since !== undefined && { since }),
          ...(tail !== undefined && { tail }),
        },
        follow: isTrue(query.follow),
        details: isTrue(query.details),
      };
      return rooms.processes.delegate(asker, 'swarm/logs', args);
    },
  }));

function targetOf(
  { store }: SwarmRooms,
  swarm: string,
  kind: 'services' | 'tasks',
  text: string,
): { readonly task: string } | { readonly service: string } | EngineResponse {
  if (kind === 'services') {
    const service = findService(store, swarm, text);
    return isNotFound(service) ? fail(service.status, service.message) : { service: service.id };
  }
  const task = findTask(store, swarm, text);
  return isNotFound(task) ? fail(task.status, task.message) : { task: task.id };
}

/** Where the containers of a service's tasks, or of one task, are to be found now. */
export function logSources(rooms: SwarmRooms, args: LogsArgs): LogSources {
  const { swarm, task, service, stream } = args;
  const { store, dispatcher, processes } = rooms;
  const found: readonly (TaskObject | undefined)[] =
    task === undefined ? store.tasksOf(swarm, service ?? '') : [store.get(swarm, 'task', task)];
  const tasks: LogSources['tasks'][number][] = [];
  const missing = new Set<string>();
  for (const one of found) {
    if (!one || one.node === '' || compareStates(one.status.state, 'assigned') < 0) continue;
    const machine = store.get(swarm, 'node', one.node)?.machine;
    if (machine === undefined || !dispatcher.isLive(swarm, one.node)) missing.add(one.node);
    else tasks.push({ id: one.id, service: one.service, node: one.node, machine, name: one.name });
  }
  return { tasks, missing: [...missing], isRead: processes.streams.isOpen(stream) };
}
