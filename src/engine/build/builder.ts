import type { Kernel } from '../sim/kernel.ts';
import type { Processes } from '../sim/processes.ts';
import { rfc3339Nano } from '../sim/clock.ts';
import type { Containerd } from '../containerd/containerd.ts';
import { selectManifest } from '../containerd/image-view.ts';
import { chainIds } from '../oci/digest.ts';
import type { MachineFiles } from '../machine/files.ts';
import { encodeJson, MEDIA, type ImageConfig, type Manifest } from '../oci/image.ts';
import { bytesBlob, layerOf, readConfig, readManifest } from '../oci/layer.ts';
import type { Platform } from '../oci/platform.ts';
import type { FileTree } from '../oci/tree.ts';
import {
  builderService,
  type BuilderRequest,
  type BuiltLayer,
  type CacheRecord,
  type ExportAnswer,
  type ExportImage,
  type Result,
} from './api.ts';
import { BuildCache, type PruneOptions, type Pruned } from './cache.ts';
import { Contexts } from './contexts.ts';
import { subtree } from './files.ts';
import { metadata, type Lookup } from './metadata.ts';
import { probe } from './probe.ts';
import { solve } from './solve.ts';
import { MountCaches } from './mount-caches.ts';
import { runStep } from './steps.ts';
import { tick, work } from './work.ts';

/**
 * What a builder keeps and does for its programs: contexts, the cache, and the work on trees that a
 * program may not do itself, since it sees answers only.
 */
export class Builders {
  readonly #kernel: Kernel;
  readonly #processes: Processes;
  readonly #containerd: Containerd;
  readonly #cache: BuildCache;
  readonly #contexts: Contexts;
  readonly #mounts: MountCaches;

  readonly #files: MachineFiles | undefined;

  /** @param files of the machines, where directories of cache mounts are */
  constructor(kernel: Kernel, processes: Processes, containerd: Containerd, files?: MachineFiles) {
    this.#files = files;
    this.#kernel = kernel;
    this.#processes = processes;
    this.#containerd = containerd;
    this.#cache = new BuildCache(kernel);
    this.#contexts = new Contexts(kernel);
    this.#mounts = new MountCaches(kernel);
    processes.program('build/solve', solve);
    processes.program('build/work', work);
    processes.program('build/tick', tick);
    processes.program('build/metadata', metadata);
  }

