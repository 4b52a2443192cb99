import type { Random } from '../../sim/random.ts';

/** Gives the random sub-stream of a name. */
export type Draws = (...name: (string | number)[]) => Random;

const BYTES: readonly string[] = Array.from({ length: 256 }, (_, byte) =>
  byte.toString(16).padStart(2, '0'),
);

/** Eight hexadecimal digits, byte by byte: numbers of 32 bits are slow to write out. */
function digits(word: number): string {
  const [a, b, c, d] = [word >>> 24, (word >>> 16) & 0xff, (word >>> 8) & 0xff, word & 0xff];
  return `${BYTES[a]}${BYTES[b]}${BYTES[c]}${BYTES[d]}`;
}

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
