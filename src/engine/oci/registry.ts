import type { Kernel } from '../sim/kernel.ts';
import { ask } from '../sim/process.ts';
import type { Processes } from '../sim/processes.ts';
import type { Table } from '../sim/store.ts';
import { isDigest } from './digest.ts';
import type { Manifest } from './image.ts';
import { bytesBlob, type Blob } from './layer.ts';
import { isRepository } from './reference.ts';
import { ERRORS, type RegistryErrorCode } from './registry-errors.ts';

/**
 * Registries: the distribution API (distribution-spec v1.1) as request handlers, one service per
 * host, `registry/registry.local:5000`. A registry stores blobs by digest, manifests by digest, and
 * tags that point at manifests; each repository knows which blobs it may hand out.
 *
 * Time is not spent here: who asks pays for the way (`net/link.ts`).
 *
 * Simplified: no authentication; plain http to any host, as with `insecure-registries`.
 */
export interface RegistryRequest {
  readonly method: 'GET' | 'HEAD' | 'POST' | 'PATCH' | 'PUT' | 'DELETE';
  /** With query: `/v2/web/blobs/uploads/?mount=sha256:…&from=api`. */
  readonly path: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: Blob | Uint8Array;
}

export interface RegistryResponse {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  /** JSON of errors and lists. */
  readonly json?: unknown;
  readonly blob?: Blob;
}

export interface ManifestRow {
  readonly blob: Blob;
  readonly mediaType: string;
}

interface Upload {
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

/**
 * What a host has under a repository and a tag, or under the repository when there is no tag; the
 * same for the same question, always.
 */
export type Catalogue = (repository: string, tag: string | undefined) => readonly StockedImage[];

export const registryService = (host: string): string => `registry/${host}`;

/** How a host is called in the trace: `registry` for registry.local:5000. */
export const registryName = (host: string): string =>
  host === 'docker.io' ? host : (host.split(/[.:]/)[0] ?? host);

/** For programs: one request to a registry, without the way there. */
export const askRegistry = (host: string, request: RegistryRequest) =>
  ask<RegistryResponse>(registryService(host), request);

const MANIFEST_LIMIT = 4 * 1024 * 1024;
const PAGE = 10_000;

export class Registries {
  readonly #kernel: Kernel;
  readonly #processes: Processes;
  readonly #blobs: Table<string, Blob>;
  readonly #links: Table<string, true>;
  readonly #manifests: Table<string, ManifestRow>;
  readonly #tags: Table<string, string>;
  readonly #uploads: Table<string, Upload>;
  readonly #uploadCount: Table<string, number>;
  readonly #stocked: Table<string, true>;
  readonly #catalogues = new Map<string, Catalogue>();

  constructor(kernel: Kernel, processes: Processes) {
    this.#kernel = kernel;
    this.#processes = processes;
    this.#blobs = kernel.store.table<Blob>('registry/blobs');
    this.#links = kernel.store.table<true>('registry/links');
    this.#manifests = kernel.store.table<ManifestRow>('registry/manifests');
    this.#tags = kernel.store.table<string>('registry/tags');
    this.#uploads = kernel.store.table<Upload>('registry/uploads');
    this.#uploadCount = kernel.store.table<number>('registry/upload-count');
    this.#stocked = kernel.store.table<true>('registry/stocked');
  }

  /** A host whose images are put there when they are first asked for. */
  addCatalogue(host: string, catalogue: Catalogue): void {
    this.#catalogues.set(host, catalogue);
  }

  /** Puts there what a catalogue has under a name, once. */
  #stock(host: string, repository: string, reference: string | undefined): void {
    const catalogue = this.#catalogues.get(host);
    if (!catalogue) return;
    const all = `${host} ${repository}`;
    if (this.#stocked.has(all)) return;
    const tag = reference === undefined || isDigest(reference) ? undefined : reference;
    const named = tag === undefined ? [] : catalogue(repository, tag);
    // For a name it does not have, a repository answers otherwise than one that is not there.
    const images = named.length > 0 ? named : catalogue(repository, undefined);
    if (images.length === 0) return;
    if (named.length === 0) this.#stocked.set(all, true);
    for (const { tags, manifests, blobs } of images) {
      for (const blob of blobs) this.#link(host, repository, blob);
      for (const { blob, mediaType } of manifests) {
        this.#manifests.set(`${host} ${repository} ${blob.digest}`, { blob, mediaType });
      }
      for (const name of tags) {
        const key = `${host} ${repository} ${name}`;
        if (!this.#tags.has(key)) this.#tags.set(key, manifests[0]!.blob.digest);
      }
    }
  }

  addHost(host: string): void {
    this.#processes.service<RegistryRequest>(registryService(host), (request) =>
      this.handle(host, request),
    );
  }

