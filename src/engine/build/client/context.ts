import { listNodes, readBytes, readFile, stat } from '../../machine/files.ts';
import { resolvePath } from '../../machine/command.ts';
import type { Call, Resumption } from '../../sim/process.ts';
import type { ContextFile } from '../api.ts';
import { goQuote } from '../dockerfile/go-text.ts';
import { isArchive, loadArchive } from './archive-context.ts';
import { refuse, type Loaded, type LoadedContext } from './loaded.ts';
import { PatternMatcher, readIgnoreFile } from '../patterns.ts';

/**
 * What a client sends to the builder of a directory: all files but those that the ignore file keeps
 * out, owned by root (docker/buildx v0.36 `build/opt.go`, `loadInputs`; moby/buildkit v0.32
 * `frontend/dockerui/context.go`).
 */
export type Step<T> = Generator<Call, T, Resumption>;

const REMOTE = /^(https?:\/\/|git:\/\/|git@|ssh:\/\/|github\.com\/)/;

/** @param input all that comes through standard input, for `-` */
export function* loadContext(
  machine: string,
  cwd: string,
  written: string,
  file: string | undefined,
  input: () => Step<string>,
): Step<Loaded<LoadedContext>> {
  if (written === '-' || file === '-') return yield* loadInput(machine, cwd, written, file, input);
  if (REMOTE.test(written)) {
    return refuse(`remote contexts are not modelled: clone ${goQuote(written)} first`);
  }
  const root = resolvePath(cwd, written);
  const there = yield* stat(machine, root);
  if (!there) return refuse(`unable to prepare context: path ${goQuote(written)} not found`);
  if (there.type !== 'dir') {
    return refuse(`unable to prepare context: path ${goQuote(written)} must be a directory`);
  }
  const path = file === undefined ? resolvePath(root, 'Dockerfile') : resolvePath(cwd, file);
  const name = path.slice(path.lastIndexOf('/') + 1);
  const text = yield* readText(machine, path);
  const directory = path.slice(0, path.lastIndexOf('/')) || '/';
  const files = yield* loadDirectory(machine, root, [
    resolvePath(directory, `${name}.dockerignore`),
  ]);
  if (!files.ok) return files;
  return { ok: true, value: { ...files.value, dockerfile: text, dockerfileName: name } };
}

function* readText(machine: string, path: string): Step<string | undefined> {
  const bytes = yield* readBytes(machine, path);
  return bytes && new TextDecoder('utf-8', { ignoreBOM: true }).decode(bytes);
}

/** A Dockerfile through the pipe, alone or beside a directory. */
function* loadInput(
  machine: string,
  cwd: string,
  written: string,
  file: string | undefined,
  input: () => Step<string>,
): Step<Loaded<LoadedContext>> {
  if (written === '-' && file === '-') {
    return refuse("invalid argument: can't use stdin for both build context and dockerfile");
  }
  const dockerfile = yield* input();
  if (written === '-' && isArchive(dockerfile)) return loadArchive(dockerfile, file);
  const own = { dockerfile, dockerfileName: 'Dockerfile' };
  if (written === '-') {
    if (file !== undefined) {
      return refuse('ambiguous Dockerfile source: both stdin and flag correspond to Dockerfiles');
    }
    return { ok: true, value: { ...own, ignore: [], ignoreBytes: 0, context: [] } };
  }
  const there = yield* stat(machine, resolvePath(cwd, written));
  if (there?.type !== 'dir') {
    return refuse(`unable to prepare context: path ${goQuote(written)} not found`);
  }
  const files = yield* loadDirectory(machine, resolvePath(cwd, written), []);
  return files.ok ? { ok: true, value: { ...files.value, ...own } } : files;
}

/** A directory's files; the first ignore file that exists counts. */
export function* loadDirectory(
  machine: string,
  root: string,
  ignoreFiles: readonly string[],
): Step<Loaded<Pick<LoadedContext, 'context' | 'ignore' | 'ignoreBytes'>>> {
  let text = '';
  for (const path of [...ignoreFiles, resolvePath(root, '.dockerignore')]) {
    const found = yield* readFile(machine, path);
    if (!found) continue;
    text = found.content;
    break;
  }
  const ignore = readIgnoreFile(text);
  const matcher = PatternMatcher.read(ignore);
  if (typeof matcher === 'string') {
    return refuse(`failed to solve: failed to read .dockerignore patterns: ${matcher}`);
  }
  const context: ContextFile[] = [];
  for (const [path, node] of yield* listNodes(machine, root)) {
    if (path === '' || matcher.matches(path)) continue;
    const { modifiedMs: _time, ...entry } = node;
    context.push({ path, entry: { ...entry, uid: 0, gid: 0 } });
  }
  const ignoreBytes = new TextEncoder().encode(text).length;
  return { ok: true, value: { context, ignore, ignoreBytes } };
}
