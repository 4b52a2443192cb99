import { describe, expect, it } from 'vitest';
import { occupy } from './slots.ts';

describe('slots', () => {
  it('keep who stays where they are and give newcomers the first free place', () => {
    let slots = occupy([], ['a', 'b'], 3);
    expect(slots).toEqual(['a', 'b', undefined]);
    slots = occupy(slots, ['b', 'c'], 3);
    expect(slots).toEqual(['c', 'b', undefined]);
    slots = occupy(slots, ['b', 'c', 'd', 'e'], 3);
    expect(slots).toEqual(['c', 'b', 'd']);
    slots = occupy(slots, ['e'], 3);
    expect(slots).toEqual(['e', undefined, undefined]);
  });
});
