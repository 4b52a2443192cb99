/** Plane geometry of drawings. Coordinates are CSS pixels, y down. */

export interface Point {
  readonly x: number;
  readonly y: number;
}

export interface Box extends Point {
  readonly width: number;
  readonly height: number;
}

export const origin: Point = { x: 0, y: 0 };

export function plus(a: Point, b: Point): Point {
  return { x: a.x + b.x, y: a.y + b.y };
}

/** `from` moved by `distance` along the unit vector `direction`. */
export function along(from: Point, direction: Point, distance: number): Point {
  return { x: from.x + direction.x * distance, y: from.y + direction.y * distance };
}

/** Unit vector from `a` to `b`; to the right when they are the same point. */
export function direction(a: Point, b: Point): Point {
  const length = Math.hypot(b.x - a.x, b.y - a.y);
  return length < 1e-6 ? { x: 1, y: 0 } : { x: (b.x - a.x) / length, y: (b.y - a.y) / length };
}

/** The translation in a `transform` attribute. Mermaid uses no other transformation. */
export function translationOf(transform: string | undefined): Point {
  const match = /translate\(\s*([-\d.e]+)(?:[\s,]+([-\d.e]+))?\s*\)/.exec(transform ?? '');
  return { x: Number(match?.[1] ?? 0), y: Number(match?.[2] ?? 0) };
}
