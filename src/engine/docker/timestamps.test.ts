import { describe, expect, it } from 'vitest';
import { goDuration } from './go-duration.ts';
import { goTime } from './go-time.ts';
import { readTimestamp } from './timestamps.ts';

describe('times', () => {
  it('in queries are seconds with a fraction', () => {
    expect(readTimestamp('1767571201.250000000')).toEqual({ ok: true, timeMs: 1_250 });
    expect(readTimestamp('1767571200')).toEqual({ ok: true, timeMs: 0 });
    expect(readTimestamp('')).toEqual({ ok: true, timeMs: undefined });
    expect(readTimestamp('soon')).toEqual({
      ok: false,
      message: 'invalid timestamp "soon": invalid seconds "soon": invalid syntax',
    });
    expect(readTimestamp('1.x')).toMatchObject({ ok: false });
  });

  it('are written as Go writes them', () => {
    expect(goTime(1_250)).toBe('2026-01-05T00:00:01.25Z');
    expect(goTime(20_000)).toBe('2026-01-05T00:00:20Z');
    const shown = [30e9, 60e9, 90.5e9, 3_600e9, 500e6, 1_500, 0].map(goDuration);
    expect(shown).toEqual(['30s', '1m0s', '1m30.5s', '1h0m0s', '500ms', '1.5µs', '0s']);
  });
});
