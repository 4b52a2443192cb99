/** Go's `strconv.Quote`, what `%q` prints. */
const ESCAPES: Readonly<Record<string, string>> = {
  '\u0007': '\\a',
  '\b': '\\b',
  '\f': '\\f',
  '\n': '\\n',
  '\r': '\\r',
  '\t': '\\t',
  '\v': '\\v',
  '\\': '\\\\',
  '"': '\\"',
};

const hex = (code: number, width: number): string => code.toString(16).padStart(width, '0');

export function goQuote(text: string): string {
  let quoted = '"';
  for (const char of text) {
    const code = char.codePointAt(0) ?? 0;
    const known = ESCAPES[char];
    if (known !== undefined) quoted += known;
    else if (code < 0x20 || code === 0x7f) quoted += `\\x${hex(code, 2)}`;
    else if (/[\p{L}\p{M}\p{N}\p{P}\p{S} ]/u.test(char)) quoted += char;
    else quoted += code > 0xffff ? `\\U${hex(code, 8)}` : `\\u${hex(code, 4)}`;
  }
  return `${quoted}"`;
}

/** A letter as `%q` prints a rune: `'x'`. */
export const goQuoteRune = (char: string): string =>
  char === "'" ? "'\\''" : `'${goQuote(char).slice(1, -1).replace('\\"', '"')}'`;
