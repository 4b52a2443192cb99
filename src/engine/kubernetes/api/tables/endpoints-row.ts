import type { ComponentStatus, Endpoints } from '../cluster-objects.ts';
import { ageOf } from './age.ts';
import { shortList, type RowKind, type RowOptions } from './cells.ts';
import { columns, type Cell } from './columns.ts';

/**
 * The row of an Endpoints object, the older form of EndpointSlices
 * (pkg/printers/internalversion/printers.go `formatEndpoints`, v1.36).
 */
export const ENDPOINTS_ROWS: RowKind = {
  columns: columns(['Name', 'Endpoints', 'Age']),
  row: ({ metadata, subsets = [] }: Endpoints, { nowMs }: RowOptions): Cell[] => {
    const list = subsets.flatMap(({ addresses = [], ports = [] }) => {
      const ips = addresses.map(({ ip }) => ip);
      // A headless Service may have no ports.
      if (ports.length === 0) return ips;
      return ports.flatMap(({ port }) => ips.map((ip) => joinHostPort(ip, port)));
    });
    const none = subsets.length === 0 ? '<none>' : '';
    return [metadata.name, shortList(list, 3, none), ageOf(metadata.creationTimestamp, nowMs)];
  },
};

/** The row of a component (`printComponentStatus`). */
export const COMPONENT_STATUS_ROWS: RowKind = {
  columns: columns(['Name', 'Status', 'Message', 'Error']),
  row: ({ metadata, conditions }: ComponentStatus): Cell[] => {
    const healthy = conditions.find(({ type }) => type === 'Healthy');
    const status = healthy?.status === 'True' ? 'Healthy' : 'Unhealthy';
    return [metadata.name, status, healthy?.message ?? '', healthy?.error ?? ''];
  },
};

/** IPv6 addresses stand in brackets. */
export const joinHostPort = (host: string, port: number | string): string =>
  host.includes(':') ? `[${host}]:${port}` : `${host}:${port}`;
