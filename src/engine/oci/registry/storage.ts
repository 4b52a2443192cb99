import type { Kernel } from '../../sim/kernel.ts';
import type { Index, Table } from '../../sim/store.ts';
import { isDigest } from '../digest.ts';
import type { Blob } from '../layer.ts';
import type { Place } from './wire.ts';

/**
 * What registries keep: blobs by digest, manifests by digest, tags that point at manifests, and
 * which repository may hand out which blob. All hosts share tables, keyed by host first. A blob
 * goes when no repository of its host has it any more.
 */
export interface ManifestRow {
  readonly blob: Blob;
  readonly mediaType: string;
  /** What it is about, for a signature or an attestation. */
  readonly subject?: string;
}

export interface Upload {
  readonly repository: string;
  readonly chunks: readonly Uint8Array[];
  readonly size: number;
  /** A model blob arrives whole. */
  readonly whole?: Blob;
}

/** Images of a catalogue that come together: the first manifest is what the tags name. */
export interface StockedImage {
  readonly tags: readonly string[];
  readonly manifests: readonly ManifestRow[];
  readonly blobs: readonly Blob[];
}

/** What a host has had from the beginning: the same for the same question, always. */
export interface Catalogue {
  /** Whether there is anything under a repository; nothing is made for that. */
  has(repository: string): boolean;
  /** What is there under a repository and a tag, or under the repository when there is no tag. */
  images(repository: string, tag: string | undefined): readonly StockedImage[];
}

const keyOf = ({ host, repository }: Place, name: string): string =>
  `${host} ${repository} ${name}`;

export class Storage {
  readonly #kernel: Kernel;
  readonly #blobs: Table<string, Blob>;
  readonly #links: Table<string, true>;
  readonly #linksOfBlob: Index<string, true>;
  readonly #manifests: Table<string, ManifestRow>;
  readonly #referrers: Index<string, ManifestRow>;
  readonly #tags: Table<string, string>;
  readonly #uploads: Table<string, Upload>;
  readonly #uploadCount: Table<string, number>;
  readonly #stocked: Table<string, true>;
  readonly #catalogues = new Map<string, Catalogue>();

