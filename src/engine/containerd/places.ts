import { deviceDisk } from '../machine/devices.ts';
import { EMPTY_NODES, type Disk, type NodeTree } from '../machine/disk.ts';
import type { ContainerFiles } from '../machine/grounds.ts';
import type { MachineFiles } from '../machine/machine-files.ts';
import { byDepth, type Mount, type Place } from '../machine/place.ts';
import type { Who } from '../machine/walk.ts';
import { textFile } from '../oci/entry.ts';
import type { FileTree } from '../oci/tree.ts';
import type { StartFailure } from '../programs/find.ts';
import { assert } from '../sim/assert.ts';
import type { Processes } from '../sim/processes.ts';
import type { ContainerMount } from './api.ts';
import type { Content } from './content.ts';
import { keyOfPlace, placeOfKey, type ContainerRow, type Rows } from './rows.ts';
import { keptMounts, shownDisk, withShown, type ShownFiles } from './shown.ts';

/**
 * The files containers see: the tree of their image, their own changes on top, and what is mounted
 * over it. Changes are one disk for each container, made at its first write; until then it shares
 * its image's tree (runc 1.4 `libcontainer/rootfs_linux.go`).
 */
const ANCESTORS = 64;

export class Places implements ContainerFiles {
  readonly #rows: Rows;
  readonly #files: MachineFiles;
  readonly #content: Content;
  readonly #processes: Processes;
  /** Put together from its row alone; kept as long as the row is. */
  readonly #kernelTree: (which: 'proc' | 'sys', key: string) => NodeTree;
  readonly #places = new WeakMap<ContainerRow, Place>();
  #shown: ShownFiles | undefined;

  constructor(
    rows: Rows,
    files: MachineFiles,
    content: Content,
    processes: Processes,
    kernelTree: (which: 'proc' | 'sys', key: string) => NodeTree,
  ) {
    this.#kernelTree = kernelTree;
    this.#rows = rows;
    this.#files = files;
    this.#content = content;
    this.#processes = processes;
    files.containers(this);
  }

  place(name: string): Place | undefined {
    const row = this.#rows.containers.get(keyOfPlace(name));
    if (!row) return undefined;
    let place = this.#places.get(row);
    if (!place) {
      const base = this.#content.tree(row.machine, row.chainId);
      const mounts = withShown(name, row.mounts ?? rootMounts(name), row.spec, base);
      place = { mounts, base, bornMs: row.createdMs };
      this.#places.set(row, place);
    }
    return place;
  }

  /** Who puts together what containers are shown; see shown.ts. */
  shows(files: ShownFiles): void {
    this.#shown = files;
  }

