import type { Random } from '../sim/random.ts';

/** Names for containers that were given none, in the manner of moby's `pkg/namesgenerator`. */
const LEFT =
  'brave calm clever eager gentle happy jolly keen lucid nifty quiet sharp vivid wise'.split(' ');
const RIGHT =
  'babbage curie darwin euler fermat gauss hopper hypatia kepler lovelace noether turing'.split(
    ' ',
  );

export const generatedName = (random: Random): string =>
  `${random.pick(LEFT)}_${random.pick(RIGHT)}`;
