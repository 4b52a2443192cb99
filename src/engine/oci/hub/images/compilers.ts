import { debian } from '../base/debian.ts';
import { buildpackDeps } from '../base/buildpack-deps.ts';
import { alpine } from '../base/alpine.ts';
import { ubuntuRecipe } from '../base/ubuntu.ts';
import type { CatalogueImage, Platform } from '../image.ts';
import { files, filledTo, layer, memo, type Contents } from '../layers.ts';
import { Recipe } from '../recipe.ts';
import { CREATED_MS } from './entrypoint.ts';

/**
 * What Java and Rust are built with and run on: eclipse-temurin (adoptium/containers), maven
 * (carlossg/docker-maven), gradle (keeganwitt/docker-gradle) and rust (rust-lang/docker-rust).
 */
type Base = 'ubuntu' | 'alpine';

const layersOf = memo((key) => {
  const [name = '', base = '', architecture = ''] = key.split(' ');
  return (part: string, contents: Contents, bytes = 0) =>
    layer(contents, bytes, `${name}-${base}-${part}/${architecture}`);
});

const pathOf = ({ config }: Recipe): string =>
  (config.Env ?? []).find((pair) => pair.startsWith('PATH='))?.slice(5) ?? '';

const JAVA_HOME = '/opt/java/openjdk';

const TEMURIN: Readonly<Record<string, string>> = {
  '17': 'jdk-17.0.17+10',
  '21': 'jdk-21.0.9+10',
  '25': 'jdk-25.0.1+8',
};

/** Unpacked and compressed bytes of what is in `/opt/java/openjdk`: model figures. */
const TEMURIN_BYTES = { jdk: [341_000_000, 158_000_000], jre: [146_000_000, 53_000_000] } as const;

const temurin =
  (version: string, kind: 'jdk' | 'jre', base: Base) =>
  (platform: Platform): Recipe => {
    const from = base === 'alpine' ? alpine('3.22', platform) : ubuntuRecipe('24.04', platform);
    const made = layersOf(`temurin-${version}-${kind} ${base} ${platform.architecture}`);
    const [bytes, packed] = TEMURIN_BYTES[kind];
    const tools = kind === 'jdk' ? 'java javac jar jshell keytool jlink jps' : 'java keytool';
    const home = filledTo(bytes, 'opt/java/openjdk/lib/modules', {
      ...files('opt/java/openjdk/bin/', tools, 12_400),
      'opt/java/openjdk/release': `IMPLEMENTOR="Eclipse Adoptium"\nJAVA_VERSION="${version}"\n`,
    });
    const certificates = { 'etc/ssl/certs/ca-certificates.crt': 220_000 };
    return Recipe.from(from, CREATED_MS)
      .env({ JAVA_HOME })
      .env({ PATH: `${JAVA_HOME}/bin:${pathOf(from)}` })
      .env({ LANG: 'en_US.UTF-8', LANGUAGE: 'en_US:en', LC_ALL: 'en_US.UTF-8' })
      .run('set -eux;     apt-get update;', made('packages', certificates, 18_000_000))
      .env({ JAVA_VERSION: TEMURIN[version] ?? '' })
      .run('set -eux;     ARCH="$(dpkg --print-architecture)";', made('java', home, packed))
      .cmd(kind === 'jdk' ? 'jshell' : 'java');
  };

const temurinImages = (version: string, latest: boolean): CatalogueImage[] =>
  (['jdk', 'jre'] as const).flatMap((kind) => {
    const name = `${version}-${kind}`;
    const short = kind === 'jdk' ? [version, ...(latest ? ['latest', 'lts'] : [])] : [];
    const alpineNames = [`${name}-alpine`, ...(kind === 'jdk' ? [`${version}-alpine`] : [])];
    return [
      { tags: [name, `${name}-noble`, ...short], build: temurin(version, kind, 'ubuntu') },
      { tags: alpineNames, build: temurin(version, kind, 'alpine') },
    ];
  });

export const ECLIPSE_TEMURIN: readonly CatalogueImage[] = [
  ...temurinImages('25', false),
  ...temurinImages('21', true),
  ...temurinImages('17', false),
];

const maven =
  (java: string, base: Base) =>
  (platform: Platform): Recipe => {
    const made = layersOf(`maven-3.9.11-${java} ${base} ${platform.architecture}`);
    const home = filledTo(10_600_000, 'usr/share/maven/lib/model.jar', {
      'usr/share/maven/bin/mvn': 5_900,
      'usr/bin/mvn': '-> /usr/share/maven/bin/mvn',
      'usr/share/maven/conf/settings.xml': 11_000,
    });
    return Recipe.from(temurin(java, 'jdk', base)(platform), CREATED_MS)
      .run('apt-get update   && apt-get install -y ca-certificates curl git', made('git', {}))
      .env({ MAVEN_HOME: '/usr/share/maven' })
      .copy('/usr/share/maven /usr/share/maven', made('maven', home, 9_300_000))
      .env({ MAVEN_CONFIG: '/root/.m2' })
      .entrypoint('/usr/bin/mvn')
      .cmd('mvn');
  };

