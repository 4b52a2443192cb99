import type { EntryState } from './entry-state.ts';
import { withoutEnd, withoutStart, withoutWord, type WrittenLine } from './written-line.ts';

/** The field in which the line is written, as keys see it. */
export interface Field {
  get(): WrittenLine;
  set(line: WrittenLine): void;
  /** Something in it, or on the page, is marked and could be copied. */
  hasSelection(): boolean;
}

/** Safari's code for a key that an input method took. */
const TAKEN_BY_INPUT_METHOD = 229;

const isComposing = (event: KeyboardEvent): boolean =>
  // The older property is the only one by which Safari tells the Enter that ends a composition.
  // eslint-disable-next-line @typescript-eslint/no-deprecated
  event.isComposing || event.keyCode === TAKEN_BY_INPUT_METHOD;

/** What a key does to the line. Keys that an input method wants are its own. */
export function pressKey(event: KeyboardEvent, entry: EntryState, field: Field): void {
  if (isComposing(event)) return;
  const isControl = event.ctrlKey && !event.altKey && !event.metaKey;
  const act = isControl
    ? control(event.key.toLowerCase(), entry, field)
    : plain(event, entry, field);
  if (act === undefined) {
    if (!['Shift', 'Control', 'Alt', 'Meta'].includes(event.key)) entry.touch();
    return;
  }
  event.preventDefault();
  act();
}

const lineOf = (text: string): WrittenLine => ({ text, caret: text.length });

function plain(event: KeyboardEvent, entry: EntryState, field: Field): (() => void) | undefined {
  const isSearching = entry.search.peek() !== undefined;
  switch (event.key) {
    case 'Enter':
      return event.shiftKey ? undefined : () => submit(entry, field);
    case 'Tab':
      if (event.shiftKey || entry.leaving.peek()) return undefined;
      if (isSearching) return () => field.set(lineOf(entry.endSearch(true)));
      return () => void completeIn(entry, field);
    case 'Escape':
      if (isSearching) return () => field.set(lineOf(entry.endSearch(false)));
      return () => {
        entry.forget();
        entry.leaving.value = true;
      };
    case 'ArrowUp':
      return isSearching ? undefined : () => older(entry, field);
    case 'ArrowDown':
      return isSearching ? undefined : () => newer(entry, field);
    case 'ArrowRight':
    case 'End':
      return isSearching ? () => field.set(lineOf(entry.endSearch(true))) : undefined;
    default:
      return undefined;
  }
}

function control(key: string, entry: EntryState, field: Field): (() => void) | undefined {
  const { text, caret } = field.get();
  const change = (how: (line: WrittenLine) => WrittenLine) => () => {
    entry.touch();
    field.set(how(field.get()));
  };
  switch (key) {
    case 'c':
      return field.hasSelection() ? undefined : () => interrupt(entry, field);
    case 'd':
      if (text === '') return () => entry.end();
      return change(() => ({ text: text.slice(0, caret) + text.slice(caret + 1), caret }));
    case 'r':
      return () => searchOlder(entry, field);
    case 'g':
      return entry.search.peek() ? () => field.set(lineOf(entry.endSearch(false))) : undefined;
    case 'l':
      return () => entry.clear();
    case 'a':
      return change(() => ({ text, caret: 0 }));
    case 'e':
      return change(() => lineOf(text));
    case 'u':
      return change(withoutStart);
    case 'k':
      return change(withoutEnd);
    case 'w':
      return change(withoutWord);
    case 'p':
      return () => older(entry, field);
    case 'n':
      return () => newer(entry, field);
    default:
      return undefined;
  }
}

export function submit(entry: EntryState, field: Field): void {
  const { text } = field.get();
  field.set(lineOf(''));
  entry.submit(text);
}

export function interrupt(entry: EntryState, field: Field): void {
  field.set(lineOf(''));
  entry.interrupt();
}

export function older(entry: EntryState, field: Field): void {
  entry.touch();
  const line = entry.history.older(field.get().text);
  if (line !== undefined) field.set(lineOf(line));
}

export function newer(entry: EntryState, field: Field): void {
  entry.touch();
  const line = entry.history.newer();
  if (line !== undefined) field.set(lineOf(line));
}

export async function completeIn(entry: EntryState, field: Field): Promise<void> {
  const before = field.get();
  const next = await entry.complete(before);
  const { text, caret } = field.get();
  if (next && text === before.text && caret === before.caret) field.set(next);
}

function searchOlder(entry: EntryState, field: Field): void {
  const isNew = entry.search.peek() === undefined;
  entry.searchOlder(field.get().text);
  if (isNew) field.set(lineOf(''));
}
