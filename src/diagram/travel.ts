import type { Channel } from './bindings.ts';
import type { Along, Place } from './path-geometry.ts';
import type { Journey } from './projection/figure-view.ts';
import type { TravellerName } from './state-glyphs.ts';

/**
 * Something on its way through a figure: where it is and which part of its lines lies behind it.
 * A journey of several legs is one way, gone at one pace over all its lines.
 */
export interface Traveller {
  /** Names it for as long as it travels. */
  readonly id: number;
  readonly journey: Journey;
  /** 0 at its start, 1 on arrival; `shown` stands still and marks the whole way. */
  readonly progress: number | 'shown';
  /** Sent by an earlier step and still on its way: drawn with less weight. */
  readonly earlier?: boolean;
}

export const glyphOfChannel: Readonly<Record<Channel, TravellerName>> = {
  api: 'api-call',
  watch: 'watch',
  bytes: 'layer-bytes',
  request: 'request',
};

/** Part of a line, as shares of its length in the direction in which it was drawn. */
export interface Wake {
  readonly edge: string;
  readonly from: number;
  readonly to: number;
}

export interface Whereabouts {
  readonly place: Place;
  /** What lies behind it, first leg first. */
  readonly wakes: readonly Wake[];
}

/**
 * @param lineOf the line of an edge; undefined when the drawing has none
 * @returns undefined when no leg of the journey has a line
 */
export function whereabouts(
  traveller: Traveller,
  lineOf: (edge: string) => Along | undefined,
): Whereabouts | undefined {
  const legs = traveller.journey.legs.flatMap((leg) => {
    const line = lineOf(leg.edge);
    return line ? [{ ...leg, line }] : [];
  });
  const last = legs.at(-1);
  if (!last) return undefined;
  const { progress } = traveller;
  if (progress === 'shown') {
    const wakes = legs.map(({ edge }) => ({ edge, from: 0, to: 1 }));
    return { place: placeOn(last.line, last.reversed, 0.5), wakes };
  }
  const whole = legs.reduce((sum, { line }) => sum + line.length, 0);
  let left = eased(progress) * whole;
  const wakes: Wake[] = [];
  for (const { edge, line, reversed } of legs) {
    const share = line.length > 0 ? Math.min(1, left / line.length) : 1;
    wakes.push(reversed ? { edge, from: 1 - share, to: 1 } : { edge, from: 0, to: share });
    if (share < 1) return { place: placeOn(line, reversed, share), wakes };
    left -= line.length;
  }
  return { place: placeOn(last.line, last.reversed, 1), wakes };
}

function placeOn(line: Along, reversed: boolean, share: number): Place {
  if (!reversed) return line.at(share);
  const place = line.at(1 - share);
  return { ...place, angle: place.angle + 180 };
}

/** The one easing of motion along lines: it leaves and arrives gently. s = p²(3 − 2p) */
function eased(progress: number): number {
  return progress * progress * (3 - 2 * progress);
}
