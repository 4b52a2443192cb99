import type { Command } from '../../machine/command.ts';
import {
  changeMode,
  FAULT_TEXT,
  linkFile,
  listDirectory,
  listNodes,
  makeDirectory,
  putNode,
  readBytes,
  removeFile,
  removeTree,
  renameFile,
  stat,
  writeFile,
  type FileFault,
} from '../../machine/files.ts';
import type { Step } from '../state.ts';
import { quoted, readOptions, Tool, type Options } from './tool.ts';

/** Tools that change files: rm, cp, mv, touch, mkdir, rmdir, chmod, ln, mktemp (GNU coreutils 9). */
const baseName = (name: string): string => name.replace(/\/+$/, '').split('/').at(-1) ?? name;

export const rm: Command = function* (line, self) {
  const tool = new Tool(line, self);
  const options = readOptions(tool.args, 'rRfvidI', {
    long: { recursive: 'r', force: 'f', verbose: 'v', dir: 'd' },
  });
  if (options.problem !== undefined) return yield* tool.misuse(options.problem);
  const force = options.has('f');
  if (options.operands.length === 0) return force ? 0 : yield* tool.misuse('missing operand');
  let status = 0;
  for (const name of options.operands) {
    const path = tool.path(name);
    const there = yield* stat(tool.place, path, false);
    if (!there) {
      if (!force) status = yield* cannotRemove(tool, name, 'ENOENT');
      continue;
    }
    const isDirectory = there.type === 'dir';
    if (path === '/' && isDirectory) {
      status = yield* tool.fail(
        "it is dangerous to operate recursively on '/'\nrm: use --no-preserve-root to override this failsafe",
      );
      continue;
    }
    const recursive = options.has('r') || options.has('R');
    if (isDirectory && !recursive && !options.has('d')) {
      status = yield* cannotRemove(tool, name, 'EISDIR');
      continue;
    }
    const fault =
      isDirectory && recursive
        ? yield* removeTree(tool.place, path)
        : yield* removeFile(tool.place, path);
    if (fault) status = yield* cannotRemove(tool, name, fault);
    else if (options.has('v'))
      yield* tool.out(isDirectory ? `removed directory '${name}'\n` : `removed '${name}'\n`);
  }
  return status;
};

function* cannotRemove(tool: Tool, name: string, fault: FileFault): Step<number> {
  if (yield* tool.isBusybox()) {
    if (fault === 'EISDIR') return yield* tool.fail(`'${name}' is a directory`);
    return yield* tool.fail(`can't remove '${name}': ${FAULT_TEXT[fault]}`);
  }
  return yield* tool.fail(`cannot remove '${name}': ${FAULT_TEXT[fault]}`);
}

/** Copies a file or a whole tree onto `to`. */
function* copyTo(tool: Tool, from: string, to: string, keep: boolean): Step<FileFault | undefined> {
  const source = yield* stat(tool.place, from);
  if (!source) return 'ENOENT';
  if (source.type === 'dir') {
    if (to === from || to.startsWith(`${from}/`)) return 'EINVAL';
    const nodes = yield* listNodes(tool.place, from);
    if (!(yield* stat(tool.place, to))) {
      const fault = yield* makeDirectory(tool.place, to, { mode: source.mode });
      if (fault) return fault;
    }
    for (const [path, node] of nodes) {
      const fault = yield* putNode(tool.place, `${to}/${path}`, node);
      if (fault) return fault;
    }
    return undefined;
  }
  const bytes = yield* readBytes(tool.place, from);
  if (!bytes) return 'EACCES';
  const fault = yield* writeFile(tool.place, to, bytes, source.mode);
  if (!fault && keep) return yield* changeMode(tool.place, to, source.mode);
  return fault;
}

interface Pair {
  readonly name: string;
  readonly from: string;
  readonly to: string;
  readonly shown: string;
}

/** What goes where; the words of a mistake are written already. */
function* readPairs(tool: Tool, options: Options): Step<Pair[] | number> {
  const { operands } = options;
  if (operands.length === 0) return yield* tool.misuse('missing file operand');
  const directory = options.value('t');
  const target = directory ?? operands.at(-1)!;
  if (directory === undefined && operands.length === 1) {
    return yield* tool.misuse(`missing destination file operand after '${target}'`);
  }
  const sources = directory === undefined ? operands.slice(0, -1) : operands;
  const path = tool.path(target);
  const there = yield* stat(tool.place, path);
  const into = there?.type === 'dir' && !options.has('T');
  if (!into && (sources.length > 1 || (target.endsWith('/') && directory !== undefined))) {
    return yield* tool.fail(`target '${target}': ${FAULT_TEXT[there ? 'ENOTDIR' : 'ENOENT']}`);
  }
  return sources.map((name) => ({
    name,
    from: tool.path(name),
    to: into
      ? `${path === '/' ? '' : path}/${baseName(name === '.' ? '' : name)}`.replace(/\/$/, '')
      : path,
    shown: into ? `${target.replace(/\/$/, '')}/${baseName(name)}` : target,
  }));
}

