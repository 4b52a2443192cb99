import { describe, expect, it } from 'vitest';
import { CHECKPOINT_LIMIT, ROW_BUDGET, rowsHeld, withOneMore, workBetween } from './checkpoints.ts';
import { Kernel, type Checkpoint } from './kernel.ts';
import { Timeline } from './timeline.ts';

/** The checkpoints of a run of so many pieces of work on a state of so many rows. */
function afterRun(pieces: number, rows = 10): readonly Checkpoint[] {
  const { snapshot } = new Kernel({ seed: 1 }).checkpoint();
  let checkpoints: readonly Checkpoint[] = [];
  for (let i = 0; i < pieces; i++) {
    const moment = { timeMs: i, sequence: i * 256 };
    checkpoints = withOneMore(checkpoints, { moment, snapshot, scheduled: 0, records: 0, rows });
    expect(checkpoints.length).toBeLessThanOrEqual(CHECKPOINT_LIMIT);
  }
  return checkpoints;
}

const gapsOf = (checkpoints: readonly Checkpoint[]): number[] =>
  checkpoints
    .slice(1)
    .map(({ moment, records }, i) =>
      workBetween(checkpoints[i]!, { sequence: moment.sequence, records }),
    );

describe('checkpoints', () => {
  it('are all kept of a short run', () => {
    expect(gapsOf(afterRun(CHECKPOINT_LIMIT))).toEqual(Array(CHECKPOINT_LIMIT - 1).fill(1));
  });

  it.each([600, 5000, 40_000])('are thinned out evenly of a run of %i pieces', (pieces) => {
    const checkpoints = afterRun(pieces);
    expect(checkpoints[0]?.moment.sequence).toBe(0);
    expect(checkpoints.at(-1)?.moment.sequence).toBe((pieces - 1) * 256);
    const gaps = gapsOf(checkpoints);
    expect(Math.max(...gaps)).toBeLessThanOrEqual((4 * pieces) / CHECKPOINT_LIMIT);
    expect(gaps.slice(-100)).toEqual(Array(100).fill(1));
  });

  it.each([1000, 20_000, 1_000_000])('of %i rows hold a bounded number of them', (rows) => {
    const checkpoints = afterRun(20_000, rows);
    const held = rowsHeld(checkpoints);
    expect(held <= ROW_BUDGET || checkpoints.length <= 16).toBe(true);
    expect(checkpoints.length).toBeGreaterThanOrEqual(8);
    expect(checkpoints[0]?.moment.sequence).toBe(0);
  });

  it('lead back to every moment of a long run', () => {
    const kernel = new Kernel({ seed: 1 });
    const count = kernel.store.table<number>('count');
    const tick = kernel.event('tick', () => {
      count.set('ticks', (count.get('ticks') ?? 0) + 1);
      tick.after(1, undefined);
    });
    tick.after(1, undefined);
    const timeline = new Timeline(kernel, { engine: '', seed: 1, world: '', entries: [] });
    timeline.advance(400_000);
    for (const ms of [1, 399_999, 77_777, 200_000, 3]) {
      timeline.seekTime(ms);
      expect([kernel.now, count.get('ticks')]).toEqual([ms, ms]);
    }
  });
});
