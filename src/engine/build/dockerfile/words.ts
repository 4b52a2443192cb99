/**
 * Words of an instruction, quotes kept: expansion takes them off later (moby/buildkit v0.32
 * `frontend/dockerfile/parser/line_parsers.go`).
 */
export function splitWords(text: string, escape = '\\'): string[] {
  const words: string[] = [];
  let word = '';
  let inWord = false;
  let quote = '';
  for (let i = 0; i < text.length; i++) {
    const char = text[i]!;
    if (quote === '' && /\s/.test(char)) {
      if (inWord) words.push(word);
      word = '';
      inWord = false;
      continue;
    }
    inWord = true;
    word += char;
    if (char === escape && quote !== "'" && i + 1 < text.length) {
      word += text[++i]!;
    } else if (quote === '') {
      if (char === '"' || char === "'") quote = char;
    } else if (char === quote) {
      quote = '';
    }
  }
  if (inWord) words.push(word);
  return words;
}

/** `["a", "b"]`; undefined when it is not a JSON array of texts: then it is shell form. */
export function readJsonForm(text: string): string[] | undefined {
  if (!text.startsWith('[')) return undefined;
  try {
    const value = JSON.parse(text) as unknown;
    const texts = Array.isArray(value) && value.every((item) => typeof item === 'string');
    return texts ? value : undefined;
  } catch {
    return undefined;
  }
}

export interface Flag {
  readonly name: string;
  /** Undefined without an equals sign. */
  readonly value?: string;
}

/** Leading `--name=value` flags, quotes taken off, and the rest of the line (`split_command.go`). */
export function takeFlags(text: string, escape: string): { flags: Flag[]; rest: string } {
  const flags: Flag[] = [];
  let at = 0;
  for (;;) {
    while (/\s/.test(text[at] ?? '')) at += 1;
    if (!text.startsWith('--', at)) return { flags, rest: text.slice(at) };
    const [word, end] = unquoted(text, at, escape);
    at = end;
    if (word === '--') return { flags, rest: text.slice(at).trim() };
    const equals = word.indexOf('=');
    if (equals === -1) flags.push({ name: word.slice(2) });
    else flags.push({ name: word.slice(2, equals), value: word.slice(equals + 1) });
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
    if (char === escape) word += text[++at] ?? '';
    else if (char === quote) quote = '';
    else if (quote === '' && (char === '"' || char === "'")) quote = char;
    else word += char;
  }
  return [word, at];
}