  addMachine(machine: string): void {
    this.#processes.service<BuilderRequest>(builderService(machine), (request) =>
      this.#answer(machine, request),
    );
  }

  /** The records of the build cache, the oldest first. */
  usage(machine: string): CacheRecord[] {
    return [...this.#cache.records(machine), ...this.#mounts.records(machine)];
  }

  /** Removes records; by default those that no image uses. */
  prune(machine: string, options: PruneOptions = {}): Pruned {
    const before = this.#cache.needs(machine);
    const pruned = this.#cache.prune(machine, options);
    const mounts = this.#mounts.prune(machine, options, (path) => {
      this.#files?.removeTree(machine, path);
    });
    // A build that runs stands on layers that no record tells of yet.
    if (!this.#contexts.isOpen(machine)) {
      this.#containerd.content.sweep(machine, before, this.#cache.needs(machine));
    }
    return {
      records: [...pruned.records, ...mounts.records],
      bytes: pruned.bytes + mounts.bytes,
    };
  }

  #answer(machine: string, request: BuilderRequest): unknown {
    const { content } = this.#containerd;
    switch (request.op) {
      case 'open':
        this.#contexts.open(machine, request.build, request.contexts);
        return undefined;
      case 'close':
        this.#contexts.close(machine, request.build);
        return undefined;
      case 'transfer':
        return this.#contexts.transfer(machine, request.build, request.context, request.paths);
      case 'probe': {
        const { vertex, inputs, noCache } = request;
        const trees = (result: Result | undefined) => this.#tree(machine, request.build, result);
        return probe(this.#cache, machine, vertex, inputs, noCache, trees);
      }
      case 'step': {
        const { vertex, inputs } = request;
        const trees = (result: Result | undefined) => this.#tree(machine, request.build, result);
        return runStep(vertex, inputs, trees);
      }
      case 'stage':
        return this.#stage(machine, request);
      case 'unstage':
        return content.unname(machine, stagedName(request.id));
      case 'subtree':
        return subtree(this.#tree(machine, request.build, request.input), request.path);
      case 'mounted':
        this.#mounts.used(machine, request.id, request.sizeBytes);
        return undefined;
      case 'commit':
        return this.#commit(machine, request);
      case 'merge':
        return this.#merge(machine, request);
      case 'base':
        return this.#base(machine, request.digest, request.platform);
      case 'lookup':
        return this.#lookup(machine, request.reference);
      case 'export':
        return this.#export(machine, request.images, request.names);
      case 'files':
        return content.tree(machine, request.chainId);
    }
  }

  #tree(machine: string, build: string, result: Result | undefined): FileTree {
    const { content } = this.#containerd;
    return result?.context === undefined
      ? content.tree(machine, result?.chainId ?? '')
      : this.#contexts.tree(machine, build, result.context);
  }

  /** An image of what a RUN begins with; its name lasts as long as the step. */
  #stage(
    machine: string,
    { id, base, platform }: Extract<BuilderRequest, { op: 'stage' }>,
  ): string {
    const { content } = this.#containerd;
    const layers = base?.layers ?? [];
    const config: ImageConfig = {
      ...{ architecture: platform.split('/')[1] ?? 'amd64', config: {}, history: [] },
      ...{
        created: '1970-01-01T00:00:00Z',
        os: 'linux',
        rootfs: { type: 'layers', diff_ids: layers.map(({ diffId }) => diffId) },
      },
    };
    const { digest } = this.#put(machine, { config, layers });
    content.name(machine, stagedName(id), digest);
    return stagedName(id);
  }

  /** What is known of an image before a registry is asked. */
  #lookup(machine: string, reference: string): Lookup {
    const { content } = this.#containerd;
    const canAsk = this.#processes.hasService('registry');
    const digest = content.digestOf(machine, reference);
    const view = digest === undefined ? undefined : content.image(machine, reference);
    return view ? { canAsk, local: { digest: view.digest, config: view.config } } : { canAsk };
  }

  #base(machine: string, digest: string, platform: Platform | undefined) {
    const { content } = this.#containerd;
    const read = (one: string) => content.blob(machine, one);
    const chosen = selectManifest(read, digest, platform);
    const blob = chosen && read(chosen.digest);
    if (!blob) return undefined;
    const { layers, config } = readManifest(blob);
    const own = readConfig(read(config.digest)!);
    const chain = chainIds(own.rootfs.diff_ids);
    if (!chain.every((id) => content.snapshot(machine, id))) return undefined;
    const times = own.history.filter((entry) => !entry.empty_layer);
    const built: BuiltLayer[] = layers.map((layer, i) => ({
      digest: layer.digest,
      diffId: own.rootfs.diff_ids[i]!,
      size: layer.size,
      created: times[i]?.created ?? own.created,
    }));
    return { chainId: chain.at(-1) ?? '', layers: built };
  }

  /** A step's layer goes into the content store and the cache. */
  #commit(machine: string, request: Extract<BuilderRequest, { op: 'commit' }>): Result {
    const { content } = this.#containerd;
    const { base, keys, description } = request;
    const layer = layerOf(request.entries);
    content.put(machine, layer.blob);
    const parent = base === undefined || base.chainId === '' ? undefined : base.chainId;
    const chainId = content.unpack(machine, layer.blob.digest, parent);
    const own: BuiltLayer = {
      digest: layer.blob.digest,
      diffId: layer.diffId,
      size: layer.blob.size,
      created: rfc3339Nano(this.#kernel.now),
    };
    const layers = [...(base?.layers ?? []), own];
    // The image it is built upon may go; what its layers unpack to stays, and so do they.
    content.lease(
      machine,
      layers.map(({ digest }) => digest),
    );
    return this.#cache.add(
      machine,
      keys,
      { chainId, layers },
      {
        ...{ description, sizeBytes: layer.unpackedBytes },
        parents: base === undefined ? [] : [base.key],
      },
    );
  }

  /** Linked layers upon those of another tree; they need not be made anew. */
  #merge(machine: string, request: Extract<BuilderRequest, { op: 'merge' }>): Result {
    const { content } = this.#containerd;
    const [base, linked] = request.inputs as [Result, Result];
    let { chainId } = base;
    for (const { digest } of linked.layers) {
      chainId = content.unpack(machine, digest, chainId === '' ? undefined : chainId);
    }
    const layers = [...base.layers, ...linked.layers];
    return this.#cache.add(
      machine,
      request.keys,
      { chainId, layers },
      {
        ...{ description: request.description, sizeBytes: 0, parents: [base.key, linked.key] },
      },
    );
  }

  #export(machine: string, images: readonly ExportImage[], names: readonly string[]): ExportAnswer {
    const { content } = this.#containerd;
    const manifests = images.map((image) => {
      this.#cache.share(machine, chainIds(image.config.rootfs.diff_ids));
      return this.#put(machine, image);
    });
    const { digest } = manifests[0]!;
    for (const name of names) content.assign(machine, name, digest);
    if (names.length === 0) content.keep(machine, digest);
    return { digest, manifests };
  }

  #put(machine: string, { config, layers }: ExportImage) {
    const { content } = this.#containerd;
    const blob = bytesBlob(encodeJson(config));
    content.put(machine, blob);
    const manifest: Manifest = {
      schemaVersion: 2,
      mediaType: MEDIA.manifest,
      config: { mediaType: MEDIA.config, digest: blob.digest, size: blob.size },
      layers: layers.map(({ digest, size }) => ({ mediaType: MEDIA.layerGzip, digest, size })),
    };
    const own = bytesBlob(encodeJson(manifest));
    content.put(machine, own);
    return { digest: own.digest, configDigest: blob.digest };
  }
}

const stagedName = (id: string): string => `buildkit.invalid/step:${id.slice(0, 40)}`;
