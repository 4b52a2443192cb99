/** The words around what was found, in pieces, so that a view can mark them. */
import type { Place } from './rank.ts';

export interface Piece {
  readonly text: string;
  readonly mark: boolean;
}

const WORD = /^([^\p{L}\p{N}]*)(.*?)([^\p{L}\p{N}]*)$/u;
const LENGTH = { ko: 22, en: 30 } as const;

/**
 * The stretch of `words[from..to)` that speaks of most concepts, then most surely.
 * Starts at a sentence when one begins shortly before.
 */
export function excerptOf(
  words: readonly string[],
  places: readonly Place[],
  from: number,
  to: number,
  locale: 'ko' | 'en',
): Piece[] {
  const length = LENGTH[locale];
  const own = places.filter(({ at }) => at >= from && at < to).sort((a, b) => a.at - b.at);
  let start = from;
  let best = -1;
  for (const place of own) {
    const window = own.filter(({ at }) => at >= place.at && at < place.at + length * 0.7);
    const concepts = new Map<number, number>();
    for (const { concept, strength } of window) {
      concepts.set(concept, Math.max(concepts.get(concept) ?? 0, strength));
    }
    const score = [...concepts.values()].reduce((sum, one) => sum + 1 + Math.min(one, 1), 0);
    if (score > best) [best, start] = [score, place.at];
  }
  start = sentenceBefore(words, start, from, Math.floor(length * 0.4));
  const end = Math.min(to, start + length);
  const marked = new Set(own.map(({ at }) => at));
  const pieces: Piece[] = [];
  const add = (text: string, mark: boolean) => {
    const last = pieces.at(-1);
    if (last?.mark === mark) pieces[pieces.length - 1] = { text: last.text + text, mark };
    else if (text !== '') pieces.push({ text, mark });
  };
  for (let at = start; at < end; at += 1) {
    // Spaces and the marks around a word stay outside of what is marked.
    const [, before = '', word = '', after = ''] = WORD.exec(words[at]!) ?? [];
    add(`${at > start ? ' ' : ''}${before}`, false);
    add(word, marked.has(at));
    add(after, false);
  }
  if (end < to) pieces.push({ text: ' …', mark: false });
  if (start > from && !/[.?!]$/.test(words[start - 1] ?? '.')) {
    pieces.unshift({ text: '… ', mark: false });
  }
  return pieces;
}

function sentenceBefore(words: readonly string[], at: number, from: number, most: number): number {
  for (let start = at; start > Math.max(from, at - most); start -= 1) {
    if (/[.?!:]$/.test(words[start - 1] ?? '')) return start;
  }
  return Math.max(from, at - Math.floor(most / 2));
}
