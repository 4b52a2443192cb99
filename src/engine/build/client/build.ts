import { linkFile, makeDirectory, writeFile } from '../../machine/files.ts';
import { resolvePath } from '../../machine/command.ts';
import { ask } from '../../sim/process.ts';
import { readContent } from '../../oci/entry.ts';
import { writeTar } from '../../oci/tar.ts';
import { byPath, type Entry } from '../../oci/entry.ts';
import type { FileTree } from '../../oci/tree.ts';
import { builderService, type BuilderRequest } from '../api.ts';
import type { SolveArgs } from '../solve.ts';
import type { SolveResult } from '../solve-result.ts';
import { loadContext, type Step } from './context.ts';
import type { Loaded } from './loaded.ts';
import { readOptions, type BuildFlags, type FileOutput } from './options.ts';

/**
 * The client's part of a build: options and files to a request, and what came of it to the person
 * (docker/buildx v0.36 `commands/build.go`). The tool that calls it prints and sends.
 */
export type BuildRequest = Omit<SolveArgs, 'machine' | 'by' | 'progress'>;

export interface PreparedBuild {
  readonly request: BuildRequest;
  readonly quiet: boolean;
  readonly output?: FileOutput;
  readonly push: boolean;
  readonly iidFile?: string;
}

export interface BuildLine {
  readonly machine: string;
  readonly cwd: string;
  readonly env: Readonly<Record<string, string>>;
}

/** A failure's message stands behind `ERROR: `. */
export function* prepareBuild(
  line: BuildLine,
  flags: BuildFlags,
  path: string,
  input: () => Step<string>,
): Step<Loaded<PreparedBuild>> {
  const progress = flags.last('progress') ?? 'auto';
  const quiet = flags.has('quiet') || progress === 'quiet';
  if (quiet && !['auto', 'quiet', 'none'].includes(progress)) {
    const message = `progress=${progress} and quiet cannot be used together`;
    return { ok: false, message };
  }
  if (!['auto', 'quiet', 'none', 'plain', 'tty', 'rawjson'].includes(progress)) {
    return { ok: false, message: `invalid progress mode ${progress}` };
  }
  const failed = ({ message }: { message: string }): { ok: false; message: string } => ({
    ...{ ok: false, message: `failed to build: ${message}` },
  });
  const options = yield* readOptions(flags, line);
  if (!options.ok) return failed(options);
  const { machine, cwd } = line;
  const loaded = yield* loadContext(machine, cwd, path, flags.last('file'), input);
  if (!loaded.ok) return failed(loaded);
  const { output, push, platform, ...given } = options.value;
  const target = flags.last('target');
  const call = flags.has('check') ? 'check' : (flags.last('call') ?? 'build');
  if (!['build', 'check', 'lint'].includes(call)) {
    return failed({ message: `call ${call} is not modelled` });
  }
  const { dockerfile, ...files } = loaded.value;
  const iidFile = flags.last('iidfile');
  return {
    ok: true,
    value: {
      request: {
        ...given,
        ...files,
        ...(dockerfile === undefined ? { missing: true, dockerfile: '' } : { dockerfile }),
        ...(target === undefined ? {} : { target }),
        ...(platform === undefined ? {} : { platform }),
        noCache: flags.has('no-cache'),
        noCacheFilter: flags.all('no-cache-filter').flatMap((text) => text.split(',')),
        network: flags.last('network') ?? 'default',
        hosts: flags.all('add-host'),
        allow: flags.all('allow'),
        ...(output ? { files: true } : {}),
        ...(call === 'build' ? {} : { check: true }),
      },
      quiet: quiet || progress === 'none',
      ...(output ? { output } : {}),
      push,
      ...(iidFile === undefined ? {} : { iidFile }),
    },
  };
}

export interface Finished {
  readonly out: string;
  readonly err: string;
  readonly exitCode: number;
}

/** What is printed at the end, and files that are written. */
export function* finishBuild(
  { machine, cwd }: BuildLine,
  build: PreparedBuild,
  result: SolveResult,
): Step<Finished> {
  if (!result.ok) {
    const err = `${result.excerpt}ERROR: failed to build: failed to solve: ${result.message}\n`;
    return { out: '', err, exitCode: 1 };
  }
  const { report, found, failed, digest, chainId } = result;
  if (report !== undefined) {
    return failed === undefined
      ? { out: report, err: '', exitCode: found ? 1 : 0 }
      : { out: report, err: `ERROR: ${failed}\n`, exitCode: 1 };
  }
  let out = build.quiet && digest !== '' ? `${digest}\n` : '';
  if (build.output) out = yield* writeOutput(machine, cwd, build.output, chainId);
  if (build.iidFile !== undefined) {
    yield* writeFile(machine, resolvePath(cwd, build.iidFile), digest);
  }
  return { out, err: '', exitCode: 0 };
}

/** The files of a build, on the machine or through standard output. */
function* writeOutput(
  machine: string,
  cwd: string,
  { type, destination }: FileOutput,
  chainId: string,
): Step<string> {
  const request: BuilderRequest = { op: 'files', chainId };
  const tree = yield* ask<FileTree>(builderService(machine), request);
  const entries = [...tree.withPrefix('')];
  if (type === 'tar') {
    const { bytes } = writeTar(entries.sort(byPath));
    if (destination === '-') return new TextDecoder('latin1').decode(bytes);
    yield* writeFile(machine, resolvePath(cwd, destination), bytes);
    return '';
  }
  const root = resolvePath(cwd, destination);
  yield* makeDirectory(machine, root, { parents: true });
  for (const [path, entry] of entries) yield* writeEntry(machine, `${root}/${path}`, entry);
  return '';
}

function* writeEntry(machine: string, path: string, entry: Entry): Step<void> {
  if (entry.type === 'dir')
    yield* makeDirectory(machine, path, { mode: entry.mode, parents: true });
  else if (entry.type === 'symlink') yield* linkFile(machine, entry.target, path);
  else yield* writeFile(machine, path, readContent(entry.content), entry.mode);
}
