import type {
  ContainerSummary,
  NetworkSummary,
  PortSummary,
  Volume,
} from '../../../src/engine/docker/api.ts';
import {
  CONTAINER_HEADINGS,
  containerFormat,
  containerRow,
} from '../../../src/engine/docker/cli/formatter/container.ts';
import {
  HISTORY_HEADINGS,
  historyFormat,
  historyRow,
} from '../../../src/engine/docker/cli/formatter/history.ts';
import { imageTree, TREE_HEADINGS } from '../../../src/engine/docker/cli/formatter/image-tree.ts';
import {
  IMAGE_HEADINGS,
  imageFormat,
  imageRows,
  isDangling,
  type ImageRow,
} from '../../../src/engine/docker/cli/formatter/image.ts';
import {
  NETWORK_HEADINGS,
  networkFormat,
  networkRow,
} from '../../../src/engine/docker/cli/formatter/network.ts';
import * as swarm from '../../../src/engine/docker/cli/formatter/swarm.ts';
import {
  VOLUME_HEADINGS,
  volumeFormat,
  volumeRow,
} from '../../../src/engine/docker/cli/formatter/volume.ts';
import { writeRows, type Headings } from '../../../src/engine/docker/cli/formatter/write.ts';
import {
  CONTEXT_HEADINGS,
  CONTEXT_TABLE,
} from '../../../src/engine/docker/cli/commands/context.ts';
import {
  DIFF_HEADINGS,
  DIFF_TABLE,
  naturalOrder,
} from '../../../src/engine/docker/cli/commands/container-look.ts';
import {
  DISK_HEADINGS,
  DISK_TABLE,
  diskRows,
} from '../../../src/engine/docker/cli/commands/disk-usage.ts';
import { isRefused, type Refused } from '../../../src/engine/docker/cli/refused.ts';
import type { Subject } from '../../../src/engine/docker/cli/template/value.ts';
import { stateName, statusText } from '../../../src/engine/docker/containers/status.ts';
import {
  displayPorts,
  mappingText,
  parsePort,
  parsePortNumber,
  parsePortRange,
  parsePublish,
  splitPort,
  type PortMapping,
} from '../../../src/engine/docker/publish.ts';
import {
  bytesSize,
  ellipsis,
  fromHumanSize,
  humanDuration,
  humanSize,
  ramInBytes,
  shortId,
} from '../../../src/engine/docker/units.ts';
import { EPOCH_UNIX_MS } from '../../../src/engine/sim/clock.ts';
import { compare, operation, type Adapter, type Verdict } from '../adapter.ts';

interface Expected {
  readonly error?: string | true;
  readonly [field: string]: unknown;
}

/** A refusal in the words expected, or any when the row says only that there is one. */
function judged<T>(got: T | Refused, expect: Expected, show: (value: T) => unknown): Verdict {
  if (isRefused(got)) {
    const { refused } = got;
    const { error } = expect;
    const holds = error === true || (typeof error === 'string' && error === refused);
    return { holds, got: { error: refused } };
  }
  const shown = show(got);
  return expect.ok === true ? { holds: true, got: shown } : compare(shown, expect);
}

const textOf = (text: string, { text: wanted }: Expected): Verdict => ({
  holds: text === wanted,
  got: text,
});

const HOUR_MS = 3_600_000;
const YEAR_MS = 365 * 24 * HOUR_MS;
/** Far from the beginning, so that what was years ago has a time. */
const NOW_MS = 30 * YEAR_MS;
const secondsAgo = (ms: number): number => Math.floor((NOW_MS - ms + EPOCH_UNIX_MS) / 1000);

const shownMapping = ({ port, HostIp, HostPort }: PortMapping) => ({
  container: port,
  hostIP: HostIp,
  hostPort: HostPort,
});

function mappingsOf(specs: readonly string[]): PortMapping[] | Refused {
  const all: PortMapping[] = [];
  for (const spec of specs) {
    const mappings = parsePublish(spec);
    if (isRefused(mappings)) return mappings;
    all.push(...mappings);
  }
  return all;
}

interface PortInput {
  readonly ip?: string | null;
  readonly private: number;
  readonly public?: number;
  readonly type: string;
}

