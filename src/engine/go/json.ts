/**
 * JSON with the words of Go's `encoding/json` for what is none (go1.24 `scanner.go`, `decode.go`):
 * why, and after how many characters (`SyntaxError.Offset`); -1 where the text ends too early.
 */
export interface BrokenJson {
  readonly refused: string;
  readonly offset: number;
}

class Broken extends Error {
  readonly offset: number;

  constructor(message: string, offset: number) {
    super(message);
    this.offset = offset;
  }
}

const EARLY = 'unexpected end of JSON input';
/** Go's own bound on nested values. */
const DEPTH_LIMIT = 10_000;
const SPACE = new Set([' ', '\t', '\r', '\n']);

/** A character as Go quotes it: `'x'`. */
function quoted(char: string): string {
  if (char === "'") return `'\\''`;
  if (char === '"') return `'"'`;
  const shown = JSON.stringify(char).slice(1, -1);
  return `'${shown.replace(/\\u00([0-9a-f]{2})/, '\\x$1')}'`;
}

/** A list or an object of which more is to come. */
type Open =
  | { readonly close: ']'; readonly items: unknown[] }
  | { readonly close: '}'; readonly fields: [string, unknown][]; key: string };

const AFTER = { ']': 'after array element', '}': 'after object key:value pair' } as const;

class Scanner {
  readonly text: string;
  at = 0;

  constructor(text: string) {
    this.text = text;
  }

  fail(context: string): never {
    const char = this.text[this.at];
    if (char === undefined) throw new Broken(EARLY, -1);
    throw new Broken(`invalid character ${quoted(char)} ${context}`, this.at + 1);
  }

  blank(): void {
    while (SPACE.has(this.text.charAt(this.at))) this.at += 1;
  }

  /** Keeps what is open in a list: how deep it may be is no matter of the stack it is run on. */
  value(): unknown {
    const open: Open[] = [];
    for (;;) {
      this.blank();
      const char = this.text[this.at];
      let ended: { value: unknown } | undefined;
      if (char === '{' || char === '[') ended = this.enter(open, char);
      else ended = { value: this.scalar(char) };
      while (ended && open.length > 0) ended = this.leave(open, ended.value);
      if (ended) return ended.value;
    }
  }

  scalar(char: string | undefined): unknown {
    if (char === '"') return this.string();
    if (char === 't') return this.literal('true', true);
    if (char === 'f') return this.literal('false', false);
    if (char === 'n') return this.literal('null', null);
    if (char !== undefined && /[-0-9]/.test(char)) return this.number();
    return this.fail('looking for beginning of value');
  }

  /** Gives what has nothing in it; all else stays open. */
  enter(open: Open[], char: '{' | '['): { value: unknown } | undefined {
    if (open.length >= DEPTH_LIMIT) throw new Broken('exceeded max depth', this.at + 1);
    this.at += 1;
    this.blank();
    if (char === '[') {
      if (this.take(']')) return { value: [] };
      open.push({ close: ']', items: [] });
    } else {
      if (this.take('}')) return { value: {} };
      open.push({ close: '}', fields: [], key: this.key() });
    }
    return undefined;
  }

  /** Puts a value into what was opened last; gives that if it ends here. */
  leave(open: Open[], value: unknown): { value: unknown } | undefined {
    const last = open.at(-1)!;
    if ('items' in last) last.items.push(value);
    else last.fields.push([last.key, value]);
    this.blank();
    if (this.take(',')) {
      if ('fields' in last) last.key = this.key();
      return undefined;
    }
    if (!this.take(last.close)) this.fail(AFTER[last.close]);
    open.pop();
    return { value: 'items' in last ? last.items : Object.fromEntries(last.fields) };
  }

  key(): string {
    this.blank();
    if (this.text[this.at] !== '"') this.fail('looking for beginning of object key string');
    const key = this.string();
    this.blank();
    if (!this.take(':')) this.fail('after object key');
    return key;
  }

  take(char: string): boolean {
    if (this.text[this.at] !== char) return false;
    this.at += 1;
    return true;
  }

  literal<T>(word: string, value: T): T {
    for (const [i, char] of [...word].entries()) {
      if (!this.take(char)) {
        this.fail(`in literal ${word} (expecting ${quoted(word.charAt(i))})`);
      }
    }
    return value;
  }

  number(): number {
    const from = this.at;
    const digits = (): boolean => {
      const before = this.at;
      while (/[0-9]/.test(this.text.charAt(this.at))) this.at += 1;
      return this.at > before;
    };
    if (this.take('-') && !/[0-9]/.test(this.text.charAt(this.at))) this.fail('in numeric literal');
    if (!this.take('0')) digits();
    if (this.take('.') && !digits()) this.fail('after decimal point in numeric literal');
    if (/[eE]/.test(this.text.charAt(this.at))) {
      this.at += 1;
      if (/[-+]/.test(this.text.charAt(this.at))) this.at += 1;
      if (!digits()) this.fail('in exponent of numeric literal');
    }
    return Number(this.text.slice(from, this.at));
  }

  string(): string {
    const from = this.at;
    this.at += 1;
    for (;;) {
      const char = this.text[this.at];
      if (char === '"') break;
      if (char === undefined || char < ' ') this.fail('in string literal');
      this.at += 1;
      if (char !== '\\') continue;
      if (!/["\\/bfnrtu]/.test(this.text.charAt(this.at))) this.fail('in string escape code');
      const isCode = this.text.charAt(this.at) === 'u';
      this.at += 1;
      for (let i = 0; isCode && i < 4; i++, this.at++) {
        if (!/[0-9a-fA-F]/.test(this.text.charAt(this.at))) {
          this.fail('in \\u hexadecimal character escape');
        }
      }
    }
    this.at += 1;
    return JSON.parse(this.text.slice(from, this.at)) as string;
  }
}

function reading<T>(work: () => T): T | BrokenJson {
  try {
    return work();
  } catch (error) {
    if (!(error instanceof Broken)) throw error;
    return { refused: error.message, offset: error.offset };
  }
}

/** The whole text as one value, as `json.Unmarshal` reads it. */
export function parseJson(text: string): { readonly value: unknown } | BrokenJson {
  return reading(() => {
    const scanner = new Scanner(text);
    const value = scanner.value();
    scanner.blank();
    if (scanner.at < text.length) scanner.fail('after top-level value');
    return { value };
  });
}

/** One value from a place on, and where it ends, as a `json.Decoder` reads it. */
export function readJson(
  text: string,
  from: number,
): { readonly value: unknown; readonly end: number } | BrokenJson {
  return reading(() => {
    const scanner = new Scanner(text);
    scanner.at = from;
    const value = scanner.value();
    return { value, end: scanner.at };
  });
}

/** What a decoder says: a stream that ends within a value is cut off. */
export const decoderError = ({ refused, offset }: BrokenJson): string =>
  offset < 0 ? 'unexpected EOF' : `json: offset ${offset}: ${refused}`;
