import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { hashValue } from './hash.ts';
import { Log } from './log.ts';
import { Random } from './random.ts';

const copy = (value: unknown): unknown =>
  Array.isArray(value)
    ? value.map(copy)
    : typeof value === 'object' && value !== null
      ? Object.fromEntries(
          Object.entries(value)
            .reverse()
            .map(([key, field]) => [key, copy(field)]),
        )
      : value;

describe('hashValue', () => {
  it('is the same for equal data, whatever the order of fields', () => {
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        expect(hashValue(copy(value))).toBe(hashValue(value));
      }),
    );
  });

  it('tells apart what is alike', () => {
    const alike = [null, 0, '', '0', false, [], {}, [0], ['0'], { a: 1, b: 2 }, { a: 2, b: 1 }];
    const more = [[1, 2], [2, 1], [[1], 2], [1, [2]], { a: { b: 1 } }, { b: { a: 1 } }, [null]];
    const hashes = [...alike, ...more].map((value) => hashValue(value));
    expect(new Set(hashes).size).toBe(hashes.length);
  });

  it('does not meet a collision among a hundred thousand small values', () => {
    const seen = new Set<number>();
    for (let i = 0; i < 50_000; i++) {
      seen.add(hashValue(`pod-${i}`));
      seen.add(hashValue({ name: 'pod', ordinal: i }));
    }
    expect(seen.size).toBe(100_000);
  });

  it('refuses what is not data', () => {
    expect(() => hashValue(() => 1)).toThrow('plain data only');
  });
});

describe('Log', () => {
  it('keeps every version and hashes long ones without recursion', () => {
    let log = Log.empty<number>();
    for (let i = 0; i < 200_000; i++) log = log.append(i);
    const before = log;
    const after = log.append(1);
    expect(before.length).toBe(200_000);
    expect(before.toArray(199_998)).toEqual([199_998, 199_999]);
    expect(after.last()).toBe(1);
    expect(after.hash()).not.toBe(before.hash());
  });
});

describe('Random', () => {
  it('gives each name its own stream, the same for the same seed', () => {
    const draw = (seed: number, ...name: string[]) => {
      const random = new Random(seed, name);
      return Array.from({ length: 8 }, () => random.integer(0, 1_000_000));
    };
    expect(draw(1, 'scheduler', 'a')).toEqual(draw(1, 'scheduler', 'a'));
    expect(draw(1, 'scheduler', 'a')).not.toEqual(draw(1, 'scheduler', 'b'));
    expect(draw(1, 'scheduler', 'a')).not.toEqual(draw(2, 'scheduler', 'a'));
  });

  it('is even enough to choose fairly', () => {
    const counts = [0, 0, 0];
    for (let i = 0; i < 30_000; i++) {
      const chosen = new Random(9, ['kube-proxy', i]).pick([0, 1, 2]);
      counts[chosen] = (counts[chosen] ?? 0) + 1;
    }
    for (const count of counts) expect(Math.abs(count - 10_000)).toBeLessThan(400);
  });
});
