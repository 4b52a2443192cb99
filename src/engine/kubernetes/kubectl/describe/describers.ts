import type { ResourceName } from '../../api/resources.ts';
import type { KubeObject } from '../../apimachinery/object.ts';
import type { Describer } from './around.ts';
import { autoscaler, disruptionBudget } from './autoscaling.ts';
import {
  configMap,
  limitRange,
  namespace,
  priorityClass,
  resourceQuota,
  secret,
  serviceAccount,
} from './config.ts';
import { generic } from './generic.ts';
import { networkPolicy } from './network-policy.ts';
import { endpoints, endpointSlice, ingress, ingressClass, service } from './networking.ts';
import { node } from './node.ts';
import { podText } from './pod.ts';
import { binding, role } from './rbac.ts';
import { claim, persistentVolume, storageClass } from './storage.ts';
import { cronJob, daemonSet, deployment, job, replicaSet, statefulSet } from './workloads.ts';

/** The kinds that have a description of their own (`describerMap`). */
const DESCRIBERS: Readonly<Partial<Record<ResourceName, Describer<never>>>> = {
  pods: { text: podText },
  nodes: node,
  deployments: deployment,
  replicasets: replicaSet,
  statefulsets: statefulSet,
  daemonsets: daemonSet,
  jobs: job,
  cronjobs: cronJob,
  services: service,
  endpointslices: endpointSlice,
  endpoints,
  ingresses: ingress,
  ingressclasses: ingressClass,
  networkpolicies: networkPolicy,
  configmaps: configMap,
  secrets: secret,
  serviceaccounts: serviceAccount,
  namespaces: namespace,
  resourcequotas: resourceQuota,
  limitranges: limitRange,
  priorityclasses: priorityClass,
  persistentvolumes: persistentVolume,
  persistentvolumeclaims: claim,
  storageclasses: storageClass,
  horizontalpodautoscalers: autoscaler,
  poddisruptionbudgets: disruptionBudget,
  roles: role,
  clusterroles: role,
  rolebindings: binding,
  clusterrolebindings: binding,
};

export const describerOf = (resource: ResourceName): Describer<KubeObject> =>
  (DESCRIBERS[resource] ?? generic) as Describer<KubeObject>;
