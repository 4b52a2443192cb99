import { DAY } from '../../../sim/clock.ts';
import { alpine, ALPINE_GROUP, ALPINE_PASSWD } from '../base/alpine.ts';
import { debian } from '../base/debian.ts';
import { DEBIAN_GROUP, DEBIAN_PASSWD } from '../base/debian-files.ts';
import type { CatalogueImage, Platform } from '../image.ts';
import { files, filledTo, layer, memo } from '../layers.ts';
import { Recipe } from '../recipe.ts';
import { entrypointScript, SCRIPTS, serverFiles, stepScript } from './nginx-files.ts';

/** nginx (nginx/docker-nginx 1.29.3 `mainline/`, 1.28.0 `stable/`): Debian, Alpine and slim. */
interface Version {
  readonly version: string;
  readonly njs: string;
  readonly suite: 'bookworm' | 'trixie';
  readonly branch: '3.21' | '3.22';
  readonly createdMs: number;
}

const MAINLINE: Version = {
  version: '1.29.3',
  njs: '0.9.4',
  suite: 'trixie',
  branch: '3.22',
  createdMs: -61 * DAY,
};
const STABLE: Version = {
  version: '1.28.0',
  njs: '0.8.10',
  suite: 'bookworm',
  branch: '3.21',
  createdMs: -61 * DAY,
};

/**
 * Releases that examples of documentation still name, and how many days old they are.
 *
 * Simplified: they stand on the bases of the stable one.
 */
const OLDER: Readonly<Record<string, number>> = {
  ...{ '1.27.5': 264, '1.26.3': 334, '1.25.5': 612, '1.24.0': 971, '1.23.4': 1013, '1.22.1': 1160 },
  ...{ '1.21.6': 1318, '1.20.2': 1398, '1.19.10': 1730, '1.18.0': 1720, '1.17.10': 2090 },
  ...{ '1.16.1': 2090, '1.15.12': 2440, '1.14.2': 2476 },
};

const MAINTAINER = { maintainer: 'NGINX Docker Maintainers <docker-maint@nginx.com>' };

const withUser = (passwd: string, shell: string): string =>
  `${passwd}nginx:x:101:101:nginx:/${shell === '/bin/false' ? 'nonexistent' : 'var/cache/nginx'}:${shell}\n`;

const seedOf = (key: string, name: string): string => {
  const [version = '', base = '', architecture = ''] = key.split(' ');
  return `nginx-${version}-${base}-${name}/${architecture}`;
};

const debianServer = memo((key) =>
  layer(
    filledTo(73_800_000, 'usr/lib/nginx/modules/ngx_http_js_module.so', {
      ...serverFiles(
        withUser(DEBIAN_PASSWD, '/bin/false'),
        `${DEBIAN_GROUP}nginx:x:101:\n`,
        1_600_000,
      ),
      ...files('usr/bin/', 'curl envsubst gettext openssl', 300_000),
      'etc/ssl/certs/ca-certificates.crt': 220_000,
      'usr/lib/x86_64-linux-gnu/libgd.so.3': 3_000_000,
    }),
    29_900_000,
    seedOf(key, 'server'),
  ),
);

const alpineServer = memo((key) =>
  layer(
    {
      ...serverFiles(
        withUser(ALPINE_PASSWD, '/sbin/nologin'),
        `${ALPINE_GROUP}nginx:x:101:nginx\n`,
        1_420_000,
      ),
      'usr/bin/envsubst': 34_000,
      'usr/share/zoneinfo/model': 1_400_000,
    },
    1_812_337,
    seedOf(key, 'server'),
  ),
);

const alpineModules = memo((key) =>
  layer(
    {
      'usr/bin/curl': 280_000,
      'usr/lib/nginx/modules/ngx_http_js_module.so': 38_100_000,
      'usr/lib/libcurl.so.4.8.0': 700_000,
    },
    16_842_720,
    seedOf(key, 'modules'),
  ),
);

/** The same for every version, base and platform. */
const entrypointLayer = memo((key) => layer(entrypointScript, 0, key));
const scriptLayer = memo((name) => layer(stepScript(name), 0, name));

/** Before 1.19 there was no entrypoint. */
const hasEntrypoint = (version: string): boolean => Number(version.split('.')[1]) >= 19;

