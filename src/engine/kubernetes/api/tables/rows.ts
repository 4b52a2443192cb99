import type { KubeObject } from '../../apimachinery/object.ts';
import type { Node } from '../cluster-objects.ts';
import type { Pod } from '../pod.ts';
import type { ResourceName } from '../resources.ts';
import { AUTOSCALER_ROWS, DISRUPTION_BUDGET_ROWS } from './autoscaling-rows.ts';
import { CRON_JOB_ROWS, JOB_ROWS } from './batch-rows.ts';
import type { RowKind, RowOptions } from './cells.ts';
import type { Cell, Column } from './columns.ts';
import { COMPONENT_STATUS_ROWS, ENDPOINTS_ROWS } from './endpoints-row.ts';
import * as config from './config-rows.ts';
import { EVENT_ROWS } from './event-row.ts';
import { GATEWAY_CLASS_ROWS, GATEWAY_ROWS, HTTP_ROUTE_ROWS } from './gateway-rows.ts';
import * as networking from './networking-rows.ts';
import { NODE_COLUMNS, nodeRow } from './node-row.ts';
import { POD_COLUMNS, podRow } from './pod-row.ts';
import { BINDING_ROWS, CREATED_ROWS } from './rbac-rows.ts';
import { CLAIM_ROWS, STORAGE_CLASS_ROWS, VOLUME_ROWS } from './storage-rows.ts';
import * as workloads from './workload-rows.ts';

/** Rows of server-side output per resource (pkg/printers/internalversion/printers.go, v1.36). */
const ROWS: Readonly<Partial<Record<ResourceName, RowKind>>> = {
  pods: {
    columns: POD_COLUMNS,
    row: (pod: Pod, { nowMs }: RowOptions) => podRow(pod, nowMs),
  },
  nodes: {
    columns: NODE_COLUMNS,
    row: (node: Node, { nowMs }: RowOptions) => nodeRow(node, nowMs),
  },
  deployments: workloads.DEPLOYMENT_ROWS,
  replicasets: workloads.REPLICA_SET_ROWS,
  statefulsets: workloads.STATEFUL_SET_ROWS,
  daemonsets: workloads.DAEMON_SET_ROWS,
  controllerrevisions: workloads.CONTROLLER_REVISION_ROWS,
  jobs: JOB_ROWS,
  cronjobs: CRON_JOB_ROWS,
  horizontalpodautoscalers: AUTOSCALER_ROWS,
  poddisruptionbudgets: DISRUPTION_BUDGET_ROWS,
  services: networking.SERVICE_ROWS,
  endpointslices: networking.SLICE_ROWS,
  endpoints: ENDPOINTS_ROWS,
  componentstatuses: COMPONENT_STATUS_ROWS,
  ingresses: networking.INGRESS_ROWS,
  ingressclasses: networking.INGRESS_CLASS_ROWS,
  networkpolicies: networking.NETWORK_POLICY_ROWS,
  gatewayclasses: GATEWAY_CLASS_ROWS,
  gateways: GATEWAY_ROWS,
  httproutes: HTTP_ROUTE_ROWS,
  events: EVENT_ROWS,
  namespaces: config.NAMESPACE_ROWS,
  leases: config.LEASE_ROWS,
  configmaps: config.CONFIG_MAP_ROWS,
  secrets: config.SECRET_ROWS,
  serviceaccounts: config.SERVICE_ACCOUNT_ROWS,
  resourcequotas: config.QUOTA_ROWS,
  priorityclasses: config.PRIORITY_CLASS_ROWS,
  persistentvolumes: VOLUME_ROWS,
  persistentvolumeclaims: CLAIM_ROWS,
  storageclasses: STORAGE_CLASS_ROWS,
  rolebindings: BINDING_ROWS,
  clusterrolebindings: BINDING_ROWS,
};

const rowsOf = (resource: ResourceName): RowKind => ROWS[resource] ?? CREATED_ROWS;

export function columnsOf(resource: ResourceName): readonly Column[] {
  return rowsOf(resource).columns;
}

/** @param whole false clips the addresses of load balancers, as nothing served does */
export function rowOf(
  resource: ResourceName,
  object: KubeObject,
  nowMs: number,
  whole = true,
): Cell[] {
  return rowsOf(resource).row(object as never, { nowMs, whole });
}
