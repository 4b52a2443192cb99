import { listDirectory, stat } from '../machine/files.ts';
import { resolvePath } from '../machine/command.ts';
import { escapePattern, hasPattern, matches, readPattern, type Pattern } from './pattern.ts';
import type { Step } from './state.ts';

/** What a word came to, before it is split into fields and matched against file names. */
export type Piece =
  | { readonly text: string; readonly quoted: boolean; readonly split: boolean }
  /** Between the arguments of `"$@"`. */
  | 'break';

interface Segment {
  readonly text: string;
  readonly quoted: boolean;
}

export type Field = readonly Segment[];

const FIELD_LIMIT = 100_000;

/** Splits what came from unquoted expansions (POSIX.1-2024 XCU 2.6.5). */
export function splitFields(pieces: readonly Piece[], separators: string): Field[] {
  const blank = /[ \t\n]/;
  const fields: Segment[][] = [];
  let current: Segment[] | undefined;
  const finish = (always: boolean) => {
    if (current || always) fields.push(current ?? []);
    current = undefined;
  };
  for (const piece of pieces) {
    if (piece === 'break') {
      finish(true);
      continue;
    }
    if (!piece.split || separators === '') {
      if (piece.text !== '' || piece.quoted) (current ??= []).push(piece);
      continue;
    }
    let from = 0;
    const { text } = piece;
    for (let at = 0; at <= text.length; at++) {
      const char = text[at];
      if (char !== undefined && !separators.includes(char)) continue;
      if (at > from) (current ??= []).push({ text: text.slice(from, at), quoted: false });
      from = at + 1;
      if (char !== undefined) finish(!blank.test(char));
    }
    if (fields.length > FIELD_LIMIT) break;
  }
  finish(false);
  return fields;
}

export const textOf = (field: Field): string => field.map(({ text }) => text).join('');

export const patternTextOf = (field: Field): string =>
  field.map(({ text, quoted }) => (quoted ? escapePattern(text) : text)).join('');

/** The file names a field stands for, sorted; the field itself when there are none. */
export function* expandPath(place: string, cwd: string, field: Field): Step<string[]> {
  const text = textOf(field);
  if (!field.some((segment) => !segment.quoted && hasPattern(segment.text))) return [text];
  const parts = patternTextOf(field).split('/');
  const absolute = parts[0] === '';
  let found: string[] = [absolute ? '/' : ''];
  for (const [i, part] of parts.entries()) {
    if (part === '') continue;
    const last = i === parts.length - 1;
    const next: string[] = [];
    for (const base of found) {
      next.push(...(yield* matchesIn(place, cwd, base, part, last)));
      if (next.length > FIELD_LIMIT) break;
    }
    found = next.map((name) => (last ? name : `${name}/`));
  }
  if (parts.at(-1) === '') found = found.filter((name) => name !== '');
  return found.length === 0 ? [text] : found;
}

function* matchesIn(
  place: string,
  cwd: string,
  base: string,
  part: string,
  last: boolean,
): Step<string[]> {
  const directory = resolvePath(cwd, base === '' ? '.' : base);
  if (!hasPattern(part.replace(/\\./g, ''))) {
    const name = part.replace(/\\(.)/g, '$1');
    const is = yield* stat(place, resolvePath(directory, name));
    return is && (last || is.type === 'dir') ? [base + name] : [];
  }
  const pattern: Pattern = readPattern(part);
  const names: string[] = [];
  for (const entry of (yield* listDirectory(place, directory)) ?? []) {
    if (entry.name.startsWith('.') && !part.startsWith('.')) continue;
    if (!matches(pattern, entry.name)) continue;
    if (!last && entry.type === 'file') continue;
    names.push(base + entry.name);
  }
  return names;
}
