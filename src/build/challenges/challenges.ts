import { globSync, readFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import type { Challenge } from '../../scenarios/challenges/challenge.ts';
import { readChallenge } from '../../scenarios/challenges/read-challenge.ts';
import { faultsOfReading, refuseFile, type Fault } from '../authoring-error.ts';

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
  return read.ok ? read.challenge : refuseFile(file, read.faults);
}

/** The faults of form of all exercises. Whether they can be solved is for the tests. */
export function checkChallenges(root: string): readonly Fault[] {
  return challengeIds(root).flatMap((id) => faultsOfReading(() => readChallengeFolder(id, root)));
}
