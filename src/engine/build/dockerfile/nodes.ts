import type { DockerfileError, Heredoc, LineRange, Node, ParseWarning, Read } from './ast.ts';
import { DirectiveParser } from './directives.ts';
import { goQuote } from './go-text.ts';
import { heredocsOf } from './heredoc.ts';
import { cutWord, readJsonForm, splitBlanks, splitWords, takeFlags } from './words.ts';

/**
 * Text to logical lines, and each to keyword, flags and operands: directives at the top, comments,
 * continuations by the escape character, heredocs (moby/buildkit v0.32
 * `frontend/dockerfile/parser/parser.go`, `Parse`).
 */
export interface Nodes {
  readonly escape: string;
  readonly nodes: readonly Node[];
  readonly warnings: readonly ParseWarning[];
}

export type ParsedNodes =
  ({ readonly ok: true } & Nodes) | { readonly ok: false; readonly error: DockerfileError };

/** Go's `bufio.MaxScanTokenSize` less one. */
const LINE_LIMIT = 65_535;

const isComment = (line: string): boolean => line.trimStart().startsWith('#');
const encoder = new TextEncoder();
const tooLong = (line: string): boolean =>
  line.length * 3 > LINE_LIMIT && encoder.encode(line).length > LINE_LIMIT;

export function parseNodes(text: string): ParsedNodes {
  try {
    return new NodeReader(text).run();
  } catch (error) {
    if (!(error instanceof Refused)) throw error;
    const { message, lines } = error;
    return { ok: false, error: { message, ...(lines ? { lines } : {}) } };
  }
}

class Refused extends Error {
  readonly lines: LineRange;

  constructor(message: string, start: number, end = start) {
    super(message);
    this.lines = { start, end: Math.max(start, end) };
  }
}

class NodeReader {
  readonly #rows: readonly string[];
  readonly #directives = new DirectiveParser();
  readonly #nodes: Node[] = [];
  readonly #warnings: ParseWarning[] = [];
  /** The row too long to be read ends the text. */
  readonly #long: boolean;
  #line = 0;
  #escape = '\\';

  constructor(text: string) {
    const rows = text.replace(/^\uFEFF/, '').split('\n');
    if (rows.at(-1) === '') rows.pop();
    const long = rows.findIndex(tooLong);
    this.#long = long !== -1;
    this.#rows = this.#long ? rows.slice(0, long) : rows;
  }

