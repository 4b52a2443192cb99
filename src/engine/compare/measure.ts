import { statusOf } from '../shell-language/signals.ts';
import { SECOND } from '../sim/clock.ts';
import {
  ask,
  join,
  now,
  poll,
  signal,
  sleep,
  start,
  type Ending,
  type Program,
} from '../sim/process.ts';
import { CLIENTS_SERVICE, type ClientCount, type ClientsRequest } from './clients.ts';
import type { Experiment } from './experiments.ts';
import { LOOK_PROGRAM, UNSEEN, type Looking } from './look.ts';
import type { Act, Platform } from './platforms/platform.ts';
import { troubleOf, TYPING_PROGRAM, WORKSTATION, type Typed, type Typing } from './typing.ts';

/**
 * One platform in one experiment: clients ask, something happens or is typed, and after a while it
 * is counted what became of their requests.
 */
export interface Measuring {
  readonly platform: Pick<Platform, 'name' | 'machine' | 'entries' | 'replicas'>;
  readonly act: Act;
  readonly perSecond: number;
  readonly windowMs: number;
  /** What the clients ask for. */
  readonly path: string;
  readonly effect?: Experiment['effect'];
}

export interface Measured {
  readonly count: ClientCount;
  /** From the first line on until no request failed any more; undefined when they still did. */
  readonly recoveredMs: number | undefined;
  /** From the first line on until somebody saw what was wanted; undefined when nobody did. */
  readonly effectMs?: number;
  /** As the platform prints them: copies of the API, of how many where it says; `-` for nothing. */
  readonly replicas: string;
  /** The version that the last request was served by. */
  readonly version: string;
  /** How many commands a person typed. */
  readonly typed: number;
  /** What went wrong where it was typed. */
  readonly trouble?: string;
}

export const MEASURE_PROGRAM = 'compare/measure';

/** Clients ask for so long before anything happens. */
export const BEFORE_MS = 5_000;
/** Model figure: what is under way when the clients stop is answered or given up by then. */
const UNDER_WAY_MS = 2_500;
/** So long nothing failed at the end of what counts as recovered. */
const STEADY_MS = 3_000;
/** What is still typed then is ended as by Ctrl+C. */
const AFTER_MS = 30_000;
const POLL_MS = 500;

const clients = (request: ClientsRequest) => ask<ClientCount>(CLIENTS_SERVICE, request);
const type = (machine: string, lines: readonly string[]) =>
  start(TYPING_PROGRAM, { machine, lines } satisfies Typing);

export const measure: Program<Measuring, Measured> = function* (args) {
  const { platform, act, perSecond, windowMs, path, effect } = args;
  const { name, machine, entries, replicas } = platform;
  yield* clients({ op: 'start', name, entries, path, perSecond });
  yield* sleep(BEFORE_MS);
  yield* clients({ op: 'mark', name, perSecond: perSecond * (act.times ?? 1) });
  const startedMs = yield* now();
  const happening = yield* type(WORKSTATION, act.happens ?? []);
  const typing = yield* type(machine, act.typed ?? []);
  const { path: seenAt = '', text = '' } = effect ?? {};
  const looking = { entries, path: seenAt, text, windowMs: effect ? windowMs : 0 };
  const lookout = yield* start(LOOK_PROGRAM, looking satisfies Looking);
  yield* sleep(windowMs);
  yield* clients({ op: 'stop', name });
  yield* sleep(UNDER_WAY_MS);
  const count = yield* clients({ op: 'read', name });
  const endings = [yield* settled(happening), yield* settled(typing)];
  const shown = yield* settled(yield* type(machine, [replicas]));
  yield* settled(yield* type(WORKSTATION, act.mend ?? []));
  const effectMs = (yield* join(lookout)).result as number;
  const recoveredMs = recovery(count, startedMs, windowMs, perSecond);
  const trouble = endings.flatMap((one) => troubleOf(one) ?? [])[0];
  return {
    count,
    recoveredMs,
    ...(effectMs !== UNSEEN && { effectMs }),
    replicas: (troubleOf(shown) === undefined && shown?.printed.trim()) || '-',
    version: servedBy(count.lastBody),
    typed: act.typed?.length ?? 0,
    ...(trouble !== undefined && { trouble }),
  };
};

/** What typing came to. */
function* settled(pid: number) {
  for (let waitedMs = 0; waitedMs < AFTER_MS; waitedMs += POLL_MS) {
    const ending = yield* poll(pid);
    if (ending) return typedOf(ending);
    yield* sleep(POLL_MS);
  }
  yield* signal(pid, 'SIGINT');
  return typedOf(yield* join(pid));
}

const typedOf = (ending: Ending): Typed | undefined =>
  ending.signal === undefined
    ? (ending.result as Typed)
    : { printed: '', exitCode: statusOf(ending) };

/** When what failed had stopped failing; undefined where it had not for long enough. */
function recovery(
  { failed, lastFailedMs }: ClientCount,
  startedMs: number,
  windowMs: number,
  perSecond: number,
): number | undefined {
  if (failed === 0 || lastFailedMs === undefined) return 0;
  const isSteady = startedMs + windowMs - lastFailedMs >= STEADY_MS;
  return isSteady ? lastFailedMs - startedMs + Math.ceil(SECOND / perSecond) : undefined;
}

const servedBy = (body: string | undefined): string =>
  /"version":"([^"]*)"/.exec(body ?? '')?.[1] ?? '-';
