import type {
  ContainerSummary,
  NetworkSummary,
  PortSummary,
  Volume,
} from '../../src/engine/docker/api.ts';
import {
  CONTAINER_HEADINGS,
  containerFormat,
  containerRow,
} from '../../src/engine/docker/cli/formatter/container.ts';
import {
  HISTORY_HEADINGS,
  historyFormat,
  historyRow,
} from '../../src/engine/docker/cli/formatter/history.ts';
import { imageTree } from '../../src/engine/docker/cli/formatter/image-tree.ts';
import {
  IMAGE_HEADINGS,
  imageFormat,
  imageRows,
  isDangling,
  type ImageRow,
} from '../../src/engine/docker/cli/formatter/image.ts';
import {
  NETWORK_HEADINGS,
  networkFormat,
  networkRow,
} from '../../src/engine/docker/cli/formatter/network.ts';
import * as swarm from '../../src/engine/docker/cli/formatter/swarm.ts';
import {
  VOLUME_HEADINGS,
  volumeFormat,
  volumeRow,
} from '../../src/engine/docker/cli/formatter/volume.ts';
import { writeRows, type Headings } from '../../src/engine/docker/cli/formatter/write.ts';
import { CONTEXT_HEADINGS, CONTEXT_TABLE } from '../../src/engine/docker/cli/commands/context.ts';
import {
  DIFF_HEADINGS,
  DIFF_TABLE,
  naturalOrder,
} from '../../src/engine/docker/cli/commands/container-look.ts';
import {
  DISK_HEADINGS,
  DISK_TABLE,
  diskRows,
} from '../../src/engine/docker/cli/commands/disk-usage.ts';
import { isRefused } from '../../src/engine/go/refused.ts';
import { EPOCH_UNIX_MS } from '../../src/engine/sim/clock.ts';
import type { Subject } from '../../src/engine/go/template/value.ts';

/** Rows of the tables that docker prints, as a table of facts describes them. */
const HOUR_MS = 3_600_000;
const YEAR_MS = 365 * 24 * HOUR_MS;
/** Far from the beginning, so that what was years ago has a time. */
export const NOW_MS = 30 * YEAR_MS;
const secondsAgo = (ms: number): number => Math.floor((NOW_MS - ms + EPOCH_UNIX_MS) / 1000);

/** A field of a row as text; what is not there is empty. */
const text = (value: unknown, otherwise = ''): string =>
  typeof value === 'string' || typeof value === 'number' ? `${value}` : otherwise;

export interface PortInput {
  readonly ip?: string | null;
  readonly private: number;
  readonly public?: number;
  readonly type: string;
}

export const portSummary = ({
  ip,
  private: inner,
  public: outer,
  type,
}: PortInput): PortSummary => ({
  ...(ip === null || ip === undefined ? {} : { IP: ip }),
  PrivatePort: inner,
  ...(outer === undefined ? {} : { PublicPort: outer }),
  Type: type,
});

/** `80-82 tcp unpublished`, `8.8.8.8:82->82/tcp`: a port as a row of a table says it. */
function portsOfText(text: string): PortSummary[] {
  const free = /^(\d+)(?:-(\d+))?[ /](\w+) unpublished$/.exec(text);
  if (free) {
    const [first, last] = [Number(free[1]), Number(free[2] ?? free[1])];
    return Array.from({ length: last - first + 1 }, (_, i) => ({
      PrivatePort: first + i,
      Type: free[3] ?? '',
    }));
  }
  const [, ip = '', outer, inner, type = ''] = /^(.*):(\d+)->(\d+)\/(\w+)$/.exec(text) ?? [];
  return [{ IP: ip, PublicPort: Number(outer), PrivatePort: Number(inner), Type: type }];
}

/** A container as rows of either kind of operation describe it. */
export type ContainerInput = Readonly<Record<string, unknown>>;

export function summaryOf(input: ContainerInput): ContainerSummary {
  const ago =
    Number(input.createdYearsAgo ?? 0) * YEAR_MS +
    Number(input.createdHoursAgo ?? 0) * HOUR_MS +
    Number(input.createdSecondsAgo ?? 0) * 1000;
  const ports = ((input.ports ?? []) as (string | PortInput)[]).flatMap((port) =>
    typeof port === 'string' ? portsOfText(port) : [portSummary(port)],
  );
  return {
    Id: text(input.id),
    Names: (input.names ?? []) as string[],
    Image: text(input.image),
    ImageID: '',
    Command: text(input.command ?? input.cmd),
    Created: secondsAgo(ago),
    Ports: ports,
    SizeRw: Number(input.sizeRw ?? 0),
    SizeRootFs: Number(input.sizeRootFs ?? 0),
    Labels: (input.labels ?? {}) as Record<string, string>,
    State: text(input.state) as ContainerSummary['State'],
    Status: text(input.status),
    HostConfig: {},
    NetworkSettings: { Networks: {} },
    Mounts: [],
  };
}

