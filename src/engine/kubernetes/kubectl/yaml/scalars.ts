import type { Cursor, Mark } from './cursor.ts';

/** Scalars of a YAML document (go.yaml.in/yaml/v2 v2.4 `scannerc.go`). */
export interface Scalar {
  readonly start: Mark;
  readonly text: string;
}

/** What becomes of line ends within a scalar that may be folded. */
class Folding {
  first = '';
  others = '';

  add(line: string): void {
    if (this.first === '') this.first = line;
    else this.others += line;
  }

  /** One line end is a blank, several are one less. */
  join(): string {
    const text = this.first === '\n' ? this.others || ' ' : this.first + this.others;
    this.first = '';
    this.others = '';
    return text;
  }
}

interface Header {
  readonly chomping: string;
  readonly increment: number;
}

export function scanBlockScalar(at: Cursor, literal: boolean, parentIndent: number): Scalar {
  const start = at.mark;
  at.skip();
  const { chomping, increment } = scanHeader(at, start);
  const given = increment === 0 ? 0 : Math.max(parentIndent, 0) + increment;
  let { indent, breaks } = scanBreaks(at, given, parentIndent, start);
  let text = '';
  let lead = '';
  let wasBlank = false;
  while (at.mark.column === indent && !at.isEnd()) {
    const isBlank = at.isBlank();
    if (!literal && !wasBlank && !isBlank && lead === '\n') text += breaks === '' ? ' ' : '';
    else text += lead;
    text += breaks;
    wasBlank = isBlank;
    text += at.takeLine();
    lead = at.isEnd() ? '' : at.takeBreak();
    ({ indent, breaks } = scanBreaks(at, indent, parentIndent, start));
  }
  if (chomping !== '-') text += lead;
  if (chomping === '+') text += breaks;
  return { start, text };
}

function scanHeader(at: Cursor, start: Mark): Header {
  let chomping = '';
  let increment = 0;
  for (let i = 0; i < 2; i++) {
    if (chomping === '' && (at.char() === '+' || at.char() === '-')) chomping = at.take();
    else if (increment === 0 && /^\d$/.test(at.char())) {
      increment = Number(at.char());
      if (increment === 0) at.refuse('found an indentation indicator equal to 0', start);
      at.skip();
    }
  }
  while (at.isBlank()) at.skip();
  if (at.char() === '#') at.takeLine();
  if (!at.isBreakOrEnd()) at.refuse('did not find expected comment or line break', start);
  if (at.isBreak()) at.takeBreak();
  return { chomping, increment };
}

function scanBreaks(
  at: Cursor,
  known: number,
  parentIndent: number,
  start: Mark,
): { indent: number; breaks: string } {
  let breaks = '';
  let widest = 0;
  for (;;) {
    while ((known === 0 || at.mark.column < known) && at.char() === ' ') at.skip();
    widest = Math.max(widest, at.mark.column);
    if ((known === 0 || at.mark.column < known) && at.char() === '\t') {
      at.refuse('found a tab character where an indentation space is expected', start);
    }
    if (!at.isBreak()) break;
    breaks += at.takeBreak();
  }
  return { indent: known === 0 ? Math.max(widest, parentIndent + 1, 1) : known, breaks };
}

const ESCAPES: Readonly<Record<string, string>> = {
  '0': '\0',
  a: '\u0007',
  b: '\b',
  t: '\t',
  '\t': '\t',
  n: '\n',
  v: '\v',
  f: '\f',
  r: '\r',
  e: '\u001b',
  ' ': ' ',
  '"': '"',
  "'": "'",
  '\\': '\\',
  N: '\u0085',
  _: '\u00a0',
  L: '\u2028',
  P: '\u2029',
};
const HEX_DIGITS: Readonly<Record<string, number>> = { x: 2, u: 4, U: 8 };

