import { symlink, textFile } from '../oci/entry.ts';
import { EMPTY_NODES, type NodeTree } from './disk.ts';

/**
 * `/dev`, the same on machines and in containers (runc 1.4 `libcontainer/specconv`, AllowedDevices).
 *
 * Simplified: devices are listed as plain files, and random ones give nothing.
 */
const DEVICES = ['full', 'null', 'random', 'tty', 'urandom', 'zero'];
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

export const deviceDisk = (place: string): string => `${place}:dev`;

/** What is written there vanishes; `/dev/full` takes nothing. */
export const isDevice = (disk: string, path: string): boolean =>
  disk.endsWith(':dev') && DEVICES.includes(path);
