import { goQuote } from '../../../go/quote.ts';
import { YamlProblem, type Mark } from './cursor.ts';
import { resolveScalar } from './resolve.ts';
import { Scanner, type Token, type TokenKind } from './scanner.ts';

/**
 * From tokens to values (go.yaml.in/yaml/v2 v2.4 `parserc.go`, `decode.go`; sigs.k8s.io/yaml v1.6,
 * which makes JSON of them). A refusal of this part tells its line counted from 0, as there.
 */
type Node =
  | {
      readonly kind: 'scalar';
      readonly text: string;
      readonly plain: boolean;
      readonly tag: string;
    }
  | { readonly kind: 'list'; readonly items: Node[] }
  | { readonly kind: 'map'; readonly pairs: [Node, Node][] }
  | { readonly kind: 'alias'; readonly name: string; readonly node: Node };

const NOTHING: Node = { kind: 'scalar', text: '', plain: true, tag: '' };

/** The value of the one document of a text; undefined when it holds none. */
export function compose(text: string): unknown {
  const composer = new Composer(new Scanner(text));
  const node = composer.document();
  return node && new Decoder().decode(node);
}

class Composer {
  readonly #scanner: Scanner;
  readonly #anchors = new Map<string, Node>();

  constructor(scanner: Scanner) {
    this.#scanner = scanner;
  }

  document(): Node | undefined {
    while (this.#is('document-end')) this.#scanner.take();
    if (this.#is('stream-end')) return undefined;
    const explicit = this.#is('directive') || this.#is('document-start');
    while (this.#is('directive')) this.#scanner.take();
    if (explicit) {
      if (!this.#is('document-start')) this.#refuse('did not find expected <document start>');
      this.#scanner.take();
      if (this.#is('document-start', 'document-end', 'stream-end')) return NOTHING;
    }
    const node = this.#node(true, false);
    // Only what follows a document's end can tell that it went on too long.
    if (!this.#is('document-end', 'document-start', 'stream-end', 'directive')) {
      this.#refuse('did not find expected <document start>');
    }
    return node;
  }

  #is(...kinds: readonly TokenKind[]): boolean {
    return kinds.includes(this.#scanner.peek().kind);
  }

  #refuse(message: string, context?: Mark): never {
    const { line } = this.#scanner.peek().start;
    throw new YamlProblem(message, line !== 0 ? line : (context?.line ?? 0));
  }

  #node(block: boolean, indentless: boolean): Node {
    const start = this.#scanner.peek();
    if (start.kind === 'alias') return this.#alias(this.#scanner.take());
    let anchor = '';
    let tag = '';
    for (let i = 0; i < 2; i++) {
      if (anchor === '' && this.#is('anchor')) anchor = this.#scanner.take().text;
      else if (tag === '' && this.#is('tag')) tag = this.#scanner.take().text;
    }
    const node = this.#content(start, {
      block,
      indentless,
      named: anchor + tag !== '',
      tag,
      anchor,
    });
    if (anchor !== '') this.#anchors.set(anchor, node);
    return node;
  }

  #alias({ text }: Token): Node {
    const node = this.#anchors.get(text);
    if (!node) throw new YamlProblem(`unknown anchor '${text}' referenced`, 0);
    return { kind: 'alias', name: text, node };
  }

  #content(
    start: Token,
    {
      block,
      indentless,
      named,
      tag,
      anchor,
    }: { block: boolean; indentless: boolean; named: boolean; tag: string; anchor: string },
  ): Node {
    const { kind } = this.#scanner.peek();
    if (indentless && kind === 'block-entry') return this.#list(anchor, () => this.#indentless());
    if (kind === 'scalar') {
      const { text, plain } = this.#scanner.take();
      return { kind: 'scalar', text, plain: plain && tag === '', tag };
    }
    if (kind === 'flow-sequence-start') return this.#list(anchor, () => this.#flowSequence());
    if (kind === 'flow-mapping-start') return this.#map(anchor, () => this.#flowMapping());
    if (block && kind === 'block-sequence-start') return this.#list(anchor, () => this.#sequence());
    if (block && kind === 'block-mapping-start') return this.#map(anchor, () => this.#mapping());
    if (named) return { ...NOTHING, tag } as Node;
    return this.#refuse('did not find expected node content', start.start);
  }

  /** An anchor stands for its node from the start: whoever refers to it from within is told. */
  #list(anchor: string, items: () => Iterable<Node>): Node {
    const node: Node = { kind: 'list', items: [] };
    if (anchor !== '') this.#anchors.set(anchor, node);
    for (const item of items()) node.items.push(item);
    return node;
  }

