import { describe, expect, test } from 'vitest';
import { along } from './path-geometry.ts';
import { whereabouts, type Traveller } from './travel.ts';

const lines: Record<string, ReturnType<typeof along>> = {
  a: along('M0 0L100 0'),
  b: along('M100 300L100 0'),
};
const lineOf = (edge: string) => lines[edge];

function going(progress: Traveller['progress'], ...legs: [string, boolean][]) {
  const journey = {
    channel: 'bytes' as const,
    legs: legs.map(([edge, reversed]) => ({ edge, reversed })),
  };
  return whereabouts({ id: 1, journey, progress }, lineOf);
}

describe('a traveller', () => {
  test('leaves at one end and arrives at the other', () => {
    expect(going(0, ['a', false])?.place).toMatchObject({ x: 0, y: 0 });
    expect(going(1, ['a', false])?.place).toMatchObject({ x: 100, y: 0 });
  });

  test('goes leg by leg, and against the drawn direction where it must', () => {
    const half = going(0.5, ['a', false], ['b', true]);
    // Half of 400: the whole of the first leg and a third of the second, downwards.
    expect(half?.place).toMatchObject({ x: 100, y: expect.closeTo(100) as number, angle: 90 });
    expect(half?.wakes).toEqual([
      { edge: 'a', from: 0, to: 1 },
      { edge: 'b', from: expect.closeTo(2 / 3) as number, to: 1 },
    ]);
  });

  test('without motion stands on its way, all of which is marked', () => {
    const shown = going('shown', ['a', false], ['b', true]);
    expect(shown?.place).toMatchObject({ x: 100, y: 150 });
    expect(shown?.wakes.every(({ from, to }) => from === 0 && to === 1)).toBe(true);
  });

  test('is nowhere when the drawing lacks its lines', () => {
    expect(going(0.5, ['missing', false])).toBeUndefined();
  });
});
