import { describe, expect, it } from 'vitest';
import { DAY, HOUR, civilTime, parseRfc3339, rfc3339, rfc3339Nano } from './clock.ts';

describe('virtual time', () => {
  it('begins on Monday 2026-01-05 at midnight, UTC', () => {
    expect(rfc3339(0)).toBe('2026-01-05T00:00:00Z');
    expect(civilTime(0).weekday).toBe(1);
    expect(rfc3339Nano(1234)).toBe('2026-01-05T00:00:01.234000000Z');
  });

  it('agrees with the calendar of the platform on every day of nine years', () => {
    for (let day = -400; day < 3000; day++) {
      const timeMs = day * DAY + 13 * HOUR + day;
      const real = new Date(Date.UTC(2026, 0, 5) + timeMs).toISOString();
      expect(rfc3339(timeMs)).toBe(`${real.slice(0, 19)}Z`);
      expect(parseRfc3339(real)).toBe(timeMs);
    }
  });

  it('refuses what is not an RFC 3339 time in UTC', () => {
    expect(parseRfc3339('2026-01-05')).toBeUndefined();
    expect(parseRfc3339('2026-01-05T00:00:00+09:00')).toBeUndefined();
  });
});
