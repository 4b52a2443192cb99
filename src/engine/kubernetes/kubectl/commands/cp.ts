import { close, Interrupt, join, open, read, start, write } from '../../../sim/process.ts';
import { resolvePath } from '../../../machine/command.ts';
import { listNodes, makeDirectory, putNode, readBytes, stat } from '../../../machine/files.ts';
import type { LayerEntry } from '../../../oci/entry.ts';
import { fromLatin1, latin1 } from '../../../oci/streamed.ts';
import { readMembers, type TarMember } from '../../../oci/tar-read.ts';
import { writeTar } from '../../../oci/tar.ts';
import { goQuote } from '../../../go/quote.ts';
import type { NodeChunk } from '../../api/node-requests.ts';
import type { Pod } from '../../api/pod.ts';
import type { Result } from '../../apimachinery/status.ts';
import { containerOf } from '../pods.ts';
import { refused } from '../problems.ts';
import {
  beginRequest,
  call,
  check,
  dieWith,
  fail,
  fatal,
  printError,
  type Session,
  type Step,
} from '../session.ts';

/**
 * `kubectl cp` (staging/src/k8s.io/kubectl/pkg/cmd/cp/cp.go, v1.36): runs `tar` in the container, so
 * that an image without it cannot be copied from or to.
 *
 * Simplified: nothing is tried again (`--retries`).
 */
interface FileSpec {
  readonly namespace: string;
  readonly pod: string;
  readonly path: string;
}

/** `[[NAMESPACE/]POD:]PATH`. */
function* fileSpecOf(session: Session, word: string): Step<FileSpec> {
  const at = word.indexOf(':');
  if (at === -1) return { namespace: '', pod: '', path: word };
  const pod = word.slice(0, at);
  if (at === 0 || pod.split('/').length > 2) {
    const form = '[[namespace/]pod:]file/path';
    yield* fatal(session, `filespec must match the canonical format: ${form}`);
  }
  const [name = '', namespace = ''] = pod.split('/').reverse();
  return { namespace, pod: name, path: word.slice(at + 1) };
}

export function* cp(session: Session): Step<number> {
  const { words, line } = session;
  if (words.length !== 2) yield* fatal(session, 'source and destination are required');
  const from = yield* fileSpecOf(session, words[0] ?? '');
  const to = yield* fileSpecOf(session, words[1] ?? '');
  if (from.pod !== '' && to.pod !== '') {
    yield* fatal(session, 'one of src or dest must be a local file specification');
  }
  if (from.path === '' || to.path === '') yield* fatal(session, 'filepath can not be empty');
  if (from.pod === '' && to.pod === '') {
    yield* fatal(session, 'one of src or dest must be a remote file specification');
  }
  if (from.pod === '' && !(yield* stat(line.machine, resolvePath(line.cwd, from.path)))) {
    yield* fatal(session, `${from.path} doesn't exist in local filesystem`);
  }
  return from.pod === '' ? yield* toPod(session, from, to) : yield* fromPod(session, from, to);
}

interface Ran {
  readonly out: string;
  readonly exitCode: number;
}

interface Ending {
  readonly ok: boolean;
  readonly exitCode?: number;
  readonly message?: string;
}

/** Runs a command in the container that is meant, as `kubectl exec` does. */
function* run(
  session: Session,
  { namespace: given, pod: name }: FileSpec,
  argv: readonly string[],
  { input, isQuiet = false }: { input?: string; isQuiet?: boolean } = {},
): Step<Ran> {
  const namespace = given || session.namespace;
  const found = yield* call(session, { verb: 'get', resource: 'pods', namespace, name });
  if (!found.ok) return yield* fail(session, found.failure);
  const pod = found.value as Pod;
  const { phase } = pod.status;
  if (phase === 'Succeeded' || phase === 'Failed') {
    const why = 'cannot exec into a container in a completed pod';
    yield* fatal(session, `${why}; current phase is ${phase}`);
  }
  const container = yield* containerOf(session, pod, session.flags.text('container'), isQuiet);
  const stream = yield* open();
  const stdin = input === undefined ? undefined : yield* open();
  const body = { container, argv, tty: false, ...(stdin !== undefined && { stdin }), stream };
  const asked = { verb: 'create', resource: 'pods', subresource: 'exec', namespace, name } as const;
  const pid = yield* start(
    'kubectl/request',
    yield* beginRequest(session, { ...asked, body }, stream),
  );
  if (stdin !== undefined) {
    yield* write(stdin, input);
    yield* close(stdin);
  }
  let out = '';
  try {
    for (;;) {
      const chunks = yield* read<NodeChunk>(stream);
      if (!chunks) break;
      for (const chunk of chunks) {
        if (chunk.stream !== 'stderr') out += chunk.text;
        else if (!isQuiet) yield* printError(session, chunk.text);
      }
    }
  } catch (error) {
    if (error instanceof Interrupt) yield* close(stream);
    throw error;
  }
  const ending = (yield* join(pid)).result as Ending | Result<unknown> | undefined;
  if (!ending) return { out, exitCode: 1 };
  if ('failure' in ending) yield* check(session, [refused(ending.failure)]);
  const { ok, exitCode = 0, message = '' } = ending as Ending;
  if (ok || isQuiet) return { out, exitCode: ok ? exitCode : 1 };
  return yield* dieWith(session, `error: Internal error occurred: ${message}`);
}

