import { ask, now, record, sleep, write, type Program } from '../sim/process.ts';
import { containerdService, type Answers } from '../containerd/api.ts';
import type { ImageConfig } from '../oci/image.ts';
import { HOST_PLATFORM, isPlatform, parsePlatform } from '../oci/platform.ts';
import { familiarName, parseReference } from '../oci/reference.ts';
import {
  builderService,
  type BuilderRequest,
  type BuiltLayer,
  type Probe,
  type Result,
  type StepOutcome,
} from './api.ts';
import type { LayerEntries } from '../oci/entry.ts';
import { runInContainer } from './container.ts';
import { FIGURES } from './figures.ts';
import type { Op, Vertex } from './ops.ts';
import type { ProgressEvent } from './progress.ts';

/** One vertex of a build, done by a process of its own, so that stages go on side by side. */
export interface WorkArgs {
  readonly machine: string;
  readonly by: string;
  readonly build: string;
  /** The image being built, for the trace. */
  readonly image: string;
  readonly vertex: Vertex;
  readonly inputs: readonly Result[];
  readonly secrets: Readonly<Record<string, string>>;
  /** Of a context: which paths the build names. */
  readonly paths: readonly string[];
  /** Where it tells how it goes. */
  readonly events: number;
}

/** What a worker tells: how it goes, and at last what came of it. */
export type WorkEvent =
  | ProgressEvent
  | { readonly kind: 'tick' }
  | { readonly kind: 'beat' }
  | { readonly kind: 'result'; readonly vertex: string; readonly result: Result }
  | { readonly kind: 'metadata'; readonly vertex: string; readonly answer: Metadata };

export interface TickArgs {
  readonly events: number;
  readonly delayMs: number;
  /** It is time to print, or to see whether somebody still listens. */
  readonly kind: 'tick' | 'beat';
}

export const tick: Program<TickArgs, void> = function* ({ events, delayMs, kind }) {
  yield* sleep(delayMs);
  yield* write(events, { kind });
};

export type Metadata =
  | { readonly ok: true; readonly digest: string; readonly config: ImageConfig }
  | { readonly ok: false; readonly message: string };

export const work: Program<WorkArgs, void> = function* (args) {
  yield* new Worker(args).run();
};

class Worker {
  readonly #args: WorkArgs;

  constructor(args: WorkArgs) {
    this.#args = args;
  }

  *run() {
    const { vertex } = this.#args;
    const { digest, name, op } = vertex;
    yield* this.#tell({ kind: 'start', vertex: digest, name, atMs: yield* now() });
    switch (op.op) {
      case 'image':
        return yield* this.#image(op);
      case 'local':
        return yield* this.#local(op);
      default:
        return yield* this.#step(op);
    }
  }

  #tell(event: WorkEvent) {
    return write(this.#args.events, event);
  }

  #builder<T>(request: BuilderRequest) {
    return ask<T>(builderService(this.#args.machine), request);
  }

  *#done(result: Result, cached = false) {
    const vertex = this.#args.vertex.digest;
    yield* this.#tell({ kind: 'result', vertex, result });
    const atMs = yield* now();
    yield* this.#tell({ kind: 'done', vertex, atMs, ...(cached ? { cached } : {}) });
  }

