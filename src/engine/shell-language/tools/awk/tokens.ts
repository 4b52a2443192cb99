import { AwkFault } from './program.ts';

/** Words, numbers and signs of awk programs (POSIX.1-2024 `awk`, "Lexical Conventions"). */
export type Token = {
  readonly kind: 'number' | 'string' | 'regex' | 'name' | 'sign' | 'newline' | 'end';
  readonly text: string;
  readonly spaced: boolean;
};

const SIGN =
  /^(?:\|\||&&|\*\*|\+\+|--|\+=|-=|\*=|\/=|%=|\^=|==|!=|<=|>=|!~|[-+*/%^!<>~?:=$(){}[\],;|])/;
const ESCAPES: Readonly<Record<string, string>> = {
  n: '\n',
  t: '\t',
  r: '\r',
  a: '\x07',
  '"': '"',
  '\\': '\\',
  '/': '/',
};
export const KEYWORDS = [
  'BEGIN',
  'END',
  'if',
  'else',
  'while',
  'for',
  'do',
  'in',
  'print',
  'printf',
  'next',
  'exit',
  'break',
  'continue',
  'delete',
  'function',
  'return',
  'getline',
];
/** The text of a string or a regular expression from behind its opening mark. */
function readQuoted(source: string, from: number, mark: string): { text: string; end: number } {
  let text = '';
  let at = from;
  for (; source[at] !== mark; at++) {
    if (at >= source.length || source[at] === '\n')
      throw new AwkFault(mark === '"' ? 'unterminated string' : 'unterminated regexp');
    if (source[at] === '\\' && at + 1 < source.length) {
      at += 1;
      const next = source[at]!;
      text += mark === '/' ? (next === '/' ? '/' : `\\${next}`) : (ESCAPES[next] ?? `\\${next}`);
    } else text += source[at]!;
  }
  return { text, end: at + 1 };
}

/** Throws an {@link AwkFault}. */
export function tokens(source: string): Token[] {
  const list: Token[] = [];
  let at = 0;
  const push = (kind: Token['kind'], text: string, spaced: boolean) =>
    list.push({ kind, text, spaced });
  while (at < source.length) {
    const from = at;
    while (/[ \t\r]/.test(source[at] ?? '') || source.startsWith('\\\n', at))
      at += source[at] === '\\' ? 2 : 1;
    const spaced = at > from;
    const char = source[at];
    if (char === undefined) break;
    if (char === '#') {
      while (at < source.length && source[at] !== '\n') at += 1;
      continue;
    }
    if (char === '\n') {
      push('newline', '\n', spaced);
      at += 1;
      continue;
    }
    const last = list.at(-1);
    const isValue =
      last &&
      (['number', 'string'].includes(last.kind) ||
        (last.kind === 'name' && !KEYWORDS.includes(last.text)) ||
        [')', ']', '$', '++', '--'].includes(last.text));
    if (char === '"' || (char === '/' && !isValue)) {
      const quoted = readQuoted(source, at + 1, char);
      at = quoted.end;
      push(char === '"' ? 'string' : 'regex', quoted.text, spaced);
      continue;
    }
    const rest = source.slice(at, at + 200);
    const number = /^(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d+)?/.exec(rest);
    const name = /^[A-Za-z_]\w*/.exec(rest);
    const sign = SIGN.exec(rest);
    const found = number ?? name ?? sign;
    if (!found) throw new AwkFault(`syntax error at source line 1`);
    push(number ? 'number' : name ? 'name' : 'sign', found[0], spaced);
    at += found[0].length;
  }
  push('end', '', false);
  return list;
}