const portSummary = ({ ip, private: inner, public: outer, type }: PortInput): PortSummary => ({
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
type ContainerInput = Readonly<Record<string, unknown>>;

function summaryOf(input: ContainerInput): ContainerSummary {
  const ago =
    Number(input.createdYearsAgo ?? 0) * YEAR_MS +
    Number(input.createdHoursAgo ?? 0) * HOUR_MS +
    Number(input.createdSecondsAgo ?? 0) * 1000;
  const ports = ((input.ports ?? []) as (string | PortInput)[]).flatMap((port) =>
    typeof port === 'string' ? portsOfText(port) : [portSummary(port)],
  );
  return {
    Id: String(input.id ?? ''),
    Names: (input.names ?? []) as string[],
    Image: String(input.image ?? ''),
    ImageID: '',
    Command: String(input.command ?? input.cmd ?? ''),
    Created: secondsAgo(ago),
    Ports: ports,
    SizeRw: Number(input.sizeRw ?? 0),
    SizeRootFs: Number(input.sizeRootFs ?? 0),
    Labels: (input.labels ?? {}) as Record<string, string>,
    State: String(input.state ?? '') as ContainerSummary['State'],
    Status: String(input.status ?? ''),
    HostConfig: {},
    NetworkSettings: { Networks: {} },
    Mounts: [],
  };
}

/** The input's own names are those of the wire. */
const wireSummary = (input: Partial<ContainerSummary>): ContainerSummary => ({
  ...summaryOf({}),
  ...input,
});

function field(row: Subject, name: string, expect: Expected): Verdict {
  return textOf(String(row.member(name)?.() ?? ''), expect);
}

interface TableInput {
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

const NOWHERE = { nowMs: NOW_MS, truncate: true };

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
  return {
    Id: String(row.id ?? ''),
    RepoTags: (row.repoTags ?? []) as string[],
    RepoDigests: (row.repoDigests ?? []) as string[],
    Created: zero ? ZERO_TIME : secondsAgo(Number(row.createdHoursAgo ?? 0) * HOUR_MS),
    Size: Number(row.size ?? 0),
  };
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
    Id: String(row.id),
    Created: createdAt(row.created),
    CreatedBy: String(row.createdBy),
    Size: Number(row.size),
    Comment: String(row.comment),
  }));
  return {
    format: historyFormat('table', false, true),
    rows: items.map((item) => historyRow(item, { ...NOWHERE, truncate, human: true })),
    headings: HISTORY_HEADINGS,
  };
}

const byName = (name: string) => (a: ContainerInput, b: ContainerInput) =>
  naturalOrder(String(a[name]), String(b[name]));

const portConfig = (port: Readonly<Record<string, unknown>>): swarm.PortConfig => ({
  PublishedPort: Number(port.published),
  TargetPort: Number(port.target),
  Protocol: String(port.proto),
  PublishMode: String(port.mode ?? 'ingress'),
});

