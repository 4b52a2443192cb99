import { assert } from '../sim/assert.ts';
import type { EventType, Kernel } from '../sim/kernel.ts';
import type { Waiter } from '../sim/process.ts';
import { LATER, type Processes } from '../sim/processes.ts';
import type { Index, Table } from '../sim/store.ts';
import { chainIds } from '../oci/digest.ts';
import { readManifest, readConfig, unpackLayer, type Blob } from '../oci/layer.ts';
import { applyLayer, EMPTY_TREE, type FileTree } from '../oci/tree.ts';
import type { Failure, ImageView } from './api.ts';

/**
 * What a machine keeps of images: blobs by digest (content store), image names, and unpacked
 * layers by chain ID (snapshots). A blob is fetched once: who wants one that is on its way waits.
 * Models containerd 2.2 `core/content`, `core/images`, `core/snapshots`.
 *
 * All machines share tables, keyed by machine first; blobs and trees are shared objects.
 */
export interface Snapshot {
  readonly tree: FileTree;
  /** Of its own layer alone. */
  readonly unpackedBytes: number;
}

interface ImageRow {
  readonly digest: string;
  readonly updatedMs: number;
}

/** A blob on its way: the process that fetches it, and who waits for it. */
interface Claim {
  readonly pid: number;
  readonly waiters: readonly Waiter[];
}

/** How often those who wait look whether the fetching process still lives. */
const CLAIM_CHECK_MS = 5000;

/** What programs ask of `content/MACHINE`. */
export type ContentRequest =
  | { readonly op: 'read'; readonly digest: string }
  | { readonly op: 'unpacked-size'; readonly digest: string }
  /** `have` when it is there, also after waiting for another's fetch; else it is the asker's. */
  | { readonly op: 'claim'; readonly digest: string }
  /** Ends a claim, with the blob or without. */
  | { readonly op: 'ingest'; readonly digest: string; readonly blob?: Blob }
  | { readonly op: 'has-snapshot'; readonly chainId: string }
  | { readonly op: 'unpack'; readonly digest: string; readonly parent?: string }
  | { readonly op: 'name'; readonly reference: string; readonly digest: string }
  | { readonly op: 'view'; readonly digest: string }
  | { readonly op: 'queue'; readonly queue: string; readonly digests: readonly string[] }
  | { readonly op: 'take'; readonly queue: string };

export const contentService = (machine: string): string => `content/${machine}`;

const keyOf = (machine: string, name: string): string => `${machine} ${name}`;

export class Content {
  readonly #kernel: Kernel;
  readonly #processes: Processes;
  readonly #blobs: Table<string, Blob>;
  readonly #images: Table<string, ImageRow>;
  readonly #snapshots: Table<string, Snapshot>;
  readonly #claims: Table<string, Claim>;
  readonly #check: EventType<{ key: string; pid: number }>;
  readonly #queues: Table<string, readonly string[]>;
  readonly #byDigest: Index<string, ImageRow>;

  constructor(kernel: Kernel, processes: Processes) {
    this.#kernel = kernel;
    this.#processes = processes;
    this.#blobs = kernel.store.table<Blob>('containerd/content');
    this.#images = kernel.store.table<ImageRow>('containerd/images');
    this.#snapshots = kernel.store.table<Snapshot>('containerd/snapshots');
    this.#claims = kernel.store.table<Claim>('containerd/claims');
    this.#check = kernel.event('containerd/claim-check', ({ key, pid }) => this.#look(key, pid));
    this.#queues = kernel.store.table<readonly string[]>('containerd/queues');
    this.#byDigest = this.#images.index((row, key) => [`${key.split(' ')[0] ?? ''} ${row.digest}`]);
  }

