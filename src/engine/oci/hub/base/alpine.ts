import { DAY } from '../../../sim/clock.ts';
import { ALPINE_APPLETS } from '../applets.ts';
import { DEFAULT_PATH, type CatalogueImage, type Platform } from '../image.ts';
import { dirs, files, layer, links, memo, TMP, type Contents } from '../layers.ts';
import { Recipe } from '../recipe.ts';

/** Alpine Linux (alpinelinux/docker-alpine): the mini root file system and nothing else. */
export type AlpineBranch = '3.18' | '3.19' | '3.20' | '3.21' | '3.22';

interface Release {
  readonly version: string;
  readonly busybox: string;
  readonly createdMs: number;
  /** Blob of the root file system, by architecture: model figures near the real ones. */
  readonly bytes: Readonly<Record<Platform['architecture'], number>>;
}

const RELEASES: Readonly<Record<AlpineBranch, Release>> = {
  '3.18': {
    version: '3.18.12',
    busybox: '1.36.1-r7',
    createdMs: -330 * DAY,
    bytes: { amd64: 3_419_000, arm64: 3_351_000 },
  },
  '3.19': {
    version: '3.19.9',
    busybox: '1.36.1-r20',
    createdMs: -89 * DAY,
    bytes: { amd64: 3_421_000, arm64: 3_364_000 },
  },
  '3.20': {
    version: '3.20.8',
    busybox: '1.36.1-r31',
    createdMs: -89 * DAY,
    bytes: { amd64: 3_626_000, arm64: 4_096_000 },
  },
  '3.21': {
    version: '3.21.5',
    busybox: '1.37.0-r14',
    createdMs: -89 * DAY,
    bytes: { amd64: 3_644_000, arm64: 3_993_000 },
  },
  '3.22': {
    version: '3.22.2',
    busybox: '1.37.0-r19',
    createdMs: -89 * DAY,
    bytes: { amd64: 3_802_452, arm64: 4_136_000 },
  },
};

const PACKAGES =
  'alpine-baselayout alpine-baselayout-data alpine-keys alpine-release apk-tools busybox ' +
  'busybox-binsh ca-certificates-bundle libapk2 libcrypto3 libssl3 musl musl-utils scanelf ' +
  'ssl_client zlib';

export const ALPINE_PASSWD = `root:x:0:0:root:/root:/bin/sh
bin:x:1:1:bin:/bin:/sbin/nologin
daemon:x:2:2:daemon:/sbin:/sbin/nologin
lp:x:4:7:lp:/var/spool/lpd:/sbin/nologin
sync:x:5:0:sync:/sbin:/bin/sync
shutdown:x:6:0:shutdown:/sbin:/sbin/shutdown
halt:x:7:0:halt:/sbin:/sbin/halt
mail:x:8:12:mail:/var/mail:/sbin/nologin
news:x:9:13:news:/usr/lib/news:/sbin/nologin
uucp:x:10:14:uucp:/var/spool/uucppublic:/sbin/nologin
cron:x:16:16:cron:/var/spool/cron:/sbin/nologin
ftp:x:21:21::/var/lib/ftp:/sbin/nologin
sshd:x:22:22:sshd:/dev/null:/sbin/nologin
games:x:35:35:games:/usr/games:/sbin/nologin
ntp:x:123:123:NTP:/var/empty:/sbin/nologin
guest:x:405:100:guest:/dev/null:/sbin/nologin
nobody:x:65534:65534:nobody:/:/sbin/nologin
`;

export const ALPINE_GROUP = `root:x:0:root
bin:x:1:root,bin,daemon
daemon:x:2:root,bin,daemon
sys:x:3:root,bin
adm:x:4:root,daemon
tty:x:5:
disk:x:6:root
lp:x:7:lp
kmem:x:9:
wheel:x:10:root
floppy:x:11:root
mail:x:12:mail
news:x:13:news
uucp:x:14:uucp
cron:x:16:cron
audio:x:18:
cdrom:x:19:
dialout:x:20:root
ftp:x:21:
sshd:x:22:
input:x:23:
tape:x:26:root
video:x:27:root
netdev:x:28:
kvm:x:34:kvm
games:x:35:
shadow:x:42:
www-data:x:82:
users:x:100:games
ntp:x:123:
abuild:x:300:
utmp:x:406:
ping:x:999:
nogroup:x:65533:
nobody:x:65534:
`;

const MOTD = `Welcome to Alpine!

The Alpine Wiki contains a large amount of how-to guides and general
information about administrating Alpine systems.
See <https://wiki.alpinelinux.org/>.

You can setup the system with the command: setup-alpine

You may change this message by editing /etc/motd.

`;

const osRelease = (version: string): string =>
  `NAME="Alpine Linux"\nID=alpine\nVERSION_ID=${version}\n` +
  `PRETTY_NAME="Alpine Linux v${version.slice(0, 4)}"\nHOME_URL="https://alpinelinux.org/"\n` +
  'BUG_REPORT_URL="https://gitlab.alpinelinux.org/alpine/aports/-/issues"\n';

