import { EPOCH_UNIX_MS, parseRfc3339 } from '../sim/clock.ts';
import type { Content } from '../containerd/content.ts';
import { isAvailable, platformOf, selectManifest } from '../containerd/image-view.ts';
import { chainIds } from '../oci/digest.ts';
import type { Descriptor, ImageConfig } from '../oci/image.ts';
import { readConfig, readManifest } from '../oci/layer.ts';
import { HOST_PLATFORM, type Platform } from '../oci/platform.ts';
import type { ManifestSummary } from './api/image.ts';

/** An image of several platforms added up (moby/moby v29.7 `image_list.go`, `multiPlatformSummary`). */
export interface ImageAccountOnMachine {
  readonly manifests: readonly ManifestSummary[];
  readonly best: Descriptor | undefined;
  readonly bestSummary: ManifestSummary | undefined;
  readonly config: ImageConfig | undefined;
  readonly totalBytes: number;
}

/** `containersOf` gives the ids of containers made of a manifest's image. */
export function summarize(
  content: Content,
  machine: string,
  digest: string,
  containers: readonly string[] = [],
  wanted?: Platform,
): ImageAccountOnMachine {
  const read = content.reader(machine);
  const best = selectManifest(read, digest, wanted);
  const manifests = content.manifestsOf(machine, digest).map((one): ManifestSummary => {
    const blob = read(one.digest);
    const parts = blob ? [readManifest(blob).config, ...readManifest(blob).layers] : [];
    const here = parts.filter((part) => read(part.digest) !== undefined);
    const Content = blob ? one.size + here.reduce((sum, { size }) => sum + size, 0) : 0;
    const Unpacked = unpackedBytes(content, machine, one);
    const Platform = platformOf(read, one) ?? HOST_PLATFORM;
    const Containers = one.digest === best?.digest ? containers : [];
    return {
      ID: one.digest,
      Descriptor: one,
      Available: isAvailable(read, one.digest),
      Size: { Content, Total: Content + Unpacked },
      Kind: 'image',
      ImageData: { Platform, Containers, Size: { Unpacked } },
    };
  });
  return {
    manifests,
    best,
    bestSummary: manifests.find(({ ID }) => ID === best?.digest),
    config: best && configOf(content, machine, best),
    totalBytes: manifests.reduce((sum, { Size }) => sum + Size.Total, 0),
  };
}

export function configOf(
  content: Content,
  machine: string,
  { digest }: Descriptor,
): ImageConfig | undefined {
  const manifest = content.blob(machine, digest);
  const config = manifest && content.blob(machine, readManifest(manifest).config.digest);
  return config && readConfig(config);
}

function unpackedBytes(content: Content, machine: string, manifest: Descriptor): number {
  const config = configOf(content, machine, manifest);
  const chain = chainIds(config?.rootfs.diff_ids ?? []);
  return chain.reduce((sum, id) => sum + (content.snapshot(machine, id)?.unpackedBytes ?? 0), 0);
}

/** Seconds since 1970 of a time in a configuration. */
export function unixSeconds(created: string | undefined): number {
  const timeMs = created === undefined ? undefined : parseRfc3339(created);
  return timeMs === undefined ? 0 : Math.floor((timeMs + EPOCH_UNIX_MS) / 1000);
}