/** The input's own names are those of the wire. */
export const wireSummary = (input: Partial<ContainerSummary>): ContainerSummary => ({
  ...summaryOf({}),
  ...input,
});

export interface TableInput {
  readonly command: string;
  readonly format?: string;
  readonly quiet?: boolean;
  readonly showSize?: boolean;
  readonly digests?: boolean;
  readonly truncate?: boolean;
  readonly rows: readonly ContainerInput[];
  readonly [shared: string]: unknown;
}

/** What a table is made of: its format, rows and headings. */
interface Table {
  readonly format: string;
  readonly rows: readonly Subject[];
  readonly headings: Headings;
}

export const NOWHERE = { nowMs: NOW_MS, truncate: true };

function containers({
  rows,
  command,
  format = 'table',
  quiet = false,
  showSize = false,
  ...shared
}: TableInput): Table {
  const truncate = !command.includes('--no-trunc');
  // What all rows have in common stands beside them.
  const common: ContainerInput = { id: 'container_id', ...shared };
  return {
    format: containerFormat(format, quiet, showSize),
    rows: rows.map((row) =>
      containerRow(summaryOf({ ...common, ...row }), { ...NOWHERE, truncate }),
    ),
    headings: CONTAINER_HEADINGS,
  };
}

const ZERO_TIME = -62_135_596_800;

function imageOf(row: ContainerInput): ImageRow {
  const zero = row.created === 'zero time';
  const image: Partial<ImageRow> = {
    Id: text(row.id),
    RepoTags: (row.repoTags ?? []) as string[],
    RepoDigests: (row.repoDigests ?? []) as string[],
    Created: zero ? ZERO_TIME : secondsAgo(Number(row.createdHoursAgo ?? 0) * HOUR_MS),
    Size: Number(row.size ?? 0),
  };
  return image as ImageRow;
}

function images({ rows, format = 'table', quiet = false, digests = false }: TableInput): Table {
  const text = imageFormat(format, quiet, digests);
  const options = { ...NOWHERE, digests, format: text };
  return { format: text, rows: imageRows(rows.map(imageOf), options), headings: IMAGE_HEADINGS };
}

/** `24 hours ago`, `17 years ago`; 0 is no time. */
function createdAt(text: unknown): number {
  const [, count, unit = ''] = /^(\d+) (\w+?)s? ago$/.exec(String(text)) ?? [];
  if (count === undefined) return 0;
  return secondsAgo(Number(count) * (unit === 'year' ? YEAR_MS : HOUR_MS));
}

function history({ rows, truncate = true }: TableInput): Table {
  const items = rows.map((row) => ({
    Id: text(row.id),
    Created: createdAt(row.created),
    CreatedBy: text(row.createdBy),
    Size: Number(row.size),
    Comment: text(row.comment),
  }));
  return {
    format: historyFormat('table', false, true),
    rows: items.map((item) => historyRow(item, { ...NOWHERE, truncate, human: true })),
    headings: HISTORY_HEADINGS,
  };
}

const byName = (name: string) => (a: ContainerInput, b: ContainerInput) =>
  naturalOrder(String(a[name]), String(b[name]));

export const portConfig = (port: Readonly<Record<string, unknown>>): swarm.PortConfig => ({
  PublishedPort: Number(port.published),
  TargetPort: Number(port.target),
  Protocol: text(port.proto),
  PublishMode: text(port.mode, 'ingress'),
});

function services({ rows, format = swarm.SERVICE_TABLE }: TableInput): Table {
  return {
    format,
    rows: [...rows].sort(byName('name')).map((row) =>
      swarm.serviceRow({
        id: text(row.id),
        name: text(row.name),
        mode: text(row.mode).replace('-', ' '),
        replicas: '',
        image: text(row.image),
        ports: ((row.ports ?? []) as Record<string, unknown>[]).map(portConfig),
      }),
    ),
    headings: swarm.SERVICE_HEADINGS,
  };
}

