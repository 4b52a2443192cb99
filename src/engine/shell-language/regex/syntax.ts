import { CHARACTER_CLASSES } from '../character-classes.ts';

/**
 * Reads regular expressions: POSIX basic and extended with GNU's additions (`\+`, `\|`, `\w`, `\b`,
 * `\<`), and the Perl-like ones of jq.
 */
export class RegexFault extends Error {
  override name = 'RegexFault';
}

export interface RegexOptions {
  readonly extended?: boolean;
  readonly perl?: boolean;
  readonly ignoreCase?: boolean;
}

export type Assertion = 'start' | 'end' | 'boundary' | 'inner' | 'word-start' | 'word-end';

/** Whether a character is in a set. */
export type CharTest = (char: string) => boolean;

export type RegexNode =
  | { readonly kind: 'empty' }
  | { readonly kind: 'test'; readonly test: CharTest }
  | { readonly kind: 'char'; readonly char: string }
  | { readonly kind: 'assert'; readonly what: Assertion }
  | { readonly kind: 'back'; readonly group: number }
  | { readonly kind: 'sequence' | 'either'; readonly items: readonly RegexNode[] }
  | { readonly kind: 'group'; readonly number: number; readonly item: RegexNode }
  | {
      readonly kind: 'repeat';
      readonly item: RegexNode;
      readonly min: number;
      readonly max: number;
      readonly lazy: boolean;
    };

const isWord: CharTest = (char) => /^\w$/.test(char);
const isSpace: CharTest = (char) => /^\s$/.test(char);
const isDigit: CharTest = (char) => /^[0-9]$/.test(char);
const not =
  (test: CharTest): CharTest =>
  (char) =>
    !test(char);

const CONTROLS: Readonly<Record<string, string>> = { n: '\n', t: '\t', r: '\r', f: '\f', v: '\v' };
const REPEAT_LIMIT = 1000;
const DEPTH_LIMIT = 200;

export class RegexReader {
  readonly #text: string;
  readonly #options: RegexOptions;
  readonly #names: string[] = [];
  #at = 0;
  #depth = 0;
  groups = 0;

  constructor(text: string, options: RegexOptions) {
    this.#text = text;
    this.#options = options;
  }

  get names(): readonly string[] {
    return this.#names;
  }

  read(): RegexNode {
    const node = this.#either();
    if (this.#at < this.#text.length) throw new RegexFault('Unmatched ) or \\)');
    return node;
  }

  get #extended(): boolean {
    return this.#options.extended === true || this.#options.perl === true;
  }

