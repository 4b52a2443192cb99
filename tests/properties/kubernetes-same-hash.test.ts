import { expect, test } from 'vitest';
import { begin, play, stepsOf } from './kubernetes-lives.ts';

/** What was lived once is lived again to the same world, from its beginning or from the middle. */
const SEEDS = [201, 202, 208];
const LENGTH = 60;
const MINUTES = 60_000;

test.each(SEEDS)(
  'seed %i leads to the same hash, twice and by way of a seek',
  { timeout: 5 * MINUTES },
  (seed) => {
    const once = begin(seed);
    const steps = stepsOf(once, LENGTH);
    const printed = play(once, steps);
    const hash = once.session.world.kernel.hash();

    const again = begin(seed);
    const { session } = again;
    const first = play(again, steps.slice(0, LENGTH / 2));
    const middle = session.timeline.moment;
    play(again, stepsOf(again, 10));
    session.timeline.seek(middle);
    const second = play(again, steps.slice(LENGTH / 2));
    expect([...first, ...second]).toEqual(printed);
    expect(session.world.kernel.hash()).toBe(hash);
  },
);
