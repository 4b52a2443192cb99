/**
 * The marks of the drawing grammar that are not things: states, which are never shown by colour
 * alone, and what travels along edges. Drawn on the same grid of 16 by 16 as the symbols of things.
 */

/** Parts of a glyph: closed shapes to fill, strokes of 1.5 pixels, and a dash for those strokes. */
export interface Glyph {
  readonly fill?: string;
  readonly line?: string;
  readonly dash?: string;
}

const circle = 'M8 3A5 5 0 0 1 8 13A5 5 0 0 1 8 3Z';

/** A state's glyph; the token of its colour has the state's name. */
export const stateGlyphs = {
  running: { fill: circle },
  starting: { line: circle, fill: 'M8 3A5 5 0 0 0 8 13Z' },
  pending: { line: circle, dash: '2.2 1.7' },
  paused: { line: `${circle}M6.6 6V10M9.4 6V10` },
  waiting: { line: circle, fill: 'M8 8V3A5 5 0 0 1 13 8Z' },
  succeeded: { line: 'M3 8.5L6.4 12L13 4.5' },
  failed: { line: 'M4 4L12 12M12 4L4 12' },
  terminating: { line: 'M2.5 4H13.5L8 13ZM5.8 4.2L9.6 10.2M9.4 4.2L11.2 7.2' },
  unknown: {
    line: 'M6.3 6.6A1.8 1.8 0 1 1 8.9 8.2C8.2 8.6 8 8.9 8 9.6M8 11.4V11.6',
  },
  cordoned: { line: `${circle}M4.5 11.5L11.5 4.5` },
} as const satisfies Readonly<Record<string, Glyph>>;

export type StateName = keyof typeof stateGlyphs;

/** What travels: a request, an API call, news to a watcher, bytes of a layer. */
export const travellerGlyphs = {
  request: { fill: 'M14.5 8L2.5 3.2L5.4 8L2.5 12.8Z' },
  'api-call': { line: 'M8 3.5A4.5 4.5 0 0 1 8 12.5A4.5 4.5 0 0 1 8 3.5Z' },
  watch: {
    line: 'M8 1.5A6.5 6.5 0 0 1 8 14.5A6.5 6.5 0 0 1 8 1.5ZM8 5A3 3 0 0 1 8 11A3 3 0 0 1 8 5Z',
  },
  'layer-bytes': { fill: 'M2.5 5H13.5V11H2.5Z' },
} as const satisfies Readonly<Record<string, Glyph>>;

export type TravellerName = keyof typeof travellerGlyphs;
