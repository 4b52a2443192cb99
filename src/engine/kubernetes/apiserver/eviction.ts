import { rfc3339 } from '../../sim/clock.ts';
import { isPodReady, type Pod } from '../api/pod.ts';
import type { Eviction, PodDisruptionBudget } from '../api/policy.ts';
import type { ApiRequest } from '../api/requests.ts';
import { isEmptySelector, selectorMatches } from '../apimachinery/label-selector.ts';
import { setCondition, type KubeObject } from '../apimachinery/object.ts';
import {
  badRequest,
  failed,
  forbidden,
  tooManyRequests,
  type Failure,
  type Result,
} from '../apimachinery/status.ts';
import type { Backend } from './backend.ts';
import { remove } from './delete.ts';

/**
 * Eviction: a deletion that asks a Pod's disruption budget first
 * (pkg/registry/core/pod/storage/eviction.go, v1.36).
 */
const MAX_DISRUPTED = 2000;
const REFUSED = "Cannot evict pod as it would violate the pod's disruption budget.";
const SEVERAL =
  'This pod has more than one PodDisruptionBudget, which the eviction subresource does not support.';

export function evict(backend: Backend, request: ApiRequest): Result<KubeObject> {
  const { deleteOptions, metadata } = (request.body ?? {}) as Partial<Eviction>;
  if (metadata?.name && metadata.name !== request.name) {
    return failed(badRequest('name in URL does not match name in Eviction object'));
  }
  const found = backend.find({ ...request, resource: 'pods' });
  if (!found.ok) return found;
  const pod = found.value as Pod;
  const dryRun = request.dryRun ?? (deleteOptions?.dryRun ?? []).length > 0;
  const { uid, resourceVersion } = deleteOptions?.preconditions ?? {};
  const grace = deleteOptions?.gracePeriodSeconds ?? request.gracePeriodSeconds;
  const { body: _, ...place } = request;
  const deletion: ApiRequest = {
    ...place,
    verb: 'delete',
    dryRun,
    ...(grace !== undefined && { gracePeriodSeconds: grace }),
    ...(uid !== undefined && { uid }),
    ...(resourceVersion !== undefined && { preconditionVersion: resourceVersion }),
  };
  if (needsBudget(pod)) {
    const refused = askBudget(backend, request, pod, dryRun);
    if (refused) return failed(refused);
  }
  return remove(backend, deletion);
}

/** A Pod that has ended, has not begun or goes already disrupts nothing more. */
function needsBudget({ status, metadata }: Pod): boolean {
  return !['Succeeded', 'Failed', 'Pending'].includes(status.phase) && !metadata.deletionTimestamp;
}

function budgetsOf(backend: Backend, { metadata }: Pod): PodDisruptionBudget[] {
  const { namespace = '', labels } = metadata;
  const budgets = backend.store.inNamespace('poddisruptionbudgets', namespace);
  return (budgets as PodDisruptionBudget[]).filter(({ spec: { selector } }) =>
    selector && !isEmptySelector(selector) ? selectorMatches(selector, labels) : false,
  );
}

function askBudget(
  backend: Backend,
  request: ApiRequest,
  pod: Pod,
  dryRun: boolean,
): Failure | undefined {
  const [budget, other] = budgetsOf(backend, pod);
  if (!budget) return undefined;
  if (other) return { reason: '', code: 500, message: SEVERAL };
  if (!isPodReady(pod) && unreadyMayGo(budget)) return undefined;
  const refused = refusal(budget);
  if (refused || dryRun) return refused;
  backend.write(
    { ...request, verb: 'update', resource: 'poddisruptionbudgets', subresource: 'status' },
    counted(budget, pod, rfc3339(backend.kernel.now)),
    budget,
  );
  return undefined;
}

/** A Pod that is not ready takes nothing from a budget that is met, or that lets it go. */
function unreadyMayGo({ spec, status }: PodDisruptionBudget): boolean {
  if (spec.unhealthyPodEvictionPolicy === 'AlwaysAllow') return true;
  return status.currentHealthy >= status.desiredHealthy && status.desiredHealthy > 0;
}

function refusal({ metadata, status }: PodDisruptionBudget): Failure | undefined {
  const { name, generation = 0 } = metadata;
  const because = (message: string) =>
    [{ field: '', message, reason: 'DisruptionBudget' }] as const;
  if ((status.observedGeneration ?? 0) < generation) {
    const why = `The disruption budget ${name} is still being processed by the server.`;
    return tooManyRequests(REFUSED, 10, because(why));
  }
  if (status.disruptionsAllowed < 0) {
    return forbidden('poddisruptionbudget.policy', name, 'pdb disruptions allowed is negative');
  }
  if (Object.keys(status.disruptedPods ?? {}).length > MAX_DISRUPTED) {
    const why = 'DisruptedPods map too big - too many evictions not confirmed by PDB controller';
    return forbidden('poddisruptionbudget.policy', name, why);
  }
  if (status.disruptionsAllowed > 0) return undefined;
  const why =
    `The disruption budget ${name} needs ${status.desiredHealthy} healthy pods and has ` +
    `${status.currentHealthy} currently`;
  return tooManyRequests(REFUSED, 0, because(why));
}

/** One disruption fewer is allowed; the controller learns which Pod it was spent on. */
function counted(budget: PodDisruptionBudget, pod: Pod, now: string): PodDisruptionBudget {
  const { status, metadata } = budget;
  const disruptionsAllowed = status.disruptionsAllowed - 1;
  const spent = setCondition(status.conditions ?? [], {
    type: 'DisruptionAllowed',
    status: 'False',
    reason: 'InsufficientPods',
    message: '',
    lastTransitionTime: now,
    observedGeneration: metadata.generation,
  });
  return {
    ...budget,
    status: {
      ...status,
      disruptionsAllowed,
      disruptedPods: { ...status.disruptedPods, [pod.metadata.name]: now },
      ...(disruptionsAllowed === 0 && { conditions: spent }),
    },
  };
}
