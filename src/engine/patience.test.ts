import { describe, expect, it } from 'vitest';
import { PATIENCE_MS, waitPatiently } from './patience.ts';
import { Kernel } from './sim/kernel.ts';

const DAY_MS = 24 * 3600 * 1000;

/** A world in which something happens every second, and a command that ends at `endsMs`. */
function wait(endsMs: number, sleepMs: number) {
  const kernel = new Kernel({ seed: 1 });
  const beginMs = kernel.now;
  const tick = kernel.event('test/tick', () => {
    tick.after(1000, {});
  });
  tick.after(1000, {});
  let interrupted = false;
  const fault = waitPatiently(
    {
      kernel,
      step: (untilMs) => (kernel.nextEventMs ?? Infinity) <= untilMs && kernel.step(),
      advance: (toMs) => kernel.advance(toMs),
      attempting: (live) => kernel.attempting(live),
      bookmark: () => kernel.bookmark(),
      isOver: () => interrupted || kernel.now - beginMs >= endsMs,
      sleepMs: () => sleepMs,
      interrupt: () => (interrupted = true),
    },
    beginMs + PATIENCE_MS,
  );
  return { fault, interrupted, ms: kernel.now - beginMs };
}

describe('a patient person', () => {
  it('waits for a sleep of a day, however much happens meanwhile', () => {
    expect(wait(DAY_MS, DAY_MS)).toEqual({ fault: undefined, interrupted: false, ms: DAY_MS });
  });

  it('does not wait for a sleep without end, nor for what is not seen to end', () => {
    expect(wait(Infinity, Number.MAX_SAFE_INTEGER)).toMatchObject({
      interrupted: true,
      ms: 60_000,
    });
    expect(wait(DAY_MS, 2000)).toMatchObject({ interrupted: true, ms: 60_000 });
  });
});
