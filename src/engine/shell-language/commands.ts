import { AliasExpansion, NO_ALIASES, type Aliases } from './aliases.ts';
import {
  SyntaxFault,
  type AndOrList,
  type AndOrPart,
  type ArrayElement,
  type Assignment,
  type CommandNode,
  type Pipeline,
  type Redirection,
  type SimpleNode,
  type Word,
} from './syntax.ts';
import { WordReader } from './words.ts';

/** Reads lists, pipelines, simple commands, redirections and here-documents. */
const OPERATOR = /&&|\|\||\|&|;;&|;;|;&|&>>|&>|<<<|<<-|<<|>>|<&|>&|<>|>\||[;&|<>()]/y;
const RESERVED =
  /(?:if|then|elif|else|fi|for|while|until|do|done|case|esac|function|time|in|\{|\}|!|\[\[)(?=[\s;&|<>()]|$)/y;
const REDIRECTIONS: Readonly<Record<string, Pick<Redirection, 'fd' | 'kind'>>> = {
  '<': { fd: 0, kind: 'read' },
  '>': { fd: 1, kind: 'write' },
  '>|': { fd: 1, kind: 'write' },
  '>>': { fd: 1, kind: 'append' },
  '<>': { fd: 0, kind: 'readwrite' },
  '>&': { fd: 1, kind: 'duplicate' },
  '<&': { fd: 0, kind: 'duplicate' },
  '&>': { fd: 1, kind: 'both' },
  '&>>': { fd: 1, kind: 'bothAppend' },
  '<<<': { fd: 0, kind: 'here' },
  '<<': { fd: 0, kind: 'here' },
  '<<-': { fd: 0, kind: 'here' },
};

interface Pending {
  readonly delimiter: string;
  readonly quoted: boolean;
  readonly tabs: boolean;
  /** Completed when the text is read. */
  readonly redirection: { target: Word };
}

export abstract class CommandReader extends WordReader {
  #pending: Pending[] = [];
  #isOpen = false;
  readonly #expansion: AliasExpansion;

  constructor(text: string, line?: number, aliases: Aliases = NO_ALIASES) {
    super(text, line);
    this.#expansion = new AliasExpansion(aliases);
  }

  /** The text ended within a here-document, or before one: more of it may be typed. */
  get isOpen(): boolean {
    return this.#isOpen;
  }

  protected abstract compound(reserved: string | undefined): CommandNode | undefined;

  /** An operator, `newline`, `end`, or undefined where a word begins. */
  protected peek(): string | undefined {
    this.skipBlanks();
    const char = this.text[this.at];
    if (char === undefined) return 'end';
    if (char === '<' && this.startsWith('<(')) return undefined;
    return char === '\n' ? 'newline' : this.matching(OPERATOR);
  }

  protected reserved(): string | undefined {
    this.skipBlanks();
    return this.matching(RESERVED);
  }

  /** Takes a reserved word that has to come. */
  protected expect(word: string): void {
    if (this.reserved() !== word) this.unexpected();
    this.skip(word.length);
  }

  protected takeOperator(): string {
    const operator = this.peek()!;
    this.skip(operator.length);
    return operator;
  }

  protected skipBlanks(): void {
    for (;;) {
      const char = this.text[this.at];
      if (char === ' ' || char === '\t' || char === '\r') this.at += 1;
      else if (char === '\\' && this.text[this.at + 1] === '\n') this.skip(2);
      else if (char === '#') {
        const end = this.text.indexOf('\n', this.at);
        this.at = end === -1 ? this.text.length : end;
      } else return;
    }
  }

  protected skipNewlines(): void {
    while (this.peek() === 'newline') this.takeNewline();
  }

  /** Takes the end of a line, and the here-documents that begin behind it. */
  protected takeNewline(): void {
    this.skip(1);
    const pending = this.#pending;
    this.#pending = [];
    for (const document of pending) document.redirection.target = this.#hereDocument(document);
  }

  /** The text ended: here-documents that were still to come are empty. */
  protected finish(): void {
    this.#isOpen ||= this.#pending.length > 0;
    this.#pending = [];
  }

  protected unexpected(): never {
    const token = this.peek();
    if (token === 'end') {
      throw new SyntaxFault(this.line, 'syntax error: unexpected end of file', undefined, true);
    }
    const shown = token ?? this.#rawWord();
    throw new SyntaxFault(this.line, `syntax error near unexpected token \`${shown}'`, shown);
  }

  #rawWord(): string {
    const { at } = this;
    this.word();
    return this.text.slice(at, this.at);
  }

  #hereDocument({ delimiter, quoted, tabs }: Pending): Word {
    const lines: string[] = [];
    const { line } = this;
    for (;;) {
      if (this.at >= this.text.length) {
        this.#isOpen = true;
        break;
      }
      const end = this.text.indexOf('\n', this.at);
      const raw = this.text.slice(this.at, end === -1 ? undefined : end);
      this.skip(end === -1 ? raw.length : raw.length + 1);
      const shown = tabs ? raw.replace(/^\t+/, '') : raw;
      if (shown === delimiter) break;
      lines.push(`${shown}\n`);
    }
    const text = lines.join('');
    if (quoted) return [{ kind: 'text', text, quoted: true }];
    return this.hereText(text, line);
  }

  protected abstract hereText(text: string, line: number): Word;

  protected list(): AndOrList {
    this.skipBlanks();
    const { line, at } = this;
    const parts: AndOrPart[] = [{ when: 'always', pipeline: this.#pipeline() }];
    for (let sign = this.peek(); sign === '&&' || sign === '||'; sign = this.peek()) {
      this.takeOperator();
      this.skipNewlines();
      parts.push({ when: sign === '&&' ? 'success' : 'failure', pipeline: this.#pipeline() });
    }
    const text = this.text.slice(at, this.at).trim();
    const background = this.peek() === '&';
    if (background) this.takeOperator();
    return { line, parts, background, text };
  }

  #pipeline(): Pipeline {
    let negated = false;
    let timed = false;
    for (let word = this.reserved(); word === '!' || word === 'time'; word = this.reserved()) {
      this.skip(word.length);
      if (word === '!') negated = !negated;
      else timed = true;
    }
    const commands = [this.command()];
    for (let sign = this.peek(); sign === '|' || sign === '|&'; sign = this.peek()) {
      this.takeOperator();
      if (sign === '|&') {
        const last = commands.pop()!;
        if (last.kind === 'function') this.unexpected();
        const both = { fd: 2, kind: 'duplicate', target: [plain('1')] } as const;
        commands.push({ ...last, redirections: [...last.redirections, both] });
      }
      this.skipNewlines();
      commands.push(this.command());
    }
    return { negated, timed, commands };
  }

  protected command(): CommandNode {
    this.skipBlanks();
    this.text = this.#expansion.expand(this.text, this.at);
    return this.deeper(() => this.compound(this.reserved()) ?? this.#simple());
  }

  #simple(): SimpleNode {
    this.skipBlanks();
    const { line } = this;
    const assignments: Assignment[] = [];
    const words: Word[] = [];
    const declared: Assignment[] = [];
    const redirections: Redirection[] = [];
    for (;;) {
      const redirection = this.redirection();
      if (redirection) {
        redirections.push(redirection);
        continue;
      }
      if (this.peek() !== undefined) break;
      const look = words.length === 0 && assignments.length > 0 ? 'expand' : 'expandNext';
      const expanded = this.#expansion[look](this.text, this.at);
      if (expanded !== this.text) {
        this.text = expanded;
        continue;
      }
      const declares = words[0] !== undefined && isDeclaration(words[0]);
      const array = words.length === 0 || declares ? this.#arrayAssignment() : undefined;
      if (array) {
        if (words.length === 0) assignments.push(array);
        else {
          words.push([plain(array.name)]);
          declared.push(array);
        }
        continue;
      }
      const word = this.word();
      const assignment = words.length === 0 ? readAssignment(word) : undefined;
      if (assignment) assignments.push(assignment);
      else words.push(word);
    }
    if (assignments.length + words.length + redirections.length === 0) this.unexpected();
    if (words.length === 0 && assignments.length > 0 && this.peek() === '(') this.unexpected();
    const node = { kind: 'simple', line, assignments, words, redirections } as const;
    return declared.length > 0 ? { ...node, declared } : node;
  }

  /** `x=(1 2)` or `x[2]=y`; undefined, and nothing read, where something else stands. */
  #arrayAssignment(): Assignment | undefined {
    const { at, line } = this;
    const start = this.matching(/[A-Za-z_][A-Za-z0-9_]*(?:\[|\+?=\()/y);
    if (start === undefined) return undefined;
    this.at += start.length;
    const name = /^\w+/.exec(start)![0];
    if (start.endsWith('(')) {
      return { name, value: [], elements: this.#elements(), append: start.endsWith('+=(') };
    }
    if (this.text.slice(at, this.at + 200).includes(']')) {
      const index = this.subscript();
      const sign = this.matching(/\+?=/y);
      if (sign !== undefined && index.length > 0) {
        this.skip(sign.length);
        return { name, index, value: this.word(), append: sign === '+=' };
      }
    }
    this.at = at;
    this.line = line;
    return undefined;
  }

  /** Elements of an array behind the parenthesis, up to and with the closing one. */
  #elements(): ArrayElement[] {
    const elements: ArrayElement[] = [];
    for (;;) {
      this.skipNewlines();
      const sign = this.peek();
      if (sign === ')') break;
      if (sign !== undefined) this.unexpected();
      const index = this.matching(/\[[^\]\s]*\]=/y);
      if (index === undefined) elements.push({ value: this.word() });
      else {
        this.skip(1);
        const key = this.subscript();
        this.skip(1);
        elements.push({ index: key, value: this.word() });
      }
    }
    this.skip(1);
    return elements;
  }

  /** A redirection with what it names, when one comes. */
  protected redirection(): Redirection | undefined {
    this.skipBlanks();
    const number = this.matching(/\d{1,2}(?=[<>])/y);
    const { at } = this;
    if (number !== undefined) this.at += number.length;
    const operator = this.startsWith('<(') ? '' : (this.matching(OPERATOR) ?? '');
    const known = Object.hasOwn(REDIRECTIONS, operator) ? REDIRECTIONS[operator] : undefined;
    if (!known) {
      this.at = at;
      return undefined;
    }
    this.skip(operator.length);
    if (this.peek() !== undefined) this.unexpected();
    const target = this.word();
    const fd = number === undefined ? known.fd : Number(number);
    if (operator === '<<<') return { fd, kind: 'here', target: [...target, newline] };
    if (operator !== '<<' && operator !== '<<-') return { fd, kind: known.kind, target };
    const redirection: { fd: number; kind: 'here'; target: Word } = {
      fd,
      kind: 'here',
      target: [],
    };
    const delimiter = target.map((part) => (part.kind === 'text' ? part.text : '')).join('');
    const quoted = target.some((part) => part.kind === 'text' && part.quoted);
    this.#pending.push({ delimiter, quoted, tabs: operator === '<<-', redirection });
    return redirection;
  }
}

const plain = (text: string) => ({ kind: 'text', text, quoted: false }) as const;
const newline = { kind: 'text', text: '\n', quoted: true } as const;

const DECLARATIONS = ['declare', 'typeset', 'local', 'readonly', 'export'];

/** A command whose arguments are assignments, which are not split into fields. */
export function isDeclaration([part, ...more]: Word): boolean {
  return more.length === 0 && part?.kind === 'text' && DECLARATIONS.includes(part.text);
}

export function readAssignment(word: Word): Assignment | undefined {
  const [first, ...rest] = word;
  if (first?.kind !== 'text' || first.quoted) return undefined;
  const match = /^([A-Za-z_][A-Za-z0-9_]*)(\+?)=/.exec(first.text);
  if (!match) return undefined;
  const text = first.text.slice(match[0].length);
  const value = text === '' ? rest : [{ ...first, text }, ...rest];
  return { name: match[1]!, value, append: match[2] === '+' };
}