function contents(branch: AlpineBranch, { machine }: Platform): Contents {
  const { version, busybox } = RELEASES[branch];
  const mirror = `https://dl-cdn.alpinelinux.org/alpine/v${branch}`;
  const installed = PACKAGES.split(' ').map((name) => `P:${name}\nA:${machine}\n\n`);
  const applets = Object.entries(ALPINE_APPLETS).map(([at, names]) =>
    links(at, names, '/bin/busybox'),
  );
  return {
    ...dirs('dev home lib/apk/exec media/cdrom media/floppy media/usb mnt opt proc root run srv'),
    ...dirs('sys usr/lib usr/local/bin usr/local/lib usr/local/share usr/share var/cache/misc'),
    ...dirs('var/empty var/lib/misc var/local var/lock/subsys var/log var/mail var/opt var/spool'),
    ...{ tmp: TMP, 'var/tmp': TMP, 'var/run': '-> ../run' },
    'bin/busybox': 808_712,
    ...(Object.fromEntries(applets.flatMap((one) => Object.entries(one))) as Contents),
    'etc/alpine-release': `${version}\n`,
    'etc/apk/arch': `${machine}\n`,
    'etc/apk/repositories': `${mirror}/main\n${mirror}/community\n`,
    'etc/apk/world':
      'alpine-baselayout\nalpine-keys\nalpine-release\napk-tools\nbusybox\nlibc-utils\n',
    'etc/group': ALPINE_GROUP,
    'etc/hostname': 'localhost\n',
    'etc/hosts':
      '127.0.0.1\tlocalhost localhost.localdomain\n::1\t\tlocalhost localhost.localdomain\n',
    'etc/inittab': '# /etc/inittab\n\n::sysinit:/sbin/openrc sysinit\n',
    'etc/issue': `Welcome to Alpine Linux ${branch}\nKernel \\r on \\m (\\l)\n\n`,
    'etc/motd': MOTD,
    'etc/os-release': '-> ../usr/lib/os-release',
    'etc/passwd': ALPINE_PASSWD,
    'etc/profile': 'export PATH="/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"\n',
    'etc/securetty': 'console\ntty1\n',
    'etc/shadow': 'root:*::0:::::\nnobody:!::0:::::\n',
    'etc/shells': '# valid login shells\n/bin/sh\n/bin/ash\n',
    'etc/ssl/certs/ca-certificates.crt': 218_000,
    'etc/ssl/cert.pem': '-> certs/ca-certificates.crt',
    'lib/apk/db/installed': installed.join(''),
    [`lib/ld-musl-${machine}.so.1`]: 662_776,
    [`lib/libc.musl-${machine}.so.1`]: `-> ld-musl-${machine}.so.1`,
    'sbin/apk': 72_424,
    'sbin/ldconfig': '#!/bin/sh\nscan_dirs() {\n\tscanelf -qS "$@"\n}\n',
    ...files('usr/bin/', 'getconf getent iconv scanelf ssl_client', 30_000),
    'usr/bin/ldd': '#!/bin/sh\nexec /lib/ld-musl-x86_64.so.1 --list -- "$@"\n',
    'usr/lib/libcrypto.so.3': 4_600_000,
    'usr/lib/libssl.so.3': 860_000,
    'usr/lib/libapk.so.2.14.9': 280_000,
    'usr/lib/libz.so.1.3.1': 100_000,
    'usr/lib/os-release': osRelease(version),
    'usr/share/apk/keys': 'dir',
    'usr/share/udhcpc/default.script!': '#!/bin/sh\n# Busybox udhcpc dispatcher script.\n',
    'usr/lib/engines-3/padlock.so': 420_000,
    [`usr/share/busybox-${busybox}`]: 'dir',
  };
}

const layerOf = memo((key) => {
  const [branch, architecture, machine] = key.split(' ') as [
    AlpineBranch,
    Platform['architecture'],
    Platform['machine'],
  ];
  const what = contents(branch, { architecture, machine });
  return layer(what, RELEASES[branch].bytes[architecture], `alpine-${branch}/${architecture}`);
});

export function alpine(branch: AlpineBranch, { architecture, machine }: Platform): Recipe {
  const { version, createdMs } = RELEASES[branch];
  const config = { Env: [`PATH=${DEFAULT_PATH}`], WorkingDir: '/' };
  const step = {
    createdBy: `ADD alpine-minirootfs-${version}-${machine}.tar.gz / # buildkit`,
    layer: layerOf(`${branch} ${architecture} ${machine}`),
    comment: 'buildkit.dockerfile.v0',
    createdMs,
  };
  return new Recipe(config, [step], createdMs).cmd('/bin/sh');
}

export const ALPINE: readonly CatalogueImage[] = [
  {
    tags: ['latest', '3', '3.22', RELEASES['3.22'].version],
    build: (platform) => alpine('3.22', platform),
  },
  ...(['3.21', '3.20', '3.19', '3.18'] as const).map((branch) => ({
    tags: [branch, RELEASES[branch].version],
    build: (platform: Platform) => alpine(branch, platform),
  })),
];