export function scanQuoted(at: Cursor, single: boolean): Scalar {
  const start = at.mark;
  const quote = at.take();
  let text = '';
  for (;;) {
    const marker = at.startsWith('---') || at.startsWith('...');
    if (at.mark.column === 0 && marker && at.isBlankOrEnd(3)) {
      at.refuse('found unexpected document indicator', start);
    }
    if (at.isEnd()) at.refuse('found unexpected end of stream', start);
    let joined = false;
    while (!at.isBlankOrEnd()) {
      const char = at.char();
      if (single && char === "'" && at.char(1) === "'") {
        text += "'";
        at.skip(2);
      } else if (char === quote) break;
      else if (!single && char === '\\' && at.isBreak(1)) {
        at.skip();
        at.takeBreak();
        joined = true;
        break;
      } else if (!single && char === '\\') text += scanEscape(at, start);
      else text += at.take();
    }
    if (at.char() === quote && !at.isEnd()) break;
    text += scanGap(at, joined);
  }
  at.skip();
  return { start, text };
}

/** Blanks and line ends between the words of a quoted scalar. */
function scanGap(at: Cursor, joined: boolean): string {
  let blanks = '';
  let broke = joined;
  const folding = new Folding();
  while (at.isBlank() || at.isBreak()) {
    if (at.isBlank()) {
      const blank = at.take();
      if (!broke) blanks += blank;
    } else {
      blanks = '';
      broke = true;
      folding.add(at.takeBreak());
    }
  }
  if (!broke) return blanks;
  if (joined) return folding.first + folding.others;
  return folding.join();
}

function scanEscape(at: Cursor, start: Mark): string {
  const letter = at.char(1);
  const digits = HEX_DIGITS[letter];
  if (digits === undefined) {
    const plain = Object.hasOwn(ESCAPES, letter) ? ESCAPES[letter] : undefined;
    if (plain === undefined) return at.refuse('found unknown escape character', start);
    at.skip(2);
    return plain;
  }
  at.skip(2);
  let code = 0;
  for (let i = 0; i < digits; i++) {
    if (!/^[0-9A-Fa-f]$/.test(at.char(i))) {
      at.refuse('did not find expected hexdecimal number', start);
    }
    code = code * 16 + Number.parseInt(at.char(i), 16);
  }
  if ((code >= 0xd800 && code <= 0xdfff) || code > 0x10ffff) {
    at.refuse('found invalid Unicode character escape code', start);
  }
  at.skip(digits);
  return String.fromCodePoint(code);
}

/** A scalar without quotes, and whether lines ended behind it. */
export function scanPlain(
  at: Cursor,
  inFlow: boolean,
  parentIndent: number,
): Scalar & { readonly brokeLine: boolean } {
  const start = at.mark;
  const indent = parentIndent + 1;
  let text = '';
  let gap = '';
  let broke = false;
  for (;;) {
    const marker = at.startsWith('---') || at.startsWith('...');
    if (at.mark.column === 0 && marker && at.isBlankOrEnd(3)) break;
    if (at.char() === '#') break;
    while (!at.isBlankOrEnd()) {
      if (at.char() === ':' && at.isBlankOrEnd(1)) break;
      if (inFlow && ',?[]{}'.includes(at.char())) break;
      text += gap + at.take();
      gap = '';
      broke = false;
    }
    if (!at.isBlank() && !at.isBreak()) break;
    const folding = new Folding();
    let blanks = gap;
    while (at.isBlank() || at.isBreak()) {
      if (at.isBlank()) {
        if (broke && at.mark.column < indent && at.char() === '\t') {
          at.refuse('found a tab character that violates indentation', start);
        }
        const blank = at.take();
        if (!broke) blanks += blank;
      } else {
        broke = true;
        folding.add(at.takeBreak());
      }
    }
    gap = broke ? folding.join() : blanks;
    if (!inFlow && at.mark.column < indent) break;
  }
  return { start, text, brokeLine: broke };
}
