import { ask, now, record, sleep, write, type Program } from '../sim/process.ts';
import { parseRfc3339, rfc3339Nano } from '../sim/clock.ts';
import { containerdService, type Answers } from '../containerd/api.ts';
import { digestOfText } from '../oci/digest.ts';
import {
  MEDIA,
  type Descriptor,
  type HistoryEntry,
  type ImageConfig,
  type RunConfig,
} from '../oci/image.ts';
import { fullReference, parseReference } from '../oci/reference.ts';
import {
  builderService,
  type BuilderRequest,
  type CachedLayer,
  type ExportAnswer,
  type StepOutcome,
  type StepWork,
} from './api.ts';
import { argvOf, changeConfig, DEFAULT_SHELL } from './config.ts';
import { checksum, copiedBytes, pickFiles, type ContextFile } from './context.ts';
import type { Instruction, InstructionOf, LineRange } from './dockerfile/ast.ts';
import { parseDockerfile } from './dockerfile/parse.ts';
import { FIGURES } from './figures.ts';
import { expandInstruction, planBuild, type BuildPlan } from './plan.ts';
import { excerpt, HEADER, units, Vertex } from './progress.ts';

/**
 * One build from Dockerfile and context to a named image: BuildKit's solver with the Dockerfile
 * frontend (moby/buildkit v0.26 `solver/`, `frontend/dockerfile/dockerfile2llb/convert.go`).
 *
 * A step's cache key is its definition on its parent's key: for RUN the words, the environment with
 * all ARGs so far, directory and user; for COPY the destination, the flags and the checksum of the
 * files (names where they count, modes, bytes; never times); WORKDIR its path. A change of
 * configuration alone has no key.
 */
export interface SolveArgs {
  readonly machine: string;
  /** Who builds, by cast name. */
  readonly by: string;
  readonly dockerfileName: string;
  readonly dockerfile: string;
  readonly ignoreBytes: number;
  readonly context: readonly ContextFile[];
  readonly tags: readonly string[];
  readonly buildArgs: Readonly<Record<string, string>>;
  readonly target?: string;
  readonly noCache: boolean;
  /** The stream that progress is written to. */
  readonly progress: number;
}

export type SolveResult =
  | { readonly ok: true; readonly digest: string }
  /** `failed to solve: …`, and what to show above it. */
  | { readonly ok: false; readonly message: string; readonly excerpt: string };

interface State {
  readonly key: string;
  readonly chainId: string;
  readonly layers: readonly Descriptor[];
  readonly diffIds: readonly string[];
  readonly config: RunConfig;
  readonly history: readonly HistoryEntry[];
  readonly args: Readonly<Record<string, string>>;
  /** Of the newest layer; undefined while there is none. */
  readonly createdMs: number | undefined;
}

interface Failed {
  readonly ok: false;
  readonly message: string;
  readonly excerpt: string;
}

const isFailed = (value: State | Failed): value is Failed => 'ok' in value;
const keyOf = (parts: readonly unknown[]): string => digestOfText(JSON.stringify(parts));
const COMMENT = 'buildkit.dockerfile.v0';

export const solve: Program<SolveArgs, SolveResult> = function* (args) {
  const object = `image ${args.tags[0] ?? 'untagged'}`;
  yield* record({ actor: args.by, verb: 'build', object });
  yield* write(args.progress, HEADER);
  const result = yield* new Solver(args).run();
  if (result.ok) {
    yield* record({ actor: args.by, verb: 'built', object, detail: { digest: result.digest } });
  } else {
    yield* record({ actor: args.by, verb: 'build-failed', object, message: result.message });
  }
  return result;
};

/** Holds only what follows from the arguments and answers: it is made anew with its program. */
class Solver {
  readonly #args: SolveArgs;
  #vertices = 0;

  constructor(args: SolveArgs) {
    this.#args = args;
  }

