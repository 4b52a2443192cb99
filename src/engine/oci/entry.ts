/**
 * What a layer says about paths. A layer is a list of entries sorted by path; paths have no slash
 * at either end. Bytes of authored and small files are real. A big model file is a size and a
 * seed: it is hashed by its description, and nobody ever sees its bytes.
 */
export interface Owned {
  /** Permission bits. */
  readonly mode: number;
  readonly uid: number;
  readonly gid: number;
}

export interface FileEntry extends Owned {
  readonly type: 'file';
  readonly content: Uint8Array | ModelContent;
}

/** Simplified: bytes that were never made. */
export interface ModelContent {
  readonly sizeBytes: number;
  readonly seed: string;
}

export interface DirEntry extends Owned {
  readonly type: 'dir';
  /** Hides everything that lower layers have in it: `.wh..wh..opq`. */
  readonly opaque?: true;
}

export interface SymlinkEntry extends Owned {
  readonly type: 'symlink';
  readonly target: string;
}

/** The path is gone, with all below it: `.wh.NAME` (image-spec `layer.md`, whiteouts). */
export interface WhiteoutEntry {
  readonly type: 'whiteout';
}

export type Entry = FileEntry | DirEntry | SymlinkEntry;
export type LayerEntry = Entry | WhiteoutEntry;
export type LayerEntries = readonly (readonly [path: string, entry: LayerEntry])[];

const encoder = new TextEncoder();

export const isModel = (content: Uint8Array | ModelContent): content is ModelContent =>
  !(content instanceof Uint8Array);

export const contentBytes = (content: Uint8Array | ModelContent): number =>
  isModel(content) ? content.sizeBytes : content.length;

/** The bytes of a file; of a model file a line that says what it stands for. */
export const readContent = (content: Uint8Array | ModelContent): Uint8Array =>
  isModel(content) ? modelStandIn(content) : content;

export const modelStandIn = ({ sizeBytes, seed }: ModelContent): Uint8Array =>
  encoder.encode(`model file: ${sizeBytes} bytes of ${seed}\n`);

export const textFile = (text: string, mode = 0o644): FileEntry => ({
  type: 'file',
  mode,
  uid: 0,
  gid: 0,
  content: encoder.encode(text),
});

export const modelFile = (sizeBytes: number, seed: string, mode = 0o755): FileEntry => ({
  type: 'file',
  mode,
  uid: 0,
  gid: 0,
  content: { sizeBytes, seed },
});

export const directory = (mode = 0o755): DirEntry => ({ type: 'dir', mode, uid: 0, gid: 0 });

export const symlink = (target: string): SymlinkEntry => ({
  type: 'symlink',
  mode: 0o777,
  uid: 0,
  gid: 0,
  target,
});

/** By UTF-16 code unit, the order of the world's tables. */
export const byPath = (a: readonly [string, unknown], b: readonly [string, unknown]): number =>
  a[0] < b[0] ? -1 : a[0] > b[0] ? 1 : 0;
