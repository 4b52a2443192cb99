import { rfc3339Nano } from '../sim/clock.ts';
import { isDangling, type Content } from '../containerd/content.ts';
import { chainIds } from '../oci/digest.ts';
import { isAvailable } from '../containerd/image-view.ts';
import { formatPlatform, isPlatform, platformRank, type Platform } from '../oci/platform.ts';
import { familiarName, familiarString, parseReference } from '../oci/reference.ts';
import { answer, fail } from './answer.ts';
import type { EngineResponse } from './api.ts';
import type { HistoryItem, ImageInspect } from './api/image.ts';
import { resolveImage, shownNames } from './find-image.ts';
import { configOf, summarize, unixSeconds } from './image-summary.ts';

/**
 * One image in detail (moby/moby v29.7 `daemon/containerd/image_inspect.go`, `image_history.go`;
 * the words about platforms are those of `errPlatformNotFound` in `image.go`).
 */
export interface InspectOptions {
  readonly platform?: Platform;
  readonly manifests?: boolean;
  /** Ids of the containers made of an image. */
  readonly containersOf: (digest: string) => readonly string[];
}

export function inspectImage(
  content: Content,
  machine: string,
  text: string,
  { platform, manifests, containersOf }: InspectOptions,
): EngineResponse<ImageInspect | { message: string }> {
  const found = resolveImage(content, machine, text);
  if (!found.ok) return found.refusal as EngineResponse<{ message: string }>;
  const { digest, names } = found;
  const summary = summarize(content, machine, digest, containersOf(digest), platform);
  const { best, bestSummary, config } = summary;
  if (platform && (!best?.digest || !fits(platform, bestSummary?.ImageData?.Platform))) {
    return platformMissing(text, platform) as EngineResponse<{ message: string }>;
  }
  const updated = Math.max(...names.map((name) => content.row(machine, name)?.updatedMs ?? 0));
  const target = platform && best ? best : content.describe(machine, digest);
  const comment = config?.history.at(-1)?.comment ?? '';
  const { variant } = config ?? {};
  return answer(200, {
    Id: target.digest,
    RepoTags: repoTags(names),
    RepoDigests: repoDigests(names, digest),
    ...(comment === '' ? {} : { Comment: comment }),
    ...(config?.created === undefined ? {} : { Created: config.created }),
    ...(config?.author === undefined ? {} : { Author: config.author }),
    Config: config?.config ?? {},
    Architecture: config?.architecture ?? '',
    ...(variant === undefined ? {} : { Variant: variant }),
    Os: config?.os ?? '',
    Size: bestSummary?.Size.Total ?? summary.totalBytes,
    RootFS: { Type: config?.rootfs.type ?? '', Layers: config?.rootfs.diff_ids ?? [] },
    Metadata: { LastTagTime: rfc3339Nano(updated) },
    Descriptor: target,
    ...(manifests ? { Manifests: summary.manifests } : {}),
  });
}

const fits = (wanted: Platform, offered: Platform | undefined): boolean =>
  offered !== undefined && isPlatform(wanted, offered);

export const platformMissing = (text: string, platform: Platform): EngineResponse =>
  fail(
    404,
    `image with reference ${text} was found but does not provide the specified platform (${formatPlatform(platform)})`,
  );

function repoTags(names: readonly string[]): string[] {
  return shownNames(names).map((name) => {
    const parsed = parseReference(name);
    return parsed.ok ? familiarString(parsed.reference) : name;
  });
}

function repoDigests(names: readonly string[], digest: string): string[] {
  const digests = shownNames(names).flatMap((name) => {
    const parsed = parseReference(name);
    return parsed.ok ? [`${familiarName(parsed.reference)}@${digest}`] : [];
  });
  return [...new Set(digests)];
}

/** The steps an image was made in, the last first; only the image itself has an id. */
export function imageHistory(
  content: Content,
  machine: string,
  text: string,
  platform?: Platform,
): EngineResponse<HistoryItem[] | { message: string }> {
  const found = resolveImage(content, machine, text);
  if (!found.ok) return found.refusal as EngineResponse<{ message: string }>;
  const { digest, names } = found;
  const read = content.reader(machine);
  const { best } = summarize(content, machine, digest, [], platform);
  const config =
    best && isAvailable(read, best.digest) ? configOf(content, machine, best) : undefined;
  if (!config || (platform && platformRank(platform, config) === undefined)) {
    const wanted = platform ?? { os: 'linux', architecture: 'amd64' };
    return platformMissing(text, wanted) as EngineResponse<{ message: string }>;
  }
  const chain = chainIds(config.rootfs.diff_ids);
  let layer = 0;
  const items = config.history.map((step): HistoryItem => {
    const chainId = step.empty_layer ? undefined : chain[layer++];
    const snapshot = chainId === undefined ? undefined : content.snapshot(machine, chainId);
    return {
      Comment: step.comment ?? '',
      Created: unixSeconds(step.created),
      CreatedBy: step.created_by,
      Id: '<missing>',
      Size: snapshot?.unpackedBytes ?? 0,
      Tags: null,
    };
  });
  const [last, ...rest] = items.reverse();
  if (!last) return answer(200, []);
  const tags = repoTags(names.filter((name) => !isDangling(name)));
  return answer(200, [{ ...last, Id: digest, Tags: tags.length > 0 ? tags : null }, ...rest]);
}
