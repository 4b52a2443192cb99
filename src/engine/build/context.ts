import { matchesGlob, readGlob, type Glob } from './glob.ts';
import type { DirEntry, Entry, FileEntry } from '../oci/entry.ts';
import { contentBytes, directory, readContent } from '../oci/entry.ts';
import { digestOf, digestOfText } from '../oci/digest.ts';
import { entryAt, putEntry, resolveInTree, type FileTree } from '../oci/tree.ts';

/** COPY and ADD: which files a source names, what they hash to, where they land. */
export interface ContextFile {
  /** Relative to the context's root. */
  readonly path: string;
  readonly entry: FileEntry;
}

export interface CopySpec {
  readonly sources: readonly string[];
  /** Absolute; with a slash at the end it is a directory. */
  readonly destination: string;
  readonly chmod?: number;
  readonly chown?: { readonly uid: number; readonly gid: number };
}

/** A file on its way: where it is put below the destination, or, alone, as the destination. */
interface Picked {
  readonly name: string;
  readonly file: FileEntry;
  /** From a directory or a pattern: its name counts in the checksum. */
  readonly named: boolean;
}

export type Picking =
  | { readonly ok: true; readonly files: readonly Picked[]; readonly fromDirectory: boolean }
  /** `"/nope": not found`. */
  | { readonly ok: false; readonly message: string };

const clean = (path: string): string =>
  path
    .split('/')
    .reduce<string[]>((parts, part) => {
      if (part === '..') parts.pop();
      else if (part !== '' && part !== '.') parts.push(part);
      return parts;
    }, [])
    .join('/');

const wildcard = (pattern: string): Glob | undefined =>
  /[*?[\\]/.test(pattern) ? readGlob(pattern) : undefined;

export function pickFiles(context: readonly ContextFile[], sources: readonly string[]): Picking {
  const files: Picked[] = [];
  let fromDirectory = false;
  for (const source of sources) {
    const path = clean(source);
    const pattern = wildcard(path);
    const before = files.length;
    const below = (root: string, named: boolean) => {
      const prefix = root === '' ? '' : `${root}/`;
      for (const { path: at, entry } of context) {
        if (at.startsWith(prefix)) {
          files.push({ name: at.slice(prefix.length), file: entry, named });
          fromDirectory = true;
        }
      }
    };
    if (pattern) {
      const roots = new Set<string>();
      for (const { path: at, entry } of context) {
        const parts = at.split('/');
        for (let n = 1; n <= parts.length; n++) {
          const head = parts.slice(0, n).join('/');
          if (!matchesGlob(pattern, head)) continue;
          if (n === parts.length) {
            files.push({ name: parts.at(-1)!, file: entry, named: true });
          } else roots.add(head);
          break;
        }
      }
      for (const root of roots) below(root, true);
    } else {
      const file = context.find(({ path: at }) => at === path);
      if (file) {
        const name = path.slice(path.lastIndexOf('/') + 1);
        files.push({ name, file: file.entry, named: false });
      } else below(path, true);
    }
    if (files.length === before && path !== '') {
      return { ok: false, message: `"/${path}": not found` };
    }
  }
  return { ok: true, files, fromDirectory };
}

/** The content checksum of a copy: names where they count, modes, bytes; never times. */
export function checksum(files: readonly Picked[]): string {
  const rows = files.map(({ name, file, named }) =>
    [named ? name : '', file.mode, digestOf(readContent(file.content))].join(' '),
  );
  return digestOfText(rows.join('\n'));
}

export const copiedBytes = (files: readonly Picked[]): number =>
  files.reduce((sum, { file }) => sum + contentBytes(file.content), 0);

/** The tree after a copy. */
export function copyInto(
  tree: FileTree,
  files: readonly Picked[],
  spec: CopySpec,
  fromDirectory: boolean,
): FileTree {
  const existing = entryAt(tree, spec.destination);
  const isDirectory =
    spec.destination.endsWith('/') || existing?.type === 'dir' || fromDirectory || files.length > 1;
  const root = resolveInTree(tree, spec.destination) ?? clean(spec.destination);
  let result = isDirectory ? withDirectories(tree, root) : tree;
  for (const { name, file } of files) {
    const path = isDirectory ? [root, name].filter((part) => part !== '').join('/') : root;
    result = withDirectories(result, parentOf(path));
    const owner = spec.chown ?? { uid: 0, gid: 0 };
    result = putEntry(result, path, { ...file, ...owner, mode: spec.chmod ?? file.mode });
  }
  return result;
}

export const parentOf = (path: string): string => path.slice(0, Math.max(0, path.lastIndexOf('/')));

/** The tree with a directory and all above it. */
export function withDirectories(
  tree: FileTree,
  path: string,
  entry: DirEntry = directory(),
): FileTree {
  let result = tree;
  const parts = path.split('/').filter((part) => part !== '');
  for (let n = 1; n <= parts.length; n++) {
    const at = parts.slice(0, n).join('/');
    const there: Entry | undefined = result.get(at);
    if (there === undefined) result = result.set(at, entry);
  }
  return result;
}
