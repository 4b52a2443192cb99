import type { FileView } from '../programs/program.ts';
import type { LookUp } from '../programs/find.ts';
import type { MachineFiles } from '../machine/machine-files.ts';
import { resolveInTree, type FileTree } from '../oci/tree.ts';

/** The files a process sees, mounts and all, as they are at the moment it looks. */
export function placeView(files: MachineFiles, place: string): FileView {
  return {
    read: (path) => files.bytes(place, path),
    list: (path) => (files.listDirectory(place, path) ?? []).map(({ name }) => name),
    kind(path) {
      const type = files.node(place, path)?.type;
      return type === 'symlink' ? undefined : type;
    },
  };
}

export function placeLookUp(files: MachineFiles, place: string): LookUp {
  return (path) => {
    const real = files.realPath(place, path);
    const node = real === undefined ? undefined : files.node(place, real);
    return real !== undefined && node ? { path: real, node } : undefined;
  };
}

export function treeLookUp(tree: FileTree): LookUp {
  return (path) => {
    const at = resolveInTree(tree, path);
    const node = at === undefined ? undefined : tree.get(at);
    return at !== undefined && node ? { path: `/${at}`, node } : undefined;
  };
}
