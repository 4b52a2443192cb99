import {
  byPath,
  modelStandIn,
  type LayerEntries,
  type LayerEntry,
  type ModelContent,
} from './entry.ts';
import { BLOCK, OPAQUE, padded, WHITEOUT } from './tar.ts';

/**
 * Reading tar archives, whoever wrote them: ustar, pax and GNU's long names, in any order. As
 * Go's archive/tar reads them and containerd 2.2 `pkg/archive/tar.go` applies them to a tree.
 *
 * Simplified: devices and FIFOs are passed over; extended attributes and time stamps are not kept.
 */
export type TarFault = 'unexpected EOF' | 'archive/tar: invalid tar header';

export type Archive<T> =
  { readonly ok: true; readonly value: T } | { readonly ok: false; readonly fault: TarFault };

/** One thing in an archive, its path as written. */
export interface TarMember {
  readonly path: string;
  readonly typeflag: string;
  readonly mode: number;
  readonly uid: number;
  readonly gid: number;
  readonly link: string;
  readonly bytes: Uint8Array;
  /** A model file stands there as a line that says what it is. */
  readonly model?: ModelContent;
}

const NOTHING = new Uint8Array(0);
const STAND_IN_BYTES = 512;
const decoder = new TextDecoder();

/** Long names of the member that follows. */
interface Pending {
  path?: string;
  linkpath?: string;
}

export function readMembers(bytes: Uint8Array): Archive<TarMember[]> {
  const members: TarMember[] = [];
  let pending: Pending = {};
  for (let at = 0; at < bytes.length && bytes[at] !== 0;) {
    if (at + BLOCK > bytes.length) return { ok: false, fault: 'unexpected EOF' };
    const block = bytes.subarray(at, at + BLOCK);
    const size = readNumber(block, 124, 12);
    if (!isHeader(block) || size === undefined) {
      return { ok: false, fault: 'archive/tar: invalid tar header' };
    }
    const typeflag = readText(block, 156, 1);
    const model = readStandIn(bytes.subarray(at + BLOCK, at + BLOCK + STAND_IN_BYTES), size);
    if (model) {
      at += BLOCK + padded(modelStandIn(model).length);
      members.push({ ...readMember(block, typeflag, NOTHING, pending), model });
      pending = {};
      continue;
    }
    const body = bytes.slice(at + BLOCK, at + BLOCK + size);
    if (body.length !== size) return { ok: false, fault: 'unexpected EOF' };
    at += BLOCK + padded(size);
    if ('xgLK'.includes(typeflag) && typeflag !== '') {
      const names = longNames(typeflag, body);
      if (!names) return { ok: false, fault: 'archive/tar: invalid tar header' };
      pending = { ...pending, ...names };
      continue;
    }
    members.push(readMember(block, typeflag, body, pending));
    pending = {};
  }
  return { ok: true, value: members };
}

function readMember(
  block: Uint8Array,
  typeflag: string,
  bytes: Uint8Array,
  pending: Pending,
): TarMember {
  const isUstar = readText(block, 257, 5) === 'ustar';
  const prefix = isUstar ? readText(block, 345, 155) : '';
  const name = readText(block, 0, 100);
  return {
    path: pending.path ?? (prefix === '' ? name : `${prefix}/${name}`),
    typeflag,
    mode: (readNumber(block, 100, 8) ?? 0) & 0o7777,
    uid: readNumber(block, 108, 8) ?? 0,
    gid: readNumber(block, 116, 8) ?? 0,
    link: pending.linkpath ?? readText(block, 157, 100),
    bytes,
  };
}

/** The entries of a layer's archive that holds all its bytes. */
export function readTar(bytes: Uint8Array): Archive<LayerEntries> {
  const read = readMembers(bytes);
  return read.ok ? { ok: true, value: entriesOf(read.value) } : read;
}

