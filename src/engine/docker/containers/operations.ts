import type { Program, Signal } from '../../sim/process.ts';
import { answer, done, fail } from '../answer.ts';
import type { EngineResponse, WaitAnswer } from '../api.ts';
import type { Refusal } from '../networks/membership.ts';
import { parseSignal, stopSignalOf } from '../signals.ts';
import { inside, type Step } from './internal.ts';
import type { ContainerRow } from './row.ts';
import { stateName } from './status.ts';
import type { WaitCondition, WaitResult } from './waiting.ts';

/**
 * What a daemon does with a container in several steps over time: stop, kill, restart, remove
 * (moby/moby v29.7 `daemon/stop.go`, `kill.go`, `restart.go`, `delete.go`).
 */
const STOP_SECONDS = 10;
/** A killed process is waited for so long, then once more. */
const KILL_WAIT_MS = 10_000;
const LAST_WAIT_MS = 2_000;
/** `cleanupContainer`, for a container that is to be removed. */
const REMOVE_STOP_SECONDS = 3;

export interface StopOptions {
  /** Seconds; negative waits for ever. */
  readonly timeout?: number;
  readonly signal?: string;
}

interface Target {
  readonly machine: string;
  readonly text: string;
}

const timedOut = ({ exitCode, error }: WaitResult): boolean =>
  exitCode === -1 && error !== undefined;

const refused = ({ status, message }: Refusal, before = ''): EngineResponse =>
  fail(status, `${before}${message}`);

/** Finds a container and waits until no start of it is under way. */
function* settled({ machine, text }: Target): Step<ContainerRow | Refusal> {
  const found = yield* inside(machine, { op: 'find', text });
  if (!found.ok) return found;
  if (!found.row.state.starting) return found.row;
  yield* inside(machine, { op: 'wait', id: found.row.id, condition: 'settled' });
  const again = yield* inside(machine, { op: 'find', text });
  return again.ok ? again.row : again;
}

export const stop: Program<Target & StopOptions, EngineResponse> = function* (args) {
  const { machine, text } = args;
  const row = yield* settled(args);
  if ('ok' in row) return refused(row);
  if (!row.state.running) return answer(304, {});
  const problem = yield* stopRunning(machine, row, args);
  return problem ? refused(problem, `cannot stop container: ${text}: `) : done();
};

/** `containerStop`: the stop signal, its grace, then SIGKILL. */
function* stopRunning(
  machine: string,
  row: ContainerRow,
  { timeout, signal }: StopOptions,
): Step<Refusal | undefined> {
  const { id, config } = row;
  let sent: Signal = stopSignalOf(config.StopSignal);
  if (signal !== undefined && signal !== '') {
    const read = parseSignal(signal);
    if (!read.ok) return { ok: false, status: 400, message: read.message };
    sent = read.signal ?? sent;
  }
  const seconds = timeout ?? config.StopTimeout ?? STOP_SECONDS;
  const problem = yield* inside(machine, { op: 'signal', id, signal: sent });
  const graceMs = problem ? LAST_WAIT_MS : seconds * 1000;
  const limit = seconds < 0 ? {} : { timeoutMs: graceMs };
  const ended = yield* inside(machine, { op: 'wait', id, condition: 'not-running', ...limit });
  if (timedOut(ended)) {
    const killed = yield* killRunning(machine, id);
    if (killed) return killed;
  }
  yield* inside(machine, { op: 'tell', id, action: 'stop' });
  return undefined;
}

/** SIGKILL, and the end of it awaited. */
function* killRunning(machine: string, id: string): Step<Refusal | undefined> {
  const problem = yield* inside(machine, { op: 'signal', id, signal: 'SIGKILL' });
  if (problem) return problem;
  for (const timeoutMs of [KILL_WAIT_MS, LAST_WAIT_MS]) {
    const condition = 'not-running';
    const ended = yield* inside(machine, { op: 'wait', id, condition, timeoutMs });
    if (!timedOut(ended)) return undefined;
  }
  const message = 'tried to kill container, but did not receive an exit event';
  return { ok: false, status: 500, message };
}

