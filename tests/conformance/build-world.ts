import { Builders } from '../../src/engine/build/builder.ts';
import { finishBuild, prepareBuild } from '../../src/engine/build/client/build.ts';
import type { SolveResult } from '../../src/engine/build/solve-result.ts';
import { Containerd } from '../../src/engine/containerd/containerd.ts';
import { MachineFiles } from '../../src/engine/machine/files.ts';
import { Addresses } from '../../src/engine/net/address.ts';
import { Http } from '../../src/engine/net/http.ts';
import { Links } from '../../src/engine/net/link.ts';
import { addDockerHub } from '../../src/engine/oci/hub/catalogue.ts';
import { Registries } from '../../src/engine/oci/registry.ts';
import { EMPTY_TREE, readTreeFile } from '../../src/engine/oci/tree.ts';
import { Kernel } from '../../src/engine/sim/kernel.ts';
import { join, start, write, type Program } from '../../src/engine/sim/process.ts';
import { Processes } from '../../src/engine/sim/processes.ts';
import { HOST_PLATFORM } from '../../src/engine/oci/platform.ts';
import type { ImageConfig } from '../../src/engine/oci/image.ts';
import { digestOfText } from '../../src/engine/oci/digest.ts';
import { findDirective } from '../../src/engine/build/dockerfile/directives.ts';
import { parseDockerfile } from '../../src/engine/build/dockerfile/parse.ts';
import { Linter, parseLintOptions, type LintWarning } from '../../src/engine/build/lint/linter.ts';
import { PatternMatcher, readIgnoreFile } from '../../src/engine/build/patterns.ts';
import { Fault } from '../../src/engine/build/plan/fault.ts';
import type { DraftImage } from '../../src/engine/build/plan/image.ts';
import { Planner } from '../../src/engine/build/plan/planner.ts';

/** Builds for rows of facts: planned without a world, or made in one. */
export interface Planned {
  readonly error?: string;
  /** The first line that the failure points at, and at how many places it points. */
  readonly line?: number;
  readonly locations: number;
  readonly warnings: readonly LintWarning[];
  readonly image?: DraftImage;
}

/** Stands for every base image. */
const BASE: ImageConfig = {
  architecture: 'amd64',
  os: 'linux',
  created: '2026-01-01T00:00:00Z',
  config: { Env: ['PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin'] },
  rootfs: { type: 'layers', diff_ids: [digestOfText('base')] },
  history: [{ created: '2026-01-01T00:00:00Z', created_by: 'base' }],
};

export function planOnce(
  dockerfile: string,
  given: { buildArgs?: Record<string, string>; dockerignore?: string; target?: string },
): Planned {
  const { buildArgs = {}, dockerignore, target } = given;
  const check = buildArgs.BUILDKIT_DOCKERFILE_CHECK ?? findDirective('check', dockerfile)?.ref;
  const options = parseLintOptions(check ?? '');
  const found: LintWarning[] = [];
  const linter = new Linter(options.ok ? options.value : undefined, found);
  const parsed = parseDockerfile(dockerfile, linter);
  if (!parsed.ok) {
    const { message, lines } = parsed.error;
    return { error: message, line: lines?.start, locations: lines ? 1 : 0, warnings: found };
  }
  const ignore =
    dockerignore === undefined ? undefined : PatternMatcher.read(readIgnoreFile(dockerignore));
  try {
    const planner = new Planner(
      parsed.dockerfile,
      {
        ...{ buildArgs, buildPlatform: HOST_PLATFORM, multiPlatform: false, contexts: {} },
        ...{ noCache: [], labels: {}, hosts: [], network: 'default', allStages: false },
        ignore: typeof ignore === 'string' ? undefined : ignore,
        ...(target === undefined ? {} : { target }),
      },
      linter,
    );
    do {
      for (const image of planner.needed()) planner.resolve(image, digestOfText('base'), BASE);
    } while (planner.trigger());
    const { image } = planner.finish();
    return { locations: 0, warnings: found, image };
  } catch (error) {
    if (!(error instanceof Fault)) throw error;
    const line = error.locations[0]?.start;
    return {
      ...{ error: error.message, locations: error.locations.length, warnings: found },
      ...(line === undefined ? {} : { line }),
    };
  }
}

export interface Built {
  readonly ok: boolean;
  /** All that was printed. */
  readonly output: string;
  readonly errorLines: readonly number[];
  readonly digest: string;
  /** The text of a file of the image. */
  readonly file: (path: string) => string | undefined;
  readonly config: ImageConfig | undefined;
}

/** Options by name: `{ target: ['web'], 'build-arg': ['A=1'] }`. */
export type BuildFlagValues = Readonly<Record<string, readonly string[]>>;

interface BuildArgs {
  readonly flags: BuildFlagValues;
  readonly env: Readonly<Record<string, string>>;
}

interface BuildEnd {
  readonly exitCode: number;
  readonly result?: SolveResult;
}

const MACHINE = 'dev';
const ROOT = '/src';
const LIMIT_MS = 3_600_000;

