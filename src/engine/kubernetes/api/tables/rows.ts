import { formatSelector } from '../../apimachinery/label-selector.ts';
import type { KubeObject } from '../../apimachinery/object.ts';
import type { EndpointSlice, Event, Lease, Namespace, Service } from '../cluster-objects.ts';
import type { Pod, PodTemplate } from '../pod.ts';
import type { ResourceName } from '../resources.ts';
import type { Deployment, ReplicaSet } from '../workloads.ts';
import { ageOf } from './age.ts';
import { columns, type Cell, type Column } from './columns.ts';
import { NODE_COLUMNS, nodeRow } from './node-row.ts';
import { POD_COLUMNS, podRow } from './pod-row.ts';

/** Rows of server-side output per kind (pkg/printers/internalversion/printers.go, v1.36). */
interface RowKind {
  readonly columns: readonly Column[];
  readonly row: (object: never, nowMs: number) => Cell[];
}

const images = ({ spec }: PodTemplate): string[] => [
  spec.containers.map((container) => container.name).join(','),
  spec.containers.map((container) => container.image).join(','),
];

const orNone = (text: string | undefined): string => text || '<none>';

function deploymentRow({ metadata, spec, status }: Deployment, nowMs: number): Cell[] {
  return [
    metadata.name,
    `${status.readyReplicas ?? 0}/${spec.replicas}`,
    status.updatedReplicas ?? 0,
    status.availableReplicas ?? 0,
    ageOf(metadata.creationTimestamp, nowMs),
    ...images(spec.template),
    formatSelector(spec.selector),
  ];
}

function replicaSetRow({ metadata, spec, status }: ReplicaSet, nowMs: number): Cell[] {
  return [
    metadata.name,
    spec.replicas,
    status.replicas,
    status.readyReplicas ?? 0,
    ageOf(metadata.creationTimestamp, nowMs),
    ...images(spec.template),
    formatSelector(spec.selector),
  ];
}

function serviceRow({ metadata, spec, status }: Service, nowMs: number): Cell[] {
  const ports = (spec.ports ?? []).map(({ port, nodePort, protocol = 'TCP' }) =>
    nodePort ? `${port}:${nodePort}/${protocol}` : `${port}/${protocol}`,
  );
  return [
    metadata.name,
    spec.type ?? 'ClusterIP',
    orNone(spec.clusterIP),
    externalAddress({ spec, status }),
    orNone(ports.join(',')),
    ageOf(metadata.creationTimestamp, nowMs),
    formatSelector(spec.selector && { matchLabels: spec.selector }),
  ];
}

function externalAddress({ spec, status }: Pick<Service, 'spec' | 'status'>): string {
  const own = spec.externalIPs ?? [];
  if (spec.type === 'ExternalName') return spec.externalName ?? '<none>';
  if (spec.type !== 'LoadBalancer') return orNone(own.join(','));
  const ingress = (status.loadBalancer?.ingress ?? []) as { ip?: string; hostname?: string }[];
  const given = ingress.map(({ ip, hostname }) => ip ?? hostname ?? '');
  return given.length + own.length > 0 ? [...given, ...own].join(',') : '<pending>';
}

function sliceRow({ metadata, addressType, ports, endpoints }: EndpointSlice, now: number): Cell[] {
  const addresses = endpoints.flatMap((endpoint) => endpoint.addresses);
  return [
    metadata.name,
    addressType,
    shortList(
      ports.map(({ port }) => String(port)),
      '<unset>',
    ),
    shortList(addresses, '<unset>'),
    ageOf(metadata.creationTimestamp, now),
  ];
}

/** The first three and how many more there are. */
function shortList(items: readonly string[], none: string): string {
  if (items.length === 0) return none;
  const more = items.length > 3 ? ` + ${items.length - 3} more...` : '';
  return items.slice(0, 3).join(',') + more;
}

/** How often it was seen shows in wide output only, as a number of its own. */
function eventRow(event: Event, nowMs: number): Cell[] {
  const { involvedObject, count, lastTimestamp, firstTimestamp, source } = event;
  const first = ageOf(firstTimestamp ?? event.eventTime, nowMs);
  const component = source.component || event.reportingComponent;
  const host = source.host ?? event.reportingInstance;
  return [
    lastTimestamp ? ageOf(lastTimestamp, nowMs) : first,
    event.type,
    event.reason,
    `${involvedObject.kind.toLowerCase()}/${involvedObject.name}`,
    involvedObject.fieldPath ?? '',
    host ? `${component}, ${host}` : component,
    event.message.trim(),
    first,
    count || 1,
    event.metadata.name,
  ];
}

/** What is shown of a kind that has no columns of its own. */
const ANY: RowKind = {
  columns: columns(['Name', 'Age']),
  row: ({ metadata }: KubeObject, nowMs) => [
    metadata.name,
    ageOf(metadata.creationTimestamp, nowMs),
  ],
};

const ROWS: Readonly<Partial<Record<ResourceName, RowKind>>> = {
  pods: { columns: POD_COLUMNS, row: (pod: Pod, nowMs) => podRow(pod, nowMs) },
  nodes: { columns: NODE_COLUMNS, row: nodeRow },
  deployments: {
    columns: columns(
      ['Name', 'Ready', 'Up-to-date', 'Available', 'Age'],
      ['Containers', 'Images', 'Selector'],
    ),
    row: deploymentRow,
  },
  replicasets: {
    columns: columns(
      ['Name', 'Desired', 'Current', 'Ready', 'Age'],
      ['Containers', 'Images', 'Selector'],
    ),
    row: replicaSetRow,
  },
  services: {
    columns: columns(['Name', 'Type', 'Cluster-IP', 'External-IP', 'Port(s)', 'Age'], ['Selector']),
    row: serviceRow,
  },
  endpointslices: {
    columns: columns(['Name', 'AddressType', 'Ports', 'Endpoints', 'Age']),
    row: sliceRow,
  },
  events: {
    columns: [
      ...columns(['Last Seen', 'Type', 'Reason', 'Object'], ['Subobject', 'Source']),
      ...columns(['Message'], ['First Seen', 'Count', 'Name']),
    ],
    row: eventRow,
  },
  namespaces: {
    columns: columns(['Name', 'Status', 'Age']),
    row: ({ metadata, status }: Namespace, nowMs) => [
      metadata.name,
      status.phase ?? '',
      ageOf(metadata.creationTimestamp, nowMs),
    ],
  },
  leases: {
    columns: columns(['Name', 'Holder', 'Age']),
    row: ({ metadata, spec }: Lease, nowMs) => [
      metadata.name,
      spec.holderIdentity,
      ageOf(metadata.creationTimestamp, nowMs),
    ],
  },
};

export function columnsOf(resource: ResourceName): readonly Column[] {
  return (ROWS[resource] ?? ANY).columns;
}

export function rowOf(resource: ResourceName, object: KubeObject, nowMs: number): Cell[] {
  return (ROWS[resource] ?? ANY).row(object as never, nowMs);
}
