import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { present, progressOf, speeds, stepAt, virtualTimeAt } from './presentation.ts';

const at = (timeMs: number, durationMs = 0) => ({ timeMs, durationMs });
const runs = fc
  .array(fc.tuple(fc.nat(5000), fc.nat(9000)), { minLength: 1, maxLength: 40 })
  .map((gaps) => {
    let timeMs = 0;
    return gaps.map(([gap, durationMs]) => at((timeMs += gap), durationMs));
  });

describe('presentation time', () => {
  it('gives each step at x1 at least 240 ms and a long silence at most 600 ms', () => {
    const { steps, lengthMs } = present([at(0), at(10), at(400), at(60_000)], 1);
    expect(steps.map((step) => step.startMs)).toEqual([0, 240, 630, 1230]);
    expect(steps.map((step) => step.skippedMs)).toEqual([0, 0, 0, 59_000]);
    expect(lengthMs).toBe(1830);
  });

  it('shortens both at x10 and x60', () => {
    const lengths = speeds.map((speed) => present([at(0), at(10), at(60_000)], speed).lengthMs);
    expect(lengths).toEqual([1440, 400, 104]);
  });

  it('lets what travels arrive when it arrives, while other things happen', () => {
    const { steps } = present([at(0, 500), at(250), at(500), at(900)], 1);
    expect(steps[0]).toMatchObject({ startMs: 0, endMs: 500 });
    expect(progressOf(steps[0] as never, 250)).toBe(0.5);
    expect(progressOf(steps[0] as never, 900)).toBe(1);
  });

  it('keeps order, and every step can be met, at every speed', () => {
    fc.assert(
      fc.property(runs, fc.constantFrom(...speeds), (run, speed) => {
        const presentation = present(run, speed);
        presentation.steps.forEach((step, i) => {
          expect(step.startMs).toBeGreaterThanOrEqual(presentation.steps[i - 1]?.startMs ?? 0);
          expect(stepAt(presentation, step.startMs)).toBe(i);
          expect(virtualTimeAt(run, presentation, step.startMs)).toBe(run[i]?.timeMs);
          expect(step.endMs).toBeGreaterThan(step.startMs);
          expect(step.endMs).toBeLessThanOrEqual(presentation.lengthMs);
        });
        expect(stepAt(presentation, -1)).toBe(-1);
      }),
    );
  });

  it('never shows virtual time running backwards', () => {
    fc.assert(
      fc.property(runs, (run) => {
        const presentation = present(run, 1);
        let before = 0;
        for (let position = 0; position < presentation.lengthMs; position += 37) {
          const timeMs = virtualTimeAt(run, presentation, position);
          expect(timeMs).toBeGreaterThanOrEqual(before);
          before = timeMs;
        }
      }),
    );
  });

  it('is empty when nothing happened', () => {
    expect(present([], 1)).toEqual({ steps: [], lengthMs: 0 });
  });
});
