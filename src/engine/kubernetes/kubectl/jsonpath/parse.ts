import { isRefused, refuse, type Refused } from '../../../go/refused.ts';

/**
 * kubectl's own JSONPath: text with paths in braces
 * (staging/src/k8s.io/client-go/util/jsonpath/{parser,node}.go, v1.36).
 */
export type PathNode =
  | { readonly kind: 'list'; readonly nodes: PathNode[] }
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'value'; readonly value: number | boolean }
  | { readonly kind: 'identifier' | 'field'; readonly name: string }
  | {
      readonly kind: 'slice';
      readonly from?: number;
      readonly to?: number;
      readonly step?: number;
      readonly one: boolean;
    }
  | {
      readonly kind: 'filter';
      readonly left: PathNode;
      readonly right?: PathNode;
      readonly operator: string;
    }
  | { readonly kind: 'union'; readonly paths: readonly PathNode[] }
  | { readonly kind: 'wildcard' | 'recursive' };

export interface PathTemplate {
  readonly source: string;
  readonly nodes: readonly PathNode[];
}

export function parsePath(source: string): PathTemplate | Refused {
  const nodes = new PathParser(source).template();
  return isRefused(nodes) ? nodes : { source, nodes };
}

/** The path within one pair of braces that is not written. */
function parseAction(text: string): PathNode | Refused {
  const nodes = new PathParser(`{${text}}`).template();
  if (isRefused(nodes)) return nodes;
  return nodes[0] ?? { kind: 'list', nodes: [] };
}

const TERMINATORS = new Set(['', ' ', '\t', '\r', '\n', '.', ',', '[', ']', '$', '@', '{', '}']);
const SLICE = /^(-?\d*)(:-?\d*)?(:-?\d*)?$/;
const KEY = /^'([^']*)'$/;
const COMPARISON = /^([^!<>=]+)([!<>=]+)(.+?)$/s;

class PathParser {
  readonly #input: string;
  #at = 0;

  constructor(input: string) {
    this.#input = input;
  }

  template(): PathNode[] | Refused {
    const nodes: PathNode[] = [];
    while (this.#at < this.#input.length) {
      const open = this.#input.indexOf('{', this.#at);
      const end = open === -1 ? this.#input.length : open;
      if (end > this.#at) nodes.push({ kind: 'text', text: this.#input.slice(this.#at, end) });
      this.#at = end + 1;
      if (open === -1) break;
      const action: PathNode[] = [];
      const problem = this.#action(action);
      if (problem) return problem;
      nodes.push({ kind: 'list', nodes: action });
    }
    return nodes;
  }

  #char(): string {
    return this.#input[this.#at] ?? '';
  }

  /** Reads up to the closing brace. */
  #action(nodes: PathNode[]): Refused | undefined {
    for (;;) {
      const rest = this.#input.slice(this.#at);
      const char = this.#char();
      if (char === '}') {
        this.#at += 1;
        return undefined;
      }
      let problem: Refused | undefined;
      if (rest.startsWith('[?(')) problem = this.#filter(nodes);
      else if (rest.startsWith('..')) problem = this.#recursive(nodes);
      else if (char === '' || char === '\n' || char === '\r') return refuse('unclosed action');
      else if (char === ' ' || char === '@' || char === '$') this.#at += 1;
      else if (char === '[') problem = this.#array(nodes);
      else if (char === '"' || char === "'") problem = this.#quoted(nodes, char);
      else if (char === '.') this.#field(nodes, 1);
      else if (/[-+\d]/.test(char)) problem = this.#number(nodes);
      else if (/[\p{L}\p{N}_]/u.test(char)) this.#identifier(nodes);
      else {
        const code = (char.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0');
        return refuse(`unrecognized character in action: U+${code} '${char}'`);
      }
      if (problem) return problem;
    }
  }

