/**
 * The search dialog: a native modal dialog with a combobox over a list of results, after the
 * ARIA Authoring Practices' "Editable Combobox With List Autocomplete". Focus stays in the field;
 * the chosen row is told through aria-activedescendant.
 */
import { effect } from '@preact/signals';
import { render } from 'preact';
import type { Locale } from '../i18n/locales.ts';
import { assetOf, routeOf } from '../i18n/routes.ts';
import { searchStrings } from '../i18n/search.ts';
import { fill } from '../i18n/strings.ts';
import { Results } from './search-results.tsx';
import { createSearchState } from './search-state.ts';
import type { SearchState } from './search-state.ts';
// By address: a plain import would put the sheet on every page that has the button.
import sheet from '../styles/search-dialog.css?url';

export interface SearchPlace {
  /** The path the site is served from. */
  readonly base: string;
  readonly locale: Locale;
}

let dialog: HTMLDialogElement | undefined;
let styled: Promise<void> | undefined;

/** Opens the one dialog of the page, made at the first call. What was typed is still there. */
export async function openSearchDialog(place: SearchPlace): Promise<void> {
  styled ??= loadSheet();
  await styled;
  dialog ??= createDialog(place);
  if (!dialog.open) dialog.showModal();
  dialog.querySelector('input')?.select();
}

/** A sheet that cannot be had leaves a dialog that is plain, but works. */
function loadSheet(): Promise<void> {
  return new Promise((resolve) => {
    const link = document.createElement('link');
    link.rel = 'stylesheet';
    link.href = sheet;
    link.onload = () => resolve();
    link.onerror = () => resolve();
    document.head.append(link);
  });
}

function createDialog({ base, locale }: SearchPlace): HTMLDialogElement {
  const state = createSearchState(locale, async (path) => {
    const response = await fetch(assetOf(base, path));
    if (!response.ok) throw new Error(`${path}: ${response.status}`);
    return new Uint8Array(await response.arrayBuffer());
  });
  const element = document.createElement('dialog');
  element.className = 'search-dialog';
  element.setAttribute('aria-label', searchStrings[locale].search);
  document.body.append(element);
  render(<SearchView state={state} base={base} close={() => element.close()} />, element);
  element.addEventListener('click', (event) => {
    const link = event.target instanceof Element && event.target.closest('a');
    // A press beside the sheet, or a link to another place of this page, closes.
    if (event.target === element || (link && !event.ctrlKey && !event.metaKey)) element.close();
  });
  effect(() => {
    if (state.active.value) showActive(element, state);
  });
  // New rows are marked once they are drawn.
  new MutationObserver(() => showActive(element, state)).observe(element, {
    childList: true,
    subtree: true,
  });
  void state.ask('');
  return element;
}

/** Tells the chosen row by aria-selected and aria-activedescendant, and brings it into sight. */
function showActive(element: HTMLElement, state: SearchState): void {
  const { at, follow } = state.active.peek();
  const rows = [...element.querySelectorAll<HTMLElement>('[role="option"]')];
  const chosen = rows[Math.min(at, rows.length - 1)];
  for (const row of rows) row.setAttribute('aria-selected', String(row === chosen));
  const field = element.querySelector('input[role="combobox"]');
  if (chosen) field?.setAttribute('aria-activedescendant', chosen.id);
  else field?.removeAttribute('aria-activedescendant');
  if (!follow) return;
  if (at === 0) element.querySelector('.search-body')?.scrollTo(0, 0);
  else chosen?.scrollIntoView({ block: 'nearest' });
}

interface ViewProps {
  readonly state: SearchState;
  readonly base: string;
  readonly close: () => void;
}

function SearchView({ state, base, close }: ViewProps) {
  const t = searchStrings[state.locale];
  return (
    <div class="search-sheet">
      <div class="search-field">
        <svg viewBox="0 0 20 20" width="20" height="20" aria-hidden="true">
          <circle cx="8.75" cy="8.75" r="5.25" />
          <path d="M12.75 12.75 17 17" />
        </svg>
        <input
          type="text"
          role="combobox"
          aria-label={t.search}
          aria-expanded="true"
          aria-controls="search-results"
          aria-autocomplete="list"
          placeholder={t.placeholder}
          autocomplete="off"
          autocapitalize="off"
          spellcheck={false}
          enterkeyhint="go"
          onInput={(event) => void state.ask(event.currentTarget.value)}
          onKeyDown={(event) => onKey(event, state)}
        />
        <button type="button" class="search-close" onClick={close}>
          {t.close}
        </button>
      </div>
      <div class="search-body">
        <Results state={state} base={base} />
        <Notes state={state} base={base} />
      </div>
      <div class="search-foot">
        <Status state={state} />
        <label class="search-both">
          <input
            type="checkbox"
            checked={state.both.value}
            onChange={(event) => {
              state.both.value = event.currentTarget.checked;
              void state.ask(state.query.value);
            }}
          />
          {t.otherLanguage}
        </label>
        <p class="search-keys" aria-hidden="true">
          <kbd>↑</kbd>
          <kbd>↓</kbd> {t.keyMove} <kbd>↵</kbd> {t.keyOpen} <kbd>Esc</kbd> {t.keyClose}
        </p>
      </div>
    </div>
  );
}

function onKey(event: KeyboardEvent, state: SearchState): void {
  // While an input method composes, Enter and the arrows are its own.
  // eslint-disable-next-line @typescript-eslint/no-deprecated -- Safari tells by this alone.
  if (event.isComposing || event.keyCode === 229) return;
  const field = event.currentTarget as HTMLInputElement;
  const rows = field.closest('dialog')?.querySelectorAll<HTMLElement>('[role="option"]') ?? [];
  const last = rows.length - 1;
  const at = Math.min(state.active.value.at, last);
  const choose = (next: number) => (state.active.value = { at: next, follow: true });
  if (event.key === 'ArrowDown') choose(at >= last ? 0 : at + 1);
  else if (event.key === 'ArrowUp') choose(at <= 0 ? Math.max(last, 0) : at - 1);
  else if (event.key === 'Enter') rows[at]?.click();
  else return;
  event.preventDefault();
}

function Notes({ state, base }: Omit<ViewProps, 'close'>) {
  const t = searchStrings[state.locale];
  if (state.failed.value) return <p class="search-note">{t.failed}</p>;
  if (state.query.value.trim() === '') return <p class="search-note">{t.tip}</p>;
  if (!state.nothing.value) return null;
  return (
    <div class="search-note">
      <p class="search-none">{fill(t.none, { query: state.query.value.trim() })}</p>
      <p>{t.noneHelp}</p>
      <p>
        <a href={routeOf(base, state.locale, 'reference/glossary')}>{t.glossary}</a>
      </p>
    </div>
  );
}

/** Told to screen readers when it changes, and shown. */
function Status({ state }: { readonly state: SearchState }) {
  const t = searchStrings[state.locale];
  const own = state.own.value;
  let text = '';
  if (state.failed.value) text = t.failed;
  else if (state.nothing.value) text = fill(t.none, { query: state.query.value.trim() });
  else if (own) {
    const count = own.count + (state.other.value?.count ?? 0);
    const shown = own.pages.length + (state.other.value?.pages.length ?? 0);
    text = fill(shown < count ? t.foundMore : t.found, { count, shown });
  } else if (state.busy.value) text = t.loading;
  return (
    <p class={state.nothing.value ? 'search-status unseen' : 'search-status'} role="status">
      {text}
    </p>
  );
}
