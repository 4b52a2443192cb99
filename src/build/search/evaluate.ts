/** How well search answers a list of queries whose right pages are known. */
import { locales } from '../../i18n/locales.ts';
import type { Locale } from '../../i18n/locales.ts';
import type { Search } from '../../search/search.ts';

export interface Query {
  readonly q: string;
  readonly lang: Locale;
  /** Ids of pages any of which is right. */
  readonly want: readonly string[];
}

/** Shares of the queries of one language, but for `queries`, their number. */
export interface Score {
  readonly queries: number;
  /** A right page came first. */
  readonly success1: number;
  /** A right page was among the first three. */
  readonly success3: number;
  /** Mean of 1 / place of the first right page. */
  readonly mrr: number;
  /** Nothing was found at all. */
  readonly empty: number;
}

export interface Outcome {
  readonly query: Query;
  readonly found: readonly string[];
  /** From 1; undefined when no right page was found. */
  readonly place: number | undefined;
}

/** @throws with the line when one is not a query */
export function readQueries(text: string, file: string): Query[] {
  return text.split('\n').flatMap((line, index) => {
    if (line.trim() === '') return [];
    const value: unknown = JSON.parse(line);
    if (!isQuery(value)) {
      throw new Error(`${file}:${index + 1}: not a query. Write {"q", "lang": "ko"|"en", "want"}.`);
    }
    return [value];
  });
}

function isQuery(value: unknown): value is Query {
  if (typeof value !== 'object' || value === null) return false;
  const { q, lang, want } = value as Partial<Record<keyof Query, unknown>>;
  return typeof q === 'string' && (lang === 'ko' || lang === 'en') && Array.isArray(want);
}

export async function runQueries(
  queries: readonly Query[],
  searches: Readonly<Record<Locale, Search>>,
): Promise<Outcome[]> {
  const outcomes: Outcome[] = [];
  for (const query of queries) {
    const found = await searches[query.lang].ids(query.q);
    const at = found.findIndex((id) => query.want.includes(id));
    outcomes.push({ query, found, place: at < 0 ? undefined : at + 1 });
  }
  return outcomes;
}

export function scoreOf(outcomes: readonly Outcome[]): Record<Locale, Score> {
  const scores = locales.map((locale) => {
    const own = outcomes.filter(({ query }) => query.lang === locale);
    const share = (test: (outcome: Outcome) => number) =>
      own.length === 0 ? 0 : own.reduce((sum, one) => sum + test(one), 0) / own.length;
    const score: Score = {
      queries: own.length,
      success1: share(({ place }) => Number(place === 1)),
      success3: share(({ place }) => Number(place !== undefined && place <= 3)),
      mrr: share(({ place }) => (place === undefined ? 0 : 1 / place)),
      empty: share(({ found }) => Number(found.length === 0)),
    };
    return [locale, score] as const;
  });
  return Object.fromEntries(scores) as Record<Locale, Score>;
}