  #recursive(nodes: PathNode[]): Refused | undefined {
    if (nodes.at(-1)?.kind === 'recursive') return refuse('invalid multiple recursive descent');
    this.#at += 2;
    nodes.push({ kind: 'recursive' });
    if (/[\p{L}\p{N}_]/u.test(this.#char())) this.#field(nodes, 0);
    return undefined;
  }

  #field(nodes: PathNode[], skip: number): void {
    this.#at += skip;
    let name = '';
    while (!TERMINATORS.has(this.#char())) {
      if (this.#char() === '\\') this.#at += 1;
      name += this.#char();
      this.#at += 1;
    }
    nodes.push(name === '*' ? { kind: 'wildcard' } : { kind: 'field', name });
  }

  #identifier(nodes: PathNode[]): void {
    let name = '';
    for (; !TERMINATORS.has(this.#char()); this.#at++) name += this.#char();
    if (name === 'true' || name === 'false') nodes.push({ kind: 'value', value: name === 'true' });
    else nodes.push({ kind: 'identifier', name });
  }

  #number(nodes: PathNode[]): Refused | undefined {
    const text = /^[-+]?[\d.]*/.exec(this.#input.slice(this.#at))?.[0] ?? '';
    this.#at += Math.max(text.length, 1);
    if (text === '' || Number.isNaN(Number(text))) return refuse(`cannot parse number ${text}`);
    nodes.push({ kind: 'value', value: Number(text) });
    return undefined;
  }

  #quoted(nodes: PathNode[], quote: string): Refused | undefined {
    const start = this.#at;
    for (;;) {
      this.#at += 1;
      const char = this.#char();
      if (char === '' || char === '\n') return refuse('unterminated quoted string');
      if (char === quote && this.#input[this.#at - 1] !== '\\') break;
    }
    this.#at += 1;
    const text = unquote(this.#input.slice(start + 1, this.#at - 1), quote);
    nodes.push({ kind: 'text', text });
    return undefined;
  }

  #array(nodes: PathNode[]): Refused | undefined {
    const line = /^\[[^\]\n]*\]/.exec(this.#input.slice(this.#at))?.[0];
    if (line === undefined) return refuse('unterminated array');
    this.#at += line.length;
    const text = line === '[*]' ? ':' : line.slice(1, -1);
    const parts = text.split(',');
    if (parts.length > 1) {
      const paths: PathNode[] = [];
      for (const part of parts) {
        const path = parseAction(`[${part.trim()}]`);
        if (isRefused(path)) return path;
        paths.push(path);
      }
      nodes.push({ kind: 'union', paths });
      return undefined;
    }
    const key = KEY.exec(text);
    if (key) {
      const path = parseAction(`.${key[1] ?? ''}`);
      if (isRefused(path)) return path;
      if (path.kind === 'list') nodes.push(...path.nodes);
      return undefined;
    }
    const slice = SLICE.exec(text);
    if (!slice) return refuse(`invalid array index ${text}`);
    const number = (part: string | undefined): number | undefined => {
      const digits = part?.replace(':', '') ?? '';
      return digits === '' ? undefined : Number(digits);
    };
    const one = slice[2] === undefined;
    const [from, to, step] = [number(slice[1]), number(slice[2]), number(slice[3])];
    nodes.push({
      kind: 'slice',
      one,
      ...(from !== undefined && { from }),
      ...(to !== undefined && { to }),
      ...(step !== undefined && { step }),
    });
    return undefined;
  }

  #filter(nodes: PathNode[]): Refused | undefined {
    this.#at += 3;
    const start = this.#at;
    let pair = '';
    for (;;) {
      const char = this.#char();
      if (char === '' || char === '\n') return refuse('unterminated filter');
      if (char === '"' || char === "'") {
        if (pair === '') pair = char;
        else if (char === pair && this.#input[this.#at - 1] !== '\\') pair = '';
      } else if (char === ')' && pair === '') break;
      this.#at += 1;
    }
    const text = this.#input.slice(start, this.#at);
    this.#at += 1;
    if (this.#char() !== ']') return refuse('unclosed array expect ]');
    this.#at += 1;
    const compared = COMPARISON.exec(text);
    const left = parseAction(compared?.[1] ?? text);
    if (isRefused(left)) return left;
    if (!compared) {
      nodes.push({ kind: 'filter', left, operator: 'exists' });
      return undefined;
    }
    const right = parseAction(compared[3] ?? '');
    if (isRefused(right)) return right;
    nodes.push({ kind: 'filter', left, right, operator: compared[2] ?? '' });
    return undefined;
  }
}

const ESCAPES: Readonly<Record<string, string>> = { n: '\n', t: '\t', r: '\r', '\\': '\\' };

const unquote = (text: string, quote: string): string =>
  text.replace(/\\(.)/g, (all, char: string) => ESCAPES[char] ?? (char === quote ? quote : all));
