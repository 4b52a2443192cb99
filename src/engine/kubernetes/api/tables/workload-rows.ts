import { controllerOf } from '../../apimachinery/object.ts';
import type {
  ControllerRevision,
  DaemonSet,
  Deployment,
  ReplicaSet,
  StatefulSet,
} from '../workloads.ts';
import { ageOf } from './age.ts';
import {
  imageCells,
  labelsText,
  selectorText,
  TEMPLATE_COLUMNS,
  type RowKind,
  type RowOptions,
} from './cells.ts';
import { columns, type Cell } from './columns.ts';

/** Rows of the kinds of `apps/v1` (pkg/printers/internalversion/printers.go, v1.36). */
export const DEPLOYMENT_ROWS: RowKind = {
  columns: columns(['Name', 'Ready', 'Up-to-date', 'Available', 'Age'], TEMPLATE_COLUMNS),
  row: ({ metadata, spec, status }: Deployment, { nowMs }: RowOptions): Cell[] => [
    metadata.name,
    `${status.readyReplicas ?? 0}/${spec.replicas}`,
    status.updatedReplicas ?? 0,
    status.availableReplicas ?? 0,
    ageOf(metadata.creationTimestamp, nowMs),
    ...imageCells(spec.template.spec.containers),
    selectorText(spec.selector),
  ],
};

export const REPLICA_SET_ROWS: RowKind = {
  columns: columns(['Name', 'Desired', 'Current', 'Ready', 'Age'], TEMPLATE_COLUMNS),
  row: ({ metadata, spec, status }: ReplicaSet, { nowMs }: RowOptions): Cell[] => [
    metadata.name,
    spec.replicas,
    status.replicas,
    status.readyReplicas ?? 0,
    ageOf(metadata.creationTimestamp, nowMs),
    ...imageCells(spec.template.spec.containers),
    selectorText(spec.selector),
  ],
};

export const STATEFUL_SET_ROWS: RowKind = {
  columns: columns(['Name', 'Ready', 'Age'], ['Containers', 'Images']),
  row: ({ metadata, spec, status }: StatefulSet, { nowMs }: RowOptions): Cell[] => [
    metadata.name,
    `${status.readyReplicas ?? 0}/${spec.replicas}`,
    ageOf(metadata.creationTimestamp, nowMs),
    ...imageCells(spec.template.spec.containers),
  ],
};

export const DAEMON_SET_ROWS: RowKind = {
  columns: columns(
    ['Name', 'Desired', 'Current', 'Ready', 'Up-to-date', 'Available', 'Node Selector', 'Age'],
    TEMPLATE_COLUMNS,
  ),
  row: ({ metadata, spec, status }: DaemonSet, { nowMs }: RowOptions): Cell[] => [
    metadata.name,
    status.desiredNumberScheduled,
    status.currentNumberScheduled,
    status.numberReady,
    status.updatedNumberScheduled ?? 0,
    status.numberAvailable ?? 0,
    labelsText(spec.template.spec.nodeSelector),
    ageOf(metadata.creationTimestamp, nowMs),
    ...imageCells(spec.template.spec.containers),
    selectorText(spec.selector),
  ],
};

export const CONTROLLER_REVISION_ROWS: RowKind = {
  columns: columns(['Name', 'Controller', 'Revision', 'Age']),
  row: (object: ControllerRevision, { nowMs }: RowOptions): Cell[] => {
    const owner = controllerOf(object);
    const [group, version] = owner?.apiVersion.split('/') ?? [];
    const kind = owner && (version === undefined ? owner.kind : `${owner.kind}.${group ?? ''}`);
    return [
      object.metadata.name,
      owner && kind ? `${kind.toLowerCase()}/${owner.name}` : '<none>',
      object.revision,
      ageOf(object.metadata.creationTimestamp, nowMs),
    ];
  },
};
