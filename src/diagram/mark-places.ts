import type { Box } from './box.ts';
import { along } from './path-geometry.ts';

/** Where on its upper border a node's lamp stands, and where on the lower one its badge hangs. */
export interface MarkPlaces {
  readonly lamp: 'right' | 'inward' | 'left' | 'middle';
  readonly badge: 'right' | 'left' | 'middle';
}

export const USUAL_PLACES: MarkPlaces = { lamp: 'right', badge: 'right' };

interface Point {
  readonly x: number;
  readonly y: number;
}

/** Between two points that are looked at on a line: a badge is four times as high. */
const EVERY_PX = 4;
/** As wide as most badges are; how they change is not known when their place is chosen. */
const BADGE_WIDTH = 46;
const ABOVE = 7;
const BELOW = 9;
const BESIDE = 3;
/** What a lamp and half of an arrowhead take. */
const LAMP_REACH = 13;
/** How far from the corner a lamp stands that gives way to a line there. */
const INWARD = 25;

/** Points along lines, close enough that none passes through a mark unseen. */
export function pointsOf(paths: Iterable<string>): Point[] {
  return [...paths].flatMap((path) => {
    const line = along(path);
    const count = Math.ceil(line.length / EVERY_PX);
    return Array.from({ length: count + 1 }, (_, i) => line.at(i / Math.max(1, count)));
  });
}

/** At the right, unless a line runs there and not at another place. */
export function markPlacesOf(box: Box, points: readonly Point[]): MarkPlaces {
  const near = pointsAround(box, points);
  const { lamp, badge } = USUAL_PLACES;
  return {
    lamp: LAMPS.find((place) => isLampFree(box, place, near)) ?? lamp,
    badge: BADGES.find((place) => isBadgeFree(box, place, near)) ?? badge,
  };
}

const LAMPS: readonly MarkPlaces['lamp'][] = ['right', 'inward', 'left', 'middle'];
const BADGES: readonly MarkPlaces['badge'][] = ['right', 'left', 'middle'];

/** The middle of a lamp. */
export function lampAt({ x, y, width }: Box, place: MarkPlaces['lamp']): Point {
  const right = x + width - 1;
  const at = { right, inward: right - INWARD, left: x + 1, middle: x + width / 2 };
  return { x: at[place], y: y + 1 };
}

/** The left end of a badge of a width. */
export function badgeLeft(box: Box, place: MarkPlaces['badge'], width: number): number {
  const left = box.x - BESIDE;
  const right = box.x + box.width + BESIDE - width;
  return { left, right, middle: (left + right) / 2 }[place];
}

function pointsAround({ x, y, width, height }: Box, points: readonly Point[]): Point[] {
  const [left, right] = [x - LAMP_REACH, x + width + LAMP_REACH];
  const [top, bottom] = [y - LAMP_REACH, y + height + LAMP_REACH];
  return points.filter((at) => at.x > left && at.x < right && at.y > top && at.y < bottom);
}

function isLampFree(box: Box, place: MarkPlaces['lamp'], points: readonly Point[]): boolean {
  const middle = lampAt(box, place);
  return points.every(({ x, y }) => (x - middle.x) ** 2 + (y - middle.y) ** 2 > LAMP_REACH ** 2);
}

function isBadgeFree(box: Box, place: MarkPlaces['badge'], points: readonly Point[]): boolean {
  const left = badgeLeft(box, place, BADGE_WIDTH);
  const bottom = box.y + box.height;
  return !points.some(
    ({ x, y }) =>
      x >= left && x <= left + BADGE_WIDTH && y >= bottom - ABOVE && y <= bottom + BELOW,
  );
}
