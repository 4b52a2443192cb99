import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, expect, it } from 'vitest';
import { challengeIds, checkChallenges, readChallengeFolder } from './challenges.ts';

const roots: string[] = [];

/** A folder of exercises, each only its `challenge.yaml`. */
function rootWith(texts: Readonly<Record<string, string>>): string {
  const root = mkdtempSync(join(tmpdir(), 'challenges-'));
  roots.push(root);
  for (const [id, text] of Object.entries(texts)) {
    const folder = join(root, 'src/scenarios/challenges', id);
    mkdirSync(folder, { recursive: true });
    writeFileSync(join(folder, 'challenge.yaml'), text);
  }
  return root;
}

afterEach(() => {
  for (const root of roots.splice(0)) rmSync(root, { recursive: true });
});

it('tells of every mistake with its file and line', () => {
  const root = rootWith({ one: 'preset: host\n', two: 'preset: hst\n' });
  expect(challengeIds(root)).toEqual(['one', 'two']);
  const faults = checkChallenges(root);
  expect(faults).toContainEqual({
    file: 'src/scenarios/challenges/two/challenge.yaml',
    line: 1,
    what: 'There is no preset "hst".',
    remedy: expect.stringContaining('Use one of host,') as string,
  });
  expect(new Set(faults.map(({ file }) => file)).size).toBe(2);
  expect(() => readChallengeFolder('one', root)).toThrow('"goal" is no list.');
});

it('finds no mistake in the exercises there are', () => {
  expect(checkChallenges('.')).toEqual([]);
});
