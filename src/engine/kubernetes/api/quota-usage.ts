import {
  addQuantities,
  compareQuantities,
  formatQuantity,
  negateQuantity,
  quantityOf,
  ZERO,
  type Quantity,
} from '../apimachinery/quantity.ts';
import type { KubeObject } from '../apimachinery/object.ts';
import type { Service } from './cluster-objects.ts';
import type { QuotaScope, ResourceQuota } from './config.ts';
import type { ResourceAmounts } from './amounts.ts';
import { qosClass } from './pod-resources.ts';
import { isPodFinished, type Pod } from './pod.ts';
import { infoOf, type ResourceName } from './resources.ts';
import type { PersistentVolumeClaim } from './storage.ts';

/**
 * What an object counts for in a resource quota
 * (pkg/quota/v1/evaluator/core/{pods,services,persistent_volume_claims}.go, v1.36).
 */
export type Usage = Readonly<Record<string, Quantity>>;

const ONE = quantityOf(1) ?? ZERO;

/** Kinds that have a short name in a quota beside `count/…`. */
const COUNTED: ReadonlySet<ResourceName> = new Set([
  'pods',
  'services',
  'resourcequotas',
  'secrets',
  'configmaps',
  'persistentvolumeclaims',
]);

/** `count/deployments.apps`. */
export function countName(resource: ResourceName): string {
  const { plural, group } = infoOf(resource);
  return `count/${plural}${group && `.${group}`}`;
}

/** Everything that an object uses, whatever quota there is. */
export function usageOf(resource: ResourceName, object: KubeObject): Usage {
  const usage: Record<string, Quantity> = { [countName(resource)]: ONE };
  if (resource === 'pods') return { ...usage, ...podUsage(object as Pod) };
  if (COUNTED.has(resource)) usage[resource] = ONE;
  if (resource === 'services') return { ...usage, ...serviceUsage(object as Service) };
  if (resource === 'persistentvolumeclaims') {
    return { ...usage, ...claimUsage(object as PersistentVolumeClaim) };
  }
  return usage;
}

/** A Pod that has ended counts as an object only. */
function podUsage(pod: Pod): Usage {
  if (isPodFinished(pod)) return {};
  const usage: Record<string, Quantity> = { pods: ONE };
  for (const [name, amount] of Object.entries(podAmounts(pod, 'requests'))) {
    usage[`requests.${name}`] = amount;
    if (['cpu', 'memory', 'ephemeral-storage'].includes(name)) usage[name] = amount;
  }
  for (const [name, amount] of Object.entries(podAmounts(pod, 'limits'))) {
    usage[`limits.${name}`] = amount;
  }
  return usage;
}

/** What a Pod's containers ask for together, or its greediest init container if that is more. */
export function podAmounts(
  { spec }: Pick<Pod, 'spec'>,
  side: 'requests' | 'limits',
): Record<string, Quantity> {
  const sums: Record<string, Quantity> = {};
  const init = spec.initContainers ?? [];
  const lasts = (one: (typeof init)[number]): boolean => one.restartPolicy === 'Always';
  for (const { resources } of [...spec.containers, ...init.filter(lasts)]) {
    for (const [name, value] of Object.entries(resources?.[side] ?? {})) {
      sums[name] = addQuantities(sums[name] ?? ZERO, quantityOf(value) ?? ZERO);
    }
  }
  for (const { resources } of init.filter((one) => !lasts(one))) {
    for (const [name, value] of Object.entries(resources?.[side] ?? {})) {
      const amount = quantityOf(value) ?? ZERO;
      if (compareQuantities(amount, sums[name] ?? ZERO) > 0) sums[name] = amount;
    }
  }
  return sums;
}

function serviceUsage({ spec }: Service): Usage {
  const ports = quantityOf(spec.ports?.length ?? 0) ?? ZERO;
  if (spec.type === 'NodePort') {
    return { 'services.nodeports': ports, 'services.loadbalancers': ZERO };
  }
  if (spec.type !== 'LoadBalancer') {
    return { 'services.nodeports': ZERO, 'services.loadbalancers': ZERO };
  }
  const opened = spec.allocateLoadBalancerNodePorts === false ? ZERO : ports;
  return { 'services.nodeports': opened, 'services.loadbalancers': ONE };
}

function claimUsage({ spec }: PersistentVolumeClaim): Usage {
  const asked = spec.resources?.requests?.storage;
  const amount = asked === undefined ? undefined : quantityOf(asked);
  const { storageClassName: name } = spec;
  const prefix = `${name ?? ''}.storageclass.storage.k8s.io/`;
  return {
    ...(amount && { 'requests.storage': amount }),
    ...(name && { [`${prefix}persistentvolumeclaims`]: ONE }),
    ...(name && amount && { [`${prefix}requests.storage`]: amount }),
  };
}

export function addUsage(a: Usage, b: Usage): Usage {
  const sum: Record<string, Quantity> = { ...a };
  for (const [name, amount] of Object.entries(b)) {
    sum[name] = addQuantities(sum[name] ?? ZERO, amount);
  }
  return sum;
}

export function subtractUsage(a: Usage, b: Usage): Usage {
  const turned = Object.entries(b).map(([name, amount]) => [name, negateQuantity(amount)] as const);
  return addUsage(a, Object.fromEntries(turned));
}

/** What amounts came to that were read before: a quota's bounds are, for each object. */
const READ = new WeakMap<ResourceAmounts, Usage>();

export function usageFrom(amounts: ResourceAmounts = {}): Usage {
  const known = READ.get(amounts);
  if (known) return known;
  const usage: Record<string, Quantity> = {};
  for (const name of Object.keys(amounts)) usage[name] = quantityOf(amounts[name] ?? '') ?? ZERO;
  READ.set(amounts, usage);
  return usage;
}

export const amountsFrom = (usage: Usage): Record<string, string> =>
  Object.fromEntries(Object.entries(usage).map(([name, amount]) => [name, formatQuantity(amount)]));

/** Whether a quota is about an object: all its scopes hold. */
export function quotaCovers({ spec }: ResourceQuota, resource: ResourceName, object: KubeObject) {
  const scopes = [
    ...(spec.scopes ?? []).map((scopeName) => ({ scopeName, operator: 'Exists', values: [] })),
    ...(spec.scopeSelector?.matchExpressions ?? []),
  ];
  if (scopes.length === 0) return true;
  if (resource !== 'pods') return false;
  return scopes.every(({ scopeName, operator, values = [] }) =>
    inScope(object as Pod, scopeName, operator, values),
  );
}

function inScope(
  { spec }: Pod,
  scope: QuotaScope,
  operator: string,
  values: readonly string[],
): boolean {
  switch (scope) {
    case 'Terminating':
      return (spec.activeDeadlineSeconds ?? -1) >= 0;
    case 'NotTerminating':
      return (spec.activeDeadlineSeconds ?? -1) < 0;
    case 'BestEffort':
      return qosClass(spec) === 'BestEffort';
    case 'NotBestEffort':
      return qosClass(spec) !== 'BestEffort';
    case 'PriorityClass': {
      const name = spec.priorityClassName ?? '';
      if (operator === 'Exists') return name !== '';
      if (operator === 'DoesNotExist') return name === '';
      return values.includes(name) === (operator === 'In');
    }
    default:
      return false;
  }
}