const mavenTags = (java: string, end = ''): string[] =>
  ['3', '3.9', '3.9.11'].map((version) => `${version}-eclipse-temurin-${java}${end}`);

export const MAVEN: readonly CatalogueImage[] = [
  ...['25', '21', '17'].flatMap((java) => [
    {
      tags: [...mavenTags(java), ...(java === '21' ? ['latest', '3', '3.9', '3.9.11'] : [])],
      build: maven(java, 'ubuntu'),
    },
    { tags: mavenTags(java, '-alpine'), build: maven(java, 'alpine') },
  ]),
];

const gradle =
  (java: string, base: Base) =>
  (platform: Platform): Recipe => {
    const made = layersOf(`gradle-9.2-${java} ${base} ${platform.architecture}`);
    const home = filledTo(148_000_000, 'opt/gradle/lib/model.jar', {
      'opt/gradle/bin/gradle': 8_700,
      'usr/bin/gradle': '-> /opt/gradle/bin/gradle',
      'home/gradle': 'dir',
    });
    return Recipe.from(temurin(java, 'jdk', base)(platform), CREATED_MS)
      .cmd('gradle')
      .env({ GRADLE_HOME: '/opt/gradle' })
      .run('set -o errexit -o nounset', made('gradle', home, 132_000_000))
      .env({ GRADLE_VERSION: '9.2.1' })
      .workdir('/home/gradle', made('workdir', {}));
  };

export const GRADLE: readonly CatalogueImage[] = ['25', '21', '17'].flatMap((java) => [
  {
    tags: [
      ...['jdk', '9-jdk', '9.2-jdk', '9.2.1-jdk'].map((name) => `${name}${java}`),
      ...(java === '21' ? ['latest', 'jdk', '9', '9.2.1'] : []),
    ],
    build: gradle(java, 'ubuntu'),
  },
  {
    tags: ['jdk', '9-jdk', '9.2.1-jdk'].map((name) => `${name}${java}-alpine`),
    build: gradle(java, 'alpine'),
  },
]);

type RustBase = 'trixie' | 'bookworm' | 'trixie-slim' | 'bookworm-slim' | 'alpine';

const rustBase = (base: RustBase, platform: Platform): Recipe => {
  if (base === 'alpine') return alpine('3.22', platform);
  if (base === 'trixie' || base === 'bookworm') return buildpackDeps(base, platform);
  return debian(base, platform);
};

const RUST_VERSION = '1.92.0';

const rust =
  (base: RustBase) =>
  (platform: Platform): Recipe => {
    const made = layersOf(`rust-${RUST_VERSION} ${base} ${platform.architecture}`);
    const from = rustBase(base, platform);
    const tools = filledTo(620_000_000, 'usr/local/rustup/toolchains/model', {
      ...files('usr/local/cargo/bin/', 'cargo rustc rustdoc rustup', 10_900_000),
      'usr/bin/gcc': 1_000_000,
    });
    return Recipe.from(from, CREATED_MS)
      .env({
        RUSTUP_HOME: '/usr/local/rustup',
        CARGO_HOME: '/usr/local/cargo',
        PATH: `/usr/local/cargo/bin:${pathOf(from)}`,
        RUST_VERSION,
      })
      .run(
        'set -eux;     dpkgArch="$(dpkg --print-architecture)"',
        made('rust', tools, 190_000_000),
      );
  };

const rustTags = (...ends: string[]): string[] =>
  ['1', '1.92', RUST_VERSION].flatMap((version) =>
    ends.map((end) => (end === '' ? version : `${version}-${end}`)),
  );

export const RUST: readonly CatalogueImage[] = [
  { tags: ['latest', 'trixie', ...rustTags('', 'trixie')], build: rust('trixie') },
  { tags: ['bookworm', ...rustTags('bookworm')], build: rust('bookworm') },
  {
    tags: ['slim', 'slim-trixie', ...rustTags('slim', 'slim-trixie')],
    build: rust('trixie-slim'),
  },
  { tags: ['slim-bookworm', ...rustTags('slim-bookworm')], build: rust('bookworm-slim') },
  { tags: ['alpine', ...rustTags('alpine', 'alpine3.22')], build: rust('alpine') },
];