  disk(key: string): Disk | undefined {
    const shown = shownDisk(key, (place, name) => this.#show(place, name), EMPTY_NODES);
    if (shown) return shown;
    const [place = '', which] = key.split(':', 2);
    if (which !== 'proc' && which !== 'sys') return undefined;
    return { tree: this.#kernelTree(which, keyOfPlace(place)), bornMs: 0 };
  }

  #show(place: string, name: string): NodeTree | undefined {
    const row = this.#rows.containers.get(keyOfPlace(place));
    return row && this.#shown?.(row.machine, row.spec, name);
  }

  who(_place: string, pid: number): Who | undefined {
    let at = pid;
    for (let i = 0; i < ANCESTORS && at !== 0; i++) {
      const user = this.#rows.processOfSim(at)?.user;
      if (user) return user.uid === 0 ? undefined : user;
      at = this.#processes.parentOf(at);
    }
    return undefined;
  }

  /** The image's tree under a container, before all changes. */
  base({ machine, chainId }: ContainerRow): FileTree {
    return this.#content.tree(machine, chainId);
  }

  /** A container's own tree: its image's with its changes. */
  tree(row: ContainerRow): FileTree {
    return this.#files.changedDisk(`${row.machine}/${row.spec.id}`)?.tree ?? this.base(row);
  }

  /** Its tree, when it shows nothing else: containers of one tree then see the same. */
  plainTree(row: ContainerRow): FileTree | undefined {
    return row.mounts === undefined ? this.tree(row) : undefined;
  }

  /** Mounts what a container that starts wants mounted; gives its row with the mounts. */
  mount(key: string, row: ContainerRow): ContainerRow | StartFailure {
    const { managed, readOnlyRoot } = row.spec;
    const mounts = keptMounts(row.spec);
    if (mounts.length === 0 && !managed && !readOnlyRoot) return row;
    const place = placeOfKey(key);
    const bare: ContainerRow = { ...row, mounts: rootMounts(place) };
    this.#rows.containers.set(key, bare);
    const made: Mount[] = [];
    for (const mount of mounts) {
      const prepared = this.#prepare(row.machine, place, mount);
      if ('failed' in prepared) return prepared;
      made.push(prepared);
    }
    if (managed) {
      this.manage(key, managed);
      for (const path of Object.keys(managed)) {
        const at = clean(path);
        made.push({ at, disk: managedDisk(place), root: at });
      }
    }
    const root = rootMounts(place).map((mount) =>
      mount.at === '' && readOnlyRoot ? ({ ...mount, readOnly: true } as const) : mount,
    );
    const all = [...last(made), ...root].sort(byDepth);
    const mounted = { ...row, mounts: all };
    this.#rows.containers.set(key, mounted);
    return mounted;
  }

  /** What the daemon manages in a container, as it is now. */
  manage(key: string, files: Readonly<Record<string, string>>): void {
    let tree: NodeTree = EMPTY_NODES;
    for (const [path, text] of Object.entries(files)) tree = tree.set(clean(path), textFile(text));
    this.#files.setDisk(managedDisk(placeOfKey(key)), { tree, bornMs: 0 });
  }

  forget(key: string): void {
    this.#files.forget(placeOfKey(key));
  }

  #prepare(machine: string, place: string, mount: ContainerMount): Mount | StartFailure {
    const { target, source, readOnly } = mount;
    const files = this.#files;
    const flag = readOnly ? ({ readOnly: true } as const) : {};
    assert(!('shown' in source), 'what is shown is never put together');
    if ('tmpfs' in source) {
      this.#mountPoint(place, target, false);
      const at = this.#resolved(place, target);
      const disk = `${place}:tmpfs:${at}`;
      const tree = EMPTY_NODES.set('', { type: 'dir', mode: 0o1777, uid: 0, gid: 0 });
      const limit = source.tmpfs === undefined ? {} : { limitBytes: source.tmpfs, usedBytes: 0 };
      files.setDisk(disk, { tree, bornMs: 0, ...limit });
      return { at, disk, root: '', ...flag };
    }
    const real = files.realPath(machine, source.bind);
    if (real === undefined) files.makeDirectory(machine, source.bind, { parents: true });
    const isFile = files.node(machine, source.bind)?.type === 'file';
    const before = files.node(place, target);
    if (before && (before.type === 'file') !== isFile) return wrongType(source.bind, target);
    this.#mountPoint(place, target, isFile);
    const root = clean(files.realPath(machine, source.bind) ?? source.bind);
    const { inMemory } = source;
    const at = this.#resolved(place, target);
    return { at, disk: machine, root, ...flag, ...(inMemory && { inMemory }) };
  }

  /** runc makes what is not there, in the writable layer. */
  #mountPoint(place: string, target: string, isFile: boolean): void {
    if (this.#files.node(place, target)) return;
    if (isFile) this.#files.write(place, target, '');
    else this.#files.makeDirectory(place, target, { parents: true });
  }

  #resolved(place: string, target: string): string {
    return clean(this.#files.realPath(place, target) ?? target);
  }
}

/** runc 1.4 `libcontainer/rootfs_linux.go`, mountToRootfs. */
const wrongType = (source: string, target: string): StartFailure => ({
  failed: true,
  exitCode: 127,
  message:
    `error mounting "${source}" to rootfs at "${target}": mount src=${source}, dst=${target}, ` +
    'dstFd=/proc/thread-self/fd/11, flags=MS_BIND|MS_REC: not a directory: Are you trying to ' +
    'mount a directory onto a file (or vice-versa)? Check if the specified host path exists and ' +
    'is the expected type',
});

/** Of two mounts at one path the later one is seen. */
function last(mounts: readonly Mount[]): Mount[] {
  return [...new Map(mounts.map((mount) => [mount.at, mount])).values()];
}

const rootMounts = (place: string): Mount[] => [
  { at: 'proc', disk: `${place}:proc`, root: '', readOnly: true },
  { at: 'dev', disk: deviceDisk(place), root: '' },
  { at: 'sys', disk: `${place}:sys`, root: '', readOnly: true },
  { at: '', disk: place, root: '' },
];

const managedDisk = (place: string): string => `${place}:managed`;

const clean = (path: string): string =>
  path
    .split('/')
    .filter((part) => part !== '' && part !== '.')
    .join('/');
