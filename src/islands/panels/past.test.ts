import fc from 'fast-check';
import { expect, test } from 'vitest';
import { binned, Gatherer } from './past.ts';

const seconds = fc.uniqueArray(
  fc.record({ second: fc.nat(5_000), served: fc.nat(900), failed: fc.nat(50) }),
  { selector: ({ second }) => second },
);

test('bins hold every request once, however long they last', () => {
  fc.assert(
    fc.property(seconds, fc.integer({ min: 1, max: 300 }), (all, most) => {
      const bins = binned(all, 0, 5_001_000, most);
      expect(bins.length).toBeLessThanOrEqual(most + 1);
      const sum = (of: 'served' | 'failed') =>
        bins.reduce((total, bin) => total + (bin[of] * (bin.toMs - bin.fromMs)) / 1000, 0);
      for (const of of ['served', 'failed'] as const) {
        expect(sum(of)).toBeCloseTo(
          all.reduce((total, one) => total + one[of], 0),
          6,
        );
      }
    }),
  );
});

test('a bin has the mean of the times of its answers', () => {
  const told = [
    { second: 0, served: 3, failed: 0, latencyMs: 10 },
    { second: 1, served: 1, failed: 5, latencyMs: 50 },
  ];
  const [bin] = binned(told, 0, 2_000, 1);
  expect(bin).toMatchObject({ served: 2, failed: 2.5, latencyMs: 20 });
});

test('what tells nothing new is what was there, so that nothing is drawn anew', () => {
  const gatherer = new Gatherer();
  const mark = () => ({ timeMs: 5, kind: 'act' as const, text: 'docker ps' });
  const told = (marks = [mark()]) => ({ told: { series: [], marks }, fromSecond: 0 });
  const first = gatherer.take(told());
  expect(gatherer.take(told())).toBe(first);
  expect(gatherer.take(told([mark(), mark()]))).not.toBe(first);
});
