import type { Command, CommandLine } from '../../machine/command.ts';
import { appendFile, makeDirectory, changeOwner } from '../../machine/files.ts';
import { ownUser } from '../../machine/processes.ts';
import { exec, type Self } from '../../sim/process.ts';
import { fail, isBusybox, readGroups, readOptions, readUsers, type Step } from './console.ts';

/**
 * adduser, addgroup, useradd, groupadd and su: lines in /etc/passwd and /etc/group (busybox 1.37
 * `loginutils/`, shadow 4.17).
 *
 * Simplified: no passwords; su runs its command as who one is already.
 */
const FIRST_ID = 1000;
const FIRST_SYSTEM_ID = 100;
const LAST_SYSTEM_ID = 999;

/** Busybox goes up from the first; shadow hands out those of the system from the last one down. */
function freeId(taken: readonly number[], system: boolean, down = false): number {
  let id = system ? (down ? LAST_SYSTEM_ID : FIRST_SYSTEM_ID) : FIRST_ID;
  while (taken.includes(id)) id += system && down ? -1 : 1;
  return id;
}

function* addTheGroup(place: string, name: string, gid: number): Step<void> {
  yield* appendFile(place, '/etc/group', `${name}:x:${gid}:\n`);
}

interface NewUser {
  readonly name: string;
  readonly uid?: number;
  readonly group?: string;
  readonly home?: string;
  readonly shell: string;
  readonly system: boolean;
  /** By shadow's useradd. */
  readonly shadow?: boolean;
  readonly createHome: boolean;
  readonly gecos: string;
}

function* addTheUser(place: string, user: NewUser): Step<string | undefined> {
  const users = yield* readUsers(place);
  const groups = yield* readGroups(place);
  const uid =
    user.uid ??
    freeId(
      users.map((one) => one.uid),
      user.system,
      user.shadow,
    );
  const group = groups.find(
    (one) => one.name === (user.group ?? user.name) || String(one.gid) === user.group,
  );
  if (user.group !== undefined && !group) return user.group;
  // Its own group has its number, where that is free.
  const taken = groups.map((one) => one.gid);
  const gid = group?.gid ?? (taken.includes(uid) ? freeId(taken, user.system, user.shadow) : uid);
  if (!group) yield* addTheGroup(place, user.name, gid);
  const home = user.home ?? `/home/${user.name}`;
  yield* appendFile(
    place,
    '/etc/passwd',
    `${user.name}:x:${uid}:${gid}:${user.gecos}:${home}:${user.shell}\n`,
  );
  if (user.createHome) {
    yield* makeDirectory(place, home, { parents: true });
    yield* changeOwner(place, home, uid, gid);
  }
  return undefined;
}

function* isRoot(line: CommandLine): Step<boolean> {
  return (yield* ownUser(line.machine)).uid === 0;
}

export const adduser: Command = function* (line, self) {
  const long = {
    ...{ system: 'S', 'disabled-password': 'D', home: 'h', shell: 's', uid: 'u', gecos: 'g' },
    ...{ ingroup: 'G', gid: 'G', 'no-create-home': 'H', group: 'r', comment: 'g' },
  };
  const { flags, words } = readOptions(line.argv, 'SDHh:s:u:g:G:k:r', long);
  const [name, group] = words;
  if (name === undefined) return yield* fail(self, 'adduser: Only one or two names allowed.');
  if (!(yield* isRoot(line)))
    return yield* fail(self, 'adduser: permission denied (are you root?)');
  const users = yield* readUsers(line.machine);
  const busybox = yield* isBusybox(line);
  if (group !== undefined) {
    // `adduser USER GROUP`: a member more.
    const groups = yield* readGroups(line.machine);
    if (!groups.some((one) => one.name === group))
      return yield* fail(self, `adduser: unknown group ${group}`);
    return 0;
  }
  if (users.some((one) => one.name === name)) {
    return yield* fail(
      self,
      busybox ? `adduser: user '${name}' in use` : `fatal: The user \`${name}' already exists.`,
    );
  }
  const given = flags.get('u');
  const missing = yield* addTheUser(line.machine, {
    name,
    ...(given === undefined ? {} : { uid: Number(given) }),
    ...(flags.has('G') ? { group: flags.get('G')! } : {}),
    ...(flags.has('h') ? { home: flags.get('h')! } : {}),
    shell: flags.get('s') ?? (flags.has('S') ? '/sbin/nologin' : busybox ? '/bin/sh' : '/bin/bash'),
    system: flags.has('S'),
    createHome: !flags.has('H') && !flags.has('S'),
    gecos: flags.get('g') ?? (busybox ? '' : ',,,'),
  });
  return missing === undefined ? 0 : yield* fail(self, `adduser: unknown group ${missing}`);
};

