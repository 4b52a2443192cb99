import { DAY } from '../../../sim/clock.ts';
import { DEFAULT_PATH, type CatalogueImage, type Platform } from '../image.ts';
import { filledTo, layer, memo } from '../layers.ts';
import { Recipe } from '../recipe.ts';
import { debianFiles } from './debian-files.ts';

/** Debian (debuerreotype/docker-debian-artifacts): full and slim, of two releases. */
export type DebianSuite = 'bookworm' | 'trixie';
export type DebianVariant = DebianSuite | `${DebianSuite}-slim`;

const RELEASE: Readonly<Record<DebianSuite, { version: string; full: string }>> = {
  bookworm: { version: '12', full: '12.12' },
  trixie: { version: '13', full: '13.2' },
};

/** Compressed and unpacked, amd64: model figures near the real ones. */
const BYTES: Readonly<Record<DebianVariant, readonly [number, number]>> = {
  bookworm: [48_480_000, 116_600_000],
  'bookworm-slim': [28_230_000, 74_800_000],
  trixie: [49_280_000, 119_700_000],
  'trixie-slim': [29_775_000, 78_600_000],
};

const CREATED_MS = -28 * DAY;

function osRelease(suite: DebianSuite): string {
  const { version, full } = RELEASE[suite];
  return (
    `PRETTY_NAME="Debian GNU/Linux ${version} (${suite})"\nNAME="Debian GNU/Linux"\n` +
    `VERSION_ID="${version}"\nVERSION="${version} (${suite})"\nVERSION_CODENAME=${suite}\n` +
    (suite === 'trixie' ? `DEBIAN_VERSION_FULL=${full}\n` : '') +
    'ID=debian\nHOME_URL="https://www.debian.org/"\n' +
    'SUPPORT_URL="https://www.debian.org/support"\nBUG_REPORT_URL="https://bugs.debian.org/"\n'
  );
}

const layerOf = memo((key) => {
  const [variant, architecture, machine] = key.split(' ') as [DebianVariant, string, string];
  const suite = variant.replace('-slim', '') as DebianSuite;
  const [blobBytes, unpackedBytes] = BYTES[variant];
  const { version, full } = RELEASE[suite];
  const sources = `Types: deb\n# http://snapshot.debian.org/archive/debian/20251208T000000Z\nURIs: http://deb.debian.org/debian\nSuites: ${suite} ${suite}-updates\nComponents: main\n`;
  const contents = filledTo(unpackedBytes, `usr/share/model/debian-${version}-rest`, {
    ...debianFiles(machine),
    'etc/apt/sources.list.d/debian.sources': sources,
    'etc/debian_version': `${full}\n`,
    'etc/issue': `Debian GNU/Linux ${version} \\n \\l\n\n`,
    'usr/lib/os-release': osRelease(suite),
    ...(variant.endsWith('-slim')
      ? { 'etc/dpkg/dpkg.cfg.d/docker': 'path-exclude /usr/share/doc/*\n' }
      : {}),
  });
  return layer(contents, blobBytes, `debian-${variant}/${architecture}`);
});

export function debian(variant: DebianVariant, { architecture, machine }: Platform): Recipe {
  const suite = variant.replace('-slim', '');
  const slim = variant.endsWith('-slim') ? " --variant='minbase-slim'" : '';
  const step = {
    createdBy: `# debian.sh --arch '${architecture}' out/ '${suite}' '@1765152000'${slim}`,
    layer: layerOf(`${variant} ${architecture} ${machine}`),
    comment: 'debuerreotype 0.16',
    createdMs: CREATED_MS,
  };
  const config = { Env: [`PATH=${DEFAULT_PATH}`], Cmd: ['bash'] };
  return new Recipe(config, [step], CREATED_MS);
}

export const DEBIAN: readonly CatalogueImage[] = (
  [
    ['trixie', ['latest', 'stable', 'trixie', '13', '13.2']],
    ['trixie-slim', ['stable-slim', 'trixie-slim', '13-slim', '13.2-slim']],
    ['bookworm', ['bookworm', 'oldstable', '12', '12.12']],
    ['bookworm-slim', ['bookworm-slim', 'oldstable-slim', '12-slim', '12.12-slim']],
  ] as const
).map(([variant, tags]) => ({ tags, build: (platform) => debian(variant, platform) }));