  *run() {
    const { dockerfile, dockerfileName, buildArgs, target, machine } = this.#args;
    const bytes = new TextEncoder().encode(dockerfile).length;
    const definition = this.#vertex(`[internal] load build definition from ${dockerfileName}`);
    yield* sleep(FIGURES.definitionMs);
    yield* this.#print(
      definition
        .status({ text: `transferring dockerfile: ${units(bytes)}` })
        .done(FIGURES.definitionMs),
    );
    const parsed = parseDockerfile(dockerfile);
    if (!parsed.ok) return this.#fail(parsed.error.message, parsed.error.lines);
    const plan = planBuild(parsed.dockerfile, buildArgs, target);
    if (!plan.ok) return this.#fail(plan.message, plan.lines);
    const base = yield* this.#base(plan.value);
    if (isFailed(base)) return base;
    const final = yield* this.#steps(plan.value, base);
    if (isFailed(final)) return final;
    return yield* this.#export(final, machine);
  }

  #vertex(name: string): Vertex {
    this.#vertices += 1;
    return new Vertex(this.#vertices, name);
  }

  #print(text: string) {
    return write(this.#args.progress, text);
  }

  #fail(message: string, lines?: LineRange, above = ''): Failed {
    const { dockerfile, dockerfileName } = this.#args;
    const shown = lines ? excerpt(dockerfileName, dockerfile, lines) : '';
    return { ok: false, message, excerpt: above + shown };
  }

  #builder<T>(request: BuilderRequest) {
    return ask<T>(builderService(this.#args.machine), request);
  }

  /** The state that FROM begins with. */
  *#base(plan: BuildPlan) {
    const { machine, by } = this.#args;
    const { from } = plan.stage;
    const total = this.#total(plan);
    const args = {};
    if (plan.base === 'scratch') {
      yield* this.#loadIgnore();
      const empty: State = {
        ...{ key: 'scratch', chainId: '', layers: [], diffIds: [], history: [], args },
        config: { Env: ['PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin'] },
        createdMs: undefined,
      };
      return empty;
    }
    const parsed = parseReference(plan.base);
    if (!parsed.ok) {
      const message = `failed to parse stage name "${plan.base}": ${parsed.message}`;
      return this.#fail(message, from.lines);
    }
    const name = fullReference(plan.base);
    const metadata = this.#vertex(`[internal] load metadata for ${name}`);
    const askedMs = yield* now();
    const service = containerdService(machine);
    const resolved = yield* ask<Answers['resolve']>(service, {
      op: 'resolve',
      reference: name,
      by,
    });
    if (!resolved.ok) {
      const message = `${plan.base}: ${resolved.message}`;
      yield* this.#print(metadata.failed(resolved.message));
      const above = `------\n > ${metadata.name}:\n------\n`;
      return this.#fail(`${message.replace(/^.*?: failed/, `${name}: failed`)}`, from.lines, above);
    }
    yield* this.#print(metadata.done((yield* now()) - askedMs));
    yield* this.#loadIgnore();
    const fullName = `${name}@${resolved.digest}`;
    const vertex = this.#vertex(`[1/${total}] FROM ${fullName}`);
    const startMs = yield* now();
    const request = { op: 'pull', reference: fullName, by, unnamed: true };
    const pulled = yield* ask<Answers['pull']>(service, request);
    if (!pulled.ok) {
      yield* this.#print(vertex.failed(pulled.message));
      return this.#fail(pulled.message, from.lines);
    }
    yield* this.#stepRecord(`[1/${total}] FROM ${plan.base}`, !pulled.fetched, from.lines.start);
    if (pulled.fetched) {
      vertex.status({ text: `resolve ${fullName}` });
      for (const layer of pulled.layers.filter(({ present }) => !present)) {
        const size = units(layer.bytes);
        const text = `${layer.digest} ${size} / ${size}`;
        vertex.status({ text, durationMs: layer.durationMs });
      }
      yield* this.#print(vertex.done((yield* now()) - startMs));
    } else yield* this.#print(vertex.cached());
    type Base = { config: ImageConfig; chainId: string; layers: readonly Descriptor[] };
    const { digest } = resolved;
    const image = yield* this.#builder<Base>({ op: 'base', digest });
    const state: State = {
      key: resolved.digest,
      chainId: image.chainId,
      layers: image.layers,
      diffIds: image.config.rootfs.diff_ids,
      config: image.config.config,
      history: image.config.history,
      args,
      createdMs: parseRfc3339(image.config.created),
    };
    return state;
  }

  *#loadIgnore() {
    const vertex = this.#vertex('[internal] load .dockerignore');
    yield* sleep(FIGURES.ignoreMs);
    const text = `transferring context: ${units(Math.max(2, this.#args.ignoreBytes))}`;
    yield* this.#print(vertex.status({ text }).done(FIGURES.ignoreMs));
  }

  *#loadContext() {
    const { context } = this.#args;
    const bytes = context.reduce((sum, { entry }) => {
      const { content } = entry;
      return sum + (content instanceof Uint8Array ? content.length : content.sizeBytes);
    }, 0);
    const durationMs = FIGURES.contextMs + Math.ceil(bytes / FIGURES.contextBytesPerMs);
    const vertex = this.#vertex('[internal] load build context');
    yield* sleep(durationMs);
    const text = `transferring context: ${units(Math.max(2, bytes))}`;
    yield* this.#print(vertex.status({ text }).done(durationMs));
  }

  /** Steps that have a vertex: those that can change files. */
  #total({ stage, base }: BuildPlan): number {
    const own = stage.instructions.filter(({ kind }) =>
      ['RUN', 'COPY', 'ADD', 'WORKDIR'].includes(kind),
    );
    return own.length + (base === 'scratch' ? 0 : 1);
  }

  *#steps(plan: BuildPlan, base: State) {
    const copies = plan.stage.instructions.some(({ kind }) => kind === 'COPY' || kind === 'ADD');
    if (copies) yield* this.#loadContext();
    const total = this.#total(plan);
    let state = base;
    let number = plan.base === 'scratch' ? 0 : 1;
    for (const written of plan.stage.instructions) {
      const env = { ...state.args, ...readEnv(state.config) };
      const expanded = expandInstruction(written, (name) => env[name]);
      if (!expanded.ok) return this.#fail(expanded.message, written.lines);
      const step = expanded.value;
      if (step.kind === 'ARG') {
        state = this.#declare(state, step, plan.metaArgs);
        continue;
      }
      const changed = changeConfig(state.config, step);
      if (changed) {
        if (!changed.ok) return this.#fail(changed.message, step.lines);
        state = {
          ...state,
          config: changed.config,
          history: [...state.history, empty(changed.history, state)],
        };
        continue;
      }
      number += 1;
      const next = yield* this.#fileStep(state, step, `[${number}/${total}]`);
      if (isFailed(next)) return next;
      state = next;
    }
    return state;
  }

  #declare(
    state: State,
    step: InstructionOf<'ARG'>,
    metaArgs: Readonly<Record<string, string>>,
  ): State {
    const args: Record<string, string> = { ...state.args };
    for (const { key, value } of step.args) {
      const set = this.#args.buildArgs[key] ?? value ?? metaArgs[key];
      if (set !== undefined) args[key] = set;
    }
    return { ...state, args, history: [...state.history, empty(step.original, state)] };
  }

  *#fileStep(state: State, step: Instruction, position: string) {
    const prepared = this.#prepare(state, step);
    const vertex = this.#vertex(`${position} ${step.original}`);
    const label = `${position} ${step.original}`;
    if ('message' in prepared) {
      yield* this.#print(vertex.failed(prepared.message));
      return this.#fail(prepared.message, step.lines, `------\n > ${label}:\n------\n`);
    }
    const config = { ...state.config, ...prepared.config };
    const key = keyOf([state.key, ...prepared.key]);
    const hit = this.#args.noCache
      ? undefined
      : yield* this.#builder<CachedLayer | undefined>({ op: 'lookup', key });
    yield* this.#stepRecord(label, hit !== undefined, step.lines.start);
    if (hit) {
      yield* this.#print(vertex.cached());
      return advance({ ...state, config }, key, hit, prepared.history);
    }
    const { chainId } = state;
    const outcome = yield* this.#builder<StepOutcome>({ op: 'work', chainId, work: prepared.work });
    yield* sleep(outcome.durationMs);
    vertex.log(outcome.output, outcome.durationMs);
    if (!outcome.ok) {
      const message = `process "${prepared.words}" did not complete successfully: exit code: ${outcome.exitCode}`;
      yield* this.#print(vertex.failed(message));
      const shown = outcome.output.map(
        (line) => `${(outcome.durationMs / 1000).toFixed(3)} ${line}\n`,
      );
      return this.#fail(message, step.lines, `------\n > ${label}:\n${shown.join('')}------\n`);
    }
    const { entries } = outcome;
    const layer = yield* this.#builder<CachedLayer>({ op: 'commit', key, chainId, entries });
    yield* this.#print(vertex.done(outcome.durationMs));
    yield* record({
      actor: this.#args.by,
      verb: 'layer',
      object: `layer ${layer.digest}`,
      detail: { step: label, bytes: layer.size, diffId: layer.diffId },
      ...(outcome.simplified.length === 0
        ? {}
        : { message: `Simplified: ${outcome.simplified.join('; ')} left a stand-in file` }),
    });
    return advance({ ...state, config }, key, layer, prepared.history);
  }

  #stepRecord(step: string, cached: boolean, line: number) {
    const { by, tags } = this.#args;
    const object = `image ${tags[0] ?? 'untagged'}`;
    const verb = cached ? 'step-cached' : 'step';
    return record({ actor: by, verb, object, detail: { step, cached, line } });
  }

  #prepare(state: State, step: Instruction): Prepared | { message: string } {
    const cwd = state.config.WorkingDir ?? '/';
    const comment = (words: string) => `${words} # buildkit`;
    switch (step.kind) {
      case 'WORKDIR': {
        const path = resolvePath(cwd, step.path);
        return {
          key: ['WORKDIR', path],
          work: { do: 'workdir', path: path.slice(1) },
          history: `WORKDIR ${path}`,
          words: '',
          config: { WorkingDir: path },
        };
      }
      case 'RUN': {
        const argv = argvOf(step.command, state.config.Shell ?? DEFAULT_SHELL);
        const env = { ...readEnv(state.config), ...state.args };
        const user = state.config.User ?? '';
        return {
          key: ['RUN', argv, Object.entries(env), cwd, user],
          work: { do: 'run', request: { argv, env, cwd } },
          history: comment(`RUN ${argsNote(state.args)}${argv.join(' ')}`),
          words: argv.join(' '),
        };
      }
      case 'COPY':
      case 'ADD':
        return this.#prepareCopy(step, cwd, comment);
      default:
        return { message: `unsupported instruction ${step.kind}` };
    }
  }

  #prepareCopy(
    step: InstructionOf<'COPY' | 'ADD'>,
    cwd: string,
    comment: (words: string) => string,
  ): Prepared | { message: string } {
    const { context } = this.#args;
    const picked = pickFiles(context, step.sources);
    if (!picked.ok) {
      const ref = digestOfText(JSON.stringify(context.map(({ path }) => path))).slice(7, 32);
      return {
        message:
          'failed to compute cache key: failed to calculate checksum of ref ' +
          `${ref}::${ref}: ${picked.message}`,
      };
    }
    const slash = /\/$|^\.$|\/\.$/.test(step.destination) ? '/' : '';
    const destination = resolvePath(cwd, step.destination).replace(/\/$/, '') + (slash || '');
    const chmod = step.flags.chmod === undefined ? undefined : parseInt(step.flags.chmod, 8);
    const owner = /^(\d+)(?::(\d+))?$/.exec(step.flags.chown ?? '');
    const chown = owner ? { uid: Number(owner[1]), gid: Number(owner[2] ?? owner[1]) } : undefined;
    const spec = {
      sources: step.sources,
      destination: destination === '' ? '/' : destination,
      ...(chmod === undefined ? {} : { chmod }),
      ...(chown === undefined ? {} : { chown }),
    };
    const { sources: _, ...rest } = spec;
    return {
      key: [step.kind, rest, checksum(picked.files), copiedBytes(picked.files)],
      work: { do: 'copy', spec, context },
      history: comment(`${step.kind} ${step.sources.join(' ')} ${step.destination}`),
      words: '',
    };
  }

  *#export(state: State, machine: string) {
    const { tags, by } = this.#args;
    const vertex = this.#vertex('exporting to image');
    const own = state.layers.reduce((sum, { size }) => sum + (size < 5_000_000 ? size : 0), 0);
    const layersMs = FIGURES.exportMs + Math.ceil(own / FIGURES.exportBytesPerMs);
    yield* sleep(layersMs);
    const created = rfc3339Nano(state.createdMs ?? (yield* now()));
    const history = state.history.map((entry) =>
      entry.created === '' ? { ...entry, created } : entry,
    );
    const config: ImageConfig = {
      architecture: 'amd64',
      config: state.config,
      created,
      history,
      os: 'linux',
      rootfs: { type: 'layers', diff_ids: state.diffIds },
    };
    const names = tags.map(fullReference);
    const exported = yield* this.#builder<ExportAnswer>({
      op: 'export',
      config,
      manifest: { schemaVersion: 2, mediaType: MEDIA.manifest, layers: state.layers },
      configType: MEDIA.config,
      names,
    });
    yield* sleep(FIGURES.unpackMs);
    vertex
      .status({ text: 'exporting layers', durationMs: layersMs })
      .status({ text: `exporting manifest ${exported.digest}` })
      .status({ text: `exporting config ${exported.configDigest}` });
    for (const name of names) vertex.status({ text: `naming to ${name}` });
    for (const name of names) {
      vertex.status({ text: `unpacking to ${name}`, durationMs: FIGURES.unpackMs });
      const detail = { digest: exported.digest, machine };
      yield* record({ actor: by, verb: 'name', object: `image ${name}`, detail });
    }
    yield* this.#print(vertex.done(layersMs + FIGURES.unpackMs));
    return { ok: true as const, digest: exported.digest };
  }
}