export const cp: Command = function* (line, self) {
  const tool = new Tool(line, self);
  const options = readOptions(tool.args, 'rRafpvint:TLPd', {
    long: { recursive: 'r', archive: 'a', force: 'f', verbose: 'v', 'target-directory': 't' },
  });
  if (options.problem !== undefined) return yield* tool.misuse(options.problem);
  const pairs = yield* readPairs(tool, options);
  if (typeof pairs === 'number') return pairs;
  const recursive = ['r', 'R', 'a'].some((letter) => options.has(letter));
  let status = 0;
  for (const { name, from, to, shown } of pairs) {
    const source = yield* stat(tool.place, from);
    if (!source) {
      const busybox = yield* tool.isBusybox();
      status = yield* tool.fail(
        `${busybox ? "can't stat" : 'cannot stat'} '${name}': No such file or directory`,
      );
    } else if (source.type === 'dir' && !recursive) {
      const busybox = yield* tool.isBusybox();
      status = yield* tool.fail(
        busybox ? `omitting directory '${name}'` : `-r not specified; omitting directory '${name}'`,
      );
    } else if (from === to) {
      status = yield* tool.fail(`'${name}' and '${shown}' are the same file`);
    } else {
      if (options.has('n') && (yield* stat(tool.place, to))) continue;
      const fault = yield* copyTo(tool, from, to, options.has('a') || options.has('p'));
      const words =
        fault === 'EINVAL'
          ? `cannot copy a directory, '${name}', into itself, '${shown}'`
          : fault &&
            `cannot create ${source.type === 'dir' ? 'directory' : 'regular file'} '${shown}': ${FAULT_TEXT[fault]}`;
      if (words !== undefined) status = yield* tool.fail(words);
      else if (options.has('v')) yield* tool.out(`'${name}' -> '${shown}'\n`);
    }
  }
  return status;
};

export const mv: Command = function* (line, self) {
  const tool = new Tool(line, self);
  const options = readOptions(tool.args, 'fvint:T', { long: { force: 'f', verbose: 'v' } });
  if (options.problem !== undefined) return yield* tool.misuse(options.problem);
  const pairs = yield* readPairs(tool, options);
  if (typeof pairs === 'number') return pairs;
  let status = 0;
  for (const { name, from, to, shown } of pairs) {
    const source = yield* stat(tool.place, from, false);
    if (!source) {
      const verb = (yield* tool.isBusybox()) ? "can't rename" : 'cannot stat';
      status = yield* tool.fail(`${verb} '${name}': No such file or directory`);
      continue;
    }
    if (from === to) {
      status = yield* tool.fail(`'${name}' and '${shown}' are the same file`);
      continue;
    }
    if (to.startsWith(`${from}/`)) {
      status = yield* tool.fail(`cannot move '${name}' to a subdirectory of itself, '${shown}'`);
      continue;
    }
    if (options.has('n') && (yield* stat(tool.place, to))) continue;
    let fault = yield* renameFile(tool.place, from, to);
    if (fault === 'EXDEV') {
      fault = yield* copyTo(tool, from, to, true);
      fault ??= yield* removeTree(tool.place, from);
    }
    if (fault)
      status = yield* tool.fail(`cannot move '${name}' to '${shown}': ${FAULT_TEXT[fault]}`);
    else if (options.has('v')) yield* tool.out(`renamed '${name}' -> '${shown}'\n`);
  }
  return status;
};

export const touch: Command = function* (line, self) {
  const tool = new Tool(line, self);
  const options = readOptions(tool.args, 'acmd:t:r:', { long: { 'no-create': 'c', date: 'd' } });
  if (options.problem !== undefined) return yield* tool.misuse(options.problem);
  if (options.operands.length === 0) return yield* tool.misuse('missing file operand');
  let status = 0;
  for (const name of options.operands) {
    const path = tool.path(name);
    const there = yield* stat(tool.place, path);
    if (there?.type === 'dir' || (!there && options.has('c'))) continue;
    const bytes = there ? yield* readBytes(tool.place, path) : undefined;
    const fault = name.endsWith('/') ? 'ENOENT' : yield* writeFile(tool.place, path, bytes ?? '');
    if (!fault) continue;
    const busybox = yield* tool.isBusybox();
    status = yield* tool.fail(
      busybox ? `${name}: ${FAULT_TEXT[fault]}` : `cannot touch '${name}': ${FAULT_TEXT[fault]}`,
    );
  }
  return status;
};

