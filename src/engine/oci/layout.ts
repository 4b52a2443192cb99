import { isDigest } from './digest.ts';
import { encodeJson, type Descriptor, type Index, type Manifest } from './image.ts';
import {
  blobBytes,
  blobOfBytes,
  bytesBlob,
  inflate,
  readIndex,
  readManifest,
  type Blob,
} from './layer.ts';
import { DOCKER_MEDIA, isIndexType, isManifestType, MEDIA } from './media-types.ts';
import { familiarString, formatReference, parseReference, withDefaultTag } from './reference.ts';
import { writeArchive, type ArchiveFile } from './tar.ts';
import { readMembers } from './tar-read.ts';
import { validateDocument } from './schema.ts';

/**
 * Images in a file: an OCI image layout in a tar archive, with the `manifest.json` that older
 * Docker versions read (image-spec v1.1 `image-layout.md`; containerd 2.2
 * `core/images/archive/{exporter,importer}.go`). What `docker save` writes and `docker load` reads.
 *
 * Simplified: a big model file stands in the archive as one line, so the archive is smaller than a
 * real one.
 */
export interface SavedImage {
  readonly target: Descriptor;
  /** In full; undefined for an image without a name. */
  readonly name?: string;
}

export const LAYOUT_VERSION = '1.0.0';
export const NAME_ANNOTATION = 'io.containerd.image.name';
const REF_ANNOTATION = 'org.opencontainers.image.ref.name';

const encoder = new TextEncoder();
const decoder = new TextDecoder();
const json = (value: unknown): Uint8Array => encoder.encode(JSON.stringify(value));

export const blobPath = (digest: string): string => `blobs/${digest.replace(':', '/')}`;

/** `read` gives a blob that is there; what is missing is left out, as other platforms are. */
export function writeLayout(
  images: readonly SavedImage[],
  read: (digest: string) => Blob | undefined,
): Uint8Array {
  const blobs = new Map<string, Blob>();
  for (const { target } of images) collect(target, read, blobs);
  const index: Index = {
    schemaVersion: 2,
    mediaType: MEDIA.index,
    manifests: images.map(({ target, name }) => named(target, name)),
  };
  const files: ArchiveFile[] = [
    { path: 'oci-layout', bytes: json({ imageLayoutVersion: LAYOUT_VERSION }), mode: 0o444 },
    { path: 'index.json', bytes: encodeJson(index) },
    ...[...blobs.values()].map((blob) => ({
      path: blobPath(blob.digest),
      bytes: blobBytes(blob),
      mode: 0o444,
    })),
  ];
  const docker = dockerManifest(images, read);
  if (docker.length > 0) files.push({ path: 'manifest.json', bytes: json(docker) });
  if (blobs.size > 0) files.push({ path: 'blobs/' }, { path: 'blobs/sha256/' });
  return writeArchive(files.sort((a, b) => (a.path < b.path ? -1 : 1)));
}

function collect(
  { digest, mediaType }: Descriptor,
  read: (digest: string) => Blob | undefined,
  into: Map<string, Blob>,
): void {
  const blob = read(digest);
  if (!blob || into.has(digest)) return;
  into.set(digest, blob);
  for (const child of childrenOf(mediaType, blob)) collect(child, read, into);
}

/** What a manifest or an index points at; nothing for other blobs. */
export function childrenOf(mediaType: string, blob: Blob): readonly Descriptor[] {
  if (isIndexType(mediaType)) return readIndex(blob).manifests;
  if (!isManifestType(mediaType)) return [];
  const { config, layers } = readManifest(blob);
  return [config, ...layers];
}

function named(target: Descriptor, name: string | undefined): Descriptor {
  if (name === undefined) return target;
  const parsed = parseReference(name);
  const tag = parsed.ok ? (parsed.reference.tag ?? parsed.reference.digest) : undefined;
  const annotations = {
    ...target.annotations,
    [NAME_ANNOTATION]: name,
    [REF_ANNOTATION]: tag ?? name,
  };
  const sorted = Object.entries(annotations).sort(([a], [b]) => (a < b ? -1 : 1));
  const { mediaType, digest, size, ...rest } = target;
  return { mediaType, digest, size, ...rest, annotations: Object.fromEntries(sorted) };
}

interface DockerManifest {
  readonly Config: string;
  readonly RepoTags: readonly string[] | null;
  readonly Layers: readonly string[];
}

/** One row for each manifest, with the names it has. */
function dockerManifest(
  images: readonly SavedImage[],
  read: (digest: string) => Blob | undefined,
): DockerManifest[] {
  const names = new Map<string, string[]>();
  for (const { target, name } of images) {
    const digest = firstManifest(target, read);
    if (digest === undefined) continue;
    const all = names.get(digest) ?? [];
    const parsed = name === undefined ? undefined : parseReference(name);
    if (parsed?.ok) all.push(familiarString(parsed.reference));
    names.set(digest, all);
  }
  return [...names].map(([digest, tags]) => {
    const { config, layers } = readManifest(read(digest)!);
    return {
      Config: blobPath(config.digest),
      RepoTags: tags.length > 0 ? tags : null,
      Layers: layers.map((layer) => blobPath(layer.digest)),
    };
  });
}

