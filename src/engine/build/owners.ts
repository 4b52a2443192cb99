import { readTreeFile, type FileTree } from '../oci/tree.ts';
import type { Owner } from './files.ts';

/**
 * `--chown=user:group` to numbers, by the image's own `/etc/passwd` and `/etc/group`
 * (moby/buildkit v0.32 `solver/llbsolver/file/user_linux.go`).
 */
export function ownerOf(tree: FileTree, text: string): Owner | undefined | string {
  if (text === '') return undefined;
  const [user = '', group] = text.split(':');
  const account = row(tree, '/etc/passwd', user);
  const uid = /^\d+$/.test(user) ? Number(user) : Number(account?.[2] ?? NaN);
  if (Number.isNaN(uid)) return `unable to find user ${user}: no matching entries in passwd file`;
  if (group === undefined) {
    // A number alone is the group's as well.
    return { uid, gid: Number(account?.[3] ?? (/^\d+$/.test(user) ? uid : 0)) };
  }
  const found = row(tree, '/etc/group', group);
  const gid = /^\d+$/.test(group) ? Number(group) : Number(found?.[2] ?? NaN);
  if (Number.isNaN(gid)) return `unable to find group ${group}: no matching entries in group file`;
  return { uid, gid };
}

function row(tree: FileTree, file: string, name: string): string[] | undefined {
  const bytes = readTreeFile(tree, file);
  if (!bytes) return undefined;
  for (const line of new TextDecoder().decode(bytes).split('\n')) {
    const fields = line.split(':');
    if (fields[0] === name) return fields;
  }
  return undefined;
}
