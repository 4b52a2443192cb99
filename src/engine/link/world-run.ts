import { DAY } from '../sim/clock.ts';
import { compareMoments, type Journal } from '../sim/journal.ts';
import type { Moment } from '../sim/kernel.ts';
import type { Timeline } from '../sim/timeline.ts';
import { readAction, type WorldAction } from './world-action.ts';

/**
 * A world that can be sent: how it was made, what people did in it and when, and how far it has come.
 * It has no state in it; `hash` names the state that it leads to.
 */
export interface WorldRun {
  readonly journal: WorldJournal;
  readonly moment: Moment;
  /** The state hash there, as the engine of the journal computed it. */
  readonly hash: string;
}

export interface WorldJournal extends Journal {
  readonly entries: readonly { readonly moment: Moment; readonly action: WorldAction }[];
}

/** What somebody else's link or file turned out to be. */
export type DecodedWorld =
  | { readonly kind: 'world'; readonly run: WorldRun }
  /** No link to a world: an ordinary `#heading`, another file. */
  | { readonly kind: 'none' }
  /** A link of version 1: to a moment of a figure, which the page with that figure follows. */
  | { readonly kind: 'moment' }
  /** Of a version that came later than this Drydock. */
  | { readonly kind: 'future' }
  | { readonly kind: 'broken' };

/** No run is longer; what says so is broken. */
const TIME_LIMIT_MS = 36_600 * DAY;
const NAME_LIMIT = 100;
/** Brackets within brackets: the deepest that a link or a file has is 4. */
const DEPTH_LIMIT = 8;
const QUOTE = 0x22;
const BACKSLASH = 0x5c;
/** `[` and `{`, `]` and `}`. */
const OPENING = [0x5b, 0x7b] as const;
const CLOSING = [0x5d, 0x7d] as const;

/** The world as it is now. What was done later, and taken back, is left out. */
export function runOf(timeline: Timeline): WorldRun {
  const { moment, journal } = timeline;
  const entries = journal.entries
    .filter((entry) => compareMoments(entry.moment, moment) < 0)
    .map(({ moment: at, action }) => {
      const known = readAction(action);
      if (!known) throw new Error(`no link holds the action ${action.type}`);
      return { moment: at, action: known };
    });
  return { journal: { ...journal, entries }, moment, hash: timeline.hash() };
}

/** The parts of a run, none of which is trusted. */
export interface LooseRun {
  readonly engine: unknown;
  readonly world: unknown;
  readonly seed: unknown;
  readonly moment: unknown;
  readonly hash: unknown;
  readonly entries: readonly { readonly moment: unknown; readonly action: unknown }[];
}

/** The run that data from outside is; undefined when one of its parts cannot be. */
export function readRun(loose: LooseRun): WorldRun | undefined {
  const { engine, world, seed, hash } = loose;
  if (!isName(engine) || !isName(world) || !isName(hash)) return undefined;
  const moment = readMoment(loose.moment);
  if (!moment || !Number.isSafeInteger(seed)) return undefined;
  const entries: WorldJournal['entries'][number][] = [];
  let last: Moment = { timeMs: 0, sequence: 0 };
  for (const entry of loose.entries) {
    const at = readMoment(entry.moment);
    const action = readAction(entry.action);
    if (!at || !action || at.timeMs < last.timeMs || at.sequence < last.sequence) return undefined;
    entries.push({ moment: at, action });
    // An action is one step by itself.
    last = { timeMs: at.timeMs, sequence: at.sequence + 1 };
  }
  if (moment.timeMs < last.timeMs || moment.sequence < last.sequence) return undefined;
  // -0 is a seed of another world than 0.
  return { journal: { engine, world, seed: (seed as number) + 0, entries }, moment, hash };
}

function readMoment(data: unknown): Moment | undefined {
  if (typeof data !== 'object' || data === null) return undefined;
  const { timeMs, sequence } = data as Record<string, unknown>;
  if (!isCount(timeMs) || !isCount(sequence) || timeMs > TIME_LIMIT_MS) return undefined;
  return { timeMs: timeMs + 0, sequence: sequence + 0 };
}

const isName = (value: unknown): value is string =>
  typeof value === 'string' && value !== '' && value.length <= NAME_LIMIT;

const isCount = (value: unknown): value is number =>
  Number.isSafeInteger(value) && (value as number) >= 0;

/**
 * What a JSON text says. @throws when it is none, or nested deeper than any of ours, which not every
 * browser's parser would survive
 */
export function parseShallow(text: string): unknown {
  let depth = 0;
  let isText = false;
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at);
    if (code === QUOTE) isText = !isText;
    else if (isText) {
      if (code === BACKSLASH) at += 1;
    } else if (code === OPENING[0] || code === OPENING[1]) {
      depth += 1;
      if (depth > DEPTH_LIMIT) throw new Error('nested too deeply');
    } else if (code === CLOSING[0] || code === CLOSING[1]) depth -= 1;
  }
  return JSON.parse(text);
}
