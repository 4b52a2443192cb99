import { chainIds } from '../oci/digest.ts';
import type { Descriptor } from '../oci/image.ts';
import { readConfig, readIndex, readJsonBlob, readManifest, type Blob } from '../oci/layer.ts';
import { isIndexType, MEDIA } from '../oci/media-types.ts';
import { HOST_PLATFORM, platformRank, type Platform } from '../oci/platform.ts';
import type { ImageView } from './api.ts';

/**
 * What an image is on a machine: of its manifests the one that fits, with its configuration and
 * what it weighs (moby/moby v29.7 `daemon/containerd/image_manifest.go`, `image_list.go`).
 */
export type Reader = (digest: string) => Blob | undefined;

/** The type a manifest or an index says it has, or shows by what is in it. */
export function mediaTypeOf(blob: Blob): string {
  const value = readJsonBlob(blob) as { mediaType?: unknown; manifests?: unknown } | undefined;
  if (typeof value?.mediaType === 'string') return value.mediaType;
  return value?.manifests === undefined ? MEDIA.manifest : MEDIA.index;
}

/** Attestations are manifests of no platform. */
const isImage = ({ platform }: Descriptor): boolean => platform?.os !== 'unknown';

/** The manifests of an image, those of an index in its order, here or not. */
export function manifestsOf(read: Reader, digest: string): readonly Descriptor[] {
  const blob = read(digest);
  if (!blob) return [];
  const mediaType = mediaTypeOf(blob);
  if (isIndexType(mediaType)) return readIndex(blob).manifests.filter(isImage);
  return [{ mediaType, digest, size: blob.size }];
}

/** The platform of a manifest: as its index says, else as its configuration does. */
export function platformOf(read: Reader, manifest: Descriptor): Platform | undefined {
  if (manifest.platform) return manifest.platform;
  const blob = read(manifest.digest);
  const config = blob && read(readManifest(blob).config.digest);
  if (!config) return undefined;
  const { os, architecture, variant } = readConfig(config);
  return { os, architecture, ...(variant === undefined ? {} : { variant }) };
}

/** Whether a manifest and all it needs are here. */
export function isAvailable(read: Reader, digest: string): boolean {
  const blob = read(digest);
  if (!blob) return false;
  const { config, layers } = readManifest(blob);
  return [config, ...layers].every((one) => read(one.digest) !== undefined);
}

/**
 * The manifest to use: of those here the best for the platform; without a wish the best for this
 * machine, or else whichever is here.
 */
export function selectManifest(
  read: Reader,
  digest: string,
  wanted?: Platform,
): Descriptor | undefined {
  const here = manifestsOf(read, digest).filter((one) => isAvailable(read, one.digest));
  const ranked = here.map((manifest) => {
    const platform = platformOf(read, manifest);
    return { manifest, rank: platform && platformRank(wanted ?? HOST_PLATFORM, platform) };
  });
  const best = ranked
    .filter(({ rank }) => rank !== undefined)
    .sort((a, b) => a.rank! - b.rank!)
    .at(0);
  return best?.manifest ?? (wanted ? undefined : here[0]);
}

const sum = (sizes: readonly number[]): number => sizes.reduce((a, b) => a + b, 0);

/** `usage` gives the bytes of an unpacked layer by its chain ID. */
export function viewManifest(
  read: Reader,
  usage: (chainId: string) => number,
  { reference, digest }: { readonly reference: string; readonly digest: string },
  wanted?: Platform,
): ImageView {
  const chosen = selectManifest(read, digest, wanted) ?? manifestsOf(read, digest)[0];
  const manifest = readManifest(read(chosen?.digest ?? digest)!);
  const config = readConfig(read(manifest.config.digest)!);
  const chain = chainIds(config.rootfs.diff_ids);
  const here = manifestsOf(read, digest).filter((one) => read(one.digest) !== undefined);
  return {
    reference,
    digest,
    manifestDigest: chosen?.digest ?? digest,
    config,
    configDigest: manifest.config.digest,
    contentBytes: contentBytes(read, digest, here),
    unpackedBytes: sum(chain.map(usage)),
    chainId: chain.at(-1) ?? '',
  };
}

/** Of everything that is here, each blob as often as it is named. */
function contentBytes(read: Reader, digest: string, manifests: readonly Descriptor[]): number {
  const index = manifests.some((one) => one.digest === digest) ? 0 : (read(digest)?.size ?? 0);
  const parts = manifests.map((one) => {
    const { config, layers } = readManifest(read(one.digest)!);
    const present = [config, ...layers].filter((part) => read(part.digest) !== undefined);
    return one.size + sum(present.map(({ size }) => size));
  });
  return index + sum(parts);
}
