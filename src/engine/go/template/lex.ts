import { goQuote } from '../quote.ts';

/** The words of a template (Go 1.25 `text/template/parse/lex.go`). */
export type TokenKind =
  | 'text'
  | 'left'
  | 'right'
  | 'space'
  | 'identifier'
  | 'keyword'
  | 'bool'
  | 'nil'
  | 'dot'
  | 'field'
  | 'variable'
  | 'number'
  | 'char-constant'
  | 'string'
  | 'raw-string'
  | 'pipe'
  | 'declare'
  | 'assign'
  | 'left-paren'
  | 'right-paren'
  | 'char'
  | 'error'
  | 'eof';

export interface Token {
  readonly kind: TokenKind;
  readonly text: string;
  /** Bytes from the start. */
  readonly at: number;
  readonly line: number;
}

const KEYWORDS = [
  ...['block', 'break', 'continue', 'define', 'else', 'end', 'if', 'range', 'template', 'with'],
];

/** As messages name a token. */
export function tokenText({ kind, text }: Token): string {
  if (kind === 'eof') return 'EOF';
  if (kind === 'error') return text;
  if (kind === 'keyword' || kind === 'dot' || kind === 'nil') return `<${text}>`;
  if ([...text].length > 10) return `${goQuote([...text].slice(0, 10).join(''))}...`;
  return goQuote(text);
}

/** Patterns inside `{{ }}` by the kind that each makes; the first that fits wins. */
const INSIDE: readonly (readonly [TokenKind, RegExp])[] = [
  ['space', /\s+/y],
  ['declare', /:=/y],
  ['assign', /=/y],
  ['pipe', /\|/y],
  ['string', /"(?:[^"\\\n]|\\[^\n])*"/y],
  ['raw-string', /`[^`]*`/y],
  ['char-constant', /'(?:[^'\\\n]|\\[^\n])+'/y],
  ['variable', /\$[\p{L}\p{N}_]*/uy],
  ['field', /\.[\p{L}_][\p{L}\p{N}_]*/uy],
  [
    'number',
    /[+-]?(?:0[xX][0-9a-fA-F_]+|0[bB][01_]+|0[oO][0-7_]+|\d[\d_]*(?:\.[\d_]*)?(?:[eE][+-]?\d+)?)|\.\d[\d_]*|[+-]/y,
  ],
  ['dot', /\./y],
  ['identifier', /[\p{L}_][\p{L}\p{N}_]*/uy],
  ['left-paren', /\(/y],
  ['right-paren', /\)/y],
];

function kindOf(kind: TokenKind, text: string): TokenKind {
  if (kind !== 'identifier') return kind;
  if (KEYWORDS.includes(text)) return 'keyword';
  if (text === 'true' || text === 'false') return 'bool';
  return text === 'nil' ? 'nil' : kind;
}

/** All tokens up to the end or the first error. */
export function lex(source: string): Token[] {
  const tokens: Token[] = [];
  let line = 1;
  const push = (kind: TokenKind, text: string, at: number): void => {
    tokens.push({ kind, text, at, line });
    line += text.split('\n').length - 1;
  };
  let at = 0;
  let trim = false;
  for (;;) {
    const open = source.indexOf('{{', at);
    let text = open === -1 ? source.slice(at) : source.slice(at, open);
    if (trim) text = text.replace(/^\s+/, '');
    const trimEnd = open !== -1 && /^\{\{-\s/.test(source.slice(open, open + 4));
    if (trimEnd) text = text.replace(/\s+$/, '');
    if (text !== '') push('text', text, at);
    if (open === -1) {
      push('eof', '', source.length);
      return tokens;
    }
    const inside = open + (trimEnd ? 4 : 2);
    const comment = /^\s*\/\*/.exec(source.slice(inside));
    if (comment && source.startsWith('/*', inside)) {
      const close = source.indexOf('*/', inside);
      const end = /^\*\/(?:\s-)?\}\}/.exec(close === -1 ? '' : source.slice(close));
      if (!end) {
        const why = close === -1 ? 'unclosed comment' : 'comment ends before closing delimiter';
        push('error', why, inside);
        return tokens;
      }
      trim = end[0].includes('-');
      at = close + end[0].length;
      continue;
    }
    push('left', '{{', open);
    const end = lexInside(source, inside, push);
    if (end === undefined) return tokens;
    trim = end.trim;
    at = end.at;
  }
}

type Push = (kind: TokenKind, text: string, at: number) => void;

/** Notes the error, which ends the reading. */
const failed = (push: Push, ...token: Parameters<Push>): undefined => {
  push(...token);
  return undefined;
};

function lexInside(source: string, start: number, push: Push) {
  let at = start;
  let depth = 0;
  for (;;) {
    const close = /^(?:\s-)?\}\}/.exec(source.slice(at, at + 4))?.[0];
    if (close !== undefined) {
      if (depth > 0) {
        failed(push, 'error', 'unclosed left paren', at);
        return;
      }
      push('right', '}}', at + close.length - 2);
      return { at: at + close.length, trim: close.includes('-') };
    }
    if (at >= source.length) {
      failed(push, 'error', 'unclosed action', at);
      return;
    }
    const token = nextInside(source, at);
    if (token.kind === 'left-paren') depth += 1;
    if (token.kind === 'right-paren') depth -= 1;
    if (depth < 0) {
      failed(push, 'error', 'unexpected right paren', at);
      return;
    }
    push(token.kind, token.text, at);
    if (token.kind === 'error') return undefined;
    at += token.text.length;
  }
}

function nextInside(source: string, at: number): { kind: TokenKind; text: string } {
  for (const [kind, pattern] of INSIDE) {
    pattern.lastIndex = at;
    const text = pattern.exec(source)?.[0];
    if (text === undefined) continue;
    if (kind === 'space') {
      // A blank before a trimming close belongs to the close.
      const close = text.length > 1 && source.startsWith('-}}', at + text.length);
      return { kind, text: close ? text.slice(0, -1) : text };
    }
    const next = String.fromCodePoint(source.codePointAt(at + text.length) ?? 0);
    // What may begin a number and then ends is read as one.
    const noNumber = (kind === 'dot' && next === '\0') || (text === '0' && /[xX]/.test(next));
    if (noNumber && !/[\p{L}\p{N}_]/u.test(source[at + 2] ?? '')) {
      const all = kind === 'dot' ? text : text + next;
      return { kind: 'error', text: `illegal number syntax: ${goQuote(all)}` };
    }
    if (kind === 'number' && /[\p{L}\p{N}_]/u.test(next)) {
      return { kind: 'error', text: `bad number syntax: ${goQuote(text + next)}` };
    }
    const named = kind === 'identifier' || kind === 'field' || kind === 'variable';
    if (named && !/^(?:[\s.,|:()\0]|\}\})/.test(source.slice(at + text.length) || '\0')) {
      return { kind: 'error', text: `bad character ${codeOf(next)}` };
    }
    return { kind: kindOf(kind, text), text };
  }
  const char = String.fromCodePoint(source.codePointAt(at) ?? 0);
  const error = (text: string) => ({ kind: 'error' as const, text });
  if (char === '"') return error('unterminated quoted string');
  if (char === '`') return error('unterminated raw quoted string');
  if (char === "'") return error('unterminated character constant');
  if (char === ':') return error('expected :=');
  if (/[ -~]/.test(char)) return { kind: 'char', text: char };
  return error(`unrecognized character in action: ${codeOf(char)}`);
}

/** `U+007D '}'`. */
const codeOf = (char: string): string =>
  `U+${(char.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0')} '${char}'`;
