import type { MachineFiles } from '../../machine/machine-files.ts';
import { nodeIn } from '../../machine/disk.ts';
import type { FileTree } from '../../oci/tree.ts';

/**
 * Fills a volume with what the image has at the place where it is mounted (moby/moby v29.7
 * `daemon/create_unix.go`, `populateVolume`; `daemon/container/container_unix.go`,
 * `CopyImagePathContent`).
 */
const LINKS = 40;

/** Where a path of a tree leads, without slashes at the ends; links are followed, also missing. */
export function followLinks(tree: FileTree, path: string): string {
  let rest = path.split('/').filter((part) => part !== '');
  let at: string[] = [];
  for (let links = 0; rest.length > 0;) {
    const [part = '', ...others] = rest;
    rest = others;
    if (part === '.') continue;
    if (part === '..') {
      at.pop();
      continue;
    }
    const node = tree.get([...at, part].join('/'));
    if (node?.type !== 'symlink' || links >= LINKS) {
      at.push(part);
      continue;
    }
    links += 1;
    if (node.target.startsWith('/')) at = [];
    rest = [...node.target.split('/').filter((one) => one !== ''), ...rest];
  }
  return at.join('/');
}

/** What kind of thing a tree has at a path. */
export const kindAt = (tree: FileTree, path: string): 'file' | 'dir' | 'symlink' | undefined =>
  nodeIn(tree, followLinks(tree, path))?.type;

/** Copies only into an empty directory; with the directory's own permissions and owner. */
export function populate(
  files: MachineFiles,
  machine: string,
  directory: string,
  tree: FileTree,
  destination: string,
): void {
  const from = followLinks(tree, destination);
  const top = nodeIn(tree, from);
  if (top?.type !== 'dir' || (files.listDirectory(machine, directory) ?? []).length > 0) return;
  files.changeMode(machine, directory, top.mode);
  files.changeOwner(machine, directory, top.uid, top.gid);
  for (const [path, node] of tree.withPrefix(`${from}/`)) {
    files.put(machine, `${directory}/${path.slice(from.length + 1)}`, node);
  }
}
