import { describe, expect, test } from 'vitest';
import { badgeLeft, lampAt, markPlacesOf, pointsOf } from './mark-places.ts';

const box = { x: 100, y: 100, width: 160, height: 40 };
const places = (...paths: string[]) => markPlacesOf(box, pointsOf(paths));

describe('a badge hangs', () => {
  const right = 'M230,140L230,300';
  const left = 'M120,140L120,300';

  test.each([
    ['nothing near', [], 'right'],
    ['a line that leaves at the lower right', [right], 'left'],
    ['a line that leaves at the lower left', [left], 'right'],
    ['lines at both', [right, left], 'middle'],
    ['lines everywhere', [right, left, 'M180,140L180,300'], 'right'],
    ['a curve that passes the corner', ['M300,100C270,120 255,150 190,260'], 'left'],
    ['a line far below', ['M0,300L400,300'], 'right'],
  ])('with %s at its place', (_, paths, side) => {
    expect(places(...paths).badge).toBe(side);
  });

  test('within the width of its node and a little more', () => {
    expect(badgeLeft(box, 'left', 50)).toBe(97);
    expect(badgeLeft(box, 'right', 50)).toBe(213);
    expect(badgeLeft(box, 'middle', 50)).toBe(155);
  });
});

describe('a lamp stands', () => {
  const corner = 'M256,0L256,96';

  test.each([
    ['nothing near', [], 'right'],
    ['a line that ends at the corner', [corner], 'inward'],
    ['a line that ends beside the corner', ['M400,104L264,104'], 'inward'],
    ['lines at both of its places', [corner, 'M232,0L232,96'], 'left'],
    ['lines at all three', [corner, 'M232,0L232,96', 'M104,0L104,96'], 'middle'],
    ['lines everywhere', ['M80,104L300,104'], 'right'],
    ['a line in the middle', ['M180,0L180,96'], 'right'],
  ])('with %s at its place', (_, paths, place) => {
    expect(places(...paths).lamp).toBe(place);
  });

  test('on the upper border', () => {
    expect(lampAt(box, 'right')).toEqual({ x: 259, y: 101 });
    expect(lampAt(box, 'inward')).toEqual({ x: 234, y: 101 });
    expect(lampAt(box, 'left')).toEqual({ x: 101, y: 101 });
  });
});
