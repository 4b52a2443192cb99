import {
  byPath,
  contentBytes,
  isModel,
  modelStandIn,
  type LayerEntries,
  type LayerEntry,
} from './entry.ts';

/**
 * Layers as tar archives in one canonical form, so that equal trees have equal digests: ustar
 * headers (POSIX.1-1988, as GNU tar and Go's archive/tar read them), entries sorted by path,
 * every time stamp 0 (as BuildKit's `rewrite-timestamp` with SOURCE_DATE_EPOCH=0), no user names,
 * a pax header only for a path longer than ustar holds, two zero blocks at the end.
 *
 * Simplified: real builds keep the files' own times, so that two builds of one tree give two
 * digests; here they give one.
 */
export const BLOCK = 512;
const encoder = new TextEncoder();
const NOTHING = new Uint8Array(0);

export const WHITEOUT = '.wh.';
export const OPAQUE = '.wh..wh..opq';

interface Member {
  readonly path: string;
  readonly typeflag: '0' | '2' | '5' | 'x';
  readonly mode: number;
  readonly uid: number;
  readonly gid: number;
  readonly link: string;
  /** The size the header states. */
  readonly size: number;
  readonly bytes: Uint8Array;
}

export const padded = (size: number): number => Math.ceil(size / BLOCK) * BLOCK;

/**
 * The archive of a layer's entries. `sizeBytes` is its length; with model files in it that is more
 * than `bytes` holds, since those hold only the description of such a file.
 */
export function writeTar(entries: LayerEntries): { bytes: Uint8Array; sizeBytes: number } {
  const chunks: Uint8Array[] = [];
  let sizeBytes = 2 * BLOCK;
  for (const [path, entry] of [...entries].sort(byPath)) {
    for (const member of membersOf(path, entry)) {
      chunks.push(header(member), pad(member.bytes));
      sizeBytes += BLOCK + padded(member.size);
    }
  }
  chunks.push(new Uint8Array(2 * BLOCK));
  return { bytes: concat(chunks), sizeBytes };
}

/** A file or a directory (its path ends with a slash) of an archive that is no layer. */
export interface ArchiveFile {
  readonly path: string;
  readonly bytes?: Uint8Array;
  readonly mode?: number;
}

/** An archive of files in the order given, as `docker save` writes it; names count as they are. */
export function writeArchive(files: readonly ArchiveFile[]): Uint8Array {
  const chunks: Uint8Array[] = [];
  for (const { path, bytes = NOTHING, mode } of files) {
    const isDirectory = path.endsWith('/');
    const typeflag = isDirectory ? '5' : '0';
    const plain = { uid: 0, gid: 0, link: '', size: bytes.length, bytes };
    const permissions = mode ?? (isDirectory ? 0o755 : 0o644);
    for (const member of withLongPath({ ...plain, path, typeflag, mode: permissions })) {
      chunks.push(header(member), pad(member.bytes));
    }
  }
  chunks.push(new Uint8Array(2 * BLOCK));
  return concat(chunks);
}

function membersOf(path: string, entry: LayerEntry): Member[] {
  const plain = { mode: 0o644, uid: 0, gid: 0, link: '', size: 0, bytes: NOTHING };
  if (entry.type === 'whiteout') {
    return withLongPath({ ...plain, path: whiteoutPath(path), typeflag: '0' });
  }
  const { mode, uid, gid } = entry;
  const owned = { ...plain, mode, uid, gid };
  switch (entry.type) {
    case 'dir': {
      const members = withLongPath({ ...owned, path: `${path}/`, typeflag: '5' });
      if (!entry.opaque) return members;
      const marker = withLongPath({ ...plain, path: `${path}/${OPAQUE}`, typeflag: '0' });
      return [...members, ...marker];
    }
    case 'symlink':
      return withLongPath({ ...owned, path, typeflag: '2', link: entry.target });
    case 'file': {
      const { content } = entry;
      const bytes = isModel(content) ? modelStandIn(content) : content;
      return withLongPath({ ...owned, path, typeflag: '0', size: contentBytes(content), bytes });
    }
  }
}

function whiteoutPath(path: string): string {
  const at = path.lastIndexOf('/') + 1;
  return `${path.slice(0, at)}${WHITEOUT}${path.slice(at)}`;
}

/** A member that ustar cannot name gets a pax header in front. */
function withLongPath(member: Member): Member[] {
  const fits = splitName(member.path) !== undefined && byteLength(member.link) <= 100;
  if (fits) return [member];
  const records = [paxRecord('path', member.path)];
  if (member.link !== '') records.push(paxRecord('linkpath', member.link));
  const bytes = encoder.encode(records.join(''));
  const short = { ...member, path: member.path.slice(-50), link: member.link.slice(0, 50) };
  return [
    { ...short, path: 'PaxHeaders/x', typeflag: 'x', link: '', size: bytes.length, bytes },
    short,
  ];
}

/** `LENGTH key=value\n`, where LENGTH counts itself. */
function paxRecord(key: string, value: string): string {
  const rest = encoder.encode(` ${key}=${value}\n`).length;
  let length = rest + String(rest).length;
  if (String(length).length !== String(rest).length) length = rest + String(length).length;
  return `${length} ${key}=${value}\n`;
}

const NOT_ASCII = /[^\0-\x7f]/;

/** Of a text as UTF-8; nearly every name is ASCII, and a layer has thousands. */
const byteLength = (text: string): number =>
  NOT_ASCII.test(text) ? encoder.encode(text).length : text.length;

function splitName(path: string): { prefix: string; name: string } | undefined {
  if (byteLength(path) <= 100) return { prefix: '', name: path };
  for (let at = path.indexOf('/'); at !== -1; at = path.indexOf('/', at + 1)) {
    const prefix = path.slice(0, at);
    const name = path.slice(at + 1);
    const fits = byteLength(prefix) <= 155 && byteLength(name) <= 100;
    if (fits && name !== '') return { prefix, name };
  }
  return undefined;
}

function header(member: Member): Uint8Array {
  const block = new Uint8Array(BLOCK);
  const text = (at: number, value: string): void => {
    if (NOT_ASCII.test(value)) block.set(encoder.encode(value), at);
    else for (let i = 0; i < value.length; i++) block[at + i] = value.charCodeAt(i);
  };
  const octal = (at: number, width: number, value: number) =>
    text(at, value.toString(8).padStart(width - 1, '0'));
  const name = splitName(member.path) ?? { prefix: '', name: member.path.slice(-50) };
  text(0, name.name);
  octal(100, 8, member.mode);
  octal(108, 8, member.uid);
  octal(116, 8, member.gid);
  octal(124, 12, member.size);
  octal(136, 12, 0);
  text(148, '        ');
  text(156, member.typeflag);
  text(157, member.link);
  text(257, 'ustar');
  text(263, '00');
  octal(329, 8, 0);
  octal(337, 8, 0);
  text(345, name.prefix);
  let sum = 0;
  for (let i = 0; i < BLOCK; i++) sum += block[i]!;
  text(148, `${sum.toString(8).padStart(6, '0')}\0 `);
  return block;
}

function pad(bytes: Uint8Array): Uint8Array {
  if (bytes.length % BLOCK === 0) return bytes;
  const block = new Uint8Array(padded(bytes.length));
  block.set(bytes);
  return block;
}

export function concat(chunks: readonly Uint8Array[]): Uint8Array {
  const bytes = new Uint8Array(chunks.reduce((sum, chunk) => sum + chunk.length, 0));
  let at = 0;
  for (const chunk of chunks) {
    bytes.set(chunk, at);
    at += chunk.length;
  }
  return bytes;
}
