import type { Random } from '../../sim/random.ts';

/** Gives the random sub-stream of a name. */
export type Draws = (...name: (string | number)[]) => Random;

const digits = (word: number): string => (word >>> 0).toString(16).padStart(8, '0');

/** A version 4 UUID (RFC 9562) of 128 bits by lot. */
export function uuid(random: Random): string {
  const a = random.word();
  const b = (random.word() & 0xffff_0fff) | 0x4000;
  const c = (random.word() & 0x3fff_ffff) | 0x8000_0000;
  const d = random.word();
  const second = digits(b);
  const third = digits(c);
  return `${digits(a)}-${second.slice(0, 4)}-${second.slice(4)}-${third.slice(0, 4)}-${third.slice(4)}${digits(d)}`;
}
