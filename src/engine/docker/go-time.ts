import { rfc3339Nano } from '../sim/clock.ts';

/** A time as Go writes it in JSON (RFC3339Nano): without zeros at the end of the fraction. */
export const goTime = (timeMs: number): string => rfc3339Nano(timeMs).replace(/\.?0+Z$/, 'Z');

/** Go's zero time. */
export const NO_TIME = '0001-01-01T00:00:00Z';