  /** @param wrapped what the whole build says in front of the vertex's own words */
  *#fail(error: string, wrapped = '') {
    const vertex = this.#args.vertex.digest;
    yield* this.#tell({ kind: 'done', vertex, atMs: yield* now(), error, wrapped });
  }

  *#note(cached: boolean) {
    const { by, image, vertex } = this.#args;
    const line = vertex.lines?.start ?? 0;
    yield* record({
      ...{ actor: by, verb: cached ? 'step-cached' : 'step', object: `image ${image}` },
      detail: { step: plainName(vertex), cached, line },
    });
  }

  /** FROM: what is missing of the image is fetched. */
  *#image({ reference, platform }: Extract<Op, { op: 'image' }>) {
    const { machine, by, vertex } = this.#args;
    const digest = reference.slice(reference.lastIndexOf('@') + 1);
    const parsed = parsePlatform(platform);
    const other = parsed.ok && !isPlatform(HOST_PLATFORM, parsed.platform);
    const wanted = other ? { platform: parsed.platform } : {};
    const base: BuilderRequest = { op: 'base', digest, ...wanted };
    const there = yield* this.#builder<Base | undefined>(base);
    yield* this.#note(there !== undefined);
    if (there) return yield* this.#done(resultOf(there), true);
    const startedMs = yield* now();
    const request = { op: 'pull', reference, by, unnamed: true, ...wanted };
    const pulled = yield* ask<Answers['pull']>(containerdService(machine), request);
    if (!pulled.ok) return yield* this.#fail(pulled.message);
    const own = { kind: 'status', vertex: vertex.digest } as const;
    const text = `resolve ${reference}`;
    yield* this.#tell({ ...own, text, startedMs, doneMs: startedMs });
    for (const { present, digest: layer, bytes, durationMs } of pulled.layers) {
      if (present) continue;
      const size = { current: bytes, total: bytes };
      yield* this.#tell({ ...own, text: layer, ...size, startedMs: 0, doneMs: durationMs });
    }
    const fetched = yield* this.#builder<Base | undefined>(base);
    if (!fetched) return yield* this.#fail(`content digest ${digest}: not found`);
    return yield* this.#done(resultOf(fetched));
  }

  *#local({ context }: Extract<Op, { op: 'local' }>) {
    const { build, paths, vertex } = this.#args;
    const wanted = context === 'context' ? paths : ['/'];
    const { bytes } = yield* this.#builder<{ bytes: number }>({
      ...{ op: 'transfer', build, context, paths: wanted },
    });
    yield* sleep(FIGURES.contextMs);
    const startedMs = yield* now();
    yield* sleep(Math.ceil(bytes / FIGURES.contextBytesPerMs));
    const own = { kind: 'status', vertex: vertex.digest } as const;
    const text = 'transferring context:';
    const doneMs = yield* now();
    yield* this.#tell({ ...own, text, current: Math.max(2, bytes), startedMs, doneMs });
    yield* this.#done({ key: `context ${build} ${context}`, chainId: '', layers: [], context });
  }

  *#step(op: Op) {
    const { build, vertex, inputs } = this.#args;
    const own = { build, vertex, inputs };
    const probe = yield* this.#builder<Probe>({ op: 'probe', noCache: vertex.noCache, ...own });
    if (probe.found === 'fault')
      return yield* this.#fail(probe.message, 'failed to compute cache key: ');
    if (!vertex.hidden) yield* this.#note(probe.found === 'hit');
    if (probe.found === 'hit') return yield* this.#done(probe.result, true);
    const { keys } = probe;
    const description = describe(vertex);
    const below = 'base' in op && op.base !== undefined ? inputs[op.base] : undefined;
    if ((below?.layers.length ?? 0) >= STACK_LIMIT) return yield* this.#fail(TOO_DEEP);
    if (op.op === 'merge') {
      yield* sleep(FIGURES.mergeMs);
      const merge = { op: 'merge', keys, inputs, description } as const;
      return yield* this.#done(yield* this.#builder<Result>(merge));
    }
    if (op.op === 'exec') return yield* this.#exec(op, keys, description);
    const outcome = yield* this.#builder<StepOutcome>({ op: 'step', ...own });
    if (!outcome.ok) return yield* this.#fail(outcome.message);
    yield* sleep(outcome.durationMs);
    const base = 'base' in op && op.base !== undefined ? inputs[op.base] : undefined;
    yield* this.#commit(keys, base, outcome.entries, description);
  }

  *#commit(
    keys: readonly string[],
    base: Result | undefined,
    entries: LayerEntries,
    description: string,
  ) {
    const commit = { op: 'commit', keys, base, entries, description } as const;
    const result = yield* this.#builder<Result>(commit);
    yield* this.#layerNote(result);
    yield* this.#done(result);
  }

  /** RUN: a container of the tree, its process, and what it changed. */
  *#exec(op: Extract<Op, { op: 'exec' }>, keys: readonly string[], description: string) {
    const { machine, build, vertex, inputs, secrets } = this.#args;
    const startedMs = yield* now();
    const tell = (text: string, atMs: number) =>
      this.#tell({ kind: 'log', vertex: vertex.digest, text, atMs });
    const base = op.base === undefined ? undefined : inputs[op.base];
    const name = vertex.name.replace(/^\[[^\]]*\] /, '');
    const { noCache } = vertex;
    const step = { machine, build, op, inputs, base, secrets, startedMs, name, noCache };
    const ran = yield* runInContainer(step, tell);
    if (!ran.ok) return yield* this.#fail(ran.message);
    yield* this.#commit(keys, base, ran.entries, description);
  }

  *#layerNote(result: Result) {
    const layer = result.layers.at(-1);
    if (!layer) return;
    const { digest, size: bytes, diffId } = layer;
    yield* record({
      ...{ actor: this.#args.by, verb: 'layer', object: `layer ${digest}` },
      detail: { step: this.#args.vertex.name, bytes, diffId },
    });
  }
}

interface Base {
  readonly chainId: string;
  readonly layers: readonly BuiltLayer[];
}

const resultOf = ({ chainId, layers }: Base): Result => ({
  ...{ key: `image ${chainId}`, chainId, layers },
});

/** Linux stacks so many directories in an overlay, and no more (`fs/overlayfs/params.c`). */
const STACK_LIMIT = 500;
const TOO_DEEP =
  'failed to mount /var/lib/docker/tmp/buildkit-mount: mount source: "overlay", target: ' +
  '"/var/lib/docker/tmp/buildkit-mount", fstype: overlay, flags: 0, err: invalid argument';

/** The step as a person would name it: a base image without its digest. */
function plainName({ op, name }: Vertex): string {
  if (op.op !== 'image') return name;
  const parsed = parseReference(op.reference);
  if (!parsed.ok) return name;
  const { tag } = parsed.reference;
  const plain = familiarName(parsed.reference) + (tag === undefined ? '' : `:${tag}`);
  return name.replace(op.reference, plain);
}

/** What `docker buildx du --verbose` says of a record. */
function describe({ op, name }: Vertex): string {
  const written = name.replace(/^\[[^\]]*\] /, '');
  if (op.op === 'exec') return `mount / from exec ${op.args.join(' ')}`;
  return op.op === 'image' ? `pulled from ${op.reference}` : written;
}
