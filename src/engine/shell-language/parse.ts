import type {
  AndOrList,
  AndOrPart,
  ParseResult,
  Pipeline,
  Redirection,
  SimpleCommand,
  Word,
} from './ast.ts';
import { lex, type Token } from './lex.ts';

class SyntaxFault extends Error {
  readonly line: number;

  constructor(line: number, message: string) {
    super(message);
    this.line = line;
  }
}

const REDIRECTIONS: Readonly<Record<string, Pick<Redirection, 'from' | 'kind'>>> = {
  '<': { from: 0, kind: 'read' },
  '>': { from: 1, kind: 'write' },
  '>>': { from: 1, kind: 'append' },
  '2>': { from: 2, kind: 'write' },
  '2>>': { from: 2, kind: 'append' },
  '&>': { from: '&', kind: 'write' },
};

/** Simplified: a script has an end that is near. */
const COMMAND_LIMIT = 10_000;

class Parser {
  readonly #tokens: readonly Token[];
  #at = 0;
  #commands = 0;

  constructor(tokens: readonly Token[]) {
    this.#tokens = tokens;
  }

  script(): AndOrList[] {
    const lists: AndOrList[] = [];
    for (;;) {
      this.#skipNewlines();
      if (this.#isAtEnd()) return lists;
      lists.push(this.#list());
      const after: Token['kind'] = this.#next.kind;
      if (this.#isOperator(';')) this.#at += 1;
      else if (after !== 'newline' && after !== 'end') this.#unexpected();
    }
  }

  get #next(): Token {
    return this.#tokens[this.#at]!;
  }

  #isAtEnd(): boolean {
    return this.#next.kind === 'end';
  }

  #isOperator(...texts: string[]): boolean {
    const token = this.#next;
    return token.kind === 'operator' && texts.includes(token.text);
  }

  #skipNewlines(): void {
    while (this.#next.kind === 'newline') this.#at += 1;
  }

  #unexpected(): never {
    const token = this.#next;
    const shown =
      token.kind === 'operator' ? token.text : token.kind === 'word' ? token.raw : 'newline';
    throw new SyntaxFault(
      token.line,
      token.kind === 'end'
        ? 'syntax error: unexpected end of file'
        : `syntax error near unexpected token \`${shown}'`,
    );
  }

  #list(): AndOrList {
    const { line } = this.#next;
    const parts: AndOrPart[] = [{ when: 'always', pipeline: this.#pipeline() }];
    while (this.#isOperator('&&', '||')) {
      const when = this.#isOperator('&&') ? 'success' : 'failure';
      this.#at += 1;
      this.#skipNewlines();
      parts.push({ when, pipeline: this.#pipeline() });
    }
    return { line, parts };
  }

  #pipeline(): Pipeline {
    const first = this.#next;
    const negated = first.kind === 'word' && first.raw === '!';
    if (negated) this.#at += 1;
    const commands = [this.#command()];
    while (this.#isOperator('|')) {
      this.#at += 1;
      this.#skipNewlines();
      commands.push(this.#command());
    }
    return { negated, commands };
  }

  #command(): SimpleCommand {
    const { line } = this.#next;
    this.#commands += 1;
    if (this.#commands > COMMAND_LIMIT) {
      throw new SyntaxFault(line, `script of more than ${COMMAND_LIMIT} commands`);
    }
    const assignments: { name: string; value: Word }[] = [];
    const words: Word[] = [];
    const redirections: Redirection[] = [];
    for (;;) {
      const token = this.#next;
      if (token.kind === 'word') {
        this.#at += 1;
        const assignment = words.length === 0 ? readAssignment(token.word) : undefined;
        if (assignment) assignments.push(assignment);
        else words.push(token.word);
      } else if (token.kind === 'operator' && this.#redirection(token.text, redirections)) {
        continue;
      } else {
        break;
      }
    }
    if (assignments.length + words.length + redirections.length === 0) this.#unexpected();
    return { kind: 'simple', line, assignments, words, redirections };
  }

  #redirection(text: string, into: Redirection[]): boolean {
    const duplicate = { '2>&1': [2, '1'], '>&2': [1, '2'] }[text] as [1 | 2, string] | undefined;
    if (duplicate) {
      this.#at += 1;
      const target = [{ kind: 'text', text: duplicate[1], quoted: false }] as const;
      into.push({ from: duplicate[0], kind: 'duplicate', target });
      return true;
    }
    const redirection = REDIRECTIONS[text];
    if (!redirection) return false;
    this.#at += 1;
    const token = this.#next;
    if (token.kind !== 'word') this.#unexpected();
    this.#at += 1;
    into.push({ ...redirection, target: token.word });
    return true;
  }
}

function readAssignment(word: Word): { name: string; value: Word } | undefined {
  const [first, ...rest] = word;
  if (first?.kind !== 'text' || first.quoted) return undefined;
  const match = /^([A-Za-z_][A-Za-z0-9_]*)=/.exec(first.text);
  if (!match) return undefined;
  const text = first.text.slice(match[0].length);
  return { name: match[1]!, value: text === '' ? rest : [{ ...first, text }, ...rest] };
}

/** Reads a script; a syntax error is data, in bash's words. */
export function parseScript(text: string): ParseResult {
  const lexed = lex(text);
  if (!lexed.ok) return lexed;
  try {
    return { ok: true, script: { lists: new Parser(lexed.tokens).script() } };
  } catch (fault) {
    if (!(fault instanceof SyntaxFault)) throw fault;
    return { ok: false, line: fault.line, message: fault.message };
  }
}
