import { goQuote } from '../quote.ts';
import { isRefused, refuse, type Refused } from '../refused.ts';
import { lex, tokenText, type Token, type TokenKind } from './lex.ts';
import type { Branch, Node, Operand, Pipe } from './tree.ts';
import { nodeText } from './tree.ts';

/** Reads a template (Go 1.25 `text/template/parse/parse.go`), with Go's words when it cannot. */
export function parseTemplate(
  source: string,
  functions: ReadonlySet<string>,
): readonly Node[] | Refused {
  const reader = new Reader(lex(source), functions);
  const list = reader.list([]);
  if (isRefused(list)) return list;
  return list.nodes;
}

/** How a list of nodes ended: at the end of the text or at a keyword. */
interface List {
  readonly nodes: readonly Node[];
  readonly end: 'eof' | 'end' | 'else';
}

const OPERANDS: readonly TokenKind[] = [
  ...(['bool', 'char-constant', 'dot', 'field', 'identifier', 'number'] as const),
  ...(['nil', 'raw-string', 'string', 'variable', 'left-paren'] as const),
];

const DEPTH_LIMIT = 200;

class Reader {
  readonly #tokens: readonly Token[];
  readonly #functions: ReadonlySet<string>;
  #at = 0;
  #variables: string[] = ['$'];
  #rangeDepth = 0;
  #depth = 0;

  constructor(tokens: readonly Token[], functions: ReadonlySet<string>) {
    this.#tokens = tokens;
    this.#functions = functions;
  }

  /** Nodes up to `{{end}}`, `{{else}}` or the end of the text. */
  list(ends: readonly ('end' | 'else')[]): List | Refused {
    const nodes: Node[] = [];
    for (;;) {
      const token = this.#next();
      if (token.kind === 'eof') {
        return ends.length === 0 ? { nodes, end: 'eof' } : this.#wrong(token, 'unexpected EOF');
      }
      if (token.kind === 'text') {
        nodes.push({ kind: 'text', text: token.text });
        continue;
      }
      if (token.kind !== 'left') return this.#unexpected(token, 'input');
      const word = this.#peekNonSpace();
      if (word.kind === 'keyword' && (word.text === 'end' || word.text === 'else')) {
        this.#nextNonSpace();
        if (!ends.includes(word.text)) return this.#wrong(word, `unexpected {{${word.text}}}`);
        return { nodes, end: word.text };
      }
      const node = word.kind === 'keyword' ? this.#keyword(this.#nextNonSpace()) : this.#action();
      if (isRefused(node)) return node;
      nodes.push(node);
    }
  }

