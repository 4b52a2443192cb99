import type { Word, WordPart } from './syntax.ts';

/** Brace expansion: `{a,b}`, `{1..5}`, `{01..10..2}`, `{a..e}` (GNU bash 5.2 `braces.c`). */
type Item = string | WordPart;

export const BRACE_LIMIT = 20_000;

/** The words that a word stands for; undefined when they would be too many. */
export function expandBraces(word: Word): readonly Word[] | undefined {
  const isBraced = word.some(
    (part) => part.kind === 'text' && !part.quoted && part.text.includes('{'),
  );
  if (!isBraced) return [word];
  const items: Item[] = [];
  for (const part of word) {
    if (part.kind === 'text' && !part.quoted) items.push(...part.text);
    else items.push(part);
  }
  const all = expand(items);
  return all?.map(wordOf);
}

function wordOf(items: readonly Item[]): Word {
  const parts: WordPart[] = [];
  let text = '';
  for (const item of items) {
    if (typeof item === 'string') {
      text += item;
      continue;
    }
    if (text !== '') parts.push({ kind: 'text', text, quoted: false });
    text = '';
    parts.push(item);
  }
  if (text !== '') parts.push({ kind: 'text', text, quoted: false });
  return parts;
}

function expand(items: readonly Item[]): Item[][] | undefined {
  for (let open = items.indexOf('{'); open !== -1; open = items.indexOf('{', open + 1)) {
    const close = closing(items, open);
    if (close === undefined) continue;
    const choices = alternatives(items.slice(open + 1, close));
    if (!choices) continue;
    const before = items.slice(0, open);
    const after = expand(items.slice(close + 1));
    if (!after) return undefined;
    const results: Item[][] = [];
    for (const choice of choices) {
      const inner = expand(choice);
      if (!inner || results.length + inner.length * after.length > BRACE_LIMIT) return undefined;
      for (const one of inner) for (const rest of after) results.push([...before, ...one, ...rest]);
    }
    return results;
  }
  return [[...items]];
}

function closing(items: readonly Item[], open: number): number | undefined {
  let depth = 0;
  for (let at = open; at < items.length; at++) {
    if (items[at] === '{') depth += 1;
    if (items[at] === '}') depth -= 1;
    if (depth === 0) return at;
  }
  return undefined;
}

function alternatives(inner: readonly Item[]): Item[][] | undefined {
  const choices: Item[][] = [[]];
  let depth = 0;
  for (const item of inner) {
    if (item === '{') depth += 1;
    if (item === '}') depth -= 1;
    if (item === ',' && depth === 0) choices.push([]);
    else choices.at(-1)!.push(item);
  }
  if (choices.length > 1) return choices;
  const letters = inner.filter((item) => typeof item === 'string');
  if (letters.length < inner.length) return undefined;
  return sequence(letters.join(''))?.map((text) => [...text]);
}

function sequence(text: string): string[] | undefined {
  const match = /^(-?\d+|[A-Za-z])\.\.(-?\d+|[A-Za-z])(?:\.\.(-?\d+))?$/.exec(text);
  if (!match) return undefined;
  const [, from = '', to = ''] = match;
  const letters = /[A-Za-z]/.test(from);
  if (letters !== /[A-Za-z]/.test(to)) return undefined;
  const first = letters ? from.charCodeAt(0) : Number(from);
  const last = letters ? to.charCodeAt(0) : Number(to);
  const step = Math.abs(Number(match[3] ?? 1)) || 1;
  if (Math.abs(last - first) / step > BRACE_LIMIT) return undefined;
  const padded = /^-?0\d/.test(from) || /^-?0\d/.test(to);
  const width = padded ? Math.max(from.length, to.length) : 0;
  const texts: string[] = [];
  const sign = first <= last ? 1 : -1;
  for (let n = first; sign * n <= sign * last; n += sign * step) {
    if (letters) texts.push(String.fromCharCode(n));
    else
      texts.push((n < 0 ? '-' : '') + String(Math.abs(n)).padStart(width - (n < 0 ? 1 : 0), '0'));
  }
  return texts;
}