  has(host: string): boolean {
    return this.#processes.hasService(registryService(host));
  }

  /** Puts an image there as if it had been pushed long ago. */
  seed(
    host: string,
    repository: string,
    tag: string,
    manifest: Blob,
    blobs: readonly Blob[],
  ): void {
    for (const blob of blobs) this.#link(host, repository, blob);
    const { mediaType } = parseManifest(manifest)!;
    this.#manifests.set(`${host} ${repository} ${manifest.digest}`, { blob: manifest, mediaType });
    this.#tags.set(`${host} ${repository} ${tag}`, manifest.digest);
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

  handle(host: string, request: RegistryRequest): RegistryResponse {
    const [path = '', query = ''] = request.path.split('?');
    if (path === '/v2/' || path === '/v2') return respond(200, {});
    const route = /^\/v2\/(.+)\/(blobs|manifests|tags)\/(.*)$/.exec(path);
    if (!route) return respond(404, {});
    const [, repository = '', kind, rest = ''] = route;
    if (!isRepository(repository)) return failure('NAME_INVALID');
    if (kind === 'tags') this.#stock(host, repository, undefined);
    if (kind === 'manifests' && !this.#tags.has(`${host} ${repository} ${rest}`)) {
      if (!this.#manifests.has(`${host} ${repository} ${rest}`)) {
        this.#stock(host, repository, rest);
      }
    }
    const place = { host, repository };
    if (kind === 'tags') return this.#listTags(place, parseQuery(query));
    if (kind === 'manifests') return this.#manifest(place, rest, request);
    if (rest.startsWith('uploads/')) {
      return this.#upload(place, rest.slice('uploads/'.length), parseQuery(query), request);
    }
    return this.#blob(place, rest, request);
  }

  #link(host: string, repository: string, blob: Blob): void {
    if (!this.#blobs.has(`${host} ${blob.digest}`)) this.#blobs.set(`${host} ${blob.digest}`, blob);
    this.#links.set(`${host} ${repository} ${blob.digest}`, true);
  }

  #blob({ host, repository }: Place, digest: string, { method }: RegistryRequest) {
    if (!isDigest(digest)) return failure('DIGEST_INVALID');
    const linked = this.#links.has(`${host} ${repository} ${digest}`);
    const blob = linked ? this.#blobs.get(`${host} ${digest}`) : undefined;
    if (!blob) return failure('BLOB_UNKNOWN', { digest });
    const headers = {
      'content-length': String(blob.size),
      'docker-content-digest': digest,
    };
    switch (method) {
      case 'HEAD':
        return respond(200, headers);
      case 'GET':
        return { ...respond(200, headers), blob };
      case 'DELETE':
        this.#links.delete(`${host} ${repository} ${digest}`);
        return respond(202, {});
      default:
        return failure('UNSUPPORTED');
    }
  }

  #manifest(place: Place, reference: string, request: RegistryRequest): RegistryResponse {
    const { host, repository } = place;
    if (request.method === 'PUT') return this.#putManifest(place, reference, request);
    const digest = isDigest(reference)
      ? reference
      : this.#tags.get(`${host} ${repository} ${reference}`);
    const row =
      digest === undefined ? undefined : this.#manifests.get(`${host} ${repository} ${digest}`);
    if (!row) {
      const known = [...this.#manifests.rows.withPrefix(`${host} ${repository} `)].length > 0;
      return known
        ? failure(
            'MANIFEST_UNKNOWN',
            isDigest(reference) ? { digest: reference } : { Tag: reference },
          )
        : failure('NAME_UNKNOWN', { name: repository });
    }
    const headers = {
      'content-type': row.mediaType,
      'content-length': String(row.blob.size),
      'docker-content-digest': row.blob.digest,
    };
    switch (request.method) {
      case 'HEAD':
        return respond(200, headers);
      case 'GET':
        return { ...respond(200, headers), blob: row.blob };
      case 'DELETE':
        this.#deleteManifest(place, reference);
        return respond(202, {});
      default:
        return failure('UNSUPPORTED');
    }
  }

