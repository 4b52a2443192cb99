import { describe, expect, test } from 'vitest';
import { present } from '../../diagram/presentation.ts';
import type { Journey } from '../../diagram/projection/figure-view.ts';
import { travellersAt } from './travellers.ts';

// Four steps in close succession; the first takes longer than all of them.
const presentation = present(
  [
    { timeMs: 0, durationMs: 5000 },
    { timeMs: 10, durationMs: 0 },
    { timeMs: 20, durationMs: 0 },
    { timeMs: 30, durationMs: 0 },
  ],
  1,
);
const bytes: Journey = { channel: 'bytes', legs: [{ edge: 'push', reversed: false }] };
const call: Journey = { channel: 'api', legs: [{ edge: 'apply', reversed: false }] };
const journeyOf = (step: number) => [bytes, undefined, call, undefined][step];

describe('what travels', () => {
  test('is what the step sent and what earlier steps have not brought home', () => {
    const at = presentation.steps[2]!.startMs;
    const travellers = travellersAt(presentation, at, 2, journeyOf, true);
    expect(travellers.map(({ id, earlier }) => [id, earlier])).toEqual([
      [2, false],
      [0, true],
    ]);
    expect(travellers[0]?.progress).toBe(0);
    expect(travellers[1]?.progress).toBeGreaterThan(0);
  });

  test('without motion is the step’s own journey, shown as a whole', () => {
    const at = presentation.steps[2]!.startMs;
    expect(travellersAt(presentation, at, 2, journeyOf, false)).toEqual([
      { id: 2, journey: call, progress: 'shown', earlier: false },
    ]);
    expect(travellersAt(presentation, at, 3, journeyOf, false)).toEqual([]);
  });

  test('is never more than a reader can follow', () => {
    const steps = Array.from({ length: 60 }, (_, i) => ({ timeMs: i, durationMs: 60_000 }));
    const crowd = present([...steps, { timeMs: 120_000, durationMs: 0 }], 1);
    const at = crowd.steps[59]!.startMs;
    expect(travellersAt(crowd, at, 59, () => call, true)).toHaveLength(12);
  });
});
