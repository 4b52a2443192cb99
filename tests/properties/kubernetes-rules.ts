import {
  isPodActive,
  isPodFinished,
  isPodReady,
  type Pod,
} from '../../src/engine/kubernetes/api/pod.ts';
import type { WatchEvent } from '../../src/engine/kubernetes/api/requests.ts';
import type {
  Deployment,
  ReplicaSet,
  StatefulSet,
} from '../../src/engine/kubernetes/api/workloads.ts';
import { controllerOf, describeObject } from '../../src/engine/kubernetes/apimachinery/object.ts';
import type { Client } from '../../src/engine/kubernetes/client/client.ts';

/**
 * What each controller may take away and make, by the cluster as it stands in that moment. Every
 * rule gives what is wrong, in words.
 */

/**
 * A rollout takes away no more than leaves `replicas - maxUnavailable` available, by what the
 * ReplicaSets say of themselves; one that stands below already takes no more of them
 * (pkg/controller/deployment/rolling.go, v1.36). Scaling as such keeps proportions only.
 */
export function wrongResize(
  client: Client,
  { object, previous }: WatchEvent<ReplicaSet>,
): string | undefined {
  if (!previous) return undefined;
  const [before, after] = [previous.spec.replicas ?? 1, object.spec.replicas ?? 1];
  const owner = controllerOf(object);
  if (after >= before || !owner) return undefined;
  const { namespace = '' } = object.metadata;
  const deployment = client.get('deployments', namespace, owner.name);
  if (!deployment || deployment.spec.strategy?.type === 'Recreate') return undefined;
  const sets = client.ownedBy('replicasets', deployment.metadata.uid);
  const others = sets.filter(({ metadata }) => metadata.uid !== object.metadata.uid);
  const wanted = deployment.spec.replicas ?? 1;
  if ([...others, previous].some((set) => isResized(set, wanted))) return undefined;
  const sum = others.reduce((all, set) => all + standing(set), 0);
  const left = sum + standing({ ...previous, spec: object.spec });
  const had = sum + standing(previous);
  const least = Math.min(had, wanted - maxUnavailableOf(deployment));
  return left < least
    ? `${describeObject(object)} ${before}->${after} leaves ${left} available of ${least}`
    : undefined;
}

export const isGone = ({ metadata }: Pod): boolean => metadata.deletionTimestamp !== undefined;
const isUp = (pod: Pod): boolean => !isGone(pod) && isPodReady(pod);

/** Whoever owns a Pod, if it is still that one. */
export function ownerOf<R extends 'statefulsets' | 'daemonsets' | 'jobs' | 'replicasets'>(
  client: Client,
  resource: R,
  pod: Pod,
) {
  const owner = controllerOf(pod);
  const found = owner && client.get(resource, pod.metadata.namespace ?? '', owner.name);
  return found?.metadata.uid === owner?.uid ? found : undefined;
}

export const siblingsOf = (client: Client, pod: Pod): Pod[] =>
  client
    .ownedBy('pods', controllerOf(pod)?.uid ?? '')
    .filter(({ metadata }) => metadata.uid !== pod.metadata.uid);

const ordinalOf = ({ metadata }: Pod): number => Number(/\d+$/.exec(metadata.name)?.[0] ?? -1);

/**
 * A StatefulSet that has an order takes one Pod after the other; an update leaves those below the
 * partition and as many as must be available (stateful_set_control.go, v1.36).
 */