  #putManifest({ host, repository }: Place, reference: string, request: RegistryRequest) {
    const blob = asBlob(request.body);
    if (blob.size > MANIFEST_LIMIT) return respond(413, {});
    const manifest = parseManifest(blob);
    if (!manifest) return failure('MANIFEST_INVALID');
    if (isDigest(reference) && reference !== blob.digest) return failure('DIGEST_INVALID');
    for (const { digest } of [manifest.config, ...manifest.layers]) {
      if (!this.#links.has(`${host} ${repository} ${digest}`)) {
        return failure('MANIFEST_BLOB_UNKNOWN', { digest });
      }
    }
    const mediaType = request.headers?.['content-type'] ?? manifest.mediaType;
    this.#manifests.set(`${host} ${repository} ${blob.digest}`, { blob, mediaType });
    if (!isDigest(reference)) this.#tags.set(`${host} ${repository} ${reference}`, blob.digest);
    return respond(201, {
      location: `/v2/${repository}/manifests/${blob.digest}`,
      'docker-content-digest': blob.digest,
    });
  }

  #deleteManifest({ host, repository }: Place, reference: string): void {
    if (!isDigest(reference)) {
      this.#tags.delete(`${host} ${repository} ${reference}`);
      return;
    }
    this.#manifests.delete(`${host} ${repository} ${reference}`);
    for (const [key, digest] of this.#tags.withPrefix(`${host} ${repository} `)) {
      if (digest === reference) this.#tags.delete(key);
    }
  }

  #listTags({ host, repository }: Place, query: Query): RegistryResponse {
    const prefix = `${host} ${repository} `;
    const limit = query.n === undefined ? PAGE : Number(query.n);
    if (!Number.isSafeInteger(limit) || limit < 0) return failure('PAGINATION_NUMBER_INVALID');
    const all = [...this.#tags.withPrefix(prefix)].map(([key]) => key.slice(prefix.length));
    if (all.length === 0) return failure('NAME_UNKNOWN', { name: repository });
    const after = query.last === undefined ? all : all.filter((tag) => tag > query.last!);
    const tags = after.slice(0, limit);
    const headers: Record<string, string> = {};
    if (limit > 0 && tags.length < after.length) {
      const last = tags.at(-1)!;
      headers.link = `</v2/${repository}/tags/list?last=${last}&n=${limit}>; rel="next"`;
    }
    return { ...respond(200, headers), json: { name: repository, tags } };
  }

  #upload(place: Place, id: string, query: Query, request: RegistryRequest): RegistryResponse {
    if (request.method === 'POST' && id === '') return this.#beginUpload(place, query, request);
    const key = `${place.host} ${id}`;
    const upload = this.#uploads.get(key);
    if (upload?.repository !== place.repository) return failure('BLOB_UPLOAD_UNKNOWN');
    const location = `/v2/${place.repository}/blobs/uploads/${id}`;
    const range = { location, range: `0-${Math.max(0, upload.size - 1)}` };
    switch (request.method) {
      case 'GET':
        return respond(204, range);
      case 'DELETE':
        this.#uploads.delete(key);
        return respond(204, {});
      case 'PATCH': {
        if (!isNextChunk(upload, request)) return outOfRange(range);
        const grown = append(upload, request.body);
        this.#uploads.set(key, grown);
        return respond(202, { location, range: `0-${Math.max(0, grown.size - 1)}` });
      }
      case 'PUT':
        if (!isNextChunk(upload, request)) return outOfRange(range);
        this.#uploads.delete(key);
        return this.#endUpload(place, append(upload, request.body), query.digest);
      default:
        return failure('UNSUPPORTED');
    }
  }

  #beginUpload(place: Place, query: Query, request: RegistryRequest): RegistryResponse {
    const { host, repository } = place;
    if (query.mount !== undefined && query.from !== undefined) {
      const blob = this.#links.has(`${host} ${query.from} ${query.mount}`)
        ? this.#blobs.get(`${host} ${query.mount}`)
        : undefined;
      if (blob) {
        this.#link(host, repository, blob);
        return created(repository, blob.digest);
      }
    }
    const upload: Upload = { repository, chunks: [], size: 0 };
    if (query.digest !== undefined) {
      return this.#endUpload(place, append(upload, request.body), query.digest);
    }
    const count = (this.#uploadCount.get(host) ?? 0) + 1;
    this.#uploadCount.set(host, count);
    const id = this.#kernel
      .random('registry', host, 'upload', count)
      .text(32, '0123456789abcdef')
      .replace(/^(.{8})(.{4})(.{4})(.{4})/, '$1-$2-$3-$4-');
    this.#uploads.set(`${host} ${id}`, upload);
    return respond(202, { location: `/v2/${repository}/blobs/uploads/${id}`, range: '0-0' });
  }

  #endUpload({ host, repository }: Place, upload: Upload, digest: string | undefined) {
    const blob = upload.whole ?? bytesBlob(concat(upload.chunks));
    if (digest === undefined || digest !== blob.digest) {
      return failure('DIGEST_INVALID', { digest: digest ?? '' });
    }
    this.#link(host, repository, blob);
    return created(repository, digest);
  }
}

