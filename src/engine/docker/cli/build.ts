import { resolvePath } from '../../machine/command.ts';
import { listFiles, readFile } from '../../machine/files.ts';
import type { ContextFile } from '../../build/context.ts';
import { isIgnored, readIgnore } from '../../build/ignore.ts';
import type { SolveResult } from '../../build/solve.ts';
import { parseReference } from '../../oci/reference.ts';
import type { Invocation, Step } from './invocation.ts';

/**
 * docker build: reads Dockerfile and context on its own machine and hands them to the builder, as
 * buildx does (docker/buildx v0.36 `commands/build.go`, `build/opt.go`).
 *
 * Simplified: progress is always plain, whatever `--progress` says.
 */
export function* build(call: Invocation): Step<number> {
  const { line, flags, args } = call;
  const { machine, cwd } = line;
  const root = resolvePath(cwd, args[0] ?? '.');
  const all = yield* listFiles(machine, root);
  const fail = (message: string): Step<number> => call.fail(`ERROR: ${message}`);
  if (flags.has('push')) return yield* fail('failed to build: --push is not modelled yet');
  if (all.length === 0) {
    return yield* fail(`unable to prepare context: path "${args[0] ?? ''}" not found`);
  }
  for (const name of flags.all('tag')) {
    const parsed = parseReference(name);
    if (!parsed.ok) {
      return yield* fail(`failed to build: invalid tag "${name}": ${parsed.message}`);
    }
  }
  const name = flags.last('file') ?? 'Dockerfile';
  const path = flags.has('file')
    ? resolvePath(cwd, name)
    : `${root === '/' ? '' : root}/Dockerfile`;
  const file = yield* readFile(machine, path);
  if (!file) {
    const base = path.slice(path.lastIndexOf('/') + 1);
    const what = `failed to read dockerfile: open ${base}: no such file or directory`;
    return yield* fail(`failed to build: failed to solve: ${what}`);
  }
  const prefix = root === '/' ? '/' : `${root}/`;
  const ignoreText = all.find((one) => one.path === `${prefix}.dockerignore`)?.content ?? '';
  const patterns = readIgnore(ignoreText);
  if (typeof patterns === 'string') return yield* fail(`failed to build: ${patterns}`);
  const encoder = new TextEncoder();
  const context: ContextFile[] = all
    .map(({ path: at, content, mode }) => ({ at: at.slice(prefix.length), content, mode }))
    .filter(({ at }) => !isIgnored(patterns, at))
    .map(({ at, content, mode }) => ({
      path: at,
      entry: { type: 'file', mode, uid: 0, gid: 0, content: encoder.encode(content) },
    }));
  const buildArgs = Object.fromEntries(
    flags.all('build-arg').flatMap((pair) => {
      const at = pair.indexOf('=');
      const key = at === -1 ? pair : pair.slice(0, at);
      const value = at === -1 ? line.env[key] : pair.slice(at + 1);
      return value === undefined ? [] : [[key, value]];
    }),
  ) as Record<string, string>;
  const target = flags.last('target');
  const body = {
    dockerfileName: path.slice(path.lastIndexOf('/') + 1),
    dockerfile: file.content,
    ignoreBytes: encoder.encode(ignoreText).length,
    context,
    tags: flags.all('tag'),
    buildArgs,
    ...(target === undefined ? {} : { target }),
    noCache: flags.has('no-cache'),
  };
  const quiet = flags.has('quiet');
  const request = { method: 'POST', path: '/build', body } as const;
  const answer = quiet
    ? yield* call.ask<unknown>(request)
    : yield* call.streamed<unknown>(request, 'stderr');
  const result = answer as unknown as SolveResult;
  if (result.ok) {
    if (quiet) yield* call.out(`${result.digest}\n`);
    return 0;
  }
  yield* call.err(`${result.excerpt}ERROR: failed to build: failed to solve: ${result.message}\n`);
  return 1;
}
