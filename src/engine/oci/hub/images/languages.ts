import { alpine, ALPINE_GROUP, ALPINE_PASSWD } from '../base/alpine.ts';
import { buildpackDeps } from '../base/buildpack-deps.ts';
import { debian } from '../base/debian.ts';
import { DEBIAN_GROUP, DEBIAN_PASSWD } from '../base/debian-files.ts';
import type { CatalogueImage, Platform } from '../image.ts';
import { dirs, files, filledTo, layer, memo, type Contents } from '../layers.ts';
import { Recipe } from '../recipe.ts';
import { CREATED_MS, entrypointAt, withLine } from './entrypoint.ts';

/**
 * node (nodejs/docker-node), python (docker-library/python) and golang (docker-library/golang): the
 * full variants stand on buildpack-deps and share its layers, the slim ones on Debian slim.
 */
type Base = 'bookworm' | 'bookworm-slim' | 'trixie' | 'trixie-slim' | 'alpine';

const baseOf = (base: Base, platform: Platform): Recipe => {
  if (base === 'alpine') return alpine('3.22', platform);
  if (base === 'bookworm' || base === 'trixie') return buildpackDeps(base, platform);
  return debian(base, platform);
};

const pathOf = ({ config }: Recipe): string =>
  (config.Env ?? []).find((pair) => pair.startsWith('PATH='))?.slice(5) ?? '';

const layersOf = memo((key) => {
  const [name = '', base = '', architecture = ''] = key.split(' ');
  return (part: string, contents: Contents, bytes = 0) =>
    layer(contents, bytes, `${name}-${base}-${part}/${architecture}`);
});

const node =
  (version: string, base: Base) =>
  (platform: Platform): Recipe => {
    const made = layersOf(`node-${version} ${base} ${platform.architecture}`);
    const onAlpine = base === 'alpine';
    const users = made('users', {
      'etc/passwd': withLine(
        onAlpine ? ALPINE_PASSWD : DEBIAN_PASSWD,
        onAlpine
          ? 'node:x:1000:1000::/home/node:/bin/sh'
          : 'node:x:1000:1000::/home/node:/bin/bash',
      ),
      'etc/group': withLine(onAlpine ? ALPINE_GROUP : DEBIAN_GROUP, 'node:x:1000:'),
      'home/node': 'dir',
    });
    const program = {
      'usr/local/bin/node': 123_500_000,
      'usr/local/bin/nodejs': '-> /usr/local/bin/node',
      'usr/local/bin/npm': '-> ../lib/node_modules/npm/bin/npm-cli.js',
      'usr/local/bin/npx': '-> ../lib/node_modules/npm/bin/npx-cli.js',
      'usr/local/bin/corepack': '-> ../lib/node_modules/corepack/dist/corepack.js',
      ...dirs('usr/local/include/node'),
      'usr/local/lib/node_modules/corepack/dist/corepack.js!': 1_100_000,
      'usr/local/lib/node_modules/npm/bin/npm-cli.js!': 54,
      'usr/local/lib/node_modules/npm/bin/npx-cli.js!': 2_965,
      'usr/local/lib/node_modules/npm/lib/model': 11_000_000,
    };
    const yarn = {
      'opt/yarn-v1.22.22/bin/yarn.js!': 5_300_000,
      'usr/local/bin/yarn': '-> /opt/yarn-v1.22.22/bin/yarn.js',
      'usr/local/bin/yarnpkg': '-> /opt/yarn-v1.22.22/bin/yarnpkg',
      'opt/yarn-v1.22.22/bin/yarnpkg!': '#!/bin/sh\n',
    };
    const add = onAlpine ? 'addgroup -g 1000 node' : 'groupadd --gid 1000 node';
    let recipe = Recipe.from(baseOf(base, platform), CREATED_MS);
    if (!onAlpine) recipe = recipe.run(`${add}   && useradd --uid 1000 --gid node`, users);
    recipe = recipe.env({ NODE_VERSION: version });
    if (onAlpine)
      recipe = recipe.run(
        `${add}     && adduser -u 1000`,
        made(
          'all',
          {
            ...program,
            'etc/passwd': withLine(ALPINE_PASSWD, 'node:x:1000:1000::/home/node:/bin/sh'),
            'etc/group': withLine(ALPINE_GROUP, 'node:x:1000:'),
            'home/node': 'dir',
            'usr/lib/libstdc++.so.6': 2_600_000,
          },
          51_000_000,
        ),
      );
    else
      recipe = recipe.run(
        'ARCH= && dpkgArch="$(dpkg --print-architecture)"',
        made('node', program, 49_500_000),
      );
    return recipe
      .env({ YARN_VERSION: '1.22.22' })
      .run('set -ex   && yarn --version', made('yarn', yarn, 1_250_000))
      .copy(
        'docker-entrypoint.sh /usr/local/bin/',
        entrypointAt('usr/local/bin/docker-entrypoint.sh', 'node'),
      )
      .entrypoint('docker-entrypoint.sh')
      .cmd('node');
  };

