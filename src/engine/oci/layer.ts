import { gunzipSync, gzipSync } from 'fflate';
import { assert } from '../sim/assert.ts';
import { digestOf } from './digest.ts';
import { contentBytes, type LayerEntries } from './entry.ts';
import { MEDIA, type Descriptor, type ImageConfig, type Index, type Manifest } from './image.ts';
import { writeTar } from './tar.ts';
import { readTar, type Archive } from './tar-read.ts';

/**
 * Blobs and layers. A blob is what registries and content stores keep under a digest. One blob
 * object is shared by all who have it, so a world holds its bytes once.
 *
 * The diff ID of a layer is the sha256 of its tar, its digest that of the gzipped tar, both of the
 * real bytes. Simplified: a layer with model files is hashed over the tar in which each of them is
 * replaced by its description, and its compressed size is a stated model figure.
 */
export type Blob =
  | { readonly kind: 'bytes'; readonly digest: string; readonly size: number; bytes: Uint8Array }
  | {
      readonly kind: 'model';
      readonly digest: string;
      readonly size: number;
      readonly layer: LayerFacts;
    };

/** What a layer is once unpacked. */
export interface LayerFacts {
  readonly diffId: string;
  readonly entries: LayerEntries;
  /** Of its files' contents. */
  readonly unpackedBytes: number;
}

export interface Layer extends LayerFacts {
  readonly blob: Blob;
}

export const bytesBlob = (bytes: Uint8Array): Blob => ({
  kind: 'bytes',
  digest: digestOf(bytes),
  size: bytes.length,
  bytes,
});

const facts = new WeakMap<Blob, LayerFacts>();

/** A layer of real bytes; the same entries give the same layer. */
export function makeLayer(entries: LayerEntries): Layer {
  const { bytes } = writeTar(entries);
  // A time stamp in the gzip header would give each build another digest.
  const blob = bytesBlob(gzipSync(bytes, { level: 6, mtime: 0 }));
  const layer = { diffId: digestOf(bytes), entries, unpackedBytes: sumBytes(entries) };
  facts.set(blob, layer);
  return { ...layer, blob };
}

/** A layer with model files in it; `compressedBytes` is the model figure of its blob. */
export function makeModelLayer(entries: LayerEntries, compressedBytes: number): Layer {
  const { bytes } = writeTar(entries);
  const diffId = digestOf(bytes);
  const layer = { diffId, entries, unpackedBytes: sumBytes(entries) };
  const digest = digestOf(gzipSync(bytes, { level: 6, mtime: 0 }));
  return { ...layer, blob: { kind: 'model', digest, size: compressedBytes, layer } };
}

/** A layer of whichever kind its entries ask for; model files compress to a third, by the model. */
export function layerOf(entries: LayerEntries): Layer {
  const hasModel = entries.some(
    ([, entry]) => entry.type === 'file' && !(entry.content instanceof Uint8Array),
  );
  if (!hasModel) return makeLayer(entries);
  return makeModelLayer(entries, Math.ceil(sumBytes(entries) / 3));
}

/**
 * The bytes of a blob. Of a model layer those that its digest is taken over: its archive with a
 * line in place of each model file.
 */
export const blobBytes = (blob: Blob): Uint8Array =>
  blob.kind === 'bytes'
    ? blob.bytes
    : gzipSync(writeTar(blob.layer.entries).bytes, { level: 6, mtime: 0 });

/** The blob that bytes from outside make; `size` is what their descriptor says. */
export function blobOfBytes(bytes: Uint8Array, size: number): Blob {
  const blob = bytesBlob(bytes);
  if (size === bytes.length) return blob;
  const layer = tryUnpackLayer(blob);
  return layer.ok ? { kind: 'model', digest: blob.digest, size, layer: layer.value } : blob;
}

/** Unpacks a layer's blob; done once for each blob, whoever has it. */
export function unpackLayer(blob: Blob): LayerFacts {
  const layer = tryUnpackLayer(blob);
  assert(layer.ok, `the layer ${blob.digest} is no tar archive`);
  return layer.value;
}

/** Unpacks a blob that may be no layer at all: somebody's archive. */
export function tryUnpackLayer(blob: Blob): Archive<LayerFacts> {
  if (blob.kind === 'model') return { ok: true, value: blob.layer };
  const known = facts.get(blob);
  if (known) return { ok: true, value: known };
  const tar = inflate(blob.bytes);
  const entries = tar && readTar(tar);
  if (!tar || !entries) return { ok: false, fault: 'unexpected EOF' };
  if (!entries.ok) return entries;
  const unpackedBytes = sumBytes(entries.value);
  const layer = { diffId: digestOf(tar), entries: entries.value, unpackedBytes };
  facts.set(blob, layer);
  return { ok: true, value: layer };
}

/** Gzipped bytes as they were before, others as they are; undefined when they cannot be read. */
export function inflate(bytes: Uint8Array): Uint8Array | undefined {
  if (!isGzip(bytes)) return bytes;
  try {
    return gunzipSync(bytes);
  } catch {
    return undefined;
  }
}

const isGzip = (bytes: Uint8Array): boolean => bytes[0] === 0x1f && bytes[1] === 0x8b;

export function describeLayer({ blob }: Layer): Descriptor {
  return { mediaType: MEDIA.layerGzip, digest: blob.digest, size: blob.size };
}

/** The manifest in a blob that is one. */
export const readManifest = (blob: Blob): Manifest => readJson(blob) as Manifest;

/** The index in a blob that is one. */
export const readIndex = (blob: Blob): Index => readJson(blob) as Index;

/** The image configuration in a blob that is one. */
export const readConfig = (blob: Blob): ImageConfig => readJson(blob) as ImageConfig;

const read = new WeakMap<Blob, unknown>();

/** Read once for each blob: every container that is created asks for its image's. */
function readJson(blob: Blob): unknown {
  assert(blob.kind === 'bytes', `the blob ${blob.digest} is a layer, not JSON`);
  let value = read.get(blob);
  if (value === undefined) {
    value = JSON.parse(new TextDecoder().decode(blob.bytes)) as unknown;
    read.set(blob, value);
  }
  return value;
}

/** The JSON in a blob; undefined when it holds none. */
export function readJsonBlob(blob: Blob): unknown {
  if (blob.kind !== 'bytes') return undefined;
  try {
    return readJson(blob);
  } catch {
    return undefined;
  }
}

function sumBytes(entries: LayerEntries): number {
  let sum = 0;
  for (const [, entry] of entries) {
    if (entry.type === 'file') sum += contentBytes(entry.content);
  }
  return sum;
}
