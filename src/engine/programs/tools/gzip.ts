import type { Command } from '../../machine/command.ts';
import { removeFile, stat, writeFile } from '../../machine/files.ts';
import { readOptions, Tool } from '../../shell-language/tools/tool.ts';
import { bytesOf, deflated, inflated, isGzip, toText } from './archives.ts';
import { fail, type Step } from './console.ts';

/**
 * `gzip`, `gunzip` and `zcat` (GNU gzip 1.13, gzip.c).
 *
 * Simplified: levels (`-1` to `-9`) make no difference, names and times are not kept inside.
 */
const LONG = {
  ...{ stdout: 'c', decompress: 'd', uncompress: 'd', force: 'f', keep: 'k', list: 'l' },
  ...{
    quiet: 'q',
    verbose: 'v',
    test: 't',
    best: '9',
    fast: '1',
    'to-stdout': 'c',
    'no-name': 'n',
  },
};

interface Wish {
  readonly unpack: boolean;
  readonly toOutput: boolean;
  readonly keep: boolean;
  readonly force: boolean;
  readonly test: boolean;
}

const tool = (unpacks: boolean, prints: boolean): Command =>
  function* (line, self) {
    const one = new Tool(line, self);
    const options = readOptions(one.args, 'cdfkltqvnN123456789', { long: LONG });
    if (options.problem !== undefined) {
      return yield* one.fail(`${options.problem}\nTry \`${one.name} --help' for more information.`);
    }
    const wish: Wish = {
      unpack: unpacks || options.has('d') || options.has('t'),
      toOutput: prints || options.has('c'),
      keep: options.has('k'),
      force: options.has('f'),
      test: options.has('t'),
    };
    let status = 0;
    for (const name of options.operands.length === 0 ? ['-'] : options.operands) {
      status = (yield* workOn(one, name, wish)) || status;
    }
    return status;
  };

export const gzip: Command = tool(false, false);
export const gunzip: Command = tool(true, false);
export const zcat: Command = tool(true, true);

function* workOn(one: Tool, given: string, wish: Wish): Step<number> {
  const { unpack, force } = wish;
  const { self } = one;
  let name = given;
  if (unpack && name !== '-' && !(yield* stat(one.place, one.path(name)))) {
    if (!/\.(gz|tgz)$/.test(name)) name = `${name}.gz`;
  }
  const there = name === '-' ? undefined : yield* stat(one.place, one.path(name));
  if (there?.type === 'dir') return yield* one.fail(`${name} is a directory -- ignored`, 2);
  const before = yield* bytesOf(one, name);
  if (!before) return yield* one.fail(`${name}: No such file or directory`);
  const shown = name === '-' ? '\ngzip: stdin' : `\ngzip: ${name}`;
  if (unpack && !isGzip(before)) return yield* fail(self, `${shown}: not in gzip format`);
  const after = unpack ? inflated(before) : deflated(before);
  if (!after) return yield* fail(self, `${shown}: unexpected end of file`);
  if (wish.test) return 0;
  if (name === '-' || wish.toOutput) {
    yield* one.out(toText(after));
    return 0;
  }
  if (unpack && !/\.(gz|tgz)$/.test(name)) {
    return yield* one.fail(`${name}: unknown suffix -- ignored`, 2);
  }
  if (!unpack && name.endsWith('.gz')) {
    return yield* one.fail(`${name} already has .gz suffix -- unchanged`, 2);
  }
  const target = unpack ? name.replace(/\.tgz$/, '.tar').replace(/\.gz$/, '') : `${name}.gz`;
  if (!force && (yield* stat(one.place, one.path(target)))) {
    return yield* one.fail(`${target} already exists;\tnot overwritten`, 2);
  }
  yield* writeFile(one.place, one.path(target), after, there?.mode ?? 0o644);
  if (!wish.keep) yield* removeFile(one.place, one.path(name));
  return 0;
}
