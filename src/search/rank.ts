/**
 * Which pages answer a query, best first.
 *
 * A page's score is the sum over the query's concepts of
 *   rarity x (5 title + 2.5 best heading + 1.5 description + text) + 5 if it explains the term
 * times (share of the concepts' rarity that the page meets)^1.5.
 * A title counts by how much of it the concept is (0.6 to 1).
 * Rarity is ln(1 + pages / pages that meet the concept); `text` grows with the weighted count of
 * the words, against the page's length, and is at most 2.2. A title or heading that is the query itself adds 8 or 2.
 */
import type { FrontIndex, Line, PageLines } from './front-index.ts';
import type { Concept, Form } from './query.ts';
import type { WordIndex } from './word-index.ts';
import { hasHangul } from './hangul.ts';
import { keyOf, squeeze, wordsOf } from './words.ts';
import { stemsOf } from './particles.ts';

/** A word of the page's text that speaks for a concept. */
export interface Place {
  readonly at: number;
  readonly concept: number;
  readonly strength: number;
}

export interface RankedPage {
  readonly lines: PageLines;
  readonly score: number;
  /** Headings that name a concept, best first. */
  readonly headings: readonly { readonly id: string; readonly score: number }[];
  readonly places: readonly Place[];
  /** Its number in the word index; undefined when it is not there or not asked. */
  readonly number?: number;
}

export type PageNumbers = ReadonlyMap<string, number>;

interface TextHit {
  strength: number;
  places: Place[];
}

/** How well a line of the front index says a form: 1 as a phrase, less as single words. */
export function lineMeets(line: Line, form: Form, unfinished: boolean): number {
  const words = form.words;
  const joined = words.join('');
  if (hasHangul(joined)) {
    if (line.squeezed.includes(joined)) return 1;
    return words.length > 1 && words.every((word) => line.squeezed.includes(word)) ? 0.6 : 0;
  }
  const meets = (word: string, open: boolean) =>
    line.keys.has(keyOf(word)) ||
    (open && word.length >= 2 && [...line.keys].some((key) => key.startsWith(word)));
  const all = words.every((word, index) => meets(word, unfinished && index === words.length - 1));
  return all ? 1 : 0;
}

function conceptInLine(line: Line, concept: Concept): number {
  return Math.max(
    0,
    ...concept.forms.map((form) => form.trust * lineMeets(line, form, concept.unfinished)),
  );
}

/** A title is about a form the more of it the form is: Docker Hub is not quite Docker. */
function titleSays(title: Line, form: Form, concept: Concept): number {
  const share = Math.min(1, form.words.join('').length / title.squeezed.length);
  return form.trust * lineMeets(title, form, concept.unfinished) * (0.6 + 0.4 * share);
}

/** Pages whose text has the concept. Words of a form must meet on a page; side by side is best. */
function textHits(concept: Concept, number: number, index: WordIndex): Map<number, TextHit> {
  const best = new Map<number, TextHit>();
  for (const form of concept.forms) {
    const spellings = form.words.length > 1 ? [form.words, [form.words.join('')]] : [form.words];
    for (const words of spellings) {
      for (const [page, hit] of formHits(words, concept.unfinished, number, index)) {
        const strength = hit.strength * form.trust;
        const before = best.get(page) ?? { strength: 0, places: [] };
        best.set(page, {
          strength: Math.max(before.strength, strength),
          places: [...before.places, ...hit.places],
        });
      }
    }
  }
  return best;
}

function formHits(
  words: readonly string[],
  unfinished: boolean,
  concept: number,
  index: WordIndex,
): Map<number, TextHit> {
  const perWord = words.map((word, position) => {
    const hits = new Map<number, TextHit>();
    const open = unfinished && position === words.length - 1;
    for (const { postings, trust } of index.lookUp(word, open)) {
      for (const { page, places } of postings) {
        const hit = hits.get(page) ?? { strength: 0, places: [] };
        for (const { at, weight } of places) {
          const strength = (trust * weight) / 24;
          hit.strength += Math.min(strength, 3);
          hit.places.push({ at, concept, strength });
        }
        hits.set(page, hit);
      }
    }
    return hits;
  });
  const [first, ...others] = perWord;
  const together = new Map<number, TextHit>();
  for (const [page, hit] of first ?? []) {
    const rest = others.map((hits) => hits.get(page));
    if (rest.some((one) => one === undefined)) continue;
    const all = [hit, ...(rest as TextHit[])];
    const adjacent = all.length === 1 || hit.places.some(({ at }) => followed(at, rest));
    const strength = Math.min(...all.map((one) => one.strength)) * (adjacent ? 1 : 0.4);
    together.set(page, { strength, places: all.flatMap((one) => one.places) });
  }
  return together;
}

