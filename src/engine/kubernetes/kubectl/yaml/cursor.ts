/** A place in a text; lines and columns count from 0. */
export interface Mark {
  readonly index: number;
  readonly line: number;
  readonly column: number;
}

/** Why a text is no YAML; never leaves this folder. */
export class YamlProblem extends Error {
  /** 0 when no line is told. */
  readonly line: number;

  constructor(message: string, line: number) {
    super(message);
    this.line = line;
  }
}

const isBreak = (char: string): boolean =>
  char === '\n' || char === '\r' || char === '\u0085' || char === '\u2028' || char === '\u2029';
const isBlank = (char: string): boolean => char === ' ' || char === '\t';

/** Where in a text a scanner stands. */
export class Cursor {
  readonly #text: string;
  #index = 0;
  #line = 0;
  #column = 0;

  constructor(text: string) {
    this.#text = text;
    if (text.startsWith('\uFEFF')) this.#index = 1;
  }

  get mark(): Mark {
    return { index: this.#index, line: this.#line, column: this.#column };
  }

  /** In a scanner's refusal the line counts from 1; without one the context's is told. */
  refuse(message: string, context: Mark): never {
    throw new YamlProblem(message, this.#line !== 0 ? this.#line + 1 : context.line);
  }

  char(ahead = 0): string {
    return this.#text[this.#index + ahead] ?? '';
  }

  isEnd(ahead = 0): boolean {
    return this.#index + ahead >= this.#text.length || this.char(ahead) === '\0';
  }

  isBreak(ahead = 0): boolean {
    return !this.isEnd(ahead) && isBreak(this.char(ahead));
  }

  isBreakOrEnd(ahead = 0): boolean {
    return this.isEnd(ahead) || isBreak(this.char(ahead));
  }

  isBlank(ahead = 0): boolean {
    return isBlank(this.char(ahead));
  }

  isBlankOrEnd(ahead = 0): boolean {
    return this.isBlank(ahead) || this.isBreakOrEnd(ahead);
  }

  startsWith(text: string): boolean {
    return this.#text.startsWith(text, this.#index);
  }

  skip(count = 1): void {
    this.#index += count;
    this.#column += count;
  }

  /** One letter, surrogate pairs whole. */
  take(): string {
    const code = this.#text.codePointAt(this.#index) ?? 0;
    const char = String.fromCodePoint(code);
    this.#index += char.length;
    this.#column += 1;
    return char;
  }

  /** A line end, as `\n`. */
  takeBreak(): string {
    const char = this.char();
    const two = char === '\r' && this.char(1) === '\n';
    this.#index += two ? 2 : 1;
    this.newLine();
    return char === '\u2028' || char === '\u2029' ? char : '\n';
  }

  newLine(): void {
    this.#line += 1;
    this.#column = 0;
  }

  takeWhile(wanted: RegExp): string {
    let text = '';
    while (!this.isEnd() && wanted.test(this.char())) text += this.take();
    return text;
  }

  takeLine(): string {
    let text = '';
    while (!this.isBreakOrEnd()) text += this.take();
    return text;
  }

  /** Over blanks, comments and line ends; gives whether a key may begin where it stops. */
  skipToToken(inFlow: boolean, keyAllowed: boolean): boolean {
    let allowed = keyAllowed;
    for (;;) {
      while (this.char() === ' ' || ((inFlow || !allowed) && this.char() === '\t')) this.skip();
      if (this.char() === '#') while (!this.isBreakOrEnd()) this.skip();
      if (!this.isBreak()) return allowed;
      this.takeBreak();
      if (!inFlow) allowed = true;
    }
  }
}
