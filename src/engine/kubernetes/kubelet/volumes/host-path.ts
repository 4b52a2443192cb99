import type { MachineFiles } from '../../../machine/files.ts';
import type { HostPathVolume } from '../../api/volumes.ts';

/**
 * Paths of the node itself (pkg/volume/hostpath/host_path.go `checkTypeInternal`, v1.36): checked
 * for what they are to be, and made where the type asks for it.
 */
export function hostPathProblem(
  files: MachineFiles,
  node: string,
  { path, type = '' }: HostPathVolume,
): string | undefined {
  const found = files.node(node, path);
  const failed = (what: string): string => `hostPath type check failed: ${path} is not ${what}`;
  switch (type) {
    case '':
      if (!found) files.makeDirectory(node, path, { parents: true });
      return undefined;
    case 'DirectoryOrCreate':
      if (!found) files.makeDirectory(node, path, { parents: true });
      return found && found.type !== 'dir' ? failed('a directory') : undefined;
    case 'Directory':
      return found?.type === 'dir' ? undefined : failed('a directory');
    case 'FileOrCreate':
      if (!found) files.write(node, path, '');
      return found && found.type !== 'file' ? failed('a file') : undefined;
    case 'File':
      return found?.type === 'file' ? undefined : failed('a file');
    case 'Socket':
      return failed('a socket file');
    case 'CharDevice':
      return failed('a character device');
    default:
      return failed('a block device');
  }
}
