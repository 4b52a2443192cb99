import { contentBytes, isModel, readContent, type FileEntry } from '../oci/entry.ts';
import type { Kernel } from '../sim/kernel.ts';
import type { Waiter } from '../sim/process.ts';
import type { Processes } from '../sim/processes.ts';
import { isDevice, Reading } from './devices.ts';
import { DiskTable } from './disk-table.ts';
import { putNode, removeNode, type Disk, type Node } from './disk.ts';
import type { FileFault } from './fault.ts';
import {
  filesService,
  type FileRequest,
  type ListedFile,
  type MachineFile,
  type NamedStat,
  type NewContent,
  type Stat,
} from './file-request.ts';
import { Grounds, type ContainerFiles } from './grounds.ts';
import { joinBytes } from './growing-bytes.ts';
import { mayAccess, NAME_LIMIT, type Found, type Who } from './walk.ts';

/** More real bytes than this no file holds; bigger ones are model files. */
const FILE_LIMIT = 64 * 2 ** 20;
const decoder = new TextDecoder();
const encoder = new TextEncoder();
const READ = 4;
const WRITE = 2;

type Fault = FileFault | undefined;

/**
 * The files of all machines and of the containers on them: one row for each disk. Containers are
 * made known by the room that runs them, see {@link MachineFiles.containers}. Rooms call the
 * methods; programs ask the service, see files.ts. Either way no virtual time passes.
 */
export class MachineFiles {
  readonly #kernel: Kernel;
  readonly #processes: Processes;
  readonly disks: DiskTable;
  readonly #reading: Reading;
  readonly #grounds: Grounds;

  constructor(kernel: Kernel, processes: Processes) {
    this.#kernel = kernel;
    this.#processes = processes;
    this.disks = new DiskTable(kernel);
    this.#grounds = new Grounds(this.disks);
    this.#reading = new Reading(kernel);
  }

  /** Opens a machine's files to programs running on it; once, however often it is said. */
  addMachine(machine: string): void {
    if (!this.#grounds.addMachine(machine)) return;
    this.#processes.service<FileRequest>(filesService(machine), (request, asker) =>
      this.#answer(request, asker),
    );
  }

  /** Tells how places on machines are put together. */
  containers(containers: ContainerFiles): void {
    this.#grounds.containers(containers);
  }

