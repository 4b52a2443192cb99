import { isMap, isScalar, isSeq, LineCounter, parseDocument, type Node, type YAMLMap } from 'yaml';
import type { ClaimFault } from './judge.ts';

/** A YAML text whose values know their lines. Faults are collected, none is thrown. */
export class YamlReader {
  readonly faults: ClaimFault[] = [];
  readonly root: unknown;
  readonly #lines = new LineCounter();

  constructor(text: string) {
    const document = parseDocument(text, { lineCounter: this.#lines });
    this.root = document.contents;
    for (const error of document.errors) {
      const { line } = this.#lines.linePos(error.pos[0]);
      const what = error.message.split('\n')[0] ?? 'The YAML cannot be read.';
      this.faults.push({ line, what, remedy: 'Correct the YAML.' });
    }
  }

  lineOf(node: unknown): number {
    const start = (node as Node | null | undefined)?.range?.[0];
    return start === undefined ? 1 : this.#lines.linePos(start).line;
  }

  fault(node: unknown, what: string, remedy: string): void {
    this.faults.push({ line: this.lineOf(node), what, remedy });
  }

  /** The fields of a mapping; `undefined`, and a fault at `parent`, for anything else. */
  fields(node: unknown, name: string, parent: unknown = node): Fields | undefined {
    if (isMap(node)) return new Fields(this, node, name);
    this.fault(node ?? parent, `${name} is no mapping.`, 'Write its keys below it.');
    return undefined;
  }

  /** The items of a list that has some; none, and a fault, for anything else. */
  items(node: unknown, name: string, parent: unknown = node): readonly unknown[] {
    if (isSeq(node) && node.items.length > 0) return node.items;
    this.fault(node ?? parent, `${name} is no list.`, 'Write at least one item, after "- ".');
    return [];
  }
}

/** A mapping whose keys are asked for; those nobody asks for are faults. */
export class Fields {
  readonly node: YAMLMap;
  readonly line: number;
  readonly #reader: YamlReader;
  readonly #name: string;
  readonly #asked = new Set<string>();

  constructor(reader: YamlReader, node: YAMLMap, name: string) {
    this.#reader = reader;
    this.node = node;
    this.line = reader.lineOf(node);
    this.#name = name;
  }

  get keys(): readonly string[] {
    return this.node.items.map(({ key }) => (isScalar(key) ? String(key.value) : ''));
  }

  /** The value of a key, as it stands in the document. */
  take(key: string): unknown {
    this.#asked.add(key);
    return this.node.get(key, true);
  }

  /** A text that is not empty; '' and a fault for anything else. */
  text(key: string): string {
    const node = this.take(key);
    const value = isScalar(node) ? node.value : undefined;
    if (typeof value === 'string' && value.trim() !== '') return value;
    this.#reader.fault(
      node ?? this.node,
      `${this.#name} has no text "${key}".`,
      `Write "${key}: …".`,
    );
    return '';
  }

  /** What a key holds when it is there and a scalar. */
  scalar(key: string): unknown {
    const node = this.take(key);
    return isScalar(node) ? node.value : undefined;
  }

  /** Tells of the keys that nobody asked for. */
  end(): void {
    for (const { key } of this.node.items) {
      const name = isScalar(key) ? String(key.value) : '';
      if (this.#asked.has(name)) continue;
      const known = [...this.#asked].join(', ');
      const what = `${this.#name} has the unknown key "${name}".`;
      this.#reader.fault(key, what, `Remove it; known are ${known}.`);
    }
  }
}
