import { HOUR, MINUTE } from '../../../sim/clock.ts';

/**
 * How far the clocks of a time zone are ahead of UTC (names of the IANA data base, 2026a).
 *
 * Simplified: known are zones that keep one offset all year; one with summer time, or one that is
 * not listed here, is taken for UTC.
 */
const HOURS_AHEAD: Readonly<Record<string, number>> = {
  ...{ 'America/Sao_Paulo': -3, 'America/Bogota': -5, 'America/Phoenix': -7 },
  ...{ 'Pacific/Honolulu': -10, 'Africa/Lagos': 1, 'Africa/Johannesburg': 2, 'Africa/Nairobi': 3 },
  ...{ 'Europe/Istanbul': 3, 'Europe/Moscow': 3, 'Asia/Riyadh': 3, 'Asia/Dubai': 4 },
  ...{ 'Asia/Karachi': 5, 'Asia/Kolkata': 5.5, 'Asia/Calcutta': 5.5, 'Asia/Dhaka': 6 },
  ...{ 'Asia/Bangkok': 7, 'Asia/Jakarta': 7, 'Asia/Ho_Chi_Minh': 7, 'Asia/Shanghai': 8 },
  ...{ 'Asia/Hong_Kong': 8, 'Asia/Taipei': 8, 'Asia/Singapore': 8, 'Asia/Manila': 8 },
  ...{
    'Australia/Perth': 8,
    'Asia/Seoul': 9,
    'Asia/Tokyo': 9,
    'Asia/Pyongyang': 9,
    ROK: 9,
    Japan: 9,
  },
  'Australia/Brisbane': 10,
};

/** In milliseconds; 0 for UTC, for no zone, and for one that is not known. */
export function millisecondsAhead(zone: string | undefined): number {
  if (zone === undefined) return 0;
  // The signs of these names are the other way round.
  const [, sign, hours] = /^Etc\/GMT([+-])(\d{1,2})$/.exec(zone) ?? [];
  if (hours !== undefined) return (sign === '-' ? 1 : -1) * Number(hours) * HOUR;
  return Math.round((HOURS_AHEAD[zone] ?? 0) * 60) * MINUTE;
}
