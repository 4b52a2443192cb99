import { familiarString, parseReference } from '../../../oci/reference.ts';
import { ellipsis, humanDuration, shortId } from '../../units.ts';
import { Subject } from '../../../go/template/value.ts';
import type { Headings } from './write.ts';

/**
 * Tables of a swarm (docker/cli v29.7 `cli/command/{service,node,task,stack,secret,config}/
 * formatter.go`): what the commands of Swarm print.
 */
export interface PortConfig {
  readonly PublishedPort: number;
  readonly TargetPort: number;
  readonly Protocol: string;
  readonly PublishMode: string;
}

interface PortRun {
  readonly published: readonly [number, number];
  readonly target: readonly [number, number];
  readonly protocol: string;
}

const span = ([first, last]: readonly [number, number]): string =>
  last > first ? `${first}-${last}` : String(first);

const runText = ({ published, target, protocol }: PortRun): string =>
  `*:${span(published)}->${span(target)}/${protocol}`;

/** Ports of the routing mesh: neighbours on both sides become one range. */
export function servicePorts(ports: readonly PortConfig[]): string {
  const sorted = [...ports].sort((a, b) =>
    a.Protocol === b.Protocol
      ? a.PublishedPort - b.PublishedPort
      : a.Protocol < b.Protocol
        ? -1
        : 1,
  );
  const runs: PortRun[] = [];
  for (const { PublishedPort, TargetPort, Protocol, PublishMode } of sorted) {
    if (PublishMode !== 'ingress') continue;
    const last = runs.at(-1);
    if (last && continues(last, PublishedPort, TargetPort, Protocol)) {
      const published = [last.published[0], PublishedPort] as const;
      runs[runs.length - 1] = { ...last, published, target: [last.target[0], TargetPort] };
    } else {
      runs.push({
        published: [PublishedPort, PublishedPort],
        target: [TargetPort, TargetPort],
        protocol: Protocol,
      });
    }
  }
  return runs.map(runText).join(', ');
}

function continues(run: PortRun, published: number, target: number, protocol: string): boolean {
  const next = (now: number, last: number): boolean => now - last === 0 || now - last === 1;
  const grown = run.target[1] !== run.target[0];
  const near = next(published, run.published[1]) && next(target, run.target[1]);
  return protocol === run.protocol && near && !(grown && target <= run.target[1]);
}

/** The first letter large, the others small. */
export const capital = (text: string): string =>
  text.length < 2 ? text.toLowerCase() : text[0]!.toUpperCase() + text.slice(1).toLowerCase();

export const SERVICE_TABLE =
  'table {{.ID}}\t{{.Name}}\t{{.Mode}}\t{{.Replicas}}\t{{.Image}}\t{{.Ports}}';
export const SERVICE_HEADINGS: Headings = {
  ID: 'ID',
  Name: 'NAME',
  Mode: 'MODE',
  Replicas: 'REPLICAS',
  Image: 'IMAGE',
  Ports: 'PORTS',
};

export interface ServiceRow {
  readonly id: string;
  readonly name: string;
  /** `replicated`, `global`, `replicated job`, `global job`. */
  readonly mode: string;
  readonly replicas: string;
  readonly image: string;
  readonly ports: readonly PortConfig[];
}

export const serviceRow = (row: ServiceRow): Subject =>
  new Subject('*service.serviceContext', {
    ID: () => shortId(row.id),
    Image: () => withoutDigest(row.image),
    Mode: () => row.mode,
    Name: () => row.name,
    Ports: () => servicePorts(row.ports),
    Replicas: () => row.replicas,
  });

function withoutDigest(image: string): string {
  const parsed = parseReference(image);
  if (!parsed.ok || parsed.reference.tag === undefined) return image;
  const { digest: _digest, ...named } = parsed.reference;
  return familiarString(named);
}

export const NODE_TABLE =
  'table {{.ID}} {{if .Self}}*{{else}} {{ end }}\t{{.Hostname}}\t{{.Status}}\t' +
  '{{.Availability}}\t{{.ManagerStatus}}\t{{.EngineVersion}}';
export const NODE_HEADINGS: Headings = {
  ID: 'ID',
  Self: '',
  Hostname: 'HOSTNAME',
  Status: 'STATUS',
  Availability: 'AVAILABILITY',
  ManagerStatus: 'MANAGER STATUS',
  EngineVersion: 'ENGINE VERSION',
  TLSStatus: 'TLS STATUS',
};

export interface NodeRow {
  readonly id: string;
  readonly self: boolean;
  readonly hostname: string;
  readonly status: string;
  readonly availability: string;
  /** `leader`, or how a manager can be reached; '' for a worker. */
  readonly manager: string;
  readonly engine: string;
  /** Ready, Needs Rotation, Unknown. */
  readonly tls: string;
}

export const nodeRow = (row: NodeRow): Subject =>
  new Subject('*node.nodeContext', {
    Availability: () => capital(row.availability),
    EngineVersion: () => row.engine,
    Hostname: () => row.hostname,
    ID: () => row.id,
    ManagerStatus: () => capital(row.manager),
    Self: () => row.self,
    Status: () => capital(row.status),
    TLSStatus: () => row.tls,
  });

export const TASK_TABLE =
  'table {{.ID}}\t{{.Name}}\t{{.Image}}\t{{.Node}}\t{{.DesiredState}}\t{{.CurrentState}}\t' +
  '{{.Error}}\t{{.Ports}}';
export const TASK_HEADINGS: Headings = {
  ID: 'ID',
  Name: 'NAME',
  Image: 'IMAGE',
  Node: 'NODE',
  DesiredState: 'DESIRED STATE',
  CurrentState: 'CURRENT STATE',
  Error: 'ERROR',
  Ports: 'PORTS',
};
const ERROR_WIDTH = 30;

export interface TaskRow {
  readonly id: string;
  readonly name: string;
  readonly image: string;
  readonly node: string;
  readonly desired: string;
  readonly state: string;
  readonly stateAgeMs: number;
  readonly error: string;
  readonly ports: readonly PortConfig[];
}

export function taskRow(row: TaskRow, truncate: boolean): Subject {
  const error = truncate ? ellipsis(row.error, ERROR_WIDTH) : row.error;
  return new Subject('*task.taskContext', {
    CurrentState: () => `${capital(row.state)} ${humanDuration(row.stateAgeMs).toLowerCase()} ago`,
    DesiredState: () => capital(row.desired),
    Error: () => (error === '' ? '' : `"${error}"`),
    ID: () => (truncate ? shortId(row.id) : row.id),
    Image: () => (truncate ? withoutDigest(row.image) : row.image),
    Name: () => row.name,
    Node: () => row.node,
    Ports: () =>
      row.ports
        .map((port) => `*:${port.PublishedPort}->${port.TargetPort}/${port.Protocol}`)
        .join(','),
  });
}

/** Tables of which only the heading differs from what their rows hold. */
export const SECRET_TABLE = 'table {{.ID}}\t{{.Name}}\t{{.Driver}}\t{{.CreatedAt}}\t{{.UpdatedAt}}';
export const CONFIG_TABLE = 'table {{.ID}}\t{{.Name}}\t{{.CreatedAt}}\t{{.UpdatedAt}}';
export const STACK_TABLE = 'table {{.Name}}\t{{.Services}}';
export const SWARM_FILE_HEADINGS: Headings = {
  ID: 'ID',
  Name: 'NAME',
  Driver: 'DRIVER',
  CreatedAt: 'CREATED',
  UpdatedAt: 'UPDATED',
  Labels: 'LABELS',
  Services: 'SERVICES',
};
