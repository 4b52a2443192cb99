import type { Locale } from './locales.ts';
import { withParticle } from './particles.ts';

/** The interface strings of one area in one language. */
export type Strings<Key extends string> = Readonly<Record<Key, string>>;

/**
 * The catalogue's one rule: every language has the same keys. A key missing in one of them is a
 * type error at that language's object.
 */
export function defineStrings<Key extends string>(
  strings: Readonly<Record<Locale, Strings<Key>>>,
): Readonly<Record<Locale, Strings<Key>>> {
  return strings;
}

/**
 * `fill('{count}단계', { count: 3 })` is `3단계`; `{name|을를}` takes the particle that fits the
 * name. A name without a value is left as it is.
 */
export function fill(template: string, values: Readonly<Record<string, string | number>>): string {
  return template.replace(/\{(\w+)(?:\|([가-힣]+))?\}/g, (whole, name: string, pair?: string) => {
    const value = values[name];
    if (value === undefined) return whole;
    return pair === undefined ? String(value) : withParticle(String(value), pair);
  });
}
