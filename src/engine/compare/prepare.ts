import { SECOND } from '../sim/clock.ts';
import { now, sleep, type Call, type Program, type Resumption } from '../sim/process.ts';
import { GREETING, IMAGES } from './bookshelf.ts';
import { last, noteBuilt, noteLast, wereBuilt } from './last.ts';
import type { Platform, Step } from './platforms/platform.ts';
import { PLATFORMS } from './platforms/platforms.ts';
import { troubleOf, typed, WORKSTATION } from './typing.ts';

/**
 * Has the application run on a platform as it did before any experiment: brings it up where it is
 * not, takes back what the last experiment changed, and waits until all is well.
 */
export const PREPARE_PROGRAM = 'compare/prepare';

export interface Prepared {
  /** Why it could not be done. */
  readonly trouble?: string;
  /** It was brought up just now. */
  readonly isNew: boolean;
}

export interface Preparing {
  readonly name: string;
  /** Where it is up whatever it is like, that will do. */
  readonly upOnly: boolean;
}

const EVERY_MS = 2_000;
/** Given up after so long. */
const SETTLED_MS = 180_000;
/** What is not well by then gets a hand: it is brought up anew. */
const SOON_MS = 60_000;
/** So often in a row all must be well. */
const LOOKS = 3;
/** Asked of every entry in turn: it is there, of version 1.0, and says what it said at first. */
const QUESTIONS = [
  ['visits', '"version":"1.0"'],
  ['books', 'Rachel Carson'],
  ['greeting', GREETING.before],
] as const;

/** Builds and pushes the images where that was not done; gives what went wrong. */
export function* images() {
  if ((yield* wereBuilt()) === 'done') return undefined;
  const trouble = troubleOf(yield* typed(WORKSTATION, IMAGES));
  if (trouble === undefined) yield* noteBuilt();
  return trouble;
}

function* succeeds(machine: string, line: string) {
  return (yield* typed(machine, [line]))?.exitCode === 0;
}

const answers = ({ entries }: Platform, [path, text]: readonly [string, string]): string =>
  entries
    .map(({ machine, port }) => `curl -s -m 2 http://${machine}:${port}/api/${path}`)
    .map((line) => `${line} | grep -q '${text}'`)
    .join(' && ');

const isThere = (platform: Platform) =>
  succeeds(WORKSTATION, answers(platform, ['visits', 'host']));

export const prepare: Program<Preparing, Prepared> = function* ({ name, upOnly }) {
  const platform = PLATFORMS.find((one) => one.name === name)!;
  const { machine, up, acts } = platform;
  const before = yield* last(name);
  const isUp = yield* isThere(platform);
  if (isUp && upOnly) return { isNew: false };
  let reset = (before === '' ? undefined : acts[before].reset) ?? [];
  // One that was up a moment ago comes back by itself, or gets a hand.
  const isNew = !isUp && before === '';
  if (!isNew && troubleOf(yield* typed(machine, reset)) === undefined) {
    reset = [];
    if (yield* settles(platform, SOON_MS)) {
      yield* noteLast(name, '');
      return { isNew: false };
    }
  }
  const trouble: string | undefined =
    (yield* bringUp(machine, up)) ?? troubleOf(yield* typed(machine, reset));
  if (trouble !== undefined) return { trouble, isNew: true };
  if (yield* settles(platform, SETTLED_MS)) {
    yield* noteLast(name, '');
    return { isNew: true };
  }
  const replicas = yield* copies(platform);
  const why = `it is not well after ${SETTLED_MS / SECOND} seconds; replicas: ${replicas}`;
  return { trouble: why, isNew: true };
};

/** Types what was not typed before; gives what went wrong. */
function* bringUp(
  machine: string,
  steps: readonly Step[],
): Generator<Call, string | undefined, Resumption> {
  for (const { line, unless } of steps) {
    if (unless !== undefined && (yield* succeeds(machine, unless))) continue;
    const trouble = troubleOf(yield* typed(machine, [line]));
    if (trouble !== undefined) return trouble;
  }
  return undefined;
}

function* settles(platform: Platform, limitMs: number) {
  const { machine, settled } = platform;
  const startedMs = yield* now();
  for (let row = 0; row < LOOKS;) {
    if ((yield* now()) - startedMs >= limitMs) return false;
    let isWell = yield* succeeds(machine, settled);
    for (const question of QUESTIONS) {
      isWell &&= yield* succeeds(WORKSTATION, answers(platform, question));
    }
    row = isWell ? row + 1 : 0;
    if (row < LOOKS) yield* sleep(EVERY_MS);
  }
  return true;
}

function* copies({ machine, replicas }: Platform) {
  const shown = yield* typed(machine, [replicas]);
  return (shown?.exitCode === 0 && shown.printed.trim()) || 'unknown';
}
