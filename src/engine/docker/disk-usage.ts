import { EPOCH_UNIX_MS, parseRfc3339 } from '../sim/clock.ts';
import type { Content } from '../containerd/content.ts';
import { chainIds } from '../oci/digest.ts';
import { familiarName, parseReference } from '../oci/reference.ts';
import type { CacheRecord, ContainerSummary, DiskUsage, ImageUsage, Usage, Volume } from './api.ts';
import { describeVolume, type Volumes } from './volumes/store.ts';

/**
 * What images, containers, volumes and the build cache take on disk (moby/moby v29.7
 * `daemon/disk_usage.go`, `daemon/containerd/image_list.go`, `service.go`, `ImageDiskUsage`).
 */
export interface DiskRooms {
  readonly content: Content;
  readonly volumes: Volumes;
  readonly usersOf: (machine: string, digest: string) => readonly { readonly id: string }[];
  /** All containers with their sizes. */
  readonly containers: (machine: string) => readonly ContainerSummary[];
  readonly buildCache: (machine: string) => readonly CacheRecord[];
}

export type DiskKind = 'container' | 'image' | 'volume' | 'build-cache';

export const DISK_KINDS: readonly DiskKind[] = ['container', 'image', 'volume', 'build-cache'];

const RUNNING = ['running', 'paused', 'restarting'];
const sum = (values: readonly number[]): number => values.reduce((all, one) => all + one, 0);

export function diskUsage(
  rooms: DiskRooms,
  machine: string,
  kinds: readonly DiskKind[],
  verbose: boolean,
): DiskUsage {
  const detail = <T>(usage: Usage<T>): Usage<T> => {
    const { Items, ...rest } = usage;
    return verbose && Items ? { ...rest, Items } : rest;
  };
  return {
    ...(kinds.includes('image') ? { ImageUsage: detail(imageUsage(rooms, machine)) } : {}),
    ...(kinds.includes('container')
      ? { ContainerUsage: detail(containerUsage(rooms.containers(machine))) }
      : {}),
    ...(kinds.includes('volume')
      ? { VolumeUsage: detail(volumeUsage(rooms.volumes, machine)) }
      : {}),
    ...(kinds.includes('build-cache')
      ? { BuildCacheUsage: detail(cacheUsage(rooms.buildCache(machine))) }
      : {}),
  };
}

interface Parts {
  readonly digest: string;
  readonly chains: readonly string[];
  readonly blobs: readonly string[];
}

/** What is on disk twice counts once: unpacked layers and blobs alike. */
function imageUsage({ content, usersOf }: DiskRooms, machine: string): Usage<ImageUsage> {
  const digests = [...new Set(content.rows(machine).map(([, { digest }]) => digest))];
  const parts = digests.map((digest): Parts => {
    const { config } = content.view(machine, digest);
    const chains = chainIds(config.rootfs.diff_ids);
    return { digest, chains: [...new Set(chains)], blobs: content.reachable(machine, digest) };
  });
  const counts = new Map<string, number>();
  for (const { chains, blobs } of parts) {
    for (const one of [...chains, ...blobs]) counts.set(one, (counts.get(one) ?? 0) + 1);
  }
  const bytesOf = (one: string): number =>
    content.snapshot(machine, one)?.unpackedBytes ?? content.blob(machine, one)?.size ?? 0;
  const Items = parts.map(({ digest, chains, blobs }) => {
    const all = [...chains, ...blobs];
    const Size = sum(all.map(bytesOf));
    const SharedSize = sum(all.filter((one) => (counts.get(one) ?? 0) > 1).map(bytesOf));
    const Containers = usersOf(machine, digest).length;
    return { ...described(content, machine, digest), Size, SharedSize, Containers };
  });
  const idle = Items.filter(({ Containers }) => Containers === 0);
  return {
    ActiveCount: Items.length - idle.length,
    Items,
    Reclaimable: sum(idle.map(({ Size, SharedSize }) => Size - SharedSize)),
    TotalCount: Items.length,
    TotalSize: sum([...counts.keys()].map(bytesOf)),
  };
}

function described(content: Content, machine: string, digest: string) {
  const { config } = content.view(machine, digest);
  const RepoTags: string[] = [];
  const RepoDigests = new Set<string>();
  for (const reference of content.namesOf(machine, digest)) {
    const parsed = parseReference(reference);
    if (!parsed.ok) continue;
    const name = familiarName(parsed.reference);
    const { tag } = parsed.reference;
    if (tag !== undefined) RepoTags.push(`${name}:${tag}`);
    RepoDigests.add(`${name}@${digest}`);
  }
  const createdMs = (parseRfc3339(config.created ?? '') ?? 0) + EPOCH_UNIX_MS;
  return {
    Id: digest,
    RepoTags,
    RepoDigests: [...RepoDigests],
    Created: Math.floor(createdMs / 1000),
    Labels: config.config.Labels ?? null,
  };
}

function containerUsage(Items: readonly ContainerSummary[]): Usage<ContainerSummary> {
  const idle = Items.filter(({ State }) => !RUNNING.includes(State));
  const bytes = (rows: readonly ContainerSummary[]): number =>
    sum(rows.map(({ SizeRw = 0 }) => SizeRw));
  return {
    ActiveCount: Items.length - idle.length,
    Items,
    Reclaimable: bytes(idle),
    TotalCount: Items.length,
    TotalSize: bytes(Items),
  };
}

/** Volumes that stand for something else, with options, are not looked at. */
function volumeUsage(volumes: Volumes, machine: string): Usage<Volume> {
  const rows = volumes
    .list(machine)
    .filter(({ options }) => Object.keys(options ?? {}).length === 0);
  const Items = rows.map((row) => ({
    ...describeVolume(row),
    UsageData: { RefCount: volumes.users(row).length, Size: volumes.sizeBytes(row) },
  }));
  const idle = Items.filter(({ UsageData }) => UsageData.RefCount === 0);
  const bytes = (items: typeof Items): number => sum(items.map(({ UsageData }) => UsageData.Size));
  return {
    ActiveCount: Items.length - idle.length,
    Items,
    Reclaimable: bytes(idle),
    TotalCount: Items.length,
    TotalSize: bytes(Items),
  };
}

/** Records in use are active; those that images share stay with them. */
function cacheUsage(Items: readonly CacheRecord[]): Usage<CacheRecord> {
  const bytes = (records: readonly CacheRecord[]): number => sum(records.map(({ Size }) => Size));
  return {
    ActiveCount: Items.filter(({ InUse }) => InUse).length,
    Items,
    Reclaimable: bytes(Items.filter(({ InUse, Shared }) => !InUse && !Shared)),
    TotalCount: Items.length,
    TotalSize: bytes(Items),
  };
}
