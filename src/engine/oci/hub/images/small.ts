import { DAY } from '../../../sim/clock.ts';
import { alpine, ALPINE_GROUP, ALPINE_PASSWD } from '../base/alpine.ts';
import { debian } from '../base/debian.ts';
import { DEFAULT_PATH, type CatalogueImage, type Platform } from '../image.ts';
import { directory } from '../../entry.ts';
import { files, filledTo, layer, memo, owned, type Contents } from '../layers.ts';
import { Recipe } from '../recipe.ts';
import { CREATED_MS, entrypointAt, withLine } from './entrypoint.ts';

/** Small images: a greeting, curl, a memory eater, and the application of our own. */
const layersOf = memo((key) => (part: string, contents: Contents, bytes = 0) => {
  const [name = '', architecture = ''] = key.split(' ');
  return layer(contents, bytes, `${name}-${part}/${architecture}`);
});

/** docker-library/hello-world `amd64/Dockerfile`: one static program. */
const helloWorld = ({ architecture }: Platform): Recipe => {
  const made = layersOf(`hello-world ${architecture}`);
  const path = { Env: [`PATH=${DEFAULT_PATH}`], WorkingDir: '/' };
  return new Recipe(path, [], -120 * DAY)
    .copy('hello /', made('hello', { 'hello!': 10_072 }, 2_380))
    .cmd('/hello');
};

export const HELLO_WORLD: readonly CatalogueImage[] = [
  { tags: ['latest', 'linux'], build: helloWorld },
];

const CURL_USER = 'curl_user:x:100:101:Linux User,,,:/home/curl_user:/sbin/nologin';

/** curl/curl-container: Alpine with curl, run as curl_user. */
const curl = (platform: Platform): Recipe => {
  const made = layersOf(`curl-8.17.0 ${platform.architecture}`);
  return Recipe.from(alpine('3.22', platform), CREATED_MS)
    .label({
      Maintainer: 'James Fuller <jim.fuller@webcomposite.com>',
      Name: 'curl',
      Version: '1.0.0',
    })
    .env({ CURL_RELEASE_TAG: 'curl-8_17_0' })
    .run(
      'apk add --no-cache brotli',
      made(
        'curl',
        {
          'usr/bin/curl': 290_000,
          'usr/lib/libcurl.so.4.8.0': 14_000_000,
          'etc/passwd': withLine(ALPINE_PASSWD, CURL_USER),
          'etc/group': withLine(ALPINE_GROUP, 'curl_group:x:101:curl_user'),
          'home/curl_user': owned(directory(), 100, 101),
        },
        5_600_000,
      ),
    )
    .user('curl_user')

    .copy('entrypoint.sh /entrypoint.sh', entrypointAt('entrypoint.sh', 'curl'))
    .cmd('curl')
    .entrypoint('/entrypoint.sh')
    .cmd('curl');
};

export const CURL: readonly CatalogueImage[] = [{ tags: ['latest', '8.17.0'], build: curl }];

/** polinux/stress: Alpine with stress 1.0.4, to use memory and processor on purpose. */
const stress = (platform: Platform): Recipe => {
  const made = layersOf(`stress-1.0.4 ${platform.architecture}`);
  return Recipe.from(alpine('3.21', platform), CREATED_MS)
    .env({ STRESS_VERSION: '1.0.4', SHELL: '/bin/bash' })
    .run(
      'apk add --update bash g++ make curl',
      made('stress', files('usr/local/bin/', 'stress', 58_000), 30_000),
    )
    .cmd('/usr/local/bin/stress');
};

export const STRESS: readonly CatalogueImage[] = [{ tags: ['latest', '1.0.4'], build: stress }];

/**
 * drydock/app: the web application of our own, whose behaviour the environment decides (see
 * `programs/app.ts`). It is on the model Docker Hub only.
 */
const app =
  (version: string) =>
  (platform: Platform): Recipe => {
    const made = layersOf(`drydock-app-${version} ${platform.architecture}`);
    const files = { app: owned(directory(), 1000), 'app/VERSION': `${version}\n` };
    return Recipe.from(alpine('3.22', platform), CREATED_MS)
      .env({ APP_VERSION: version, PORT: '8080' })
      .copy(
        'app /usr/local/bin/app',
        made('program', { 'usr/local/bin/app': 9_000_000 }, 4_100_000),
      )
      .workdir('/app', made('workdir', files))
      .expose('8080/tcp')
      .cmd('app');
  };

