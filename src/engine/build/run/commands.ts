import { modelFile, textFile } from '../../oci/entry.ts';
import {
  entryAt,
  listTree,
  putEntry,
  readTreeFile,
  removePath,
  resolveInTree,
  type FileTree,
} from '../../oci/tree.ts';
import { parentOf, withDirectories } from '../files.ts';
import { matchesGlob, readGlob } from '../glob.ts';

/** The commands that RUN understands: each a pure function of its words and the tree. */
export interface CommandEffect {
  readonly tree?: FileTree;
  readonly cwd?: string;
  readonly output?: readonly string[];
  readonly exitCode?: number;
  readonly durationMs?: number;
}

export type CommandModel = (args: readonly string[], tree: FileTree, cwd: string) => CommandEffect;

/** Known, but with a stand-in effect. */
export const OUTSIDE: readonly string[] = [
  ...['apt-get', 'apt', 'npm', 'yarn', 'pnpm', 'pip', 'pip3', 'go', 'make', 'gcc', 'mvn', 'gradle'],
  ...['cargo', 'bundle', 'composer', 'curl', 'wget', 'git', 'adduser', 'addgroup', 'useradd'],
  ...['groupadd', 'sed', 'awk', 'grep', 'find', 'tar', 'python', 'python3', 'node', 'nginx'],
];

/** Packages of the model Alpine repository: unpacked size. Model figures. */
const PACKAGES: Readonly<Record<string, number>> = {
  bash: 1_500_000,
  'ca-certificates': 640_000,
  curl: 5_200_000,
  git: 14_000_000,
  jq: 1_100_000,
  nodejs: 62_000_000,
  npm: 9_800_000,
  python3: 46_000_000,
  tini: 28_000,
  tzdata: 1_800_000,
};
const PACKAGE_BYTES = 2_000_000;
const FETCH_BYTES_PER_MS = 8_000;

const absolute = (cwd: string, path: string): string =>
  path.startsWith('/') ? path : `${cwd === '/' ? '' : cwd}/${path}`;

const flagsOf = (args: readonly string[]) => args.filter((arg) => arg.startsWith('-'));
const pathsOf = (args: readonly string[]) => args.filter((arg) => !arg.startsWith('-'));
const fail = (message: string, exitCode = 1): CommandEffect => ({ output: [message], exitCode });
const has = (args: readonly string[], letter: string) =>
  flagsOf(args).some((flag) => /^-[a-zA-Z]+$/.test(flag) && flag.includes(letter));

const at = (tree: FileTree, cwd: string, path: string): string =>
  resolveInTree(tree, absolute(cwd, path)) ?? absolute(cwd, path).slice(1);

function apk(args: readonly string[], tree: FileTree): CommandEffect {
  const [action, ...rest] = args.filter((arg) => !arg.startsWith('--'));
  if (action === 'update')
    return { output: ['OK: 27490 distinct packages available'], durationMs: 900 };
  if (action !== 'add') return {};
  const names = pathsOf(rest).map((name) => name.replace(/[<>=~].*$/, ''));
  let result = tree;
  let bytes = 0;
  const output = ['fetch https://dl-cdn.alpinelinux.org/alpine/v3.22/main/x86_64/APKINDEX.tar.gz'];
  const database = new TextDecoder().decode(readTreeFile(tree, '/lib/apk/db/installed'));
  names.forEach((name, i) => {
    const size = PACKAGES[name] ?? PACKAGE_BYTES;
    bytes += size;
    output.push(`(${i + 1}/${names.length}) Installing ${name}`);
    result = withDirectories(result, 'usr/bin').set(
      `usr/bin/${name}`,
      modelFile(size, `apk/${name}`),
    );
  });
  const installed = textFile(database + names.map((name) => `P:${name}\n`).join(''));
  result = withDirectories(result, 'lib/apk/db').set('lib/apk/db/installed', installed);
  output.push(`OK: ${Math.round(bytes / 1_048_576)} MiB in ${names.length} packages`);
  return { tree: result, output, durationMs: 700 + Math.ceil(bytes / FETCH_BYTES_PER_MS) };
}

function copyTree(tree: FileTree, from: string, to: string): FileTree {
  const entry = tree.get(from)!;
  let result = putEntry(tree, to, entry);
  for (const [path, below] of tree.withPrefix(`${from}/`)) {
    result = putEntry(result, to + path.slice(from.length), below);
  }
  return result;
}

