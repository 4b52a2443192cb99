import { Session } from '../../engine/session.ts';
import { assert } from '../../engine/sim/assert.ts';
import type { Challenge } from './challenge.ts';

/** The same for every reader: who types the same reaches the same. */
const SEED = 1;

/** Lives an exercise's set-up in a fresh world. @returns the session in which the reader types */
export function beginChallenge({ id, preset, files, setup }: Challenge): Session {
  const session = new Session({ preset, seed: SEED });
  for (const [path, content] of Object.entries(files)) session.write(path, content);
  for (const command of setup) {
    const { printed, exitCode } = session.type(command);
    assert(exitCode === 0, `${id}: "${command}" ends with ${exitCode}. It prints:\n${printed}`);
  }
  const done = session.timeline.journal.entries.length;
  assert(done === setupLength({ files, setup }), `${id}: a command of the set-up does not end`);
  return session;
}

/** How many actions of a session's journal are the set-up; what follows is the reader's. */
export function setupLength({ files, setup }: Pick<Challenge, 'files' | 'setup'>): number {
  return Object.keys(files).length + setup.length;
}
