import { ask, close, open, sleep, type Self } from '../../sim/process.ts';
import type { Command } from '../../machine/command.ts';
import { makeDirectory, readFile, removeFile, writeFile } from '../../machine/files.ts';
import { ownUser } from '../../machine/processes.ts';
import { resolvePackages, type PackageKind, type Wanted } from '../packages.ts';
import { fail, say, type Step } from './console.ts';

/**
 * apk 2.14 and apt-get 3.0 in a running container: the programs of a package appear in its files.
 *
 * Simplified: the repositories are the table of packages.ts, there without a network; a package is
 * its programs, as model files, and a line in the list of what is installed.
 */
const FETCH_BYTES_PER_MS = 8_000;
const REPOSITORY = 'https://dl-cdn.alpinelinux.org/alpine';
const APK_LIST = '/lib/apk/db/installed';
const APT_LIST = '/var/lib/dpkg/status';

function* installedIn(place: string, path: string): Step<string[]> {
  const text = (yield* readFile(place, path))?.content ?? '';
  return [...text.matchAll(/^P(?:ackage)?: ?(\S+)$/gm)].map((match) => match[1]!);
}

function* put(place: string, kind: PackageKind, { name, found }: Wanted): Step<void> {
  const each = Math.max(1, Math.floor(found.bytes / Math.max(1, found.programs.length)));
  for (const path of found.programs) {
    yield* makeDirectory(place, `/${path.slice(0, path.lastIndexOf('/'))}`, { parents: true });
    yield* removeFile(place, `/${path}`);
    yield* writeFile(
      place,
      `/${path}`,
      { sizeBytes: each, seed: `${kind}/${name}/${path}` },
      0o755,
    );
  }
}

/** Is there a way to the internet? Containers without a network have none. */
function* online(place: string): Step<boolean> {
  return (
    (yield* ask<string | undefined>('net/resolve', { name: 'localhost', place })) !== undefined
  );
}

function* mayInstall(self: Self, place: string, words: string): Step<boolean> {
  const { uid } = yield* ownUser(place);
  if (uid === 0) return true;
  yield* fail(self, words);
  return false;
}

/** What every action of apk works with. */
interface Apk {
  readonly self: Self;
  readonly place: string;
  readonly names: readonly string[];
  readonly quiet: boolean;
  /** What is installed. */
  readonly list: readonly string[];
  readonly branch: string;
}

const fetching = (branch: string): string =>
  ['main', 'community']
    .map((name) => `fetch ${REPOSITORY}/v${branch}/${name}/x86_64/APKINDEX.tar.gz\n`)
    .join('');

const apkTotal = (count: number, more: number): string =>
  `OK: ${Math.max(1, Math.round((7_700_000 + more) / 1_048_576))} MiB in ${count} packages\n`;

function* apkUpdate({ self, place, quiet, branch }: Apk): Step<number> {
  yield* online(place);
  if (!quiet) yield* say(self, fetching(branch));
  yield* sleep(900);
  yield* say(
    self,
    `v${branch}.2-67-g0000000 [${REPOSITORY}/v${branch}/main]\nv${branch}.2-70-g0000000 [${REPOSITORY}/v${branch}/community]\nOK: 26324 distinct packages available\n`,
  );
  return 0;
}

function* apkDelete({ self, place, names, quiet, list }: Apk): Step<number> {
  const gone = names.filter((name) => list.includes(name));
  const { packages } = resolvePackages('apk', gone, new Set());
  for (const [i, { name, found }] of packages.entries()) {
    if (!gone.includes(name)) continue;
    for (const path of found.programs) yield* removeFile(place, `/${path}`);
    if (!quiet) yield* say(self, `(${i + 1}/${gone.length}) Purging ${name} (${found.version})\n`);
  }
  const text = (yield* readFile(place, APK_LIST))?.content ?? '';
  const kept = text
    .split('\n\n')
    .filter((block) => !gone.some((name) => block.startsWith(`P:${name}\n`)));
  yield* writeFile(place, APK_LIST, kept.join('\n\n'));
  if (!quiet) yield* say(self, apkTotal(list.length - gone.length, 0));
  return 0;
}

