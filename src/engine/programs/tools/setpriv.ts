import type { Command } from '../../machine/command.ts';
import { exec } from '../../sim/process.ts';
import { baseName, fail } from './console.ts';

/**
 * `setpriv --reuid=USER --regid=GROUP --clear-groups COMMAND` (util-linux 2.41): goes on as somebody
 * else, keeping its pid and its variables.
 *
 * Simplified: of the privileges only users and groups are looked at.
 */
const VALUED = ['--reuid', '--regid', '--ruid', '--euid', '--rgid', '--egid', '--groups'];

export const setpriv: Command = function* (line, self) {
  const { machine, argv, env, cwd } = line;
  const given = new Map<string, string>();
  let at = 1;
  for (; argv[at]?.startsWith('--') === true && argv[at] !== '--'; at++) {
    const [name = '', value] = argv[at]!.split(/=(.*)/s);
    if (value !== undefined) given.set(name, value);
    else if (VALUED.includes(name)) given.set(name, argv[++at] ?? '');
  }
  if (argv[at] === '--') at += 1;
  const words = argv.slice(at);
  const by = baseName(argv[0] ?? 'setpriv');
  if (words.length === 0) return yield* fail(self, `${by}: No program specified`);
  const user = given.get('--reuid') ?? given.get('--euid');
  const group = given.get('--regid') ?? given.get('--egid');
  const { stdin, stdout, stderr } = self;
  const as = user === undefined ? {} : { user: group === undefined ? user : `${user}:${group}` };
  const args = { machine, argv: words, env, cwd, by, ...as };
  return yield* exec('programs/run', args, { stdin, stdout, stderr });
};
