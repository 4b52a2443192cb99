/**
 * Search of one language: at once from the front index, then from the whole text.
 * The dialog and `search:eval` ask through this door and no other.
 */
import type { Locale } from '../i18n/locales.ts';
import { excerptOf } from './excerpt.ts';
import type { Piece } from './excerpt.ts';
import { buildFrontIndex } from './front-index.ts';
import type { FrontData, FrontIndex, FrontTerm } from './front-index.ts';
import { analyse } from './query.ts';
import type { Concept } from './query.ts';
import { rank } from './rank.ts';
import type { PageNumbers, RankedPage } from './rank.ts';
import { openWordIndex } from './word-index.ts';
import type { Load, WordIndex } from './word-index.ts';
import { wordsOf } from './words.ts';

export interface Section {
  /** Heading id. */
  readonly id: string;
  readonly title: string;
  readonly excerpt: readonly Piece[];
}

export interface PageResult {
  readonly id: string;
  readonly title: string;
  readonly topic: string;
  readonly excerpt: readonly Piece[];
  /** Where on the page, in its order; at most three. */
  readonly sections: readonly Section[];
}

export interface Answer {
  readonly locale: Locale;
  /** What the query's first term means, when the glossary knows it. */
  readonly term?: FrontTerm;
  readonly pages: readonly PageResult[];
  /** How many pages answer, shown or not. */
  readonly count: number;
}

export interface Search {
  readonly front: FrontIndex;
  /** From titles, headings and terms alone. */
  instant(query: string): Answer;
  /** From the text too, with excerpts. */
  full(query: string): Promise<Answer>;
  /** Ids of all pages that answer, best first. */
  ids(query: string): Promise<string[]>;
}

const PAGES_SHOWN = 8;
const SECTIONS_SHOWN = 3;

/**
 * @param load reads a file of the index: `search/front.ko.json`, `pagefind/pagefind-entry.json` …
 */
export async function openSearch(load: Load, locale: Locale): Promise<Search> {
  const bytes = await load(`search/front.${locale}.json`);
  const front = buildFrontIndex(JSON.parse(new TextDecoder().decode(bytes)) as FrontData);
  let opened: Promise<{ index: WordIndex; numbers: PageNumbers } | undefined> | undefined;
  const text = () => (opened ??= openText(load, locale, front));

  async function ranked(query: string) {
    const open = await text();
    if (!open) return { pages: rank(query, analyse(query, front), front) };
    await open.index.load(wordsOf(query));
    const known = (word: string) => open.index.lookUp(word, false).length > 0;
    const concepts = analyse(query, front, known);
    await open.index.load(concepts.flatMap((one) => one.forms.flatMap(spellings)));
    const pages = rank(query, concepts, front, open.index, open.numbers);
    return { index: open.index, pages, concepts };
  }

  return {
    front,
    instant(query) {
      const concepts = analyse(query, front);
      const pages = rank(query, concepts, front);
      return {
        ...answerHead(front, concepts, pages.length),
        pages: pages.slice(0, PAGES_SHOWN).map((page) => headOf(page)),
      };
    },
    async full(query) {
      const { index, pages, concepts = [] } = await ranked(query);
      const shown = pages.slice(0, PAGES_SHOWN);
      return {
        ...answerHead(front, concepts, pages.length),
        pages: index
          ? await Promise.all(shown.map((page) => detail(page, index, locale)))
          : shown.map(headOf),
      };
    },
    async ids(query) {
      return (await ranked(query)).pages.map((page) => page.lines.page.id);
    },
  };
}

function spellings({ words }: { readonly words: readonly string[] }): string[] {
  return words.length > 1 ? [...words, words.join('')] : [...words];
}

/** The index numbers its pages; the names of their fragments tell which is which. */
async function openText(load: Load, locale: Locale, front: FrontIndex) {
  const index = await openWordIndex((path) => load(`pagefind/${path}`), locale);
  if (!index) return undefined;
  const byFragment = new Map(front.pages.map(({ page }) => [page.fragment, page.id]));
  const numbers = new Map<string, number>();
  for (const [number, { fragment }] of index.pages.entries()) {
    const id = byFragment.get(fragment);
    if (id !== undefined) numbers.set(id, number);
  }
  return { index, numbers };
}

function answerHead(front: FrontIndex, concepts: readonly Concept[], count: number) {
  const [first] = concepts;
  const term = concepts.length === 1 ? front.terms.get(first?.terms[0] ?? '') : undefined;
  return { locale: front.locale, count, ...(term ? { term } : {}) };
}

function headOf({ lines, headings }: RankedPage): PageResult {
  const titles = new Map(lines.headings.map(({ id, line }) => [id, line.text]));
  return {
    id: lines.page.id,
    title: lines.page.title,
    topic: lines.page.topic,
    excerpt: [{ text: lines.page.description, mark: false }],
    sections: headings
      .slice(0, SECTIONS_SHOWN)
      .map(({ id }) => ({ id, title: titles.get(id) ?? '', excerpt: [] })),
  };
}

async function detail(page: RankedPage, index: WordIndex, locale: Locale): Promise<PageResult> {
  const head = headOf(page);
  if (page.number === undefined) return head;
  const fragment = await index.fragment(page.number);
  const words = fragment.content.split(/\s+/);
  const starts = page.lines.headings.flatMap(({ id, line }) => {
    const anchor = fragment.anchors.find((one) => one.id === id);
    return anchor ? [{ id, title: line.text, from: anchor.location }] : [];
  });
  const sections = starts
    .map((start, at) => ({ ...start, at, to: starts[at + 1]?.from ?? words.length }))
    .map((section) => ({ ...section, score: sectionScore(page, section) }))
    .filter((section) => section.score > 0)
    .sort((a, b) => b.score - a.score)
    .slice(0, SECTIONS_SHOWN)
    .sort((a, b) => a.at - b.at);
  const lead = starts[0]?.from ?? words.length;
  const title = wordCount(page.lines.page.title);
  const inLead = page.places.some(({ at }) => at >= title && at < lead);
  return {
    ...head,
    excerpt: inLead ? excerptOf(words, page.places, title, lead, locale) : head.excerpt,
    sections: sections.map(({ id, title: name, from, to }) => ({
      id,
      title: name,
      excerpt: excerptOf(words, page.places, Math.min(from + wordCount(name), to), to, locale),
    })),
  };
}

/** Concepts that its heading names count double, each of its text once, by its surest place. */
function sectionScore(
  page: RankedPage,
  { id, from, to }: { readonly id: string; readonly from: number; readonly to: number },
): number {
  const concepts = new Map<number, number>();
  let places = 0;
  for (const { at, concept, strength } of page.places) {
    if (at < from || at >= to) continue;
    places += 1;
    concepts.set(concept, Math.max(concepts.get(concept) ?? 0, Math.min(strength, 1)));
  }
  const named = page.headings.find((one) => one.id === id)?.score ?? 0;
  const told = [...concepts.values()].reduce((sum, one) => sum + one, 0);
  return 2 * named + told + Math.min(places, 10) / 20;
}

function wordCount(text: string): number {
  return text.trim().split(/\s+/).length;
}
