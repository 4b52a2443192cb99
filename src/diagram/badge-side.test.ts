import { expect, test } from 'vitest';
import { badgeSideOf, pointsOf } from './badge-side.ts';

const box = { x: 100, y: 100, width: 120, height: 40 };

test.each([
  ['nothing near', [], 'right'],
  ['a line that leaves at the lower right', ['M200,140L200,300'], 'left'],
  ['a line that leaves at the lower left', ['M120,140L120,300'], 'right'],
  ['lines at both', ['M200,140L200,300', 'M120,140L120,300'], 'right'],
  ['a curve that passes the corner', ['M260,100C230,120 215,150 150,260'], 'left'],
  ['a line far below', ['M0,300L400,300'], 'right'],
])('with %s a badge hangs at the %s side', (_, paths, side) => {
  expect(badgeSideOf(box, pointsOf(paths))).toBe(side);
});
