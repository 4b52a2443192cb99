import type { Namespace } from '../api/cluster-objects.ts';
import type { ApiRequest } from '../api/requests.ts';
import type { ToldEvent } from '../api/told-event.ts';
import { failed, notFound, success, type Result } from '../apimachinery/status.ts';
import { namespaceLifecycle } from './admission/namespace-lifecycle.ts';
import type { Backend } from './backend.ts';

/**
 * An Event as a component tells it. It is well made, and one that is counted up was written before:
 * its namespace is all there is to see to.
 */
export function note(backend: Backend, request: ApiRequest): Result<ToldEvent> {
  const told = request.body as ToldEvent;
  const { namespace, name } = told.involved;
  const place = backend.store.get('namespaces', '', namespace) as Namespace | undefined;
  if (!place) return failed(notFound('namespaces', namespace));
  if (told.count === 1 && place.status.phase === 'Terminating') {
    const attributes = { request, operation: 'CREATE', namespace, name } as const;
    const admitted = namespaceLifecycle(backend, attributes, place);
    if ('reason' in admitted) return failed(admitted);
  }
  backend.note(told);
  return success(told);
}
