/**
 * Packages of the model Alpine and Debian repositories: what they put where and how big they are.
 * Used by `apk` and `apt-get`, when an image is built and in a running container.
 *
 * Simplified: a package outside the table is one program of its own name; a small list of names that
 * people mistype is not there at all; dependencies are counted in the size.
 */
export interface Package {
  readonly version: string;
  /** Unpacked, with what it depends on: model figure. */
  readonly bytes: number;
  /** Programs by absolute path without the leading slash. */
  readonly programs: readonly string[];
  /** Further packages that come along, by name. */
  readonly needs?: readonly string[];
}

const one = (version: string, bytes: number, programs: string, needs = ''): Package => ({
  version,
  bytes,
  programs: programs.split(' ').filter((path) => path !== ''),
  ...(needs === '' ? {} : { needs: needs.split(' ') }),
});

/** Alpine 3.22, main and community. */
export const APK_PACKAGES: Readonly<Record<string, Package>> = {
  bash: one('5.2.37-r0', 1_300_000, 'bin/bash', 'ncurses-terminfo-base libncursesw readline'),
  'bind-tools': one('9.20.16-r0', 9_000_000, 'usr/bin/dig usr/bin/host usr/bin/nslookup'),
  'build-base': one('0.5-r3', 230_000_000, 'usr/bin/gcc usr/bin/g++ usr/bin/make usr/bin/ld'),
  'ca-certificates': one('20250911-r0', 690_000, 'usr/sbin/update-ca-certificates'),
  coreutils: one('9.7-r1', 1_900_000, 'bin/coreutils'),
  curl: one('8.14.1-r2', 280_000, 'usr/bin/curl', 'libcurl'),
  gcc: one('14.2.0-r6', 155_000_000, 'usr/bin/gcc'),
  git: one('2.49.1-r0', 14_000_000, 'usr/bin/git', 'pcre2 libexpat'),
  gnupg: one('2.4.7-r0', 9_000_000, 'usr/bin/gpg'),
  go: one('1.24.11-r0', 230_000_000, 'usr/bin/go usr/bin/gofmt'),
  htop: one('3.4.1-r0', 260_000, 'usr/bin/htop'),
  iproute2: one('6.15.0-r0', 1_800_000, 'sbin/ip sbin/ss sbin/tc'),
  jq: one('1.8.1-r0', 1_100_000, 'usr/bin/jq', 'oniguruma'),
  'brotli-libs': one('1.1.0-r2', 830_000, ''),
  'c-ares': one('1.34.5-r0', 260_000, ''),
  libidn2: one('2.3.7-r0', 210_000, '', 'libunistring'),
  libpsl: one('0.21.5-r3', 90_000, '', 'libidn2'),
  libunistring: one('1.3-r0', 1_700_000, ''),
  'nghttp2-libs': one('1.65.0-r0', 180_000, ''),
  'zstd-libs': one('1.5.7-r0', 700_000, ''),
  libcurl: one(
    '8.14.1-r2',
    640_000,
    '',
    'brotli-libs c-ares libidn2 nghttp2-libs libpsl zstd-libs',
  ),
  libncursesw: one('6.5_p20250503-r0', 400_000, ''),
  'ncurses-terminfo-base': one('6.5_p20250503-r0', 30_000, ''),
  oniguruma: one('6.9.10-r0', 540_000, ''),
  pcre2: one('10.43-r1', 650_000, ''),
  libexpat: one('2.7.3-r0', 190_000, ''),
  readline: one('8.2.13-r1', 310_000, ''),
  make: one('4.4.1-r3', 260_000, 'usr/bin/make'),
  'mysql-client': one('11.4.8-r0', 48_000_000, 'usr/bin/mysql usr/bin/mysqladmin'),
  'netcat-openbsd': one('1.229.1-r0', 50_000, 'usr/bin/nc'),
  nginx: one('1.28.0-r3', 1_400_000, 'usr/sbin/nginx', 'pcre2'),
  nodejs: one('22.16.0-r2', 62_000_000, 'usr/bin/node', 'c-ares icu-libs'),
  npm: one('11.3.0-r1', 9_800_000, 'usr/bin/npm usr/bin/npx', 'nodejs'),
  'openssh-client': one('10.0_p1-r9', 3_700_000, 'usr/bin/ssh usr/bin/scp'),
  openssl: one('3.5.4-r0', 800_000, 'usr/bin/openssl'),
  'postgresql17-client': one('17.7-r0', 3_900_000, 'usr/bin/psql usr/bin/pg_isready'),
  procps: one('4.0.4-r3', 700_000, 'bin/ps usr/bin/free usr/bin/top usr/bin/pgrep'),
  'procps-ng': one('4.0.4-r3', 700_000, 'bin/ps usr/bin/free usr/bin/top usr/bin/pgrep'),
  python3: one('3.12.12-r0', 46_000_000, 'usr/bin/python3 usr/bin/python'),
  'py3-pip': one('25.1.1-r0', 8_000_000, 'usr/bin/pip usr/bin/pip3', 'python3'),
  redis: one('8.0.4-r0', 5_000_000, 'usr/bin/redis-server usr/bin/redis-cli'),
  strace: one('6.13-r0', 1_900_000, 'usr/bin/strace'),
  stress: one('1.0.7-r0', 90_000, 'usr/bin/stress'),
  'stress-ng': one('0.19.00-r0', 3_000_000, 'usr/bin/stress-ng'),
  'su-exec': one('0.2-r3', 24_000, 'sbin/su-exec'),
  sudo: one('1.9.17_p2-r0', 2_800_000, 'usr/bin/sudo'),
  tini: one('0.19.0-r3', 28_000, 'sbin/tini'),
  tree: one('2.2.1-r0', 80_000, 'usr/bin/tree'),
  tzdata: one('2025b-r0', 1_800_000, ''),
  unzip: one('6.0-r15', 200_000, 'usr/bin/unzip'),
  util: one('2.41-r9', 1_000_000, ''),
  vim: one('9.1.1415-r0', 38_000_000, 'usr/bin/vim'),
  wget: one('1.25.0-r1', 500_000, 'usr/bin/wget'),
  zip: one('3.0-r13', 300_000, 'usr/bin/zip'),
};

