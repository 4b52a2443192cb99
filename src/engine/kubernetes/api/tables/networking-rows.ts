import type { EndpointSlice, Service } from '../cluster-objects.ts';
import type { Ingress, IngressClass, IngressRule, NetworkPolicy } from '../networking.ts';
import { ageOf } from './age.ts';
import {
  balancerAddresses,
  labelsText,
  orNone,
  selectorText,
  shortList,
  type RowKind,
  type RowOptions,
} from './cells.ts';
import { columns, type Cell } from './columns.ts';

/** Rows of what carries traffic (pkg/printers/internalversion/printers.go, v1.36). */
export const SERVICE_ROWS: RowKind = {
  columns: columns(['Name', 'Type', 'Cluster-IP', 'External-IP', 'Port(s)', 'Age'], ['Selector']),
  row: (service: Service, options: RowOptions): Cell[] => {
    const { metadata, spec } = service;
    const ports = (spec.ports ?? []).map(({ port, nodePort, protocol = 'TCP' }) =>
      nodePort ? `${port}:${nodePort}/${protocol}` : `${port}/${protocol}`,
    );
    return [
      metadata.name,
      spec.type ?? 'ClusterIP',
      orNone(spec.clusterIPs?.[0] ?? spec.clusterIP),
      externalAddress(service, options.whole),
      orNone(ports.join(',')),
      ageOf(metadata.creationTimestamp, options.nowMs),
      labelsText(spec.selector),
    ];
  },
};

function externalAddress({ spec, status }: Service, whole: boolean): string {
  const own = spec.externalIPs ?? [];
  switch (spec.type ?? 'ClusterIP') {
    case 'ExternalName':
      return spec.externalName ?? '';
    case 'LoadBalancer': {
      const balancer = status.loadBalancer ?? {};
      const given = balancerAddresses(balancer.ingress, whole);
      return [...(given ? [given] : []), ...own].join(',') || '<pending>';
    }
    case 'ClusterIP':
    case 'NodePort':
      return orNone(own.join(','));
    default:
      return '<unknown>';
  }
}

const SHOWN_ADDRESSES = 3;

export const SLICE_ROWS: RowKind = {
  columns: columns(['Name', 'AddressType', 'Ports', 'Endpoints', 'Age']),
  row: (slice: EndpointSlice, { nowMs }: RowOptions): Cell[] => [
    slice.metadata.name,
    slice.addressType,
    shortList(
      (slice.ports ?? []).map(({ port, name }) => (port === undefined ? name || '*' : `${port}`)),
      SHOWN_ADDRESSES,
      '<unset>',
    ),
    shortList(
      (slice.endpoints ?? []).flatMap(({ addresses }) => addresses),
      SHOWN_ADDRESSES,
      '<unset>',
    ),
    ageOf(slice.metadata.creationTimestamp, nowMs),
  ],
};

export const INGRESS_ROWS: RowKind = {
  columns: columns(['Name', 'Class', 'Hosts', 'Address', 'Ports', 'Age']),
  row: ({ metadata, spec, status }: Ingress, { nowMs, whole }: RowOptions): Cell[] => [
    metadata.name,
    spec.ingressClassName ?? '<none>',
    hostsText(spec.rules ?? []),
    balancerAddresses(status.loadBalancer?.ingress, whole),
    spec.tls?.length ? '80, 443' : '80',
    ageOf(metadata.creationTimestamp, nowMs),
  ],
};

/** Three hosts at most; how many more there are counts rules, as upstream does. */
function hostsText(rules: readonly IngressRule[]): string {
  const hosts: string[] = [];
  let more = false;
  for (const { host } of rules) {
    if (hosts.length === SHOWN_ADDRESSES) more = true;
    if (!more && host) hosts.push(host);
  }
  if (hosts.length === 0) return '*';
  const rest = more ? ` + ${rules.length - SHOWN_ADDRESSES} more...` : '';
  return hosts.join(',') + rest;
}

export const INGRESS_CLASS_ROWS: RowKind = {
  columns: columns(['Name', 'Controller', 'Parameters', 'Age']),
  row: ({ metadata, spec }: IngressClass, { nowMs }: RowOptions): Cell[] => {
    const { apiGroup, kind = '', name = '' } = spec.parameters ?? {};
    const qualified = apiGroup === undefined ? kind : `${kind}.${apiGroup}`;
    return [
      metadata.name,
      spec.controller ?? '',
      spec.parameters ? `${qualified}/${name}` : '<none>',
      ageOf(metadata.creationTimestamp, nowMs),
    ];
  },
};

export const NETWORK_POLICY_ROWS: RowKind = {
  columns: columns(['Name', 'Pod-Selector', 'Age']),
  row: ({ metadata, spec }: NetworkPolicy, { nowMs }: RowOptions): Cell[] => [
    metadata.name,
    selectorText(spec.podSelector),
    ageOf(metadata.creationTimestamp, nowMs),
  ],
};
