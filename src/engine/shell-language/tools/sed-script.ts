import { compile, type Regex } from '../regex/regex.ts';

/** Reads the scripts of sed. */
export class SedFault extends Error {
  override name = 'SedFault';
  readonly at: number;

  constructor(message: string, at = 0) {
    super(message);
    this.at = at;
  }
}

export type Address =
  | { readonly kind: 'line'; readonly line: number }
  | { readonly kind: 'last' }
  | { readonly kind: 'step'; readonly first: number; readonly step: number }
  | { readonly kind: 'plus'; readonly count: number }
  | { readonly kind: 'regex'; readonly regex: Regex };

export interface Substitution {
  readonly regex: Regex;
  readonly replacement: string;
  readonly global: boolean;
  readonly print: boolean;
  /** Which match is the first to be replaced. */
  readonly from: number;
}

export interface SedCommand {
  readonly name: string;
  readonly from?: Address | undefined;
  readonly to?: Address | undefined;
  readonly negated: boolean;
  readonly argument?: string | undefined;
  readonly substitution?: Substitution;
  readonly map?: ReadonlyMap<string, string>;
  /** Where `{` ends and `b` leads. */
  jump?: number;
}

const COMMAND_LIMIT = 10_000;

class SedReader {
  readonly #text: string;
  readonly #extended: boolean;
  #at = 0;
  #lastRegex: Regex | undefined;
  readonly commands: SedCommand[] = [];

  constructor(text: string, extended: boolean) {
    this.#text = text;
    this.#extended = extended;
  }

  #fail(message: string): never {
    throw new SedFault(message, this.#at);
  }

  #skip(chars: RegExp): void {
    while (this.#at < this.#text.length && chars.test(this.#text[this.#at]!)) this.#at += 1;
  }

  read(): SedCommand[] {
    const open: SedCommand[] = [];
    const labels = new Map<string, number>();
    for (;;) {
      this.#skip(/[\s;]/);
      const char = this.#text[this.#at];
      if (char === undefined) break;
      if (char === '#') {
        this.#skip(/[^\n]/);
        continue;
      }
      if (char === '}') {
        const start = open.pop();
        this.#at += 1;
        if (!start) this.#fail("unexpected `}'");
        start.jump = this.commands.length - 1;
        continue;
      }
      if (char === ':') {
        this.#at += 1;
        labels.set(this.#word(), this.commands.length - 1);
        continue;
      }
      const command = this.#command();
      this.commands.push(command);
      if (this.commands.length > COMMAND_LIMIT) this.#fail('too many commands');
      if (command.name === '{') open.push(command);
    }
    if (open.length > 0) throw new SedFault("unmatched `{'", 0);
    for (const command of this.commands) {
      if ((command.name !== 'b' && command.name !== 't') || !command.argument) continue;
      const to = labels.get(command.argument);
      if (to === undefined) this.#fail(`can't find label for jump to \`${command.argument}'`);
      command.jump = to;
    }
    return this.commands;
  }

  #word(): string {
    this.#skip(/[ \t]/);
    const from = this.#at;
    this.#skip(/[^\s;}]/);
    return this.#text.slice(from, this.#at);
  }

  #address(): Address | undefined {
    const char = this.#text[this.#at] ?? '';
    if (/\d/.test(char)) {
      const match = /^(\d+)(?:~(\d+))?/.exec(this.#text.slice(this.#at, this.#at + 32))!;
      this.#at += match[0].length;
      if (match[2] !== undefined)
        return { kind: 'step', first: Number(match[1]), step: Number(match[2]) };
      return { kind: 'line', line: Number(match[1]) };
    }
    if (char === '$') {
      this.#at += 1;
      return { kind: 'last' };
    }
    if (char !== '/' && char !== '\\') return undefined;
    this.#at += char === '\\' ? 2 : 1;
    const source = this.#until(
      char === '\\' ? this.#text[this.#at - 1]! : '/',
      'unterminated address regex',
    );
    const ignoreCase = this.#text[this.#at] === 'I';
    if (ignoreCase) this.#at += 1;
    return { kind: 'regex', regex: this.#regex(source, ignoreCase) };
  }