export const APP: readonly CatalogueImage[] = [
  { tags: ['latest', '1.0'], build: app('1.0') },
  { tags: ['2.0'], build: app('2.0') },
];

interface Further {
  readonly name: string;
  readonly version: string;
  readonly base: 'debian' | 'alpine';
  readonly binaries: Contents;
  /** Unpacked and compressed, without the base: model figures. */
  readonly bytes: readonly [number, number];
  readonly finish: (recipe: Recipe) => Recipe;
}

/** An image with one layer over its base. */
const further =
  ({ name, version, base, binaries, bytes, finish }: Further) =>
  (platform: Platform): Recipe => {
    const made = layersOf(`${name}-${version} ${platform.architecture}`);
    const from = base === 'debian' ? debian('trixie-slim', platform) : alpine('3.22', platform);
    const contents = filledTo(bytes[0], `usr/share/${name}-model`, binaries);
    const recipe = Recipe.from(from, CREATED_MS).run('set -eux', made('all', contents, bytes[1]));
    return finish(recipe);
  };

const script = 'usr/local/bin/docker-entrypoint.sh';
const COPY = 'docker-entrypoint.sh /usr/local/bin/';

const mariadb = (version: string, tags: readonly string[]): CatalogueImage => ({
  tags,
  build: further({
    name: 'mariadb',
    version,
    base: 'debian',
    binaries: files('usr/bin/', 'mariadb mariadb-admin mariadb-dump', 5_000_000),
    bytes: [250_000_000, 75_000_000],
    finish: (recipe) =>
      recipe
        .env({ GOSU_VERSION: '1.19' })
        .env({ LANG: 'C.UTF-8' })
        .env({ MARIADB_VERSION: `1:${version}+maria~ubu2404` })
        .volume('/var/lib/mysql')
        .copy(COPY, entrypointAt(script))
        .entrypoint('docker-entrypoint.sh')
        .expose('3306/tcp')
        .cmd('mariadbd'),
  }),
});

export const MARIADB: readonly CatalogueImage[] = [
  mariadb('12.1.2', ['latest', '12', '12.1', '12.1.2']),
  mariadb('11.8.5', ['11', '11.8', '11.8.5', 'lts']),
  mariadb('10.11.15', ['10', '10.11', '10.11.15']),
  mariadb('10.6.24', ['10.6', '10.6.24']),
];

export const MONGO: readonly CatalogueImage[] = [
  {
    tags: ['latest', '8', '8.2', '8.2.3'],
    build: further({
      name: 'mongo',
      version: '8.2.3',
      base: 'debian',
      binaries: files('usr/bin/', 'mongod mongos mongosh', 120_000_000),
      bytes: [800_000_000, 270_000_000],
      finish: (recipe) =>
        recipe
          .env({ GOSU_VERSION: '1.19' })
          .env({ MONGO_MAJOR: '8.2' })
          .env({ MONGO_VERSION: '8.2.3' })
          .env({ HOME: '/data/db' })
          .volume('/data/db', '/data/configdb')
          .copy(COPY, entrypointAt(script))
          .entrypoint('docker-entrypoint.sh')
          .expose('27017/tcp')
          .cmd('mongod'),
    }),
  },
];

export const TRAEFIK: readonly CatalogueImage[] = [
  {
    tags: ['latest', 'v3', 'v3.6', 'v3.6.5', '3.6'],
    build: further({
      name: 'traefik',
      version: '3.6.5',
      base: 'alpine',
      binaries: { 'usr/local/bin/traefik': 160_000_000 },
      bytes: [166_000_000, 46_000_000],
      finish: (recipe) =>
        recipe
          .copy('entrypoint.sh /', entrypointAt('entrypoint.sh'))
          .expose('80/tcp')
          .entrypoint('/entrypoint.sh')
          .cmd('traefik'),
    }),
  },
];
