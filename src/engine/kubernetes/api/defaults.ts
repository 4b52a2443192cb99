import type { KubeObject } from '../apimachinery/object.ts';
import type { Lease } from './cluster-objects.ts';
import type { ResourceKinds, ResourceName } from './resources.ts';
import {
  daemonSetDefaults,
  deploymentDefaults,
  replicaSetDefaults,
  statefulSetDefaults,
} from './defaults/apps.ts';
import { autoscalerDefaults } from './defaults/autoscaling.ts';
import { cronJobDefaults, jobDefaults } from './defaults/batch.ts';
import {
  bindingDefaults,
  endpointSliceDefaults,
  eventDefaults,
  limitRangeDefaults,
  namespaceDefaults,
  nodeDefaults,
  priorityClassDefaults,
  secretDefaults,
} from './defaults/cluster.ts';
import { fillMissing } from './defaults/filling.ts';
import { gatewayClassDefaults, gatewayDefaults, httpRouteDefaults } from './defaults/gateway.ts';
import { ingressClassDefaults, networkPolicyDefaults } from './defaults/networking.ts';
import { podDefaults } from './defaults/pod.ts';
import { serviceDefaults } from './defaults/service.ts';
import { claimDefaults, storageClassDefaults, volumeObjectDefaults } from './defaults/storage.ts';

export { probeDefaults } from './defaults/pod-spec.ts';
export { pullPolicyOf } from './defaults/pull-policy.ts';

type Defaults = { readonly [R in ResourceName]?: (object: ResourceKinds[R]) => ResourceKinds[R] };

const NO_SPEC = {} as Lease['spec'];
const NO_BUDGET = {
  disruptionsAllowed: 0,
  currentHealthy: 0,
  desiredHealthy: 0,
  expectedPods: 0,
};

/** Kinds that get anything; a status in the least form that the server writes it in. */
const DEFAULTS: Defaults = {
  namespaces: namespaceDefaults,
  nodes: nodeDefaults,
  pods: podDefaults,
  services: serviceDefaults,
  secrets: secretDefaults,
  limitranges: limitRangeDefaults,
  persistentvolumes: volumeObjectDefaults,
  persistentvolumeclaims: claimDefaults,
  resourcequotas: (quota) => fillMissing(quota, { spec: {}, status: {} }),
  deployments: deploymentDefaults,
  replicasets: replicaSetDefaults,
  statefulsets: statefulSetDefaults,
  daemonsets: daemonSetDefaults,
  controllerrevisions: (revision) => fillMissing(revision, { revision: 0 }),
  jobs: jobDefaults,
  cronjobs: cronJobDefaults,
  horizontalpodautoscalers: autoscalerDefaults,
  poddisruptionbudgets: (budget) => ({
    ...fillMissing(budget, { spec: {} }),
    status: fillMissing(budget.status ?? {}, NO_BUDGET),
  }),
  ingresses: (ingress) => fillMissing(ingress, { spec: {}, status: { loadBalancer: {} } }),
  ingressclasses: ingressClassDefaults,
  networkpolicies: networkPolicyDefaults,
  gatewayclasses: gatewayClassDefaults,
  gateways: gatewayDefaults,
  httproutes: httpRouteDefaults,
  storageclasses: storageClassDefaults,
  priorityclasses: priorityClassDefaults,
  roles: (role) => fillMissing(role, { rules: role.rules ?? null }),
  rolebindings: bindingDefaults,
  clusterrolebindings: bindingDefaults,
  endpointslices: endpointSliceDefaults,
  leases: (lease) => (lease.spec ? lease : { ...lease, spec: NO_SPEC }),
  events: eventDefaults,
};

/**
 * The object with what the server fills in when it is left out
 * (pkg/apis/<group>/<version>/defaults.go, v1.36). Filling in twice changes nothing. What stays is
 * shared with the object given; templates and Pods made of one are filled in once.
 */
export function setDefaults(resource: ResourceName, object: KubeObject): KubeObject {
  const defaults = DEFAULTS[resource] as ((given: KubeObject) => KubeObject) | undefined;
  return defaults ? defaults(object) : object;
}
