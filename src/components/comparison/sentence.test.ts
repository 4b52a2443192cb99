import { expect, test } from 'vitest';
import { isWhole, piecesOf } from './sentence.ts';

test('what stands in backquotes is code', () => {
  expect(piecesOf('`docker ps` lists `web`.')).toEqual([
    { text: 'docker ps', code: true },
    { text: ' lists ', code: false },
    { text: 'web', code: true },
    { text: '.', code: false },
  ]);
});

test('an option stays on one line; commands, and what is too long for a column, may break', () => {
  expect(isWhole('--replicas')).toBe(true);
  expect(isWhole('docker run -d')).toBe(false);
  expect(isWhole('--update-failure-action')).toBe(false);
});
