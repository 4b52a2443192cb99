import { describe, expect, it } from 'vitest';
import { LogClip } from './log-clip.ts';

const KIB = 1024;

describe('what a build shows of a step', () => {
  it('is clipped at 200 KiB a second, and goes on where there is room again', () => {
    const clip = new LogClip(0);
    expect(clip.pass('a'.repeat(199 * KIB), 10)).toHaveLength(199 * KIB);
    const note = '\n[output clipped, log limit 200KiB/s reached]\n';
    expect(clip.pass('b'.repeat(2 * KIB), 20)).toBe(`${'b'.repeat(KIB)}${note}`);
    expect(clip.pass('more', 30)).toBe('');
    expect(clip.pass('later', 1_500)).toBe('later');
  });

  it('ends at 2 MiB in all', () => {
    const clip = new LogClip(0);
    clip.pass('a'.repeat(2 * KIB * KIB), 60_000);
    expect(clip.pass('b', 60_001)).toBe('\n[output clipped, log limit 2MiB reached]\n');
    expect(clip.pass('b', 90_000)).toBe('');
  });
});