  constructor(kernel: Kernel) {
    this.#kernel = kernel;
    const { store } = kernel;
    this.#blobs = store.table<Blob>('registry/blobs');
    this.#links = store.table<true>('registry/links');
    this.#linksOfBlob = this.#links.index((_link, key) => {
      const [host = '', , digest = ''] = key.split(' ');
      return [`${host} ${digest}`];
    });
    this.#manifests = store.table<ManifestRow>('registry/manifests');
    this.#referrers = this.#manifests.index(({ subject }, key) => {
      const [host = '', repository = ''] = key.split(' ');
      return subject === undefined ? [] : [`${host} ${repository} ${subject}`];
    });
    this.#tags = store.table<string>('registry/tags');
    this.#uploads = store.table<Upload>('registry/uploads');
    this.#uploadCount = store.table<number>('registry/upload-count');
    this.#stocked = store.table<true>('registry/stocked');
  }

  /** A host whose images are put there when they are first asked for. */
  addCatalogue(host: string, catalogue: Catalogue): void {
    this.#catalogues.set(host, catalogue);
  }

  /** Puts there what a catalogue has under a name, or under a whole repository, once. */
  stock({ host, repository }: Place, reference?: string): void {
    const catalogue = this.#catalogues.get(host);
    const place = { host, repository };
    if (!catalogue?.has(repository) || this.#stocked.has(`${host} ${repository}`)) return;
    if (reference !== undefined && this.digestOf(place, reference) !== undefined) return;
    const tag = reference === undefined || isDigest(reference) ? undefined : reference;
    if (tag === undefined) this.#stocked.set(`${host} ${repository}`, true);
    for (const image of catalogue.images(repository, tag)) this.#put(place, image);
  }

  #put(place: Place, { tags, manifests, blobs }: StockedImage): void {
    for (const blob of blobs) this.link(place, blob.digest, blob);
    for (const row of manifests) this.#manifests.set(keyOf(place, row.blob.digest), row);
    for (const tag of tags) {
      const [first] = manifests;
      if (first && !this.#tags.has(keyOf(place, tag))) this.tag(place, tag, first.blob.digest);
    }
  }

  /** The blob, if this repository may hand it out. */
  blob(place: Place, digest: string): Blob | undefined {
    return this.has(place, digest) ? this.#blobs.get(`${place.host} ${digest}`) : undefined;
  }

  has(place: Place, digest: string): boolean {
    return this.#links.has(keyOf(place, digest));
  }

  link(place: Place, digest: string, blob: Blob): void {
    const key = `${place.host} ${digest}`;
    if (!this.#blobs.has(key)) this.#blobs.set(key, blob);
    if (!this.has(place, digest)) this.#links.set(keyOf(place, digest), true);
  }

  /** False when the repository does not have it. */
  unlink(place: Place, digest: string): boolean {
    if (!this.#links.delete(keyOf(place, digest))) return false;
    const key = `${place.host} ${digest}`;
    if (this.#linksOfBlob.keys(key).length === 0) this.#blobs.delete(key);
    return true;
  }

  manifest(place: Place, digest: string): ManifestRow | undefined {
    return this.#manifests.get(keyOf(place, digest));
  }

  putManifest(place: Place, row: ManifestRow, digest: string): void {
    this.#manifests.set(keyOf(place, digest), row);
  }

  /** With every tag that points at it; false when it is not there. */
  deleteManifest(place: Place, digest: string): boolean {
    if (!this.#manifests.delete(keyOf(place, digest))) return false;
    for (const tag of this.tags(place)) {
      if (this.#tags.get(keyOf(place, tag)) === digest) this.untag(place, tag);
    }
    return true;
  }

  /** What a tag or a digest names. */
  digestOf(place: Place, reference: string): string | undefined {
    if (!isDigest(reference)) return this.#tags.get(keyOf(place, reference));
    return this.#manifests.has(keyOf(place, reference)) ? reference : undefined;
  }

  tag(place: Place, tag: string, digest: string): void {
    this.#tags.set(keyOf(place, tag), digest);
  }

  untag(place: Place, tag: string): boolean {
    return this.#tags.delete(keyOf(place, tag));
  }

  /** In the order of code units. */
  tags(place: Place): string[] {
    const prefix = keyOf(place, '');
    return [...this.#tags.withPrefix(prefix)].map(([key]) => key.slice(prefix.length));
  }

  referrers({ host, repository }: Place, digest: string): ManifestRow[] {
    const keys = this.#referrers.keys(`${host} ${repository} ${digest}`);
    return keys.map((key) => this.#manifests.need(key));
  }

  /** Whether anything was ever put under a name, or is in a catalogue. */
  hasRepository(place: Place): boolean {
    if (this.#catalogues.get(place.host)?.has(place.repository)) return true;
    const prefix = keyOf(place, '');
    for (const rows of [this.#manifests.withPrefix(prefix), this.#links.withPrefix(prefix)]) {
      for (const row of rows) if (row) return true;
    }
    return false;
  }

  repositories(host: string): string[] {
    const names = [...this.#manifests.withPrefix(`${host} `)].map(([key]) => key.split(' ')[1]);
    return [...new Set(names)].filter((name) => name !== undefined);
  }

  /** The blobs a host stores, whatever repository they belong to. */
  blobsOf(host: string): Blob[] {
    return [...this.#blobs.withPrefix(`${host} `)].map(([, blob]) => blob);
  }

  /** What a host's tags name: `web:1.0`, in the order of names. */
  names(host: string): string[] {
    return [...this.#tags.withPrefix(`${host} `)].map(([key]) =>
      key.slice(host.length + 1).replace(' ', ':'),
    );
  }

  upload(host: string, id: string): Upload | undefined {
    return this.#uploads.get(`${host} ${id}`);
  }

  putUpload(host: string, id: string, upload: Upload): void {
    this.#uploads.set(`${host} ${id}`, upload);
  }

  dropUpload(host: string, id: string): void {
    this.#uploads.delete(`${host} ${id}`);
  }

  /** A name for an upload, never used before: a UUID. */
  newUpload(host: string): string {
    const count = (this.#uploadCount.get(host) ?? 0) + 1;
    this.#uploadCount.set(host, count);
    return this.#kernel
      .random('registry', host, 'upload', count)
      .text(32, '0123456789abcdef')
      .replace(/^(.{8})(.{4})(.{4})(.{4})/, '$1-$2-$3-$4-');
  }
}
