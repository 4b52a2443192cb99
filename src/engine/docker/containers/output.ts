import { rfc3339Nano } from '../../sim/clock.ts';
import { ask, close, join, open, read, start, write, type Program } from '../../sim/process.ts';
import { containerdService, type Answers, type ContainerdRequest } from '../../containerd/api.ts';
import type { LogLine } from '../../programs/program.ts';
import { answer, fail } from '../answer.ts';
import type { EngineResponse, LogChunk } from '../api.ts';
import { inside, type Step } from './internal.ts';

/**
 * What containers wrote, told to clients: logs, attach, and the streams of execs (moby/moby v29.7
 * `daemon/logs.go`, `attach.go`, `daemon/logger/loggerutils/`).
 */
interface CopyArgs {
  readonly from: number;
  readonly to: number;
  readonly stdout: boolean;
  readonly stderr: boolean;
}

/** False when the client has gone. */
function* copyChunks({ from, to, stdout, stderr }: CopyArgs): Step<boolean> {
  for (;;) {
    const chunks = yield* read<LogChunk>(from);
    if (!chunks) return true;
    for (const chunk of chunks) {
      if (!(chunk.stream === 'stdout' ? stdout : stderr)) continue;
      if (!(yield* write(to, chunk))) return false;
    }
  }
}

export interface InputArgs {
  readonly machine: string;
  readonly id: string;
  readonly execId?: string;
  readonly input: number;
}

/** Feeds a process what the client types, until the client closes the stream. */
export const input: Program<InputArgs, undefined> = function* ({ machine, id, execId, input }) {
  const to = { op: 'stdin', id, ...(execId === undefined ? {} : { execId }) } as const;
  for (;;) {
    const chunks = yield* read<string>(input);
    const request = chunks ? { ...to, text: chunks.join('') } : { ...to, close: true };
    const said = yield* ask<Answers['stdin']>(containerdService(machine), request);
    if (!chunks || !said.ok) return undefined;
  }
};

export type ExecRequest = Extract<ContainerdRequest, { op: 'exec' }>;

export interface ExecArgs {
  readonly machine: string;
  readonly request: ExecRequest;
  /** The client's, closed when all is told. */
  readonly stream: number;
  readonly stdout: boolean;
  readonly stderr: boolean;
}

/** Runs a process while its output is copied; why it could not be run is told there as well. */
export const exec: Program<ExecArgs, Answers['exec']> = function* (args) {
  const { machine, request, stream, stdout, stderr } = args;
  const output = yield* open();
  const asked = { machine, request: { ...request, output } };
  const pid = yield* start('docker/ask-exec', asked);
  yield* copyChunks({ from: output, to: stream, stdout, stderr });
  yield* close(output);
  const said = (yield* join(pid)).result as Answers['exec'];
  if (!said.ok) yield* write(stream, { stream: 'stdout', text: `${said.message}\r\n` });
  yield* close(stream);
  return said;
};

export const askExec: Program<{ machine: string; request: ExecRequest }, Answers['exec']> =
  function* ({ machine, request }) {
    return yield* ask<Answers['exec']>(containerdService(machine), request);
  };

export interface AttachArgs {
  readonly machine: string;
  readonly id: string;
  readonly stdin: boolean;
  readonly stdout: boolean;
  readonly stderr: boolean;
  readonly logs: boolean;
  /** Also what it writes from now on. */
  readonly follow: boolean;
  readonly stream: number;
  readonly input: number;
}

