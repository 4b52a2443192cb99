import type { Kernel } from '../sim/kernel.ts';
import type { Table } from '../sim/store.ts';
import { contentBytes, directory, type Entry } from '../oci/entry.ts';
import { EMPTY_TREE, type FileTree } from '../oci/tree.ts';
import type { ContextFile } from './api.ts';
import { parentOf, withDirectories } from './files.ts';

/**
 * Files that clients sent: the context of each running build as a tree, and what the last build of
 * its kind had, since only what changed is sent again (tonistiigi/fsutil `send.go`).
 */
const keyOf = (machine: string, build: string, context: string): string =>
  `${machine} ${build} ${context}`;

export interface Transfer {
  readonly bytes: number;
}

/** Model figure: what is told of each path, whether or not its bytes are sent. */
const STAT_BYTES = 32;

export class Contexts {
  readonly #trees: Table<string, FileTree>;
  readonly #sent: Table<string, FileTree>;

  constructor(kernel: Kernel) {
    this.#trees = kernel.store.table<FileTree>('build/contexts');
    this.#sent = kernel.store.table<FileTree>('build/sent');
  }

  open(
    machine: string,
    build: string,
    contexts: Readonly<Record<string, readonly ContextFile[]>>,
  ): void {
    for (const [name, files] of Object.entries(contexts)) {
      this.#trees.set(keyOf(machine, build, name), treeOf(files));
    }
  }

  close(machine: string, build: string): void {
    for (const [key] of [...this.#trees.withPrefix(`${machine} ${build} `)]) {
      this.#trees.delete(key);
    }
  }

  /** Somebody builds. */
  isOpen(machine: string): boolean {
    return !this.#trees.withPrefix(`${machine} `).next().done;
  }

  tree(machine: string, build: string, context: string): FileTree {
    return this.#trees.get(keyOf(machine, build, context)) ?? EMPTY_TREE;
  }

  /** What is sent of a context; then the builder has it. */
  transfer(machine: string, build: string, context: string, paths: readonly string[]): Transfer {
    const tree = this.tree(machine, build, context);
    const before = this.#sent.get(`${machine} ${context}`) ?? EMPTY_TREE;
    const wanted = [...tree.withPrefix('')].filter(([path]) => isWanted(path, paths));
    let bytes = 0;
    for (const [path, entry] of wanted) {
      if (before.get(path) === undefined || !sameEntry(before.get(path)!, entry)) {
        if (entry.type === 'file') bytes += contentBytes(entry.content);
      } else bytes += STAT_BYTES;
    }
    this.#sent.set(`${machine} ${context}`, tree);
    return { bytes };
  }
}

/** Paths that the build names, whatever pattern they have, and all below them. */
function isWanted(path: string, paths: readonly string[]): boolean {
  return paths.some((wanted) => {
    const literal = wanted.slice(1).replace(/[*?[\\].*$/s, '');
    return literal === '' || path === literal || path.startsWith(literal);
  });
}

function sameEntry(a: Entry, b: Entry): boolean {
  if (a === b) return true;
  if (a.type !== b.type || a.mode !== b.mode) return false;
  if (a.type !== 'file' || b.type !== 'file') return true;
  const [one, other] = [a.content, b.content];
  if (!(one instanceof Uint8Array) || !(other instanceof Uint8Array)) return one === other;
  return one.length === other.length && one.every((byte, i) => byte === other[i]);
}

function treeOf(files: readonly ContextFile[]): FileTree {
  let tree = EMPTY_TREE;
  for (const { path, entry } of files) {
    tree = withDirectories(tree, parentOf(path), directory()).set(path, entry);
  }
  return tree;
}
