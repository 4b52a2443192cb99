import { close, open, write } from '../sim/process.ts';
import { resolvePath } from '../machine/command.ts';
import {
  FAULT_TEXT,
  readFile,
  stat,
  writeFile,
  checkAccess,
  type FileFault,
} from '../machine/files.ts';
import { filesService } from '../machine/file-request.ts';
import { machineOf } from '../machine/place.ts';
import type { Context } from './context.ts';
import { expandText } from './expansion.ts';
import type { Shell, Step, Streams } from './state.ts';
import type { Redirection } from './syntax.ts';

/** Opens what redirections ask for. What is written to a file is in it at once. */
export interface Opened {
  readonly streams: Streams;
  /** To be closed when the command has ended. */
  readonly own: readonly number[];
  /** A redirection failed; its message is written. */
  readonly failed: boolean;
}

const DEVICES: Readonly<Record<string, number>> = {
  '/dev/stdin': 0,
  '/dev/stdout': 1,
  '/dev/stderr': 2,
};
const TERMINAL = '/dev/tty';
const NULL = '/dev/null';

export function* openRedirections(
  context: Context,
  redirections: readonly Redirection[],
  before: Streams,
): Step<Opened> {
  const streams: Record<number, number> = { ...before };
  const own: number[] = [];
  for (const redirection of redirections) {
    const target = yield* expandText(context, redirection.target);
    const problem = yield* one(context.shell, redirection, target, streams, own);
    if (problem !== undefined) {
      yield* context.shell.complain(context.io, problem);
      return { streams, own, failed: true };
    }
  }
  return { streams, own, failed: false };
}

export function* closeAll(streams: readonly number[]): Step<void> {
  for (const stream of streams) yield* close(stream);
}

/** Changes `streams`; gives the words of an error. */
function* one(
  shell: Shell,
  { fd, kind }: Redirection,
  target: string,
  streams: Record<number, number>,
  own: number[],
): Step<string | undefined> {
  if (kind === 'here') {
    streams[fd] = yield* filled(target);
    own.push(streams[fd]);
    return undefined;
  }
  const duplicated = kind === 'duplicate' && /^(\d+|-)$/.test(target);
  if (duplicated) {
    if (target === '-') {
      streams[fd] = 0;
      return undefined;
    }
    const source = streams[Number(target)];
    if (source === undefined) return `${target}: Bad file descriptor`;
    streams[fd] = source;
    return undefined;
  }
  const both = kind === 'both' || kind === 'bothAppend' || kind === 'duplicate';
  const path = resolvePath(shell.cwd, target);
  const stream =
    kind === 'read' || (kind === 'readwrite' && fd === 0)
      ? yield* reader(shell, target, path, streams)
      : yield* writer(shell, target, path, {
          streams,
          append: kind === 'append' || kind === 'bothAppend' || kind === 'readwrite',
        });
  if (typeof stream === 'string') return stream;
  streams[fd] = stream.stream;
  if (both) streams[2] = stream.stream;
  if (stream.isOwn) own.push(stream.stream);
  return undefined;
}

function* filled(text: string): Step<number> {
  const stream = yield* open();
  if (text !== '') yield* write(stream, text);
  yield* close(stream);
  return stream;
}

type Stream = { readonly stream: number; readonly isOwn: boolean };

function known(target: string, streams: Streams): Stream | undefined {
  if (target === NULL) return { stream: 0, isOwn: false };
  const fd = DEVICES[target] ?? Number(/^\/dev\/fd\/(\d+)$/.exec(target)?.[1] ?? NaN);
  const stream = target === TERMINAL ? streams[1] : streams[fd];
  return stream === undefined ? undefined : { stream, isOwn: false };
}

function* reader(
  shell: Shell,
  target: string,
  path: string,
  streams: Streams,
): Step<Stream | string> {
  const device = known(path, streams);
  if (device) return device;
  const denied = yield* checkAccess(shell.place, path, 4);
  if (denied) return cannot(shell, target, denied, 'open');
  const file = yield* readFile(shell.place, path);
  if (!file) {
    // Reading a directory fails later, when it is read.
    if ((yield* stat(shell.place, path))?.type === 'dir') return { stream: 0, isOwn: false };
    return cannot(shell, target, 'ENOENT', 'open');
  }
  return { stream: yield* filled(file.content), isOwn: true };
}

function* writer(
  shell: Shell,
  target: string,
  path: string,
  { streams, append }: { streams: Streams; append: boolean },
): Step<Stream | string> {
  const device = known(path, streams);
  if (device) return device;
  if (target === '') return cannot(shell, target, 'ENOENT', 'create');
  const { place } = shell;
  const there = yield* stat(place, path);
  const problem =
    target.endsWith('/') || there?.type === 'dir'
      ? 'EISDIR'
      : there && append
        ? yield* checkAccess(place, path, 2)
        : yield* writeFile(place, path, '');
  if (problem) return cannot(shell, target, problem, 'create');
  const body = { op: 'append', place, path };
  const stream = yield* open({ service: filesService(machineOf(place)), body });
  return { stream, isOwn: true };
}

/** bash names the fault; ash and dash say what they could not do. */
function cannot(shell: Shell, target: string, fault: FileFault, verb: 'open' | 'create'): string {
  const why = FAULT_TEXT[fault];
  if (shell.flavour === 'bash') return `${target}: ${why}`;
  const words: Partial<Record<FileFault, string>> =
    verb === 'open'
      ? { ENOENT: shell.flavour === 'ash' ? 'no such file' : 'No such file' }
      : { ENOENT: shell.flavour === 'ash' ? 'nonexistent directory' : 'Directory nonexistent' };
  const named = words[fault] ?? why;
  return shell.flavour === 'ash'
    ? `can't ${verb} ${target}: ${named}`
    : `cannot ${verb} ${target}: ${named}`;
}
