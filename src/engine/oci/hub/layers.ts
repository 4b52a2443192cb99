import { byPath, directory, modelFile, symlink, textFile, type LayerEntry } from '../entry.ts';
import { makeLayer, makeModelLayer, type Layer } from '../layer.ts';

/**
 * How the catalogue writes down what is in a layer: by path, directories above it taken for
 * granted. A number is a model file of that many bytes, a text a small real file, `-> target` a
 * symbolic link, `dir` a directory. Paths that end in `!` are executable, and so is every file in a
 * directory named bin or sbin.
 */
export type Contents = Readonly<Record<string, string | number | LayerEntry>>;

const DIR = directory();

/** `compressedBytes` is the model figure of the blob; without model files the real one counts. */
export function layer(contents: Contents, compressedBytes: number, seed: string): Layer {
  const entries = entriesOf(contents, seed);
  const model = entries.some(([, e]) => e.type === 'file' && !(e.content instanceof Uint8Array));
  return model ? makeModelLayer(entries, compressedBytes) : makeLayer(entries);
}

function entriesOf(contents: Contents, seed: string): [string, LayerEntry][] {
  const entries = new Map<string, LayerEntry>();
  for (const [written, what] of Object.entries(contents)) {
    const path = written.replace(/!$/, '');
    for (let at = path.indexOf('/'); at > 0; at = path.indexOf('/', at + 1)) {
      const above = path.slice(0, at);
      if (!entries.has(above)) entries.set(above, DIR);
    }
    const executable = written.endsWith('!') || /(^|\/)s?bin\/[^/]+$/.test(path);
    entries.set(path, entryOf(path, what, executable, seed));
  }
  // What lies behind a link to a directory is written where the link leads.
  return [...entries].sort(byPath);
}

function entryOf(
  path: string,
  what: string | number | LayerEntry,
  executable: boolean,
  seed: string,
): LayerEntry {
  if (typeof what === 'object') return what;
  const mode = executable ? 0o755 : 0o644;
  if (typeof what === 'number') return modelFile(what, `${seed}/${path}`, mode);
  if (what === 'dir') return DIR;
  if (what.startsWith('-> ')) return symlink(what.slice(3));
  return textFile(what, mode);
}

/** Model files of one size: `usr/bin/` and many names. */
export const files = (prefix: string, names: string, bytes: number): Contents =>
  Object.fromEntries(names.split(/\s+/).map((name) => [`${prefix}${name}`, bytes]));

/** Links of many names to one target. */
export const links = (prefix: string, names: string, target: string): Contents =>
  Object.fromEntries(names.split(/\s+/).map((name) => [`${prefix}${name}`, `-> ${target}`]));

export const dirs = (names: string): Contents =>
  Object.fromEntries(names.split(/\s+/).map((name) => [name, 'dir']));

export const TMP: LayerEntry = directory(0o1777);

/** An entry that belongs to another user. */
export const owned = (entry: LayerEntry, uid: number, gid = uid): LayerEntry =>
  entry.type === 'whiteout' ? entry : { ...entry, uid, gid };

/** Sum of the unpacked bytes: what is missing up to a figure is one model file at `path`. */
export function filledTo(totalBytes: number, path: string, contents: Contents): Contents {
  let sum = 0;
  for (const what of Object.values(contents)) {
    if (typeof what === 'number') sum += what;
    else if (typeof what === 'string') sum += what.length;
  }
  return { ...contents, [path]: Math.max(0, totalBytes - sum) };
}

/** Computes once for each key: layers and images are the same in every world. */
export function memo<T>(make: (key: string) => T): (key: string) => T {
  const made = new Map<string, T>();
  return (key) => {
    let value = made.get(key);
    if (value === undefined) made.set(key, (value = make(key)));
    return value;
  };
}
