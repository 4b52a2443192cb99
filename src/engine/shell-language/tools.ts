import type { Command } from '../machine/command.ts';
import { awk } from './tools/awk/awk.ts';
import { column, cut, paste, sort, tr, uniq } from './tools/columns.ts';
import { diff } from './tools/diff.ts';
import { chmod, cp, ln, mkdir, mktemp, mv, rm, rmdir, touch } from './tools/files.ts';
import { find } from './tools/find.ts';
import { fold } from './tools/fold.ts';
import { grep } from './tools/grep.ts';
import { base64, du, md5sum, sha256sum, statTool } from './tools/inspecting.ts';
import { jq } from './tools/jq/jq.ts';
import { cat, head, nl, rev, seq, tac, tail, tee, wc, yes } from './tools/lines.ts';
import { ls } from './tools/ls.ts';
import {
  basename,
  clear,
  constant,
  dirname,
  echo,
  hostname,
  id,
  nproc,
  printf,
  pwd,
  realpath,
  test,
  uname,
  which,
  whoami,
} from './tools/naming.ts';
import { sed } from './tools/sed.ts';
import { env, nohup, printenv, xargs } from './tools/starting.ts';
import { date, sleepTool, time, timeout, watch } from './tools/time.ts';

/** Made when it is used: what the tools export may be elsewhere until then. */
const always =
  (code: number): Command =>
  (line, self) =>
    constant(code)(line, self);

/** The small tools that machines and images have, by name. */
const BY_NAME: Readonly<Record<string, Command>> = {
  ...{ awk, column, cut, paste, sort, tr, uniq, diff, chmod, cp, ln, mkdir, mktemp, mv, rm, rmdir },
  ...{ touch, find, grep, egrep: grep, fgrep: grep, base64, du, md5sum, sha256sum, stat: statTool },
  ...{ jq, cat, head, nl, rev, seq, tac, tail, tee, wc, yes, ls, basename, clear, dirname, echo },
  ...{ hostname, id, nproc, printf, pwd, realpath, readlink: realpath, test, '[': test, uname },
  ...{ which, whoami, sed, env, nohup, printenv, xargs, date, sleep: sleepTool, time, timeout },
  ...{ watch, fold, true: always(0), false: always(1), gawk: awk, mawk: awk },
};

/** Programs by name; the world registers them and lists them in each shell's table. */
export const TOOLS: Readonly<Record<string, Command>> = Object.fromEntries(
  Object.entries(BY_NAME).map(([name, tool]) => [`shell/tool/${name}`, tool]),
);

export const TOOL_COMMANDS: Readonly<Record<string, string>> = Object.fromEntries(
  Object.keys(BY_NAME).map((name) => [name, `shell/tool/${name}`]),
);
