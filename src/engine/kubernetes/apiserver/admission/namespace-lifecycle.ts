import type { Namespace } from '../../api/cluster-objects.ts';
import { infoOf, qualifiedName } from '../../api/resources.ts';
import { forbidden, notFound } from '../../apimachinery/status.ts';
import type { Plugin } from './plugin.ts';

/**
 * Nothing is made in a namespace that is not there or is going away
 * (staging/src/k8s.io/apiserver/pkg/admission/plugin/namespace/lifecycle/admission.go, v1.36).
 */
export const namespaceLifecycle: Plugin = (backend, attributes, object) => {
  const { request, operation, namespace, name } = attributes;
  if (operation !== 'CREATE' || namespace === '') return object;
  const place = backend.store.get('namespaces', '', namespace) as Namespace | undefined;
  if (!place) return notFound('namespaces', namespace);
  if (place.status.phase !== 'Terminating') return object;
  const why = `unable to create new content in namespace ${namespace} because it is being terminated`;
  const failure = forbidden(qualifiedName(infoOf(request.resource)), name, why);
  const message = `namespace ${namespace} is being terminated`;
  return {
    ...failure,
    details: {
      ...(failure.details ?? { name, kind: '' }),
      causes: [{ field: 'metadata.namespace', message, reason: 'NamespaceTerminating' }],
    },
  };
};