/** Whiteouts hide what is below their layer only, wherever they stand in the archive. */
export function entriesOf(members: readonly TarMember[]): LayerEntries {
  const entries = new Map<string, LayerEntry>();
  const gone = new Set<string>();
  const opaque = new Set<string>();
  for (const member of members) {
    const path = normalPath(member.path);
    const at = path.lastIndexOf('/') + 1;
    const name = path.slice(at);
    if (name === OPAQUE) opaque.add(path.slice(0, Math.max(at - 1, 0)));
    else if (name.startsWith(`${WHITEOUT}${WHITEOUT}`)) continue;
    else if (name.startsWith(WHITEOUT)) gone.add(path.slice(0, at) + name.slice(WHITEOUT.length));
    else if (path !== '') {
      const entry = entryOf(member, entries);
      if (entry) entries.set(path, entry);
    }
  }
  for (const path of gone) {
    const entry = entries.get(path);
    if (!entry) entries.set(path, { type: 'whiteout' });
    // Gone below, and a directory of that name is made anew: it begins empty.
    else if (entry.type === 'dir') opaque.add(path);
  }
  for (const path of opaque) {
    const entry = entries.get(path);
    if (entry?.type === 'dir') entries.set(path, { ...entry, opaque: true });
    else if (!entry) entries.set(path, { ...IMPLIED, opaque: true });
  }
  return [...entries].sort(byPath);
}

const IMPLIED = { type: 'dir', mode: 0o755, uid: 0, gid: 0 } as const;

function entryOf(
  member: TarMember,
  before: ReadonlyMap<string, LayerEntry>,
): LayerEntry | undefined {
  const { mode, uid, gid, typeflag, link, bytes } = member;
  const owned = { mode, uid, gid };
  switch (typeflag) {
    case '5':
      return { type: 'dir', ...owned };
    case '2':
      return { type: 'symlink', ...owned, target: link };
    case '1':
      // A hard link: the same file under another name.
      return before.get(normalPath(link));
    case '':
    case '0':
    case '7':
      return member.path.endsWith('/')
        ? { type: 'dir', ...owned }
        : { type: 'file', ...owned, content: member.model ?? bytes };
    default:
      return undefined;
  }
}

/** Below the root, whatever is written: without `.`, `..`, double slashes and slashes at the ends. */
export function normalPath(path: string): string {
  const parts: string[] = [];
  for (const part of path.split('/')) {
    if (part === '..') parts.pop();
    else if (part !== '' && part !== '.') parts.push(part);
  }
  return parts.join('/');
}

/** The checksum counts its own field as blanks. */
function isHeader(block: Uint8Array): boolean {
  let sum = 0;
  for (let i = 0; i < BLOCK; i++) sum += i >= 148 && i < 156 ? 32 : block[i]!;
  return sum === readNumber(block, 148, 8);
}

/** The model file that a body stands for; the header in front of it states its size. */
function readStandIn(body: Uint8Array, sizeBytes: number): ModelContent | undefined {
  // "mo", to read the text of few bodies only.
  if (body[0] !== 0x6d || body[1] !== 0x6f) return undefined;
  const match = /^model file: (\d+) bytes of ([^\n]*)\n/.exec(decoder.decode(body));
  if (!match || Number(match[1]) !== sizeBytes) return undefined;
  return { sizeBytes, seed: match[2] ?? '' };
}

function longNames(typeflag: string, body: Uint8Array): Pending | undefined {
  if (typeflag === 'g') return {};
  if (typeflag === 'x') return readPax(body);
  const text = readText(body, 0, body.length);
  return typeflag === 'L' ? { path: text } : { linkpath: text };
}

function readPax(body: Uint8Array): Pending | undefined {
  const records: Record<string, string> = {};
  for (let at = 0; at < body.length;) {
    const blank = body.indexOf(32, at);
    const length = Number(decoder.decode(body.subarray(at, blank)));
    if (blank === -1 || !Number.isSafeInteger(length) || length <= blank - at) return undefined;
    const record = decoder.decode(body.subarray(blank + 1, at + length - 1));
    const equals = record.indexOf('=');
    records[record.slice(0, equals)] = record.slice(equals + 1);
    at += length;
  }
  const { path, linkpath } = records;
  return {
    ...(path === undefined ? {} : { path }),
    ...(linkpath === undefined ? {} : { linkpath }),
  };
}

function readText(block: Uint8Array, at: number, width: number): string {
  const field = block.subarray(at, at + width);
  const end = field.indexOf(0);
  return decoder.decode(end === -1 ? field : field.subarray(0, end));
}

/** An octal field, or GNU's binary form; undefined when it is neither. */
function readNumber(block: Uint8Array, at: number, width: number): number | undefined {
  if ((block[at]! & 0x80) !== 0) {
    let value = block[at]! & 0x7f;
    for (let i = 1; i < width; i++) value = value * 256 + block[at + i]!;
    return Number.isSafeInteger(value) ? value : undefined;
  }
  const text = readText(block, at, width).trim();
  return text === '' ? 0 : /^[0-7]+$/.test(text) ? parseInt(text, 8) : undefined;
}