function services({ rows, format = swarm.SERVICE_TABLE }: TableInput): Table {
  return {
    format,
    rows: [...rows].sort(byName('name')).map((row) =>
      swarm.serviceRow({
        id: String(row.id),
        name: String(row.name),
        mode: String(row.mode).replace('-', ' '),
        replicas: '',
        image: String(row.image ?? ''),
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
        id: String(row.id),
        self: row.id === selfID,
        hostname: String(row.hostname),
        status: String(row.status ?? 'ready'),
        availability: String(row.availability ?? 'active'),
        manager: row.leader
          ? 'leader'
          : String(row.reachability ?? (row.reachable ? 'reachable' : '')),
        engine: String(row.engine ?? ''),
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
      const [, published, target, proto] = port(String(row.ports ?? ''));
      const task = {
        id: String(row.id),
        name: String(row.name),
        image: String(row.image ?? ''),
        node: String(row.node ?? ''),
        desired: String(row.desired ?? ''),
        state: String(row.state ?? ''),
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

function linesOf(input: TableInput): readonly string[] {
  if (/^image ls (\(default|--tree)/.test(input.command)) return treeLines(input);
  const table = TABLES.find(([command]) => command.test(input.command))?.[1](input);
  if (!table) return [`no table for ${input.command}`];
  const text = writeRows(table.format, table.rows, table.headings);
  return isRefused(text) ? [text.refused] : text.replace(/\n$/, '').split('\n');
}

function treeLines({ rows }: TableInput): readonly string[] {
  const details = (row: ContainerInput) => ({
    id: String(row.id ?? ''),
    diskUsage: String(row.diskUsage ?? '0B'),
    contentSize: String(row.content ?? '0B'),
    inUse: row.inUse === true,
  });
  const shown = rows.filter(
    (row) => !isDangling(imageOf({ repoTags: row.dangling ? [] : ['x:y'] })),
  );
  const lines = imageTree(
    shown.map((row) => ({
      ...details(row),
      names: [String(row.image)],
      children: ((row.children ?? []) as ContainerInput[]).map((child) => ({
        ...details(child),
        platform: String(child.platform),
      })),
    })),
  );
  return lines.at(-1) === '' ? lines.slice(0, -1) : lines;
}

interface StateFlags {
  readonly running?: boolean;
  readonly paused?: boolean;
  readonly restarting?: boolean;
  readonly removalInProgress?: boolean;
  readonly dead?: boolean;
  readonly exitCode?: number;
  readonly started?: { readonly secondsAgo: number };
  readonly finished?: { readonly secondsAgo: number };
  readonly health?: 'starting' | 'healthy' | 'unhealthy';
}

function stateOf(flags: StateFlags): Parameters<typeof stateName>[0] {
  const time = (at: { readonly secondsAgo: number } | undefined) =>
    at === undefined ? undefined : NOW_MS - at.secondsAgo * 1000;
  const state = {
    running: flags.running ?? false,
    paused: flags.paused ?? false,
    restarting: flags.restarting ?? false,
    removing: flags.removalInProgress ?? false,
    dead: flags.dead ?? false,
    exitCode: flags.exitCode ?? 0,
    startedMs: time(flags.started),
    finishedMs: time(flags.finished),
  };
  return state as unknown as Parameters<typeof stateName>[0];
}

export const adapter: Adapter = {
  area: 'ports-units',
  operations: [
    operation<{ text: string }, Expected>('parse port number', ({ input, expect }) =>
      judged(parsePort(input.text), expect, (port) => ({ port })),
    ),
    operation<{ text: string }, Expected>('parse port number (strict)', ({ input, expect }) =>
      judged(parsePortNumber(input.text), expect, (port) => ({ port })),
    ),
    operation<{ text: string }, Expected>('split port/proto', ({ input, expect }) => {
      const { port, protocol } = splitPort(input.text);
      return compare({ port, proto: protocol }, expect);
    }),
    operation<{ proto: string; port: string }, Expected>('make port', ({ input, expect }) =>
      judged(parsePortRange(input.port), expect, ({ first, last }) => {
        const port = first === last ? String(first) : `${first}-${last}`;
        const whole = { string: `${port}/${input.proto}`, proto: input.proto, port, int: first };
        return Object.fromEntries(Object.entries(whole).filter(([key]) => key in expect));
      }),
    ),
    operation<{ text: string }, Expected>(/^parse range/, ({ input, expect }) => {
      const range = parsePortRange(input.text);
      const empty = expect.ok === true && input.text === '';
      return judged(empty ? { first: 0, last: 0 } : range, expect, ({ first, last }) => ({
        begin: first,
        end: last,
      }));
    }),
    operation<{ spec: string }, Expected>('publish spec', ({ input, expect }) =>
      judged(parsePublish(input.spec), expect, (all) => ({ mappings: all.map(shownMapping) })),
    ),
    operation<{ specs: string[] }, Expected>('publish specs', ({ input, expect }) =>
      judged(mappingsOf(input.specs), expect, (all) => ({ mappings: all.map(shownMapping) })),
    ),
    operation<{ spec: string }, Expected>('publish spec -> canonical text', ({ input, expect }) =>
      judged(parsePublish(input.spec), expect, ([first]) => ({
        text: first && mappingText(first),
      })),
    ),
    operation<{ seconds: number }, Expected>('human duration', ({ input, expect }) =>
      textOf(humanDuration(input.seconds * 1000), expect),
    ),
    operation<{ bytes: number }, Expected>('binary size text', ({ input, expect }) =>
      textOf(bytesSize(input.bytes), expect),
    ),
    operation<{ bytes: number }, Expected>('decimal size text', ({ input, expect }) =>
      textOf(humanSize(input.bytes, 4), expect),
    ),
    operation<{ text: string }, Expected>('parse decimal size', ({ input, expect }) =>
      judged(fromHumanSize(input.text), expect, (bytes) => ({ bytes })),
    ),
    operation<{ text: string }, Expected>(/^parse memory size/, ({ input, expect }) =>
      judged(ramInBytes(input.text), expect, (bytes) => ({ bytes })),
    ),
    operation<{ flags: StateFlags }, Expected>(
      'container state and status text',
      ({ input, expect }) => {
        const state = stateOf(input.flags);
        const status = statusText(state, input.flags.health ?? 'none', NOW_MS);
        return compare({ state: stateName(state), status }, expect);
      },
    ),
    operation<{ ports: PortInput[] }, Expected>('PORTS column', ({ input, expect }) =>
      textOf(displayPorts(input.ports.map(portSummary)), expect),
    ),
    operation<{ field: string; truncate: boolean; container: Partial<ContainerSummary> }, Expected>(
      'ps field',
      ({ input, expect }) => {
        const { truncate } = input;
        return field(
          containerRow(wireSummary(input.container), { ...NOWHERE, truncate }),
          input.field,
          expect,
        );
      },
    ),
    operation<{ field: string; container: ContainerInput }, Expected>(
      /^ps --format field/,
      ({ input, expect }) => {
        const row = containerRow(summaryOf(input.container), { ...NOWHERE, truncate: false });
        return field(row, input.field, expect);
      },
    ),
    operation<{ id: string }, Expected>('short id', ({ input, expect }) =>
      textOf(shortId(input.id), expect),
    ),
    operation<{ text: string; width: number }, Expected>('ellipsis', ({ input, expect }) =>
      textOf(ellipsis(input.text, input.width), expect),
    ),
    operation<TableInput, { lines: string[] }>('table output', ({ input, expect }) =>
      compare(linesOf(input), expect.lines),
    ),
    operation<{ command: string }, { columns: string[] }>(
      'default table header',
      ({ input, expect }) => {
        const [heading = ''] = input.command.startsWith('image ls (default')
          ? [TREE_HEADINGS.join('   ')]
          : linesOf({ ...input, rows: [] });
        return compare(heading.trimEnd().split(/ {2,}/), expect.columns);
      },
    ),
    operation<{ ports: [number, number, string][] }, Expected>(
      'PORTS column of service ls',
      ({ input, expect }) =>
        textOf(
          swarm.servicePorts(
            input.ports.map(([published, target, proto]) =>
              portConfig({ published, target, proto }),
            ),
          ),
          expect,
        ),
    ),
  ],
};