const terminated = (session: Session, exitCode: number): Step<never> =>
  dieWith(session, `command terminated with exit code ${exitCode}`, exitCode);

const baseOf = (path: string): string => clean(path).split('/').at(-1) ?? '';
const clean = (path: string): string => path.replace(/\/+$/, '') || path.slice(0, 1);

function* toPod(session: Session, from: FileSpec, to: FileSpec): Step<number> {
  const { line, flags } = session;
  const isDirectory = yield* run(session, to, ['test', '-d', to.path], { isQuiet: true });
  const path = clean(
    isDirectory.exitCode === 0 ? `${clean(to.path)}/${baseOf(from.path)}` : to.path,
  );
  const source = resolvePath(line.cwd, from.path);
  const entries: [string, LayerEntry][] = [];
  const top = yield* stat(line.machine, source);
  const base = baseOf(path);
  if (top?.type === 'dir') {
    const below = yield* listNodes(line.machine, source);
    for (const [name, { modifiedMs: _time, ...entry }] of below) {
      // A directory that is not empty comes with what is in it.
      const isFull = below.some(([other]) => other.startsWith(`${name}/`));
      if (entry.type !== 'dir' || !isFull) entries.push([`${base}/${name}`, entry]);
    }
    if (below.length === 0) entries.push([base, { type: 'dir', mode: top.mode, uid: 0, gid: 0 }]);
  } else if (top) {
    const content = (yield* readBytes(line.machine, source)) ?? new Uint8Array();
    entries.push([base, { type: 'file', mode: top.mode, uid: top.uid, gid: top.gid, content }]);
  }
  const input = latin1(writeTar(entries).bytes);
  const kept = flags.has('no-preserve') ? ['--no-same-permissions', '--no-same-owner'] : [];
  const slash = path.lastIndexOf('/');
  const directory = slash === -1 ? [] : ['-C', path.slice(0, slash) || '/'];
  const { exitCode } = yield* run(session, to, ['tar', ...kept, '-xmf', '-', ...directory], {
    input,
  });
  return exitCode === 0 ? 0 : yield* terminated(session, exitCode);
}

function* fromPod(session: Session, from: FileSpec, to: FileSpec): Step<number> {
  const { line } = session;
  const { out, exitCode } = yield* run(session, from, ['tar', 'cf', '-', from.path]);
  if (exitCode !== 0) yield* terminated(session, exitCode);
  const read = readMembers(fromLatin1(out));
  if (!read.ok) yield* fatal(session, read.fault);
  const prefix = clean(from.path)
    .replace(/^\/+/, '')
    .replace(/^(\.\.?\/)+/, '');
  const destination = resolvePath(line.cwd, to.path);
  let isWarned = false;
  for (const member of read.ok ? read.value : []) {
    if (!member.path.startsWith(prefix)) yield* fatal(session, 'tar contents corrupted');
    const rest = clean(member.path.slice(prefix.length)).replace(/^\/+/, '');
    const path = rest === '' ? destination : `${destination}/${rest}`;
    if (member.typeflag !== '2') {
      const shown = rest === '' ? clean(to.path) : `${clean(to.path)}/${rest}`;
      yield* unpack(session, member, path, shown);
    } else if (!isWarned) {
      isWarned = true;
      const shown = rest === '' ? to.path : `${clean(to.path)}/${rest}`;
      const link = `${goQuote(shown)} -> ${goQuote(member.link)}`;
      const pod = `-n ${goQuote(from.namespace)} ${goQuote(from.pod)}`;
      const hint = `kubectl exec ${pod} -- tar cf - ${goQuote(from.path)} | tar xf -`;
      yield* printError(session, `warning: skipping symlink: ${link} (consider using "${hint}")\n`);
    }
  }
  return 0;
}

function* unpack(session: Session, member: TarMember, path: string, shown: string): Step<void> {
  const { line } = session;
  const { mode, model, bytes } = member;
  const parent = path.slice(0, path.lastIndexOf('/')) || '/';
  yield* makeDirectory(line.machine, parent, { parents: true });
  if (member.typeflag === '5' || member.path.endsWith('/')) {
    yield* makeDirectory(line.machine, path, { parents: true });
    return;
  }
  const there = yield* stat(line.machine, path);
  if (there?.type === 'dir') yield* fatal(session, `open ${shown}: is a directory`);
  const content = model ?? bytes;
  // What a person copies is theirs, and as new as the copy.
  yield* putNode(line.machine, path, { type: 'file', mode: mode & 0o777, uid: 0, gid: 0, content });
}
