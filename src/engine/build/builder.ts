import type { Kernel } from '../sim/kernel.ts';
import type { Processes } from '../sim/processes.ts';
import type { Table } from '../sim/store.ts';
import type { Containerd } from '../containerd/containerd.ts';
import { directory } from '../oci/entry.ts';
import { encodeJson } from '../oci/image.ts';
import { bytesBlob, layerOf, readManifest } from '../oci/layer.ts';
import { diffTrees, EMPTY_TREE, type FileTree } from '../oci/tree.ts';
import { copiedBytes, copyInto, pickFiles, withDirectories } from './context.ts';
import {
  builderService,
  type BuilderRequest,
  type CachedLayer,
  type ExportAnswer,
  type StepOutcome,
  type StepWork,
} from './api.ts';
import { FIGURES } from './figures.ts';
import { runInTree } from './run/run.ts';
import { solve } from './solve.ts';

/**
 * What a builder keeps and does for its programs: the cache, and the work on trees that a program
 * may not do itself, since it sees answers only.
 */
export class Builders {
  readonly #kernel: Kernel;
  readonly #processes: Processes;
  readonly #containerd: Containerd;
  readonly #cache: Table<string, CachedLayer>;

  constructor(kernel: Kernel, processes: Processes, containerd: Containerd) {
    this.#kernel = kernel;
    this.#processes = processes;
    this.#containerd = containerd;
    this.#cache = kernel.store.table<CachedLayer>('build/cache');
    processes.program('build/solve', solve);
  }

  addMachine(machine: string): void {
    this.#processes.service<BuilderRequest>(builderService(machine), (request) => {
      switch (request.op) {
        case 'lookup':
          return this.#cache.get(`${machine} ${request.key}`);
        case 'work':
          return this.#work(machine, request.chainId, request.work);
        case 'commit':
          return this.#commit(machine, request);
        case 'base': {
          const { content } = this.#containerd;
          const view = content.view(machine, request.digest);
          const { layers } = readManifest(content.blob(machine, request.digest)!);
          return { config: view.config, chainId: view.chainId, layers };
        }
        case 'export':
          return this.#export(machine, request);
      }
    });
  }

  /** Forgets every cached step of a machine; gives how many there were. */
  prune(machine: string): number {
    const keys = [...this.#cache.withPrefix(`${machine} `)].map(([key]) => key);
    for (const key of keys) this.#cache.delete(key);
    return keys.length;
  }

  #tree(machine: string, chainId: string): FileTree {
    return chainId === '' ? EMPTY_TREE : this.#containerd.content.tree(machine, chainId);
  }

  #work(machine: string, chainId: string, work: StepWork): StepOutcome {
    const tree = this.#tree(machine, chainId);
    const plain = { ok: true, output: [], exitCode: 0, simplified: [] };
    switch (work.do) {
      case 'workdir': {
        const after = withDirectories(tree, work.path, directory());
        return { ...plain, entries: diffTrees(tree, after), durationMs: FIGURES.workdirMs };
      }
      case 'copy': {
        const picked = pickFiles(work.context, work.spec.sources);
        const files = picked.ok ? picked.files : [];
        const after = copyInto(tree, files, work.spec, picked.ok && picked.fromDirectory);
        const moveMs = Math.ceil(copiedBytes(files) / FIGURES.copyBytesPerMs);
        return { ...plain, entries: diffTrees(tree, after), durationMs: FIGURES.copyMs + moveMs };
      }
      case 'run': {
        const ran = runInTree(tree, work.request);
        const { exitCode, output, durationMs, simplified } = ran;
        const ok = exitCode === 0;
        return { ok, entries: diffTrees(tree, ran.tree), durationMs, output, exitCode, simplified };
      }
    }
  }

  /** A step's layer goes into the content store and the cache. */
  #commit(machine: string, request: Extract<BuilderRequest, { op: 'commit' }>): CachedLayer {
    const { content } = this.#containerd;
    const layer = layerOf(request.entries);
    content.put(machine, layer.blob);
    const parent = request.chainId === '' ? undefined : request.chainId;
    const row: CachedLayer = {
      chainId: content.unpack(machine, layer.blob.digest, parent),
      digest: layer.blob.digest,
      diffId: layer.diffId,
      size: layer.blob.size,
      createdMs: this.#kernel.now,
    };
    this.#cache.set(`${machine} ${request.key}`, row);
    return row;
  }

  #export(machine: string, request: Extract<BuilderRequest, { op: 'export' }>): ExportAnswer {
    const { content } = this.#containerd;
    const config = bytesBlob(encodeJson(request.config));
    const { schemaVersion, mediaType, layers } = request.manifest;
    const descriptor = { mediaType: request.configType, digest: config.digest, size: config.size };
    const manifest = bytesBlob(
      encodeJson({ schemaVersion, mediaType, config: descriptor, layers }),
    );
    content.put(machine, config);
    content.put(machine, manifest);
    for (const name of request.names) content.name(machine, name, manifest.digest);
    return { digest: manifest.digest, configDigest: config.digest };
  }
}
