import { DAY } from '../../sim/clock.ts';
import { byPath, directory, modelFile, symlink, textFile, type LayerEntry } from '../entry.ts';
import { makeModelLayer } from '../layer.ts';
import { PATH_ENV } from './alpine.ts';
import type { CatalogueImage } from './image.ts';

const APPLETS = ['cat', 'chmod', 'cp', 'echo', 'env', 'ls', 'mkdir', 'mv', 'rm', 'sh', 'sleep'];

/** Busybox 1.37 for glibc: 2.2 MB compressed, 4.4 MB unpacked. Model figures. */
export const busyboxImage = (): CatalogueImage => {
  const entries: [string, LayerEntry][] = [
    ...['bin', 'dev', 'etc', 'home', 'lib', 'root', 'usr', 'usr/bin', 'var'].map(
      (path): [string, LayerEntry] => [path, directory()],
    ),
    ['tmp', directory(0o1777)],
    ['bin/busybox', modelFile(1_291_000, 'busybox-1.37.0')],
    ...APPLETS.map((name): [string, LayerEntry] => [`bin/${name}`, symlink('/bin/busybox')]),
    ['etc/passwd', textFile('root:x:0:0:root:/root:/bin/sh\n')],
    ['etc/group', textFile('root:x:0:\n')],
    ['lib/libc.so.6', modelFile(3_100_000, 'busybox/glibc-2.41')],
  ];
  return {
    repository: 'library/busybox',
    tags: ['latest', '1', '1.37', '1.37.0'],
    config: { Env: [PATH_ENV], Cmd: ['sh'], WorkingDir: '/' },
    steps: [
      {
        createdBy: 'BusyBox 1.37.0 (glibc), Debian 13',
        layer: makeModelLayer(entries.sort(byPath), 2_156_519),
      },
    ],
    createdMs: -460 * DAY,
  };
};