  #map(anchor: string, pairs: () => Iterable<[Node, Node]>): Node {
    const node: Node = { kind: 'map', pairs: [] };
    if (anchor !== '') this.#anchors.set(anchor, node);
    for (const pair of pairs()) node.pairs.push(pair);
    return node;
  }

  *#sequence(): Generator<Node> {
    const { start } = this.#scanner.take();
    while (this.#is('block-entry')) {
      this.#scanner.take();
      yield this.#is('block-entry', 'block-end') ? NOTHING : this.#node(true, false);
    }
    if (!this.#is('block-end')) this.#refuse("did not find expected '-' indicator", start);
    this.#scanner.take();
  }

  *#indentless(): Generator<Node> {
    while (this.#is('block-entry')) {
      this.#scanner.take();
      const empty = this.#is('block-entry', 'key', 'value', 'block-end');
      yield empty ? NOTHING : this.#node(true, false);
    }
  }

  *#mapping(): Generator<[Node, Node]> {
    const { start } = this.#scanner.take();
    const ends = ['key', 'value', 'block-end'] as const;
    while (this.#is('key')) {
      this.#scanner.take();
      const key = this.#is(...ends) ? NOTHING : this.#node(true, true);
      let value: Node = NOTHING;
      if (this.#is('value')) {
        this.#scanner.take();
        if (!this.#is(...ends)) value = this.#node(true, true);
      }
      yield [key, value];
    }
    if (!this.#is('block-end')) this.#refuse('did not find expected key', start);
    this.#scanner.take();
  }

  *#flowSequence(): Generator<Node> {
    const { start } = this.#scanner.take();
    for (let first = true; !this.#is('flow-sequence-end'); first = false) {
      if (!first) {
        if (!this.#is('flow-entry')) this.#refuse("did not find expected ',' or ']'", start);
        this.#scanner.take();
        if (this.#is('flow-sequence-end')) break;
      }
      yield this.#is('key') ? this.#pairInSequence() : this.#node(false, false);
    }
    this.#scanner.take();
  }

  #pairInSequence(): Node {
    this.#scanner.take();
    const ends = ['flow-entry', 'flow-sequence-end'] as const;
    const key = this.#is('value', ...ends) ? NOTHING : this.#node(false, false);
    let value: Node = NOTHING;
    if (this.#is('value')) {
      this.#scanner.take();
      if (!this.#is(...ends)) value = this.#node(false, false);
    }
    return { kind: 'map', pairs: [[key, value]] };
  }

  *#flowMapping(): Generator<[Node, Node]> {
    const { start } = this.#scanner.take();
    const ends = ['flow-entry', 'flow-mapping-end'] as const;
    for (let first = true; !this.#is('flow-mapping-end'); first = false) {
      if (!first) {
        if (!this.#is('flow-entry')) this.#refuse("did not find expected ',' or '}'", start);
        this.#scanner.take();
        if (this.#is('flow-mapping-end')) break;
      }
      if (!this.#is('key')) {
        yield [this.#node(false, false), NOTHING];
        continue;
      }
      this.#scanner.take();
      const key = this.#is('value', ...ends) ? NOTHING : this.#node(false, false);
      let value: Node = NOTHING;
      if (this.#is('value')) {
        this.#scanner.take();
        if (!this.#is(...ends)) value = this.#node(false, false);
      }
      yield [key, value];
    }
    this.#scanner.take();
  }
}

const SMALL = 400_000;
const LARGE = 4_000_000;

/** How much of a document may come from aliases (`decode.go` `allowedAliasRatio`). */
function allowedRatio(count: number): number {
  if (count <= SMALL) return 0.99;
  if (count >= LARGE) return 0.1;
  return 0.99 - 0.89 * ((count - SMALL) / (LARGE - SMALL));
}

class Decoder {
  readonly #within = new Set<Node>();
  #count = 0;
  #aliased = 0;
  #depth = 0;

  decode(node: Node): unknown {
    this.#count += 1;
    if (this.#depth > 0) this.#aliased += 1;
    if (this.#aliased > 100 && this.#count > 1000) {
      if (this.#aliased / this.#count > allowedRatio(this.#count)) {
        throw new YamlProblem('document contains excessive aliasing', 0);
      }
    }
    switch (node.kind) {
      case 'scalar':
        return resolveScalar(node.text, node.plain, node.tag);
      case 'list':
        return node.items.map((item) => this.decode(item));
      case 'map':
        return this.#map(node.pairs);
      case 'alias':
        return this.#alias(node.name, node.node);
    }
  }

  #alias(name: string, node: Node): unknown {
    if (this.#within.has(node)) {
      throw new YamlProblem(`anchor '${name}' value contains itself`, 0);
    }
    this.#within.add(node);
    this.#depth += 1;
    const value = this.decode(node);
    this.#depth -= 1;
    this.#within.delete(node);
    return value;
  }

  #map(pairs: readonly (readonly [Node, Node])[]): unknown {
    const map = new Map<string, unknown>();
    const merged = new Map<string, unknown>();
    for (const [keyNode, valueNode] of pairs) {
      if (keyNode.kind === 'scalar' && keyNode.plain && keyNode.text === '<<') {
        for (const [key, value] of this.#merge(valueNode)) merged.set(key, value);
        continue;
      }
      const key = this.decode(keyNode);
      const value = this.decode(valueNode);
      map.set(keyText(key, value), value);
    }
    for (const [key, value] of merged) if (!map.has(key)) map.set(key, value);
    return Object.fromEntries(map);
  }

  #merge(node: Node): [string, unknown][] {
    const value = this.decode(node);
    const sources = Array.isArray(value) ? [...(value as unknown[])].reverse() : [value];
    return sources.flatMap((source) => {
      if (typeof source !== 'object' || source === null || Array.isArray(source)) {
        throw new YamlProblem('map merge requires map or sequence of maps as the value', 0);
      }
      return Object.entries(source);
    });
  }
}

/** A key as JSON has it: always text. */
function keyText(key: unknown, value: unknown): string {
  if (typeof key === 'string') return key;
  if (typeof key === 'number' || typeof key === 'boolean') return String(key);
  const type = key === null ? '%!s(<nil>)' : Array.isArray(key) ? 'slice' : 'map';
  const why = `unsupported map key of type: ${type}, key: ${goSyntax(key)}`;
  throw new YamlProblem(`${why}, value: ${goSyntax(value)}`, -1);
}

/** A value as Go's `%+#v` shows it. */
function goSyntax(value: unknown): string {
  if (value === null || value === undefined) return '<nil>';
  if (typeof value === 'string') return goQuote(value);
  if (Array.isArray(value)) return `[]interface {}{${value.map(goSyntax).join(', ')}}`;
  if (typeof value !== 'object') return JSON.stringify(value);
  const fields = Object.entries(value).map(([key, field]) => `"${key}":${goSyntax(field)}`);
  return `map[interface {}]interface {}{${fields.join(', ')}}`;
}
