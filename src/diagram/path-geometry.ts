/**
 * Places along the lines of a drawing. Lines in normal form are made of straight pieces and cubic
 * curves with absolute coordinates, so that is all this reads.
 */
export interface Place {
  readonly x: number;
  readonly y: number;
  /** Degrees, clockwise from the right: where the line leads here. */
  readonly angle: number;
}

export interface Along {
  readonly length: number;
  /** The place at a share (0 to 1) of the length. */
  at(share: number): Place;
}

interface Point {
  readonly x: number;
  readonly y: number;
}

/** Chords that stand for one curve: its place is then right to a fifth of a pixel. */
const CHORDS = 24;

/** @param path the `d` of a `.figure-line` */
export function along(path: string): Along {
  const points = flatten(path);
  const reached = [0];
  for (let i = 1; i < points.length; i++) {
    const [a, b] = [points[i - 1]!, points[i]!];
    reached.push(reached[i - 1]! + Math.hypot(b.x - a.x, b.y - a.y));
  }
  const length = reached.at(-1) ?? 0;
  return {
    length,
    at(share) {
      const wanted = Math.min(1, Math.max(0, share)) * length;
      let i = 1;
      while (i < points.length - 1 && reached[i]! < wanted) i++;
      const a = points[i - 1] ?? { x: 0, y: 0 };
      const b = points[i] ?? a;
      const chord = (reached[i] ?? 0) - (reached[i - 1] ?? 0);
      const part = chord > 0 ? (wanted - reached[i - 1]!) / chord : 0;
      const angle = (Math.atan2(b.y - a.y, b.x - a.x) * 180) / Math.PI;
      return { x: a.x + (b.x - a.x) * part, y: a.y + (b.y - a.y) * part, angle };
    },
  };
}

function flatten(path: string): Point[] {
  const points: Point[] = [];
  for (const [, command, text = ''] of path.matchAll(/([MLC])([^MLC]*)/g)) {
    const numbers = [...text.matchAll(/-?\d*\.?\d+/g)].map(([number]) => Number(number));
    const pairs = Array.from({ length: numbers.length >> 1 }, (_, i) => ({
      x: numbers[2 * i]!,
      y: numbers[2 * i + 1]!,
    }));
    if (command === 'C') {
      for (let i = 0; i + 2 < pairs.length; i += 3) {
        points.push(...chords(points.at(-1) ?? pairs[i]!, pairs[i]!, pairs[i + 1]!, pairs[i + 2]!));
      }
    } else points.push(...pairs);
  }
  return points;
}

function chords(a: Point, b: Point, c: Point, d: Point): Point[] {
  return Array.from({ length: CHORDS }, (_, i) => {
    const t = (i + 1) / CHORDS;
    const u = 1 - t;
    const [k0, k1, k2, k3] = [u * u * u, 3 * u * u * t, 3 * u * t * t, t * t * t];
    return {
      x: k0 * a.x + k1 * b.x + k2 * c.x + k3 * d.x,
      y: k0 * a.y + k1 * b.y + k2 * c.y + k3 * d.y,
    };
  });
}
