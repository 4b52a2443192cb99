/** Texts as Go's `fmt` prints them, in BuildKit's messages and in image history. */

/** `%q`: in double quotes, with what does not print escaped. */
export function goQuote(text: string): string {
  let out = '"';
  for (const char of text) {
    const code = char.codePointAt(0)!;
    const known = ESCAPES[char];
    if (known !== undefined) out += known;
    else if (code < 0x20 || code === 0x7f) out += `\\x${code.toString(16).padStart(2, '0')}`;
    else if (code >= 0x80 && code < 0xa0) out += `\\u${code.toString(16).padStart(4, '0')}`;
    else if (code === 0xfeff || code === 0xa0) out += `\\u${code.toString(16).padStart(4, '0')}`;
    else out += char;
  }
  return `${out}"`;
}

const ESCAPES: Readonly<Record<string, string>> = {
  '"': '\\"',
  '\\': '\\\\',
  '\n': '\\n',
  '\r': '\\r',
  '\t': '\\t',
  '\v': '\\v',
  '\f': '\\f',
  '\b': '\\b',
  '\u0007': '\\a',
};

/** `%q` of a list: `["a" "b"]`. */
export const goQuoteList = (items: readonly string[]): string =>
  `[${items.map(goQuote).join(' ')}]`;

/** `%v` of a list: `[a b]`. */
export const goList = (items: readonly string[]): string => `[${items.join(' ')}]`;

const UNITS: readonly (readonly [string, number])[] = [
  ['ns', 1],
  ['us', 1e3],
  ['µs', 1e3],
  ['μs', 1e3],
  ['ms', 1e6],
  ['s', 1e9],
  ['m', 60e9],
  ['h', 3600e9],
];

export type ParsedDuration =
  { readonly ok: true; readonly ns: number } | { readonly ok: false; readonly message: string };

/** `time.ParseDuration`: `1h30m`, `1.5s`, `0`; in nanoseconds. */
export function parseDuration(text: string): ParsedDuration {
  const bad: ParsedDuration = {
    ok: false,
    message: `time: invalid duration ${goQuote(text)}`,
  };
  let rest = text;
  let sign = 1;
  if (/^[+-]/.test(rest)) {
    if (rest.startsWith('-')) sign = -1;
    rest = rest.slice(1);
  }
  if (rest === '0') return { ok: true, ns: 0 };
  if (rest === '') return bad;
  let ns = 0;
  while (rest !== '') {
    const number = /^(\d*)(?:\.(\d*))?/.exec(rest)!;
    if ((number[1] ?? '') === '' && (number[2] ?? '') === '') return bad;
    rest = rest.slice(number[0].length);
    const name = /^[^.\d]+/.exec(rest)?.[0];
    if (name === undefined) {
      return { ok: false, message: `time: missing unit in duration ${goQuote(text)}` };
    }
    const unit = UNITS.find(([known]) => known === name)?.[1];
    if (unit === undefined) {
      const what = `unknown unit ${goQuote(name)} in duration ${goQuote(text)}`;
      return { ok: false, message: `time: ${what}` };
    }
    rest = rest.slice(name.length);
    ns += Math.trunc(Number(`${number[1] || '0'}.${number[2] || '0'}`) * unit);
    if (ns > Number.MAX_SAFE_INTEGER * 1024) return bad;
  }
  return { ok: true, ns: sign * ns };
}

/** `Duration.String`: `1m30s`, `100ms`, `0s`. */
export function formatDuration(ns: number): string {
  if (ns === 0) return '0s';
  if (ns < 0) return `-${formatDuration(-ns)}`;
  if (ns < 1e3) return `${ns}ns`;
  if (ns < 1e6) return `${plain(ns / 1e3)}µs`;
  if (ns < 1e9) return `${plain(ns / 1e6)}ms`;
  const minutes = Math.floor(ns / 60e9);
  const seconds = `${plain((ns - minutes * 60e9) / 1e9)}s`;
  if (minutes === 0) return seconds;
  const hours = Math.floor(minutes / 60);
  return hours === 0 ? `${minutes}m${seconds}` : `${hours}h${minutes % 60}m${seconds}`;
}

const plain = (value: number): string => String(Number(value.toFixed(9)));

/** `strconv.ParseBool`. */
export function parseBool(text: string): boolean | undefined {
  if (['1', 't', 'T', 'TRUE', 'true', 'True'].includes(text)) return true;
  if (['0', 'f', 'F', 'FALSE', 'false', 'False'].includes(text)) return false;
  return undefined;
}
