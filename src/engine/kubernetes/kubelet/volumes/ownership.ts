import type { MachineFiles } from '../../../machine/files.ts';
import type { Pod } from '../../api/pod.ts';

/**
 * `fsGroup`: the files of a volume belong to a group that all containers of the Pod are in
 * (pkg/volume/volume_linux.go `SetVolumeOwnership`, v1.36): group of everything in it, readable and
 * writable for the group, and new files inherit it.
 *
 * Simplified: paths of a node as well, which upstream leaves as they are.
 */
const DIRECTORY_BITS = 0o2770;
const FILE_BITS = 0o660;

export function setOwnership(files: MachineFiles, pod: Pod, path: string): void {
  const { fsGroup, fsGroupChangePolicy } = pod.spec.securityContext ?? {};
  const node = pod.spec.nodeName ?? '';
  if (fsGroup === undefined) return;
  const root = files.stat(node, path);
  const isDone = root?.gid === fsGroup && (root.mode & DIRECTORY_BITS) === DIRECTORY_BITS;
  if (isDone && fsGroupChangePolicy === 'OnRootMismatch') return;
  own(files, node, path, fsGroup);
  for (const [below, { type }] of files.nodes(node, path)) {
    if (type !== 'symlink') own(files, node, `${path}/${below}`, fsGroup);
  }
}

function own(files: MachineFiles, node: string, path: string, gid: number): void {
  const found = files.stat(node, path, false);
  if (!found) return;
  const mode = found.mode | (found.type === 'dir' ? DIRECTORY_BITS : FILE_BITS);
  if (found.gid !== gid) files.changeOwner(node, path, found.uid, gid);
  if (found.mode !== mode) files.changeMode(node, path, mode);
}
