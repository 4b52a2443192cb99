import { dockerService, type EngineResponse, type LogChunk } from '../../docker/api.ts';
import {
  ask,
  close,
  join,
  open,
  read,
  sleep,
  start,
  write,
  type Call,
  type Resumption,
} from '../../sim/process.ts';
import { SECOND } from '../../sim/clock.ts';

/**
 * Logs of a service's tasks, wherever they run (moby/swarmkit v2.1 `manager/logbroker/broker.go`;
 * moby/moby v29.7 `daemon/cluster/services.go`, `ServiceLogs`). Every line says whose it is, where
 * details are asked for.
 */
export interface LogTask {
  readonly id: string;
  readonly service: string;
  readonly node: string;
  readonly machine: string;
  /** Its container's name. */
  readonly name: string;
}

/** Tasks whose logs are wanted, and nodes that cannot be asked for theirs. */
export interface LogSources {
  readonly tasks: readonly LogTask[];
  readonly missing: readonly string[];
  /** Whether the client is still there. */
  readonly isRead: boolean;
}

export interface LogsArgs {
  readonly machine: string;
  readonly swarm: string;
  /** Of one task, or of all tasks of a service. */
  readonly task?: string;
  readonly service?: string;
  readonly stream: number;
  /** Of the request: stdout, stderr, since, tail, timestamps. */
  readonly query: Readonly<Record<string, string>>;
  readonly follow: boolean;
  readonly details: boolean;
}

export const LOGS_SERVICE = 'swarm/log-sources';

type Step<T> = Generator<Call, T, Resumption>;

/** How often somebody who follows looks for tasks that came since. */
const LOOK_MS = SECOND;

export function* serviceLogs(args: LogsArgs): Step<EngineResponse> {
  const { stream, follow } = args;
  const begun = new Set<string>();
  for (;;) {
    const sources = yield* ask<LogSources>(LOGS_SERVICE, args);
    const pids: number[] = [];
    for (const task of sources.tasks) {
      if (begun.has(task.id) || !(yield* isThere(task))) continue;
      begun.add(task.id);
      pids.push(yield* start('swarm/copy-logs', { task, args }));
    }
    if (!follow) {
      for (const pid of pids) yield* join(pid);
      yield* close(stream);
      return answerOf(sources.missing);
    }
    if (!sources.isRead) return answerOf([]);
    yield* sleep(LOOK_MS);
  }
}

function answerOf(missing: readonly string[]): EngineResponse {
  if (missing.length === 0) return { status: 200, body: {} };
  const why = missing.map((node) => `node ${node} is not available`).join(', ');
  const message =
    'error from daemon in stream: Error grabbing logs: rpc error: code = Unknown desc = warning: ' +
    'incomplete log stream. some logs could not be retrieved for the following reasons: ' +
    why;
  return { status: 500, body: { message, begun: true } };
}

function* isThere({ machine, name }: LogTask): Step<boolean> {
  const request = { method: 'GET', path: `/containers/${name}/json` };
  return (yield* ask<EngineResponse>(dockerService(machine), request)).status === 200;
}

/** Copies what one task's container wrote, line by line. */
export function* copyLogs({ task, args }: { task: LogTask; args: LogsArgs }): Step<void> {
  const from = yield* open();
  const query: Record<string, string> = { ...args.query, ...(args.follow && { follow: '1' }) };
  const path = `/containers/${task.name}/logs`;
  const request = { method: 'GET', path, query, stream: from };
  const service = dockerService(task.machine);
  yield* start('docker/request', { service, request, stream: from });
  const mark = args.details ? `${detailsOf(task)} ` : '';
  const isTimed = query.timestamps === '1';
  for (;;) {
    const chunks = yield* read<LogChunk>(from);
    if (!chunks) return;
    for (const { stream, text } of chunks) {
      for (const line of text.split(/(?<=\n)/)) {
        const at = isTimed ? line.indexOf(' ') + 1 : 0;
        const marked = line.slice(0, at) + mark + line.slice(at);
        if (yield* write(args.stream, { stream, text: marked } satisfies LogChunk)) continue;
        yield* close(from);
        return;
      }
    }
  }
}

const detailsOf = ({ id, node, service }: LogTask): string =>
  `com.docker.swarm.node.id=${node},com.docker.swarm.service.id=${service},` +
  `com.docker.swarm.task.id=${id}`;
