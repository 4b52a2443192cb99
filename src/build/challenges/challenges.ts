import { globSync, readFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import type { Challenge } from '../../scenarios/challenges/challenge.ts';
import { readChallenge } from '../../scenarios/challenges/read-challenge.ts';
import { AuthoringError, type Fault } from '../authoring-error.ts';

const FOLDER = 'src/scenarios/challenges';

/** The ids of all exercises, in order. */
export function challengeIds(root = '.'): string[] {
  return globSync(`${FOLDER}/*/challenge.yaml`, { cwd: root })
    .map((file) => basename(dirname(file)))
    .sort();
}

/** Reads an exercise. @throws AuthoringError with every fault of its form */
export function readChallengeFolder(id: string, root = '.'): Challenge {
  const file = `${FOLDER}/${id}/challenge.yaml`;
  const read = readChallenge(id, readFileSync(join(root, file), 'utf8'));
  if (read.ok) return read.challenge;
  const [first, ...others] = read.faults.map((fault): Fault => ({ file, ...fault }));
  throw new AuthoringError([first ?? { file, line: 1, what: '', remedy: '' }, ...others]);
}

/** The faults of form of all exercises. Whether they can be solved is for the tests. */
export function checkChallenges(root: string): readonly Fault[] {
  return challengeIds(root).flatMap((id) => {
    try {
      readChallengeFolder(id, root);
      return [];
    } catch (error) {
      if (!(error instanceof AuthoringError)) throw error;
      return error.faults;
    }
  });
}
