import { rfc3339 } from '../../sim/clock.ts';
import type { Pod } from '../api/pod.ts';
import type { ApiRequest } from '../api/requests.ts';
import { setCondition, type KubeObject } from '../apimachinery/object.ts';
import { conflict, failed, invalid, success, type Result } from '../apimachinery/status.ts';
import type { Backend } from './backend.ts';

/**
 * The scheduler's word: this Pod runs on that node
 * (pkg/registry/core/pod/storage/storage.go `BindingREST`, v1.36).
 */
interface Binding {
  readonly target?: { readonly kind?: string; readonly name?: string };
}

export function bind(backend: Backend, request: ApiRequest): Result<KubeObject> {
  const found = backend.find(request);
  if (!found.ok) return found;
  const pod = found.value as Pod;
  const { name } = pod.metadata;
  const { target } = (request.body ?? {}) as Binding;
  if (!target?.name) {
    const causes = [{ field: 'target.name', message: 'Required value' }];
    return failed(invalid('Binding', name, causes));
  }
  const why = refusal(pod);
  if (why) return failed(conflict('pods/binding', name, why));
  const lastTransitionTime = rfc3339(backend.kernel.now);
  const conditions = setCondition(pod.status.conditions ?? [], {
    type: 'PodScheduled',
    status: 'True',
    lastProbeTime: null,
    lastTransitionTime,
    observedGeneration: pod.metadata.generation,
  });
  const spec = { ...pod.spec, nodeName: target.name };
  const next: Pod = { ...pod, spec, status: { ...pod.status, conditions } };
  return success(request.dryRun ? next : backend.write(request, next, pod));
}

function refusal({ metadata, spec }: Pod): string | undefined {
  const { name, deletionTimestamp } = metadata;
  if (spec.nodeName) return `pod ${name} is already assigned to node "${spec.nodeName}"`;
  if (deletionTimestamp) return `pod ${name} is being deleted, cannot be assigned to a host`;
  const [gate] = spec.schedulingGates ?? [];
  return gate ? `pod ${name} has non-empty .spec.schedulingGates` : undefined;
}
