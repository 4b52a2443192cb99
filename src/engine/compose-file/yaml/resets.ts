import { fail } from '../failure.ts';
import type { MapNode, Node, Sequence } from './node.ts';
import type { Path } from '../tree/path-table.ts';

/**
 * Takes the tags `!reset` and `!override` out of a document and notes where they stood; on the way
 * it refuses keys that are written twice, anchors that hold themselves and documents without end
 * (compose-go v2.13 `loader/reset.go`).
 */
const VISIT_LIMIT = 100_000;

interface Resolved {
  readonly node: Node | undefined;
  readonly marks: readonly Path[];
}

export class ResetPass {
  private visits = 0;
  private readonly seen = new Map<Node, Path[]>();
  private readonly resolved = new Map<Node, Resolved>();

  /** Gives the document without them and the places that later files' values replace. */
  run(root: Node): { root: Node | undefined; marks: Path[] } {
    const { node, marks } = this.resolve(root, []);
    return { root: node, marks: [...marks] };
  }

  /** Marks are relative to the node. */
  private resolve(node: Node, path: Path): Resolved {
    this.visits += 1;
    if (this.visits > VISIT_LIMIT) {
      fail(`compose file exceeds maximum node visit limit (${VISIT_LIMIT})`);
    }
    if (node.kind === 'alias') {
      this.refuseCycle(node.target, path);
      const { target } = node;
      if (target.kind === 'alias' || isMark(target)) return this.resolve(target, path);
      const { marks } = target.kind === 'scalar' ? { marks: [] } : this.container(target, path);
      return { node, marks };
    }
    if (node.tag === '!reset') return { node: undefined, marks: [[]] };
    if (node.tag === '!override') return { node, marks: [[]] };
    return node.kind === 'scalar' ? { node, marks: [] } : this.container(node, path);
  }

  private container(node: Sequence | MapNode, path: Path): Resolved {
    const known = this.resolved.get(node);
    if (known) return known;
    const marks: Path[] = [];
    if (node.kind === 'sequence') this.sequence(node, path, marks);
    else this.mapping(node, path, marks);
    const result = { node, marks };
    this.resolved.set(node, result);
    return result;
  }

  private sequence(node: Sequence, path: Path, marks: Path[]): void {
    const items: Node[] = [];
    for (const [index, item] of node.items.entries()) {
      const one = this.resolve(item, [...path, String(index)]);
      marks.push(...one.marks.map((mark) => [String(index), ...mark]));
      if (one.node) items.push(item.kind === 'alias' ? item : one.node);
    }
    node.items = items;
  }

  private mapping(node: MapNode, path: Path, marks: Path[]): void {
    const lines = new Map<string, number>();
    const pairs: MapNode['pairs'] = [];
    for (const { key, value } of node.pairs) {
      const name = key.kind === 'scalar' ? key.text : '';
      const before = lines.get(name);
      if (before !== undefined) {
        const quoted = JSON.stringify(name);
        fail(`line ${key.line}: mapping key ${quoted} already defined at line ${before}`);
      }
      lines.set(name, key.line);
      const step = name === '<<' ? [] : [name];
      const one = this.resolve(value, [...path, ...step]);
      marks.push(...one.marks.map((mark) => [...step, ...mark]));
      if (one.node) pairs.push({ key, value: value.kind === 'alias' ? value : one.node });
    }
    node.pairs = pairs;
  }

  /** An anchor met again below itself; the same anchor in two services is none. */
  private refuseCycle(target: Node, path: Path): void {
    const before = this.seen.get(target) ?? [];
    for (const known of before) {
      const inside = startsWith(path, known) || startsWith(known, path);
      if (inside && path.length !== known.length && !inDifferentServices(path, known)) {
        const [here, there] = [path.join('.'), known.join('.')];
        fail(`cycle detected: node at path ${here} references node at path ${there}`);
      }
    }
    this.seen.set(target, [...before, path]);
  }
}

const isMark = ({ tag }: Node): boolean => tag === '!reset' || tag === '!override';

const startsWith = (path: Path, head: Path): boolean => head.every((part, at) => path[at] === part);

function inDifferentServices(one: Path, other: Path): boolean {
  return one[0] === 'services' && other[0] === 'services' && one[1] !== other[1];
}