interface Prepared {
  readonly key: readonly unknown[];
  readonly work: StepWork;
  readonly history: string;
  readonly words: string;
  readonly config?: RunConfig;
}

function advance(state: State, key: string, layer: CachedLayer, history: string): State {
  const created = rfc3339Nano(layer.createdMs);
  const { digest, size, diffId, chainId } = layer;
  const own = state.history.map((entry) => (entry.created === '' ? { ...entry, created } : entry));
  return {
    ...state,
    key,
    chainId,
    layers: [...state.layers, { mediaType: MEDIA.layerGzip, digest, size }],
    diffIds: [...state.diffIds, diffId],
    history: [...own, { created, created_by: history, comment: COMMENT }],
    createdMs: Math.max(state.createdMs ?? layer.createdMs, layer.createdMs),
  };
}

/** History without a layer has the time of the layer before; before the first, of the next. */
function empty(words: string, { createdMs }: State): HistoryEntry {
  const created = createdMs === undefined ? '' : rfc3339Nano(createdMs);
  return { created, created_by: words, comment: COMMENT, empty_layer: true };
}

function readEnv({ Env = [] }: RunConfig): Record<string, string> {
  return Object.fromEntries(
    Env.map((pair) => {
      const at = pair.indexOf('=');
      return at === -1 ? [pair, ''] : [pair.slice(0, at), pair.slice(at + 1)];
    }),
  );
}

const argsNote = (args: Readonly<Record<string, string>>): string => {
  const pairs = Object.entries(args).map(([key, value]) => `${key}=${value}`);
  return pairs.length === 0 ? '' : `|${pairs.length} ${pairs.join(' ')} `;
};

function resolvePath(cwd: string, path: string): string {
  const parts: string[] = [];
  for (const part of (path.startsWith('/') ? path : `${cwd}/${path}`).split('/')) {
    if (part === '..') parts.pop();
    else if (part !== '' && part !== '.') parts.push(part);
  }
  return `/${parts.join('/')}`;
}