/** Of an index, the manifest of the first platform that is here. */
function firstManifest(
  target: Descriptor,
  read: (digest: string) => Blob | undefined,
): string | undefined {
  const blob = read(target.digest);
  if (!blob) return undefined;
  if (!isIndexType(target.mediaType)) return target.digest;
  const { manifests } = readIndex(blob);
  return manifests.find(({ digest, platform }) => platform?.os !== 'unknown' && read(digest))
    ?.digest;
}

export interface LoadedImages {
  /** What the archive names, each with its annotations. */
  readonly manifests: readonly Descriptor[];
  readonly blobs: readonly Blob[];
}

export type ReadLayout =
  | { readonly ok: true; readonly value: LoadedImages }
  | { readonly ok: false; readonly message: string };

const fail = (message: string): ReadLayout => ({ ok: false, message });

/** Reads an archive of images, in either form; the message is containerd's. */
export function readLayout(archive: Uint8Array): ReadLayout {
  const tar = inflate(archive);
  const read = tar && readMembers(tar);
  if (!read) return fail('unexpected EOF');
  if (!read.ok) return fail(read.fault);
  const files = new Map<string, Uint8Array>();
  for (const { path, typeflag, bytes } of read.value) {
    if (typeflag === '0' || typeflag === '') files.set(path.replace(/^\.\//, ''), bytes);
  }
  const layout = parse(files.get('oci-layout')) as { imageLayoutVersion?: string } | undefined;
  if (layout?.imageLayoutVersion === undefined) return readDocker(files);
  if (layout.imageLayoutVersion !== LAYOUT_VERSION) {
    return fail(`unsupported OCI version ${layout.imageLayoutVersion}`);
  }
  const source = files.get('index.json');
  if (!source) return fail(`missing index.json in OCI layout ${LAYOUT_VERSION}`);
  const index = parse(source);
  if (validateDocument('index', index).length > 0) return fail('invalid index.json');
  const { manifests } = index as Index;
  return { ok: true, value: { manifests, blobs: blobsOf(manifests, files) } };
}

function parse(bytes: Uint8Array | undefined): unknown {
  try {
    return bytes && JSON.parse(decoder.decode(bytes));
  } catch {
    return undefined;
  }
}

/** Blobs are known by what they are, not by the names of their files. */
function blobsOf(roots: readonly Descriptor[], files: ReadonlyMap<string, Uint8Array>): Blob[] {
  const blobs = new Map<string, Blob>();
  const take = ({ digest, size, mediaType }: Descriptor, depth: number): void => {
    const bytes = isDigest(digest) ? files.get(blobPath(digest)) : undefined;
    if (!bytes || blobs.has(digest) || depth > 3) return;
    const blob = blobOfBytes(bytes, size);
    if (blob.digest !== digest) return;
    blobs.set(digest, blob);
    const kind = isIndexType(mediaType) ? 'index' : isManifestType(mediaType) ? 'manifest' : '';
    if (kind === '' || validateDocument(kind, parse(bytes)).length > 0) return;
    for (const child of childrenOf(mediaType, blob)) take(child, depth + 1);
  };
  for (const root of roots) take(root, 0);
  return [...blobs.values()];
}

/** Docker's own form: a list of configurations, names and layers. */
function readDocker(files: ReadonlyMap<string, Uint8Array>): ReadLayout {
  const rows = parse(files.get('manifest.json'));
  if (!Array.isArray(rows)) return fail('unrecognized image format');
  const manifests: Descriptor[] = [];
  const blobs: Blob[] = [];
  for (const row of rows as Partial<DockerManifest>[]) {
    const config = files.get(row.Config ?? '');
    if (!config) return fail(`image config "${row.Config ?? ''}" not found`);
    if (validateDocument('config', parse(config)).length > 0) return fail('unmarshal image config');
    const layers: Blob[] = [];
    for (const path of row.Layers ?? []) {
      const bytes = files.get(path);
      if (!bytes) return fail(`failed to resolve layers: layer "${path}" not found`);
      layers.push(bytesBlob(bytes));
    }
    const manifest = dockerImage(bytesBlob(config), layers);
    blobs.push(bytesBlob(config), ...layers, manifest);
    const target = {
      mediaType: DOCKER_MEDIA.manifest,
      digest: manifest.digest,
      size: manifest.size,
    };
    const names = (row.RepoTags ?? []).map(fullName);
    manifests.push(...(names.length === 0 ? [target] : names.map((name) => named(target, name))));
  }
  return { ok: true, value: { manifests, blobs } };
}

function fullName(tag: string): string {
  const parsed = parseReference(tag);
  return parsed.ok ? formatReference(withDefaultTag(parsed.reference)) : tag;
}

function dockerImage(config: Blob, layers: readonly Blob[]): Blob {
  const manifest: Manifest = {
    schemaVersion: 2,
    mediaType: DOCKER_MEDIA.manifest,
    config: { mediaType: DOCKER_MEDIA.config, digest: config.digest, size: config.size },
    layers: layers.map((layer) => ({
      mediaType:
        layer.kind === 'bytes' && inflate(layer.bytes) === layer.bytes
          ? DOCKER_MEDIA.layer
          : DOCKER_MEDIA.layerGzip,
      digest: layer.digest,
      size: layer.size,
    })),
  };
  return bytesBlob(encodeJson(manifest));
}