function finished(recipe: Recipe, version: string): Recipe {
  if (!hasEntrypoint(version)) {
    return recipe.expose('80/tcp').stopSignal('SIGTERM').cmd('nginx', '-g', 'daemon off;');
  }
  let result = recipe.copy('docker-entrypoint.sh /', entrypointLayer('entrypoint'));
  for (const name of SCRIPTS) {
    result = result.copy(`${name} /docker-entrypoint.d`, scriptLayer(name));
  }
  return result
    .entrypoint('/docker-entrypoint.sh')
    .expose('80/tcp')
    .stopSignal('SIGQUIT')
    .cmd('nginx', '-g', 'daemon off;');
}

const onDebian =
  ({ version, njs, suite, createdMs }: Version) =>
  (platform: Platform): Recipe => {
    const release = { PKG_RELEASE: `1~${suite}`, DYNPKG_RELEASE: `1~${suite}` };
    const recipe = Recipe.from(debian(`${suite}-slim`, platform), createdMs)
      .label(MAINTAINER)
      .env({ NGINX_VERSION: version })
      .env({ NJS_VERSION: njs })
      .env({ NJS_RELEASE: `1~${suite}` })
      .env({ PKG_RELEASE: release.PKG_RELEASE })
      .env({ DYNPKG_RELEASE: release.DYNPKG_RELEASE })
      .run(
        'set -x     && groupadd --system --gid 101 nginx',
        debianServer(`${version} debian ${platform.architecture}`),
      );
    return finished(recipe, version);
  };

const onAlpineSlim =
  ({ version, branch, createdMs }: Version) =>
  (platform: Platform): Recipe => {
    const recipe = Recipe.from(alpine(branch, platform), createdMs)
      .label(MAINTAINER)
      .env({ NGINX_VERSION: version })
      .env({ PKG_RELEASE: '1' })
      .env({ DYNPKG_RELEASE: '1' })
      .run(
        'set -x     && addgroup -g 101 -S nginx',
        alpineServer(`${version} alpine ${platform.architecture}`),
      );
    return finished(recipe, version);
  };

const onAlpine =
  (version: Version) =>
  (platform: Platform): Recipe => {
    const modules = alpineModules(`${version.version} alpine ${platform.architecture}`);
    return Recipe.from(onAlpineSlim(version)(platform), version.createdMs)
      .env({ NJS_VERSION: version.njs })
      .env({ NJS_RELEASE: '1' })
      .run('set -x     && apkArch="$(cat /etc/apk/arch)"', modules);
  };

const tags = (names: readonly string[], suffix: string): string[] =>
  names.map((name) => (name === '' ? suffix.slice(1) : `${name}${suffix}`));

const MAINLINE_NAMES = ['1.29.3', 'mainline', '1', '1.29'];
const STABLE_NAMES = ['1.28.0', 'stable', '1.28'];

export const NGINX: readonly CatalogueImage[] = [
  {
    tags: [...MAINLINE_NAMES, 'latest', ...tags(MAINLINE_NAMES, '-trixie'), 'trixie'],
    build: onDebian(MAINLINE),
  },
  { tags: tags([...MAINLINE_NAMES, ''], '-alpine'), build: onAlpine(MAINLINE) },
  { tags: tags([...MAINLINE_NAMES, ''], '-alpine-slim'), build: onAlpineSlim(MAINLINE) },
  { tags: [...STABLE_NAMES, ...tags(STABLE_NAMES, '-bookworm')], build: onDebian(STABLE) },
  { tags: tags(STABLE_NAMES, '-alpine'), build: onAlpine(STABLE) },
  { tags: tags(STABLE_NAMES, '-alpine-slim'), build: onAlpineSlim(STABLE) },
  ...Object.entries(OLDER).flatMap(([version, days]) => older(version, days)),
];

function older(version: string, days: number): CatalogueImage[] {
  const names = [version, version.slice(0, version.lastIndexOf('.'))];
  const release: Version = { ...STABLE, version, createdMs: -days * DAY };
  return [
    { tags: names, build: onDebian(release) },
    { tags: tags(names, '-alpine'), build: onAlpine(release) },
  ];
}