  /** Whether an operator stands here, written as the kind of expression has it. */
  #is(operator: string): boolean {
    return this.#text.startsWith(this.#extended ? operator : `\\${operator}`, this.#at);
  }

  #take(operator: string): boolean {
    if (!this.#is(operator)) return false;
    this.#at += this.#extended ? 1 : 2;
    return true;
  }

  #either(): RegexNode {
    this.#depth += 1;
    if (this.#depth > DEPTH_LIMIT) throw new RegexFault('Regular expression too big');
    const items = [this.#sequence()];
    while (this.#take('|')) items.push(this.#sequence());
    this.#depth -= 1;
    return items.length === 1 ? items[0]! : { kind: 'either', items };
  }

  #sequence(): RegexNode {
    const items: RegexNode[] = [];
    while (this.#at < this.#text.length && !this.#is('|') && !this.#closes()) {
      items.push(this.#repeated(this.#atom(items.length === 0), items.length === 0));
    }
    return { kind: 'sequence', items };
  }

  #closes(): boolean {
    return this.#is(')') && this.#depth > 1;
  }

  #repeated(first: RegexNode, atStart: boolean): RegexNode {
    let item = first;
    for (;;) {
      if (item.kind === 'assert' && atStart && !this.#extended) return item;
      const bounds = this.#bounds();
      if (!bounds) return item;
      const lazy = this.#options.perl === true && this.#text[this.#at] === '?';
      if (lazy) this.#at += 1;
      item = { kind: 'repeat', item, ...bounds, lazy };
    }
  }

  #bounds(): { min: number; max: number } | undefined {
    if (this.#text[this.#at] === '*') {
      this.#at += 1;
      return { min: 0, max: Infinity };
    }
    if (this.#take('+')) return { min: 1, max: Infinity };
    if (this.#take('?')) return { min: 0, max: 1 };
    if (!this.#is('{')) return undefined;
    const open = this.#extended ? '\\{' : '\\\\\\{';
    const close = this.#extended ? '\\}' : '\\\\\\}';
    const match = new RegExp(`^${open}(\\d*)(,?)(\\d*)${close}`).exec(
      this.#text.slice(this.#at, this.#at + 24),
    );
    if (!match || (match[1] === '' && match[2] === '')) {
      if (this.#extended) return undefined;
      throw new RegexFault('Invalid preceding regular expression');
    }
    this.#at += match[0].length;
    const min = Number(match[1] ?? 0);
    const max = match[2] === '' ? min : match[3] === '' ? Infinity : Number(match[3]);
    if (min > max) throw new RegexFault('Invalid content of \\{\\}');
    if (min > REPEAT_LIMIT || (max !== Infinity && max > REPEAT_LIMIT)) {
      throw new RegexFault('Regular expression too big');
    }
    return { min, max };
  }

  #char(char: string): RegexNode {
    if (this.#options.ignoreCase !== true) return { kind: 'char', char };
    const low = char.toLowerCase();
    return { kind: 'test', test: (one) => one.toLowerCase() === low };
  }

  #atom(first: boolean): RegexNode {
    if (this.#take('(')) return this.#group();
    const char = this.#text[this.#at]!;
    this.#at += 1;
    switch (char) {
      case '.':
        return {
          kind: 'test',
          test: this.#options.perl === true ? (one) => one !== '\n' : () => true,
        };
      case '[':
        return { kind: 'test', test: this.#set() };
      case '^':
        if (first || this.#extended) return { kind: 'assert', what: 'start' };
        break;
      case '$':
        if (this.#extended || this.#at >= this.#text.length || this.#is(')') || this.#is('|')) {
          return { kind: 'assert', what: 'end' };
        }
        break;
      case '\\':
        return this.#escape();
    }
    return this.#char(char);
  }

  #group(): RegexNode {
    if (this.#options.perl === true && this.#text.startsWith('?:', this.#at)) {
      this.#at += 2;
      return this.#closed(this.#either());
    }
    const name =
      this.#options.perl === true
        ? /^\?<([A-Za-z_]\w*)>/.exec(this.#text.slice(this.#at, this.#at + 80))
        : null;
    if (name) this.#at += name[0].length;
    this.groups += 1;
    const number = this.groups;
    this.#names[number] = name?.[1] ?? '';
    return { kind: 'group', number, item: this.#closed(this.#either()) };
  }

  #closed(node: RegexNode): RegexNode {
    if (!this.#take(')')) throw new RegexFault('Unmatched ( or \\(');
    return node;
  }

  #escape(): RegexNode {
    const char = this.#text[this.#at];
    if (char === undefined) throw new RegexFault('Trailing backslash');
    this.#at += 1;
    const test = { w: isWord, W: not(isWord), s: isSpace, S: not(isSpace) }[char];
    if (test) return { kind: 'test', test };
    const perl = { d: isDigit, D: not(isDigit) }[char];
    if (perl && this.#options.perl === true) return { kind: 'test', test: perl };
    const asserted = ({ b: 'boundary', B: 'inner', '<': 'word-start', '>': 'word-end' } as const)[
      char as 'b'
    ];
    if (asserted) return { kind: 'assert', what: asserted };
    if (/[1-9]/.test(char)) {
      if (Number(char) > this.groups) throw new RegexFault('Invalid back reference');
      return { kind: 'back', group: Number(char) };
    }
    return this.#char(CONTROLS[char] ?? char);
  }

  #set(): CharTest {
    const negated = this.#text[this.#at] === '^';
    if (negated) this.#at += 1;
    const first = this.#at;
    const chars = new Set<string>();
    const ranges: (readonly [string, string])[] = [];
    const tests: CharTest[] = [];
    for (;;) {
      let char = this.#text[this.#at];
      if (char === undefined) throw new RegexFault('Unmatched [, [^, [:, [., or [=');
      if (char === ']' && this.#at > first) break;
      const named = /^\[:([a-z]+):\]/.exec(this.#text.slice(this.#at, this.#at + 12));
      if (named) {
        const known = CHARACTER_CLASSES.get(named[1]!);
        if (!known) throw new RegexFault('Invalid character class name');
        tests.push((one) => known.test(one));
        this.#at += named[0].length;
        continue;
      }
      this.#at += 1;
      if (char === '\\' && this.#options.perl === true) {
        const next = this.#text[this.#at] ?? '\\';
        this.#at += 1;
        const test = { w: isWord, s: isSpace, d: isDigit }[next];
        if (test) {
          tests.push(test);
          continue;
        }
        char = CONTROLS[next] ?? next;
      }
      const last = this.#text[this.#at + 1];
      if (this.#text[this.#at] === '-' && last !== undefined && last !== ']') {
        if (char > last) throw new RegexFault('Invalid range end');
        ranges.push([char, last]);
        this.#at += 2;
      } else {
        chars.add(char);
      }
    }
    this.#at += 1;
    const holds = (char: string): boolean =>
      chars.has(char) ||
      ranges.some(([low, high]) => low <= char && char <= high) ||
      tests.some((test) => test(char));
    const either: CharTest =
      this.#options.ignoreCase === true
        ? (char) => holds(char.toLowerCase()) || holds(char.toUpperCase())
        : holds;
    return negated ? not(either) : either;
  }
}
