import { describe, expect, it } from 'vitest';
import { joinBytes } from './growing-bytes.ts';

const block = (value: number) => new Uint8Array(1000).fill(value);

describe('bytes that grow', () => {
  it('keep every length they had, and share nothing between two futures', () => {
    let bytes = block(1);
    for (let n = 0; n < 9; n++) bytes = joinBytes(bytes, block(2)) as typeof bytes;
    const fork = joinBytes(bytes, block(3));
    const other = joinBytes(bytes, block(4));
    expect(bytes).toHaveLength(10_000);
    expect(fork.subarray(0, 10_000)).toEqual(bytes);
    expect([fork.at(-1), other.at(-1), bytes.at(-1)]).toEqual([3, 4, 2]);
    expect(joinBytes(fork, block(5)).at(10_999)).toBe(3);
  });

  it('grow to megabytes by small steps without a copy each time', () => {
    let bytes: Uint8Array = block(0);
    const buffers = new Set<ArrayBufferLike>();
    for (let n = 0; n < 20_000; n++) {
      bytes = joinBytes(bytes, block(n % 256));
      buffers.add(bytes.buffer);
    }
    expect(bytes).toHaveLength(20_001_000);
    expect(buffers.size).toBeLessThan(30);
  });
});