/** Debian 13 and Ubuntu 24.04, by the names they share. */
export const APT_PACKAGES: Readonly<Record<string, Package>> = {
  'bind9-dnsutils': one('1:9.20.15-1~deb13u1', 6_000_000, 'usr/bin/dig usr/bin/nslookup'),
  'build-essential': one('12.12', 260_000_000, 'usr/bin/gcc usr/bin/g++ usr/bin/make'),
  'ca-certificates': one('20250419', 390_000, 'usr/sbin/update-ca-certificates', 'openssl'),
  curl: one('8.14.1-2+deb13u2', 15_800_000, 'usr/bin/curl', 'libcurl4t64 libnghttp2-14'),
  dnsutils: one('1:9.20.15-1~deb13u1', 6_000_000, 'usr/bin/dig usr/bin/nslookup'),
  gcc: one('4:14.2.0-1', 180_000_000, 'usr/bin/gcc'),
  git: one('1:2.47.3-0+deb13u1', 105_000_000, 'usr/bin/git'),
  gnupg: one('2.4.7-21', 9_000_000, 'usr/bin/gpg'),
  htop: one('3.4.1-5', 430_000, 'usr/bin/htop'),
  iproute2: one('6.15.0-1', 3_800_000, 'usr/sbin/ip usr/bin/ss'),
  'iputils-ping': one('3:20240905-3', 150_000, 'usr/bin/ping'),
  jq: one('1.7.1-6+deb13u1', 1_100_000, 'usr/bin/jq', 'libjq1 libonig5'),
  less: one('668-1', 330_000, 'usr/bin/less'),
  make: one('4.4.1-2', 1_600_000, 'usr/bin/make'),
  nano: one('8.4-1', 2_900_000, 'usr/bin/nano'),
  'net-tools': one('2.10-1.3', 1_000_000, 'usr/bin/netstat usr/sbin/ifconfig usr/sbin/route'),
  'netcat-openbsd': one('1.229-1', 110_000, 'usr/bin/nc'),
  'netcat-traditional': one('1.10-50', 140_000, 'usr/bin/nc'),
  nginx: one('1.26.3-3+deb13u1', 1_600_000, 'usr/sbin/nginx'),
  nodejs: one('20.19.2+dfsg-1', 63_000_000, 'usr/bin/node'),
  npm: one('9.2.0~ds1-3', 60_000_000, 'usr/bin/npm', 'nodejs'),
  'openssh-client': one('1:10.0p1-7', 5_900_000, 'usr/bin/ssh usr/bin/scp'),
  openssl: one('3.5.4-1~deb13u1', 2_400_000, 'usr/bin/openssl'),
  'postgresql-client': one('17+278', 14_000_000, 'usr/bin/psql usr/bin/pg_isready'),
  procps: one(
    '2:4.0.4-9',
    2_200_000,
    'usr/bin/ps usr/bin/top usr/bin/free usr/bin/pgrep usr/bin/kill',
  ),
  python3: one('3.13.5-1', 32_000_000, 'usr/bin/python3'),
  'python3-pip': one('25.1.1+dfsg-1', 10_000_000, 'usr/bin/pip usr/bin/pip3', 'python3'),
  'redis-tools': one('5:8.0.2-3', 5_000_000, 'usr/bin/redis-cli'),
  strace: one('6.13+ds-1', 2_300_000, 'usr/bin/strace'),
  stress: one('1.0.7-1', 60_000, 'usr/bin/stress'),
  'stress-ng': one('0.19.02-1', 2_900_000, 'usr/bin/stress-ng'),
  sudo: one('1.9.16p2-3', 6_300_000, 'usr/bin/sudo'),
  tini: one('0.19.0-3', 30_000, 'usr/bin/tini'),
  tree: one('2.2.1-1', 110_000, 'usr/bin/tree'),
  tzdata: one('2025b-4+deb13u1', 1_300_000, ''),
  unzip: one('6.0-29', 390_000, 'usr/bin/unzip'),
  vim: one('2:9.1.1230-2', 40_000_000, 'usr/bin/vim'),
  wget: one('1.25.0-2', 3_700_000, 'usr/bin/wget'),
  zip: one('3.0-15', 620_000, 'usr/bin/zip'),
};