export const kill: Program<Target & { signal?: string }, EngineResponse> = function* (args) {
  const { machine, text, signal } = args;
  const before = `cannot kill container: ${text}: `;
  let sent: Signal = 'SIGKILL';
  if (signal !== undefined && signal !== '') {
    const read = parseSignal(signal);
    if (!read.ok) return fail(400, before + read.message);
    if (!read.signal) {
      return fail(400, `${before}the linux daemon does not support signal ${read.number}`);
    }
    sent = read.signal;
  }
  const row = yield* settled(args);
  if ('ok' in row) return refused(row, before);
  const { id } = row;
  const problem =
    sent === 'SIGKILL'
      ? yield* killRunning(machine, id)
      : yield* inside(machine, { op: 'signal', id, signal: sent });
  return problem ? refused(problem, before) : done();
};

export const restart: Program<Target & StopOptions, EngineResponse> = function* (args) {
  const { machine, text } = args;
  const row = yield* settled(args);
  if ('ok' in row) return refused(row);
  const { id } = row;
  const before = `Cannot restart container ${text}: `;
  if (row.state.running) {
    yield* inside(machine, { op: 'restarts', id });
    const problem = yield* stopRunning(machine, row, args);
    if (problem) return fail(500, before + problem.message);
  }
  const problem = yield* inside(machine, { op: 'start', id });
  if (problem) return fail(500, before + problem.message);
  yield* inside(machine, { op: 'tell', id, action: 'restart' });
  return done();
};

export interface RemoveArgs extends Target {
  readonly force: boolean;
  /** Its anonymous volumes as well. */
  readonly volumes: boolean;
}

export const remove: Program<RemoveArgs, EngineResponse> = function* (args) {
  const { machine, text, force, volumes } = args;
  const row = yield* settled(args);
  if ('ok' in row) return refused(row);
  const { id } = row;
  const isFirst = yield* inside(machine, { op: 'removing', id, value: true });
  if (!isFirst) return fail(409, `removal of container ${text} is already in progress`);
  const problem = yield* cleanUp(machine, row, force, volumes);
  if (!problem) return done();
  yield* inside(machine, { op: 'removing', id, value: false });
  return refused(problem, `cannot remove container ${JSON.stringify(text)}: `);
};

function* cleanUp(
  machine: string,
  row: ContainerRow,
  force: boolean,
  volumes: boolean,
): Step<Refusal | undefined> {
  const { id, state } = row;
  if (state.running && !force) {
    const message = state.paused
      ? 'container is paused and must be unpaused first'
      : `container is ${stateName(state)}: stop the container before removing or force remove`;
    return { ok: false, status: 409, message };
  }
  if (state.running) {
    const problem = yield* killRunning(machine, id);
    // It ended by itself meanwhile: just as well.
    if (problem && problem.status !== 409) {
      return { ...problem, message: `could not kill container: ${problem.message}` };
    }
  }
  const now = yield* inside(machine, { op: 'find', text: id });
  if (!now.ok) return undefined;
  if (now.row.state.running) {
    const problem = yield* stopRunning(machine, now.row, { timeout: REMOVE_STOP_SECONDS });
    if (problem) return problem;
  }
  return yield* inside(machine, { op: 'destroy', id, volumes });
}

/** Stops what runs, one container after another's stop has begun: the daemon goes down. */
export const shutDown: Program<{ machine: string; id: string }, EngineResponse> = function* (args) {
  const { machine, id } = args;
  const row = yield* settled({ machine, text: id });
  if ('ok' in row || !row.state.running) return done();
  yield* stopRunning(machine, row, {});
  return done();
};

/** `ContainerStart`. */
export const start: Program<Target, EngineResponse> = function* (args) {
  const { machine } = args;
  const row = yield* settled(args);
  if ('ok' in row) return refused(row);
  const { id, state } = row;
  if (state.paused) return fail(409, 'cannot start a paused container, try unpause instead');
  if (state.running) return answer(304, {});
  if (state.removing || state.dead) {
    return fail(409, 'container is marked for removal and cannot be started');
  }
  const problem = yield* inside(machine, { op: 'start', id });
  return problem ? refused(problem) : done();
};

/** `POST /containers/{id}/wait`. */
export const wait: Program<
  { machine: string; id: string; condition: WaitCondition },
  EngineResponse
> = function* ({ machine, id, condition }) {
  const { exitCode, error } = yield* inside(machine, { op: 'wait', id, condition });
  const Error = error === undefined ? {} : { Error: { Message: error } };
  return answer<WaitAnswer>(200, { ...Error, StatusCode: exitCode });
};
