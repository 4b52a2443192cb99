import {
  SyntaxFault,
  type ParameterAction,
  type Script,
  type Word,
  type WordPart,
} from './syntax.ts';

/** Reads words: quotes, escapes, `$…` and backticks, one character after another. */
const NAME = /[A-Za-z_][A-Za-z0-9_]*/y;
const PLAIN = /[^\s;&|<>()'"\\$`]+/y;
const PLAIN_IN_QUOTES = /[^"\\$`\n]+/y;
const PLAIN_OPERAND = /[A-Za-z0-9_ .,:=+@-]+/y;
const SPECIAL_PARAMETER = /[0-9@*#?$!-]/;
/** Words, substitutions and commands within each other, at most. */
const DEPTH_LIMIT = 200;

const DEFAULTS: Readonly<Record<string, 'default' | 'assign' | 'demand' | 'replace-set'>> = {
  '-': 'default',
  '=': 'assign',
  '?': 'demand',
  '+': 'replace-set',
};

const ESCAPES: Readonly<Record<string, string>> = {
  n: '\n',
  t: '\t',
  r: '\r',
  a: '\x07',
  b: '\b',
  e: '\x1b',
  f: '\f',
  v: '\v',
};

export class WordReader {
  text: string;
  at = 0;
  line: number;
  depth = 0;
  /** Reads the commands of `$(`…`)` up to the parenthesis; set by the parser. */
  protected nested: () => Script = () => ({ lists: [] });
  /** Parses another text: the inside of backticks. */
  protected apart: (text: string, line: number) => Script = () => ({ lists: [] });

  constructor(text: string, line = 1) {
    this.text = text;
    this.line = line;
  }

  protected skip(count: number): void {
    for (let i = 0; i < count; i++) if (this.text[this.at + i] === '\n') this.line += 1;
    this.at += count;
  }

  protected startsWith(text: string): boolean {
    return this.text.startsWith(text, this.at);
  }

  protected matching(pattern: RegExp): string | undefined {
    pattern.lastIndex = this.at;
    return pattern.exec(this.text)?.[0];
  }

  protected deeper<T>(work: () => T): T {
    this.depth += 1;
    if (this.depth > DEPTH_LIMIT) throw new SyntaxFault(this.line, 'nested too deeply');
    const result = work();
    this.depth -= 1;
    return result;
  }

  protected unmatched(quote: string): never {
    const message = `unexpected EOF while looking for matching \`${quote}'`;
    throw new SyntaxFault(this.line, message, undefined, true);
  }

  /** A word up to a blank or an operator; empty where none begins. */
  protected word(): Word {
    const parts: WordPart[] = [];
    for (;;) {
      const plain = this.matching(PLAIN);
      if (plain !== undefined) {
        parts.push({ kind: 'text', text: plain, quoted: false });
        this.at += plain.length;
      }
      const char = this.text[this.at];
      if (char === "'" || char === '"' || char === '\\' || char === '$' || char === '`') {
        this.part(parts, char, false);
      } else if (this.startsWith('<(')) {
        parts.push({ kind: 'process', body: this.nestedBody(), quoted: false });
      } else {
        return parts;
      }
    }
  }

  /** One quoted or expanded part, which begins with `char`. */
  private part(parts: WordPart[], char: string, quoted: boolean): void {
    const add = (text: string) => parts.push({ kind: 'text', text, quoted: true });
    if (char === "'") {
      const end = this.text.indexOf("'", this.at + 1);
      if (end === -1) this.unmatched("'");
      add(this.text.slice(this.at + 1, end));
      this.skip(end + 1 - this.at);
    } else if (char === '"') {
      this.doubleQuoted(parts);
    } else if (char === '\\') {
      const next = this.text[this.at + 1];
      if (next !== '\n') add(next ?? '\\');
      this.skip(next === undefined ? 1 : 2);
    } else if (char === '$') {
      this.dollar(parts, quoted);
    } else {
      this.backticks(parts, quoted);
    }
  }

  private doubleQuoted(parts: WordPart[]): void {
    this.skip(1);
    const before = parts.length;
    this.quotedUntil(parts, '"');
    if (parts.length === before) parts.push({ kind: 'text', text: '', quoted: true });
  }

  /** Text in which only `$`, backticks and some backslashes mean something, up to `end`. */
  private quotedUntil(parts: WordPart[], end: '"' | undefined): void {
    let text = '';
    const flush = () => {
      if (text !== '') parts.push({ kind: 'text', text, quoted: true });
      text = '';
    };
    for (;;) {
      const plain = this.matching(PLAIN_IN_QUOTES);
      if (plain !== undefined) {
        text += plain;
        this.at += plain.length;
      }
      const char = this.text[this.at];
      if (char === undefined) {
        flush();
        if (end === undefined) return;
        this.unmatched('"');
      }
      if (char === end) {
        this.skip(1);
        flush();
        return;
      }
      if (char === '$' || char === '`') {
        flush();
        this.part(parts, char, true);
      } else if (char === '\\' && this.escapes(end)) {
        const next = this.text[this.at + 1]!;
        if (next !== '\n') text += next;
        this.skip(2);
      } else {
        text += char;
        this.skip(1);
      }
    }
  }

  private escapes(end: '"' | undefined): boolean {
    const next = this.text[this.at + 1] ?? '';
    return next !== '' && ('\\$`\n'.includes(next) || next === end);
  }

  /** The text of a here-document whose delimiter was not quoted. */
  static hereDocument(reader: WordReader): Word {
    const parts: WordPart[] = [];
    reader.quotedUntil(parts, undefined);
    return parts;
  }

  /** The commands within `$( )` or `<( )`. */
  private nestedBody(): Script {
    this.skip(2);
    const body = this.deeper(() => this.nested());
    if (this.text[this.at] !== ')') this.unmatched(')');
    this.skip(1);
    return body;
  }

  /** What stands in `[ ]`, behind the opening one, up to and with the closing one. */
  protected subscript(): Word {
    const parts: WordPart[] = [];
    let open = 0;
    for (;;) {
      const char = this.text[this.at];
      if (char === undefined) this.unmatched(']');
      if (char === ']' && open === 0) break;
      if (`'"$\`\\`.includes(char)) {
        this.part(parts, char, false);
        continue;
      }
      if (char === '[') open += 1;
      if (char === ']') open -= 1;
      parts.push({ kind: 'text', text: char, quoted: true });
      this.skip(1);
    }
    this.skip(1);
    return parts;
  }

  private index(): '@' | '*' | Word {
    const all = this.matching(/\[[@*]\]/y);
    this.skip(all?.length ?? 1);
    return all === undefined ? this.subscript() : all === '[@]' ? '@' : '*';
  }

  private dollar(parts: WordPart[], quoted: boolean): void {
    if (this.startsWith('$((')) {
      const { at, line } = this;
      const expression = this.deeper(() => this.arithmetic(3));
      if (expression) {
        parts.push({ kind: 'arithmetic', expression, quoted });
        return;
      }
      // `$((a); b)`: a subshell within a substitution.
      this.at = at;
      this.line = line;
    }
    if (this.startsWith('$(')) {
      parts.push({ kind: 'command', body: this.nestedBody(), quoted });
    } else if (this.startsWith('${')) {
      this.skip(2);
      parts.push(this.deeper(() => this.braced(quoted)));
    } else if (!quoted && this.startsWith("$'")) {
      this.escapedString(parts);
    } else if (!quoted && this.startsWith('$"')) {
      this.skip(1);
      this.doubleQuoted(parts);
    } else {
      this.skip(1);
      const char = this.text[this.at] ?? '';
      const name = this.matching(NAME) ?? (SPECIAL_PARAMETER.test(char) ? char : undefined);
      if (name === undefined) parts.push({ kind: 'text', text: '$', quoted });
      else parts.push({ kind: 'parameter', name, quoted });
      this.at += name?.length ?? 0;
    }
  }

  /**
   * An expression behind its opening parentheses, up to and with `))`; undefined when what comes
   * is no expression.
   */
  protected arithmetic(open: number): Word | undefined {
    this.skip(open);
    const parts = this.until('))');
    if (!parts) return undefined;
    this.skip(2);
    return parts;
  }

  /** Parts up to one of the ends outside of parentheses; undefined when it never comes. */
  protected until(...ends: string[]): Word | undefined {
    const parts: WordPart[] = [];
    let open = 0;
    for (;;) {
      const char = this.text[this.at];
      if (char === undefined) return undefined;
      if (open === 0 && ends.some((end) => this.startsWith(end))) return parts;
      if (char === ')' && open === 0) return undefined;
      if (char === '$' || char === '`' || char === '"' || char === '\\') {
        this.part(parts, char, true);
        continue;
      }
      if (char === '(') open += 1;
      if (char === ')') open -= 1;
      parts.push({ kind: 'text', text: char, quoted: true });
      this.skip(1);
    }
  }

  private backticks(parts: WordPart[], quoted: boolean): void {
    const { line } = this;
    this.skip(1);
    let text = '';
    for (;;) {
      const char = this.text[this.at];
      if (char === undefined) this.unmatched('`');
      const next = this.text[this.at + 1];
      if (char === '`') break;
      if (
        char === '\\' &&
        next !== undefined &&
        ('\\`$'.includes(next) || (quoted && next === '"'))
      ) {
        text += next;
        this.skip(2);
      } else {
        text += char;
        this.skip(1);
      }
    }
    this.skip(1);
    parts.push({ kind: 'command', body: this.deeper(() => this.apart(text, line)), quoted });
  }

  /** `$'a\n'` */
  private escapedString(parts: WordPart[]): void {
    this.skip(2);
    let text = '';
    for (;;) {
      const char = this.text[this.at];
      if (char === undefined) this.unmatched("'");
      if (char === "'") break;
      if (char !== '\\') {
        text += char;
        this.skip(1);
        continue;
      }
      const code = this.matching(/\\(?:x[0-9a-fA-F]{1,2}|u[0-9a-fA-F]{1,4}|[0-7]{1,3})/y);
      const next = this.text[this.at + 1] ?? '\\';
      if (code !== undefined) {
        const octal = /^\\[0-7]/.test(code);
        text += String.fromCharCode(
          octal ? parseInt(code.slice(1), 8) & 255 : parseInt(code.slice(2), 16),
        );
      } else {
        text += ESCAPES[next] ?? (`\\'"?`.includes(next) ? next : `\\${next}`);
      }
      this.skip(code?.length ?? 2);
    }
    this.skip(1);
    parts.push({ kind: 'text', text, quoted: true });
  }

  /** `${…}` behind its brace. */
  private braced(quoted: boolean): WordPart {
    const from = this.at;
    const char = this.text[this.at] ?? '';
    const second = this.text[this.at + 1] ?? '';
    const isPrefix = (char === '#' || char === '!') && /[A-Za-z_0-9@*#?!$-]/.test(second);
    const prefix = isPrefix ? char : '';
    if (prefix !== '') this.skip(1);
    const here = this.text[this.at] ?? '';
    const name =
      this.matching(NAME) ??
      this.matching(/[0-9]+/y) ??
      (SPECIAL_PARAMETER.test(here) ? here : undefined);
    if (name === undefined) return this.badSubstitution(from, quoted);
    this.skip(name.length);
    const indexed = this.text[this.at] === '[' && /^[A-Za-z_]/.test(name);
    const base = indexed
      ? ({ kind: 'parameter', name, index: this.index(), quoted } as const)
      : ({ kind: 'parameter', name, quoted } as const);
    if (prefix !== '') {
      if (this.text[this.at] === '}') {
        this.skip(1);
        const isList = 'index' in base && typeof base.index === 'string';
        const what = prefix === '#' ? 'length' : isList ? 'keys' : 'indirect';
        return { ...base, action: { do: what } };
      }
      // `${#-x}` and `${#%x}` speak of `$#`.
      this.at = from;
      if (prefix !== '#') return this.badSubstitution(from, quoted);
      this.skip(1);
      const action = this.action(quoted);
      return action
        ? { kind: 'parameter', name: '#', quoted, action }
        : this.badSubstitution(from, quoted);
    }
    if (this.text[this.at] === '}') {
      this.skip(1);
      return base;
    }
    const action = this.action(quoted);
    return action ? { ...base, action } : this.badSubstitution(from, quoted);
  }

  private badSubstitution(from: number, quoted: boolean): WordPart {
    this.operand('}', quoted);
    this.skip(1);
    const text = `\${${this.text.slice(from, this.at)}`;
    return { kind: 'parameter', name: '', quoted, action: { do: 'bad', text } };
  }

  /** The operator and operand up to and with `}`; undefined when it is none. */
  private action(quoted: boolean): ParameterAction | undefined {
    const operator = this.matching(/:?[-=?+]|##?|%%?|\/[/#%]?|\^\^?|,,?|:/y);
    if (operator === undefined) return undefined;
    this.skip(operator.length);
    const sign = operator.at(-1)!;
    const closed = <T>(action: T): T => {
      if (this.text[this.at] !== '}') this.unmatched('}');
      this.skip(1);
      return action;
    };
    const defaults = DEFAULTS[sign];
    if (defaults && operator !== '/') {
      const word = this.operand('}', quoted);
      return closed({ do: defaults, colon: operator.startsWith(':'), word });
    }
    if (operator === ':') {
      const offset = this.operand(':}', true);
      if (this.text[this.at] !== ':') return closed({ do: 'slice', offset });
      this.skip(1);
      return closed({ do: 'slice', offset, length: this.operand('}', true) });
    }
    if (operator.startsWith('/')) {
      const where =
        ({ '//': 'all', '/#': 'start', '/%': 'end' } as const)[operator as '//'] ?? 'first';
      const pattern = this.operand('/}', false);
      if (this.text[this.at] === '/') this.skip(1);
      return closed({ do: 'substitute', where, pattern, replacement: this.operand('}', false) });
    }
    if (sign === '#' || sign === '%') {
      const pattern = this.operand('}', false);
      const end = sign === '#' ? 'start' : 'end';
      return closed({ do: 'trim', end, longest: operator.length === 2, pattern });
    }
    this.operand('}', quoted);
    return closed({ do: sign === '^' ? 'upper' : 'lower', all: operator.length === 2 });
  }

  /** The word within braces up to one of the characters of `ends`. */
  private operand(ends: string, quoted: boolean): Word {
    const parts: WordPart[] = [];
    for (;;) {
      const char = this.text[this.at];
      if (char === undefined) this.unmatched('}');
      if (ends.includes(char)) return parts;
      if (char === "'" && quoted) {
        parts.push({ kind: 'text', text: char, quoted });
        this.skip(1);
      } else if (`'"$\`\\`.includes(char)) {
        this.part(parts, char, quoted);
      } else {
        const plain = ends.includes(':') ? char : (this.matching(PLAIN_OPERAND) ?? char);
        parts.push({ kind: 'text', text: plain, quoted });
        this.skip(plain.length);
      }
    }
  }
}
