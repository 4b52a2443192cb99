import { digestOfText } from '../../oci/digest.ts';
import { textFile, type FileEntry } from '../../oci/entry.ts';
import { entryAt, putEntry, readTreeFile, resolveInTree, type FileTree } from '../../oci/tree.ts';
import type { SimpleCommand } from '../../shell-language/ast.ts';
import { expandText, expandWord } from '../../shell-language/expand.ts';
import { parseScript } from '../../shell-language/parse.ts';
import { parentOf, withDirectories } from '../files.ts';
import { FIGURES } from '../figures.ts';
import { COMMANDS, OUTSIDE, type CommandEffect } from './commands.ts';

/**
 * RUN: what a script does to the tree, by a table of understood commands.
 *
 * Simplified: a well-known command outside the table leaves one model file behind and takes a
 * stated time; what it would really do is not computed.
 */
export interface RunRequest {
  readonly argv: readonly string[];
  readonly env: Readonly<Record<string, string>>;
  readonly cwd: string;
}

export interface RunResult {
  readonly tree: FileTree;
  readonly exitCode: number;
  readonly output: readonly string[];
  readonly durationMs: number;
  /** Commands whose effect is a stand-in. */
  readonly simplified: readonly string[];
}

interface Course {
  tree: FileTree;
  cwd: string;
  exitCode: number;
  output: string[];
  durationMs: number;
  simplified: string[];
  variables: Record<string, string>;
}

export function runInTree(tree: FileTree, request: RunRequest): RunResult {
  const { argv, env, cwd } = request;
  const course: Course = {
    tree,
    cwd,
    exitCode: 0,
    output: [],
    durationMs: FIGURES.runMs,
    simplified: [],
    variables: { ...env },
  };
  const shell = /(^|\/)(sh|ash|bash)$/.test(argv[0] ?? '') && /^-[a-z]*c$/.test(argv[1] ?? '');
  if (shell) runScript(argv[2] ?? '', course);
  else perform(argv, course);
  const { exitCode, output, durationMs, simplified } = course;
  return { tree: course.tree, exitCode, output, durationMs, simplified };
}

function runScript(script: string, course: Course): void {
  const parsed = parseScript(script);
  if (!parsed.ok) {
    course.output.push(`/bin/sh: ${parsed.message}`);
    course.exitCode = 2;
    return;
  }
  for (const { parts } of parsed.script.lists) {
    for (const { when, pipeline } of parts) {
      if (when === 'success' && course.exitCode !== 0) continue;
      if (when === 'failure' && course.exitCode === 0) continue;
      for (const command of pipeline.commands) runSimple(command, course);
      if (pipeline.negated) course.exitCode = course.exitCode === 0 ? 1 : 0;
    }
  }
}

function runSimple(command: SimpleCommand, course: Course): void {
  const variables = { ...course.variables, '?': String(course.exitCode) };
  const argv = command.words.flatMap((word) => expandWord(word, variables));
  if (argv.length === 0) {
    for (const { name, value } of command.assignments) {
      course.variables[name] = expandText(value, variables);
    }
    return;
  }
  const before = course.output.length;
  perform(argv, course);
  for (const { kind, from, target } of command.redirections) {
    if ((kind !== 'write' && kind !== 'append') || from === 2) continue;
    const lines = course.output.splice(before);
    const path = absolute(course.cwd, expandText(target, variables));
    const old = kind === 'append' ? new TextDecoder().decode(readTreeFile(course.tree, path)) : '';
    writeFile(course, path, textFile(old + lines.map((line) => `${line}\n`).join('')));
  }
}

function writeFile(course: Course, path: string, file: FileEntry): void {
  const at = resolveInTree(course.tree, path) ?? path.slice(1);
  if (entryAt(course.tree, `/${parentOf(at)}`)?.type !== 'dir') {
    course.output.push(`/bin/sh: can't create ${path}: nonexistent directory`);
    course.exitCode = 1;
    return;
  }
  course.tree = putEntry(course.tree, at, file);
}

function perform(argv: readonly string[], course: Course): void {
  const [name = ''] = argv;
  const base = name.slice(name.lastIndexOf('/') + 1);
  const understood = Object.hasOwn(COMMANDS, base) ? COMMANDS[base] : undefined;
  if (understood) {
    const effect: CommandEffect = understood(argv.slice(1), course.tree, course.cwd);
    course.tree = effect.tree ?? course.tree;
    course.cwd = effect.cwd ?? course.cwd;
    course.exitCode = effect.exitCode ?? 0;
    course.durationMs += effect.durationMs ?? 0;
    course.output.push(...(effect.output ?? []));
    return;
  }
  const path =
    course.variables.PATH ?? '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin';
  const places = name.includes('/') ? [name] : path.split(':').map((at) => `${at}/${name}`);
  const found = places.some((at) => entryAt(course.tree, at)?.type === 'file');
  if (!found && !OUTSIDE.includes(base)) {
    course.output.push(`/bin/sh: ${name}: not found`);
    course.exitCode = 127;
    return;
  }
  const text = argv.join(' ');
  const at = `usr/local/share/model/${base}-${digestOfText(text).slice(7, 15)}`;
  course.tree = withDirectories(course.tree, parentOf(at)).set(at, {
    type: 'file',
    mode: 0o644,
    uid: 0,
    gid: 0,
    content: { sizeBytes: FIGURES.unknownRunBytes, seed: text },
  });
  course.durationMs += FIGURES.unknownRunMs;
  course.simplified.push(text);
  course.exitCode = 0;
}

const absolute = (cwd: string, path: string): string =>
  path.startsWith('/') ? path : `${cwd === '/' ? '' : cwd}/${path}`;