  #regex(source: string, ignoreCase: boolean): Regex {
    if (source === '') return this.#lastRegex ?? this.#fail('no previous regular expression');
    this.#lastRegex = compile(source, { extended: this.#extended, ignoreCase });
    return this.#lastRegex;
  }

  /** Text up to a delimiter; an escaped one stands for itself. */
  #until(end: string, problem: string): string {
    let text = '';
    let inSet = false;
    for (;;) {
      const char = this.#text[this.#at];
      if (char === undefined || (char === '\n' && problem.includes('address'))) this.#fail(problem);
      this.#at += 1;
      if (char === end && !inSet) return text;
      if (char === '\\') {
        const next = this.#text[this.#at] ?? '';
        this.#at += 1;
        text += next === end && !'|(){}+?'.includes(end) ? next : next === end ? next : `\\${next}`;
        continue;
      }
      if (char === '[' && problem.includes('regex')) inSet = true;
      else if (char === ']') inSet = false;
      text += char;
    }
  }

  #command(): SedCommand {
    const from = this.#address();
    let to: Address | undefined;
    this.#skip(/[ \t]/);
    if (from && this.#text[this.#at] === ',') {
      this.#at += 1;
      this.#skip(/[ \t]/);
      if (this.#text[this.#at] === '+') {
        this.#at += 1;
        const digits =
          /^\d+/.exec(this.#text.slice(this.#at, this.#at + 12))?.[0] ??
          this.#fail('expected number');
        this.#at += digits.length;
        to = { kind: 'plus', count: Number(digits) };
      } else to = this.#address() ?? this.#fail("unexpected `,'");
    }
    this.#skip(/[ \t]/);
    const negated = this.#text[this.#at] === '!';
    if (negated) this.#at += 1;
    this.#skip(/[ \t]/);
    const name = this.#text[this.#at];
    if (name === undefined) this.#fail('missing command');
    this.#at += 1;
    const base = { name, from, to, negated };
    if (name === 's') return { ...base, substitution: this.#substitution() };
    if (name === 'y') return { ...base, map: this.#map() };
    if ('aic'.includes(name)) return { ...base, argument: this.#lines() };
    if ('bt'.includes(name)) return { ...base, argument: this.#word() };
    if ('qQ'.includes(name)) return { ...this.#ended(base), argument: this.#digits };
    if (name === '{') return base;
    if (!'dDpP=nNgGhHx'.includes(name)) this.#fail(`unknown command: \`${name}'`);
    return this.#ended(base);
  }

  #digits = '';

  #ended<T>(command: T): T {
    this.#skip(/[ \t]/);
    const digits = /^\d*/.exec(this.#text.slice(this.#at, this.#at + 8))![0];
    this.#digits = digits;
    this.#at += digits.length;
    this.#skip(/[ \t]/);
    const char = this.#text[this.#at];
    if (char !== undefined && !';\n}#'.includes(char)) this.#fail('extra characters after command');
    return command;
  }

  #lines(): string {
    this.#skip(/[ \t]/);
    if (this.#text[this.#at] === '\\') {
      this.#at += 1;
      const from = this.#at;
      this.#skip(/[ \t]/);
      // Text on the same line keeps its blanks: that is what the backslash is for there.
      this.#at = this.#text[this.#at] === '\n' ? this.#at + 1 : from;
    }
    if (this.#at >= this.#text.length) this.#fail("expected \\ after `a', `c' or `i'");
    let text = '';
    for (; this.#at < this.#text.length && this.#text[this.#at] !== '\n'; this.#at++) {
      if (this.#text[this.#at] === '\\') this.#at += 1;
      text += this.#text[this.#at] ?? '';
    }
    return text;
  }

  #map(): Map<string, string> {
    const end = this.#text[this.#at++]!;
    const turn = (text: string) => [...text.replace(/\\n/g, '\n').replace(/\\\\/g, '\\')];
    const one = turn(this.#until(end, "unterminated `y' command"));
    const two = turn(this.#until(end, "unterminated `y' command"));
    if (one.length !== two.length) this.#fail("strings for `y' command are different lengths");
    return new Map(one.map((char, i) => [char, two[i]!]));
  }

  #substitution(): Substitution {
    const end = this.#text[this.#at];
    if (end === undefined || end === '\n' || end === '\\') this.#fail("unterminated `s' command");
    this.#at += 1;
    const source = this.#until(end, "unterminated `s' command regex".replace(' regex', ''));
    const replacement = this.#until(end, "unterminated `s' command");
    const flags = /^[gpiIe0-9]*/.exec(this.#text.slice(this.#at, this.#at + 16))![0];
    this.#at += flags.length;
    this.#skip(/[ \t]/);
    const char = this.#text[this.#at];
    if (char !== undefined && !';\n}#'.includes(char)) {
      this.#at += 1;
      this.#fail("unknown option to `s'");
    }
    const regex = this.#regex(source, /[iI]/.test(flags));
    const from = Number(/\d+/.exec(flags)?.[0] ?? 1);
    return { regex, replacement, global: flags.includes('g'), print: flags.includes('p'), from };
  }
}

/** Throws a {@link SedFault} or a RegexFault. */
export const readSed = (text: string, extended: boolean): SedCommand[] =>
  new SedReader(text, extended).read();
