import { describe, expect, it } from 'vitest';
import { parseRfc3339, rfc3339 } from '../../../sim/clock.ts';
import { nextTime, parseSchedule, type Schedule } from './schedule.ts';

function next(text: string, after: string, zone?: string): string | undefined {
  const schedule = parseSchedule(text, zone) as Schedule;
  const ms = nextTime(schedule, parseRfc3339(after) ?? 0);
  return ms === undefined ? undefined : rfc3339(ms);
}

describe('a schedule', () => {
  // robfig/cron spec_test.go TestNext, for five fields and UTC
  it.each([
    ['0/15 * * * *', '2012-07-09T14:45:00Z', '2012-07-09T15:00:00Z'],
    ['0/15 * * * *', '2012-07-09T14:59:59Z', '2012-07-09T15:00:00Z'],
    ['20-35/15 * * * *', '2012-07-09T15:45:00Z', '2012-07-09T16:20:00Z'],
    ['0/15 * * * *', '2012-07-09T23:46:00Z', '2012-07-10T00:00:00Z'],
    ['0 0 */3 * *', '2012-07-09T23:35:00Z', '2012-07-10T00:00:00Z'],
    ['20-35/15 1/2 */2 * *', '2012-07-09T23:35:00Z', '2012-07-11T01:20:00Z'],
    ['20-35/15 1/2 */2 Jul *', '2012-07-31T23:35:00Z', '2013-07-01T01:20:00Z'],
    ['0 0 9 Apr-Oct *', '2012-07-09T23:35:00Z', '2012-08-09T00:00:00Z'],
    ['0 0 */5 Apr,Aug,Oct Mon', '2012-07-09T23:35:00Z', '2012-08-01T00:00:00Z'],
    ['0 0 * Feb Mon', '2012-07-09T23:35:00Z', '2013-02-04T00:00:00Z'],
    ['0 0 * Feb Mon/2', '2012-07-09T23:35:00Z', '2013-02-01T00:00:00Z'],
    ['0 0 29 Feb ?', '2012-07-09T23:35:00Z', '2016-02-29T00:00:00Z'],
    ['0 0 13 * 5', '2026-01-05T00:00:00Z', '2026-01-09T00:00:00Z'],
    ['@hourly', '2026-01-05T00:00:00Z', '2026-01-05T01:00:00Z'],
    ['@weekly', '2026-01-05T00:00:00Z', '2026-01-11T00:00:00Z'],
    ['@every 90s', '2026-01-05T00:00:30Z', '2026-01-05T00:02:00Z'],
    ['@every 10ms', '2026-01-05T00:00:30Z', '2026-01-05T00:00:31Z'],
  ])('%s after %s comes at %s', (text, after, expected) => {
    expect(next(text, after)).toBe(expected);
  });

  it.each([
    ['0 0 * * *', 'Asia/Seoul', '2026-01-05T00:00:30Z', '2026-01-05T15:00:00Z'],
    ['0 0 * * *', 'Asia/Seoul', '2026-01-05T15:00:00Z', '2026-01-06T15:00:00Z'],
    ['0 9 * * Mon', 'Asia/Kolkata', '2026-01-05T03:29:00Z', '2026-01-05T03:30:00Z'],
    ['30 22 1 * *', 'America/Bogota', '2026-01-05T00:00:00Z', '2026-02-02T03:30:00Z'],
    ['0 0 * * *', 'Etc/GMT-2', '2026-01-05T00:00:00Z', '2026-01-05T22:00:00Z'],
    ['0 0 * * *', 'Etc/UTC', '2026-01-05T00:00:00Z', '2026-01-06T00:00:00Z'],
    ['@daily', 'Asia/Tokyo', '2026-01-05T00:00:00Z', '2026-01-05T15:00:00Z'],
  ])('%s in %s after %s comes at %s', (text, zone, after, expected) => {
    expect(next(text, after, zone)).toBe(expected);
  });

  it('that never comes has no next time', () => {
    expect(next('0 0 30 Feb ?', '2012-07-09T23:35:00Z')).toBeUndefined();
    expect(next('0 0 31 Apr ?', '2012-07-09T23:35:00Z')).toBeUndefined();
  });

  it('that cannot be read says why', () => {
    expect(parseSchedule('* * * *')).toEqual({
      error: 'expected exactly 5 fields, found 4: [* * * *]',
    });
  });
});
