import { shortNumber } from '../xml.ts';
import { plus, type Point } from './point.ts';

/** One command of a path: its letter and its numbers. */
interface Command {
  readonly letter: string;
  readonly numbers: readonly number[];
}

const counts: Readonly<Record<string, number>> = { M: 2, L: 2, C: 6, Q: 4, A: 7, H: 1, V: 1, Z: 0 };

function parse(data: string): Command[] {
  const commands: Command[] = [];
  for (const [, letter = '', rest = ''] of data.matchAll(/([a-zA-Z])([^a-zA-Z]*)/g)) {
    const numbers = (rest.match(/-?(?:\d+\.?\d*|\.\d+)/g) ?? []).map(Number);
    const count = counts[letter.toUpperCase()];
    if (count === undefined) throw new Error(`The path command ${letter} is not known.`);
    if (count === 0) commands.push({ letter, numbers: [] });
    for (let at = 0; count > 0 && at < numbers.length; at += count) {
      const name = at > 0 && letter === 'M' ? 'L' : at > 0 && letter === 'm' ? 'l' : letter;
      commands.push({ letter: name, numbers: numbers.slice(at, at + count) });
    }
  }
  return commands;
}

/** Moves a path; commands with small letters are relative and stay. Numbers get one decimal. */
export function movePath(data: string, by: Point): string {
  let first = true;
  return parse(data)
    .map(({ letter, numbers }) => {
      // A leading `m` is absolute.
      const absolute = letter === letter.toUpperCase() || first;
      first = false;
      const moved = numbers.map((value, index) =>
        absolute ? value + shift(letter, index, by) : value,
      );
      return `${letter}${moved.map(shortNumber).join(' ')}`;
    })
    .join('');
}

function shift(letter: string, index: number, by: Point): number {
  const upper = letter.toUpperCase();
  if (upper === 'H') return by.x;
  if (upper === 'V') return by.y;
  if (upper === 'A') return index === 5 ? by.x : index === 6 ? by.y : 0;
  return index % 2 === 0 ? by.x : by.y;
}

/** The corner points of an absolute path: ends and control points in order. */
export function pathPoints(data: string): Point[] {
  const points: Point[] = [];
  for (const { letter, numbers } of parse(data)) {
    if (letter !== letter.toUpperCase() || letter === 'A') continue;
    for (let at = 0; at + 1 < numbers.length; at += 2) {
      points.push({ x: numbers[at]!, y: numbers[at + 1]! });
    }
  }
  return points;
}

/** `points="x,y …"` of a polygon, moved. */
export function movePoints(points: string, by: Point): string {
  const numbers = (points.match(/-?(?:\d+\.?\d*|\.\d+)/g) ?? []).map(Number);
  const moved: string[] = [];
  for (let at = 0; at + 1 < numbers.length; at += 2) {
    const { x, y } = plus({ x: numbers[at]!, y: numbers[at + 1]! }, by);
    moved.push(`${shortNumber(x)},${shortNumber(y)}`);
  }
  return moved.join(' ');
}
