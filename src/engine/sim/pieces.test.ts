import { describe, expect, it } from 'vitest';
import { PieceMissing, Pieces } from './pieces.ts';

/** Three pieces, one of which never comes. */
function harbour() {
  const loads = { crane: 0, broken: 0 };
  const pieces = new Pieces({
    crane: () => {
      loads.crane += 1;
      return Promise.resolve({ all: [() => 'up'] });
    },
    rope: () => Promise.resolve({ all: [] }),
    broken: () => {
      loads.broken += 1;
      return Promise.reject(new Error('no way to the harbour'));
    },
  });
  return { pieces, loads };
}

describe('pieces of the engine', () => {
  it('are missed until they are fetched, and fetched once', async () => {
    const { pieces, loads } = harbour();
    const lift = (): string => (pieces.behind('crane') as readonly (() => string)[])[0]!();
    expect(lift).toThrow(PieceMissing);
    await Promise.all([pieces.fetchMissing(), pieces.fetch(['crane']), pieces.fetch(['crane'])]);
    expect(pieces.whole(lift)).toBe('up');
    await pieces.fetch(['crane']);
    expect(loads.crane).toBe(1);
  });

  it('are missed also when somebody takes the fault for his own', async () => {
    const { pieces } = harbour();
    const swallowed = (): string => {
      try {
        pieces.behind('rope');
        return 'there';
      } catch {
        return 'no rope today';
      }
    };
    expect(() => pieces.whole(swallowed)).toThrow('the piece rope');
    await pieces.fetchMissing();
    expect(pieces.whole(swallowed)).toBe('there');
  });

  it('are caught up on within a stretch, which is done anew from where it began', async () => {
    const { pieces } = harbour();
    let lifted = 0;
    const bookmark = (): (() => void) => {
      const here = lifted;
      return () => (lifted = here);
    };
    const liftTwice = (piece: string): number => {
      lifted += 1;
      try {
        pieces.behind(piece);
      } catch {
        // A crane that is not there lifts nothing.
      }
      return (lifted += 1);
    };
    function* day(): Generator<number, void, void> {
      yield* pieces.stretch(bookmark, () => liftTwice('rope'));
      yield 0;
      yield* pieces.stretch(bookmark, () => liftTwice('crane'));
    }
    await pieces.fetch(['rope']);
    expect(() => pieces.whole(() => [...day()])).toThrow('the piece crane');
    lifted = 0;
    const [work, lifts] = [day(), [] as number[]];
    while (pieces.toABreath(() => work.next()).done !== true) {
      lifts.push(lifted);
      if (lifts.length === 1) continue;
      expect(pieces.isMissing).toBe(true);
      await pieces.fetchMissing();
    }
    expect(lifts, 'taken back to where the stretch began').toEqual([2, 2]);
    expect(lifted).toBe(4);
  });

  it('can be asked for again when they could not be had; unknown names are passed over', async () => {
    const { pieces, loads } = harbour();
    await expect(pieces.fetch(['broken'])).rejects.toThrow('no way');
    await expect(pieces.fetch(['broken'])).rejects.toThrow('no way');
    expect(loads.broken).toBe(2);
    await expect(pieces.fetch(['a piece of yesterday'])).resolves.toBeUndefined();
  });

  it('are noted where all are there', () => {
    const { pieces } = harbour();
    pieces.note('rope');
    pieces.note('crane');
    pieces.note('rope');
    expect(pieces.takeUsed()).toEqual(['crane', 'rope']);
    expect(pieces.takeUsed()).toEqual([]);
  });
});
