import {
  isAlias,
  isMap,
  isScalar,
  isSeq,
  LineCounter,
  parseAllDocuments,
  type Document,
  type Node,
  type Pair,
  type YAMLMap,
} from 'yaml';

/** Lines and columns are counted from 1; the end is excluded. */
interface Place {
  readonly line: number;
  readonly column: number;
  readonly endLine: number;
  readonly endColumn: number;
}

/** A place in a document: names of fields and numbers of items. */
type Path = readonly string[];

/**
 * Where in the text of a YAML stream things stand. What is wrong is told by other readers, the tools'
 * own, which know fields or lines alone: this one only finds the place.
 */
export class YamlPlaces {
  readonly #text: string;
  readonly #lines = new LineCounter();
  readonly #documents: readonly Document[];

  constructor(text: string) {
    this.#text = text;
    const read = parseAllDocuments(text, { lineCounter: this.#lines, uniqueKeys: false });
    this.#documents = Array.isArray(read) ? read : [];
  }

  /** Where a document stops being YAML; undefined when it is. */
  syntax(document: number): Place | undefined {
    const [first] = this.#documents[document]?.errors ?? [];
    if (!first) return undefined;
    const [from, to] = first.pos;
    return this.#between(from, Math.max(to, from + 1));
  }

  /**
   * Where a field stands, or the nearest one above it that is there.
   *
   * @param what the name of the field that is refused, or what it holds
   */
  field(document: number, path: Path, what: 'name' | 'value'): Place {
    const root = this.#documents[document]?.contents;
    let here = { key: undefined as Node | undefined, value: root ?? undefined };
    for (const segment of path) {
      const next = below(here.value, segment);
      if (!next) return this.#placeOf(here.key ?? firstKey(here.value));
      here = next;
    }
    const value = isScalar(here.value) ? here.value : undefined;
    return this.#placeOf(what === 'value' ? (value ?? here.key) : (here.key ?? here.value));
  }

  /** A whole line, without what indents it. */
  line(number: number): Place {
    const text = this.#text.split('\n')[number - 1] ?? '';
    const column = text.length - text.trimStart().length + 1;
    const endColumn = Math.max(text.trimEnd().length, column) + 1;
    return { line: number, column, endLine: number, endColumn };
  }

  #placeOf(node: Node | undefined): Place {
    const [from = 0, to = from] = node?.range ?? [];
    return this.#between(from, to);
  }

  #between(from: number, to: number): Place {
    const last = this.#text.length;
    const start = this.#lines.linePos(Math.min(from, last));
    const end = this.#lines.linePos(Math.min(Math.max(to, from), last));
    return {
      line: Math.max(1, start.line),
      column: Math.max(1, start.col),
      endLine: Math.max(1, end.line),
      endColumn: Math.max(1, end.col),
    };
  }
}

interface Found {
  readonly key: Node | undefined;
  readonly value: Node | undefined;
}

/** The tools that name no items, Go's JSON reader among them, mean the first that has such a field. */
function below(value: Node | undefined, segment: string): Found | undefined {
  if (isAlias(value)) return undefined;
  if (isMap(value)) return pairOf(value, segment);
  if (!isSeq(value)) return undefined;
  const items = value.items as Node[];
  if (/^\d+$/.test(segment)) {
    const item = items[Number(segment)];
    return item && { key: firstKey(item), value: item };
  }
  for (const item of items) {
    const found = isMap(item) ? pairOf(item, segment) : undefined;
    if (found) return found;
  }
  return undefined;
}

function pairOf({ items }: YAMLMap, name: string): Found | undefined {
  const pairs = items as Pair<Node, Node | null>[];
  // A name that stands twice is meant where it stands again.
  const pair = pairs.findLast(({ key }) => isScalar(key) && String(key.value) === name);
  return pair && { key: pair.key, value: pair.value ?? undefined };
}

function firstKey(value: Node | undefined): Node | undefined {
  if (!isMap(value)) return value;
  return (value.items[0] as Pair<Node, Node | null> | undefined)?.key ?? value;
}

/** `spec.containers[0].ports` and `labels[a.b]` as the names and numbers in it. */
export function pathOf(text: string): string[] {
  const segments = text.match(/\[[^\]]*\]|[^.[\]]+/g) ?? [];
  return segments.map((one) => (one.startsWith('[') ? one.slice(1, -1) : one));
}
