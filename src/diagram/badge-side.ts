import type { Box } from './box.ts';
import { along } from './path-geometry.ts';

/** On which lower corner of a node its badge hangs. */
export type BadgeSide = 'right' | 'left';

interface Point {
  readonly x: number;
  readonly y: number;
}

/** Between two points that are looked at on a line: a badge is four times as high. */
const EVERY_PX = 4;
/** As wide as most badges are; how they change is not known when their place is chosen. */
const WIDTH = 46;
const ABOVE = 7;
const BELOW = 9;
const BESIDE = 3;

/** Points along lines, close enough that none passes through a badge unseen. */
export function pointsOf(paths: Iterable<string>): Point[] {
  return [...paths].flatMap((path) => {
    const line = along(path);
    const count = Math.ceil(line.length / EVERY_PX);
    return Array.from({ length: count + 1 }, (_, i) => line.at(i / Math.max(1, count)));
  });
}

/** The right one, unless a line runs there and not at the left. */
export function badgeSideOf(box: Box, points: readonly Point[]): BadgeSide {
  const right = box.x + box.width + BESIDE;
  const left = box.x - BESIDE;
  const bottom = box.y + box.height;
  const crossed = (from: number, to: number): boolean =>
    points.some(({ x, y }) => x >= from && x <= to && y >= bottom - ABOVE && y <= bottom + BELOW);
  return crossed(right - WIDTH, right) && !crossed(left, left + WIDTH) ? 'left' : 'right';
}
