import type { KubeObject } from '../../apimachinery/object.ts';
import { infoOf, type ResourceKinds, type ResourceName } from '../resources.ts';
import { validateAutoscaler, validateDisruptionBudget } from './autoscaling.ts';
import { validateCronJob, validateJob } from './batch.ts';
import {
  validateConfigMap,
  validateLimitRange,
  validatePriorityClass,
  validateQuota,
  validateSecret,
} from './config.ts';
import type { FieldCause } from './field-errors.ts';
import { validateGateway, validateGatewayClass, validateHttpRoute } from './gateway.ts';
import { validateMetadata, validateMetadataUpdate } from './metadata.ts';
import { dns1035Label, dnsLabel, dnsSubdomain, pathSegment, type NameRule } from './names.ts';
import { validateIngress, validateIngressClass, validateNetworkPolicy } from './networking.ts';
import { validateNamespace, validateNode } from './nodes.ts';
import { validatePod, validatePodUpdate } from './pod.ts';
import { validateBinding, validateClusterRole, validateRole } from './rbac.ts';
import { validateEndpointSlice, validateService } from './services.ts';
import { validateClaim, validateStorageClass, validateVolume } from './storage.ts';
import {
  validateControllerRevision,
  validateDaemonSet,
  validateDeployment,
  validateReplicaSet,
  validateStatefulSet,
} from './workloads.ts';

/**
 * What the server refuses, in its words and in its order (pkg/apis/&#42;/validation, v1.36). Objects
 * come here with the types that their schemas ask for, and with defaults.
 */
type Rules = {
  readonly [R in ResourceName]?: (
    object: ResourceKinds[R],
    previous: ResourceKinds[R] | undefined,
  ) => FieldCause[];
};

const RULES: Rules = {
  pods: (pod, previous) => (previous ? validatePodUpdate(pod, previous) : validatePod(pod)),
  nodes: validateNode,
  namespaces: (object, previous) => (previous ? [] : validateNamespace(object)),
  services: validateService,
  endpointslices: validateEndpointSlice,
  configmaps: validateConfigMap,
  secrets: validateSecret,
  resourcequotas: validateQuota,
  limitranges: validateLimitRange,
  priorityclasses: validatePriorityClass,
  persistentvolumes: validateVolume,
  persistentvolumeclaims: validateClaim,
  storageclasses: validateStorageClass,
  deployments: validateDeployment,
  replicasets: validateReplicaSet,
  statefulsets: validateStatefulSet,
  daemonsets: validateDaemonSet,
  controllerrevisions: validateControllerRevision,
  jobs: validateJob,
  cronjobs: validateCronJob,
  horizontalpodautoscalers: validateAutoscaler,
  poddisruptionbudgets: validateDisruptionBudget,
  ingresses: validateIngress,
  ingressclasses: validateIngressClass,
  networkpolicies: validateNetworkPolicy,
  gatewayclasses: validateGatewayClass,
  gateways: validateGateway,
  httproutes: validateHttpRoute,
  roles: (role) => validateRole(role, true),
  clusterroles: validateClusterRole,
  rolebindings: (binding, previous) => validateBinding(binding, true, previous),
  clusterrolebindings: (binding, previous) => validateBinding(binding, false, previous),
};

/** What names of a kind look like; subdomains unless said otherwise. */
const NAMES: Readonly<Partial<Record<ResourceName, NameRule>>> = {
  namespaces: dnsLabel,
  services: dns1035Label,
  statefulsets: dnsLabel,
  roles: pathSegment,
  clusterroles: pathSegment,
  rolebindings: pathSegment,
  clusterrolebindings: pathSegment,
};

/**
 * Everything that is wrong with an object; `previous` is what it replaces. A spec that is the very
 * one of before was found right then, and is not looked at again.
 */
export function validate(
  resource: ResourceName,
  object: KubeObject,
  previous?: KubeObject,
): FieldCause[] {
  const name = NAMES[resource] ?? dnsSubdomain;
  const causes = previous
    ? validateMetadataUpdate(object, previous)
    : validateMetadata(object, { name, namespaced: infoOf(resource).namespaced });
  if (previous && isUnchanged(object, previous)) return causes;
  const rule = RULES[resource] as
    ((object: KubeObject, previous: KubeObject | undefined) => FieldCause[]) | undefined;
  return rule ? [...causes, ...rule(object, previous)] : causes;
}

type Specified = KubeObject & { readonly spec?: unknown };

/** Of kinds that have a spec, it alone is judged by their rules. */
function isUnchanged(object: Specified, { spec }: Specified): boolean {
  return spec !== undefined && object.spec === spec && object.kind !== 'Pod';
}
