import { openSession, type Session } from '../../engine/session.ts';
import { assert } from '../../engine/sim/assert.ts';
import { atOnce, type Breathing } from '../../engine/sim/breath.ts';
import { compareMoments, type Journal, type JournalEntry } from '../../engine/sim/journal.ts';
import type { SaveAction, ShellAction } from '../../engine/world.ts';
import type { Challenge } from './challenge.ts';

/** The same for every reader: who types the same reaches the same. */
const SEED = 1;

/** Typed last: the reader begins in the home directory, and what came before is the set-up. */
const LAST = 'cd';

/** Lives an exercise's set-up in a fresh world. @returns the session in which the reader types */
export function beginChallenge(challenge: Challenge): Session {
  return atOnce(beginningChallenge(challenge));
}

/** As `beginChallenge`, with breaths. */
export function* beginningChallenge(challenge: Challenge): Breathing<Session> {
  const { id, preset, files } = challenge;
  const session = yield* openSession({ preset, seed: SEED });
  for (const [path, content] of Object.entries(files)) session.write(path, content);
  for (const command of typedIn(challenge)) {
    const { printed, exitCode } = yield* session.typing(command);
    assert(exitCode === 0, `${id}: "${command}" ends with ${exitCode}. It prints:\n${printed}`);
  }
  assert(hasBegun(session, challenge), `${id}: a command of the set-up does not end by itself`);
  return session;
}

/** Where a session has the set-up behind it, which a reader could take back, and not undone. */
export function hasBegun({ timeline }: Session, challenge: Challenge): boolean {
  const { entries } = timeline.journal;
  const last = entries[setupLength(challenge) - 1];
  const isLived = hasTyped(entries, challenge);
  return isLived && last !== undefined && compareMoments(last.moment, timeline.moment) < 0;
}

/** Whether a journal, which may come from anywhere, begins with an exercise's set-up as it is now. */
export function beginsAs({ world, seed, entries }: Journal, challenge: Challenge): boolean {
  const saved = Object.values(challenge.files).every(
    (content, i) => (entries[i]?.action as SaveAction | undefined)?.content === content,
  );
  return world === challenge.preset && seed === SEED && saved && hasTyped(entries, challenge);
}

function hasTyped(entries: Journal['entries'], challenge: Challenge): boolean {
  const commands = typedIn(challenge);
  const files = setupLength(challenge) - commands.length;
  return commands.every((command, i) => lineOf(entries[files + i]) === command);
}

/** The lines that the reader has typed so far. */
export function linesTyped({ timeline }: Session, challenge: Challenge): readonly string[] {
  const theirs = timeline.journal.entries.slice(setupLength(challenge));
  return theirs.flatMap((entry) =>
    compareMoments(entry.moment, timeline.moment) < 0 ? (lineOf(entry) ?? []) : [],
  );
}

const typedIn = ({ setup }: Challenge): readonly string[] => [...setup, LAST];

/** How many actions of a session's journal are the set-up. */
export const setupLength = (challenge: Challenge): number =>
  Object.keys(challenge.files).length + typedIn(challenge).length;

function lineOf(entry: JournalEntry | undefined): string | undefined {
  return entry?.action.type === 'shell' ? (entry.action as ShellAction).line : undefined;
}
