import { nodeIn, type Disk, type Node } from './disk.ts';
import type { FileFault } from './fault.ts';
import { mountOf, type Mount, type Place } from './place.ts';

/**
 * Path resolution, as path_resolution(7) has it: component by component from the place's root,
 * symbolic links followed, mounts crossed, every directory on the way searchable.
 */
export interface Who {
  readonly uid: number;
  readonly gid: number;
  readonly groups?: readonly number[];
}

export interface Found {
  /** The path without links, in the place and on its disk; no slashes at the ends. */
  readonly path: string;
  readonly onDisk: string;
  readonly mount: Mount;
  /** Undefined: there is nothing, but its directory is. */
  readonly node?: Node;
}

export interface Ground {
  readonly place: Place;
  disk(key: string): Disk;
  readonly who?: Who;
}

const LINKS = 40;
const PATH_LIMIT = 4095;
export const NAME_LIMIT = 255;
const SEARCH = 1;

/** May `who` do it: 4 read, 2 write, 1 search or run. Root may all but run what nobody may. */
export function mayAccess(node: Node, who: Who | undefined, wanted: number): boolean {
  if (!who || who.uid === 0) return true;
  const { mode, uid, gid } = node;
  const inGroup = gid === who.gid || (who.groups ?? []).includes(gid);
  const shift = uid === who.uid ? 6 : inGroup ? 3 : 0;
  return ((mode >> shift) & wanted) === wanted;
}

/** Walks a path; `follow` says whether a link at its very end is followed too. */
export function walk(ground: Ground, path: string, follow: boolean): Found | FileFault {
  if (path === '') return 'ENOENT';
  if (path.length > PATH_LIMIT) return 'ENAMETOOLONG';
  const left = path.split('/').reverse();
  const wantsDir = path.endsWith('/') || path.endsWith('/.');
  let links = 0;
  let last = lookUp(ground, '');
  while (left.length > 0) {
    const part = left.pop() ?? '';
    if (part === '' || part === '.') continue;
    if (part.length > NAME_LIMIT) return 'ENAMETOOLONG';
    if (last.node?.type !== 'dir') return last.node ? 'ENOTDIR' : 'ENOENT';
    if (!mayAccess(last.node, ground.who, SEARCH)) return 'EACCES';
    if (part === '..') {
      last = lookUp(ground, last.path.slice(0, Math.max(0, last.path.lastIndexOf('/'))));
      continue;
    }
    const found = lookUp(ground, last.path === '' ? part : `${last.path}/${part}`);
    if (found.node?.type === 'symlink' && (follow || wantsDir || !isEnd(left))) {
      if (++links > LINKS) return 'ELOOP';
      const { target } = found.node;
      if (target === '') return 'ENOENT';
      if (target.startsWith('/')) last = lookUp(ground, '');
      left.push(...target.split('/').reverse());
      if (left.length > PATH_LIMIT) return 'ENAMETOOLONG';
      continue;
    }
    last = found;
  }
  if (wantsDir && last.node && last.node.type !== 'dir') return 'ENOTDIR';
  return last;
}

const isEnd = (left: readonly string[]): boolean =>
  left.every((part) => part === '' || part === '.');

function lookUp(ground: Ground, path: string): Found {
  const { mount, path: onDisk } = mountOf(ground.place, path);
  const node = nodeIn(ground.disk(mount.disk).tree, onDisk);
  return { path, onDisk, mount, ...(node && { node }) };
}
