import { familiarString, parseReference } from '../../../oci/reference.ts';
import type { ContainerSummary } from '../../api.ts';
import { displayPorts } from '../../publish.ts';
import { ellipsis, humanSize, shortId } from '../../units.ts';
import { goQuote } from '../../../go/quote.ts';
import { Subject, type Value } from '../../../go/template/value.ts';
import { goTime, ofUnixSeconds, since } from './time.ts';
import type { Headings } from './write.ts';

/** Rows of `docker ps` (docker/cli v29.7 `cli/command/formatter/container.go`). */
const TABLE =
  'table {{.ID}}\t{{.Image}}\t{{.Command}}\t{{.RunningFor}}\t{{.Status}}\t{{.Ports}}\t{{.Names}}';
const COMMAND_WIDTH = 20;
const MOUNT_WIDTH = 15;

export const CONTAINER_HEADINGS: Headings = {
  ID: 'CONTAINER ID',
  Names: 'NAMES',
  Image: 'IMAGE',
  Command: 'COMMAND',
  CreatedAt: 'CREATED AT',
  RunningFor: 'CREATED',
  Ports: 'PORTS',
  State: 'STATE',
  Status: 'STATUS',
  Size: 'SIZE',
  Labels: 'LABELS',
  Mounts: 'MOUNTS',
  LocalVolumes: 'LOCAL VOLUMES',
  Networks: 'NETWORKS',
  Platform: 'PLATFORM',
  HealthStatus: 'HEALTH STATUS',
};

const RAW = `container_id: {{.ID}}
image: {{.Image}}
command: {{.Command}}
created_at: {{.CreatedAt}}
state: {{- pad .State 1 0}}
status: {{- pad .Status 1 0}}
names: {{.Names}}
labels: {{- pad .Labels 1 0}}
ports: {{- pad .Ports 1 0}}
`;

export function containerFormat(source: string, quiet: boolean, size: boolean): string {
  switch (source) {
    case '':
    case 'table':
      if (quiet) return '{{.ID}}';
      return size ? `${TABLE}\t{{.Size}}` : TABLE;
    case 'raw':
      if (quiet) return 'container_id: {{.ID}}';
      return size ? `${RAW}size: {{.Size}}\n` : RAW;
    default:
      return quiet ? '{{.ID}}' : source;
  }
}

export interface RowOptions {
  readonly truncate: boolean;
  readonly nowMs: number;
}

export function containerRow(row: ContainerSummary, { truncate, nowMs }: RowOptions): Subject {
  const created = ofUnixSeconds(row.Created);
  return new Subject('*formatter.ContainerContext', {
    Command: () => goQuote(truncate ? ellipsis(row.Command, COMMAND_WIDTH) : row.Command),
    CreatedAt: () => goTime(created),
    HealthStatus: () => healthStatus(row),
    ID: () => (truncate ? shortId(row.Id) : row.Id),
    Image: () => imageName(row, truncate),
    Label: (name: Value) => labelOf(row.Labels, name),
    Labels: () => labelList(row.Labels),
    LocalVolumes: () =>
      String((row.Mounts ?? []).filter(({ Driver }) => Driver === 'local').length),
    Mounts: () =>
      (row.Mounts ?? [])
        .map(({ Name = '', Source }) => (Name === '' ? Source : Name))
        .map((name) => (truncate ? ellipsis(name, MOUNT_WIDTH) : name))
        .join(','),
    Names: () => containerNames(row.Names, truncate),
    Networks: () => Object.keys(row.NetworkSettings?.Networks ?? {}).join(','),
    Platform: () => platformText(row),
    Ports: () => displayPorts(row.Ports ?? []),
    RunningFor: () => since(created, nowMs),
    Size: () => {
      const own = humanSize(row.SizeRw ?? 0);
      const all = row.SizeRootFs ?? 0;
      return all > 0 ? `${own} (virtual ${humanSize(all)})` : own;
    },
    State: () => row.State,
    Status: () => row.Status,
  });
}

/** `a=b,c=d`, by name. */
export const labelList = (labels: Readonly<Record<string, string>> | null | undefined): string =>
  Object.entries(labels ?? {})
    .map(([key, value]) => `${key}=${value}`)
    .sort((a, b) => (a < b ? -1 : a > b ? 1 : 0))
    .join(',');

export const labelOf = (
  labels: Readonly<Record<string, string>> | null | undefined,
  name: Value,
): string =>
  typeof name === 'string' && labels && Object.hasOwn(labels, name) ? (labels[name] ?? '') : '';

/** Names without the slash; when short, the one that is no name in a link. */
export function containerNames(names: readonly string[], truncate: boolean): string {
  const bare = (names ?? []).map((name) => name.replace(/^\//, ''));
  return truncate ? (bare.find((name) => !name.includes('/')) ?? '') : bare.join(',');
}

function imageName(row: ContainerSummary, truncate: boolean): string {
  const { Image, ImageID } = row;
  if (Image === '' || Image === undefined) return '<no image>';
  if (!truncate) return Image;
  const short = shortId(ImageID ?? '');
  if (short === shortId(Image)) return short;
  const parsed = parseReference(Image);
  if (!parsed.ok) return Image;
  const { digest: _digest, ...named } = parsed.reference;
  return familiarString(named);
}

function healthStatus({ Health, Status }: ContainerSummary): string {
  if (Health?.Status !== undefined) return Health.Status;
  return /\((?:health: )?(healthy|unhealthy|starting)\)$/.exec(Status)?.[1] ?? '';
}

function platformText(row: ContainerSummary): Value {
  const platform = (
    row.ImageManifestDescriptor as { platform?: Record<string, string> } | undefined
  )?.platform;
  if (!platform) return null;
  return [platform.os, platform.architecture, platform.variant]
    .filter((part) => part !== undefined && part !== '')
    .join('/');
}