const transfer =
  (name: 'cp' | 'mv'): CommandModel =>
  (args, tree, cwd) => {
    const paths = pathsOf(args);
    const target = paths.at(-1);
    if (target === undefined || paths.length < 2) return fail(`${name}: missing file operand`);
    const isDirectory = entryAt(tree, absolute(cwd, target))?.type === 'dir';
    let result = tree;
    for (const source of paths.slice(0, -1)) {
      const from = at(tree, cwd, source);
      const entry = tree.get(from);
      if (!entry) return fail(`${name}: can't stat '${source}': No such file or directory`);
      if (
        name === 'cp' &&
        entry.type === 'dir' &&
        !has(args, 'r') &&
        !has(args, 'R') &&
        !has(args, 'a')
      ) {
        return fail(`cp: omitting directory '${source}'`);
      }
      const base = from.slice(from.lastIndexOf('/') + 1);
      const to = at(tree, cwd, target) + (isDirectory ? `/${base}` : '');
      if (entryAt(result, `/${parentOf(to)}`)?.type !== 'dir') {
        return fail(`${name}: can't create '${target}': No such file or directory`);
      }
      result = copyTree(result, from, to.replace(/^\//, ''));
      if (name === 'mv') result = removePath(result, from);
    }
    return { tree: result };
  };

export const COMMANDS: Readonly<Record<string, CommandModel>> = {
  apk,
  cp: transfer('cp'),
  mv: transfer('mv'),
  true: () => ({}),
  ':': () => ({}),
  set: () => ({}),
  false: () => ({ exitCode: 1 }),
  sleep: (args) => ({ durationMs: Math.round(Number(args[0] ?? 0) * 1000) || 0 }),
  exit: (args) => ({ exitCode: Number(args[0] ?? 0) & 255 }),
  echo: (args) => ({ output: [(args[0] === '-n' ? args.slice(1) : args).join(' ')] }),
  pwd: (_args, _tree, cwd) => ({ output: [cwd] }),
  cd: (args, tree, cwd) => {
    const path = absolute(cwd, args[0] ?? '/root');
    if (entryAt(tree, path)?.type === 'dir') return { cwd: `/${resolveInTree(tree, path) ?? ''}` };
    return fail(`/bin/sh: cd: can't cd to ${args[0] ?? ''}: No such file or directory`, 2);
  },
  cat: (args, tree, cwd) => {
    const output: string[] = [];
    for (const path of pathsOf(args)) {
      const bytes = readTreeFile(tree, absolute(cwd, path));
      if (!bytes) return fail(`cat: can't open '${path}': No such file or directory`);
      output.push(...new TextDecoder().decode(bytes).replace(/\n$/, '').split('\n'));
    }
    return { output };
  },
  ls: (args, tree, cwd) => {
    const path = absolute(cwd, pathsOf(args)[0] ?? '.');
    if (!entryAt(tree, path)) return fail(`ls: ${path}: No such file or directory`);
    return { output: listTree(tree, path) };
  },
  mkdir: (args, tree, cwd) => {
    let result = tree;
    for (const path of pathsOf(args)) {
      const to = at(tree, cwd, path);
      if (!has(args, 'p')) {
        if (tree.has(to)) return fail(`mkdir: can't create directory '${path}': File exists`);
        if (entryAt(tree, `/${parentOf(to)}`)?.type !== 'dir') {
          return fail(`mkdir: can't create directory '${path}': No such file or directory`);
        }
      }
      result = withDirectories(result, to);
    }
    return { tree: result };
  },
  rm: (args, tree, cwd) => {
    let result = tree;
    for (const path of pathsOf(args)) {
      const full = absolute(cwd, path).slice(1);
      const pattern = path.includes('*') ? readGlob(full) : undefined;
      const hits = pattern ? [...tree.keys()].filter((key) => matchesGlob(pattern, key)) : [full];
      for (const hit of hits) {
        const entry = result.get(hit);
        if (!entry && !has(args, 'f')) {
          return fail(`rm: can't remove '${path}': No such file or directory`);
        }
        if (entry?.type === 'dir' && !has(args, 'r') && !has(args, 'R')) {
          return fail(`rm: '${path}' is a directory`);
        }
        result = removePath(result, hit);
      }
    }
    return { tree: result };
  },
  touch: (args, tree, cwd) => {
    let result = tree;
    for (const path of pathsOf(args)) {
      const to = at(tree, cwd, path);
      if (entryAt(tree, `/${parentOf(to)}`)?.type !== 'dir') {
        return fail(`touch: ${path}: No such file or directory`);
      }
      if (!result.has(to)) result = result.set(to, textFile(''));
    }
    return { tree: result };
  },
  chmod: (args, tree, cwd) => {
    const [mode = '', ...paths] = args.filter((arg) => arg !== '-R');
    let result = tree;
    for (const path of paths) {
      const to = at(tree, cwd, path);
      const entry = result.get(to);
      if (!entry) return fail(`chmod: ${path}: No such file or directory`);
      const bits = /^[0-7]{3,4}$/.test(mode)
        ? parseInt(mode, 8)
        : mode.endsWith('+x')
          ? entry.mode | 0o111
          : entry.mode;
      result = result.set(to, { ...entry, mode: bits });
    }
    return { tree: result };
  },
  ln: (args, tree, cwd) => {
    const [target = '', path = ''] = pathsOf(args);
    const entry = { type: 'symlink', mode: 0o777, uid: 0, gid: 0, target } as const;
    return { tree: putEntry(tree, absolute(cwd, path).slice(1), entry) };
  },
};
