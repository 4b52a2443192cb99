import { rfc3339Nano } from '../sim/clock.ts';
import { DANGLING, type Content } from '../containerd/content.ts';
import { isAvailable } from '../containerd/image-view.ts';
import { digestOf } from '../oci/digest.ts';
import { encodeJson, type ImageConfig, type RunConfig } from '../oci/image.ts';
import { bytesBlob, inflate, readManifest, tryUnpackLayer } from '../oci/layer.ts';
import { NAME_ANNOTATION, readLayout, writeLayout, type SavedImage } from '../oci/layout.ts';
import { MEDIA } from '../oci/media-types.ts';
import { HOST_PLATFORM, isPlatform, type Platform } from '../oci/platform.ts';
import {
  familiarString,
  formatReference,
  isNameOnly,
  nameOf,
  parseReference,
  withDefaultTag,
} from '../oci/reference.ts';
import { readTar } from '../oci/tar-read.ts';
import { answer, fail } from './answer.ts';
import type { EngineResponse } from './api.ts';
import { resolveImage } from './find-image.ts';
import { platformMissing } from './image-inspect.ts';

/** `docker save`, `load` and `import` (moby/moby v29.7 `daemon/containerd/image_exporter.go`, `image_import.go`). */
export function saveImages(
  content: Content,
  machine: string,
  names: readonly string[],
  platform?: Platform,
): EngineResponse<Uint8Array | { message: string }> {
  const images: SavedImage[] = [];
  for (const text of names) {
    const chosen = chooseImages(content, machine, text);
    if (!('images' in chosen)) return chosen as EngineResponse<{ message: string }>;
    for (const { digest, name } of chosen.images) {
      const target = platform
        ? manifestOf(content, machine, digest, platform)
        : content.describe(machine, digest);
      if (!target) return platformMissing(text, platform!) as EngineResponse<{ message: string }>;
      const annotations = sourcesOf(content, machine, target.digest);
      images.push({
        target: { ...target, ...annotations },
        ...(name === undefined ? {} : { name }),
      });
    }
  }
  return answer(200, writeLayout(images, content.reader(machine)));
}

function manifestOf(content: Content, machine: string, digest: string, platform: Platform) {
  const read = content.reader(machine);
  return content
    .manifestsOf(machine, digest)
    .filter((one) => isAvailable(read, one.digest))
    .find((one) => !one.platform || isPlatform(platform, one.platform));
}

/** A repository alone means all its tags; an id means the image without a name. */
function chooseImages(content: Content, machine: string, text: string) {
  const found = resolveImage(content, machine, text);
  const parsed = parseReference(text);
  const isId =
    found.ok && found.digest.slice('sha256:'.length).startsWith(text.replace(/^sha256:/, ''));
  const byDigest = parsed.ok && parsed.reference.digest !== undefined;
  if (parsed.ok && isNameOnly(parsed.reference) && !isId) {
    const repository = nameOf(parsed.reference);
    const rows = content.rows(machine).filter(([name]) => {
      const one = parseReference(name);
      return one.ok && !name.startsWith(DANGLING) && nameOf(one.reference) === repository;
    });
    const images = rows.map(([name, { digest }]) => ({ digest, name }));
    if (images.length > 0) return { images };
    return fail(404, `No such image: ${familiarString(withDefaultTag(parsed.reference))}`);
  }
  if (!found.ok) return found.refusal;
  const name = isId || byDigest || !parsed.ok ? undefined : formatReference(parsed.reference);
  return { images: [{ digest: found.digest, name }] };
}

function sourcesOf(content: Content, machine: string, digest: string) {
  const byHost = new Map<string, string[]>();
  for (const source of content.sourcesOf(machine, digest)) {
    const [host = '', repository = ''] = source.split(' ');
    const key = `containerd.io/distribution.source.${host.replace(/:\d+$/, '')}`;
    byHost.set(key, [...(byHost.get(key) ?? []), repository]);
  }
  if (byHost.size === 0) return {};
  const annotations = [...byHost].map(([key, all]) => [key, all.join(',')] as const);
  return { annotations: Object.fromEntries(annotations) };
}

