/** What the search dialog knows: the question, the answers, and the row that Enter opens. */
import { computed, signal } from '@preact/signals';
import type { Locale } from '../i18n/locales.ts';
import { otherLocale } from '../i18n/locales.ts';
import { openSearch } from '../search/search.ts';
import type { Answer, Search } from '../search/search.ts';
import type { Load } from '../search/word-index.ts';

/** After this time without the full answer the titles that match are shown. */
const PATIENCE_MS = 150;

/** The searches that were opened, one a language. A failed load is tried again when next asked. */
function createOpener(load: Load): (locale: Locale) => Promise<Search> {
  const opened = new Map<Locale, Promise<Search>>();
  return (locale) => {
    const known = opened.get(locale) ?? openSearch(load, locale);
    opened.set(locale, known);
    known.catch(() => opened.delete(locale));
    return known;
  };
}

export function createSearchState(locale: Locale, load: Load) {
  const query = signal('');
  const own = signal<Answer | undefined>(undefined);
  const other = signal<Answer | undefined>(undefined);
  const both = signal(false);
  const busy = signal(false);
  const failed = signal(false);
  /** The chosen row, and whether the list scrolls to it (keys) or not (pointer). */
  const active = signal({ at: 0, follow: true });
  /** The front index, for the places to start; undefined until it is loaded. */
  const search = signal<Search | undefined>(undefined);
  const searchOf = createOpener(load);
  let question = 0;

  async function answer(number: number): Promise<void> {
    const asked = query.value;
    const current = () => number === question;
    const engine = await searchOf(locale);
    search.value = engine;
    const patience = setTimeout(() => {
      if (current()) own.value = engine.instant(asked);
    }, PATIENCE_MS);
    const full = await engine.full(asked);
    clearTimeout(patience);
    if (!current()) return;
    own.value = full;
    if (both.value || full.count === 0) {
      const answered = await (await searchOf(otherLocale(locale))).full(asked);
      if (current()) other.value = answered;
    } else {
      other.value = undefined;
    }
  }

  async function ask(text: string): Promise<void> {
    question += 1;
    const number = question;
    query.value = text;
    active.value = { at: 0, follow: true };
    failed.value = false;
    if (text.trim() === '') {
      own.value = undefined;
      other.value = undefined;
      busy.value = false;
      search.value = await searchOf(locale).catch(() => undefined);
      return;
    }
    busy.value = true;
    try {
      await answer(number);
    } catch {
      if (number === question) failed.value = true;
    } finally {
      if (number === question) busy.value = false;
    }
  }

  return {
    locale,
    query,
    own,
    other,
    both,
    busy,
    failed,
    active,
    search,
    ask,
    /** Nothing was found in any language that was asked. */
    nothing: computed(() => own.value?.count === 0 && !busy.value && !other.value?.count),
  };
}

export type SearchState = ReturnType<typeof createSearchState>;
