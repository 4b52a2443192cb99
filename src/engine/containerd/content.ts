import { assert } from '../sim/assert.ts';
import type { EventType, Kernel } from '../sim/kernel.ts';
import type { Waiter } from '../sim/process.ts';
import { LATER, type Processes } from '../sim/processes.ts';
import type { Index, Table } from '../sim/store.ts';
import { chainIds } from '../oci/digest.ts';
import type { Descriptor } from '../oci/image.ts';
import { readJsonBlob, readManifest, unpackLayer, type Blob } from '../oci/layer.ts';
import { childrenOf } from '../oci/layout.ts';
import type { Platform } from '../oci/platform.ts';
import { applyLayer, EMPTY_TREE, type FileTree } from '../oci/tree.ts';
import type { Failure, ImageView } from './api.ts';
import { contentService, type ContentRequest } from './content-request.ts';
import { DiskSpeed } from './disk-speed.ts';
import {
  manifestsOf,
  mediaTypeOf,
  selectManifest,
  viewManifest,
  type Reader,
} from './image-view.ts';
import { Seen } from './seen.ts';

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

/** A name and what it points at: a manifest, or an index of several. */
export interface ImageRow {
  readonly digest: string;
  readonly createdMs: number;
  readonly updatedMs: number;
}

/** Where a blob came from or went to: `docker.io library/nginx`. Others there can mount it. */
type Sources = readonly string[];

/** A blob on its way: the process that fetches it, and who waits for it. */
interface Claim {
  readonly pid: number;
  readonly waiters: readonly Waiter[];
}

/** How often those who wait look whether the fetching process still lives. */
const CLAIM_CHECK_MS = 5000;

/** An image that lost its last name to another stays under this and its digest. */
export const DANGLING = 'moby-dangling@';

export const isDangling = (reference: string): boolean => reference.startsWith(DANGLING);

const keyOf = (machine: string, name: string): string => `${machine} ${name}`;

export class Content {
  readonly disks: DiskSpeed;
  readonly #kernel: Kernel;
  readonly #processes: Processes;
  readonly #blobs: Table<string, Blob>;
  readonly #images: Table<string, ImageRow>;
  readonly #snapshots: Table<string, Snapshot>;
  readonly #claims: Table<string, Claim>;
  readonly #check: EventType<{ key: string; pid: number }>;
  readonly #queues: Table<string, readonly Descriptor[]>;
  readonly #byDigest: Index<string, ImageRow>;
  readonly #sources: Table<string, Sources>;
  readonly #leases: Table<string, true>;
  /** Bytes of blobs and of unpacked layers, by machine. */
  readonly #stored: Table<string, number>;
  #used: (machine: string) => readonly string[] = () => [];
  readonly #views: Seen<ImageView | undefined>;
  readonly #trees: Seen<FileTree>;

  constructor(kernel: Kernel, processes: Processes) {
    this.disks = new DiskSpeed(kernel);
    this.#kernel = kernel;
    this.#processes = processes;
    this.#blobs = kernel.store.table<Blob>('containerd/content');
    this.#images = kernel.store.table<ImageRow>('containerd/images');
    this.#snapshots = kernel.store.table<Snapshot>('containerd/snapshots');
    this.#views = new Seen([this.#blobs, this.#images, this.#snapshots]);
    this.#trees = new Seen([this.#snapshots]);
    this.#claims = kernel.store.table<Claim>('containerd/claims');
    this.#check = kernel.event('containerd/claim-check', ({ key, pid }) => this.#look(key, pid));
    this.#queues = kernel.store.table<readonly Descriptor[]>('containerd/queues');
    this.#sources = kernel.store.table<Sources>('containerd/sources');
    this.#leases = kernel.store.table<true>('containerd/leases');
    this.#stored = kernel.store.table<number>('containerd/stored');
    this.#byDigest = this.#images.index((row, key) => [`${key.split(' ')[0] ?? ''} ${row.digest}`]);
  }

  /** Tells which snapshots the containers of a machine stand on, by chain ID. */
  usedBy(containers: (machine: string) => readonly string[]): void {
    this.#used = containers;
  }

