import { DAY } from '../../sim/clock.ts';
import { byPath, directory, modelFile, symlink, textFile, type LayerEntry } from '../entry.ts';
import { makeModelLayer, type Layer } from '../layer.ts';
import type { CatalogueImage } from './image.ts';

export const ALPINE_VERSION = '3.22.2';
const APPLETS = ['cat', 'chmod', 'cp', 'echo', 'env', 'ls', 'mkdir', 'mv', 'rm', 'sh', 'sleep'];
export const PATH_ENV = 'PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin';

/** Alpine's root file system: 3.80 MB compressed, 8.3 MB unpacked. Model figures. */
export const alpineLayer = (): Layer => {
  const dirs = ['bin', 'dev', 'etc', 'etc/apk', 'home', 'lib', 'lib/apk', 'lib/apk/db', 'media'];
  const more = ['mnt', 'opt', 'proc', 'root', 'run', 'sbin', 'srv', 'sys', 'usr', 'usr/bin'];
  const last = ['usr/lib', 'usr/local', 'usr/local/bin', 'usr/share', 'var', 'var/cache'];
  const ends = ['var/lib', 'var/log', 'var/tmp'];
  const entries: [string, LayerEntry][] = [...dirs, ...more, ...last, ...ends].map((path) => [
    path,
    directory(),
  ]);
  entries.push(
    ['tmp', directory(0o1777)],
    ['bin/busybox', modelFile(808_712, 'alpine/busybox-1.37.0')],
    ...APPLETS.map((name): [string, LayerEntry] => [`bin/${name}`, symlink('/bin/busybox')]),
    ['etc/alpine-release', textFile(`${ALPINE_VERSION}\n`)],
    ['etc/group', textFile('root:x:0:root\nnobody:x:65534:\n')],
    ['etc/hosts', textFile('127.0.0.1\tlocalhost localhost.localdomain\n')],
    ['etc/os-release', textFile(osRelease())],
    ['etc/passwd', textFile(passwd())],
    ['lib/apk/db/installed', textFile('')],
    ['lib/ld-musl-x86_64.so.1', modelFile(662_776, 'alpine/musl-1.2.5')],
    ['sbin/apk', modelFile(72_424, 'alpine/apk-tools-2.14')],
    ['usr/lib/libcrypto.so.3', modelFile(4_600_000, 'alpine/libcrypto-3.5')],
    ['usr/lib/libssl.so.3', modelFile(860_000, 'alpine/libssl-3.5')],
    ['usr/lib/libapk.so.2', modelFile(1_300_000, 'alpine/rest')],
  );
  return makeModelLayer(entries.sort(byPath), 3_802_452);
};

const osRelease = (): string =>
  `NAME="Alpine Linux"\nID=alpine\nVERSION_ID=${ALPINE_VERSION}\n` +
  `PRETTY_NAME="Alpine Linux v${ALPINE_VERSION.slice(0, 4)}"\nHOME_URL="https://alpinelinux.org/"\n`;

const passwd = (): string =>
  'root:x:0:0:root:/root:/bin/sh\nnobody:x:65534:65534:nobody:/:/sbin/nologin\n';

export const ALPINE_STEPS = (layer: Layer) => [
  {
    createdBy: `ADD alpine-minirootfs-${ALPINE_VERSION}-x86_64.tar.gz / # buildkit`,
    layer,
    comment: 'buildkit.dockerfile.v0',
  },
  { createdBy: 'CMD ["/bin/sh"]', comment: 'buildkit.dockerfile.v0' },
];

export const alpineImage = (): CatalogueImage => ({
  repository: 'library/alpine',
  tags: ['latest', '3', '3.22', ALPINE_VERSION],
  config: { Env: [PATH_ENV], Cmd: ['/bin/sh'], WorkingDir: '/' },
  steps: ALPINE_STEPS(alpineLayer()),
  createdMs: -89 * DAY,
});