  read(place: string, path: string, who?: Who): MachineFile | undefined {
    const node = this.node(place, path, true, who);
    if (node?.type !== 'file' || !mayAccess(node, who, READ)) return undefined;
    const content = decoder.decode(this.#reading.of(node));
    return { content, mode: node.mode, modifiedMs: this.#grounds.timeOf(place, node) };
  }

  bytes(place: string, path: string, who?: Who): Uint8Array | undefined {
    const node = this.node(place, path, true, who);
    if (node?.type !== 'file' || !mayAccess(node, who, READ)) return undefined;
    return this.#reading.of(node);
  }

  /** The entry at a path as it is kept, undefined when there is none. */
  node(place: string, path: string, follow = true, who?: Who): Node | undefined {
    const found = this.#grounds.walk(place, path, follow, who);
    return typeof found === 'string' ? undefined : found?.node;
  }

  /** The path without symbolic links, absolute; undefined in a loop or a dead end. */
  realPath(place: string, path: string): string | undefined {
    const found = this.#grounds.walk(place, path, true);
    return typeof found === 'object' && found.node ? `/${found.path}` : undefined;
  }

  stat(place: string, path: string, follow = true, who?: Who): Stat | undefined {
    const node = this.node(place, path, follow, who);
    return node && this.#stat(place, node);
  }

  access(place: string, path: string, wanted: number, who?: Who): Fault {
    const found = this.#grounds.walk(place, path, true, who);
    if (typeof found === 'string') return found;
    if (!found?.node) return 'ENOENT';
    if ((wanted & 2) !== 0 && found.mount.readOnly) return 'EROFS';
    return mayAccess(found.node, who, wanted) ? undefined : 'EACCES';
  }

  listDirectory(place: string, path: string, who?: Who): NamedStat[] | undefined {
    const found = this.#grounds.walk(place, path, true, who);
    if (typeof found !== 'object' || found.node?.type !== 'dir') return undefined;
    if (!mayAccess(found.node, who, READ)) return undefined;
    return this.#grounds.children(place, found).map(([name, node]) => ({
      name,
      ...this.#stat(place, node),
    }));
  }

  /** Every file below a directory, by path. */
  list(place: string, under: string): ListedFile[] {
    const top = under === '/' ? '' : under.replace(/\/+$/, '');
    return this.nodes(place, under).flatMap(([path, node]) => {
      if (node.type !== 'file') return [];
      const content = decoder.decode(this.#reading.of(node));
      const { mode } = node;
      return [
        { path: `${top}/${path}`, content, mode, modifiedMs: this.#grounds.timeOf(place, node) },
      ];
    });
  }

  /** Everything below a directory, paths relative to it, in order of the paths. */
  nodes(place: string, under: string): (readonly [path: string, node: Node])[] {
    const found = this.#grounds.walk(place, under, true);
    if (typeof found !== 'object' || found.node?.type !== 'dir') return [];
    const result: (readonly [string, Node])[] = [];
    const collect = (dir: Found, prefix: string): void => {
      for (const [name, node] of this.#grounds.children(place, dir)) {
        result.push([prefix + name, node]);
        if (node.type !== 'dir') continue;
        const below = this.#grounds.walk(place, `/${dir.path}/${name}`, false);
        if (typeof below === 'object') collect(below, `${prefix}${name}/`);
      }
    };
    collect(found, '');
    return result.sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0));
  }

  /** Writes a whole file, with the directories that lead to it: for rooms and tests. */
  write(place: string, path: string, content: NewContent, mode = 0o644): Fault {
    this.makeDirectory(place, path.slice(0, Math.max(1, path.lastIndexOf('/'))), { parents: true });
    return this.writeFile(place, path, content, mode);
  }

  /** Writes a whole file; one that was there keeps its permissions and owner, whoever writes. */
  writeFile(place: string, path: string, content: NewContent, mode = 0o644, who?: Who): Fault {
    const found = this.#toWrite(place, path, who);
    if (typeof found === 'string') return found;
    const bytes = typeof content === 'string' ? encoder.encode(content) : content;
    return this.#store(place, found, bytes, mode, who);
  }

  appendFile(place: string, path: string, text: string, who?: Who): Fault {
    const found = this.#toWrite(place, path, who);
    if (typeof found === 'string') return found;
    const before = found.node?.type === 'file' ? readContent(found.node.content) : undefined;
    const more = encoder.encode(text);
    const bytes = before && before.length > 0 ? joinBytes(before, more) : more;
    return this.#store(place, found, bytes, 0o644, who);
  }

  makeDirectory(
    place: string,
    path: string,
    { parents = false, mode = 0o755 }: { parents?: boolean; mode?: number } = {},
    who?: Who,
  ): Fault {
    const found = this.#grounds.walk(place, path, true, who) ?? 'ENOENT';
    if (parents && found === 'ENOENT') return this.#makeAll(place, path, mode, who);
    if (typeof found === 'string') return found;
    if (found.node) return parents && found.node.type === 'dir' ? undefined : 'EEXIST';
    const node: Node = { type: 'dir', mode, ...ownerOf(who) };
    return this.#mayChange(place, found, who) ?? this.#put(place, found, node);
  }

  /** Makes what is missing of a path. What is there is looked for by halves: paths may be deep. */
  #makeAll(place: string, path: string, mode: number, who?: Who): Fault {
    const parts = path.split('/').filter((part) => part !== '' && part !== '.');
    // Names are stepped back from only where they are.
    if (parts.includes('..')) return 'ENOENT';
    const at = (count: number) =>
      this.#grounds.walk(place, `/${parts.slice(0, count).join('/')}`, true, who);
    let there = 0;
    let missing = parts.length;
    while (missing - there > 1) {
      const middle = (there + missing) >> 1;
      const found = at(middle);
      if (typeof found === 'object' && found.node) there = middle;
      else missing = middle;
    }
    let found = at(missing) ?? 'ENOENT';
    if (typeof found === 'string') return found;
    const fault = this.#mayChange(place, found, who);
    if (fault) return fault;
    const node: Node = { type: 'dir', mode, ...ownerOf(who) };
    for (const part of [undefined, ...parts.slice(missing)]) {
      if (part !== undefined) {
        if (part.length > NAME_LIMIT) return 'ENAMETOOLONG';
        found = { ...found, path: `${found.path}/${part}`, onDisk: `${found.onDisk}/${part}` };
      }
      const full = this.#put(place, found, node);
      if (full) return full;
    }
    return undefined;
  }

  /** Removes a file, a link or an empty directory. */
  removeFile(place: string, path: string, who?: Who): Fault {
    const found = this.#grounds.walk(place, path, false, who) ?? 'ENOENT';
    if (typeof found === 'string') return found;
    if (found.node?.type === 'dir' && this.#grounds.children(place, found).length > 0)
      return 'ENOTEMPTY';
    return this.removeTree(place, path, who);
  }

  removeTree(place: string, path: string, who?: Who): Fault {
    const found = this.#grounds.walk(place, path, false, who) ?? 'ENOENT';
    if (typeof found === 'string') return found;
    if (!found.node) return 'ENOENT';
    const fault = this.#mayChange(place, found, who);
    if (fault) return fault;
    const mounts = this.#grounds.place(place)?.mounts ?? [];
    const isUsed = ({ at }: { at: string }) => `${at}/`.startsWith(`${found.path}/`);
    if (found.path === '' || mounts.some(isUsed)) return 'EBUSY';
    this.#change(found.mount.disk, place, (disk) => removeNode(disk, found.onDisk));
    return undefined;
  }

  renameFile(place: string, from: string, to: string, who?: Who): Fault {
    const source = this.#grounds.walk(place, from, false, who) ?? 'ENOENT';
    if (typeof source === 'string') return source;
    if (!source.node) return 'ENOENT';
    const target = this.#grounds.walk(place, to, false, who) ?? 'ENOENT';
    if (typeof target === 'string') return target;
    const fault =
      this.#mayChange(place, source, who) ??
      this.#mayChange(place, target, who) ??
      this.#cannotMove(place, source, target);
    if (fault || source.path === target.path) return fault;
    const below = this.nodes(place, `/${source.path}`);
    this.#change(source.mount.disk, place, (disk) => {
      let moved = removeNode(removeNode(disk, source.onDisk), target.onDisk);
      moved = putNode(moved, target.onDisk, source.node!) ?? moved;
      for (const [path, node] of source.node?.type === 'dir' ? below : []) {
        moved = putNode(moved, `${target.onDisk}/${path}`, node) ?? moved;
      }
      return moved;
    });
    return undefined;
  }

  linkFile(place: string, target: string, path: string, who?: Who): Fault {
    const found = this.#grounds.walk(place, path, false, who) ?? 'ENOENT';
    if (typeof found === 'string') return found;
    if (found.node) return 'EEXIST';
    const node: Node = { type: 'symlink', mode: 0o777, target, ...ownerOf(who) };
    return this.#mayChange(place, found, who) ?? this.#put(place, found, node);
  }

  changeMode(place: string, path: string, mode: number, who?: Who): Fault {
    return this.#alter(place, path, who, (node) => ({ ...node, mode }));
  }

  changeOwner(place: string, path: string, uid: number, gid: number, who?: Who): Fault {
    if (who && who.uid !== 0) return 'EPERM';
    return this.#alter(place, path, who, (node) => ({ ...node, uid, gid }));
  }

  /** Puts an entry as it is; its directory must be there. */
  put(place: string, path: string, node: Node, who?: Who): Fault {
    const found = this.#grounds.walk(place, path, false, who) ?? 'ENOENT';
    if (typeof found === 'string') return found;
    const fault = this.#mayChange(place, found, who);
    if (fault) return fault;
    const modifiedMs = node.modifiedMs ?? this.#kernel.now;
    return this.#put(place, found, { ...node, modifiedMs });
  }

  /** Sets a whole disk: a tmpfs that is mounted, the files Docker manages. */
  setDisk(key: string, disk: Disk): void {
    this.disks.set(key, disk);
  }

  /** A disk as it was changed; undefined while nobody wrote to it. */
  changedDisk(key: string): Disk | undefined {
    return this.disks.get(key);
  }

  /** Forgets a place: its disk and all that belong to it (`place:…`). */
  forget(place: string): void {
    this.disks.forget(place);
  }

  #stat(place: string, node: Node): Stat {
    const { type, mode, uid, gid } = node;
    const modifiedMs = this.#grounds.timeOf(place, node);
    const common = { type, mode, uid, gid, modifiedMs };
    if (node.type === 'file') return { ...common, sizeBytes: contentBytes(node.content) };
    if (node.type === 'dir') return { ...common, sizeBytes: 4096 };
    return { ...common, sizeBytes: node.target.length, target: node.target };
  }

  #toWrite(place: string, path: string, who?: Who): Found | FileFault {
    const found = this.#grounds.walk(place, path, true, who) ?? 'ENOENT';
    if (typeof found === 'string') return found;
    if (found.node?.type === 'dir' || path.endsWith('/')) return 'EISDIR';
    if (!found.node) return this.#mayChange(place, found, who) ?? found;
    if (found.mount.readOnly) return 'EROFS';
    return mayAccess(found.node, who, WRITE) ? found : 'EACCES';
  }

  #store(
    place: string,
    found: Found,
    content: FileEntry['content'],
    created: number,
    who?: Who,
  ): Fault {
    if (isDevice(found.mount.disk, found.onDisk)) {
      return found.onDisk === 'full' ? 'ENOSPC' : undefined;
    }
    const before = found.node;
    const owned = before ? { uid: before.uid, gid: before.gid } : ownerOf(who);
    const mode = before?.mode ?? created;
    const disk = this.#grounds.disk(found.mount.disk, place);
    const most = disk ? this.disks.roomFor(found.mount.disk, disk, found.onDisk) : 0;
    if (isModel(content)) {
      const sizeBytes = Math.min(content.sizeBytes, Math.max(0, most));
      const kept = { ...content, sizeBytes };
      const fault = this.#put(place, found, { type: 'file', mode, ...owned, content: kept });
      return fault ?? (sizeBytes === content.sizeBytes ? undefined : 'ENOSPC');
    }
    const room = Math.min(FILE_LIMIT, most);
    const fits = content.length <= room ? content : content.slice(0, Math.max(0, room));
    const fault = this.#put(place, found, { type: 'file', mode, ...owned, content: fits });
    return fault ?? (fits === content ? undefined : 'ENOSPC');
  }

  /** A directory entry changes: its directory must be writable, its mount too. */
  #mayChange(place: string, found: Found, who?: Who): Fault {
    if (found.mount.readOnly) return 'EROFS';
    if (!who || who.uid === 0) return undefined;
    const above = found.path.includes('/') ? found.path.replace(/\/[^/]*$/, '') : '';
    const dir = this.node(place, `/${above}`, false);
    if (!dir || !mayAccess(dir, who, WRITE)) return 'EACCES';
    const sticky = (dir.mode & 0o1000) !== 0 && found.node && found.node.uid !== who.uid;
    return sticky && dir.uid !== who.uid ? 'EPERM' : undefined;
  }

  #cannotMove(place: string, source: Found, target: Found): Fault {
    if (source.mount !== target.mount) return 'EXDEV';
    if (target.path.startsWith(`${source.path}/`)) return 'EINVAL';
    if (source.node?.type === 'dir' && target.node && target.node.type !== 'dir') return 'ENOTDIR';
    if (target.node?.type !== 'dir' || source.path === target.path) return undefined;
    if (source.node?.type !== 'dir') return 'EISDIR';
    return this.#grounds.children(place, target).length > 0 ? 'ENOTEMPTY' : undefined;
  }

  #alter(place: string, path: string, who: Who | undefined, change: (node: Node) => Node): Fault {
    const found = this.#grounds.walk(place, path, true, who) ?? 'ENOENT';
    if (typeof found === 'string') return found;
    if (!found.node) return 'ENOENT';
    if (found.mount.readOnly) return 'EROFS';
    if (who && who.uid !== 0 && who.uid !== found.node.uid) return 'EPERM';
    // The content, and so its time, stays.
    const modifiedMs = this.#grounds.timeOf(place, found.node);
    return this.#put(place, found, { ...change(found.node), modifiedMs });
  }

  #put(place: string, found: Found, node: Node): Fault {
    const modifiedMs = node.modifiedMs ?? this.#kernel.now;
    let fault: Fault;
    this.#change(found.mount.disk, place, (disk) => {
      const changed = putNode(disk, found.onDisk, { ...node, modifiedMs });
      if (!changed) fault = 'ENOSPC';
      return changed ?? disk;
    });
    return fault;
  }

  #change(key: string, name: string, change: (disk: Disk) => Disk): void {
    const disk = this.#grounds.disk(key, name);
    if (disk) this.disks.set(key, change(disk));
  }

  #answer(request: FileRequest, asker: Waiter): unknown {
    const { place, path } = request;
    const who = this.#grounds.who(place, asker.pid);
    switch (request.op) {
      case 'read':
        return this.read(place, path, who);
      case 'bytes':
        return this.bytes(place, path, who);
      case 'stat':
        return this.stat(place, path, request.follow, who);
      case 'access':
        return this.access(place, path, request.wanted, who);
      case 'list':
        return this.listDirectory(place, path, who);
      case 'files':
        return this.list(place, path);
      case 'nodes':
        return this.nodes(place, path);
      case 'write':
        return this.writeFile(place, path, request.content, request.mode, who);
      case 'append':
        return this.appendFile(place, path, request.text, who);
      case 'make-directory':
        return this.makeDirectory(place, path, request, who);
      case 'remove':
        return this.removeFile(place, path, who);
      case 'remove-tree':
        return this.removeTree(place, path, who);
      case 'rename':
        return this.renameFile(place, path, request.to, who);
      case 'link':
        return this.linkFile(place, request.target, path, who);
      case 'mode':
        return this.changeMode(place, path, request.mode, who);
      case 'owner':
        return this.changeOwner(place, path, request.uid, request.gid, who);
      case 'put':
        return this.put(place, path, request.node, who);
    }
  }
}

const ownerOf = (who: Who | undefined): { uid: number; gid: number } => ({
  uid: who?.uid ?? 0,
  gid: who?.gid ?? 0,
});
