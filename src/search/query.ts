/**
 * From what a reader typed to what is looked for: concepts, each with the forms in which a page
 * may write it. Glossary names are found first, the longest, with spaces optional and particles
 * allowed behind; only words outside the glossary are stripped of particles.
 */
import { namesIn } from './front-index.ts';
import type { FrontIndex } from './front-index.ts';
import {
  editDistance,
  fromLatinKeys,
  hasHangul,
  initialsOf,
  isInitials,
  lettersOf,
} from './hangul.ts';
import { isEmptyWord, isParticle, stemsOf } from './particles.ts';
import { keyOf, squeeze, wordsOf } from './words.ts';

/** One way to write a concept: words in a row, and how surely they mean it (at most 1). */
export interface Form {
  readonly words: readonly string[];
  readonly trust: number;
}

export interface Concept {
  readonly forms: readonly Form[];
  /** Ids of the glossary terms it may be. */
  readonly terms: readonly string[];
  /** The last word typed may be unfinished. */
  readonly unfinished: boolean;
}

const LONGEST_NAME_WORDS = 6;

/** @param inText whether the pages' text has a word: such a word is not taken for a slip */
export function analyse(
  query: string,
  front: FrontIndex,
  inText: (word: string) => boolean = () => false,
): Concept[] {
  const words = splitQuery(query).flatMap((word) => mendWord(word, front, inText));
  const concepts: Concept[] = [];
  let at = 0;
  while (at < words.length) {
    const found = termAt(words, at, front);
    const last = at + (found?.length ?? 1) === words.length;
    if (found) {
      concepts.push(termConcept(words.slice(at, at + found.length), found, last, front));
      at += found.length;
    } else {
      const word = words[at]!;
      const forms = stemsOf(word).map((stem, cut) => ({ words: [stem], trust: 1 - cut * 0.05 }));
      concepts.push({ forms, terms: [], unfinished: last });
      at += 1;
    }
  }
  const telling = concepts.filter(
    ({ terms, forms }) => terms.length > 0 || !forms.some(({ words: [w] }) => isEmptyWord(w!)),
  );
  return telling.length > 0 ? telling : concepts;
}

/** Words of a query; a particle behind another script (ECR에, 100개) is dropped. */
function splitQuery(query: string): string[] {
  if (isInitials(query.replace(/\s/g, ''))) return [query.replace(/\s/g, '')];
  return query
    .split(/\s+/)
    .flatMap((chunk) => {
      const words = wordsOf(chunk);
      return words.filter((word, index) => {
        const tail = index > 0 && hasHangul(word) && !hasHangul(words[index - 1]!);
        return !tail || (word.length > 1 && !isParticle(word));
      });
    })
    .slice(0, 32);
}

interface FoundTerm {
  readonly terms: readonly string[];
  /** Words of the query that it takes. */
  readonly length: number;
  /** The name as it stands in the query, without a particle behind it. */
  readonly name: string;
  readonly trust: number;
}

function termAt(words: readonly string[], at: number, front: FrontIndex): FoundTerm | undefined {
  const most = Math.min(LONGEST_NAME_WORDS, words.length - at);
  for (let length = most; length >= 1; length -= 1) {
    const name = squeeze(words.slice(at, at + length));
    const last = words[at + length - 1]!;
    const terms = front.names.get(name);
    if (terms) return { terms, length, name, trust: 1 };
    if (!hasHangul(last)) continue;
    for (let cut = 1; cut < last.length; cut += 1) {
      const shorter = front.names.get(name.slice(0, -cut));
      const sure = isParticle(name.slice(-cut));
      // Behind one word anything may follow (컨테이너화); behind several only a particle.
      if (shorter && (sure || (length === 1 && last.length - cut >= 2))) {
        return { terms: shorter, length, name: name.slice(0, -cut), trust: sure ? 1 : 0.8 };
      }
    }
  }
  return undefined;
}

function termConcept(
  words: readonly string[],
  found: FoundTerm,
  unfinished: boolean,
  front: FrontIndex,
): Concept {
  const typed = [...words];
  const rest = squeeze(words).length - found.name.length;
  if (rest > 0) typed[typed.length - 1] = typed.at(-1)!.slice(0, -rest);
  const forms: Form[] = [{ words: typed, trust: found.trust }];
  for (const id of found.terms) {
    const { names, aliases } = front.terms.get(id)!;
    const own = names.flatMap(namesIn).map(wordsOf);
    for (const one of own) forms.push({ words: one, trust: 0.9 * found.trust });
    // An alias that is a part of the name (layer of image layer) is its short form in a text.
    for (const alias of aliases.map(wordsOf)) {
      const part = own.some((one) => one.length > 1 && squeeze(one).includes(squeeze(alias)));
      if (alias.length > 0 && part) forms.push({ words: alias, trust: 0.6 * found.trust });
    }
  }
  const seen = new Set<string>();
  const different = forms.filter(({ words: one }) => {
    const key = squeeze(one);
    return one.length > 0 && !seen.has(key) && seen.add(key);
  });
  return { forms: different, terms: found.terms, unfinished };
}

/** A word typed on the other layout, as initials, or misspelt, becomes the one that was meant. */
function mendWord(word: string, front: FrontIndex, inText: (word: string) => boolean): string[] {
  if (isInitials(word)) {
    const name = nameWithInitials(word, front);
    return name === undefined ? [word] : wordsOf(name);
  }
  if (hasHangul(word)) {
    const known = stemsOf(word).some((stem) => isKnown(stem, front));
    return known || inText(word) ? [word] : [nearest(word, front) ?? word];
  }
  if (inText(word) || isKnown(keyOf(word), front)) return [word];
  const typed = fromLatinKeys(word);
  if (typed !== undefined && typed.length >= 2 && isKnown(typed, front)) return [typed];
  return [nearest(word, front) ?? word];
}

/** A name of a term, or a word of a title, starts so; or a heading holds it. */
function isKnown(key: string, front: FrontIndex): boolean {
  for (const name of front.vocabulary) {
    if (name.startsWith(key) || (name.length >= 2 && hasHangul(name) && key.startsWith(name))) {
      return true;
    }
  }
  return front.pages.some(({ title, description, headings }) =>
    [title, description, ...headings.map((one) => one.line)].some((line) =>
      hasHangul(key) ? line.squeezed.includes(key) : line.keys.has(key),
    ),
  );
}

function nameWithInitials(initials: string, front: FrontIndex): string | undefined {
  let best: string | undefined;
  for (const term of front.terms.values()) {
    for (const name of term.names.flatMap(namesIn)) {
      const letters = initialsOf(name.replace(/\s/g, ''));
      if (!hasHangul(name) || !letters.startsWith(initials)) continue;
      if (best === undefined || name.length < best.length) best = name;
    }
  }
  return best;
}

/** The name closest in spelling: one letter off, two in long words. Short words are left alone. */
function nearest(word: string, front: FrontIndex): string | undefined {
  const letters = lettersOf(word);
  const limit = letters.length >= 9 ? 2 : 1;
  if (letters.length < 6) return undefined;
  let best: string | undefined;
  let least = limit + 1;
  for (const name of front.vocabulary) {
    if (hasHangul(name) !== hasHangul(word)) continue;
    const target = hasHangul(word) ? lettersOf(name) : name;
    const distance = editDistance(hasHangul(word) ? letters : keyOf(word), target, limit);
    if (distance < least) [best, least] = [name, distance];
  }
  return best;
}