interface Place {
  readonly host: string;
  readonly repository: string;
}

type Query = Readonly<Record<string, string | undefined>>;

function parseQuery(text: string): Query {
  const query: Record<string, string> = {};
  for (const part of text.split('&')) {
    const [key = '', value = ''] = part.split('=');
    if (key !== '') query[key] = decode(value);
  }
  return query;
}

/** Text that is no percent-encoding stands for itself. */
function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

function respond(status: number, headers: Readonly<Record<string, string>>): RegistryResponse {
  return { status, headers };
}

function created(repository: string, digest: string): RegistryResponse {
  const location = `/v2/${repository}/blobs/${digest}`;
  return respond(201, { location, 'docker-content-digest': digest });
}

function failure(code: RegistryErrorCode, detail: unknown = null): RegistryResponse {
  const { status, message } = ERRORS[code];
  const json = { errors: [{ code, message, detail }] };
  return { status, headers: { 'content-type': 'application/json' }, json };
}

/** `Content-Range` of a chunk, `0-4`: it must go on where the upload has come to. */
function isNextChunk({ size }: Upload, { headers, body }: RegistryRequest): boolean {
  const range = headers?.['content-range'];
  if (range === undefined) return true;
  const match = /^(\d{1,15})-(\d{1,15})$/.exec(range);
  const bytes = body instanceof Uint8Array ? body.length : (body?.size ?? 0);
  return match !== null && Number(match[1]) === size && Number(match[2]) === size + bytes - 1;
}

function outOfRange(headers: Readonly<Record<string, string>>): RegistryResponse {
  return { ...failure('RANGE_INVALID'), headers };
}

function append(upload: Upload, body: RegistryRequest['body']): Upload {
  if (body === undefined) return upload;
  if (body instanceof Uint8Array) {
    return { ...upload, chunks: [...upload.chunks, body], size: upload.size + body.length };
  }
  return { ...upload, whole: body, size: body.size };
}

function asBlob(body: RegistryRequest['body']): Blob {
  if (body === undefined) return bytesBlob(new Uint8Array(0));
  return body instanceof Uint8Array ? bytesBlob(body) : body;
}

function parseManifest(blob: Blob): Manifest | undefined {
  if (blob.kind !== 'bytes') return undefined;
  try {
    const value = JSON.parse(new TextDecoder().decode(blob.bytes)) as Partial<Manifest> | null;
    const usable =
      value?.schemaVersion === 2 &&
      isDescriptor(value.config) &&
      Array.isArray(value.layers) &&
      value.layers.every(isDescriptor);
    return usable ? (value as Manifest) : undefined;
  } catch {
    return undefined;
  }
}

/** What a manifest points at: a type, a digest and a size (image-spec v1.1 `descriptor.md`). */
function isDescriptor(value: unknown): boolean {
  const { mediaType, digest, size } = (value ?? {}) as Partial<Record<string, unknown>>;
  return (
    typeof mediaType === 'string' &&
    /^[\w.+-]+\/[\w.+-]+$/.test(mediaType) &&
    typeof digest === 'string' &&
    isDigest(digest) &&
    Number.isSafeInteger(size) &&
    Number(size) >= 0
  );
}

function concat(chunks: readonly Uint8Array[]): Uint8Array {
  if (chunks.length === 1) return chunks[0]!;
  const bytes = new Uint8Array(chunks.reduce((sum, chunk) => sum + chunk.length, 0));
  let at = 0;
  for (const chunk of chunks) {
    bytes.set(chunk, at);
    at += chunk.length;
  }
  return bytes;
}