function followed(at: number, rest: readonly (TextHit | undefined)[]): boolean {
  return rest.every((hit, step) => hit?.places.some((place) => place.at === at + step + 1));
}

/** @param index leave out for the instant answer from the front index alone */
export function rank(
  query: string,
  concepts: readonly Concept[],
  front: FrontIndex,
  index?: WordIndex,
  numbers?: PageNumbers,
): RankedPage[] {
  const hits = concepts.map((concept, number) =>
    index ? textHits(concept, number, index) : new Map<number, TextHit>(),
  );
  const met = front.pages.map((lines) => {
    const number = numbers?.get(lines.page.id);
    return concepts.map((concept, at) => ({
      ...frontScore(lines, concept),
      explains: explains(lines, concept, front) ? 5 : 0,
      text: number === undefined ? undefined : hits[at]?.get(number),
    }));
  });
  const rarity = concepts.map((_, at) => {
    const pages = met.filter((page) => page[at]!.front > 0 || page[at]!.text).length;
    return pages === 0 ? 1 : Math.log(1 + front.pages.length / pages);
  });
  const whole = rarity.reduce((sum, one) => sum + one, 0);
  const asked = exactForms(query);
  const ranked = front.pages.map((lines, page): RankedPage => {
    const number = numbers?.get(lines.page.id);
    const length = lengthOf(number, index);
    let score = 0;
    let share = 0;
    const headings = new Map<string, number>();
    for (const [at, { front: shown, headings: named, text, explains }] of met[page]!.entries()) {
      const strength = text ? (2.2 * text.strength) / (text.strength + 4 * length) : 0;
      const sum = shown + strength;
      if (sum + explains === 0) continue;
      score += rarity[at]! * sum + explains;
      share += rarity[at]! * Math.min(1, sum + explains);
      for (const [id, value] of named) headings.set(id, (headings.get(id) ?? 0) + value);
    }
    score *= (share / whole) ** 1.5;
    if (score > 0 && asked.includes(lines.title.squeezed)) score += 8;
    const byHeading = lines.headings.find((one) => asked.includes(one.line.squeezed));
    if (score > 0 && byHeading) score += 2;
    return {
      lines,
      score,
      headings: [...headings]
        .map(([id, value]) => ({ id, score: value }))
        .sort((a, b) => b.score - a.score),
      places: hits.flatMap((one) => (number === undefined ? [] : (one.get(number)?.places ?? []))),
      ...(number === undefined ? {} : { number }),
    };
  });
  return ranked.filter((page) => page.score > 0.05).sort((a, b) => b.score - a.score);
}

function frontScore(lines: PageLines, concept: Concept) {
  const headings = new Map<string, number>();
  let best = 0;
  for (const { id, line } of lines.headings) {
    const value = conceptInLine(line, concept);
    if (value > 0) headings.set(id, value);
    best = Math.max(best, value);
  }
  const front =
    5 * Math.max(0, ...concept.forms.map((form) => titleSays(lines.title, form, concept))) +
    2.5 * best +
    1.5 * conceptInLine(lines.description, concept);
  return { front, headings };
}

/** The page's length against the mean, at least a half: long pages say every word sometime. */
function lengthOf(number: number | undefined, index: WordIndex | undefined): number {
  if (number === undefined || !index) return 1;
  const words = index.pages.map((page) => page.words);
  const mean = words.reduce((sum, one) => sum + one, 0) / words.length;
  return Math.max(0.5, (words[number] ?? mean) / mean);
}

function explains(lines: PageLines, concept: Concept, front: FrontIndex): boolean {
  return concept.terms.some((id) => front.terms.get(id)?.page === lines.page.id);
}

/** The query as a title may write it: squeezed, with and without a particle at its end. */
function exactForms(query: string): string[] {
  const words = wordsOf(query);
  const plain = words.join('');
  return [...new Set([plain, squeeze(words), ...stemsOf(plain)])];
}