/** Attached until the process ends or the client goes. */
export const attach: Program<AttachArgs, EngineResponse> = function* (args) {
  const { machine, id, stream, follow, logs } = args;
  const service = containerdService(machine);
  if (!follow) {
    if (logs) yield* writeOld(args);
    yield* close(stream);
    return answer(200, {});
  }
  const inner = yield* open();
  const request = { op: 'attach', id, stream: inner, ...(logs ? { logs: true } : {}) };
  const said = yield* ask<Answers['attach']>(service, request);
  if (!said.ok) {
    yield* close(inner);
    yield* close(stream);
    return fail(500, said.message);
  }
  if (args.stdin && args.input !== 0) {
    yield* start('docker/input', { machine, id, input: args.input } satisfies InputArgs);
  }
  const wasRead = yield* copyChunks({ ...args, from: inner, to: stream });
  if (!wasRead) {
    yield* ask(service, { op: 'detach', id, stream: inner });
    yield* inside(machine, { op: 'tell', id, action: 'detach' });
  }
  yield* close(inner);
  yield* close(stream);
  return answer(200, {});
};

function* writeOld({ machine, id, stdout, stderr, stream }: AttachArgs): Step<void> {
  const old = yield* ask<Answers['logs']>(containerdService(machine), { op: 'logs', id });
  const wanted = { stdout, stderr, timestamps: false, details: false };
  for (const chunk of chunksOf(old.ok ? old.lines : [], wanted)) yield* write(stream, chunk);
}

export interface LogOptions {
  readonly stdout: boolean;
  readonly stderr: boolean;
  readonly timestamps: boolean;
  readonly details: boolean;
}

export interface LogsArgs extends LogOptions {
  readonly machine: string;
  readonly id: string;
  readonly follow: boolean;
  /** -1 for all. */
  readonly tail: number;
  readonly sinceMs?: number;
  readonly untilMs?: number;
  readonly stream: number;
}

/** Writes a log's lines to the client's stream; with `follow`, also those that are yet to come. */
export const logs: Program<LogsArgs, EngineResponse> = function* (args) {
  const { machine, id, stream, follow } = args;
  const service = containerdService(machine);
  const news = follow ? yield* open() : 0;
  if (follow) {
    const said = yield* ask<Answers['attach']>(service, { op: 'attach', id, stream: news });
    if (!said.ok) yield* close(news);
  }
  let from = 0;
  let isFirst = true;
  let isOver = !follow;
  for (;;) {
    const said = yield* ask<Answers['logs']>(service, { op: 'logs', id, from });
    const all = said.ok ? said.lines : [];
    from = said.ok ? said.next : from;
    const shown = isFirst && args.tail >= 0 ? all.slice(Math.max(0, all.length - args.tail)) : all;
    isFirst = false;
    const { sinceMs = -Infinity, untilMs = Infinity } = args;
    const lines = shown.filter(({ timeMs }) => timeMs >= sinceMs && timeMs <= untilMs);
    for (const chunk of chunksOf(lines, args)) {
      if (!(yield* write(stream, chunk))) return yield* over(service, id, news, stream);
    }
    const isPast = all.some(({ timeMs }) => timeMs > untilMs);
    if (isOver || isPast) return yield* over(service, id, news, stream);
    // The last lines may come with the end itself.
    isOver = (yield* read(news)) === undefined;
  }
};

function* over(service: string, id: string, news: number, stream: number): Step<EngineResponse> {
  if (news !== 0) {
    yield* ask(service, { op: 'detach', id, stream: news });
    yield* close(news);
  }
  yield* close(stream);
  return answer(200, {});
}

/** Lines as chunks, neighbours of one stream together. */
export function chunksOf(lines: readonly LogLine[], options: LogOptions): LogChunk[] {
  const chunks: { stream: LogChunk['stream']; text: string }[] = [];
  for (const { stream, text, timeMs } of lines) {
    if (!(stream === 'stdout' ? options.stdout : options.stderr)) continue;
    const details = options.details ? ' ' : '';
    const time = options.timestamps ? `${rfc3339Nano(timeMs)} ` : '';
    const line = `${time}${details}${text}\n`;
    const last = chunks.at(-1);
    if (last?.stream === stream) last.text += line;
    else chunks.push({ stream, text: line });
  }
  return chunks;
}