/** The lines of a load, and the names and digests that came with it. */
export interface Loaded {
  readonly lines: readonly string[];
  readonly digests: readonly string[];
}

/** Takes the images of an archive in; the message when it is none. */
export function loadImages(
  content: Content,
  machine: string,
  archive: Uint8Array,
  platform?: Platform,
): Loaded | { readonly message: string } {
  const read = readLayout(archive);
  if (!read.ok) return { message: read.message };
  const { manifests, blobs } = read.value;
  const lines: string[] = [];
  const digests: string[] = [];
  for (const blob of blobs) content.add(machine, blob);
  for (const { digest, annotations } of manifests) {
    if (!content.blob(machine, digest)) continue;
    const name = annotations?.[NAME_ANNOTATION];
    const parsed = name === undefined ? undefined : parseReference(name);
    const named = parsed?.ok ? formatReference(withDefaultTag(parsed.reference)) : undefined;
    if (named === undefined) content.keep(machine, digest);
    else content.assign(machine, named, digest);
    digests.push(digest);
    unpackFor(content, machine, digest, platform ?? HOST_PLATFORM);
    const shown = parsed?.ok ? familiarString(withDefaultTag(parsed.reference)) : digest;
    lines.push(`${named === undefined ? 'Loaded image ID' : 'Loaded image'}: ${shown}\n`);
  }
  return { lines, digests };
}

/** Unpacks the manifest of a platform, as far as its layers are there. */
function unpackFor(content: Content, machine: string, digest: string, platform: Platform): void {
  const manifest = manifestOf(content, machine, digest, platform);
  const blob = manifest && content.blob(machine, manifest.digest);
  let parent: string | undefined;
  for (const layer of blob ? readManifest(blob).layers : []) {
    const bytes = content.blob(machine, layer.digest);
    if (!bytes || !tryUnpackLayer(bytes).ok) return;
    parent = content.unpack(machine, layer.digest, parent);
  }
}

export interface Import {
  readonly name: string;
  readonly message: string;
  readonly config: RunConfig;
  readonly platform?: Platform;
  readonly nowMs: number;
}

/** Makes an image of one layer of an archive of files; gives its digest. */
export function importImage(
  content: Content,
  machine: string,
  archive: Uint8Array,
  { name, message, config, platform = HOST_PLATFORM, nowMs }: Import,
): { readonly digest: string } | EngineResponse {
  const tar = inflate(archive);
  const entries = tar && readTar(tar);
  if (!tar || !entries?.ok)
    return fail(500, entries?.ok === false ? entries.fault : 'unexpected EOF');
  const layer = bytesBlob(archive);
  const created = rfc3339Nano(nowMs);
  const image: ImageConfig = {
    created,
    architecture: platform.architecture,
    ...(platform.variant === undefined ? {} : { variant: platform.variant }),
    os: platform.os,
    config,
    rootfs: { type: 'layers', diff_ids: [digestOf(tar)] },
    history: [{ created, created_by: '', comment: message }],
  };
  const configBlob = bytesBlob(encodeJson(image));
  const manifest = bytesBlob(
    encodeJson({
      schemaVersion: 2,
      mediaType: MEDIA.manifest,
      config: { mediaType: MEDIA.config, digest: configBlob.digest, size: configBlob.size },
      layers: [
        {
          mediaType: tar === archive ? MEDIA.layer : MEDIA.layerGzip,
          digest: layer.digest,
          size: layer.size,
        },
      ],
    }),
  );
  for (const blob of [layer, configBlob, manifest]) content.add(machine, blob);
  content.unpack(machine, layer.digest);
  if (name === '') content.keep(machine, manifest.digest);
  else content.assign(machine, name, manifest.digest);
  return { digest: manifest.digest };
}
