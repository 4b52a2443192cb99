/**
 * Rules by place in a document. A pattern is the dotted way to a value, `*` for any key and `[]`
 * for a place in a list (compose-go v2.13 `tree/path.go`); the rule of a place is that of the
 * pattern of the same length that fits it, a name before a `*`.
 */
export type Path = readonly string[];

/** The segment of an element of a list. */
export const ELEMENT = '[]';

interface Node<T> {
  readonly next: Map<string, Node<T>>;
  rule?: { readonly value: T };
}

export class PathTable<T> {
  private readonly root: Node<T> = { next: new Map() };

  constructor(rules: Readonly<Record<string, T>>) {
    for (const [pattern, value] of Object.entries(rules)) {
      let node = this.root;
      for (const part of pattern.split('.')) {
        const known = node.next.get(part) ?? { next: new Map<string, Node<T>>() };
        node.next.set(part, known);
        node = known;
      }
      node.rule = { value };
    }
  }

  get(path: Path): T | undefined {
    return find(this.root, path, 0)?.value;
  }
}

function find<T>(node: Node<T>, path: Path, at: number): { readonly value: T } | undefined {
  const part = path[at];
  if (part === undefined) return node.rule;
  for (const key of [part, '*']) {
    const next = node.next.get(key);
    const rule = next && find(next, path, at + 1);
    if (rule) return rule;
  }
  return undefined;
}

export const pathText = (path: Path): string => path.join('.');
