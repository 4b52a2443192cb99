import type { ImageConfig } from '../../oci/image.ts';
import { formatPlatform, parsePlatform, type Platform } from '../../oci/platform.ts';
import { formatReference, parseReference, withDefaultTag } from '../../oci/reference.ts';
import type { Dockerfile, Instruction, LineRange } from '../dockerfile/ast.ts';
import { expand } from '../dockerfile/expand.ts';
import { goQuote } from '../dockerfile/go-text.ts';
import { readInstruction } from '../dockerfile/instruction.ts';
import { parseMount } from '../dockerfile/mount.ts';
import { parseNodes } from '../dockerfile/nodes.ts';
import { suggestion } from '../dockerfile/suggest.ts';
import type { Linter } from '../lint/linter.ts';
import { WORDS } from '../lint/rules.ts';
import { Graph, type Ref } from '../ops.ts';
import { dispatch } from './dispatch.ts';
import { defaultArgs, Env, globalArgs, proxyOf } from './env.ts';
import { Fault, located } from './fault.ts';
import { draftOf, emptyImage, readEnv, setEnv, DEFAULT_PATH, type DraftImage } from './image.ts';
import { lintDefaultBases, lintPlatform, lintUnusedArgs } from './lint-from.ts';
import type { PlanOptions } from './options.ts';
import { reachable, Stages, StageState, type Command } from './stage.ts';
import { prefixed, type Dispatching } from './step.ts';

/**
 * From a Dockerfile to the graph of a build (moby/buildkit v0.32
 * `frontend/dockerfile/dockerfile2llb/convert.go`). The configuration of base images is not known
 * at first: {@link Planner.needed} says which are, {@link Planner.resolve} tells them, and
 * {@link Planner.finish} gives the graph. What is wrong is thrown as a {@link Fault}.
 */
export interface NeededImage {
  /** With tag: `docker.io/library/nginx:1.29-alpine`. */
  readonly reference: string;
  readonly platform: string;
  /** As the Dockerfile has it. */
  readonly written: string;
  readonly lines: LineRange | undefined;
}

export interface Plan {
  readonly graph: Graph;
  readonly result: Ref;
  readonly image: DraftImage;
  /** Paths that are read of the main context; `/` stands for all. */
  readonly contextPaths: readonly string[];
}

const SCRATCH = 'scratch';

/** Names that a misspelt image may have meant. */
const COMMON = ['alpine', 'busybox', 'centos', 'debian', 'golang', 'ubuntu', 'fedora'];

export class Planner {
  readonly #file: Dockerfile;
  readonly #options: PlanOptions;
  readonly #linter: Linter;
  readonly #stages = new Stages();
  readonly #graph = new Graph();
  readonly #globals: Env;
  readonly #declared: ReadonlySet<string>;
  readonly #platform: Platform;
  #target!: StageState;

  constructor(file: Dockerfile, options: PlanOptions, linter: Linter) {
    this.#file = file;
    this.#options = options;
    this.#linter = linter;
    this.#platform = options.platform ?? options.buildPlatform;
    const last = file.stages.at(-1)?.from.stage ?? '';
    const defaults = defaultArgs(options, options.target ?? last);
    const { escape, metaArgs } = file;
    lintDefaultBases(file, defaults, linter);
    const globals = globalArgs(defaults, metaArgs, options.buildArgs, escape);
    this.#globals = globals.env;
    this.#declared = globals.declared;
    this.#makeStages();
    this.#target = this.#findTarget();
    this.#connect();
  }

  #makeStages(): void {
    this.#file.stages.forEach(({ from, instructions }, number) => {
      const lint = this.#linter.under(from.comments);
      const known = [...this.#declared, ...this.#globals.keys];
      const { escape } = this.#file;
      const base = expand(from.image, this.#globals.get, { escape });
      if (!base.ok) throw new Fault(base.message, [from.lines]);
      lintUnusedArgs(known, base.unmatched, from.lines, lint);
      if (base.value === '') {
        throw new Fault(`base name (${from.image}) should not be blank`, [from.lines]);
      }
      const state = new StageState(base.value, from, instructions, from.lines, this.#platform);
      if (from.platform !== '') state.platform = this.#platformOf(state, known, lint);
      const context = this.#context(from.stage);
      if (context !== undefined) {
        state.context = context;
        this.#stages.add(state);
        state.base = undefined;
        return;
      }
      if (from.stage === '') state.label = `stage-${number}`;
      this.#stages.add(state);
      const counted = ['ADD', 'COPY', 'RUN', 'WORKDIR'];
      const own = instructions.filter(({ kind }) => counted.includes(kind)).length;
      state.total = own + (base.value !== SCRATCH && !state.base ? 1 : 0);
      const { noCache } = this.#options;
      state.noCache = noCache === true || (from.stage !== '' && noCache.includes(from.stage));
    });
  }