const suffixes = (names: readonly string[], ...ends: string[]): string[] =>
  ends.flatMap((end) => names.map((name) => (name === '' ? end.slice(1) : `${name}${end}`)));

const nodeImages = (version: string, names: readonly string[]): CatalogueImage[] => [
  {
    tags: [
      ...names.map((name) => (name === '' ? 'latest' : name)),
      ...suffixes(names, '-bookworm'),
    ],
    build: node(version, 'bookworm'),
  },
  { tags: suffixes(names, '-slim', '-bookworm-slim'), build: node(version, 'bookworm-slim') },
  { tags: suffixes(names, '-alpine', '-alpine3.22'), build: node(version, 'alpine') },
];

export const NODE: readonly CatalogueImage[] = [
  ...nodeImages('25.2.1', ['', 'current', '25', '25.2', '25.2.1']),
  ...nodeImages('24.12.0', ['24', '24.12', '24.12.0', 'lts', 'krypton']),
  ...nodeImages('22.21.1', ['22', '22.21', '22.21.1', 'jod']),
  ...nodeImages('20.19.6', ['20', '20.19', '20.19.6', 'iron']),
  ...nodeImages('18.20.8', ['18', '18.20', '18.20.8', 'hydrogen']),
  ...nodeImages('16.20.2', ['16', '16.20', '16.20.2', 'gallium']),
  ...nodeImages('14.21.3', ['14', '14.21', '14.21.3', 'fermium']),
];

const GPG = '7169605F62C751356D054A26A821E680E5FA6305';

const python =
  (version: string, base: Base) =>
  (platform: Platform): Recipe => {
    const made = layersOf(`python-${version} ${base} ${platform.architecture}`);
    const minor = version.slice(0, version.lastIndexOf('.'));
    const program = filledTo(39_500_000, `usr/local/lib/python${minor}/model.pyc`, {
      [`usr/local/bin/python${minor}`]: 14_400,
      [`usr/local/lib/libpython${minor}.so.1.0`]: 23_000_000,
      [`usr/local/bin/pip${minor}`]: 230,
      ...{ 'usr/local/bin/pip3': `-> pip${minor}`, 'usr/local/bin/pip': `-> pip${minor}` },
      'usr/local/bin/python3': `-> python${minor}`,
      [`usr/local/bin/idle${minor}`]: '#!/usr/local/bin/python3\n',
      [`usr/local/bin/pydoc${minor}`]: '#!/usr/local/bin/python3\n',
      [`usr/local/bin/python${minor}-config`]: '#!/bin/sh\n',
    });
    const names = made('links', {
      'usr/local/bin/idle': '-> idle3',
      'usr/local/bin/idle3': `-> idle${minor}`,
      'usr/local/bin/pydoc': '-> pydoc3',
      'usr/local/bin/pydoc3': `-> pydoc${minor}`,
      'usr/local/bin/python': '-> python3',
      'usr/local/bin/python-config': '-> python3-config',
      'usr/local/bin/python3-config': `-> python${minor}-config`,
    });
    const from = baseOf(base, platform);
    const runtime = made(
      'runtime',
      { 'usr/share/zoneinfo/model': 3_000_000, 'etc/ssl/certs/ca-certificates.crt': 220_000 },
      base.includes('slim') ? 1_290_000 : 460_000,
    );
    return Recipe.from(from, CREATED_MS)
      .env({ PATH: pathOf(from).replace(/^(\/usr\/local\/bin:)?/, '/usr/local/bin:') })
      .run('set -eux; \tapt-get update', runtime)
      .env({ GPG_KEY: GPG })
      .env({ PYTHON_VERSION: version })
      .run(
        'set -eux; \t\tsavedAptMark="$(apt-mark showmanual)"',
        made('python', program, 11_790_000),
      )
      .run('set -eux; \tfor src in idle3 pip3 pydoc3 python3 python3-config; do', names)
      .cmd('python3');
  };

