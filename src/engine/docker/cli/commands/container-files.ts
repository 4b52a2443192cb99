import { resolvePath } from '../../../machine/command.ts';
import {
  FAULT_TEXT,
  listNodes,
  makeDirectory,
  putNode,
  readBytes,
  stat,
  type FileFault,
} from '../../../machine/files.ts';
import { contentBytes, type Entry, type LayerEntries } from '../../../oci/entry.ts';
import { tryUnpackLayer, bytesBlob } from '../../../oci/layer.ts';
import { parseReference } from '../../../oci/reference.ts';
import { writeTar } from '../../../oci/tar.ts';
import type { ArchiveAnswer, PathStat } from '../../api.ts';
import { humanSize } from '../../units.ts';
import { daemonError, failed, query, type Invocation, type Step } from '../invocation.ts';
import { isRefused, refuse, type Refused } from '../../../go/refused.ts';
import { fromLatin1, latin1 } from '../../../oci/streamed.ts';
import { outputProblem, written } from './image-transfer.ts';

/**
 * `docker cp`, `commit` and `export` (docker/cli v29.7 `cli/command/container/cp.go`, moby/go-archive
 * v0.2 `copy.go`).
 */
const DIR_BIT = 2 ** 31;
const isDirectory = ({ mode }: PathStat): boolean => Math.floor(mode / DIR_BIT) % 2 === 1;

/** `NAME:PATH`, or a path of this machine. */
function place(text: string): { container: string; path: string } {
  const at = text.indexOf(':');
  if (text.startsWith('/') || at === -1 || text.startsWith('.')) {
    return { container: '', path: text };
  }
  return { container: text.slice(0, at), path: text.slice(at + 1) };
}

const baseOf = (path: string): string => path.replace(/\/+$/, '').split('/').at(-1) ?? '';
/** `a/.`: what is in the directory, not the directory. */
const isContents = (path: string): boolean => /(^|\/)\.$/.test(path);

export function* copy(call: Invocation): Step<number> {
  const [from = '', to = ''] = call.args;
  const source = place(from);
  const target = place(to);
  if (source.container !== '' && target.container !== '') {
    return yield* call.fail('copying between containers is not supported');
  }
  if (source.container !== '') return yield* fromContainer(call, source, target.path);
  if (target.container !== '') return yield* toContainer(call, source.path, target);
  return yield* call.fail('must specify at least one container source');
}

function* summary(call: Invocation, bytes: number, tarBytes: number, to: string): Step<void> {
  if (call.flags.has('quiet')) return;
  const both = bytes === tarBytes ? '' : ` (transferred ${sizeText(tarBytes)})`;
  yield* call.err(`Successfully copied ${sizeText(bytes)}${both} to ${to}\n`);
}

const sizeText = (bytes: number): string => humanSize(bytes);

function* fromContainer(
  call: Invocation,
  { container, path }: { container: string; path: string },
  to: string,
): Step<number> {
  const asked = { path };
  const answer = yield* call.get<ArchiveAnswer>(`/containers/${container}/archive`, asked);
  if (failed(answer)) return yield* call.fail(daemonError(answer));
  const { stat: info, tar } = answer.body;
  if (to === '-') {
    yield* call.out(latin1(tar));
    return 0;
  }
  const unpacked = tryUnpackLayer(bytesBlob(tar));
  if (!unpacked.ok) return yield* call.fail(`archive: ${unpacked.fault}`);
  const { machine, cwd } = call.line;
  const full = resolvePath(cwd, to);
  const fault = yield* unpackTo(call, unpacked.value.entries, {
    name: isContents(path) ? '' : info.name,
    isDirectory: isDirectory(info),
    full,
    trailing: to.endsWith('/'),
  });
  if (isRefused(fault)) return yield* call.fail(fault.refused);
  const bytes = isDirectory(info) ? tar.length : info.size;
  yield* summary(call, bytes, tar.length, full);
  return (yield* stat(machine, full)) ? 0 : 1;
}

interface Target {
  /** What the archive's own root is called. */
  readonly name: string;
  readonly isDirectory: boolean;
  readonly full: string;
  readonly trailing: boolean;
}

/** Under which path the archive's root comes to stand, and its entries below. */
function* unpackTo(
  call: Invocation,
  entries: LayerEntries,
  { name, isDirectory: directory, full, trailing }: Target,
): Step<Refused | undefined> {
  const { machine } = call.line;
  const there = yield* stat(machine, full);
  const parent = yield* stat(machine, full.slice(0, full.lastIndexOf('/')) || '/');
  if (there && there.type !== 'dir' && directory) return refuse('cannot copy directory');
  if (!there && parent?.type !== 'dir') {
    return refuse(`lstat ${full.slice(0, full.lastIndexOf('/'))}: no such file or directory`);
  }
  if (!there && trailing && !directory) return refuse('no such directory');
  const root = there?.type === 'dir' && name !== '' ? `${full === '/' ? '' : full}/${name}` : full;
  for (const [path, entry] of entries) {
    if (entry.type === 'whiteout') continue;
    const rest = name === '' || path === name ? '' : path.slice(name.length);
    const at = name === '' ? `${root}/${path}` : root + rest;
    const fault: FileFault | undefined =
      entry.type === 'dir'
        ? yield* makeDirectory(machine, at, { parents: true, mode: entry.mode })
        : yield* putNode(machine, at, { ...entry, uid: 0, gid: 0 });
    if (fault !== undefined && fault !== 'EEXIST') {
      return refuse(`open ${at}: ${FAULT_TEXT[fault].toLowerCase()}`);
    }
  }
  return undefined;
}

