import { describe, expect, it } from 'vitest';
import { brokenIn, faultyLife, mendedLife } from './faulty-life.ts';

describe('a swarm to which all kinds of things happened', () => {
  it.each([1, 2, 3, 4, 5, 6])('is whole again when all is mended (seed %i)', (seed) => {
    expect(brokenIn(mendedLife(seed, 40))).toEqual([]);
  });

  it.each([1, 2, 3])('goes on from a checkpoint in its midst (seed %i)', (seed) => {
    const { kernel } = faultyLife(seed, 20).session.world;
    const checkpoint = kernel.checkpoint();
    kernel.advance(kernel.now + 60_000);
    const hash = kernel.hash();
    kernel.restore(checkpoint);
    kernel.advance(kernel.now + 60_000);
    expect(kernel.hash()).toBe(hash);
  });
});
