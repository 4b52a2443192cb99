/**
 * The small index in front of Pagefind's: titles, headings and terms of one language, held in
 * memory once the dialog opens. It answers at once and knows what a query's words mean.
 */
import type { Locale } from '../i18n/locales.ts';
import { fold, keyOf, squeeze, wordsOf } from './words.ts';

/** What the build writes to `search/front.LOCALE.json`. */
export interface FrontData {
  readonly locale: Locale;
  /** In reading order. */
  readonly pages: readonly FrontPage[];
  readonly terms: readonly FrontTerm[];
}

export interface FrontPage {
  /** `images/registries` */
  readonly id: string;
  readonly title: string;
  readonly topic: string;
  readonly description: string;
  /** Id and text of each heading, in order. */
  readonly headings: readonly (readonly [string, string])[];
  /** Name of the page's fragment in the Pagefind index. */
  readonly fragment: string;
}

export interface FrontTerm {
  readonly id: string;
  /** The term in this language, then in the other. */
  readonly names: readonly string[];
  /** In both languages. */
  readonly aliases: readonly string[];
  readonly definition: string;
  /** The page that explains it. */
  readonly page?: string;
}

/** A title, heading or description made ready for comparison. */
export interface Line {
  readonly text: string;
  readonly squeezed: string;
  readonly keys: ReadonlySet<string>;
}

export interface PageLines {
  readonly page: FrontPage;
  readonly title: Line;
  readonly description: Line;
  readonly headings: readonly { readonly id: string; readonly line: Line }[];
}

export interface FrontIndex {
  readonly locale: Locale;
  readonly pages: readonly PageLines[];
  readonly pageById: ReadonlyMap<string, PageLines>;
  readonly terms: ReadonlyMap<string, FrontTerm>;
  /** Terms by the squeezed form of each of their names and aliases. */
  readonly names: ReadonlyMap<string, readonly string[]>;
  /** Squeezed names that a term itself carries, and the words of titles: for mending spelling. */
  readonly vocabulary: ReadonlySet<string>;
}

export function lineOf(text: string): Line {
  const words = wordsOf(text);
  return { text, squeezed: fold(text).replace(/\s+/g, ''), keys: new Set(words.map(keyOf)) };
}

/** `다이제스트(digest)` has the names 다이제스트 and digest; `풀 / 푸시` is 풀 and 푸시. */
export function namesIn(name: string): string[] {
  const inner = [...name.matchAll(/\(([^)]*)\)/g)].map((match) => match[1]!);
  const outer = name.replace(/\([^)]*\)/g, ' ').split(' / ');
  return [...outer, ...inner].map((one) => one.trim()).filter((one) => one !== '');
}

export function buildFrontIndex(data: FrontData): FrontIndex {
  const pages = data.pages.map((page) => ({
    page,
    title: lineOf(page.title),
    description: lineOf(page.description),
    headings: page.headings.map(([id, text]) => ({ id, line: lineOf(text) })),
  }));
  const names = new Map<string, string[]>();
  const vocabulary = new Set<string>();
  for (const term of data.terms) {
    const own = term.names.flatMap(namesIn);
    for (const name of [...own, ...term.aliases]) {
      const key = squeeze(wordsOf(name));
      if (key === '') continue;
      const owners = names.get(key) ?? [];
      if (!owners.includes(term.id)) names.set(key, [...owners, term.id]);
      vocabulary.add(key);
    }
  }
  for (const { title } of pages) title.keys.forEach((key) => vocabulary.add(key));
  return {
    locale: data.locale,
    pages,
    pageById: new Map(pages.map((one) => [one.page.id, one])),
    terms: new Map(data.terms.map((term) => [term.id, term])),
    names,
    vocabulary,
  };
}