export const mkdir: Command = function* (line, self) {
  const tool = new Tool(line, self);
  const options = readOptions(tool.args, 'pvm:', {
    long: { parents: 'p', verbose: 'v', mode: 'm' },
  });
  if (options.problem !== undefined) return yield* tool.misuse(options.problem);
  if (options.operands.length === 0) return yield* tool.misuse('missing operand');
  const parents = options.has('p');
  const mode = options.value('m');
  let status = 0;
  for (const name of options.operands) {
    const path = tool.path(name);
    const fault = yield* makeDirectory(tool.place, path, {
      parents,
      ...(mode !== undefined && /^[0-7]+$/.test(mode) && { mode: parseInt(mode, 8) }),
    });
    if (!fault) {
      if (options.has('v')) yield* tool.out(`mkdir: created directory '${name}'\n`);
      continue;
    }
    const isThere =
      fault === 'EEXIST' && parents && (yield* stat(tool.place, path))?.type === 'dir';
    if (isThere) continue;
    const verb = (yield* tool.isBusybox()) ? "can't create" : 'cannot create';
    status = yield* tool.fail(
      `${verb} directory ${verb.startsWith("can't") ? `'${name}'` : quoted(name)}: ${FAULT_TEXT[fault]}`,
    );
  }
  return status;
};

export const rmdir: Command = function* (line, self) {
  const tool = new Tool(line, self);
  const options = readOptions(tool.args, 'pv', { long: { parents: 'p' } });
  if (options.problem !== undefined) return yield* tool.misuse(options.problem);
  if (options.operands.length === 0) return yield* tool.misuse('missing operand');
  let status = 0;
  for (const name of options.operands) {
    const path = tool.path(name);
    const there = yield* stat(tool.place, path, false);
    const inside = yield* listDirectory(tool.place, path);
    const problem: FileFault | undefined = !there
      ? 'ENOENT'
      : there.type !== 'dir'
        ? 'ENOTDIR'
        : inside && inside.length > 0
          ? 'ENOTEMPTY'
          : yield* removeFile(tool.place, path);
    if (problem) status = yield* tool.fail(`failed to remove '${name}': ${FAULT_TEXT[problem]}`);
  }
  return status;
};

/** The bits that `u+x`, `go-w`, `755` make of others; undefined when it is no mode. */
export function changedMode(
  text: string,
  before: number,
  isDirectory: boolean,
): number | undefined {
  if (/^[0-7]{1,4}$/.test(text)) return parseInt(text, 8);
  let mode = before;
  for (const clause of text.split(',')) {
    const match = /^([ugoa]*)([-+=])([rwxXst]*)$/.exec(clause);
    if (!match) return undefined;
    const [, who = '', sign, letters = ''] = match;
    const all = who === '' || who.includes('a');
    let bits = 0;
    for (const letter of letters) {
      if (letter === 't') bits |= 0o1000;
      if (letter === 's')
        bits |= (all || who.includes('u') ? 0o4000 : 0) | (all || who.includes('g') ? 0o2000 : 0);
      const runs = letter === 'X' && (isDirectory || (before & 0o111) !== 0);
      const bit = letter === 'r' ? 4 : letter === 'w' ? 2 : letter === 'x' || runs ? 1 : 0;
      // Without a class the umask counts: nobody else may write.
      const isMasked = who === '' && letter === 'w';
      if (all || who.includes('u')) bits |= bit << 6;
      if ((all && !isMasked) || who.includes('g')) bits |= bit << 3;
      if ((all && !isMasked) || who.includes('o')) bits |= bit;
    }
    const classes =
      (all || who.includes('u') ? 0o700 : 0) |
      (all || who.includes('g') ? 0o070 : 0) |
      (all || who.includes('o') ? 0o007 : 0);
    if (sign === '+') mode |= bits;
    else if (sign === '-') mode &= ~bits;
    else mode = (mode & ~classes) | bits;
  }
  return mode;
}

