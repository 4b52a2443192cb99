import type { Completions } from '../engine-room/world-messages.ts';

/** A line that is being written, and where its caret stands: UTF-16 units, as in a text field. */
export interface WrittenLine {
  readonly text: string;
  readonly caret: number;
}

/** Ctrl+U: all before the caret goes. */
export const withoutStart = ({ text, caret }: WrittenLine): WrittenLine => ({
  text: text.slice(caret),
  caret: 0,
});

/** Ctrl+K: all behind the caret goes. */
export const withoutEnd = ({ text, caret }: WrittenLine): WrittenLine => ({
  text: text.slice(0, caret),
  caret,
});

/** Ctrl+W: the word before the caret goes, up to white space. */
export function withoutWord({ text, caret }: WrittenLine): WrittenLine {
  const kept = text.slice(0, caret).replace(/\S*\s*$/, '');
  return { text: kept + text.slice(caret), caret: kept.length };
}

/**
 * What Tab makes of a line: as much as all candidates have in common, and behind the only one a space,
 * unless it goes on: a directory, a flag with its value.
 */
export function completed(
  { text, caret }: WrittenLine,
  { from, to, candidates }: Completions,
): WrittenLine {
  const [first, ...rest] = candidates;
  if (!first || from > caret || to < caret) return { text, caret };
  const common = rest.reduce((all, one) => commonStart(all, one.text), first.text);
  const typed = text.slice(from, to);
  if (common.length <= typed.length && rest.length > 0) return { text, caret };
  const ends = rest.length > 0 || /[/=:,]$/.test(common) || text[to] === ' ' ? '' : ' ';
  const filled = `${common}${ends}`;
  return { text: text.slice(0, from) + filled + text.slice(to), caret: from + filled.length };
}

function commonStart(a: string, b: string): string {
  let length = 0;
  while (length < a.length && a[length] === b[length]) length++;
  // Never half of a character.
  if (/[\ud800-\udbff]/.test(a[length - 1] ?? '')) length -= 1;
  return a.slice(0, length);
}
