/**
 * What stands at the ends of lines. Mermaid uses markers; the normal form draws each head as a
 * shape of its own beside its line, so that it takes the line's colour in every state and browser
 * and needs no reference by id.
 */
import { element, shortNumber, type XmlElement } from '../xml.ts';
import { along, type Point } from './point.ts';

export type HeadKind = 'arrow' | 'open' | 'circle' | 'cross' | 'triangle' | 'diamond' | 'lollipop';

interface Marker {
  readonly kind: HeadKind;
  /** How far the tip stands beyond the end of the line, in pixels, as in Mermaid 12.3.0. */
  readonly reachPx: number;
  readonly filled?: boolean;
}

const markers: readonly (readonly [RegExp, Marker])[] = [
  [/point(End|Start)/, { kind: 'arrow', reachPx: 4 }],
  [/circle(End|Start)/, { kind: 'circle', reachPx: -1 }],
  [/cross(End|Start)/, { kind: 'cross', reachPx: -2 }],
  [/barbEnd/, { kind: 'arrow', reachPx: 0 }],
  [/aggregation/, { kind: 'diamond', reachPx: 17 }],
  [/composition/, { kind: 'diamond', reachPx: 17, filled: true }],
  [/extension/, { kind: 'triangle', reachPx: 17 }],
  [/dependency/, { kind: 'open', reachPx: 5 }],
  [/lollipop/, { kind: 'lollipop', reachPx: 12 }],
  [/crosshead/, { kind: 'cross', reachPx: 3 }],
  [/filled-head/, { kind: 'open', reachPx: 2 }],
  [/arrowhead|ArrowHead/, { kind: 'arrow', reachPx: 2 }],
];

/**
 * The head that a marker reference (`url(#…)`) stands for.
 * @param outward unit vector that leaves the line at `end`
 * @returns `null` without a reference; throws for a marker that is not known
 */
export function headOf(
  reference: string | undefined,
  end: Point,
  outward: Point,
): XmlElement | null {
  if (reference === undefined || reference === 'none') return null;
  const marker = markers.find(([pattern]) => pattern.test(reference))?.[1];
  if (marker === undefined) throw new Error(`The marker ${reference} is not known.`);
  const tip = along(end, outward, marker.reachPx);
  const hollow = marker.kind === 'triangle' || marker.kind === 'lollipop';
  const open = marker.kind === 'open' || marker.kind === 'cross';
  const filled = marker.filled ?? (!hollow && !open && marker.kind !== 'diamond');
  const style = open ? 'stroke' : filled ? 'filled' : 'hollow';
  return element('path', {
    class: `figure-head figure-head-${style}`,
    d: shape(marker.kind, tip, outward),
  });
}

function shape(kind: HeadKind, tip: Point, outward: Point): string {
  const side = { x: -outward.y, y: outward.x };
  /** `back` pixels behind the tip, `aside` to its right. */
  const at = (back: number, aside: number): string => {
    const { x, y } = along(along(tip, outward, -back), side, aside);
    return `${shortNumber(x)} ${shortNumber(y)}`;
  };
  const circle = (radius: number): string => {
    const r = shortNumber(radius);
    return `M${at(0, 0)}A${r} ${r} 0 1 1 ${at(radius * 2, 0)}A${r} ${r} 0 1 1 ${at(0, 0)}Z`;
  };
  switch (kind) {
    case 'arrow':
      return `M${at(0, 0)}L${at(9, 4)}L${at(7.4, 0)}L${at(9, -4)}Z`;
    case 'open':
      return `M${at(8, 4.6)}L${at(0, 0)}L${at(8, -4.6)}`;
    case 'cross':
      return `M${at(0, 4)}L${at(8, -4)}M${at(0, -4)}L${at(8, 4)}`;
    case 'circle':
      return circle(4);
    case 'lollipop':
      return circle(6);
    case 'triangle':
      return `M${at(0, 0)}L${at(17, 7)}L${at(17, -7)}Z`;
    case 'diamond':
      return `M${at(0, 0)}L${at(8.5, 5)}L${at(17, 0)}L${at(8.5, -5)}Z`;
  }
}