const pythonImages = (version: string, names: readonly string[]): CatalogueImage[] => [
  {
    tags: [...names.map((name) => (name === '' ? 'latest' : name)), ...suffixes(names, '-trixie')],
    build: python(version, 'trixie'),
  },
  { tags: suffixes(names, '-slim', '-slim-trixie'), build: python(version, 'trixie-slim') },
  { tags: suffixes(names, '-slim-bookworm'), build: python(version, 'bookworm-slim') },
  { tags: suffixes(names, '-alpine', '-alpine3.22'), build: python(version, 'alpine') },
];

export const PYTHON: readonly CatalogueImage[] = [
  ...pythonImages('3.14.2', ['', '3', '3.14', '3.14.2']),
  ...pythonImages('3.13.11', ['3.13', '3.13.11']),
  ...pythonImages('3.12.12', ['3.12', '3.12.12']),
  ...pythonImages('3.11.14', ['3.11', '3.11.14']),
  ...pythonImages('3.10.19', ['3.10', '3.10.19']),
  ...pythonImages('3.9.25', ['3.9', '3.9.25']),
  ...pythonImages('3.8.20', ['3.8', '3.8.20']),
  ...pythonImages('3.7.17', ['3.7', '3.7.17']),
  ...pythonImages('3.4.10', ['3.4', '3.4.10']),
];

const golang =
  (version: string, base: 'trixie' | 'bookworm' | 'alpine') =>
  (platform: Platform): Recipe => {
    const made = layersOf(`golang-${version} ${base} ${platform.architecture}`);
    const tools = made(
      'tools',
      files('usr/bin/', 'gcc g++ make pkg-config', 20_000_000),
      86_000_000,
    );
    const certificates = made('certificates', { 'etc/ssl/certs/ca.crt': 220_000 }, 295_000);
    const go = filledTo(217_000_000, 'usr/local/go/src/model', {
      'usr/local/go/bin/go': 14_100_000,
      'usr/local/go/bin/gofmt': 2_900_000,
      'usr/local/go/VERSION': `go${version}\n`,
    });
    const from = baseOf(base, platform);
    let recipe = Recipe.from(from, CREATED_MS);
    recipe =
      base === 'alpine'
        ? recipe.run('apk add --no-cache ca-certificates', certificates)
        : recipe.run('set -eux; \tapt-get update', tools);
    const workdir = made('gopath', dirs('go/bin go/src'));
    return recipe
      .env({ GOLANG_VERSION: version })
      .env({ GOTOOLCHAIN: 'local' })
      .env({ GOPATH: '/go' })
      .env({ PATH: `/go/bin:/usr/local/go/bin:${pathOf(from)}` })
      .copy('/target/ /', made('go', go, 60_200_000))
      .run('mkdir -p "$GOPATH/src" "$GOPATH/bin" && chmod -R 1777 "$GOPATH"', workdir)
      .workdir('/go', made('workdir', {}))
      .cmd(...(recipe.config.Cmd ?? []));
  };

const golangImages = (version: string, names: readonly string[]): CatalogueImage[] => [
  {
    tags: [...names.map((name) => (name === '' ? 'latest' : name)), ...suffixes(names, '-trixie')],
    build: golang(version, 'trixie'),
  },
  { tags: suffixes(names, '-bookworm'), build: golang(version, 'bookworm') },
  { tags: suffixes(names, '-alpine', '-alpine3.22'), build: golang(version, 'alpine') },
];

export const GOLANG: readonly CatalogueImage[] = [
  ...golangImages('1.25.5', ['', '1', '1.25', '1.25.5']),
  ...golangImages('1.24.11', ['1.24', '1.24.11']),
  ...golangImages('1.23.12', ['1.23', '1.23.12']),
  ...golangImages('1.22.12', ['1.22', '1.22.12']),
];
