import { directory } from '../../entry.ts';
import { alpine, ALPINE_GROUP, ALPINE_PASSWD } from '../base/alpine.ts';
import { debian } from '../base/debian.ts';
import { DEBIAN_GROUP, DEBIAN_PASSWD } from '../base/debian-files.ts';
import type { CatalogueImage, Platform } from '../image.ts';
import { dirs, files, filledTo, layer, memo, owned, type Contents } from '../layers.ts';
import { Recipe } from '../recipe.ts';
import { CREATED_MS, entrypointAt, withLine } from './entrypoint.ts';

/** postgres (docker-library/postgres `17/trixie/Dockerfile`); small layers taken together. */
const postgresLayers = memo((key) => {
  const [version = '', base = '', architecture = ''] = key.split(' ');
  const major = version.split('.')[0] ?? '';
  const made = (name: string, contents: Contents, bytes = 0) =>
    layer(contents, bytes, `postgres-${version}-${base}-${name}/${architecture}`);
  const at = base === 'debian' ? `usr/lib/postgresql/${major}/bin/` : 'usr/local/bin/';
  const passwd =
    base === 'debian'
      ? withLine(DEBIAN_PASSWD, 'postgres:x:999:999::/var/lib/postgresql:/bin/bash')
      : withLine(ALPINE_PASSWD, 'postgres:x:70:70:PostgreSQL user:/var/lib/postgresql:/bin/sh');
  const group =
    base === 'debian'
      ? withLine(DEBIAN_GROUP, 'postgres:x:999:')
      : withLine(ALPINE_GROUP, 'postgres:x:70:');
  const server = filledTo(base === 'debian' ? 320_000_000 : 262_000_000, `${at}../share/model`, {
    ...files(at, 'createdb createuser dropdb initdb pg_basebackup pg_ctl pg_dump', 150_000),
    ...files(at, 'pg_dumpall pg_isready pg_restore psql vacuumdb', 150_000),
    [`${at}postgres`]: 9_800_000,
  });
  return {
    users: made('users', {
      'etc/passwd': passwd,
      'etc/group': group,
      ...dirs('var/lib/postgresql'),
    }),
    gosu: made('gosu', { 'usr/local/bin/gosu': 2_500_000, 'usr/bin/less': 180_000 }, 2_600_000),
    locale: made('locale', { 'usr/lib/locale/locale-archive': 25_000_000 }, 8_200_000),
    init: made('init', { 'docker-entrypoint-initdb.d': 'dir' }),
    server: made('server', server, base === 'debian' ? 112_000_000 : 100_000_000),
    run: made('run', { 'var/run/postgresql': owned(directory(0o3777), 999) }),
    data: made('data', { [dataOf(version).slice(1)]: owned(directory(0o1777), 999) }),
  };
});

/** Since 18 the data lies below a directory of the major version (docker-library/postgres#1259). */
const dataOf = (version: string): string =>
  Number(version.split('.')[0]) >= 18
    ? `/var/lib/postgresql/${version.split('.')[0]}/docker`
    : '/var/lib/postgresql/data';

const postgres =
  (version: string, base: 'debian' | 'alpine') =>
  (platform: Platform): Recipe => {
    const layers = postgresLayers(`${version} ${base} ${platform.architecture}`);
    const [major = ''] = version.split('.');
    const onDebian = base === 'debian';
    const from = onDebian ? debian('trixie-slim', platform) : alpine('3.22', platform);
    let recipe = Recipe.from(from, CREATED_MS)
      .run(`set -eux; \t${onDebian ? 'groupadd -r' : 'addgroup -g 70 -S'} postgres`, layers.users)
      .env({ GOSU_VERSION: '1.19' })
      .run('set -eux; \tsavedAptMark="$(apt-mark showmanual)"', layers.gosu);
    if (onDebian) recipe = recipe.run('set -eux; \tapt-get update', layers.locale);
    recipe = recipe
      .env({ LANG: 'en_US.utf8' })
      .run('mkdir /docker-entrypoint-initdb.d', layers.init)
      .env({ PG_MAJOR: major });
    if (onDebian) {
      const path = (recipe.config.Env ?? []).find((pair) => pair.startsWith('PATH='))!.slice(5);
      recipe = recipe
        .env({ PATH: `${path}:/usr/lib/postgresql/${major}/bin` })
        .env({ PG_VERSION: `${version}-1.pgdg13+1` });
    } else {
      recipe = recipe.env({ PG_VERSION: version });
    }
    const data = dataOf(version);
    return recipe
      .run('set -ex; \t\texport PYTHONDONTWRITEBYTECODE=1', layers.server)
      .run('install --verbose --directory --owner postgres /var/run/postgresql', layers.run)
      .env({ PGDATA: data })
      .run('install --verbose --directory --owner postgres "$PGDATA"', layers.data)
      .volume(Number(major) >= 18 ? '/var/lib/postgresql' : data)
      .copy(
        'docker-entrypoint.sh docker-ensure-initdb.sh /usr/local/bin/',
        entrypointAt('usr/local/bin/docker-entrypoint.sh', 'postgres'),
      )
      .entrypoint('docker-entrypoint.sh')
      .stopSignal('SIGINT')
      .expose('5432/tcp')
      .cmd('postgres');
  };

export const POSTGRES: readonly CatalogueImage[] = [
  { tags: ['latest', '18', '18.1', 'trixie', '18-trixie'], build: postgres('18.1', 'debian') },
  { tags: ['alpine', '18-alpine', '18.1-alpine'], build: postgres('18.1', 'alpine') },
  { tags: ['17', '17.7', '17-trixie'], build: postgres('17.7', 'debian') },
  { tags: ['17-alpine', '17.7-alpine', '17-alpine3.22'], build: postgres('17.7', 'alpine') },
  { tags: ['16', '16.11', '16-trixie'], build: postgres('16.11', 'debian') },
  { tags: ['16-alpine', '16.11-alpine'], build: postgres('16.11', 'alpine') },
  ...['15.15', '14.20', '13.23', '12.22'].flatMap((version): CatalogueImage[] => {
    const [major = ''] = version.split('.');
    return [
      { tags: [major, version], build: postgres(version, 'debian') },
      { tags: [`${major}-alpine`, `${version}-alpine`], build: postgres(version, 'alpine') },
    ];
  }),
];