export function wrongMember(client: Client, pod: Pod): string | undefined {
  const set = ownerOf(client, 'statefulsets', pod);
  if (!set || !isPodReady(pod)) return undefined;
  const others = siblingsOf(client, pod);
  // Of those beyond the size the highest goes first, whoever else of them is on its way.
  const going = others.find(
    (one) => isGone(one) && (isWanted(one, set) || ordinalOf(one) > ordinalOf(pod)),
  );
  const { replicas, podManagementPolicy, updateStrategy, ordinals } = set.spec;
  const { partition = 0, maxUnavailable = 1 } = updateStrategy.rollingUpdate ?? {};
  const most = Math.max(1, Math.floor(share(maxUnavailable, replicas)));
  const what = describeObject(pod);
  if (podManagementPolicy !== 'Parallel' && going && most === 1) {
    return `${what} goes while ${going.metadata.name} does`;
  }
  const place = ordinalOf(pod) - (ordinals?.start ?? 0);
  if (place < 0 || place >= replicas) return undefined;
  if (updateStrategy.type === 'OnDelete') return `${what} goes though its set updates OnDelete`;
  if (place < partition) return `${what} goes, below the partition ${partition}`;
  const missing = replicas - others.filter((one) => isUp(one) && isWanted(one, set)).length;
  return missing > most ? `${what} leaves ${missing} unavailable of ${most}` : undefined;
}

function isWanted(pod: Pod, { spec: { replicas, ordinals } }: StatefulSet): boolean {
  const place = ordinalOf(pod) - (ordinals?.start ?? 0);
  return place >= 0 && place < replicas;
}

/** Of too many Pods the ones that do least go first (controller_utils.go `ActivePodsWithRanks`). */
export function wrongChoice(client: Client, pod: Pod): string | undefined {
  const set = ownerOf(client, 'replicasets', pod);
  if (!set || set.spec.replicas === 0 || !isPodReady(pod)) return undefined;
  const worse = siblingsOf(client, pod).find((one) => isPodActive(one) && !isPodReady(one));
  return worse && `${describeObject(pod)} goes, which is ready, before ${worse.metadata.name}`;
}

/** A Job has no more Pods at work than it may have at once. */
export function wrongJob(client: Client, pod: Pod): string | undefined {
  const job = ownerOf(client, 'jobs', pod);
  if (!job) return undefined;
  const active = [pod, ...siblingsOf(client, pod)].filter(isPodActive).length;
  const { parallelism = 1, suspend = false } = job.spec;
  if (suspend) return `${describeObject(pod)} is made though its Job is suspended`;
  return active > parallelism
    ? `${describeObject(job)} has ${active} Pods of ${parallelism}`
    : undefined;
}

/** No Pod is made beyond a quota that is known (plugin/pkg/admission/resourcequota, v1.36). */
export function wrongQuota(client: Client, pod: Pod): string | undefined {
  const { namespace = '' } = pod.metadata;
  const quotas = [...client.scan('resourcequotas', namespace)].filter(
    ({ spec, status }) => !spec.scopes && !spec.scopeSelector && status?.hard?.pods !== undefined,
  );
  if (quotas.length === 0) return undefined;
  const held = [...client.scan('pods', namespace)].filter((one) => !isPodFinished(one)).length;
  const over = quotas.find(({ status }) => held > Number(status?.hard?.pods));
  return over && `${describeObject(pod)} is one of ${held} Pods, over ${describeObject(over)}`;
}

const standing = ({ spec, status }: ReplicaSet): number =>
  Math.min(spec.replicas ?? 1, status?.availableReplicas ?? 0);

/** Its Deployment was given another size that has not been shared out yet. */
const isResized = ({ metadata, spec }: ReplicaSet, wanted: number): boolean =>
  (spec.replicas ?? 1) > 0 &&
  metadata.annotations?.['deployment.kubernetes.io/desired-replicas'] !== String(wanted);

export const share = (value: number | string, wanted: number): number =>
  typeof value === 'number' ? value : (wanted * Number.parseInt(value, 10)) / 100;

/** Percentages are rounded down; with no surge either, one may be missing. */
function maxUnavailableOf({ spec }: Deployment): number {
  const { maxUnavailable = '25%', maxSurge = '25%' } = spec.strategy?.rollingUpdate ?? {};
  const wanted = spec.replicas ?? 1;
  const missing = Math.floor(share(maxUnavailable, wanted));
  return missing === 0 && Math.ceil(share(maxSurge, wanted)) === 0 ? 1 : missing;
}