/** What the docker command does, without its command line. */
const build: Program<BuildArgs, BuildEnd> = function* ({ flags, env }, self) {
  const own = {
    has: (name: string) => Object.hasOwn(flags, name),
    last: (name: string) => flags[name]?.at(-1),
    all: (name: string) => flags[name] ?? [],
  };
  const line = { machine: MACHINE, cwd: ROOT, env };
  const prepared = yield* prepareBuild(line, own, '.', function* () {
    return '';
  });
  if (!prepared.ok) {
    yield* write(self.stderr, `ERROR: ${prepared.message}\n`);
    return { exitCode: 1 };
  }
  const args = { ...prepared.value.request, machine: MACHINE, by: 'docker', progress: self.stderr };
  const ending = yield* join(yield* start('build/solve', args));
  const result = ending.result as SolveResult;
  const { out, err, exitCode } = yield* finishBuild(line, prepared.value, result);
  yield* write(self.stdout, out);
  yield* write(self.stderr, err);
  return { exitCode, result };
};

/** A machine with a builder, and Docker Hub. */
export class BuildWorld {
  readonly kernel = new Kernel({ seed: 7 });
  readonly files: MachineFiles;
  readonly containerd: Containerd;
  readonly builders: Builders;
  readonly processes: Processes;
  readonly #ends: BuildEnd[] = [];

  constructor() {
    const { kernel } = this;
    const processes = new Processes(kernel);
    const links = new Links(kernel, processes);
    const addresses = new Addresses(kernel);
    const http = new Http(kernel, processes, links, addresses);
    const registries = new Registries(kernel, processes);
    addDockerHub(registries);
    links.setEnd('docker.io', { latencyMs: 25, bytesPerMs: 12_500 });
    this.processes = processes;
    this.files = new MachineFiles(kernel, processes);
    this.containerd = new Containerd(kernel, processes, http, this.files);
    this.builders = new Builders(kernel, processes, this.containerd);
    this.files.addMachine(MACHINE);
    this.containerd.addMachine(MACHINE);
    this.builders.addMachine(MACHINE);
    processes.program('test/build', build);
    type Ended = { ending: { result: unknown } };
    kernel.event<Ended>('test/built', ({ ending }) => {
      this.#ends.push(ending.result as BuildEnd);
    });
  }

  /** Writes files into the directory that is built from. */
  write(files: Readonly<Record<string, string>>): void {
    this.files.makeDirectory(MACHINE, ROOT, { parents: true });
    for (const [path, text] of Object.entries(files)) {
      const folder = path.includes('/') ? `/${path.slice(0, path.lastIndexOf('/'))}` : '';
      this.files.makeDirectory(MACHINE, ROOT + folder, { parents: true });
      this.files.write(MACHINE, `${ROOT}/${path}`, text);
    }
  }

  remove(path: string): void {
    this.files.removeFile(MACHINE, `${ROOT}/${path}`);
  }

  build(flags: BuildFlagValues = {}, env: Readonly<Record<string, string>> = {}): Built {
    const io = { stdout: this.processes.streams.open(), stderr: this.processes.streams.open() };
    const then = { event: 'test/built', payload: {} };
    const before = this.#ends.length;
    const named = { ...flags, tag: [...(flags.tag ?? []), 'built:latest'] };
    this.processes.spawn('test/build', { flags: named, env }, { io, then });
    this.kernel.advanceUntil(() => this.#ends.length > before, LIMIT_MS);
    const take = (stream: number) => this.processes.streams.take(stream).join('');
    const output = take(io.stderr) + take(io.stdout);
    const { result } = this.#ends.at(-1)!;
    const ok = result?.ok ?? false;
    const tree = result?.ok ? this.containerd.content.tree(MACHINE, result.chainId) : EMPTY_TREE;
    const digest = result?.ok ? result.digest : '';
    return {
      ...{ ok, output, digest },
      errorLines: [...output.matchAll(/^ *(\d+) \| >>>/gm)].map(([, line]) => Number(line)),
      file: (path) => {
        const bytes = readTreeFile(tree, `/${path}`);
        return bytes && new TextDecoder().decode(bytes);
      },
      config: digest === '' ? undefined : this.containerd.content.view(MACHINE, digest).config,
    };
  }
}

/** One build in a world of its own. */
export function buildOnce(
  files: Readonly<Record<string, string>>,
  flags: BuildFlagValues = {},
): Built {
  const world = new BuildWorld();
  world.write(files);
  return world.build(flags);
}

/** The steps of a build that were not taken from the cache. */
export function stepsRun(output: string): string[] {
  const names = new Map<string, string>();
  const run: string[] = [];
  for (const line of output.split('\n')) {
    const [, number = '', text = ''] = /^#(\d+) (.*)$/.exec(line) ?? [];
    if (/^\[[^\]]*\d+\/\d+\] /.test(text)) names.set(number, text);
    if (text.startsWith('DONE ') && names.has(number)) run.push(names.get(number)!);
  }
  return run;
}
