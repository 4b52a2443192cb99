import type { StateName } from '../../../diagram/state-glyphs.ts';

/** The states of the map's cells by number; 0 is an empty one. */
export const CELL_STATES: readonly (StateName | 'empty')[] = [
  'empty',
  'running',
  'starting',
  'pending',
  'waiting',
  'paused',
  'succeeded',
  'failed',
  'terminating',
  'unknown',
  'cordoned',
];

/** The number of a cell that stands for the berth itself. */
export const BERTH_ITSELF = 2047;

export const codeOfState = (state: string): number =>
  Math.max(0, CELL_STATES.indexOf(state as StateName));

/** A change as one number: 16 bits of berth, 11 of cell, 5 of state. */
export const packChange = (berth: number, cell: number, state: number): number =>
  ((berth << 16) | (cell << 5) | state) >>> 0;

export const unpackChange = (change: number): [berth: number, cell: number, state: number] => [
  change >>> 16,
  (change >>> 5) & 2047,
  change & 31,
];