  addMachine(machine: string): void {
    this.#processes.service<ContentRequest>(contentService(machine), (request, asker) =>
      this.#answer(machine, request, asker),
    );
  }

  blob(machine: string, digest: string): Blob | undefined {
    return this.#blobs.get(keyOf(machine, digest));
  }

  put(machine: string, blob: Blob): void {
    const key = keyOf(machine, blob.digest);
    if (!this.#blobs.has(key)) this.#blobs.set(key, blob);
  }

  snapshot(machine: string, chainId: string): Snapshot | undefined {
    return this.#snapshots.get(keyOf(machine, chainId));
  }

  /** The merged tree of an image's layers. */
  tree(machine: string, chainId: string): FileTree {
    return chainId === '' ? EMPTY_TREE : this.#snapshots.need(keyOf(machine, chainId)).tree;
  }

  /** Unpacks a layer that is in the content store onto a snapshot; gives the new chain ID. */
  unpack(machine: string, digest: string, parent?: string): string {
    const layer = unpackLayer(this.#blobs.need(keyOf(machine, digest)));
    const [chainId = ''] = parent === undefined ? [layer.diffId] : extend(parent, layer.diffId);
    const key = keyOf(machine, chainId);
    if (!this.#snapshots.has(key)) {
      const below =
        parent === undefined ? EMPTY_TREE : this.#snapshots.need(keyOf(machine, parent)).tree;
      const tree = applyLayer(below, layer.entries);
      this.#snapshots.set(key, { tree, unpackedBytes: layer.unpackedBytes });
    }
    return chainId;
  }

  /** Points a name at a manifest that is in the content store. */
  name(machine: string, reference: string, digest: string): void {
    assert(this.#blobs.has(keyOf(machine, digest)), `no manifest ${digest} on ${machine}`);
    this.#images.set(keyOf(machine, reference), { digest, updatedMs: this.#kernel.now });
  }

  /** False when there was no such name. Blobs stay: they go when space is needed. */
  unname(machine: string, reference: string): boolean {
    return this.#images.delete(keyOf(machine, reference));
  }

  digestOf(machine: string, reference: string): string | undefined {
    return this.#images.get(keyOf(machine, reference))?.digest;
  }

  image(machine: string, reference: string): ImageView | undefined {
    const row = this.#images.get(keyOf(machine, reference));
    return row && this.#view(machine, reference, row);
  }

  /** An image by its manifest, whatever its names. */
  view(machine: string, digest: string): ImageView {
    return this.#view(machine, digest, { digest, updatedMs: this.#kernel.now });
  }

  /** Names that point at a manifest. */
  namesOf(machine: string, digest: string): string[] {
    const keys = this.#byDigest.keys(keyOf(machine, digest));
    return keys.map((key) => key.slice(machine.length + 1));
  }

  images(machine: string): ImageView[] {
    const prefix = `${machine} `;
    return [...this.#images.withPrefix(prefix)].map(([key, row]) =>
      this.#view(machine, key.slice(prefix.length), row),
    );
  }

  #view(machine: string, reference: string, row: ImageRow): ImageView {
    const blob = this.#blobs.need(keyOf(machine, row.digest));
    const manifest = readManifest(blob);
    const config = readConfig(this.#blobs.need(keyOf(machine, manifest.config.digest)));
    const chain = chainIds(config.rootfs.diff_ids);
    const sum = (sizes: readonly number[]) => sizes.reduce((a, b) => a + b, 0);
    return {
      reference,
      digest: row.digest,
      config,
      configDigest: manifest.config.digest,
      contentBytes: blob.size + manifest.config.size + sum(manifest.layers.map((l) => l.size)),
      unpackedBytes: sum(chain.map((id) => this.snapshot(machine, id)?.unpackedBytes ?? 0)),
      chainId: chain.at(-1) ?? '',
    };
  }

  #answer(machine: string, request: ContentRequest, asker: Waiter): unknown {
    switch (request.op) {
      case 'read':
        return this.#blobs.get(keyOf(machine, request.digest));
      case 'unpacked-size':
        return unpackLayer(this.#blobs.need(keyOf(machine, request.digest))).unpackedBytes;
      case 'claim':
        return this.#claim(machine, request.digest, asker);
      case 'ingest': {
        this.#ingest(machine, request.digest, request.blob);
        return;
      }
      case 'has-snapshot':
        return this.#snapshots.has(keyOf(machine, request.chainId));
      case 'unpack':
        return this.unpack(machine, request.digest, request.parent);
      case 'name':
        this.name(machine, request.reference, request.digest);
        return this.image(machine, request.reference);
      case 'view':
        return this.view(machine, request.digest);
      case 'queue':
        this.#queues.set(keyOf(machine, request.queue), request.digests);
        return undefined;
      case 'take': {
        const key = keyOf(machine, request.queue);
        const [next, ...rest] = this.#queues.get(key) ?? [];
        if (rest.length > 0) this.#queues.set(key, rest);
        else this.#queues.delete(key);
        return next;
      }
    }
  }

  #claim(machine: string, digest: string, asker: Waiter): unknown {
    const key = keyOf(machine, digest);
    if (this.#blobs.has(key)) return 'have';
    const claim = this.#claims.get(key);
    if (!claim || !this.#processes.isRunning(claim.pid)) {
      this.#claims.set(key, { pid: asker.pid, waiters: claim?.waiters ?? [] });
      return 'yours';
    }
    this.#claims.set(key, { ...claim, waiters: [...claim.waiters, asker] });
    if (claim.waiters.length === 0) this.#check.after(CLAIM_CHECK_MS, { key, pid: claim.pid });
    return LATER;
  }

  /** A fetch that was killed gives up its claim: the next in line tries. */
  #look(key: string, pid: number): void {
    const claim = this.#claims.get(key);
    if (claim?.pid !== pid || claim.waiters.length === 0) return;
    if (this.#processes.isRunning(pid)) this.#check.after(CLAIM_CHECK_MS, { key, pid });
    else this.#handOn(key, claim.waiters);
  }

  #handOn(key: string, waiting: readonly Waiter[]): void {
    const alive = waiting.filter(({ pid }) => this.#processes.isRunning(pid));
    const [first, ...waiters] = alive;
    if (!first) {
      this.#claims.delete(key);
      return;
    }
    this.#claims.set(key, { pid: first.pid, waiters });
    if (waiters.length > 0) this.#check.after(CLAIM_CHECK_MS, { key, pid: first.pid });
    this.#processes.reply(first, 'yours');
  }

  #ingest(machine: string, digest: string, blob: Blob | undefined): void {
    const key = keyOf(machine, digest);
    if (blob) this.put(machine, blob);
    const waiters = this.#claims.get(key)?.waiters ?? [];
    if (blob) {
      this.#claims.delete(key);
      for (const waiter of waiters) this.#processes.reply(waiter, 'have');
    } else this.#handOn(key, waiters);
  }
}

const extend = (parent: string, diffId: string): string[] => chainIds([parent, diffId]).slice(1);

export const notFound = (message: string): Failure => ({ ok: false, code: 'NotFound', message });
