import { expect, test } from 'vitest';
import { foldLines } from './fold.ts';

const upTo = (count: number) => Array.from({ length: count }, (_, i) => i + 1);
const shapeOf = (count: number, ...matter: number[]) =>
  foldLines(upTo(count), (line) => matter.includes(line)).map(
    ({ folded, lines }) => `${folded ? 'folded' : 'shown'} ${lines[0]}-${lines.at(-1)}`,
  );

test('short outputs are shown as they are', () => {
  expect(shapeOf(0)).toEqual([]);
  expect(shapeOf(14)).toEqual(['shown 1-14']);
});

test('of a long one, the ends are shown', () => {
  expect(shapeOf(15)).toEqual(['shown 1-3', 'folded 4-11', 'shown 12-15']);
});

test('a line that matters is shown with its neighbours', () => {
  expect(shapeOf(40, 20)).toEqual([
    'shown 1-3',
    'folded 4-18',
    'shown 19-21',
    'folded 22-36',
    'shown 37-40',
  ]);
});

test('a few lines between two that are shown are not folded', () => {
  expect(shapeOf(15, 7)).toEqual(['shown 1-15']);
  expect(shapeOf(16, 8)).toEqual(['shown 1-16']);
  expect(shapeOf(17, 8)).toEqual(['shown 1-9', 'folded 10-13', 'shown 14-17']);
});

test('no line is lost', () => {
  for (const matter of upTo(60)) {
    const all = foldLines(upTo(60), (line) => line === matter).flatMap(({ lines }) => lines);
    expect(all).toEqual(upTo(60));
  }
});
