import { answer, type done, fail, integer, isTrue } from '../answer.ts';
import type { CreateBody, FilesystemChange } from '../api.ts';
import type { Containers } from '../containers.ts';
import type { AttachArgs, LogsArgs } from '../containers/output.ts';
import type { RemoveArgs } from '../containers/operations.ts';
import { sample, type StatsArgs } from '../containers/statistics.ts';
import { isRefusal } from '../containers/store.ts';
import { top } from '../containers/top.ts';
import { update } from '../containers/update.ts';
import type { WaitCondition } from '../containers/waiting.ts';
import { readTimestamp } from '../timestamps.ts';
import type { Route, RouteCall } from './route.ts';

/** `/containers/…` (moby/moby v29.7 `daemon/server/router/container/container_routes.go`). */
export const containerRoutes = (containers: Containers): Route[] => [
  ...collection(containers),
  ...changes(containers),
  ...looks(containers),
  ...streams(containers),
];

const collection = ({ creation, listing, rooms }: Containers): Route[] => [
  {
    method: 'POST',
    path: /^\/containers\/create$/,
    handle: ({ machine, body, query }) =>
      creation.create(machine, body as CreateBody | undefined, query.name, query.platform),
  },
  {
    method: 'GET',
    path: /^\/containers\/json$/,
    handle: ({ machine, query }) => listing.list(machine, query),
  },
  {
    method: 'POST',
    path: /^\/containers\/prune$/,
    handle: ({ machine, query, asker }) =>
      rooms.processes.delegate(asker, 'docker/prune', { machine, filters: query.filters ?? '' }),
  },
];

function changes(containers: Containers): Route[] {
  const { creation, rooms, store } = containers;
  const { processes } = rooms;
  const signalled =
    (program: string) =>
    ({ machine, params: [text = ''], query, asker }: RouteCall): unknown => {
      const { t = '', signal } = query;
      const timeout = t === '' ? undefined : integer(t);
      if (timeout && 'message' in timeout) return fail(400, timeout.message);
      const args = { machine, text, ...(timeout ? { timeout: timeout.value } : {}), signal };
      return processes.delegate(asker, program, args);
    };
  const post = (action: string, handle: Route['handle']): Route => ({
    method: 'POST',
    path: new RegExp(`^/containers/([^/]*)/${action}$`),
    handle,
  });
  return [
    post('start', ({ machine, params: [text = ''], asker }) =>
      processes.delegate(asker, 'docker/start', { machine, text }),
    ),
    post('stop', signalled('docker/stop')),
    post('kill', signalled('docker/kill')),
    post('restart', signalled('docker/restart')),
    post('pause', ({ machine, params: [text = ''] }) => containers.pause(machine, text)),
    post('unpause', ({ machine, params: [text = ''] }) => containers.unpause(machine, text)),
    post('rename', ({ machine, params: [text = ''], query }) =>
      creation.rename(machine, text, query.name ?? ''),
    ),
    post('update', ({ machine, params: [text = ''], body }) =>
      update(rooms, store, machine, text, body ?? {}),
    ),
    post('resize', ({ machine, params: [text = ''] }) => {
      const row = store.find(machine, text);
      return isRefusal(row) ? fail(row.status, row.message) : answer(200, {});
    }),
    {
      method: 'DELETE',
      path: /^\/containers\/([^/]*)$/,
      handle: ({ machine, params: [text = ''], query, asker }) => {
        const [force, volumes] = [isTrue(query.force), isTrue(query.v)];
        const args: RemoveArgs = { machine, text, force, volumes };
        return processes.delegate(asker, 'docker/remove', args);
      },
    },
  ];
}

const CONDITIONS: readonly string[] = ['not-running', 'next-exit', 'removed'];

function looks(containers: Containers): Route[] {
  const { inspection, rooms, store } = containers;
  return [
    {
      method: 'GET',
      path: /^\/containers\/([^/]*)\/json$/,
      handle: ({ machine, params: [text = ''], query }) => inspection.inspect(machine, text, query),
    },
    {
      method: 'GET',
      path: /^\/containers\/([^/]*)\/changes$/,
      handle: ({ machine, params: [text = ''] }) => {
        const row = store.find(machine, text);
        if (isRefusal(row)) return fail(row.status, row.message);
        const said = rooms.containerd.answer(machine, { op: 'changes', id: row.id });
        if (!said.ok) return fail(500, said.message);
        const kinds = { C: 0, A: 1, D: 2 } as const;
        const body = said.changes.map(({ path, kind }) => ({ Kind: kinds[kind], Path: path }));
        return answer<FilesystemChange[]>(200, body);
      },
    },
    {
      method: 'GET',
      path: /^\/containers\/([^/]*)\/top$/,
      handle: (call) => topOf(containers, call),
    },
    {
      method: 'POST',
      path: /^\/containers\/([^/]*)\/wait$/,
      quiet: true,
      handle: ({ machine, params: [text = ''], query, asker }) => {
        const condition = query.condition || 'not-running';
        if (!CONDITIONS.includes(condition)) {
          return fail(400, `invalid condition: ${JSON.stringify(condition)}`);
        }
        const row = store.find(machine, text);
        if (isRefusal(row)) return fail(row.status, row.message);
        const args = { machine, id: row.id, condition: condition as WaitCondition };
        return rooms.processes.delegate(asker, 'docker/wait', args);
      },
    },
  ];
}

