import type { Command } from '../../machine/command.ts';
import { ownUser, placeResources } from '../../machine/processes.ts';
import { ask, now } from '../../sim/process.ts';
import { civilTime } from '../../sim/clock.ts';
import { addressesOf } from './interfaces.ts';
import { fail, hostNameOf, isBusybox, readGroups, readOptions, readUsers, say } from './console.ts';

/** Who and where one is: id, whoami, groups, hostname, uname, nproc, uptime (coreutils 9, busybox). */
export const KERNEL = '6.12.57';
const BUILD = '#1 SMP PREEMPT_DYNAMIC Fri Dec 12 00:00:00 UTC 2025';

export const id: Command = function* (line, self) {
  const { flags, words, unknown } = readOptions(line.argv, 'ugGnr');
  if (unknown !== undefined) {
    return yield* fail(
      self,
      `id: invalid option -- '${unknown}'\nTry 'id --help' for more information.`,
    );
  }
  const users = yield* readUsers(line.machine);
  const groups = yield* readGroups(line.machine);
  const [wanted] = words;
  const own = yield* ownUser(line.machine);
  const named =
    wanted === undefined
      ? undefined
      : users.find(({ name, uid }) => name === wanted || String(uid) === wanted);
  if (wanted !== undefined && !named) {
    const words = (yield* isBusybox(line))
      ? `id: unknown user ${wanted}`
      : `id: ‘${wanted}’: no such user`;
    return yield* fail(self, words);
  }
  const uid = named?.uid ?? own.uid;
  const gid = named?.gid ?? own.gid;
  const user = users.find((one) => one.uid === uid)?.name;
  const member = groups.filter(({ members }) => user !== undefined && members.includes(user));
  const listed = named ? member.map((group) => group.gid) : own.groups;
  // The runtime gives a process its own group once more, and busybox leaves none out.
  const isPlain = named === undefined && (yield* isBusybox(line));
  const all = isPlain
    ? [gid, ...listed].sort((a, b) => a - b)
    : [gid, ...listed.filter((one) => one !== gid)];
  const groupName = (one: number) => groups.find((group) => group.gid === one)?.name;
  const both = (number: number, name: string | undefined) =>
    name === undefined ? String(number) : `${number}(${name})`;
  const plain = (number: number, name: string | undefined) =>
    flags.has('n') ? (name ?? String(number)) : String(number);
  if (flags.has('u')) yield* say(self, `${plain(uid, user)}\n`);
  else if (flags.has('g')) yield* say(self, `${plain(gid, groupName(gid))}\n`);
  else if (flags.has('G'))
    yield* say(self, `${all.map((one) => plain(one, groupName(one))).join(' ')}\n`);
  else {
    const list = all.map((one) => both(one, groupName(one))).join(',');
    yield* say(self, `uid=${both(uid, user)} gid=${both(gid, groupName(gid))} groups=${list}\n`);
  }
  return 0;
};

export const whoami: Command = function* (line, self) {
  const { uid } = yield* ownUser(line.machine);
  const user = (yield* readUsers(line.machine)).find((one) => one.uid === uid);
  if (!user) {
    const busybox = yield* isBusybox(line);
    return yield* fail(
      self,
      busybox ? `whoami: unknown uid ${uid}` : `whoami: cannot find name for user ID ${uid}`,
    );
  }
  yield* say(self, `${user.name}\n`);
  return 0;
};

export const groups: Command = function* (line, self) {
  const own = yield* ownUser(line.machine);
  const known = yield* readGroups(line.machine);
  const all = [own.gid, ...own.groups.filter((one) => one !== own.gid)];
  const names = all.map((gid) => known.find((group) => group.gid === gid)?.name ?? String(gid));
  yield* say(self, `${names.join(' ')}\n`);
  return 0;
};