function nodes({ rows, format, selfID, clusterTrustRoot }: TableInput): Table {
  // A format is told to the formatter; without one it is the command, which sorts.
  const shown = format === undefined ? [...rows].sort(byName('hostname')) : rows;
  const tls = (root: unknown): string =>
    root === undefined ? 'Unknown' : root === clusterTrustRoot ? 'Ready' : 'Needs Rotation';
  return {
    format: format === undefined || format === 'table' ? swarm.NODE_TABLE : format,
    rows: shown.map((row) =>
      swarm.nodeRow({
        id: text(row.id),
        self: row.id === selfID,
        hostname: text(row.hostname),
        status: text(row.status, 'ready'),
        availability: text(row.availability, 'active'),
        manager: row.leader ? 'leader' : text(row.reachability, row.reachable ? 'reachable' : ''),
        engine: text(row.engine),
        tls: tls(row.trustRoot),
      }),
    ),
    headings: swarm.NODE_HEADINGS,
  };
}

function tasks({ rows, format = 'table', quiet = false }: TableInput): Table {
  const bare = format === 'table' ? (quiet ? '{{.ID}}' : swarm.TASK_TABLE) : format;
  const port = (text: string) => /^(\d+)->(\d+)\/(\w+)$/.exec(text) ?? [];
  return {
    format: bare,
    rows: rows.map((row) => {
      const [, published, target, proto] = port(text(row.ports));
      const task = {
        id: text(row.id),
        name: text(row.name),
        image: text(row.image),
        node: text(row.node),
        desired: text(row.desired),
        state: text(row.state),
        stateAgeMs: Number(row.hoursAgo ?? 0) * HOUR_MS,
        error: '',
        ports: published === undefined ? [] : [portConfig({ published, target, proto })],
      };
      return swarm.taskRow(task, true);
    }),
    headings: swarm.TASK_HEADINGS,
  };
}

const networks = ({ rows, format = 'table', quiet = false }: TableInput): Table => ({
  format: networkFormat(format, quiet),
  rows: rows.map((row) =>
    networkRow(
      {
        Id: row.id,
        Name: row.name,
        Driver: row.driver,
        Scope: row.scope,
      } as unknown as NetworkSummary,
      true,
    ),
  ),
  headings: NETWORK_HEADINGS,
});

const volumes = ({ rows, format = 'table', quiet = false }: TableInput): Table => ({
  format: volumeFormat(format, quiet),
  rows: rows.map((row) => volumeRow({ Name: row.name, Driver: row.driver } as unknown as Volume)),
  headings: VOLUME_HEADINGS,
});

const TABLES: readonly (readonly [RegExp, (input: TableInput) => Table])[] = [
  [/^ps\b/, containers],
  [/^image ls \(classic/, images],
  [/^image history/, history],
  [/^volume ls/, volumes],
  [/^network ls/, networks],
  [/^(service ls|stack services)/, services],
  [/^node ls/, nodes],
  [/^(service|node|stack) ps/, tasks],
  [/^system df/, () => ({ format: DISK_TABLE, rows: diskRows({}), headings: DISK_HEADINGS })],
  [
    /^secret ls/,
    () => ({ format: swarm.SECRET_TABLE, rows: [], headings: swarm.SWARM_FILE_HEADINGS }),
  ],
  [
    /^config ls/,
    () => ({ format: swarm.CONFIG_TABLE, rows: [], headings: swarm.SWARM_FILE_HEADINGS }),
  ],
  [
    /^stack ls/,
    () => ({ format: swarm.STACK_TABLE, rows: [], headings: swarm.SWARM_FILE_HEADINGS }),
  ],
  [/^container diff/, () => ({ format: DIFF_TABLE, rows: [], headings: DIFF_HEADINGS })],
  [/^context ls/, () => ({ format: CONTEXT_TABLE, rows: [], headings: CONTEXT_HEADINGS })],
];

export function linesOf(input: TableInput): readonly string[] {
  if (/^image ls (\(default|--tree)/.test(input.command)) return treeLines(input);
  const table = TABLES.find(([command]) => command.test(input.command))?.[1](input);
  if (!table) return [`no table for ${input.command}`];
  const text = writeRows(table.format, table.rows, table.headings);
  return isRefused(text) ? [text.refused] : text.replace(/\n$/, '').split('\n');
}

function treeLines({ rows }: TableInput): readonly string[] {
  const details = (row: ContainerInput) => ({
    id: text(row.id),
    diskUsage: text(row.diskUsage, '0B'),
    contentSize: text(row.content, '0B'),
    inUse: row.inUse === true,
  });
  const shown = rows.filter(
    (row) => !isDangling(imageOf({ repoTags: row.dangling ? [] : ['x:y'] })),
  );
  const lines = imageTree(
    shown.map((row) => ({
      ...details(row),
      names: [text(row.image)],
      children: ((row.children ?? []) as ContainerInput[]).map((child) => ({
        ...details(child),
        platform: String(child.platform),
      })),
    })),
  );
  return lines.at(-1) === '' ? lines.slice(0, -1) : lines;
}