  #platformOf(state: StageState, known: readonly string[], lint: Linter): Platform {
    const from = state.from!;
    const { lines, platform: text } = from;
    const expanded = expand(text, this.#globals.get, { escape: this.#file.escape });
    if (!expanded.ok) {
      const message = `failed to process arguments for platform : ${expanded.message}`;
      throw new Fault(message, [lines]);
    }
    lintUnusedArgs(known, expanded.unmatched, lines, lint);
    lintPlatform(from, expanded, this.#globals, lint);
    const hint = [...expanded.unmatched]
      .map((name) => suggestion(name, this.#globals.keys))
      .find((text) => text !== '');
    const fail = (message: string, twice = false): Fault =>
      new Fault(message + (hint ?? this.#metaHint(expanded.unmatched)), [
        lines,
        ...(twice ? [lines] : []),
      ]);
    if (expanded.value === '') throw fail(`empty platform value from expression ${text}`);
    const parsed = parsePlatform(expanded.value);
    if (parsed.ok) return parsed.platform;
    throw fail(`failed to parse platform ${text}: ${parsed.message}`, true);
  }

  #metaHint(names: ReadonlySet<string>): string {
    for (const name of names) {
      const found = suggestion(name, [...this.#declared]);
      if (found !== '') return found;
    }
    return '';
  }

  #context(name: string): string | undefined {
    const lower = name.toLowerCase();
    if (lower === '' || lower === SCRATCH || lower === 'context') return undefined;
    const { contexts } = this.#options;
    return Object.hasOwn(contexts, name) ? contexts[name] : undefined;
  }

  #findTarget(): StageState {
    const { target } = this.#options;
    if (target === undefined || target === '') return this.#stages.list.at(-1)!;
    const state = this.#stages.named(target);
    if (state) return state;
    const hint = suggestion(target, this.#stages.names);
    throw new Fault(`target stage ${goQuote(target)} could not be found${hint}`);
  }

  /** Which stage takes files from which; circles are refused. */
  #connect(): void {
    // Sources that are no stages join the list while it is walked.
    for (const state of this.#stages.list) {
      state.commands = state.instructions.map((step) => this.#command(state, step, false));
    }
    this.#refuseCircles();
    if (this.#stages.list.length === 1) this.#stages.list[0]!.label = '';
  }

  #command(state: StageState, step: Instruction, onBuild: boolean): Command {
    const sources =
      step.kind === 'COPY' && step.from !== ''
        ? [this.#source(step.from, step.lines)]
        : step.kind === 'RUN'
          ? step.mounts.map((text) => this.#mountSource(text))
          : [];
    for (const source of sources) {
      state.deps.set(source, step);
      if (source.unregistered && !this.#stages.list.includes(source)) this.#stages.add(source);
    }
    return { step, sources, onBuild };
  }

  #source(from: string, lines: LineRange): StageState {
    const expanded = expand(from, () => undefined, { escape: this.#file.escape });
    if (!expanded.ok) throw new Fault(expanded.message);
    if (expanded.value !== from) {
      throw new Fault(
        'variable expansion is not supported for --from, define a new stage with FROM using ARG ' +
          'from global scope as a workaround',
      );
    }
    if (!/^[+-]?\d+$/.test(from)) {
      return this.#stages.named(from) ?? this.#outside(from, lines);
    }
    const state = this.#stages.list[Number(from)];
    if (!state) throw new Fault(`invalid stage index ${Number(from)}`);
    return state;
  }

  #mountSource(text: string): StageState {
    const mount = parseMount(text, undefined);
    const from = mount.ok && mount.value.from !== '' ? mount.value.from : SCRATCH;
    return this.#stages.named(from) ?? this.#outside(from, undefined);
  }

  #outside(name: string, lines: LineRange | undefined): StageState {
    return new StageState(name, undefined, [], lines, this.#platform);
  }

  #refuseCircles(): void {
    const visited = new Set<StageState>();
    const path = new Set<StageState>();
    const visit = (state: StageState, above: readonly Instruction[]): Instruction[] | undefined => {
      if (visited.has(state)) return undefined;
      visited.add(state);
      path.add(state);
      for (const [next, step] of state.deps) {
        const steps = [...above, step];
        const circle = path.has(next) ? steps : visit(next, steps);
        if (circle) return circle;
      }
      path.delete(state);
      return undefined;
    };
    for (const state of this.#stages.list) {
      const steps = visit(state, []);
      if (!steps) continue;
      const message = `circular dependency detected on stage: ${state.label}`;
      throw new Fault(
        message,
        steps.map(({ lines }) => lines),
      );
    }
  }

  #reached(): Set<StageState> {
    return this.#options.allStages ? new Set(this.#stages.list) : reachable(this.#target);
  }

  /** Base images whose configuration is still to be told, in the order of the file. */
  needed(): NeededImage[] {
    const reached = this.#reached();
    const found = new Map<string, NeededImage>();
    for (const state of this.#stages.list) {
      if (state.base || state.dispatched || state.resolved) continue;
      const needed = this.#need(state, reached.has(state));
      if (needed) found.set(`${needed.reference} ${needed.platform}`, needed);
    }
    return [...found.values()];
  }

  /** What a stage without a stage below it stands upon; undefined when that is known now. */
  #need(state: StageState, wanted: boolean): NeededImage | undefined {
    if (state.baseName === SCRATCH && state.context === undefined) {
      state.resolved = wanted;
      state.platform = this.#platform;
      state.image = emptyImage(this.#platform);
      if (state.unregistered) state.dispatched = true;
      return undefined;
    }
    const parsed = parseReference(state.baseName);
    if (!parsed.ok) {
      const message = `failed to parse stage name ${goQuote(state.baseName)}: ${parsed.message}`;
      throw new Fault(message, [state.lines]);
    }
    if (!wanted) return undefined;
    const context = state.context ?? this.#context(state.baseName);
    if (context !== undefined && !context.startsWith('docker-image://')) {
      this.#takeContext(state);
      return undefined;
    }
    const reference = imageOf(context) ?? formatReference(withDefaultTag(parsed.reference));
    const platform = formatPlatform(state.platform ?? this.#platform);
    return { reference, platform, written: state.baseName, lines: state.lines };
  }

  /** A directory given by `--build-context`. */
  #takeContext(state: StageState): void {
    state.resolved = true;
    state.platform ??= this.#platform;
    state.image = emptyImage(state.platform);
    const name = state.context === undefined ? state.baseName : state.name;
    state.ref = this.#graph.add({
      name: `[context ${name}] load from client`,
      op: { op: 'local', context: name },
      inputs: [],
      lines: undefined,
      noCache: false,
    });
    if (state.context !== undefined || state.unregistered) state.dispatched = true;
  }

  /** Tells the configuration of an image that is needed. */
  resolve(needed: NeededImage, digest: string, config: ImageConfig): void {
    const reached = this.#reached();
    for (const state of this.#stages.list) {
      if (state.base || state.dispatched || state.resolved || !reached.has(state)) continue;
      const own = this.#need(state, true);
      if (own?.reference !== needed.reference || own.platform !== needed.platform) continue;
      this.#takeImage(state, needed, digest, config);
    }
  }

  #takeImage(state: StageState, needed: NeededImage, digest: string, config: ImageConfig): void {
    const written = state.baseName;
    const wanted = state.platform ?? this.#platform;
    state.resolved = true;
    state.image = draftOf(config);
    const named = needed.reference.includes('@') ? '' : `@${digest}`;
    state.baseName = needed.reference + named;
    state.platform = wanted;
    const hasLayers =
      config.rootfs.diff_ids.length > 0 || config.history.some((entry) => !entry.empty_layer);
    if (hasLayers) {
      state.ref = this.#graph.add({
        name: prefixed(state, `FROM ${state.baseName}`, this.#options, new Env()),
        op: { op: 'image', reference: state.baseName, platform: needed.platform },
        inputs: [],
        lines: state.lines,
        noCache: false,
      });
    }
    const own = state.image.platform;
    if (own.os !== wanted.os || own.architecture !== wanted.architecture) {
      const words = WORDS.invalidBaseImagePlatform(
        written,
        formatPlatform(wanted),
        formatPlatform(own),
      );
      if (state.lines) this.#linter.report('invalidBaseImagePlatform', words, state.lines);
    }
    if (state.unregistered || state.context !== undefined) state.dispatched = true;
  }

