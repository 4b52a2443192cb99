/**
 * The drawing grammar: one small symbol for each thing, on a grid of 16 by 16, drawn with strokes
 * of one pixel. The same paths serve figures, maps and legends.
 */
import type { SemanticClass } from './graph.ts';

export const symbolSizePx = 16;

export const symbolPaths: Readonly<Record<SemanticClass, string>> = {
  // A sheet with a folded corner.
  file: 'M3.5 1.5H9.5L12.5 4.5V14.5H3.5ZM9.5 1.5V4.5H12.5M5.5 8H10.5M5.5 11H10.5',
  // A stack of layers.
  image: 'M2.5 12H13.5V14.5H2.5ZM2.5 8H13.5V12H2.5ZM2.5 5.5H13.5V8H2.5ZM2.5 1.5H13.5V5.5H2.5Z',
  // A shelf.
  registry: 'M2.5 1.5V14.5M13.5 1.5V14.5M2.5 6.5H13.5M2.5 13H13.5M4.5 6.5V3H7V6.5M9 13V9.5H11.5V13',
  // A berth: a quay on three sides of the water.
  machine: 'M1.5 3.5V13.5H14.5V3.5H12V11H4V3.5ZM6 8.5H10M6 6H10',
  // A ribbed box.
  container: 'M1.5 4.5H14.5V12.5H1.5ZM4.5 6.5V10.5M7 6.5V10.5M9.5 6.5V10.5M12 6.5V10.5',
  // A cell that holds boxes.
  pod: 'M8 1.3L14 4.7V11.3L8 14.7L2 11.3V4.7ZM5 6.5H7.5V9.5H5ZM8.8 6.5H11.3V9.5H8.8Z',
  // A tower.
  api: 'M4.5 14.5L6 6.5H10L11.5 14.5ZM5 3.5H11V6.5H5ZM8 1V3.5M5.4 10.5H10.6',
  // A logbook.
  etcd: 'M3.5 1.5H12.5V14.5H3.5ZM5.8 1.5V14.5M7.8 5H10.8M7.8 8H10.8M7.8 11H10.8',
  // A loop.
  controller:
    'M13 6.2A5.3 5.3 0 0 0 3.2 5.6M3 9.8A5.3 5.3 0 0 0 12.8 10.4M13.6 2.8V6.4H10M2.4 13.2V9.6H6',
  // A dispatch board.
  scheduler:
    'M1.5 2.5H14.5V13.5H1.5ZM5.8 2.5V13.5M10.2 2.5V13.5M1.5 6H14.5M7 8.5H9M11.3 10.5H13.3M2.8 8.5H4.6',
  // A signpost.
  service: 'M8 1V15M3.5 2.5H11L13 4.5L11 6.5H3.5ZM12.5 8H5L3 10L5 12H12.5Z',
  // A drum.
  volume:
    'M2.5 3.8A5.5 2 0 0 1 13.5 3.8V12.2A5.5 2 0 0 1 2.5 12.2ZM2.5 3.8A5.5 2 0 0 0 13.5 3.8M2.5 8A5.5 2 0 0 0 13.5 8',
  // A screen.
  client: 'M1.5 2.5H14.5V11H1.5ZM5.5 14H10.5M8 11V14',
  // A plate on pins.
  kernel:
    'M4 4H12V12H4ZM6 1.5V4M10 1.5V4M6 12V14.5M10 12V14.5M1.5 6H4M1.5 10H4M12 6H14.5M12 10H14.5',
  // A prompt.
  process: 'M1.5 2.5H14.5V13.5H1.5ZM4 6L6.5 8L4 10M8 10.5H12',
  // A person.
  actor:
    'M8 1.5A2.8 2.8 0 0 1 8 7.1A2.8 2.8 0 0 1 8 1.5ZM2.5 14.5C2.5 11 5 9.3 8 9.3C11 9.3 13.5 11 13.5 14.5',
};
