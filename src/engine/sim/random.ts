import { uniformInt } from 'pure-rand/distribution/uniformInt';
import { xoroshiro128plus } from 'pure-rand/generator/xoroshiro128plus';
import type { RandomGenerator } from 'pure-rand/types/RandomGenerator';
import { assert } from './assert.ts';
import { hashWords } from './hash.ts';

/**
 * Randomness in sub-streams. A stream is named by what draws it (component, object, which draw),
 * and its numbers depend on the world's seed and that name alone. One draw more in one place
 * changes nothing elsewhere, and there is no generator state to keep in the world.
 */
export class Random {
  readonly #generator: RandomGenerator;

  /** @param name component, object and draw; use a counter that the object keeps for repeats. */
  constructor(seed: number, name: readonly (string | number)[]) {
    const hash = hashWords([seed, ...name]);
    this.#generator = xoroshiro128plus((hash ^ Math.floor(hash / 2 ** 32)) | 0);
  }

  /** An integer in [from, to], both ends included. */
  integer(from: number, to: number): number {
    assert(from <= to, `an empty range of random integers: ${from}..${to}`);
    return uniformInt(this.#generator, from, to);
  }

  /** 32 bits, as a signed integer. */
  word(): number {
    return this.#generator.next();
  }

  /** One of `choices`, which must not be empty. */
  pick<T>(choices: readonly T[]): T {
    assert(choices.length > 0, 'a random pick from nothing');
    return choices[this.integer(0, choices.length - 1)] as T;
  }

  /** `length` characters of `alphabet`. */
  text(length: number, alphabet: string): string {
    // Put together at once: what grows letter by letter is kept letter by letter.
    const codes: number[] = [];
    const last = alphabet.length - 1;
    // Of as many letters as a power of two, the low bits of a draw are the very integer.
    const isPower = (alphabet.length & last) === 0;
    for (let i = 0; i < length; i++) {
      codes.push(alphabet.charCodeAt(isPower ? this.word() & last : this.integer(0, last)));
    }
    return String.fromCharCode(...codes);
  }
}
