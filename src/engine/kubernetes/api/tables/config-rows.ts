import type { ConfigMap, PriorityClass, ResourceQuota, Secret, ServiceAccount } from '../config.ts';
import type { Lease, Namespace } from '../cluster-objects.ts';
import { ageOf } from './age.ts';
import type { RowKind, RowOptions } from './cells.ts';
import { columns, type Cell } from './columns.ts';

/** Rows of what configures Pods and namespaces (printers.go, v1.36). */
const count = (map: object | undefined): number => Object.keys(map ?? {}).length;

export const CONFIG_MAP_ROWS: RowKind = {
  columns: columns(['Name', 'Data', 'Age']),
  row: ({ metadata, data, binaryData }: ConfigMap, { nowMs }: RowOptions): Cell[] => [
    metadata.name,
    count(data) + count(binaryData),
    ageOf(metadata.creationTimestamp, nowMs),
  ],
};

export const SECRET_ROWS: RowKind = {
  columns: columns(['Name', 'Type', 'Data', 'Age']),
  row: ({ metadata, type = '', data }: Secret, { nowMs }: RowOptions): Cell[] => [
    metadata.name,
    type,
    count(data),
    ageOf(metadata.creationTimestamp, nowMs),
  ],
};

export const SERVICE_ACCOUNT_ROWS: RowKind = {
  columns: columns(['Name', 'Secrets', 'Age']),
  row: ({ metadata, secrets }: ServiceAccount, { nowMs }: RowOptions): Cell[] => [
    metadata.name,
    secrets?.length ?? 0,
    ageOf(metadata.creationTimestamp, nowMs),
  ],
};

/** What is used of what is allowed; limits have a column of their own. */
export const QUOTA_ROWS: RowKind = {
  columns: columns(['Name', 'Request', 'Limit', 'Age']),
  row: ({ metadata, status }: ResourceQuota, { nowMs }: RowOptions): Cell[] => {
    const { hard = {}, used = {} } = status;
    const names = Object.keys(hard).sort((a, b) => (a < b ? -1 : 1));
    const text = (limits: boolean): string =>
      names
        .filter((name) => name.startsWith('limits.') === limits)
        .map((name) => `${name}: ${used[name] ?? 0}/${hard[name] ?? 0}`)
        .join(', ');
    return [metadata.name, text(false), text(true), ageOf(metadata.creationTimestamp, nowMs)];
  },
};

export const PRIORITY_CLASS_ROWS: RowKind = {
  columns: columns(['Name', 'Value', 'Global-Default', 'Age', 'PreemptionPolicy']),
  row: (object: PriorityClass, { nowMs }: RowOptions): Cell[] => [
    object.metadata.name,
    object.value,
    object.globalDefault ?? false,
    ageOf(object.metadata.creationTimestamp, nowMs),
    object.preemptionPolicy ?? '',
  ],
};

export const NAMESPACE_ROWS: RowKind = {
  columns: columns(['Name', 'Status', 'Age']),
  row: ({ metadata, status }: Namespace, { nowMs }: RowOptions): Cell[] => [
    metadata.name,
    status.phase ?? '',
    ageOf(metadata.creationTimestamp, nowMs),
  ],
};

export const LEASE_ROWS: RowKind = {
  columns: columns(['Name', 'Holder', 'Age']),
  row: ({ metadata, spec }: Lease, { nowMs }: RowOptions): Cell[] => [
    metadata.name,
    spec.holderIdentity ?? '',
    ageOf(metadata.creationTimestamp, nowMs),
  ],
};
