import { assert } from '../sim/assert.ts';
import {
  ask,
  close,
  join,
  now,
  open,
  read,
  record,
  signal,
  sleep,
  start,
  write,
  type Program,
} from '../sim/process.ts';
import { rfc3339Nano } from '../sim/clock.ts';
import { HOST_PLATFORM, isPlatform, parsePlatform, type Platform } from '../oci/platform.ts';
import { fullReference, parseReference } from '../oci/reference.ts';
import { builderService, type BuilderRequest, type ContextFile, type Result } from './api.ts';
import { recordId } from './cache.ts';
import type { LineRange } from './dockerfile/ast.ts';
import { findDirective, findSyntax } from './dockerfile/directives.ts';
import { parseDockerfile } from './dockerfile/parse.ts';
import { exportImage, type ExportPlan } from './export.ts';
import { FIGURES } from './figures.ts';
import { Linter, parseLintOptions, type LintWarning } from './lint/linter.ts';
import { lintReport, shortWarning } from './lint/report.ts';
import type { MetadataArgs } from './metadata.ts';
import type { Vertex } from './ops.ts';
import { PatternMatcher } from './patterns.ts';
import { Fault } from './plan/fault.ts';
import type { PlanOptions } from './plan/options.ts';
import { Planner, type NeededImage, type Plan } from './plan/planner.ts';
import { Display, excerpt, warningList, type ProgressEvent } from './progress.ts';
import type { SolveResult } from './solve-result.ts';
import type { Metadata, TickArgs, WorkArgs, WorkEvent } from './work.ts';

export type { SolveResult };

/**
 * One build from Dockerfile and context to a named image: BuildKit's frontend, solver and exporter
 * (moby/buildkit v0.32 `frontend/dockerfile/builder/build.go`, `solver/`). Vertices that wait for
 * nothing are worked on side by side.
 */
export interface SolveArgs {
  readonly machine: string;
  /** Who builds, by cast name. */
  readonly by: string;
  readonly dockerfileName: string;
  readonly dockerfile: string;
  /** There is no such file. */
  readonly missing?: boolean;
  readonly ignoreBytes: number;
  /** Patterns of the ignore file, which the client has applied already. */
  readonly ignore?: readonly string[];
  readonly context: readonly ContextFile[];
  /** `--build-context`: `docker-image://NAME`, or the name alone for files of `contextFiles`. */
  readonly contexts?: Readonly<Record<string, string>>;
  readonly contextFiles?: Readonly<Record<string, readonly ContextFile[]>>;
  readonly tags: readonly string[];
  readonly buildArgs: Readonly<Record<string, string>>;
  readonly target?: string;
  readonly noCache: boolean;
  readonly noCacheFilter?: readonly string[];
  readonly labels?: Readonly<Record<string, string>>;
  readonly platform?: Platform;
  readonly network?: string;
  readonly hosts?: readonly string[];
  readonly secrets?: Readonly<Record<string, string>>;
  /** `--allow`: what a step may do beyond its container. */
  readonly allow?: readonly string[];
  /** Keep the files for the client instead of an image. */
  readonly files?: boolean;
  /** Look only: `--check`. */
  readonly check?: boolean;
  /** The stream that progress is written to. */
  readonly progress: number;
}

export const solve: Program<SolveArgs, SolveResult> = function* (args) {
  const object = `image ${args.tags[0] ?? 'untagged'}`;
  yield* record({ actor: args.by, verb: 'build', object });
  const result = yield* new Solver(args).run();
  if (result.ok) {
    yield* record({ actor: args.by, verb: 'built', object, detail: { digest: result.digest } });
  } else {
    yield* record({ actor: args.by, verb: 'build-failed', object, message: result.message });
  }
  return result;
};

const DEFINITION = 'definition';
/** `progressui/display.go`, `displayTimeout`. */
const REFRESH_MS = 100;
/** How often a build that says nothing looks whether its client is still there. */
const BEAT_MS = 5_000;