export const chmod: Command = function* (line, self) {
  const tool = new Tool(line, self);
  const args = tool.args.map((arg) => (/^-[rwxXst]+$/.test(arg) ? `a${arg}` : arg));
  const options = readOptions(args, 'Rvfc', { long: { recursive: 'R' } });
  if (options.problem !== undefined) return yield* tool.misuse(options.problem);
  const [mode, ...names] = options.operands;
  if (mode === undefined) return yield* tool.misuse('missing operand');
  if (names.length === 0) return yield* tool.misuse(`missing operand after ${quoted(mode)}`);
  if (changedMode(mode, 0, false) === undefined)
    return yield* tool.misuse(`invalid mode: ${quoted(mode)}`);
  let status = 0;
  for (const name of names) {
    const path = tool.path(name);
    const there = yield* stat(tool.place, path);
    if (!there) {
      const busybox = yield* tool.isBusybox();
      status = yield* tool.fail(
        busybox
          ? `${name}: No such file or directory`
          : `cannot access '${name}': No such file or directory`,
      );
      continue;
    }
    const change = function* (
      at: string,
      before: number,
      isDirectory: boolean,
    ): Step<FileFault | undefined> {
      return yield* changeMode(tool.place, at, changedMode(mode, before, isDirectory)!);
    };
    let fault = yield* change(path, there.mode, there.type === 'dir');
    if (options.has('R') && there.type === 'dir') {
      for (const [below, node] of yield* listNodes(tool.place, path)) {
        if (node.type !== 'symlink')
          fault ??= yield* change(`${path}/${below}`, node.mode, node.type === 'dir');
      }
    }
    if (fault) status = yield* tool.fail(`changing permissions of '${name}': ${FAULT_TEXT[fault]}`);
  }
  return status;
};

export const ln: Command = function* (line, self) {
  const tool = new Tool(line, self);
  const options = readOptions(tool.args, 'sfnvrT', { long: { symbolic: 's', force: 'f' } });
  if (options.problem !== undefined) return yield* tool.misuse(options.problem);
  const [target, name = baseName(target ?? '')] = options.operands;
  if (target === undefined) return yield* tool.misuse('missing file operand');
  const there = yield* stat(tool.place, tool.path(name), !options.has('n'));
  const into = there?.type === 'dir';
  const path = into ? `${tool.path(name)}/${baseName(target)}` : tool.path(name);
  const shown = into ? `${name.replace(/\/$/, '')}/${baseName(target)}` : name;
  if (options.has('f')) yield* removeFile(tool.place, path);
  let fault: FileFault | undefined;
  if (options.has('s')) fault = yield* linkFile(tool.place, target, path);
  else if ((yield* stat(tool.place, path, false)) !== undefined) fault = 'EEXIST';
  else {
    // Simplified: a hard link is a copy; what is written to one is not in the other.
    const source = yield* stat(tool.place, tool.path(target));
    if (!source) return yield* tool.fail(`failed to access '${target}': No such file or directory`);
    if (source.type === 'dir')
      return yield* tool.fail(`${target}: hard link not allowed for directory`);
    fault = yield* copyTo(tool, tool.path(target), path, true);
  }
  if (!fault) return 0;
  const kind = options.has('s') ? 'symbolic link' : 'hard link';
  return yield* tool.fail(`failed to create ${kind} '${shown}': ${FAULT_TEXT[fault]}`);
};

export const mktemp: Command = function* (line, self) {
  const tool = new Tool(line, self);
  const options = readOptions(tool.args, 'dut:p:q', { long: { directory: 'd' } });
  if (options.problem !== undefined) return yield* tool.misuse(options.problem);
  const template = options.operands[0] ?? '/tmp/tmp.XXXXXXXXXX';
  const marks = /X{3,}$/.exec(template);
  if (!marks) return yield* tool.fail(`too few X's in template ${quoted(template)}`);
  const letters = 'abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789';
  let seed = self.pid;
  for (let tries = 0; tries < 100; tries++) {
    let end = '';
    for (let i = 0; i < marks[0].length; i++) {
      seed = (seed * 1_103_515 + 12_345 + i) % 2_147_483_648;
      end += letters[(seed >> 4) % letters.length]!;
    }
    const name = template.slice(0, marks.index) + end;
    const path = tool.path(name);
    if (yield* stat(tool.place, path)) continue;
    const fault = options.has('d')
      ? yield* makeDirectory(tool.place, path, { mode: 0o700 })
      : yield* writeFile(tool.place, path, '', 0o600);
    if (fault)
      return yield* tool.fail(
        `failed to create ${options.has('d') ? 'directory' : 'file'} via template ${quoted(template)}: ${FAULT_TEXT[fault]}`,
      );
    yield* tool.out(`${name}\n`);
    return 0;
  }
  return 1;
};
