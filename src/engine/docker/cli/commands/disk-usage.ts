import type { CacheRecord, ContainerSummary, Volume } from '../../api.ts';
import { humanSize } from '../../units.ts';
import {
  BUILD_CACHE_HEADINGS,
  BUILD_CACHE_TABLE,
  byLastUse,
  cacheRow,
} from '../formatter/build-cache.ts';
import { CONTAINER_HEADINGS, containerRow } from '../formatter/container.ts';
import { firstName, IMAGE_HEADINGS, imageRow, type ImageRow } from '../formatter/image.ts';
import { VOLUME_HEADINGS, volumeRow } from '../formatter/volume.ts';
import { writeRows, type Headings } from '../formatter/write.ts';
import { daemonError, failed, type Invocation, type Step } from '../invocation.ts';
import { isRefused } from '../../../go/refused.ts';
import { Subject } from '../../../go/template/value.ts';
import { printRows } from './printing.ts';

/** `docker system df` (docker/cli v29.7 `cli/command/formatter/disk_usage.go`). */
interface Usage<T> {
  readonly ActiveCount: number;
  readonly TotalCount: number;
  readonly Reclaimable: number;
  readonly TotalSize: number;
  readonly Items?: readonly T[] | null;
}

interface DiskUsage {
  readonly ImageUsage?: Usage<ImageRow>;
  readonly ContainerUsage?: Usage<ContainerSummary>;
  readonly VolumeUsage?: Usage<Volume>;
  readonly BuildCacheUsage?: Usage<CacheRecord>;
}

const NOTHING = { ActiveCount: 0, TotalCount: 0, Reclaimable: 0, TotalSize: 0 };

export const DISK_TABLE =
  'table {{.Type}}\t{{.TotalCount}}\t{{.Active}}\t{{.Size}}\t{{.Reclaimable}}';
export const DISK_HEADINGS: Headings = {
  Type: 'TYPE',
  TotalCount: 'TOTAL',
  Active: 'ACTIVE',
  Size: 'SIZE',
  Reclaimable: 'RECLAIMABLE',
};

function usageRow(type: string, usage: Usage<unknown>): Subject {
  const { TotalSize, Reclaimable } = usage;
  const free = humanSize(Reclaimable, 4);
  const share = Math.trunc((Reclaimable * 100) / TotalSize);
  const counted = type !== 'Build Cache' && TotalSize > 0;
  return new Subject('*formatter.diskUsageContext', {
    Active: () => String(usage.ActiveCount),
    Reclaimable: () => (counted ? `${free} (${share}%)` : free),
    Size: () => humanSize(TotalSize, 4),
    TotalCount: () => String(usage.TotalCount),
    Type: () => type,
  });
}

export function diskRows(usage: DiskUsage): Subject[] {
  return [
    usageRow('Images', usage.ImageUsage ?? NOTHING),
    usageRow('Containers', usage.ContainerUsage ?? NOTHING),
    usageRow('Local Volumes', usage.VolumeUsage ?? NOTHING),
    usageRow('Build Cache', usage.BuildCacheUsage ?? NOTHING),
  ];
}

export function* diskUsage(call: Invocation): Step<number> {
  const { flags } = call;
  const verbose = flags.has('verbose');
  const answer = yield* call.get<DiskUsage>('/system/df', verbose ? { verbose: '1' } : {});
  if (failed(answer)) return yield* call.fail(daemonError(answer));
  const format = flags.text('format');
  if (verbose && (format === '' || format === 'table')) return yield* inFull(call, answer.body);
  const rows = diskRows(answer.body);
  const table = format === '' || format === 'table' ? DISK_TABLE : format;
  return yield* printRows(call, table, rows, DISK_HEADINGS);
}

const IMAGES =
  'table {{.Repository}}\t{{.Tag}}\t{{.ID}}\t{{.CreatedSince}}\t{{.Size}}\t{{.SharedSize}}\t' +
  '{{.UniqueSize}}\t{{.Containers}}';
const CONTAINERS =
  'table {{.ID}}\t{{.Image}}\t{{.Command}}\t{{.LocalVolumes}}\t{{.Size}}\t{{.RunningFor}}\t' +
  '{{.Status}}\t{{.Names}}';
const VOLUMES = 'table {{.Name}}\t{{.Links}}\t{{.Size}}';

function* inFull(call: Invocation, usage: DiskUsage): Step<number> {
  const options = { truncate: true, nowMs: yield* call.now() };
  const containers = usage.ContainerUsage?.Items ?? [];
  const cache = [...(usage.BuildCacheUsage?.Items ?? [])].sort(byLastUse);
  const cacheSize = humanSize(usage.BuildCacheUsage?.TotalSize ?? 0, 4);
  const images = (usage.ImageUsage?.Items ?? []).map((image) =>
    imageRow(image, firstName(image), options),
  );
  const sections: readonly (readonly [string, string, readonly Subject[], Headings])[] = [
    ['Images space usage:', IMAGES, images, IMAGE_HEADINGS],
    [
      '\nContainers space usage:',
      CONTAINERS,
      containers.map((row) => containerRow({ ...row, SizeRootFs: 0 }, options)),
      CONTAINER_HEADINGS,
    ],
    [
      '\nLocal Volumes space usage:',
      VOLUMES,
      (usage.VolumeUsage?.Items ?? []).map(volumeRow),
      VOLUME_HEADINGS,
    ],
    [
      `\nBuild cache usage: ${cacheSize}`,
      BUILD_CACHE_TABLE,
      cache.map((record) => cacheRow(record, options)),
      BUILD_CACHE_HEADINGS,
    ],
  ];
  for (const [title, format, rows, headings] of sections) {
    const text = writeRows(format, rows, headings);
    yield* call.out(`${title}\n\n${isRefused(text) ? '' : text}`);
  }
  return 0;
}
