import type { Random } from '../sim/random.ts';

/**
 * Names for containers that were given none, from words of moby/moby v29.7
 * `internal/namesgenerator/names-generator.go`.
 *
 * Simplified: a part of its lists.
 */
const LEFT = (
  'admiring amazing bold brave busy charming clever cool dazzling determined eager ecstatic ' +
  'elegant epic exciting focused friendly gallant gifted happy hopeful jolly keen kind laughing ' +
  'loving lucid magical modest naughty nice nifty optimistic peaceful quirky relaxed romantic ' +
  'serene sharp sleepy stoic sweet tender thirsty upbeat vibrant vigilant vigorous wizardly zealous'
).split(' ');
const RIGHT = (
  'archimedes babbage banach bardeen bassi bell bohr boyd carson cerf curie curran darwin davinci ' +
  'dijkstra easley einstein euler fermat feynman franklin galileo gauss germain goldberg goodall ' +
  'hamilton hawking hermann hopper hypatia johnson kalam keller kepler khorana knuth kowalevski ' +
  'lamarr leavitt lovelace mahavira mccarthy meitner mendel mirzakhani newton nobel noether pascal ' +
  'pasteur ramanujan ride ritchie shannon tesla thompson turing villani wright wu yalow'
).split(' ');

/** A name; from the second try on a digit is added. */
export const generatedName = (random: Random, retry: number): string =>
  `${random.pick(LEFT)}_${random.pick(RIGHT)}${retry > 0 ? random.text(1, '0123456789') : ''}`;