function* toContainer(
  call: Invocation,
  from: string,
  { container, path }: { container: string; path: string },
): Step<number> {
  const { flags } = call;
  const archive = `/containers/${container}/archive`;
  const seen = yield* call.ask<PathStat>({ method: 'HEAD', path: archive, query: { path } });
  const there = failed(seen) ? undefined : seen.body;
  const thereIsDirectory = there !== undefined && isDirectory(there);
  if (from === '-') {
    if (!thereIsDirectory) {
      return yield* call.fail(`destination "${container}:${path}" must be a directory`);
    }
    const body = fromLatin1(yield* call.readInput());
    const asked = query({ path, noOverwriteDirNonDir: true, copyUIDGID: flags.has('archive') });
    const answer = yield* call.ask({ method: 'PUT', path: archive, query: asked, body });
    return failed(answer) ? yield* call.fail(daemonError(answer)) : 0;
  }
  const source = yield* sourceEntries(call, from);
  if (isRefused(source)) return yield* call.fail(source.refused);
  const { name, entries, bytes } = source;
  if (there && !thereIsDirectory && source.directory) {
    return yield* call.fail('cannot copy directory');
  }
  const [folder, base] = landing(path, thereIsDirectory, isContents(from) ? '' : name);
  const renamed: LayerEntries = entries.map(([at, entry]) => [
    [base, at].filter((part) => part !== '').join('/') || '.',
    entry,
  ]);
  const tar = writeTar(renamed.filter(([at]) => at !== '.')).bytes;
  const asked = query({
    path: folder,
    noOverwriteDirNonDir: true,
    copyUIDGID: flags.has('archive'),
  });
  const answer = yield* call.ask({ method: 'PUT', path: archive, query: asked, body: tar });
  if (failed(answer)) return yield* call.fail(daemonError(answer));
  yield* summary(call, bytes, tar.length, `${container}:${path}`);
  return 0;
}

/** The directory to unpack in, and what the root is called there. */
function landing(path: string, isDirectory: boolean, name: string): [string, string] {
  if (isDirectory) return [path, name];
  const bare = path.replace(/\/+$/, '');
  const slash = bare.lastIndexOf('/');
  return [slash <= 0 ? '/' : bare.slice(0, slash), bare.slice(slash + 1)];
}

interface Source {
  readonly name: string;
  readonly directory: boolean;
  /** Paths below the source; '' is the source itself. */
  readonly entries: LayerEntries;
  readonly bytes: number;
}

function* sourceEntries(call: Invocation, from: string): Step<Source | Refused> {
  const { machine, cwd } = call.line;
  const full = resolvePath(cwd, from);
  const info = yield* stat(machine, full, call.flags.has('follow-link'));
  if (!info) return refuse(`lstat ${full}: no such file or directory`);
  const name = baseOf(full);
  const { mode, uid, gid } = info;
  if (info.type === 'dir') {
    const nodes = yield* listNodes(machine, full);
    const entries: LayerEntries = nodes.map(([path, node]) => [path, node]);
    const bytes = entries.reduce(
      (sum, [, entry]) => sum + (entry.type === 'file' ? contentBytes(entry.content) : 0),
      0,
    );
    return {
      name,
      directory: true,
      bytes,
      entries: [['', { type: 'dir', mode, uid, gid }], ...entries],
    };
  }
  if (info.type === 'symlink') {
    const entry: Entry = { type: 'symlink', target: info.target ?? '', mode, uid, gid };
    return { name, directory: false, bytes: 0, entries: [['', entry]] };
  }
  const content = (yield* readBytes(machine, full)) ?? new Uint8Array();
  const entry: Entry = { type: 'file', mode, uid, gid, content };
  return { name, directory: false, bytes: content.length, entries: [['', entry]] };
}

export function* commit(call: Invocation): Step<number> {
  const { flags, args } = call;
  const [container = '', reference = ''] = args;
  const parsed = reference === '' ? undefined : parseReference(reference);
  if (parsed && !parsed.ok) return yield* call.fail(parsed.message);
  const at = reference.lastIndexOf(':');
  const tagged = at > reference.lastIndexOf('/') && at !== -1;
  const paused = flags.changed('pause') ? flags.has('pause') : !flags.has('no-pause');
  const answer = yield* call.post<{ Id: string }>('/commit', {
    container,
    ...query({
      repo: reference === '' ? undefined : tagged ? reference.slice(0, at) : reference,
      tag: tagged ? reference.slice(at + 1) : undefined,
      comment: flags.last('message'),
      author: flags.last('author'),
      changes: flags.changed('change') ? flags.all('change').join('\n') : undefined,
    }),
    ...(paused ? {} : { pause: '0' }),
  });
  if (failed(answer)) return yield* call.fail(daemonError(answer));
  yield* call.out(`${answer.body.Id}\n`);
  return 0;
}

export function* exportContainer(call: Invocation): Step<number> {
  const wrong = yield* outputProblem(call);
  if (wrong !== undefined) return yield* call.fail(`failed to export container: ${wrong}`);
  const answer = yield* call.get<Uint8Array>(`/containers/${call.args[0] ?? ''}/export`);
  if (failed(answer)) return yield* call.fail(daemonError(answer));
  return yield* written(call, answer.body, 'failed to export container');
}