  #action(): Node | Refused {
    const pipe = this.#pipeline('command', 'right');
    return isRefused(pipe) ? pipe : { kind: 'action', pipe };
  }

  #keyword(word: Token): Node | Refused {
    switch (word.text) {
      case 'if':
      case 'with':
      case 'range':
        return this.#branch(word.text);
      case 'break':
      case 'continue': {
        const token = this.#nextNonSpace();
        if (token.kind !== 'right') return this.#unexpected(token, `{{${word.text}}}`);
        if (this.#rangeDepth === 0) return this.#wrong(word, `{{${word.text}}} outside {{range}}`);
        return { kind: word.text };
      }
      default: {
        // Simplified: templates that name others are not followed.
        const name = this.#nextNonSpace();
        if (name.kind !== 'string') return this.#unexpected(name, `${word.text} clause`);
        return this.#wrong(word, `template ${name.text} not defined`);
      }
    }
  }

  #branch(kind: Branch['kind']): Branch | Refused {
    const known = this.#variables.length;
    const pipe = this.#pipeline(kind, 'right');
    if (isRefused(pipe)) return pipe;
    if (++this.#depth > DEPTH_LIMIT)
      return this.#wrong(this.#peek(), 'max expression depth exceeded');
    if (kind === 'range') this.#rangeDepth += 1;
    const body = this.list(['end', 'else']);
    if (kind === 'range') this.#rangeDepth -= 1;
    if (isRefused(body)) return body;
    const otherwise = body.end === 'else' ? this.#otherwise(kind) : [];
    if (isRefused(otherwise)) return otherwise;
    if (body.end === 'end') {
      const close = this.#nextNonSpace();
      if (close.kind !== 'right') return this.#unexpected(close, 'end');
    }
    this.#depth -= 1;
    this.#variables.length = known;
    return { kind, pipe, body: body.nodes, otherwise: otherwise };
  }

  /** Behind `{{else`: `if …`, `with …` or the rest up to `{{end}}`. */
  #otherwise(kind: Branch['kind']): readonly Node[] | Refused {
    const word = this.#peekNonSpace();
    if (word.kind === 'keyword' && word.text === kind && kind !== 'range') {
      this.#nextNonSpace();
      const nested = this.#branch(kind);
      return isRefused(nested) ? nested : [nested];
    }
    const close = this.#nextNonSpace();
    if (close.kind !== 'right') return this.#unexpected(close, 'else');
    const list = this.list(['end', 'else']);
    if (isRefused(list)) return list;
    if (list.end === 'else') return this.#wrong(this.#peek(), 'expected end; found {{else}}');
    const end = this.#nextNonSpace();
    return end.kind === 'right' ? list.nodes : this.#unexpected(end, 'end');
  }

  #pipeline(context: string, end: 'right' | 'right-paren'): Pipe | Refused {
    const first = this.#peekNonSpace();
    const declares = this.#declarations(context);
    if (isRefused(declares)) return declares;
    const commands: Operand[][] = [];
    for (;;) {
      const token = this.#nextNonSpace();
      if (token.kind === end) break;
      if (!OPERANDS.includes(token.kind)) return this.#unexpected(token, context);
      this.#at -= 1;
      const command = this.#command();
      if (isRefused(command)) return command;
      commands.push(command);
    }
    if (commands.length === 0) return this.#wrong(this.#peek(-1), `missing value for ${context}`);
    const still = commands.findIndex(
      ([word], at) => at > 0 && word && ['constant', 'dot', 'nil'].includes(word.kind),
    );
    if (still !== -1) {
      return this.#wrong(this.#peek(-1), `non executable command in pipeline stage ${still + 1}`);
    }
    return { kind: 'pipe', at: first.at, commands, ...declares };
  }

  /** `$x :=`, `$x =`, and in a range `$i, $x :=`. */
  #declarations(context: string): Pick<Pipe, 'declares' | 'assigns'> | Refused {
    const declares: string[] = [];
    for (;;) {
      const before = this.#at;
      const variable = this.#peekNonSpace();
      if (variable.kind !== 'variable') return { declares, assigns: false };
      this.#nextNonSpace();
      const sign = this.#peekNonSpace();
      const comma = sign.kind === 'char' && sign.text === ',';
      if (sign.kind !== 'declare' && sign.kind !== 'assign' && !comma) {
        this.#at = before;
        return { declares, assigns: false };
      }
      this.#nextNonSpace();
      if (sign.kind === 'assign' && !this.#variables.includes(variable.text)) {
        return this.#wrong(variable, `undefined variable ${goQuote(variable.text)}`);
      }
      declares.push(variable.text);
      this.#variables.push(variable.text);
      if (!comma) return { declares, assigns: sign.kind === 'assign' };
      if (context !== 'range' || declares.length > 1) {
        return this.#wrong(sign, `too many declarations in ${context}`);
      }
      if (this.#peekNonSpace().kind !== 'variable') {
        return this.#wrong(sign, 'range can only initialize variables');
      }
    }
  }

  #command(): Operand[] | Refused {
    const operands: Operand[] = [];
    for (;;) {
      this.#peekNonSpace();
      const operand = this.#operand();
      if (isRefused(operand)) return operand;
      if (operand) operands.push(operand);
      const token = this.#next();
      if (token.kind === 'space') continue;
      if (token.kind === 'right' || token.kind === 'right-paren') this.#at -= 1;
      else if (token.kind !== 'pipe') return this.#unexpected(token, 'operand');
      return operands.length === 0 ? this.#wrong(token, 'empty command') : operands;
    }
  }

  #operand(): Operand | undefined | Refused {
    const term = this.#term();
    const chain = this.#peek();
    if (!term || isRefused(term) || chain.kind !== 'field') return term;
    const names: string[] = [];
    while (this.#peek().kind === 'field') names.push(this.#next().text.slice(1));
    if (term.kind === 'field') return { ...term, at: chain.at, names: [...term.names, ...names] };
    if (term.kind === 'variable') return { ...term, at: chain.at, names };
    if (term.kind === 'constant' || term.kind === 'dot' || term.kind === 'nil') {
      return this.#wrong(chain, `unexpected . after term ${goQuote(nodeText(term))}`);
    }
    return { kind: 'chain', at: chain.at, of: term, names };
  }

  #term(): Operand | undefined | Refused {
    const token = this.#nextNonSpace();
    const { at, text } = token;
    switch (token.kind) {
      case 'identifier':
        if (!this.#functions.has(text)) {
          return this.#wrong(token, `function ${goQuote(text)} not defined`);
        }
        return { kind: 'function', at, name: text };
      case 'dot':
        return { kind: 'dot', at };
      case 'nil':
        return { kind: 'nil', at };
      case 'variable':
        if (!this.#variables.includes(text)) {
          return this.#wrong(token, `undefined variable ${goQuote(text)}`);
        }
        return { kind: 'variable', at, name: text, names: [] };
      case 'field':
        return { kind: 'field', at, names: [text.slice(1)] };
      case 'bool':
        return { kind: 'constant', at, value: text === 'true', text };
      case 'number': {
        const value = Number(text.replaceAll('_', ''));
        if (!/\d/.test(text) || Number.isNaN(value)) {
          return this.#wrong(token, `illegal number syntax: ${goQuote(text)}`);
        }
        return { kind: 'constant', at, value, text };
      }
      case 'char-constant':
        if ([...unquote(text)].length !== 1) {
          return this.#wrong(token, `malformed character constant: ${text}`);
        }
        return { kind: 'constant', at, value: unquote(text).codePointAt(0) ?? 0, text };
      case 'string':
        if (!isQuoted(text)) return this.#wrong(token, 'invalid syntax');
        return { kind: 'constant', at, value: unquote(text), text };
      case 'raw-string':
        return { kind: 'constant', at, value: unquote(text), text };
      case 'left-paren': {
        if (++this.#depth > DEPTH_LIMIT) return this.#wrong(token, 'max expression depth exceeded');
        const pipe = this.#pipeline('parenthesized pipeline', 'right-paren');
        this.#depth -= 1;
        return pipe;
      }
      default:
        this.#at -= 1;
        return undefined;
    }
  }

  #peek(ahead = 0): Token {
    return this.#tokens[Math.min(this.#at + ahead, this.#tokens.length - 1)]!;
  }

  #next(): Token {
    const token = this.#peek();
    this.#at += 1;
    return token;
  }

  #peekNonSpace(): Token {
    while (this.#peek().kind === 'space') this.#at += 1;
    return this.#peek();
  }

  #nextNonSpace(): Token {
    this.#peekNonSpace();
    return this.#next();
  }

  #wrong(token: Token, why: string): Refused {
    return refuse(`template: :${token.line}: ${why}`);
  }

  #unexpected(token: Token, context: string): Refused {
    if (token.kind === 'error') return this.#wrong(token, token.text);
    return this.#wrong(token, `unexpected ${tokenText(token)} in ${context}`);
  }
}

const LETTERS: Readonly<Record<string, string>> = {
  ...{ n: '\n', t: '\t', r: '\r', a: '\u0007', b: '\b', f: '\f', v: '\v' },
};

/** Whether Go knows all that a backslash stands before in a text in quotes. */
const isQuoted = (text: string): boolean =>
  /^"(?:[^\\]|\\(?:[abfnrtv\\"]|x[0-9a-fA-F]{2}|u[0-9a-fA-F]{4}|U[0-9a-fA-F]{8}|[0-7]{3}))*"$/.test(
    text,
  );

/** Go's `strconv.Unquote`. */
function unquote(text: string): string {
  if (text.startsWith('`')) return text.slice(1, -1);
  return text
    .slice(1, -1)
    .replace(
      /\\(x[0-9a-fA-F]{2}|u[0-9a-fA-F]{4}|U[0-9a-fA-F]{8}|[0-7]{3}|.)/g,
      (_all, code: string) => {
        if (/^[xuU]./.test(code)) return String.fromCodePoint(Number.parseInt(code.slice(1), 16));
        if (/^[0-7]{3}$/.test(code)) return String.fromCodePoint(Number.parseInt(code, 8));
        return LETTERS[code] ?? code;
      },
    );
}
