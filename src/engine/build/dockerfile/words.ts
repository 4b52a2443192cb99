/** Words of an instruction, quotes kept: expansion takes them off later (`line_parsers.go`). */
export function splitWords(text: string): string[] {
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
    if (char === '\\' && quote !== "'" && i + 1 < text.length) {
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

/** Leading `--name=value` flags and the rest of the line. */
export function takeFlags(text: string): { flags: [string, string][]; rest: string } {
  const flags: [string, string][] = [];
  let rest = text;
  for (;;) {
    const match = /^--([a-zA-Z][a-zA-Z0-9-]*)(?:=(\S*))?(?:\s+|$)/.exec(rest);
    if (!match) return { flags, rest };
    flags.push([match[1]!, match[2] ?? '']);
    rest = rest.slice(match[0].length);
  }
}
