import { digestOf, digestOfText } from '../oci/digest.ts';
import { directory, contentBytes, readContent, type DirEntry, type Entry } from '../oci/entry.ts';
import { entryAt, putEntry, resolveInTree, type FileTree } from '../oci/tree.ts';
import { readTar } from '../oci/tar-read.ts';
import { gunzipSync } from 'fflate';
import { changeMode } from './mode.ts';
import type { FileCopy } from './ops.ts';
import { matchesGlob, readGlob } from './glob.ts';
import { PatternMatcher } from './patterns.ts';

/**
 * COPY and ADD on trees: which files a source names, what they hash to, where they land
 * (moby/buildkit v0.32 `cache/contenthash/checksum.go`, `tarsum.go`,
 * `solver/llbsolver/file/backend.go`; tonistiigi/fsutil `copy/copy.go`).
 */

/** One file or directory a source names: its path in the tree, and whether its name counts. */
interface Root {
  readonly path: string;
  /** Matched by a pattern: its name is a part of the checksum. */
  readonly named: boolean;
}

export const parentOf = (path: string): string => path.slice(0, Math.max(0, path.lastIndexOf('/')));
export const baseOf = (path: string): string => path.slice(path.lastIndexOf('/') + 1);

const hasWildcard = (path: string): boolean => /[*?[]/.test(path.replace(/\\./gs, ''));

/** What a source names, without slash in front; a text when there is no such thing. */
function rootsOf(tree: FileTree, copy: FileCopy): Root[] | string {
  for (const required of copy.required) {
    if (!entryAt(tree, required)) return `"${required}": not found`;
  }
  const { source } = copy;
  if (copy.plain || !hasWildcard(source)) {
    const path = resolveInTree(tree, source);
    if (path === undefined || (path !== '' && !tree.has(path))) {
      return source === '/' ? [{ path: '', named: false }] : `"${source}": not found`;
    }
    return [{ path, named: false }];
  }
  return wildcardRoots(tree, source.slice(1));
}

/** Paths that fit a pattern with as many parts; nothing is no failure. */
function wildcardRoots(tree: FileTree, pattern: string): Root[] {
  const glob = readGlob(pattern);
  if (!glob) return [];
  const literal = pattern.slice(0, pattern.search(/[*?[\\]/));
  const prefix = literal.slice(0, literal.lastIndexOf('/') + 1);
  const depth = pattern.split('/').length;
  const roots: Root[] = [];
  for (const [path] of tree.withPrefix(prefix)) {
    if (path.split('/').length === depth && matchesGlob(glob, path)) {
      roots.push({ path, named: true });
    }
  }
  return roots;
}

/** A file, directory or link below a root, by its path from there; `''` is the root itself. */
interface Picked {
  readonly at: string;
  readonly entry: Entry;
}

/** A root with all below it, but for what is excluded. */
function below(tree: FileTree, root: Root, copy: FileCopy): Picked[] {
  const own = root.path === '' ? undefined : followed(tree, root.path);
  if (own && own.type !== 'dir') return [{ at: '', entry: own }];
  const at = own && root.path !== '' ? (resolveInTree(tree, `/${root.path}`) ?? root.path) : '';
  const prefix = at === '' ? '' : `${at}/`;
  const include = copy.include.length > 0 ? PatternMatcher.read(copy.include) : undefined;
  const exclude = copy.exclude.length > 0 ? PatternMatcher.read(copy.exclude) : undefined;
  const all: Picked[] = [];
  for (const [path, entry] of tree.withPrefix(prefix)) {
    const from = path.slice(prefix.length);
    if (typeof include === 'object' && !include.matches(from)) continue;
    if (typeof exclude === 'object' && exclude.matches(from)) continue;
    all.push({ at: from, entry });
  }
  const top: Picked = { at: '', entry: own ?? directory() };
  return copy.include.length > 0 ? withParents(tree, prefix, all, top) : [top, ...all];
}

/** Directories above files that a pattern let in. */
function withParents(tree: FileTree, prefix: string, files: readonly Picked[], top: Picked) {
  const all = new Map<string, Picked>([['', top]]);
  for (const file of files) {
    const parts = file.at.split('/');
    for (let n = 1; n < parts.length; n++) {
      const at = parts.slice(0, n).join('/');
      const entry = tree.get(prefix + at) ?? directory();
      if (!all.has(at)) all.set(at, { at, entry });
    }
    all.set(file.at, file);
  }
  return [...all.values()];
}

const followed = (tree: FileTree, path: string): Entry | undefined => entryAt(tree, `/${path}`);

const headerOf = (entry: Entry): string => {
  const owner = `${entry.mode.toString(8)} ${entry.uid} ${entry.gid}`;
  if (entry.type === 'dir') return `dir ${owner}`;
  if (entry.type === 'symlink') return `link ${owner} ${entry.target}`;
  const { content } = entry;
  return `file ${owner} ${contentBytes(content)} ${digestOf(readContent(content))}`;
};

export type Checksum =
  | { readonly ok: true; readonly digest: string; readonly bytes: number }
  /** `"/nope": not found`. */
  | { readonly ok: false; readonly message: string };

/**
 * The checksum of what a copy takes: names (but that of a file named alone), modes, owners, links and
 * contents; never times.
 */
export function checksumOf(tree: FileTree, copy: FileCopy): Checksum {
  const roots = rootsOf(tree, copy);
  if (typeof roots === 'string') return { ok: false, message: roots };
  const rows: string[] = [];
  let bytes = 0;
  for (const root of roots) {
    for (const { at, entry } of below(tree, root, copy)) {
      if (entry.type === 'file') bytes += contentBytes(entry.content);
      rows.push(`${root.named ? root.path : ''} ${at} ${headerOf(entry)}`);
    }
  }
  return { ok: true, digest: digestOfText(rows.join('\n')), bytes };
}

/** The checksum of one path, as a whole; links on the way are followed. */
export const checksumAt = (tree: FileTree, path: string): Checksum =>
  checksumOf(tree, {
    ...{ do: 'copy', from: 0, source: path, destination: '', mode: '', owner: '' },
    ...{ include: [], exclude: [], required: [], unpack: false, plain: true },
  });

export interface Owner {
  readonly uid: number;
  readonly gid: number;
}

export type Changed =
  | { readonly ok: true; readonly tree: FileTree; readonly bytes: number }
  | { readonly ok: false; readonly message: string };

/** The tree with a directory and all above it; what is in the way is a failure. */
export function withDirectories(
  tree: FileTree,
  path: string,
  entry: DirEntry = directory(),
): FileTree {
  let result = tree;
  const parts = path.split('/').filter((part) => part !== '');
  for (let n = 1; n <= parts.length; n++) {
    const at = parts.slice(0, n).join('/');
    if (result.get(at) === undefined) result = result.set(at, entry);
  }
  return result;
}

/** How files change on their way. */
interface Change {
  readonly owner: Owner | undefined;
  readonly mode: string;
}

const changed = (entry: Entry, { owner, mode }: Change): Entry => {
  const own = owner ? { ...entry, ...owner } : entry;
  if (mode === '' || entry.type === 'symlink') return own;
  return { ...own, mode: changeMode(entry.mode, mode, entry.type === 'dir') };
};

/** The tree after a copy from another, or from itself. */
export function copyInto(
  tree: FileTree,
  from: FileTree,
  copy: FileCopy,
  owner: Owner | undefined,
): Changed {
  const roots = rootsOf(from, copy);
  if (typeof roots === 'string') return { ok: false, message: roots };
  const change: Change = { owner, mode: copy.mode };
  const target = directoryOf(tree, copy.destination, owner);
  let result = target.tree;
  let bytes = 0;
  for (const root of roots) {
    const own = root.path === '' ? undefined : followed(from, root.path);
    if (copy.unpack && own?.type === 'file') {
      const unpacked = unpack(result, own, target.path, owner);
      if (unpacked) {
        result = unpacked;
        continue;
      }
    }
    const picked = below(from, root, copy);
    const placed = place(result, picked, baseOf(root.path), target.path, change);
    if (!placed.ok) return placed;
    result = placed.tree;
    bytes += placed.bytes;
  }
  return { ok: true, tree: result, bytes };
}

/** Where a destination leads; with a slash at its end it is a directory, made when it is missing. */
function directoryOf(tree: FileTree, destination: string, owner: Owner | undefined) {
  const isDirectory = /\/\.?$/.test(destination);
  const plain = destination.replace(/\/\.?$/, '');
  const path = resolveInTree(tree, plain) ?? plain.slice(1);
  const made: DirEntry = { ...directory(), ...owner };
  return { path, tree: withDirectories(tree, isDirectory ? path : parentOf(path), made) };
}

function place(
  tree: FileTree,
  picked: readonly Picked[],
  name: string,
  target: string,
  change: Change,
): Changed {
  let result = tree;
  let bytes = 0;
  const [top] = picked;
  const isDirectory = top?.entry.type === 'dir';
  const there = target === '' ? directory() : entryAt(tree, `/${target}`);
  // A file goes into a directory under its own name; a directory's contents go there as they are.
  const root = !isDirectory && there?.type === 'dir' ? join(target, name) : target;
  if (isDirectory && there && there.type !== 'dir') {
    return { ok: false, message: `cannot copy to non-directory: /${target}` };
  }
  for (const { at, entry } of picked) {
    const path = join(root, at);
    if (path === '') continue;
    const before = result.get(path);
    if (entry.type === 'dir') {
      const keep = before?.type === 'dir' && at === '';
      if (!keep) result = putEntry(result, path, changed(entry, change));
      continue;
    }
    if (before?.type === 'dir') {
      return { ok: false, message: `cannot replace to directory /${path} with file` };
    }
    if (entry.type === 'file') bytes += contentBytes(entry.content);
    result = putEntry(withDirectories(result, parentOf(path)), path, changed(entry, change));
  }
  return { ok: true, tree: result, bytes };
}

/** What is below a path, links on the way followed, and the path itself as `''`. */
export function subtree(tree: FileTree, path: string): readonly (readonly [string, Entry])[] {
  const at = resolveInTree(tree, path);
  if (at === undefined) return [];
  const own = at === '' ? directory() : tree.get(at);
  const prefix = at === '' ? '' : `${at}/`;
  const below = [...tree.withPrefix(prefix)].map(
    ([key, entry]) => [key.slice(prefix.length), entry] as const,
  );
  return own ? [['', own], ...below] : below;
}

export const join = (...parts: readonly string[]): string =>
  parts.filter((part) => part !== '').join('/');

/** A file of its own, as a heredoc or a download makes it. */
export function writeInto(
  tree: FileTree,
  file: { readonly name: string; readonly entry: Entry },
  destination: string,
  mode: string,
  owner: Owner | undefined,
): Changed {
  const target = directoryOf(tree, destination, owner);
  const picked = [{ at: '', entry: file.entry }];
  return place(target.tree, picked, file.name, target.path, { owner, mode });
}

/** An archive's files, put into a directory; undefined when the file is no archive. */
function unpack(
  tree: FileTree,
  file: Entry,
  target: string,
  owner: Owner | undefined,
): FileTree | undefined {
  if (file.type !== 'file' || !(file.content instanceof Uint8Array)) return undefined;
  const bytes = unzip(file.content);
  if (!bytes || !isTar(bytes)) return undefined;
  const archive = readTar(bytes);
  if (!archive.ok) return undefined;
  let result = withDirectories(tree, target);
  for (const [path, entry] of archive.value) {
    if (entry.type === 'whiteout') continue;
    const at = join(target, path);
    result = putEntry(
      withDirectories(result, parentOf(at)),
      at,
      owner ? { ...entry, ...owner } : entry,
    );
  }
  return result;
}

function unzip(bytes: Uint8Array): Uint8Array | undefined {
  if (bytes[0] !== 0x1f || bytes[1] !== 0x8b) return bytes;
  try {
    return gunzipSync(bytes);
  } catch {
    return undefined;
  }
}

/** `ustar` at its place in the first header. */
const isTar = (bytes: Uint8Array): boolean =>
  bytes.length >= 512 && String.fromCharCode(...bytes.slice(257, 262)) === 'ustar';
