import { directory } from '../../entry.ts';
import { alpine, ALPINE_GROUP, ALPINE_PASSWD } from '../base/alpine.ts';
import { debian } from '../base/debian.ts';
import { DEBIAN_GROUP, DEBIAN_PASSWD } from '../base/debian-files.ts';
import type { CatalogueImage, Platform } from '../image.ts';
import { filledTo, layer, memo, owned, type Contents } from '../layers.ts';
import { Recipe } from '../recipe.ts';
import { CREATED_MS, entrypointAt, withLine } from './entrypoint.ts';

/** redis (redis/docker-library-redis `debian/Dockerfile`, `alpine/Dockerfile`). */
interface RedisVersion {
  readonly version: string;
  readonly branch: '3.21' | '3.22';
  readonly suite: 'bookworm' | 'trixie';
  /** Unpacked and compressed, Debian and Alpine: model figures. */
  readonly debian: readonly [number, number];
  readonly alpine: readonly [number, number];
}

const REDIS_8: RedisVersion = {
  version: '8.4.0',
  branch: '3.22',
  suite: 'trixie',
  debian: [62_000_000, 22_900_000],
  alpine: [62_500_000, 25_300_000],
};
const REDIS_7: RedisVersion = {
  version: '7.4.7',
  branch: '3.21',
  suite: 'bookworm',
  debian: [42_000_000, 16_500_000],
  alpine: [33_500_000, 13_100_000],
};

/**
 * Releases that examples of documentation name.
 *
 * Simplified: they stand on the bases of 7.4.7.
 */
const OLDER = ['7.4.1', '7.4.0', '7.2.11', '6.2.20', '5.0.14', '3.2.12', '3.0.7', '3.0.6'];
/** The branches of which the newest release is among them. */
const OLDER_BRANCHES: Readonly<Record<string, readonly string[]>> = {
  '7.2.11': ['7.2'],
  '6.2.20': ['6', '6.2'],
  '5.0.14': ['5', '5.0'],
  '3.2.12': ['3', '3.2'],
  '3.0.7': ['3.0'],
};

const redisLayers = memo((key) => {
  const [version = '', base = '', architecture = ''] = key.split(' ');
  const made = (name: string, contents: Contents, bytes = 0) =>
    layer(contents, bytes, `redis-${version}-${base}-${name}/${architecture}`);
  const which = version.startsWith('8') ? REDIS_8 : REDIS_7;
  const [unpacked, compressed] = base === 'debian' ? which.debian : which.alpine;
  const users =
    base === 'debian'
      ? {
          'etc/passwd': withLine(DEBIAN_PASSWD, 'redis:x:999:999::/home/redis:/bin/sh'),
          'etc/group': withLine(DEBIAN_GROUP, 'redis:x:999:'),
        }
      : {
          'etc/passwd': withLine(ALPINE_PASSWD, 'redis:x:999:1000::/home/redis:/bin/sh'),
          'etc/group': withLine(ALPINE_GROUP, 'redis:x:1000:redis'),
        };
  return {
    users: made('users', users),
    tools: made('tools', { 'usr/share/zoneinfo/model': 1_900_000 }, 1_000_000),
    server: made(
      'server',
      filledTo(unpacked, 'usr/local/lib/redis/modules/model.so', {
        'usr/local/bin/redis-server': 17_000_000,
        'usr/local/bin/redis-cli': 8_000_000,
        'usr/local/bin/redis-benchmark': 7_000_000,
        'usr/local/bin/redis-check-aof': '-> redis-server',
        'usr/local/bin/redis-check-rdb': '-> redis-server',
        'usr/local/bin/redis-sentinel': '-> redis-server',
      }),
      compressed,
    ),
    data: made('data', { data: owned(directory(), 999) }),
    workdir: made('workdir', {}),
  };
});

const redis =
  (version: RedisVersion, base: 'debian' | 'alpine') =>
  (platform: Platform): Recipe => {
    const layers = redisLayers(`${version.version} ${base} ${platform.architecture}`);
    const from =
      base === 'debian'
        ? debian(`${version.suite}-slim`, platform)
        : alpine(version.branch, platform);
    const add = base === 'debian' ? 'groupadd -r -g 999 redis' : 'addgroup -S -g 1000 redis';
    return Recipe.from(from, CREATED_MS)
      .run(`set -eux; \t${add}`, layers.users)
      .run('set -eux; \t# runtime dependencies', layers.tools)
      .env({ REDIS_VERSION: version.version })
      .arg(
        `REDIS_DOWNLOAD_URL=https://github.com/redis/redis/archive/refs/tags/${version.version}.tar.gz`,
      )
      .run('set -eux; \t\tsavedAptMark="$(apt-mark showmanual)"', layers.server)
      .run('mkdir /data && chown redis:redis /data', layers.data)
      .volume('/data')
      .workdir('/data', layers.workdir)
      .copy(
        'docker-entrypoint.sh /usr/local/bin/',
        entrypointAt('usr/local/bin/docker-entrypoint.sh', 'redis'),
      )
      .entrypoint('docker-entrypoint.sh')
      .expose('6379/tcp')
      .cmd('redis-server');
  };

export const REDIS: readonly CatalogueImage[] = [
  {
    tags: ['latest', '8', '8.4', '8.4.0', 'trixie', '8-trixie', '8.4-trixie', '8.4.0-trixie'],
    build: redis(REDIS_8, 'debian'),
  },
  {
    tags: ['alpine', '8-alpine', '8.4-alpine', '8.4.0-alpine', 'alpine3.22', '8-alpine3.22'],
    build: redis(REDIS_8, 'alpine'),
  },
  {
    tags: ['7', '7.4', '7.4.7', '7-bookworm', '7.4-bookworm', '7.4.7-bookworm'],
    build: redis(REDIS_7, 'debian'),
  },
  {
    tags: ['7-alpine', '7.4-alpine', '7.4.7-alpine', '7-alpine3.21'],
    build: redis(REDIS_7, 'alpine'),
  },
  ...OLDER.flatMap((version): CatalogueImage[] => {
    const names = [version, ...(OLDER_BRANCHES[version] ?? [])];
    const release = { ...REDIS_7, version };
    return [
      { tags: names, build: redis(release, 'debian') },
      { tags: names.map((name) => `${name}-alpine`), build: redis(release, 'alpine') },
    ];
  }),
];