/** Vertices by what they still wait for. */
class WaitingVertices {
  readonly free: Vertex[] = [];
  readonly #missing = new Map<Vertex, Set<string>>();
  readonly #above = new Map<string, Vertex[]>();

  constructor(all: readonly Vertex[]) {
    for (const vertex of all) {
      const missing = new Set(vertex.inputs);
      if (missing.size === 0) this.free.push(vertex);
      this.#missing.set(vertex, missing);
      for (const input of missing) {
        const above = this.#above.get(input);
        if (above) above.push(vertex);
        else this.#above.set(input, [vertex]);
      }
    }
  }

  /** Those that wait for nothing more, now that one is done. */
  done(digest: string): Vertex[] {
    const above = this.#above.get(digest) ?? [];
    for (const vertex of above) this.#missing.get(vertex)!.delete(digest);
    return above.filter((vertex) => this.#missing.get(vertex)!.size === 0);
  }
}

class Solver {
  readonly #args: SolveArgs;
  readonly #display = new Display();
  readonly #warnings: LintWarning[] = [];
  #told = 0;
  #printedMs = -Infinity;
  #timer = false;
  #gone = false;
  #build = '';
  #events = 0;

  constructor(args: SolveArgs) {
    this.#args = args;
  }

  *run() {
    const startedMs = yield* now();
    this.#build = recordId(`${startedMs} ${this.#args.progress} ${this.#args.dockerfile.length}`);
    this.#events = yield* open();
    let result: SolveResult;
    try {
      result = yield* this.#solve();
    } catch (error) {
      if (!(error instanceof Fault)) throw error;
      result = this.#failure(error);
    }
    yield* this.#flush(true);
    yield* this.#builder({ op: 'close', build: this.#build });
    yield* close(this.#events);
    // What a timer still told is nobody's.
    yield* read(this.#events);
    const texts = this.#args.check ? [] : this.#warnings.map(shortWarning);
    yield* this.#print(this.#display.failures() + warningList(texts));
    return result;
  }

  #failure({ message, locations }: Fault): SolveResult {
    const { dockerfile, dockerfileName, check } = this.#args;
    const show = (lines: LineRange): string => excerpt(dockerfileName, dockerfile, lines);
    const shown = locations.map(show).join('');
    if (!check) return { ok: false, message, excerpt: shown };
    return lintReport(this.#warnings, { message, shown }, show);
  }

  /** Nobody reads the progress of a quiet build; any other's client may go away. */
  *#print(text: string) {
    const { progress } = this.#args;
    if (progress === 0) return;
    const heard = yield* write(progress, text);
    if (!heard) this.#gone = true;
  }

  #ring(kind: TickArgs['kind'], delayMs: number) {
    const args: TickArgs = { events: this.#events, delayMs, kind };
    return start('build/tick', args);
  }

  /**
   * Prints at most so often; what happens between is printed together, the latest when a timer
   * rings.
   */
  *#flush(whole = false) {
    const atMs = yield* now();
    const waitMs = this.#printedMs + REFRESH_MS - atMs;
    if (!whole && waitMs > 0) {
      if (this.#events === 0 || this.#timer) return;
      this.#timer = true;
      yield* this.#ring('tick', waitMs);
      return;
    }
    this.#printedMs = atMs;
    // What was found of late is told where the Dockerfile was loaded.
    for (; this.#told < this.#warnings.length; this.#told++) {
      const text = shortWarning(this.#warnings[this.#told]!);
      if (!this.#args.check) this.#display.apply({ kind: 'warn', vertex: DEFINITION, text });
    }
    const text = this.#display.flush();
    if (text !== '') yield* this.#print(text);
  }

  #builder<T>(request: BuilderRequest) {
    return ask<T>(builderService(this.#args.machine), request);
  }

  /** A vertex that only takes its time: `transferring dockerfile: 101B`. */
  *#transfer(vertex: string, name: string, durationMs: number, text: string, bytes: number) {
    const startedMs = yield* now();
    this.#display.apply({ kind: 'start', vertex, name, atMs: startedMs });
    yield* this.#flush();
    yield* sleep(durationMs);
    const doneMs = startedMs + durationMs;
    const status = { kind: 'status', vertex, text, current: bytes } as const;
    this.#display.apply({ ...status, startedMs: doneMs, doneMs });
    this.#display.apply({ kind: 'done', vertex, atMs: doneMs });
    yield* this.#flush();
  }

  *#solve() {
    const { dockerfile, dockerfileName, context, contextFiles, check } = this.#args;
    const bytes = this.#args.missing ? 2 : new TextEncoder().encode(dockerfile).length;
    const name = `[internal] load build definition from ${dockerfileName}`;
    const contexts = { context, ...contextFiles };
    yield* this.#builder({ op: 'open', build: this.#build, contexts });
    yield* this.#transfer(
      DEFINITION,
      name,
      FIGURES.definitionMs,
      'transferring dockerfile:',
      bytes,
    );
    if (this.#args.missing) {
      throw new Fault(
        `failed to read dockerfile: open ${dockerfileName}: no such file or directory`,
      );
    }
    yield* this.#frontend();
    const linter = this.#linter();
    const parsed = parseDockerfile(dockerfile, linter);
    if (!parsed.ok) {
      throw new Fault(parsed.error.message, [parsed.error.lines]);
    }
    const planner = new Planner(parsed.dockerfile, this.#planOptions(), linter);
    yield* this.#flush();
    let loaded = false;
    do {
      const needed = planner.needed();
      if (needed.length > 0) yield* this.#metadata(planner, needed);
      if (!loaded) yield* this.#loadIgnore();
      loaded = true;
    } while (planner.trigger());
    const plan = planner.finish();
    yield* this.#flush();
    if (check) return lintReport(this.#warnings, undefined, (lines) => this.#excerpt(lines));
    const result = yield* this.#work(plan);
    return yield* this.#export(plan, result);
  }

  #excerpt(lines: LineRange): string {
    return excerpt(this.#args.dockerfileName, this.#args.dockerfile, lines);
  }

  /** Simplified: `docker/dockerfile` is not fetched: the builder's own frontend is the same. */
  *#frontend() {
    const { dockerfile, buildArgs, machine, by } = this.#args;
    const own = buildArgs.BUILDKIT_SYNTAX;
    const asked = findSyntax(dockerfile);
    const reference = own ?? asked?.ref;
    if (
      reference === undefined ||
      /^(docker\.io\/)?docker\/dockerfile(-upstream)?([:@]|$)/.test(reference)
    ) {
      return;
    }
    const line = own === undefined ? (asked?.line ?? 0) : 0;
    const lines = line > 0 ? [{ start: line, end: line }] : [];
    const parsed = parseReference(reference);
    if (!parsed.ok) {
      throw new Fault(`failed to parse stage name "${reference}": ${parsed.message}`, lines);
    }
    const full = fullReference(reference);
    const metadata: MetadataArgs = {
      ...{ machine, by, events: this.#events, reference: full, vertex: `syntax ${full}` },
      name: `resolve image config for docker-image://${full}`,
    };
    const answers = yield* this.#ask([metadata]);
    const answer = answers.get(metadata.vertex);
    assert(answer !== undefined, 'a frontend was looked for and nothing was told');
    if (!answer.ok) {
      throw new Fault(`failed to resolve source metadata for ${full}: ${answer.message}`, lines);
    }
    throw new Fault(`frontend ${full} is not modelled: only docker/dockerfile is`, lines);
  }

  #linter(): Linter {
    const { dockerfile, buildArgs } = this.#args;
    const text = buildArgs.BUILDKIT_DOCKERFILE_CHECK ?? findDirective('check', dockerfile)?.ref;
    const options = parseLintOptions(text ?? '');
    if (!options.ok) throw new Fault(`failed to parse check options: ${options.message}`);
    return new Linter(options.value, this.#warnings);
  }

  #planOptions(): PlanOptions {
    const { buildArgs, target, contexts, noCache, noCacheFilter, labels, platform } = this.#args;
    const ignore = PatternMatcher.read(this.#args.ignore ?? []);
    return {
      ...{ buildArgs, buildPlatform: HOST_PLATFORM, multiPlatform: false },
      ...(target === undefined ? {} : { target }),
      ...(platform === undefined ? {} : { platform }),
      ...{ contexts: contexts ?? {}, noCache: noCache || (noCacheFilter ?? []) },
      ...{ labels: labels ?? {}, hosts: this.#args.hosts ?? [] },
      network: this.#args.network ?? 'default',
      ignore: typeof ignore === 'string' ? undefined : ignore,
      allStages: this.#args.check === true && target === undefined,
    };
  }

  *#loadIgnore() {
    const bytes = Math.max(2, this.#args.ignoreBytes);
    const name = '[internal] load .dockerignore';
    const text = 'transferring context:';
    yield* this.#transfer('ignore', name, FIGURES.ignoreMs, text, bytes);
  }

  /** Digests and configurations of base images, asked for side by side. */
  *#metadata(planner: Planner, needed: readonly NeededImage[]) {
    const { machine, by } = this.#args;
    const answers = yield* this.#ask(
      needed.map(({ reference, platform }) => ({
        ...{ machine, by, events: this.#events, reference },
        ...wanted(platform),
        vertex: `metadata ${reference} ${platform}`,
        name: `[internal] load metadata for ${reference}`,
      })),
    );
    for (const image of needed) {
      const answer = answers.get(`metadata ${image.reference} ${image.platform}`);
      assert(answer !== undefined, `nothing was told of ${image.reference}`);
      if (!answer.ok) throw planner.refusal(image, answer.message);
      planner.resolve(image, answer.digest, answer.config);
    }
  }

  *#ask(questions: readonly MetadataArgs[]) {
    const answers = new Map<string, Metadata>();
    const pids: number[] = [];
    for (const question of questions) pids.push(yield* start('build/metadata', question));
    while (answers.size < questions.length) {
      for (const event of (yield* read<WorkEvent>(this.#events)) ?? []) {
        if (event.kind === 'metadata') answers.set(event.vertex, event.answer);
        else if (event.kind === 'tick') this.#timer = false;
        else if (event.kind !== 'result' && event.kind !== 'beat') this.#display.apply(event);
      }
      yield* this.#flush();
    }
    for (const pid of pids) yield* join(pid);
    return answers;
  }

  /** Works on all that the result stands upon. */
  *#work(plan: Plan) {
    const all = plan.result === undefined ? [] : plan.graph.below([plan.result]);
    this.#refuseForbidden(all);
    const results = new Map<string, Result>();
    const running = new Map<string, number>();
    const waiting = new WaitingVertices(all);
    const ready = waiting.free;
    let failed: Vertex | undefined;
    let message = '';
    let first = true;
    yield* this.#ring('beat', BEAT_MS);
    while (results.size < all.length) {
      for (const vertex of failed ? [] : ready.splice(0)) {
        const inputs = vertex.inputs.map((input) => results.get(input)!);
        const work = this.#workArgs(plan, vertex, inputs);
        running.set(vertex.digest, yield* start('build/work', work));
      }
      if (running.size === 0) break;
      for (const event of (yield* read<WorkEvent>(this.#events)) ?? []) {
        if (event.kind === 'tick') this.#timer = false;
        if (event.kind === 'beat') {
          yield* this.#print('');
          yield* this.#ring('beat', BEAT_MS);
        }
        if (event.kind === 'metadata' || event.kind === 'tick' || event.kind === 'beat') continue;
        if (event.kind === 'result') {
          results.set(event.vertex, event.result);
          ready.push(...waiting.done(event.vertex));
        } else if (failed === undefined || running.has(event.vertex)) {
          this.#show(plan, event);
        }
        if (event.kind !== 'done') continue;
        const pid = running.get(event.vertex);
        running.delete(event.vertex);
        if (pid !== undefined) yield* join(pid);
        if (event.error === undefined || failed) continue;
        failed = plan.graph.need(event.vertex);
        message = (event.wrapped ?? '') + event.error;
        yield* this.#cancel(running);
        running.clear();
      }
      // What begins at once is shown at once.
      yield* this.#flush(first);
      first = false;
      if (!this.#gone) continue;
      yield* this.#cancel(running);
      throw new Fault('Canceled: context canceled');
    }
    if (failed) throw new Fault(message, [failed.lines]);
    return plan.result === undefined ? undefined : results.get(plan.result);
  }

  /** Rights beyond a container have to be given (`solver/llbsolver/vertex.go`). */
  #refuseForbidden(all: readonly Vertex[]): void {
    const { allow = [], network } = this.#args;
    for (const { op } of all) {
      if (op.op !== 'exec') continue;
      const wanted = [
        ...(op.network === 'host' && network !== 'host' ? ['network.host'] : []),
        ...(op.security === 'insecure' ? ['security.insecure'] : []),
      ];
      const denied = wanted.find((name) => !allow.includes(name));
      if (denied !== undefined) throw new Fault(`failed to load LLB: ${denied} is not allowed`);
    }
  }

  #show(plan: Plan, event: ProgressEvent): void {
    if (!plan.graph.need(event.vertex).hidden) this.#display.apply(event);
  }

  /** One failed: nobody waits for the others any more. */
  *#cancel(running: ReadonlyMap<string, number>) {
    const atMs = yield* now();
    for (const [vertex, pid] of running) {
      yield* signal(pid, 'SIGTERM');
      yield* join(pid);
      this.#display.apply({ kind: 'done', vertex, atMs, canceled: true });
    }
  }

  #workArgs(plan: Plan, vertex: Vertex, inputs: readonly Result[]): WorkArgs {
    const { machine, by, tags, secrets } = this.#args;
    return {
      ...{ machine, by, build: this.#build, image: tags[0] ?? 'untagged', vertex, inputs },
      ...{ secrets: secrets ?? {}, events: this.#events, paths: plan.contextPaths },
    };
  }

  *#export(plan: Plan, result: Result | undefined) {
    const { files, tags, machine, by } = this.#args;
    const chainId = result?.chainId ?? '';
    if (files) return { ok: true as const, digest: '', chainId };
    const epoch = this.#args.buildArgs.SOURCE_DATE_EPOCH;
    const exported: ExportPlan = {
      ...{ machine, by, image: plan.image, layers: result?.layers ?? [], tags },
      ...(epoch !== undefined && /^\d{1,12}$/.test(epoch)
        ? { created: rfc3339Nano(Number(epoch) * 1000) }
        : {}),
    };
    const startedMs = yield* now();
    const vertex = 'export';
    this.#display.apply({ kind: 'start', vertex, name: 'exporting to image', atMs: startedMs });
    yield* this.#flush();
    const { digest, statuses } = yield* exportImage(exported);
    const atMs = yield* now();
    for (const status of statuses) this.#display.apply({ kind: 'status', vertex, ...status });
    this.#display.apply({ kind: 'done', vertex, atMs });
    return { ok: true as const, digest, chainId };
  }
}

/** The platform that an image is asked for, unless it is the builder's own. */
function wanted(text: string): { platform?: Platform } {
  const parsed = parsePlatform(text);
  return parsed.ok && !isPlatform(HOST_PLATFORM, parsed.platform)
    ? { platform: parsed.platform }
    : {};
}
