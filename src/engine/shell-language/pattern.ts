import { CHARACTER_CLASSES } from './character-classes.ts';

/**
 * Shell patterns: `*`, `?`, `[a-z]`, `[!x]`, `[[:digit:]]` (POSIX.1-2024 XCU 2.14). Matching walks
 * the text once with the set of places in the pattern, so no pattern takes long.
 */
type Atom =
  | { readonly kind: 'any' }
  | { readonly kind: 'one' }
  | { readonly kind: 'char'; readonly char: string }
  | {
      readonly kind: 'set';
      readonly negated: boolean;
      readonly chars: string;
      readonly ranges: readonly (readonly [string, string])[];
      readonly classes: readonly string[];
    };

export type Pattern = readonly Atom[];

/** Reads a pattern; a backslash takes what follows for itself. */
export function readPattern(text: string): Pattern {
  const atoms: Atom[] = [];
  for (let at = 0; at < text.length; at++) {
    const char = text[at]!;
    if (char === '*') {
      if (atoms.at(-1)?.kind !== 'any') atoms.push({ kind: 'any' });
    } else if (char === '?') {
      atoms.push({ kind: 'one' });
    } else if (char === '[') {
      const set = readSet(text, at);
      if (set) {
        atoms.push(set.atom);
        at = set.end;
      } else {
        atoms.push({ kind: 'char', char });
      }
    } else if (char === '\\' && at + 1 < text.length) {
      at += 1;
      atoms.push({ kind: 'char', char: text[at]! });
    } else {
      atoms.push({ kind: 'char', char });
    }
  }
  return atoms;
}

function readSet(text: string, from: number): { atom: Atom; end: number } | undefined {
  let at = from + 1;
  const negated = text[at] === '!' || text[at] === '^';
  if (negated) at += 1;
  const first = at;
  let chars = '';
  const ranges: (readonly [string, string])[] = [];
  const classes: string[] = [];
  for (; at < text.length; at++) {
    let char = text[at]!;
    if (char === ']' && at > first) {
      return { atom: { kind: 'set', negated, chars, ranges, classes }, end: at };
    }
    const named = char === '[' ? /^\[:([a-z]+):\]/.exec(text.slice(at, at + 12)) : null;
    if (named) {
      classes.push(named[1]!);
      at += named[0].length - 1;
      continue;
    }
    if (char === '\\' && at + 1 < text.length) {
      at += 1;
      char = text[at]!;
    }
    const last = text[at + 2];
    if (text[at + 1] === '-' && last !== undefined && last !== ']') {
      ranges.push([char, last]);
      at += 2;
    } else {
      chars += char;
    }
  }
  return undefined;
}

function accepts(atom: Atom, char: string): boolean {
  switch (atom.kind) {
    case 'any':
    case 'one':
      return true;
    case 'char':
      return atom.char === char;
    case 'set': {
      const within =
        atom.chars.includes(char) ||
        atom.ranges.some(([low, high]) => low <= char && char <= high) ||
        atom.classes.some((name) => CHARACTER_CLASSES.get(name)?.test(char) ?? false);
      return within !== atom.negated;
    }
  }
}

/** Places in the pattern, those behind a `*` included. */
function reach(pattern: Pattern, places: Iterable<number>): Set<number> {
  const all = new Set<number>();
  for (let place of places) {
    all.add(place);
    while (pattern[place]?.kind === 'any') {
      place += 1;
      all.add(place);
    }
  }
  return all;
}

/**
 * How many characters from `from` on the pattern matches: the most, or the fewest; -1 when it does
 * not match.
 */
export function matchLength(pattern: Pattern, text: string, longest: boolean, from = 0): number {
  let places = reach(pattern, [0]);
  let found = -1;
  for (let at = from; ; at++) {
    if (places.has(pattern.length)) {
      found = at - from;
      if (!longest) return found;
    }
    const char = text[at];
    if (char === undefined || places.size === 0) return found;
    const next: number[] = [];
    for (const place of places) {
      const atom = pattern[place];
      if (atom && accepts(atom, char)) next.push(atom.kind === 'any' ? place : place + 1);
    }
    places = reach(pattern, next);
  }
}

export function matches(pattern: Pattern, text: string): boolean {
  return matchLength(pattern, text, true) === text.length;
}

/** The pattern for texts read backwards: what ends with it begins with this. */
export const reversed = (pattern: Pattern): Pattern => [...pattern].reverse();

export const hasPattern = (text: string): boolean => /[*?[]/.test(text);

/** Text that means itself within a pattern. */
export const escapePattern = (text: string): string => text.replace(/[\\*?[\]]/g, '\\$&');
