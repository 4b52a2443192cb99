import { readContent, symlink, textFile, type FileEntry } from '../oci/entry.ts';
import type { Kernel } from '../sim/kernel.ts';
import type { Table } from '../sim/store.ts';
import { EMPTY_NODES, type NodeTree } from './disk.ts';

/**
 * `/dev`, the same on machines and in containers (runc 1.4 `libcontainer/specconv`, AllowedDevices).
 *
 * Simplified: devices are listed as plain files. A device without end ends after so many bytes as
 * stand below, and random bytes are those of ASCII, since what goes through pipes is text.
 */
const DEVICES = ['full', 'null', 'random', 'tty', 'urandom', 'zero'];
const ZEROS = new Uint8Array(1 << 20);
const RANDOM_BYTES = 1 << 16;
const LINKS = { fd: '/proc/self/fd', stdin: '/proc/self/fd/0' };
const OUTPUTS = { stdout: '/proc/self/fd/1', stderr: '/proc/self/fd/2' };

function devices(): NodeTree {
  let tree = EMPTY_NODES;
  for (const name of DEVICES) tree = tree.set(name, textFile('', 0o666));
  for (const [name, target] of Object.entries({ ...LINKS, ...OUTPUTS })) {
    tree = tree.set(name, symlink(target));
  }
  for (const name of ['mqueue', 'pts', 'shm']) {
    tree = tree.set(name, { type: 'dir', mode: 0o1777, uid: 0, gid: 0 });
  }
  return tree;
}

export const DEVICE_TREE: NodeTree = devices();

/** What comes out of files, of devices among them. */
export class Reading {
  readonly #kernel: Kernel;
  /** How often chance was asked for, under one key. */
  readonly #draws: Table<string, number>;

  constructor(kernel: Kernel) {
    this.#kernel = kernel;
    this.#draws = kernel.store.table<number>('machine/random-reads');
  }

  of(file: FileEntry): Uint8Array {
    if (file === DEVICE_TREE.get('zero') || file === DEVICE_TREE.get('full')) return ZEROS;
    if (file === DEVICE_TREE.get('urandom') || file === DEVICE_TREE.get('random')) {
      return this.#random();
    }
    return readContent(file.content);
  }

  #random(): Uint8Array {
    const draw = (this.#draws.get('all') ?? 0) + 1;
    this.#draws.set('all', draw);
    const random = this.#kernel.random('machine', 'urandom', draw);
    return Uint8Array.from({ length: RANDOM_BYTES }, () => random.integer(0, 127));
  }
}

export const deviceDisk = (place: string): string => `${place}:dev`;

/** What is written there vanishes; `/dev/full` takes nothing. */
export const isDevice = (disk: string, path: string): boolean =>
  disk.endsWith(':dev') && DEVICES.includes(path);