  /** `pull access denied …` and its like, with what the writer may have meant. */
  refusal(needed: NeededImage, message: string): Fault {
    const common = COMMON.flatMap((name) => [
      ...[name, `docker.io/library${name}`, `${name}:latest`, `docker.io/library${name}:latest`],
    ]);
    const hint = suggestion(needed.written, [...this.#stages.names, ...common]);
    const words = `${needed.written}: failed to resolve source metadata for ${needed.reference}`;
    return new Fault(`${words}: ${message}${hint}`, [needed.lines]);
  }

  /** Takes the triggers of base images in; true when they need images that are not known. */
  trigger(): boolean {
    let more = false;
    for (const state of this.#reached()) {
      state.inherit();
      const triggers = [...(state.image.config.OnBuild ?? [])];
      if (state.base && !state.triggersTaken) {
        for (const { step } of state.base.commands) {
          if (step.kind === 'ONBUILD') triggers.push(step.trigger);
        }
        state.triggersTaken = true;
      }
      if (triggers.length === 0) continue;
      const commands = triggers.map((text) => this.#onBuild(state, text));
      more ||= commands.some(({ sources }) => sources.length > 0);
      state.commands = [...commands, ...state.commands];
      state.total += commands.length;
      const { OnBuild: _taken, ...config } = state.image.config;
      state.image = { ...state.image, config };
    }
    return more;
  }

  #onBuild(state: StageState, trigger: string): Command {
    return located(state.lines, () => {
      const parsed = parseNodes(trigger);
      if (!parsed.ok) throw new Fault(parsed.error.message);
      const [node] = parsed.nodes;
      if (!node || parsed.nodes.length !== 1) {
        throw new Fault('onbuild trigger should be a single expression');
      }
      const read = readInstruction({ ...node, lines: state.lines ?? node.lines });
      if (!read.ok) throw new Fault(read.message);
      return this.#command(state, read.value, true);
    });
  }

  /** The graph, once every image that is needed is known. */
  finish(): Plan {
    const reached = this.#reached();
    const context = this.#graph.add({
      ...{ name: '[internal] load build context', op: { op: 'local', context: 'context' } },
      ...{ inputs: [], lines: undefined, noCache: false },
    });
    const dispatching: Dispatching = {
      graph: this.#graph,
      options: this.#options,
      escape: this.#file.escape,
      globals: this.#globals,
      proxy: proxyOf(this.#options.buildArgs),
      context,
      linter: this.#linter,
      platform: this.#platform,
    };
    for (const state of this.#stages.list) {
      if (!reached.has(state) || state.dispatched) continue;
      state.inherit();
      state.dispatched = true;
      this.#begin(state);
      for (const command of state.commands) {
        located(command.step.lines, () => dispatch(state, command, dispatching));
      }
    }
    const error = this.#linter.error();
    const target = this.#target;
    if (error !== undefined) throw new Fault(error);
    const paths = new Set([...reached].flatMap(({ contextPaths }) => [...contextPaths]));
    const { labels } = this.#options;
    const own = Object.keys(labels).length > 0;
    const image: DraftImage = {
      ...target.image,
      ...(this.#options.platform ? { platform: this.#options.platform } : {}),
      config: {
        ...target.image.config,
        ...(own ? { Labels: { ...target.image.config.Labels, ...labels } } : {}),
      },
    };
    return { graph: this.#graph, result: target.ref, image, contextPaths: [...paths].sort() };
  }

  /** Variables, directory and user as the base image has them. */
  #begin(state: StageState): void {
    state.platform ??= this.#platform;
    const env = state.image.config.Env ?? [];
    if (!env.some((pair) => pair.startsWith('PATH='))) {
      const Env = setEnv(env, 'PATH', DEFAULT_PATH);
      state.image = { ...state.image, config: { ...state.image.config, Env } };
    }
    for (const [key, value] of Object.entries(readEnv(state.image.config.Env ?? []))) {
      state.env.set(key, value);
    }
    const { WorkingDir, User } = state.image.config;
    if (WorkingDir !== undefined && WorkingDir !== '') state.dir = WorkingDir;
    if (User !== undefined && User !== '') state.user = User;
  }
}

const imageOf = (context: string | undefined): string | undefined => {
  if (context === undefined) return undefined;
  const parsed = parseReference(context.slice('docker-image://'.length));
  return parsed.ok ? formatReference(withDefaultTag(parsed.reference)) : undefined;
};
