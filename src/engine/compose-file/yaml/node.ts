import {
  isAlias,
  isMap,
  isScalar,
  isSeq,
  LineCounter,
  parseAllDocuments,
  type Document,
} from 'yaml';
import { fail } from '../failure.ts';
import { scalarValue } from './scalar.ts';
import { YamlSyntaxError } from './syntax-error.ts';

/** A document as nodes, aliases not yet followed: an alias holds the node it stands for. */
export type Node = Scalar | Sequence | MapNode | Alias;

interface Placed {
  readonly line: number;
  /** `!reset`, `!override` or another tag of the document's own. */
  readonly tag?: string;
}

export interface Scalar extends Placed {
  readonly kind: 'scalar';
  readonly text: string;
  readonly value: unknown;
  readonly plain: boolean;
}

export interface Sequence extends Placed {
  readonly kind: 'sequence';
  items: Node[];
}

export interface MapNode extends Placed {
  readonly kind: 'mapping';
  pairs: { readonly key: Node; readonly value: Node }[];
}

export interface Alias extends Placed {
  readonly kind: 'alias';
  readonly target: Node;
}

/** The documents of a text; fails with go-yaml's words when it is no YAML. */
export function readDocuments(text: string): Node[] {
  const lines = new LineCounter();
  const parsed = parseAllDocuments(text, {
    schema: 'failsafe',
    version: '1.2',
    uniqueKeys: false,
    prettyErrors: false,
    logLevel: 'silent',
    lineCounter: lines,
  });
  if (!Array.isArray(parsed)) return [];
  const documents = parsed as Document.Parsed[];
  for (const document of documents) {
    const [error] = document.errors;
    if (error) throw YamlSyntaxError.of(error, text, lines);
  }
  return documents
    .filter((document) => document.contents !== null)
    .map((document) => new Reader(document, lines).read(document.contents));
}

class Reader {
  private readonly document: Document.Parsed;
  private readonly lines: LineCounter;
  private readonly known = new Map<unknown, Node>();

  constructor(document: Document.Parsed, lines: LineCounter) {
    this.document = document;
    this.lines = lines;
  }

  read(source: unknown): Node {
    const known = this.known.get(source);
    if (known) return known;
    const line = this.lineOf(source);
    if (isAlias(source)) return this.readAlias(source, line);
    const tag = this.tagOf(source);
    if (isMap(source)) {
      const node: MapNode = { kind: 'mapping', line, ...tag, pairs: [] };
      this.known.set(source, node);
      for (const { key, value } of source.items) {
        node.pairs.push({ key: this.read(key), value: this.read(value) });
      }
      return node;
    }
    if (isSeq(source)) {
      const node: Sequence = { kind: 'sequence', line, ...tag, items: [] };
      this.known.set(source, node);
      for (const item of source.items) node.items.push(this.read(item));
      return node;
    }
    return this.readScalar(source, line, tag);
  }

  private readScalar(source: unknown, line: number, tag: { tag?: string }): Scalar {
    if (!isScalar(source)) return { kind: 'scalar', text: '', value: null, plain: true, line };
    const text = typeof source.value === 'string' ? source.value : '';
    const plain = source.type === 'PLAIN' || source.type === undefined;
    const value = scalarValue(text, plain, tag.tag);
    if (value === undefined) {
      fail(`yaml: construct errors: line ${line}: cannot construct \`${text}\` as a ${tag.tag}`);
    }
    const node: Scalar = { kind: 'scalar', line, text, value, plain, ...tag };
    this.known.set(source, node);
    return node;
  }

  private readAlias(source: { source: string; resolve: (d: Document) => unknown }, line: number) {
    const target = source.resolve(this.document);
    if (!target) {
      fail(
        `go-yaml load error in composer at L${line}: unknown anchor '${source.source}' referenced`,
      );
    }
    return { kind: 'alias', line, target: this.read(target) } as const;
  }

  private tagOf(source: unknown): { tag?: string } {
    const tag = (source as { tag?: string } | null)?.tag;
    return tag === undefined ? {} : { tag };
  }

  private lineOf(source: unknown): number {
    const range = (source as { range?: [number, number, number] } | null)?.range;
    return range ? this.lines.linePos(range[0]).line : 0;
  }
}
