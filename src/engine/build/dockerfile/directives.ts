/**
 * Parser directives: comments at the very top that speak to the parser, `# escape=``
 * (moby/buildkit v0.32 `frontend/dockerfile/parser/directives.go`).
 */
export interface Directive {
  readonly name: string;
  readonly value: string;
  readonly line: number;
}

const DIRECTIVE = /^([a-zA-Z][a-zA-Z0-9]*)\s*=\s*(.+?)\s*$/;
const KNOWN = ['syntax', 'escape', 'check'];

/** Reads line by line; the first line that is no directive ends them. */
export class DirectiveParser {
  readonly #comment: string;
  readonly #seen = new Set<string>();
  #line: number;
  #done = false;

  /** @param line how many lines were passed over before */
  constructor(comment = '#', line = 0) {
    this.#comment = comment;
    this.#line = line;
  }

  get done(): boolean {
    return this.#done;
  }

  /** The directive of a line; a text when it may not stand there. */
  read(line: string): Directive | string | undefined {
    this.#line += 1;
    if (this.#done) return undefined;
    const match = line.startsWith(this.#comment)
      ? DIRECTIVE.exec(line.slice(this.#comment.length).trimStart())
      : null;
    const name = match?.[1]?.toLowerCase() ?? '';
    if (!match || !KNOWN.includes(name)) {
      this.#done = true;
      return undefined;
    }
    if (this.#seen.has(name)) return `only one ${name} parser directive can be used`;
    this.#seen.add(name);
    return { name, value: match[2] ?? '', line: this.#line };
  }
}

export interface FoundDirective {
  /** Up to the first blank: the image of a `syntax` directive. */
  readonly ref: string;
  readonly value: string;
  readonly line: number;
}

function readAll(text: string, parser: DirectiveParser): Directive[] {
  const found: Directive[] = [];
  for (const line of text.split('\n')) {
    if (parser.done) break;
    const directive = parser.read(line.replace(/\r$/, ''));
    if (typeof directive === 'string') break;
    if (directive) found.push(directive);
  }
  return found;
}

/** Every directive at the top of a text, in order. */
export const listDirectives = (text: string): Directive[] => readAll(text, new DirectiveParser());

function find(name: string, text: string, parser: DirectiveParser): FoundDirective | undefined {
  const found = readAll(text, parser).find((directive) => directive.name === name);
  if (!found) return undefined;
  return { ref: found.value.split(' ')[0] ?? '', value: found.value, line: found.line };
}

/** A directive of a Dockerfile, below a `#!` line if there is one. */
export function findDirective(name: string, text: string): FoundDirective | undefined {
  const { body, line } = withoutShebang(text);
  return find(name, body, new DirectiveParser('#', line));
}

/** The frontend a file asks for: as a comment with `#` or `//`, or as a member of a JSON text. */
export function findSyntax(text: string): FoundDirective | undefined {
  const { body, line } = withoutShebang(text);
  const found =
    find('syntax', body, new DirectiveParser('#', line)) ??
    find('syntax', body, new DirectiveParser('//', line));
  if (found) return found;
  try {
    const value = (JSON.parse(body) as { syntax?: unknown } | null)?.syntax;
    return typeof value === 'string' ? { ref: value, value, line } : undefined;
  } catch {
    return undefined;
  }
}

function withoutShebang(text: string): { body: string; line: number } {
  const plain = text.replace(/^\uFEFF/, '');
  if (!plain.startsWith('#!')) return { body: plain, line: 0 };
  const end = plain.indexOf('\n');
  return { body: end === -1 ? '' : plain.slice(end + 1), line: 1 };
}
