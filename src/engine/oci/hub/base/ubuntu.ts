import { DAY } from '../../../sim/clock.ts';
import { DEFAULT_PATH, type BuiltSteps, type CatalogueImage, type Platform } from '../image.ts';
import { filledTo, layer, memo } from '../layers.ts';
import { Recipe } from '../recipe.ts';
import { debianFiles } from './debian-files.ts';

/** Ubuntu as Canonical builds it (`#(nop)` lines: it is made by docker's classic builder). */
interface Release {
  readonly version: string;
  readonly point: string;
  readonly codename: string;
  readonly title: string;
  /** Compressed and unpacked: model figures. */
  readonly bytes: readonly [number, number];
}

const RELEASES = {
  '16.04': {
    version: '16.04',
    point: '16.04.7 LTS (Xenial Xerus)',
    codename: 'xenial',
    title: 'Ubuntu 16.04.7 LTS',
    bytes: [46_500_000, 135_000_000],
  },
  '18.04': {
    version: '18.04',
    point: '18.04.6 LTS (Bionic Beaver)',
    codename: 'bionic',
    title: 'Ubuntu 18.04.6 LTS',
    bytes: [25_690_000, 63_100_000],
  },
  '20.04': {
    version: '20.04',
    point: '20.04.6 LTS (Focal Fossa)',
    codename: 'focal',
    title: 'Ubuntu 20.04.6 LTS',
    bytes: [27_510_000, 72_800_000],
  },
  '22.04': {
    version: '22.04',
    point: '22.04.5 LTS (Jammy Jellyfish)',
    codename: 'jammy',
    title: 'Ubuntu 22.04.5 LTS',
    bytes: [29_540_000, 77_900_000],
  },
  '24.04': {
    version: '24.04',
    point: '24.04.3 LTS (Noble Numbat)',
    codename: 'noble',
    title: 'Ubuntu 24.04.3 LTS',
    bytes: [29_720_000, 78_100_000],
  },
} as const satisfies Record<string, Release>;

const CREATED_MS = -80 * DAY;

const osRelease = ({ version, point, codename, title }: Release): string =>
  `PRETTY_NAME="${title}"\nNAME="Ubuntu"\nVERSION_ID="${version}"\nVERSION="${point}"\n` +
  `VERSION_CODENAME=${codename}\nID=ubuntu\nID_LIKE=debian\nHOME_URL="https://www.ubuntu.com/"\n` +
  'SUPPORT_URL="https://help.ubuntu.com/"\nBUG_REPORT_URL="https://bugs.launchpad.net/ubuntu/"\n' +
  'PRIVACY_POLICY_URL="https://www.ubuntu.com/legal/terms-and-policies/privacy-policy"\n' +
  `UBUNTU_CODENAME=${codename}\nLOGO=ubuntu-logo\n`;

const layerOf = memo((key) => {
  const [version, architecture, machine] = key.split(' ') as ['22.04' | '24.04', string, string];
  const release = RELEASES[version];
  const contents = filledTo(release.bytes[1], `usr/share/model/ubuntu-${version}-rest`, {
    ...debianFiles(machine),
    // procps is part of the base image.
    ...Object.fromEntries(
      'free kill pgrep pkill pmap ps pwdx skill slabtop snice tload top uptime vmstat w watch'
        .split(' ')
        .map((name) => [`usr/bin/${name}`, 40_000]),
    ),
    'etc/debian_version': version === '24.04' ? 'trixie/sid\n' : 'bookworm/sid\n',
    'etc/lsb-release': `DISTRIB_ID=Ubuntu\nDISTRIB_RELEASE=${version}\nDISTRIB_CODENAME=${release.codename}\nDISTRIB_DESCRIPTION="${release.title}"\n`,
    'usr/lib/os-release': osRelease(release),
  });
  return layer(contents, release.bytes[0], `ubuntu-${version}/${architecture}`);
});

const build =
  (version: keyof typeof RELEASES) =>
  ({ architecture, machine }: Platform): BuiltSteps => {
    const nop = '/bin/sh -c #(nop) ';
    const note = (text: string) => ({ createdBy: `${nop} ${text}`, createdMs: CREATED_MS });
    const labels = {
      'org.opencontainers.image.ref.name': 'ubuntu',
      'org.opencontainers.image.version': version,
    };
    const base = layerOf(`${version} ${architecture} ${machine}`);
    return {
      config: { Env: [`PATH=${DEFAULT_PATH}`], Cmd: ['/bin/bash'], Labels: labels },
      createdMs: CREATED_MS,
      steps: [
        note('ARG RELEASE'),
        note('ARG LAUNCHPAD_BUILD_ARCH'),
        ...Object.entries(labels).map(([name, value]) => note(`LABEL ${name}=${value}`)),
        {
          createdBy: `${nop}ADD file:${base.diffId.slice(7)} in / `,
          layer: base,
          createdMs: CREATED_MS,
        },
        note('CMD ["/bin/bash"]'),
      ],
    };
  };

export const UBUNTU: readonly CatalogueImage[] = [
  { tags: ['latest', '24.04', 'noble', 'noble-20251013'], build: build('24.04') },
  { tags: ['22.04', 'jammy', 'jammy-20251013'], build: build('22.04') },
  { tags: ['20.04', 'focal'], build: build('20.04') },
  { tags: ['18.04', 'bionic'], build: build('18.04') },
  { tags: ['16.04', 'xenial'], build: build('16.04') },
];

/** Ubuntu as the base of a recipe. */
export function ubuntuRecipe(version: '22.04' | '24.04', platform: Platform): Recipe {
  const { config, steps, createdMs } = build(version)(platform);
  return new Recipe(config, steps, createdMs);
}