/** Version and size of a library that a package brings along. */
const LIBRARY: Package = one('1.0.0-r0', 200_000, '');

/** Names that no repository has, whatever people try. */
const NO_PACKAGE =
  /^(?:nope|nosuch|no-such|does-?not-?exist|nonexistent|missing|invalid|foobar|asdf)/;
const NAME = /^[a-z0-9][a-z0-9+._-]*$/i;
const UNKNOWN_BYTES = 2_000_000;

export type PackageKind = 'apk' | 'apt';

/** The package of a name; undefined when the repositories have none. */
export function findPackage(kind: PackageKind, name: string): Package | undefined {
  const table = kind === 'apk' ? APK_PACKAGES : APT_PACKAGES;
  if (Object.hasOwn(table, name)) return table[name];
  if (!NAME.test(name) || NO_PACKAGE.test(name)) return undefined;
  if (/^lib|-dev$|-libs$|-data$/.test(name)) return { ...LIBRARY, bytes: UNKNOWN_BYTES };
  const version = kind === 'apk' ? '1.0.0-r0' : '1.0.0-1';
  return { version, bytes: UNKNOWN_BYTES, programs: [`usr/bin/${name}`] };
}

export interface Wanted {
  readonly name: string;
  readonly found: Package;
}

/** What is installed for some names: what they need comes first, each once, none that is there. */
export function resolvePackages(
  kind: PackageKind,
  names: readonly string[],
  installed: ReadonlySet<string>,
): { readonly packages: readonly Wanted[]; readonly missing: readonly string[] } {
  const packages: Wanted[] = [];
  const missing: string[] = [];
  const seen = new Set(installed);
  const add = (name: string, needed: boolean): void => {
    if (seen.has(name)) return;
    const found = findPackage(kind, name) ?? (needed ? LIBRARY : undefined);
    if (!found) {
      missing.push(name);
      return;
    }
    seen.add(name);
    for (const need of found.needs ?? []) add(need, true);
    packages.push({ name, found });
  };
  for (const name of names) add(name, false);
  return { packages, missing };
}
