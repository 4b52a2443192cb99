import { ask, now, record, sleep, write, type Program } from '../sim/process.ts';
import { parseRfc3339, rfc3339Nano } from '../sim/clock.ts';
import { containerdService, type Answers } from '../containerd/api.ts';
import { MEDIA, type Descriptor, type ImageConfig } from '../oci/image.ts';
import { fullReference, parseReference } from '../oci/reference.ts';
import {
  builderService,
  type BuilderRequest,
  type CachedLayer,
  type ExportAnswer,
  type StepOutcome,
} from './api.ts';
import { changeConfig } from './config.ts';
import type { ContextFile } from './context.ts';
import type { Instruction, InstructionOf, LineRange } from './dockerfile/ast.ts';
import { parseDockerfile } from './dockerfile/parse.ts';
import { FIGURES } from './figures.ts';
import { lookupIn } from './dockerfile/expand.ts';
import { expandDefault, expandInstruction, planBuild, type BuildPlan } from './plan.ts';
import { prepareStep } from './prepare.ts';
import { excerpt, HEADER, units, Vertex } from './progress.ts';
import { advance, empty, keyOf, readEnv, type State } from './state.ts';

/**
 * One build from Dockerfile and context to a named image: BuildKit's solver with the Dockerfile
 * frontend (moby/buildkit v0.32 `solver/`, `frontend/dockerfile/dockerfile2llb/convert.go`).
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

interface Failed {
  readonly ok: false;
  readonly message: string;
  readonly excerpt: string;
}

const isFailed = (value: State | Failed): value is Failed => 'ok' in value;
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

/** `WORKDIR /` makes no directory, so it has neither vertex nor layer. */
const isRootDirectory = (step: Instruction): boolean =>
  step.kind === 'WORKDIR' && step.path === '/';

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
      const why = resolved.message.replace(/^failed to resolve reference "[^"]*": /, '');
      const message = `${plan.base}: failed to resolve source metadata for ${name}: ${why}`;
      yield* this.#print(metadata.failed(resolved.message));
      const above = `------\n > ${metadata.name}:\n------\n`;
      return this.#fail(message, from.lines, above);
    }
    yield* this.#print(metadata.done((yield* now()) - askedMs));
    yield* this.#loadIgnore();
    return yield* this.#pullBase(plan, `${name}@${resolved.digest}`, resolved.digest);
  }

  /** FROM itself: what is missing of the base is fetched. */
  *#pullBase({ stage, base }: BuildPlan, fullName: string, digest: string) {
    const { machine, by } = this.#args;
    const { from } = stage;
    const total = this.#total({ stage, base });
    const service = containerdService(machine);
    const vertex = this.#vertex(`[1/${total}] FROM ${fullName}`);
    const startMs = yield* now();
    const request = { op: 'pull', reference: fullName, by, unnamed: true };
    const pulled = yield* ask<Answers['pull']>(service, request);
    if (!pulled.ok) {
      yield* this.#print(vertex.failed(pulled.message));
      return this.#fail(pulled.message, from.lines);
    }
    yield* this.#stepRecord(`[1/${total}] FROM ${base}`, !pulled.fetched, from.lines.start);
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
    const image = yield* this.#builder<Base>({ op: 'base', digest });
    const state: State = {
      key: digest,
      chainId: image.chainId,
      layers: image.layers,
      diffIds: image.config.rootfs.diff_ids,
      config: image.config.config,
      history: image.config.history,
      args: {},
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
  #total({ stage, base }: Pick<BuildPlan, 'stage' | 'base'>): number {
    const own = stage.instructions.filter(
      (step) => ['RUN', 'COPY', 'ADD', 'WORKDIR'].includes(step.kind) && !isRootDirectory(step),
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
      if (written.kind === 'ARG') {
        const declared = this.#declare(state, written, plan);
        if (isFailed(declared)) return declared;
        state = declared;
        continue;
      }
      const expanded = expandInstruction(written, lookupIn(env), plan.escape);
      if (!expanded.ok) return this.#fail(expanded.message, expanded.lines);
      const step = expanded.value;
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
      if (isRootDirectory(step)) {
        const config = { ...state.config, WorkingDir: '/' };
        state = { ...state, config, history: [...state.history, empty('WORKDIR /', state)] };
        continue;
      }
      number += 1;
      const next = yield* this.#fileStep(state, step, `[${number}/${total}]`);
      if (isFailed(next)) return next;
      state = next;
    }
    return state;
  }

  /** ARG: the value given to the build, else the default, else that of the ARG above the stages. */
  #declare(
    state: State,
    step: InstructionOf<'ARG'>,
    { metaArgs, escape }: BuildPlan,
  ): State | Failed {
    const args: Record<string, string> = { ...state.args };
    const words: string[] = [];
    for (const { key, value } of step.args) {
      let set = lookupIn(this.#args.buildArgs)(key);
      if (set === undefined && value !== undefined) {
        const env = { ...args, ...readEnv(state.config) };
        const expanded = expandDefault(value, lookupIn(env), step, escape);
        if (!expanded.ok) return this.#fail(expanded.message, expanded.lines);
        set = expanded.value;
      }
      set ??= lookupIn(metaArgs)(key);
      if (set !== undefined) args[key] = set;
      words.push(set === undefined ? key : `${key}=${set}`);
    }
    const history = [...state.history, empty(`ARG ${words.join(' ')}`, state)];
    return { ...state, args, history };
  }

  *#fileStep(state: State, step: Instruction, position: string) {
    const prepared = prepareStep(state, step, this.#args.context);
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