function* apkAdd({ self, place, names: given, quiet, list, branch }: Apk): Step<number> {
  const names = given.map((name) => name.replace(/[<>=~@].*$/, ''));
  if (!quiet) yield* say(self, fetching(branch));
  const { packages, missing } = resolvePackages('apk', names, new Set(list));
  yield* sleep(700);
  if (missing.length > 0) {
    const lines = missing.map(
      (name) => `  ${name} (no such package):\n    required by: world[${name}]\n`,
    );
    return yield* fail(
      self,
      `ERROR: unable to select packages:\n${lines.join('').trimEnd()}`,
      missing.length,
    );
  }
  let bytes = 0;
  for (const [i, wanted] of packages.entries()) {
    bytes += wanted.found.bytes;
    yield* sleep(Math.ceil(wanted.found.bytes / FETCH_BYTES_PER_MS));
    yield* put(place, 'apk', wanted);
    if (!quiet)
      yield* say(
        self,
        `(${i + 1}/${packages.length}) Installing ${wanted.name} (${wanted.found.version})\n`,
      );
  }
  const before = (yield* readFile(place, APK_LIST))?.content ?? '';
  const more = packages.map(({ name, found }) => `P:${name}\nV:${found.version}\n\n`).join('');
  yield* makeDirectory(place, '/lib/apk/db', { parents: true });
  yield* writeFile(place, APK_LIST, before + more);
  if (!quiet)
    yield* say(
      self,
      `Executing busybox-1.37.0-r19.trigger\n${apkTotal(list.length + packages.length, bytes)}`,
    );
  return 0;
}

export const apk: Command = function* ({ machine, argv }, self) {
  const [action, ...rest] = argv.slice(1).filter((word) => !word.startsWith('-'));
  const quiet = argv.some((word) => word === '-q' || word === '--quiet');
  if (action === undefined) {
    yield* say(
      self,
      'apk-tools 2.14.9, compiled for x86_64.\n\nusage: apk [<OPTIONS>...] COMMAND [<ARGUMENTS>...]\n',
    );
    return 1;
  }
  const denied =
    'ERROR: Unable to lock database: Permission denied\nERROR: Failed to open apk database: Permission denied';
  const changes = ['add', 'del', 'update', 'upgrade'].includes(action);
  if (changes && !(yield* mayInstall(self, machine, denied))) return 99;
  const branch = ((yield* readFile(machine, '/etc/alpine-release'))?.content ?? '3.22').slice(0, 4);
  const list = yield* installedIn(machine, APK_LIST);
  const task: Apk = { self, place: machine, names: rest, quiet, list, branch };
  switch (action) {
    case 'update':
      return yield* apkUpdate(task);
    case 'info':
      yield* say(self, list.map((name) => `${name}\n`).join(''));
      return 0;
    case 'del':
      return yield* apkDelete(task);
    case 'add':
      return yield* apkAdd(task);
    default:
      return yield* fail(self, `ERROR: '${action}' is not an apk command. See 'apk --help'.`);
  }
};

const APT_HEAD =
  'Reading package lists...\nBuilding dependency tree...\nReading state information...\n';
const LISTS = '/var/lib/apt/lists/deb.debian.org_debian_dists_stable_InRelease';

/** What every action of apt-get works with. */
interface Apt {
  readonly self: Self;
  readonly place: string;
  readonly names: readonly string[];
  readonly quiet: boolean;
  /** `-y`. */
  readonly assumed: boolean;
}

function* aptUpdate({ self, place }: Apt): Step<number> {
  yield* sleep(1800);
  const release = (yield* readFile(place, '/etc/os-release'))?.content ?? '';
  const ubuntu = release.includes('ID=ubuntu');
  const suite = /^VERSION_CODENAME=(\S+)/m.exec(release)?.[1] ?? 'stable';
  const mirror = ubuntu ? 'http://archive.ubuntu.com/ubuntu' : 'http://deb.debian.org/debian';
  yield* say(
    self,
    `Get:1 ${mirror} ${suite} InRelease [140 kB]\nGet:2 ${mirror} ${suite}-updates InRelease [47.3 kB]\nGet:3 ${mirror} ${suite}/main amd64 Packages [9669 kB]\nFetched 9857 kB in 2s (5476 kB/s)\nReading package lists...\n`,
  );
  yield* writeFile(place, LISTS, { sizeBytes: 19_000_000, seed: 'apt/lists' });
  return 0;
}

function* aptRemove({ self, place, names }: Apt): Step<number> {
  const list = yield* installedIn(place, APT_LIST);
  const { packages } = resolvePackages(
    'apt',
    names.filter((name) => list.includes(name)),
    new Set(),
  );
  for (const { found } of packages)
    for (const path of found.programs) yield* removeFile(place, `/${path}`);
  yield* say(
    self,
    `${APT_HEAD}0 upgraded, 0 newly installed, ${packages.length} to remove and 0 not upgraded.\n`,
  );
  return 0;
}

