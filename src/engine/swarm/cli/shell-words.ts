/**
 * A shell's words of a text: quotes and backslashes hold them together, `#` begins a comment
 * (google/shlex, as `--args` and `--entrypoint` of docker/cli v29.7 read them). Flags have been
 * checked for quotes that are not closed.
 */
export function shellWords(text: string): string[] {
  const words: string[] = [];
  const token = /\s+|#[^\n]*|((?:\\[\s\S]|'[^']*'|"(?:\\[\s\S]|[^"\\])*"|[^\s'"\\])+)/g;
  for (const [, word] of text.matchAll(token)) if (word !== undefined) words.push(unquoted(word));
  return words;
}

const unquoted = (word: string): string =>
  word.replace(
    /\\([\s\S])|'([^']*)'|"((?:\\[\s\S]|[^"\\])*)"/g,
    (_, escaped?: string, single?: string, double?: string) =>
      escaped ?? single ?? (double ?? '').replace(/\\([\s\S])/g, '$1'),
  );
