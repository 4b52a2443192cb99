import type { Read } from './ast.ts';

/**
 * Words of an instruction, quotes kept: expansion takes them off later (moby/buildkit v0.32
 * `frontend/dockerfile/parser/line_parsers.go`, `split_command.go`).
 */
export function splitWords(text: string, escape = '\\'): string[] {
  const words: string[] = [];
  let word = '';
  let quoted = false;
  let quote = '';
  const end = () => {
    if (quoted || word !== '') words.push(word);
    word = '';
    quoted = false;
  };
  for (let i = 0; i < text.length; i++) {
    let char = text[i]!;
    if (quote === '' && /\s/.test(char)) {
      end();
      continue;
    }
    if (quote === '') {
      if (char === '"' || char === "'") {
        quote = char;
        quoted = true;
      }
    } else if (char === quote) quote = '';
    if (char === escape && quote !== "'") {
      // At the end of the line it stands for nothing.
      if (i + 1 === text.length) continue;
      word += char;
      char = text[++i]!;
    }
    word += char;
  }
  end();
  return words;
}

const BLANKS = /[\t\v\f\r ]+/;

/** Split at blanks alone: quotes mean nothing here. */
export const splitBlanks = (text: string): string[] => (text === '' ? [] : text.split(BLANKS));

/** The first word and the rest, blanks between them gone. */
export function cutWord(text: string): readonly [string, string | undefined] {
  const blanks = BLANKS.exec(text);
  if (!blanks) return [text, undefined];
  return [text.slice(0, blanks.index), text.slice(blanks.index + blanks[0].length)];
}

/**
 * `["a", "b"]`. Undefined when it is no JSON array: then it is shell form. An array with something
 * else than texts in it is refused.
 */
export function readJsonForm(text: string): Read<string[]> | undefined {
  const trimmed = text.trimStart();
  if (!trimmed.startsWith('[')) return undefined;
  let value: unknown;
  try {
    value = JSON.parse(trimmed);
  } catch {
    return undefined;
  }
  if (Array.isArray(value) && value.every((item) => typeof item === 'string')) {
    return { ok: true, value };
  }
  const message = 'when using JSON array syntax, arrays must be comprised of strings only';
  return { ok: false, message };
}

/** Leading `--name=value` flags, quotes taken off, and the rest of the line. */
export function takeFlags(text: string, escape: string): { flags: string[]; rest: string } {
  const flags: string[] = [];
  let at = 0;
  for (;;) {
    while (/\s/.test(text[at] ?? '')) at += 1;
    if (!text.startsWith('--', at)) return { flags, rest: text.slice(at) };
    const [word, end] = unquoted(text, at, escape);
    at = end;
    if (word === '--') return { flags, rest: text.slice(at) };
    flags.push(word);
    if (at >= text.length) return { flags, rest: '' };
  }
}

/** One word without its quotes, and where it ends. */
function unquoted(text: string, from: number, escape: string): [string, number] {
  let word = '';
  let quote = '';
  let at = from;
  for (; at < text.length; at++) {
    const char = text[at]!;
    if (quote === '' && /\s/.test(char)) break;
    if (quote === '' && (char === '"' || char === "'")) quote = char;
    else if (char === quote) quote = '';
    else if (char === escape) word += text[++at] ?? '';
    else word += char;
  }
  return [word, at];
}