function* aptInstall(task: Apt): Step<number> {
  const { self, place, names, assumed } = task;
  const list = yield* installedIn(place, APT_LIST);
  yield* say(self, APT_HEAD);
  const known = yield* readFile(place, LISTS);
  const plain = names.map((name) => name.replace(/[=/].*$/, ''));
  const { packages, missing } = resolvePackages('apt', plain, new Set(list));
  const unknown = known ? missing : plain.filter((name) => !list.includes(name));
  if (unknown.length > 0) {
    return yield* fail(
      self,
      unknown.map((name) => `E: Unable to locate package ${name}`).join('\n'),
      100,
    );
  }
  const all = packages.map(({ name }) => name);
  const bytes = packages.reduce((sum, { found }) => sum + found.bytes, 0);
  if (all.length > 0)
    yield* say(
      self,
      `The following NEW packages will be installed:\n  ${[...all].sort().join(' ')}\n`,
    );
  yield* say(self, `0 upgraded, ${all.length} newly installed, 0 to remove and 0 not upgraded.\n`);
  if (all.length === 0) return 0;
  const size =
    bytes >= 1_000_000 ? `${(bytes / 1_000_000).toFixed(1)} MB` : `${Math.ceil(bytes / 1000)} kB`;
  yield* say(
    self,
    `Need to get ${size} of archives.\nAfter this operation, ${size} of additional disk space will be used.\n`,
  );
  if (!assumed && all.length > names.length) {
    yield* say(self, 'Do you want to continue? [Y/n] Abort.\n');
    return 1;
  }
  yield* unpack(task, packages);
  return 0;
}

function* unpack({ self, place, quiet }: Apt, packages: readonly Wanted[]): Step<void> {
  for (const [i, wanted] of packages.entries()) {
    yield* sleep(Math.ceil(wanted.found.bytes / FETCH_BYTES_PER_MS) + 150);
    yield* put(place, 'apt', wanted);
    if (!quiet)
      yield* say(
        self,
        `Selecting previously unselected package ${wanted.name}.\nPreparing to unpack .../${i}-${wanted.name}_${wanted.found.version.replace(/:/g, '%3a')}_amd64.deb ...\nUnpacking ${wanted.name} (${wanted.found.version}) ...\n`,
      );
  }
  yield* say(
    self,
    packages.map(({ name, found }) => `Setting up ${name} (${found.version}) ...\n`).join(''),
  );
  const before = (yield* readFile(place, APT_LIST))?.content ?? '';
  const more = packages.map(
    ({ name, found }) =>
      `Package: ${name}\nStatus: install ok installed\nVersion: ${found.version}\n\n`,
  );
  yield* writeFile(place, APT_LIST, before + more.join(''));
}

/** The same process with nobody who hears its output. */
function* withoutOutput(self: Self): Step<Self> {
  const stdout = yield* open();
  yield* close(stdout);
  return { ...self, stdout };
}

export const aptGet: Command = function* ({ machine, argv }, self) {
  const [action, ...names] = argv.slice(1).filter((word) => !word.startsWith('-'));
  const assumed = argv.some((word) => /^-[a-z]*y|^--yes$|^--assume-yes$/.test(word));
  const quiet = argv.some((word) => /^-q+/.test(word));
  if (action === undefined) {
    yield* say(self, 'apt 3.0.3 (amd64)\nUsage: apt-get [options] command\n');
    return 1;
  }
  const lock = action === 'update' ? '/var/lib/apt/lists/lock' : '/var/lib/dpkg/lock-frontend';
  const denied = `E: Could not open lock file ${lock} - open (13: Permission denied)\nE: Unable to ${action === 'update' ? 'lock directory /var/lib/apt/lists/' : 'acquire the dpkg frontend lock (/var/lib/dpkg/lock-frontend), are you root?'}`;
  if (!(yield* mayInstall(self, machine, denied))) return 100;
  // `-qq` leaves nothing but errors.
  const silent = argv.some((word) => /^-[a-z]*qq|^--quiet=2$/.test(word));
  const told = silent ? yield* withoutOutput(self) : self;
  const task: Apt = { self: told, place: machine, names, quiet, assumed };
  switch (action) {
    case 'update':
      return yield* aptUpdate(task);
    case 'upgrade':
    case 'dist-upgrade':
    case 'autoremove':
      yield* say(
        self,
        `${APT_HEAD}0 upgraded, 0 newly installed, 0 to remove and 0 not upgraded.\n`,
      );
      return 0;
    case 'dist-clean':
      yield* removeFile(machine, LISTS);
      return 0;
    case 'clean':
    case 'autoclean':
      return 0;
    case 'remove':
    case 'purge':
      return yield* aptRemove(task);
    case 'install':
      return yield* aptInstall(task);
    default:
      return yield* fail(self, `E: Invalid operation ${action}`, 100);
  }
};
