import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { atOnce } from './breath.ts';
import type { Journal } from './journal.ts';
import { Kernel } from './kernel.ts';
import { Timeline } from './timeline.ts';

interface Throw {
  readonly type: 'throw';
  readonly stone: string;
}

const EMPTY: Journal = { engine: 'test', seed: 3, world: 'pond', entries: [] };

/** A pond: every stone thrown makes rings that spread at random for a while. */
function pond() {
  const kernel = new Kernel({ seed: EMPTY.seed });
  const rings = kernel.store.table<number>('rings');
  const spread = kernel.event<{ stone: string; radius: number }>('spread', ({ stone, radius }) => {
    rings.set(stone, radius);
    const delayMs = kernel.random('spread', stone, radius).integer(1, 9);
    if (radius < 200) spread.after(delayMs, { stone, radius: radius + 1 });
  });
  kernel.action<Throw>('throw', ({ stone }) => spread.after(5, { stone, radius: 1 }));
  const timeline = new Timeline(kernel, EMPTY);
  return {
    kernel,
    rings,
    timeline,
    throwStone: (stone: string) => timeline.dispatch({ type: 'throw', stone } as Throw),
  };
}

describe('Timeline', () => {
  it('comes back to every moment of a run with the state it had', () => {
    const { kernel, timeline, throwStone } = pond();
    const seen: { moment: typeof timeline.moment; hash: string }[] = [];
    for (let i = 0; i < 12; i++) {
      if (i % 4 === 0) throwStone(`stone ${i}`);
      timeline.advance(kernel.now + 97);
      seen.push({ moment: timeline.moment, hash: kernel.hash() });
    }
    for (const i of [11, 0, 7, 3, 8, 8, 2, 11, 5]) {
      const { moment, hash } = seen[i]!;
      timeline.seek(moment);
      expect(timeline.moment).toEqual(moment);
      expect(kernel.hash()).toBe(hash);
    }
    expect(timeline.branches()).toHaveLength(1);
  });

  it('lives through the old future when time runs on in the past', () => {
    const { kernel, timeline, throwStone } = pond();
    throwStone('a');
    timeline.advance(100);
    throwStone('b');
    timeline.advance(400);
    const end = kernel.hash();
    timeline.seek({ timeMs: 0, sequence: 0 });
    timeline.advance(400);
    expect(kernel.hash()).toBe(end);
    expect(timeline.inThePast).toBe(false);
  });

  it('forks when someone acts in the past, and keeps the other future', () => {
    const { kernel, rings, timeline, throwStone } = pond();
    throwStone('a');
    timeline.advance(100);
    const middle = timeline.moment;
    throwStone('b');
    timeline.advance(500);
    const first = kernel.hash();
    timeline.seek(middle);
    throwStone('c');
    timeline.advance(500);
    expect(rings.has('b')).toBe(false);
    expect(rings.has('c')).toBe(true);
    expect(timeline.branch.from).toEqual({ branch: 0, moment: middle });
    timeline.switchTo(0);
    expect(kernel.hash()).toBe(first);
    expect(rings.has('b')).toBe(true);
  });

  it('lives an action again before the events it came before, of the same millisecond', () => {
    const { kernel, timeline, throwStone } = pond();
    throwStone('one');
    throwStone('other');
    timeline.step();
    throwStone('third, while the other is due');
    const { moment } = timeline;
    const hash = kernel.hash();
    timeline.advance(kernel.now + 50);
    timeline.seek(moment);
    expect(kernel.hash()).toBe(hash);
  });

  it('takes the last action back', () => {
    const { kernel, rings, timeline, throwStone } = pond();
    throwStone('a');
    timeline.advance(100);
    const before = kernel.hash();
    throwStone('b');
    timeline.advance(300);
    expect(timeline.undo()).toEqual({ type: 'throw', stone: 'b' });
    expect(kernel.hash()).toBe(before);
    expect(rings.has('b')).toBe(false);
    expect(timeline.undo()).toEqual({ type: 'throw', stone: 'a' });
    expect(kernel.now).toBe(0);
    expect(timeline.undo()).toBeUndefined();
  });

  it('stays in a future that came to something, and leaves no other behind', () => {
    const { kernel, timeline, throwStone } = pond();
    throwStone('a');
    timeline.advance(50);
    const { moment, branch } = timeline;
    const hash = kernel.hash();
    const live = (stays: boolean) =>
      timeline.attempting(function* () {
        timeline.advance(kernel.now + 700);
        yield 0;
        return stays;
      });
    expect(atOnce(live(false))).toBe(false);
    expect([timeline.moment, timeline.branch, kernel.hash()]).toEqual([moment, branch, hash]);
    const givenUp = live(true);
    givenUp.next();
    expect(kernel.now).toBe(750);
    givenUp.return(false);
    expect([timeline.moment, timeline.branch, kernel.hash()]).toEqual([moment, branch, hash]);
    expect(atOnce(live(true))).toBe(true);
    expect(kernel.now).toBe(750);
    timeline.seek(moment);
    expect(kernel.hash()).toBe(hash);
  });

  it('replays a journal to the same hash, whatever was thrown when', () => {
    const plan = fc.array(fc.tuple(fc.nat(120), fc.string({ minLength: 1, maxLength: 2 })), {
      maxLength: 12,
    });
    fc.assert(
      fc.property(plan, (steps) => {
        const live = pond();
        for (const [waitMs, stone] of steps) {
          live.timeline.advance(live.kernel.now + waitMs);
          live.throwStone(stone);
        }
        live.timeline.advance(live.kernel.now + 50);
        const again = pond();
        again.timeline.replay(live.timeline.journal, live.timeline.moment);
        expect(again.kernel.hash()).toBe(live.kernel.hash());
        expect(again.timeline.moment).toEqual(live.timeline.moment);
      }),
    );
  });
});