export const useradd: Command = function* (line, self) {
  const long = {
    ...{ system: 'r', 'create-home': 'm', 'no-create-home': 'M', home: 'd', 'home-dir': 'd' },
    ...{ shell: 's', uid: 'u', gid: 'g', groups: 'G', comment: 'c', 'no-log-init': 'l' },
    ...{ 'user-group': 'U', 'no-user-group': 'N' },
  };
  const { flags, words, unknown } = readOptions(line.argv, 'rmMUNld:s:u:g:G:c:', long);
  const [name] = words;
  if (unknown !== undefined) return yield* fail(self, `useradd: invalid option -- '${unknown}'`, 2);
  if (name === undefined) return yield* fail(self, 'Usage: useradd [options] LOGIN', 2);
  if (!(yield* isRoot(line))) {
    return yield* fail(
      self,
      'useradd: Permission denied.\nuseradd: cannot lock /etc/passwd; try again later.',
    );
  }
  const users = yield* readUsers(line.machine);
  if (users.some((one) => one.name === name))
    return yield* fail(self, `useradd: user '${name}' already exists`, 9);
  const given = flags.get('u');
  if (given !== undefined && users.some((one) => String(one.uid) === given)) {
    return yield* fail(self, `useradd: UID ${given} is not unique`, 4);
  }
  const missing = yield* addTheUser(line.machine, {
    name,
    ...(given === undefined ? {} : { uid: Number(given) }),
    ...(flags.has('g') ? { group: flags.get('g')! } : {}),
    ...(flags.has('d') ? { home: flags.get('d')! } : {}),
    shell: flags.get('s') ?? '/bin/sh',
    system: flags.has('r'),
    shadow: true,
    createHome: flags.has('m'),
    gecos: flags.get('c') ?? '',
  });
  return missing === undefined
    ? 0
    : yield* fail(self, `useradd: group '${missing}' does not exist`, 6);
};

export const groupadd: Command = function* (line, self) {
  const { flags, words } = readOptions(line.argv, 'SDrfg:', { system: 'r', gid: 'g', force: 'f' });
  const [name] = words;
  const tool = line.argv[0]?.endsWith('addgroup') ? 'addgroup' : 'groupadd';
  if (name === undefined) return yield* fail(self, `Usage: ${tool} [options] GROUP`, 2);
  if (!(yield* isRoot(line)))
    return yield* fail(self, `${tool}: permission denied (are you root?)`);
  const groups = yield* readGroups(line.machine);
  if (groups.some((one) => one.name === name)) {
    if (words.length > 1) return 0;
    if (tool === 'addgroup') return yield* fail(self, `addgroup: group '${name}' in use`);
    return flags.has('f') ? 0 : yield* fail(self, `groupadd: group '${name}' already exists`, 9);
  }
  const system = flags.has('S') || flags.has('r');
  const gid = flags.has('g')
    ? Number(flags.get('g'))
    : freeId(
        groups.map((one) => one.gid),
        system,
        tool === 'groupadd',
      );
  yield* addTheGroup(line.machine, name, gid);
  return 0;
};

/** `su [-] [USER] [-c COMMAND]`, `gosu USER COMMAND`, `su-exec USER COMMAND`. */
export const su: Command = function* (line, self) {
  const { flags, words } = readOptions(line.argv, 'lmpc:s:', {
    login: 'l',
    command: 'c',
    shell: 's',
  });
  const [name = 'root'] = words.filter((word) => word !== '-');
  const user = (yield* readUsers(line.machine)).find((one) => one.name === name);
  if (!user) {
    const busybox = yield* isBusybox(line);
    return yield* fail(
      self,
      busybox
        ? `su: unknown user ${name}`
        : `su: user ${name} does not exist or the user entry does not contain all the required fields`,
    );
  }
  const command = flags.get('c');
  const shell = flags.get('s') ?? user.shell;
  return yield* become(
    line,
    self,
    user.name,
    command === undefined ? [shell] : [shell, '-c', command],
    {
      HOME: user.home,
      USER: user.name,
    },
  );
};

export const stepDown: Command = function* (line, self) {
  const [name = '', ...argv] = line.argv.slice(1);
  const tool = line.argv[0] ?? 'gosu';
  if (argv.length === 0) return yield* fail(self, `Usage: ${tool} user-spec command [args]`);
  const [wanted = ''] = name.split(':');
  const user = (yield* readUsers(line.machine)).find(
    (one) => one.name === wanted || String(one.uid) === wanted,
  );
  if (!user && !/^\d+$/.test(wanted)) {
    return yield* fail(
      self,
      `error: failed switching to "${name}": unable to find user ${wanted}: no matching entries in passwd file`,
    );
  }
  return yield* become(line, self, name, argv, user ? { HOME: user.home } : {});
};

function* become(
  line: CommandLine,
  { stdin, stdout, stderr }: Self,
  user: string,
  argv: readonly string[],
  more: Readonly<Record<string, string>>,
): Step<number> {
  const env = { ...line.env, ...more };
  const by = line.argv[0] ?? 'su';
  const args = { machine: line.machine, argv, env, cwd: line.cwd, user, by };
  // It becomes the command, and keeps its pid: signals reach what was wanted.
  return yield* exec('programs/run', args, { stdin, stdout, stderr });
}