  addMachine(machine: string): void {
    this.#processes.service<ContentRequest>(contentService(machine), (request, asker) =>
      this.#answer(machine, request, asker),
    );
  }

  blob(machine: string, digest: string): Blob | undefined {
    return this.#blobs.get(keyOf(machine, digest));
  }

  /** Stores what was made here; it stays when no image needs it, until {@link sweep}. */
  put(machine: string, blob: Blob): void {
    this.add(machine, blob);
    this.#leases.set(keyOf(machine, blob.digest), true);
  }

  /** Keeps layers that are here for who stands on them, until {@link sweep}. */
  lease(machine: string, digests: readonly string[]): void {
    for (const digest of digests) {
      const key = keyOf(machine, digest);
      if (this.#blobs.has(key)) this.#leases.set(key, true);
    }
  }

  /** Stores what an image is going to need. */
  add(machine: string, blob: Blob): void {
    const key = keyOf(machine, blob.digest);
    if (this.#blobs.has(key)) return;
    this.#blobs.set(key, blob);
    this.#store(machine, blob.size);
  }

  /** Bytes of all blobs and unpacked layers that are here. */
  storedBytes(machine: string): number {
    return this.#stored.get(machine) ?? 0;
  }

  #store(machine: string, moreBytes: number): void {
    this.#stored.set(machine, this.storedBytes(machine) + moreBytes);
  }

  snapshot(machine: string, chainId: string): Snapshot | undefined {
    return this.#snapshots.get(keyOf(machine, chainId));
  }

  /** The merged tree of an image's layers. */
  tree(machine: string, chainId: string): FileTree {
    const find = () => this.#snapshots.need(keyOf(machine, chainId)).tree;
    return chainId === '' ? EMPTY_TREE : this.#trees.get(machine, chainId, find);
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
      this.#store(machine, layer.unpackedBytes);
    }
    return chainId;
  }

  /** Points a name at a manifest or an index that is in the content store. */
  name(machine: string, reference: string, digest: string): void {
    assert(this.#blobs.has(keyOf(machine, digest)), `no manifest ${digest} on ${machine}`);
    const key = keyOf(machine, reference);
    const updatedMs = this.#kernel.now;
    const createdMs = this.#images.get(key)?.createdMs ?? updatedMs;
    this.#images.set(key, { digest, createdMs, updatedMs });
  }

  /** False when there was no such name. Blobs stay: they go when space is needed. */
  unname(machine: string, reference: string): boolean {
    return this.#images.delete(keyOf(machine, reference));
  }

  /**
   * Points a name at an image as Docker does: what it pointed at before is kept, though without a
   * name when it had no other.
   */
  assign(machine: string, reference: string, digest: string): void {
    const before = this.digestOf(machine, reference);
    this.name(machine, reference, digest);
    this.unname(machine, DANGLING + digest);
    if (before !== undefined && before !== digest) this.keep(machine, before);
  }

  /** An image that has no name any more stays, under one that nobody types. */
  keep(machine: string, digest: string): void {
    if (!this.blob(machine, digest) || this.namesOf(machine, digest).length > 0) return;
    this.name(machine, DANGLING + digest, digest);
  }

  digestOf(machine: string, reference: string): string | undefined {
    return this.row(machine, reference)?.digest;
  }

  row(machine: string, reference: string): ImageRow | undefined {
    return this.#images.get(keyOf(machine, reference));
  }

  image(machine: string, reference: string, platform?: Platform): ImageView | undefined {
    const find = () => {
      const row = this.row(machine, reference);
      return row && this.#view(machine, reference, row.digest, platform);
    };
    return platform ? find() : this.#views.get(machine, reference, find);
  }

  /** An image by its manifest or index, whatever its names. */
  view(machine: string, digest: string, platform?: Platform): ImageView {
    return this.#view(machine, digest, digest, platform);
  }

  /** The manifest of the platform that fits this machine best. */
  manifestOf(machine: string, digest: string): Blob {
    const reader = this.reader(machine);
    return reader(selectManifest(reader, digest)?.digest ?? digest)!;
  }

  /** The manifests of an image, those of an index in its order. */
  manifestsOf(machine: string, digest: string): readonly Descriptor[] {
    return manifestsOf(this.reader(machine), digest);
  }

  /** A manifest or an index as something that points at it says. */
  describe(machine: string, digest: string): Descriptor {
    const blob = this.#blobs.need(keyOf(machine, digest));
    return { mediaType: mediaTypeOf(blob), digest, size: blob.size };
  }

  reader(machine: string): Reader {
    return (digest) => this.#blobs.get(keyOf(machine, digest));
  }

  /** Names that point at a manifest or an index. */
  namesOf(machine: string, digest: string): string[] {
    const keys = this.#byDigest.keys(keyOf(machine, digest));
    return keys.map((key) => key.slice(machine.length + 1));
  }

  /** All names with what they point at, in the order of the names. */
  rows(machine: string): [reference: string, row: ImageRow][] {
    const prefix = `${machine} `;
    return [...this.#images.withPrefix(prefix)].map(([key, row]) => [
      key.slice(prefix.length),
      row,
    ]);
  }

  images(machine: string): ImageView[] {
    return this.rows(machine).map(([reference, row]) => this.#view(machine, reference, row.digest));
  }

  #view(machine: string, reference: string, digest: string, platform?: Platform): ImageView {
    const reader = this.reader(machine);
    const usage = (chainId: string): number => this.snapshot(machine, chainId)?.unpackedBytes ?? 0;
    return viewManifest(reader, usage, { reference, digest }, platform);
  }

  sourcesOf(machine: string, digest: string): Sources {
    return this.#sources.get(keyOf(machine, digest)) ?? [];
  }

  addSource(machine: string, digest: string, source: string): void {
    const before = this.sourcesOf(machine, digest);
    if (!before.includes(source)) this.#sources.set(keyOf(machine, digest), [...before, source]);
  }

  /** Everything that a manifest or an index needs and that is here, itself first. */
  reachable(machine: string, digest: string): string[] {
    const found = new Set<string>();
    const visit = (at: string, mediaType: string | undefined): void => {
      const blob = this.blob(machine, at);
      if (!blob || found.has(at)) return;
      found.add(at);
      for (const child of childrenOf(mediaType ?? mediaTypeOf(blob), blob)) {
        visit(child.digest, child.mediaType);
      }
    };
    visit(digest, undefined);
    return [...found];
  }

  /** Everything of an image that is here with its bytes: blobs, and layers as unpacked. */
  weights(machine: string, digest: string): ReadonlyMap<string, number> {
    const weights = new Map<string, number>();
    for (const one of this.reachable(machine, digest)) {
      weights.set(one, this.blob(machine, one)?.size ?? 0);
    }
    for (const id of this.#chains(machine, digest)) {
      weights.set(`layer ${id}`, this.snapshot(machine, id)?.unpackedBytes ?? 0);
    }
    return weights;
  }

  /**
   * Removes what only an image without names needed: blobs, and unpacked layers that no container
   * uses. Gives what went.
   */
  collect(machine: string, digest: string): { digests: string[]; bytes: number } {
    if (this.namesOf(machine, digest).length > 0) return { digests: [], bytes: 0 };
    const others = new Set<string>();
    const chains = new Set(this.#used(machine));
    for (const [, row] of this.rows(machine)) {
      for (const one of this.reachable(machine, row.digest)) others.add(one);
      for (const chain of this.#chains(machine, row.digest)) chains.add(chain);
    }
    const own = this.reachable(machine, digest);
    // A layer that somebody made something upon keeps what it was unpacked to.
    const isKept = ([id, layer]: readonly [string, string]): boolean =>
      chains.has(id) || this.#leases.has(keyOf(machine, layer));
    const goneChains = [...this.#unpacked(machine, digest)].filter((one) => !isKept(one));
    let bytes = 0;
    const digests = own.filter((one) => {
      const key = keyOf(machine, one);
      const blob = this.#blobs.get(key);
      const isLayer = readJsonBlob(blob!) === undefined;
      if (others.has(one) || (isLayer && this.#leases.has(key))) return false;
      bytes += blob?.size ?? 0;
      for (const table of [this.#blobs, this.#sources, this.#leases]) table.delete(key);
      return true;
    });
    for (const [chain] of goneChains) {
      bytes += this.snapshot(machine, chain)?.unpackedBytes ?? 0;
      this.#snapshots.delete(keyOf(machine, chain));
    }
    this.#store(machine, -bytes);
    return { digests, bytes };
  }

  /**
   * Ends the leases of what was made here but for `made`, and removes what no image needs then; of
   * snapshots only those that are `gone` for who made them, since a pull may be under way
   * (containerd 2.2 `core/metadata/gc.go`).
   */
  sweep(machine: string, gone: ReadonlySet<string>, made: ReadonlySet<string>): void {
    const needed = new Set([...made, ...this.#used(machine)]);
    for (const [, row] of this.rows(machine)) {
      for (const one of this.reachable(machine, row.digest)) needed.add(one);
      for (const chain of this.#chains(machine, row.digest)) needed.add(chain);
    }
    for (const [key] of [...this.#leases.withPrefix(`${machine} `)]) {
      const digest = key.slice(machine.length + 1);
      if (made.has(digest)) continue;
      this.#leases.delete(key);
      if (needed.has(digest)) continue;
      this.#store(machine, -(this.#blobs.get(key)?.size ?? 0));
      this.#blobs.delete(key);
      this.#sources.delete(key);
    }
    for (const chain of gone) {
      if (needed.has(chain)) continue;
      this.#store(machine, -(this.snapshot(machine, chain)?.unpackedBytes ?? 0));
      this.#snapshots.delete(keyOf(machine, chain));
    }
  }

  /** The unpacked layers of all its platforms that are here, by chain ID, with their digests. */
  #unpacked(machine: string, digest: string): Map<string, string> {
    const reader = this.reader(machine);
    const found = new Map<string, string>();
    for (const one of manifestsOf(reader, digest)) {
      const blob = reader(one.digest);
      const manifest = blob && readManifest(blob);
      const config = manifest && reader(manifest.config.digest);
      const value = config && (readJsonBlob(config) as { rootfs?: { diff_ids?: string[] } });
      chainIds(value?.rootfs?.diff_ids ?? []).forEach((id, at) => {
        if (this.snapshot(machine, id)) found.set(id, manifest?.layers[at]?.digest ?? '');
      });
    }
    return found;
  }

  #chains(machine: string, digest: string): string[] {
    return [...this.#unpacked(machine, digest).keys()];
  }

  #answer(machine: string, request: ContentRequest, asker: Waiter): unknown {
    switch (request.op) {
      case 'read':
        return this.#blobs.get(keyOf(machine, request.digest));
      case 'unpacking':
        return this.disks.unpacking(
          machine,
          unpackLayer(this.#blobs.need(keyOf(machine, request.digest))).unpackedBytes,
        );
      case 'claim':
        return this.#claim(machine, request.digest, asker);
      case 'ingest': {
        this.#ingest(machine, request);
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
        return this.view(machine, request.digest, request.platform);
      case 'resolve':
        return this.digestOf(machine, request.reference);
      case 'unname':
        return this.unname(machine, request.reference);
      case 'keep':
        this.keep(machine, request.digest);
        return;
      case 'describe':
        return this.describe(machine, request.digest);
      case 'manifests':
        return this.manifestsOf(machine, request.digest);
      case 'sources':
        return this.sourcesOf(machine, request.digest);
      case 'add-source':
        this.addSource(machine, request.digest, request.source);
        return;
      case 'queue':
        this.#queues.set(keyOf(machine, request.queue), request.blobs);
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

  #ingest(machine: string, request: Extract<ContentRequest, { op: 'ingest' }>): void {
    const { digest, blob, source, lease = false } = request;
    const key = keyOf(machine, digest);
    if (blob) {
      this.add(machine, blob);
      if (lease) this.#leases.set(key, true);
    }
    if (blob && source !== undefined) this.addSource(machine, digest, source);
    const waiters = this.#claims.get(key)?.waiters ?? [];
    if (blob) {
      this.#claims.delete(key);
      for (const waiter of waiters) this.#processes.reply(waiter, 'have');
    } else this.#handOn(key, waiters);
  }
}

const extend = (parent: string, diffId: string): string[] => chainIds([parent, diffId]).slice(1);

export const notFound = (message: string): Failure => ({ ok: false, code: 'NotFound', message });
