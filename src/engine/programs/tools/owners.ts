import { resolvePath, type Command, type CommandLine } from '../../machine/command.ts';
import { changeOwner, FAULT_TEXT, listDirectory, stat } from '../../machine/files.ts';
import { join, start, type Self } from '../../sim/process.ts';
import { statusOfSignal } from '../../machine/signals.ts';
import { fail, isBusybox, readGroups, readOptions, readUsers, say, type Step } from './console.ts';

/** chown and chgrp, and small tools that say one thing or start another program. */
const DEPTH_LIMIT = 100_000;

interface Owner {
  readonly uid: number | undefined;
  readonly gid: number | undefined;
}

/** `user`, `user:group`, `user:`, `:group`, names or numbers; a text is what is wrong with it. */
function* readOwner(line: CommandLine, spec: string): Step<Owner | string> {
  const [user = '', group] = spec.split(/[:.]/);
  const users = yield* readUsers(line.machine);
  const groups = yield* readGroups(line.machine);
  const busybox = yield* isBusybox(line);
  const found = users.find(({ name }) => name === user);
  const uid = user === '' ? undefined : (found?.uid ?? (/^\d+$/.test(user) ? Number(user) : -1));
  if (uid === -1) return busybox ? `unknown user ${user}` : `invalid user: ‘${spec}’`;
  if (group === undefined) return { uid, gid: undefined };
  if (group === '') return { uid, gid: found?.gid };
  const other = groups.find(({ name }) => name === group);
  const gid = other?.gid ?? (/^\d+$/.test(group) ? Number(group) : -1);
  if (gid === -1) return busybox ? `unknown group ${group}` : `invalid group: ‘${spec}’`;
  return { uid, gid };
}

function* change(
  line: CommandLine,
  self: Self,
  paths: readonly string[],
  owner: Owner,
  deep: boolean,
): Step<number> {
  const tool = line.argv[0] ?? 'chown';
  const busybox = yield* isBusybox(line);
  const left = paths.map((path) => ({ path: resolvePath(line.cwd, path), shown: path }));
  let status = 0;
  for (let count = 0; left.length > 0 && count < DEPTH_LIMIT; count++) {
    const { path, shown } = left.shift()!;
    const found = yield* stat(line.machine, path, false);
    const fault = found
      ? yield* changeOwner(line.machine, path, owner.uid ?? found.uid, owner.gid ?? found.gid)
      : 'ENOENT';
    if (fault !== undefined) {
      status = 1;
      const why = fault === 'EACCES' ? 'Operation not permitted' : FAULT_TEXT[fault];
      const what =
        fault === 'ENOENT' ? `cannot access '${shown}'` : `changing ownership of '${shown}'`;
      yield* fail(self, busybox ? `${tool}: ${shown}: ${why}` : `${tool}: ${what}: ${why}`);
    } else if (deep && found?.type === 'dir') {
      const below = (yield* listDirectory(line.machine, path)) ?? [];
      left.push(
        ...below.map(({ name }) => ({ path: `${path}/${name}`, shown: `${shown}/${name}` })),
      );
    }
  }
  return status;
}

const owners = (tool: 'chown' | 'chgrp'): Command =>
  function* (line, self) {
    const { flags, words } = readOptions(line.argv, 'RhvcfLHP', {
      recursive: 'R',
      'no-dereference': 'h',
    });
    const [spec, ...paths] = words;
    const hint = (yield* isBusybox(line)) ? '' : `\nTry '${tool} --help' for more information.`;
    if (spec === undefined) return yield* fail(self, `${tool}: missing operand${hint}`);
    if (paths.length === 0)
      return yield* fail(self, `${tool}: missing operand after ‘${spec}’${hint}`);
    const owner = yield* readOwner(line, tool === 'chown' ? spec : `:${spec}`);
    if (typeof owner === 'string') return yield* fail(self, `${tool}: ${owner}`);
    return yield* change(line, self, paths, owner, flags.has('R'));
  };

export const chown = owners('chown');
export const chgrp = owners('chgrp');

const saying = (text: string, code = 0): Command =>
  function* (_line, self) {
    if (text !== '') yield* say(self, `${text}\n`);
    return code;
  };

const refusing = (text: string, code = 1): Command =>
  function* (_line, self) {
    return yield* fail(self, text, code);
  };

export const arch = saying('x86_64');
export const sync = saying('');
/** Simplified: a container has one terminal, and a shell's commands have it only by its own. */
export const tty: Command = function* (line: CommandLine & { readonly tty?: boolean }, self) {
  const isTerminal = line.tty === true;
  yield* say(self, isTerminal ? '/dev/pts/0\n' : 'not a tty\n');
  return isTerminal ? 0 : 1;
};

/** What a container may not do without a capability. */
export const umount = refusing("umount: can't unmount /: Operation not permitted");
export const dmesg = refusing('dmesg: klogctl: Operation not permitted');
export const reboot = refusing('reboot: Operation not permitted');
export const insmod = refusing(
  "modprobe: can't change directory to '/lib/modules': No such file or directory",
);

/** `nice -n 5 COMMAND`, `setsid COMMAND`: the command, and nothing of the rest. */
export const wrapped: Command = function* (line, self) {
  const words = line.argv.slice(1);
  while (words[0]?.startsWith('-')) words.splice(0, /^-[nc]$/.test(words[0]) ? 2 : 1);
  if (words.length === 0) return 0;
  const { stdin, stdout, stderr } = self;
  const args = { machine: line.machine, argv: words, env: line.env, cwd: line.cwd };
  const ending = yield* join(yield* start('programs/run', args, { stdin, stdout, stderr }));
  return ending.signal === undefined ? Number(ending.result) : statusOfSignal(ending.signal);
};
