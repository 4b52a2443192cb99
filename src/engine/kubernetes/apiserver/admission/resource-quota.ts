import type { ResourceQuota } from '../../api/config.ts';
import type { Container } from '../../api/container.ts';
import type { Pod } from '../../api/pod.ts';
import {
  addUsage,
  amountsFrom,
  quotaCovers,
  subtractUsage,
  usageFrom,
  usageOf,
  type Usage,
} from '../../api/quota-usage.ts';
import { infoOf, qualifiedName } from '../../api/resources.ts';
import type { KubeObject } from '../../apimachinery/object.ts';
import { compareQuantities, formatQuantity, ZERO } from '../../apimachinery/quantity.ts';
import { forbidden, type Failure } from '../../apimachinery/status.ts';
import type { Backend } from '../backend.ts';
import type { Attributes, Plugin } from './plugin.ts';

/**
 * Quotas of a namespace: what an object would add must fit, and is counted at once
 * (staging/src/k8s.io/apiserver/pkg/admission/plugin/resourcequota/controller.go, v1.36).
 */
export const resourceQuota: Plugin = (backend, attributes, object) => {
  const { request, operation, namespace, previous } = attributes;
  if (namespace === '' || request.resource === 'events') return object;
  const quotas = backend.store.inNamespace('resourcequotas', namespace) as readonly ResourceQuota[];
  if (quotas.length === 0) return object;
  if (operation === 'UPDATE' && !changesUsage(attributes)) return object;
  const counted: { readonly quota: ResourceQuota; readonly used: Usage }[] = [];
  for (const quota of quotas) {
    if (!quotaCovers(quota, request.resource, object)) continue;
    const wanted = usageOf(request.resource, object);
    const delta = previous ? subtractUsage(wanted, usageOf(request.resource, previous)) : wanted;
    const outcome = charge(quota, attributes, object, delta);
    if (outcome === undefined) continue;
    if ('code' in outcome) return outcome as Failure;
    counted.push({ quota, used: outcome });
  }
  if (counted.length === 0) return object;
  const commit = (): void => {
    for (const { quota, used } of counted) note(backend, quota, used);
  };
  return { object, commit };
};

/** Only of these does an update change what they use. */
const changesUsage = ({ request }: Attributes): boolean =>
  request.resource === 'services' || request.resource === 'persistentvolumeclaims';

/** The quota's new usage; undefined when it has nothing to do with the object. */
function charge(
  { metadata, status, spec }: ResourceQuota,
  { request, name }: Attributes,
  object: KubeObject,
  delta: Usage,
): Usage | Failure | undefined {
  const hard = usageFrom(status.hard);
  const refuse = (why: string): Failure =>
    forbidden(qualifiedName(infoOf(request.resource)), name, why);
  const wanted = Object.keys(spec.hard ?? {});
  const missing = request.resource === 'pods' ? unspecified(object as Pod, wanted) : [];
  if (missing.length > 0) {
    return refuse(`failed quota: ${metadata.name}: must specify ${missing.join('; ')}`);
  }
  const own = wanted.filter((key) => delta[key] !== undefined && delta[key].unscaled !== 0n);
  if (own.length === 0) return undefined;
  const unknown = own.filter((key) => hard[key] === undefined || !status.used?.[key]);
  if (unknown.length > 0) {
    const list = unknown.sort().join(',');
    return refuse(`status unknown for quota: ${metadata.name}, resources: ${list}`);
  }
  const used = usageFrom(status.used);
  const asked = Object.fromEntries(own.map((key) => [key, delta[key] ?? ZERO]));
  const next = addUsage(used, asked);
  const over = own.filter(
    (key) =>
      (asked[key] ?? ZERO).unscaled > 0n &&
      compareQuantities(next[key] ?? ZERO, hard[key] ?? ZERO) > 0,
  );
  if (over.length === 0) return next;
  const said = (usage: Usage): string =>
    over
      .sort()
      .map((key) => `${key}=${formatQuantity(usage[key] ?? ZERO)}`)
      .join(',');
  return refuse(
    `exceeded quota: ${metadata.name}, requested: ${said(asked)}, used: ${said(used)}, ` +
      `limited: ${said(hard)}`,
  );
}

const COMPUTE = ['cpu', 'memory'];

/** `limits.cpu for: web`: what a container must ask for because a quota counts it. */
function unspecified({ spec }: Pod, wanted: readonly string[]): string[] {
  const all = [...spec.containers, ...(spec.initContainers ?? [])];
  const found: string[] = [];
  for (const key of [...wanted].sort()) {
    const [side, resource] = key.includes('.') ? key.split('.') : ['requests', key];
    if (!COMPUTE.includes(resource ?? '') || (side !== 'requests' && side !== 'limits')) continue;
    const lacks = ({ resources }: Container): boolean =>
      resources?.[side]?.[resource ?? ''] === undefined;
    const names = all.filter(lacks).map(({ name }) => name);
    if (names.length > 0) found.push(`${key} for: ${names.join(',')}`);
  }
  return found;
}

function note(backend: Backend, quota: ResourceQuota, used: Usage): void {
  const { name, namespace = '' } = quota.metadata;
  const present = backend.store.get('resourcequotas', namespace, name) as ResourceQuota | undefined;
  if (!present) return;
  const next = { ...present, status: { ...present.status, used: amountsFrom(used) } };
  const request = { resource: 'resourcequotas', user: 'apiserver', name, namespace } as const;
  backend.write({ ...request, verb: 'update', subresource: 'status' }, next, present);
}