export const hostname: Command = function* (line, self) {
  const { flags, words, unknown } = readOptions(line.argv, 'iIfsdyF:');
  const busybox = yield* isBusybox(line);
  if (unknown !== undefined) {
    const text = `hostname: ${busybox ? 'unrecognized' : 'invalid'} option${busybox ? ': ' : " -- '"}${unknown}${busybox ? '' : "'"}`;
    return yield* fail(self, text, busybox ? 1 : 4);
  }
  if (words.length > 0) {
    const problem = busybox
      ? 'hostname: sethostname: Operation not permitted'
      : 'hostname: you must be root to change the host name';
    return yield* fail(self, problem);
  }
  const name = yield* hostNameOf(line.machine);
  if (flags.has('i')) {
    const known = yield* ask<string | undefined>('net/resolve', { name, place: line.machine });
    const ip = known ?? (yield* addressesOf(line.machine))[0]?.ip;
    if (ip === undefined) {
      return yield* fail(
        self,
        busybox ? `hostname: ${name}: Unknown host` : 'hostname: Name or service not known',
      );
    }
    yield* say(self, `${ip}\n`);
  } else if (flags.has('I')) {
    const own = yield* addressesOf(line.machine);
    yield* say(self, `${own.map(({ ip }) => `${ip} `).join('')}\n`);
  } else if (flags.has('d'))
    yield* say(self, name.includes('.') ? `${name.slice(name.indexOf('.') + 1)}\n` : '\n');
  else yield* say(self, `${flags.has('s') ? name.split('.')[0] : name}\n`);
  return 0;
};

export const uname: Command = function* (line, self) {
  const long = {
    ...{ all: 'a', 'kernel-name': 's', nodename: 'n', 'kernel-release': 'r' },
    ...{ 'kernel-version': 'v', machine: 'm', processor: 'p', 'operating-system': 'o' },
  };
  const { flags, words, unknown } = readOptions(line.argv, 'asnrvmpio', long);
  const busybox = yield* isBusybox(line);
  if (unknown !== undefined) {
    return yield* fail(
      self,
      `uname: invalid option -- '${unknown}'\nTry 'uname --help' for more information.`,
    );
  }
  if (words.length > 0) {
    return yield* fail(
      self,
      `uname: extra operand ‘${words[0]}’\nTry 'uname --help' for more information.`,
    );
  }
  const parts: [string, string][] = [
    ['s', 'Linux'],
    ['n', yield* hostNameOf(line.machine)],
    ['r', KERNEL],
    ['v', BUILD],
    ['m', 'x86_64'],
    ['o', busybox ? 'Linux' : 'GNU/Linux'],
  ];
  const wanted = flags.size === 0 ? ['s'] : [...flags.keys()];
  const shown = parts.filter(([letter]) => flags.has('a') || wanted.includes(letter));
  yield* say(self, `${shown.map(([, text]) => text).join(' ')}\n`);
  return 0;
};

export const nproc: Command = function* ({ machine }, self) {
  const { cpus } = yield* placeResources(machine);
  yield* say(self, `${Math.max(1, Math.ceil(cpus))}\n`);
  return 0;
};

const two = (value: number): string => String(value).padStart(2, '0');

/** ` 00:00:07 up 0 min,  0 users,  load average: 0.00, 0.00, 0.00`. Simplified: no load. */
export function uptimeText(nowMs: number): string {
  const t = civilTime(nowMs);
  const minutes = Math.floor(nowMs / 60_000);
  const days = Math.floor(minutes / 1440);
  const hours = Math.floor(minutes / 60) % 24;
  const day = days > 0 ? `${days} day${days === 1 ? '' : 's'}, ` : '';
  const rest =
    hours > 0 ? `${String(hours).padStart(2)}:${two(minutes % 60)}` : `${minutes % 60} min`;
  return ` ${two(t.hour)}:${two(t.minute)}:${two(t.second)} up ${day}${rest},  0 users,  load average: 0.00, 0.00, 0.00`;
}

export const uptime: Command = function* (_line, self) {
  yield* say(self, `${uptimeText(yield* now())}\n`);
  return 0;
};
