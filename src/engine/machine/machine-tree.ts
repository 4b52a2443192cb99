import { directory, symlink, textFile } from '../oci/entry.ts';
import { EMPTY_NODES, type NodeTree } from './disk.ts';

/** What a fresh machine has on its disk: the directories of hier(7), and who is root. */
const DIRECTORIES = [
  ...['dev', 'etc', 'home', 'media', 'mnt', 'opt', 'proc', 'root', 'run', 'srv', 'sys'],
  ...['usr', 'usr/bin', 'usr/lib', 'usr/local', 'usr/local/bin', 'usr/sbin', 'usr/share', 'var'],
  ...['var/lib', 'var/lib/docker', 'var/lib/docker/volumes', 'var/log'],
];

function machineTree(): NodeTree {
  let tree = EMPTY_NODES;
  for (const path of DIRECTORIES) tree = tree.set(path, directory());
  for (const path of ['tmp', 'var/tmp']) tree = tree.set(path, directory(0o1777));
  for (const name of ['bin', 'lib', 'sbin']) tree = tree.set(name, symlink(`usr/${name}`));
  return tree
    .set('root', directory(0o700))
    .set('etc/passwd', textFile('root:x:0:0:root:/root:/bin/bash\n'))
    .set('etc/group', textFile('root:x:0:\ndocker:x:999:\n'));
}

export const MACHINE_TREE: NodeTree = machineTree();