function topOf({ store, rooms }: Containers, call: RouteCall) {
  const { machine, params, query } = call;
  const row = store.find(machine, params[0] ?? '');
  if (isRefusal(row)) return fail(row.status, row.message);
  const { id, state, config } = row;
  if (!state.running) return fail(409, `container ${id} is not running`);
  if (state.restarting) {
    return fail(409, `Container ${id} is restarting, wait until the container is running`);
  }
  const said = rooms.containerd.answer(machine, { op: 'processes', id });
  if (!said.ok) return fail(500, said.message);
  const stats = rooms.containerd.answer(machine, { op: 'stats', id });
  const listed = top(said.processes, query.ps_args ?? '', {
    nowMs: rooms.kernel.now,
    tty: config.Tty ? 'pts/0' : '?',
    memoryBytes: stats.ok ? stats.memoryLimitBytes : Number.MAX_SAFE_INTEGER,
  });
  if (listed.status === 200) store.emit(row, 'top');
  return listed;
}

function streams(containers: Containers): Route[] {
  const { processes } = containers.rooms;
  return [
    {
      method: 'GET',
      path: /^\/containers\/([^/]*)\/logs$/,
      handle: (call) => {
        const args = logsArgs(containers, call);
        return 'status' in args ? args : processes.delegate(call.asker, 'docker/logs', args);
      },
    },
    {
      method: 'POST',
      path: /^\/containers\/([^/]*)\/attach$/,
      quiet: true,
      handle: (call) => attachTo(containers, call),
    },
    {
      method: 'GET',
      path: /^\/containers\/([^/]*)\/stats$/,
      handle: ({ machine, params: [text = ''], query, stream, asker }) => {
        const row = containers.store.find(machine, text);
        if (isRefusal(row)) return fail(row.status, row.message);
        const follow = query.stream === undefined || isTrue(query.stream);
        const runs = row.state.running && !row.state.restarting;
        if (!follow && (!runs || isTrue(query['one-shot']))) {
          return answer(200, sample(containers.rooms, row));
        }
        const args: StatsArgs = { machine, id: row.id, follow, stream };
        return processes.delegate(asker, 'docker/stats', args);
      },
    },
  ];
}

function logsArgs({ store }: Containers, call: RouteCall): LogsArgs | ReturnType<typeof done> {
  const { machine, params, query, stream } = call;
  const [stdout, stderr] = [isTrue(query.stdout), isTrue(query.stderr)];
  if (!stdout && !stderr) return fail(400, "must specify at least one of 'stdout' or 'stderr'");
  const since = readTimestamp(query.since);
  if (!since.ok) return fail(400, `invalid value for "since": ${since.message}`);
  const until = readTimestamp(query.until === '0' ? '' : query.until);
  if (!until.ok) return fail(400, `invalid value for "until": ${until.message}`);
  const row = store.find(machine, params[0] ?? '');
  if (isRefusal(row)) return fail(row.status, row.message);
  if (row.state.removing || row.state.dead) {
    const why = 'can not get logs from container which is dead or marked for removal';
    return fail(409, why);
  }
  if (row.hostConfig.LogConfig.Type === 'none') {
    return fail(501, 'configured logging driver does not support reading');
  }
  const tail = integer(query.tail ?? '');
  return {
    machine,
    id: row.id,
    follow: isTrue(query.follow) && row.state.running,
    tail: 'value' in tail ? tail.value : -1,
    ...(since.timeMs === undefined ? {} : { sinceMs: since.timeMs }),
    ...(until.timeMs === undefined ? {} : { untilMs: until.timeMs }),
    stream,
    stdout,
    stderr,
    timestamps: isTrue(query.timestamps),
    details: isTrue(query.details),
  };
}

function attachTo({ store, rooms }: Containers, call: RouteCall): unknown {
  const { machine, params, query, stream, input, asker } = call;
  const text = params[0] ?? '';
  const row = store.find(machine, text);
  if (isRefusal(row)) return fail(row.status, row.message);
  if (row.state.paused) {
    return fail(409, `container ${text} is paused, unpause the container before attach`);
  }
  if (row.state.restarting) {
    return fail(409, `container ${text} is restarting, wait until the container is running`);
  }
  store.emit(row, 'attach');
  const args: AttachArgs = {
    machine,
    id: row.id,
    stdin: isTrue(query.stdin) && row.config.OpenStdin,
    stdout: isTrue(query.stdout),
    stderr: isTrue(query.stderr),
    logs: isTrue(query.logs),
    follow: isTrue(query.stream),
    stream,
    input,
  };
  return rooms.processes.delegate(asker, 'docker/attach', args);
}
