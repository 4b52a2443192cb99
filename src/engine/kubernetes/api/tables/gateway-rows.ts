import { findCondition } from '../../apimachinery/object.ts';
import type { Gateway, GatewayClass, HttpRoute } from '../gateway.ts';
import { ageOf } from './age.ts';
import type { RowKind, RowOptions } from './cells.ts';
import { columns, type Cell } from './columns.ts';

/**
 * Rows of the Gateway API's kinds: the printer columns of their custom resource definitions
 * (kubernetes-sigs/gateway-api config/crd/standard, v1.6). Where a path leads nowhere the cell is
 * empty; a list is written as JSON.
 */
export const GATEWAY_CLASS_ROWS: RowKind = {
  columns: columns(['Name', 'Controller', 'Accepted', 'Age'], ['Description']),
  row: ({ metadata, spec, status }: GatewayClass, { nowMs }: RowOptions): Cell[] => [
    metadata.name,
    spec.controllerName,
    findCondition(status?.conditions, 'Accepted')?.status ?? '',
    ageOf(metadata.creationTimestamp, nowMs),
    spec.description ?? '',
  ],
};

export const GATEWAY_ROWS: RowKind = {
  columns: columns(['Name', 'Class', 'Address', 'Programmed', 'Age']),
  row: ({ metadata, spec, status }: Gateway, { nowMs }: RowOptions): Cell[] => [
    metadata.name,
    spec.gatewayClassName,
    status?.addresses?.[0]?.value ?? '',
    findCondition(status?.conditions, 'Programmed')?.status ?? '',
    ageOf(metadata.creationTimestamp, nowMs),
  ],
};

export const HTTP_ROUTE_ROWS: RowKind = {
  columns: columns(['Name', 'Hostnames', 'Age']),
  row: ({ metadata, spec }: HttpRoute, { nowMs }: RowOptions): Cell[] => [
    metadata.name,
    spec.hostnames ? JSON.stringify(spec.hostnames) : '',
    ageOf(metadata.creationTimestamp, nowMs),
  ],
};
