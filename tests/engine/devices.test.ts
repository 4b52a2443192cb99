import { expect, it } from 'vitest';
import { Session } from '../../src/engine/session.ts';

it('gives zeros and chance without end, other bytes each time, the same in the same world', () => {
  const first = (): string[] => {
    const session = new Session({ preset: 'host', seed: 3 });
    return [
      session.type('cat /dev/zero | head -c 10 | tr "\\0" 0').printed,
      session.type('head -c 100 /dev/urandom | sha256sum').printed,
      session.type('head -c 100 /dev/urandom | sha256sum').printed,
      session.type('cat /dev/null | wc -c').printed,
    ];
  };
  const [zeros, one, two, nothing] = first();
  expect(zeros).toBe('0000000000');
  expect(one).toMatch(/^[0-9a-f]{64} {2}-\n$/);
  expect(two).not.toBe(one);
  expect(nothing).toBe('0\n');
  expect(first()).toEqual([zeros, one, two, nothing]);
});
