/** The list of a search dialog: pages, where on them, and the term the query names. */
import type { ComponentChildren } from 'preact';
import { routeOf } from '../i18n/routes.ts';
import { searchStrings } from '../i18n/search.ts';
import type { Piece } from '../search/excerpt.ts';
import type { Answer, PageResult } from '../search/search.ts';
import type { SearchState } from './search-state.ts';

interface Props {
  readonly state: SearchState;
  readonly base: string;
}

function Excerpt({ pieces }: { readonly pieces: readonly Piece[] }) {
  return (
    <span class="found-excerpt">
      {pieces.map((piece) => (piece.mark ? <mark>{piece.text}</mark> : piece.text))}
    </span>
  );
}

interface OptionProps {
  readonly kind: 'page' | 'section' | 'term';
  readonly href: string;
  readonly id: string;
  readonly state: SearchState;
  readonly children: ComponentChildren;
}

/** One row. Rows are numbered by their place in the list when keys move through them. */
function Option({ kind, href, id, state, children }: OptionProps) {
  return (
    <a
      class={`found found-${kind}`}
      role="option"
      id={id}
      href={href}
      tabIndex={-1}
      aria-selected="false"
      onPointerMove={(event) => {
        const rows = [...document.querySelectorAll('.search-dialog [role="option"]')];
        const at = rows.indexOf(event.currentTarget);
        if (at >= 0) state.active.value = { at, follow: false };
      }}
    >
      {children}
    </a>
  );
}

function Page({ page, answer, state, base }: Props & { page: PageResult; answer: Answer }) {
  const { locale } = answer;
  const id = `found-${locale}-${page.id.replace('/', '-')}`;
  return (
    <div class="found-group" role="group" aria-labelledby={`${id}-title`} lang={locale}>
      <Option kind="page" id={id} href={routeOf(base, locale, page.id)} state={state}>
        <span class="found-title" id={`${id}-title`}>
          {page.title}
        </span>
        <span class="found-topic">{page.topic}</span>
        <Excerpt pieces={page.excerpt} />
      </Option>
      {page.sections.map((section) => (
        <Option
          key={section.id}
          kind="section"
          id={`${id}-${section.id}`}
          href={routeOf(base, locale, page.id, section.id)}
          state={state}
        >
          <span class="found-heading">{section.title}</span>
          <Excerpt pieces={section.excerpt} />
        </Option>
      ))}
    </div>
  );
}

function Term({ answer, state, base }: Props & { answer: Answer }) {
  const { term, locale } = answer;
  if (!term) return null;
  const [name, ...others] = term.names;
  return (
    <div class="found-group" role="group" aria-label={searchStrings[locale].term} lang={locale}>
      <Option
        kind="term"
        id={`found-term-${term.id}`}
        href={routeOf(base, locale, 'reference/glossary', `term-${term.id}`)}
        state={state}
      >
        <span class="found-kind">{searchStrings[locale].term}</span>
        <span class="found-title">
          {name} {others.length > 0 && <span class="found-other">{others.join(', ')}</span>}
        </span>
        <span class="found-excerpt">{term.definition}</span>
      </Option>
    </div>
  );
}

/** Before anything is typed: the first page of each topic. */
function Starts({ state, base }: Props) {
  const t = searchStrings[state.locale];
  const topics = new Map(
    (state.search.value?.front.pages ?? [])
      .toReversed()
      .map(({ page }) => [page.id.split('/')[0], page]),
  );
  const firsts = [...topics.values()].reverse();
  if (firsts.length === 0) return null;
  return (
    <div class="found-group" role="group" aria-label={t.startHere}>
      <p class="found-note" role="presentation">
        {t.startHere}
      </p>
      {firsts.map((page) => (
        <Option
          key={page.id}
          kind="section"
          id={`start-${page.id.replace('/', '-')}`}
          href={routeOf(base, state.locale, page.id)}
          state={state}
        >
          <span class="found-heading">{page.title}</span>
          <span class="found-topic">{page.topic}</span>
        </Option>
      ))}
    </div>
  );
}

export function Results({ state, base }: Props) {
  const t = searchStrings[state.locale];
  const own = state.own.value;
  const other = state.other.value;
  return (
    <div id="search-results" role="listbox" aria-label={t.results} aria-busy={state.busy.value}>
      {own === undefined && <Starts state={state} base={base} />}
      {own && <Term answer={own} state={state} base={base} />}
      {own?.pages.map((page) => (
        <Page key={page.id} page={page} answer={own} state={state} base={base} />
      ))}
      {other !== undefined && other.count > 0 && (
        <p class="found-note found-language" role="presentation">
          {t.inOther}
        </p>
      )}
      {other?.pages.map((page) => (
        <Page key={page.id} page={page} answer={other} state={state} base={base} />
      ))}
    </div>
  );
}