  run(): ParsedNodes {
    let comments: string[] = [];
    while (this.#line < this.#rows.length) {
      const row = this.#rows[this.#line]!;
      if (isComment(row)) {
        const comment = row.slice(1).trim();
        if (comment === '') comments = [];
        else comments.push(comment);
      }
      const { line, directive } = this.#take(true);
      if (directive) comments.pop();
      const startLine = this.#line;
      const first = this.#continued(line);
      if (first === undefined && line === '') continue;
      const joined = first === undefined ? line : this.#join(first);
      const node = this.#node(joined, startLine, comments);
      this.#nodes.push(node);
      comments = [];
    }
    if (this.#nodes.length === 0) throw new Refused('file with no instructions', this.#line);
    if (this.#long) {
      const message = `dockerfile line greater than max allowed size of ${LINE_LIMIT}`;
      throw new Refused(message, this.#line);
    }
    return { ok: true, escape: this.#escape, nodes: this.#nodes, warnings: this.#warnings };
  }

  /** The next row without its end, comments blanked; directives are obeyed. */
  #take(first: boolean): { line: string; directive: boolean } {
    const bare = this.#rows[this.#line]!.replace(/\r+$/, '');
    const line = first ? bare.trimStart() : bare;
    const found = this.#directives.read(line);
    if (typeof found === 'string') throw new Refused(found, this.#line);
    if (found?.name === 'escape') {
      if (found.value !== '\\' && found.value !== '`') {
        const words = `invalid escape token '${found.value}' does not match \` or \\`;
        throw new Refused(words, this.#line);
      }
      this.#escape = found.value;
    }
    this.#line += 1;
    return { line: isComment(line) ? '' : line, directive: found !== undefined };
  }

  /** The line without the escape at its end; undefined when it does not go on. */
  #continued(line: string): string | undefined {
    const trimmed = line.replace(/[ \t]+$/, '');
    // An escape before it takes it literally.
    if (!trimmed.endsWith(this.#escape) || trimmed.at(-2) === this.#escape) return undefined;
    return trimmed.slice(0, -1);
  }

  /** A line that goes on, with all that follow. */
  #join(first: string): string {
    const parts = [first];
    let empty = false;
    while (this.#line < this.#rows.length) {
      const row = this.#rows[this.#line]!;
      const { line } = this.#take(false);
      if (isComment(row)) continue;
      if (line.trim() === '') {
        empty = true;
        continue;
      }
      const continued = this.#continued(line);
      parts.push(continued ?? line);
      if (continued === undefined) break;
    }
    const joined = parts.join('');
    if (empty) {
      const short = `Empty continuation line found in: ${joined}`;
      this.#warnings.push({ short, line: this.#line });
    }
    return joined;
  }

  #node(joined: string, startLine: number, comments: readonly string[]): Node {
    const read = readNode(joined, this.#escape, comments);
    if (!read.ok) throw new Refused(read.message, startLine, this.#line);
    const heredocs = this.#heredocs(read.value, joined, startLine);
    return { ...read.value, heredocs, lines: { start: startLine, end: this.#line } };
  }

  #heredocs(node: Node, joined: string, startLine: number): Heredoc[] {
    const holder = node.keyword.toLowerCase() === 'onbuild' ? (node.child ?? node) : node;
    const able = ['add', 'copy', 'run'].includes(holder.keyword.toLowerCase()) && !holder.json;
    if (!able || !joined.includes('<<')) return [];
    const opened = heredocsOf(joined);
    if (!opened.ok) throw new Refused(opened.message, startLine, this.#line);
    return opened.value.map((heredoc) => ({
      ...heredoc,
      content: this.#content(heredoc, startLine),
    }));
  }

  #content({ name, chomp }: Heredoc, startLine: number): string {
    let content = '';
    while (this.#line < this.#rows.length) {
      const row = this.#rows[this.#line]!;
      this.#line += 1;
      const bare = row.replace(/\r+$/, '');
      if ((chomp ? bare.replace(/^\t+/, '') : bare) === name) return content;
      content += `${row}\n`;
    }
    throw new Refused('unterminated heredoc', startLine, this.#line);
  }
}

type Operands = Read<{ args: string[]; json?: true; child?: Node }>;

/** One logical line to its parts; heredocs and lines are not yet known. */
export function readNode(
  text: string,
  escape: string,
  comments: readonly string[] = [],
): Read<Node> {
  const [keyword, after] = cutWord(text.trim());
  const taken = after === undefined ? { flags: [], rest: '' } : takeFlags(after, escape);
  const operands = readOperands(keyword.toLowerCase(), taken.rest.trim(), escape);
  if (!operands.ok) return operands;
  const { args, json = false, child } = operands.value;
  const value: Node = {
    ...{ keyword, original: text, flags: taken.flags, args, json, comments },
    ...{ heredocs: [], lines: { start: 0, end: 0 } },
    ...(child ? { child } : {}),
  };
  return { ok: true, value };
}

function readOperands(keyword: string, rest: string, escape: string): Operands {
  const args = (list: string[]): Operands => ({ ok: true, value: { args: list } });
  switch (keyword) {
    case 'run':
    case 'cmd':
    case 'entrypoint':
    case 'shell':
      return rest === '' ? args([]) : maybeJson(rest, () => [rest]);
    case 'add':
    case 'copy':
    case 'volume':
      return maybeJson(rest, () => splitBlanks(rest));
    case 'expose':
    case 'from':
      return args(splitBlanks(rest));
    case 'maintainer':
    case 'stopsignal':
    case 'user':
    case 'workdir':
      return args(rest === '' ? [] : [rest]);
    case 'env':
    case 'label':
      return readPairs(rest, keyword.toUpperCase(), escape);
    case 'arg':
      return args(splitWords(rest, escape));
    case 'onbuild': {
      if (rest === '') return args([]);
      const child = readNode(rest, escape);
      if (!child.ok) return child;
      const { keyword: word, args: inner } = child.value;
      return { ok: true, value: { args: [word, ...inner], child: child.value } };
    }
    case 'healthcheck':
      return readHealth(rest);
    default:
      return args(['']);
  }
}

function maybeJson(rest: string, otherwise: () => string[]): Operands {
  const json = readJsonForm(rest);
  if (!json) return { ok: true, value: { args: otherwise() } };
  return json.ok ? { ok: true, value: { args: json.value, json: true } } : json;
}

/** A type and, for CMD, a command in either form. */
function readHealth(rest: string): Operands {
  const type = /^\S+/.exec(rest)?.[0];
  if (type === undefined) return { ok: true, value: { args: [] } };
  const command = rest.slice(type.length).trimStart();
  if (command === '') return { ok: true, value: { args: [type] } };
  const read = maybeJson(command, () => [command]);
  return read.ok ? { ok: true, value: { ...read.value, args: [type, ...read.value.args] } } : read;
}

/** `a=b c="d e"`, or the old `a b c` where all after the first blank is the value. */
export function readPairs(rest: string, keyword: string, escape = '\\'): Operands {
  const words = splitWords(rest, escape);
  const first = words[0];
  if (first === undefined) return { ok: true, value: { args: [] } };
  if (!first.includes('=')) {
    const [key, value] = cutWord(rest);
    if (value === undefined) return { ok: false, message: `${keyword} must have two arguments` };
    return { ok: true, value: { args: [key, value, ''] } };
  }
  const args: string[] = [];
  for (const word of words) {
    const at = word.indexOf('=');
    if (at === -1) {
      const form = 'Must be of the form: name=value';
      return { ok: false, message: `Syntax error - can't find = in ${goQuote(word)}. ${form}` };
    }
    args.push(word.slice(0, at), word.slice(at + 1), '=');
  }
  return { ok: true, value: { args } };
}
