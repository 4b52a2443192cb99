import { DAY } from '../../../sim/clock.ts';
import { BUSYBOX_APPLETS } from '../applets.ts';
import { DEFAULT_PATH, type BuiltSteps, type CatalogueImage, type Platform } from '../image.ts';
import { dirs, layer, links, memo, owned, TMP } from '../layers.ts';
import { directory } from '../../entry.ts';

/**
 * The busybox image (docker-library/busybox): one program and a C library.
 *
 * Simplified: the applets are hard links there, symbolic links here.
 */
type Libc = 'glibc' | 'musl';

const BYTES: Readonly<Record<Libc, { blob: number; program: number; libraries: number }>> = {
  glibc: { blob: 2_156_519, program: 1_291_000, libraries: 3_000_000 },
  musl: { blob: 855_000, program: 1_500_000, libraries: 0 },
};

const PASSWD = `root:x:0:0:root:/root:/bin/sh
daemon:x:1:1:daemon:/usr/sbin:/bin/false
bin:x:2:2:bin:/bin:/bin/false
sys:x:3:3:sys:/dev:/bin/false
sync:x:4:100:sync:/bin:/bin/sync
mail:x:8:8:mail:/var/spool/mail:/bin/false
www-data:x:33:33:www-data:/var/www:/bin/false
operator:x:37:37:Operator:/var:/bin/false
nobody:x:65534:65534:nobody:/home:/bin/false
`;

const GROUP = `root:x:0:
daemon:x:1:
bin:x:2:
sys:x:3:
adm:x:4:
tty:x:5:
disk:x:6:
lp:x:7:
mail:x:8:
kmem:x:9:
wheel:x:10:root
cdrom:x:11:
dialout:x:18:
floppy:x:19:
video:x:28:
audio:x:29:
tape:x:32:
www-data:x:33:
operator:x:37:
utmp:x:43:
plugdev:x:46:
staff:x:50:
lock:x:54:
netdev:x:82:
users:x:100:
nobody:x:65534:
`;

const layerOf = memo((key) => {
  const [libc, architecture, version] = key.split(' ') as [Libc, string, string];
  const { blob, program, libraries } = BYTES[libc];
  const library = { 'lib/libc.so.6': libraries, 'lib/libresolv.so.2': 80_000, lib64: '-> lib' };
  const contents = {
    ...dirs('bin dev etc root usr/bin usr/sbin var/spool/mail var/www'),
    tmp: TMP,
    home: owned(directory(), 65534),
    'bin/busybox': program,
    ...links(
      'bin/',
      BUSYBOX_APPLETS.split(' ')
        .filter((name) => name !== 'busybox' && name !== 'getconf')
        .join(' '),
      'busybox',
    ),
    'bin/getconf': 30_000,
    'etc/group': GROUP,
    'etc/passwd': PASSWD,
    'etc/shadow':
      'root:*:10933:0:99999:7:::\ndaemon:*:10933:0:99999:7:::\nnobody:*:10933:0:99999:7:::\n',
    'etc/localtime': 127,
    'etc/nsswitch.conf': 'passwd:\t\tfiles\ngroup:\t\tfiles\nhosts:\t\tfiles dns\n',
    'usr/bin/env': '-> ../../bin/env',
    ...(libc === 'glibc' ? library : {}),
  };
  return layer(contents, blob, `busybox-${version}-${libc}/${architecture}`);
});

const build =
  (libc: Libc, version = '1.37.0', days = 460) =>
  ({ architecture }: Platform): BuiltSteps => {
    const createdMs = -days * DAY;
    const origin = libc === 'glibc' ? 'Debian 13' : 'Alpine 3.22.1';
    const step = {
      createdBy: `BusyBox ${version} (${libc}), ${origin}`,
      layer: layerOf(`${libc} ${architecture} ${version}`),
      createdMs,
    };
    return { config: { Env: [`PATH=${DEFAULT_PATH}`], Cmd: ['sh'] }, steps: [step], createdMs };
  };

export const BUSYBOX: readonly CatalogueImage[] = [
  {
    tags: ['latest', '1', '1.37', '1.37.0', 'stable', 'unstable'].concat([
      'glibc',
      '1-glibc',
      '1.37-glibc',
      '1.37.0-glibc',
      'stable-glibc',
    ]),
    build: build('glibc'),
  },
  {
    tags: ['musl', '1-musl', '1.37-musl', '1.37.0-musl', 'stable-musl'],
    build: build('musl'),
  },
  // Examples of documentation name these; what they print is that of 1.37.
  { tags: ['1.36', '1.36.1'], build: build('glibc', '1.36.1', 590) },
  { tags: ['1.35', '1.35.0'], build: build('glibc', '1.35.0', 1090) },
  { tags: ['1.28', '1.28.4'], build: build('glibc', '1.28.4', 2780) },
];
