import type { PolicyRule } from '../api/rbac.ts';
import type { ApiRequest, Identity } from '../api/requests.ts';
import { infoOf } from '../api/resources.ts';
import { badRequest, failed, invalid, success, type Result } from '../apimachinery/status.ts';
import type { Backend } from './backend.ts';
import { readBody } from './body.ts';
import { authorize, grantsOf } from './rbac/authorizer.ts';

/**
 * Questions about what somebody may do, which are answered and not kept
 * (pkg/registry/authorization/{selfsubjectaccessreview,subjectaccessreview,selfsubjectrulesreview},
 * v1.36).
 */
interface Asked {
  readonly resourceAttributes?: {
    readonly namespace?: string;
    readonly verb?: string;
    readonly group?: string;
    readonly resource?: string;
    readonly subresource?: string;
    readonly name?: string;
  };
  readonly nonResourceAttributes?: { readonly path?: string; readonly verb?: string };
  readonly user?: string;
  readonly groups?: readonly string[];
  readonly namespace?: string;
}

interface Review {
  readonly spec?: Asked;
}

const ADMIN: Identity = {
  name: 'kubernetes-admin',
  groups: ['system:masters', 'system:authenticated'],
};

/** The answer to a review; undefined when the request makes something else. */
export function review(backend: Backend, request: ApiRequest): Result<unknown> | undefined {
  const { resource, identity = ADMIN } = request;
  if (infoOf(resource).group !== 'authorization.k8s.io') return undefined;
  const read = readBody(request);
  if (!read.ok) return read;
  const { spec = {} } = (read.value ?? {}) as Review;
  switch (resource) {
    case 'selfsubjectaccessreviews':
      return access(backend, request, 'SelfSubjectAccessReview', spec, identity);
    case 'subjectaccessreviews': {
      if (!spec.user && !spec.groups?.length) {
        const message = 'Invalid value: "": at least one of user or group must be specified';
        const causes = [{ field: 'spec.user', message }];
        return failed(invalid('SubjectAccessReview.authorization.k8s.io', '', causes));
      }
      const who = { name: spec.user ?? '', groups: spec.groups ?? [] };
      return access(backend, request, 'SubjectAccessReview', spec, who);
    }
    case 'selfsubjectrulesreviews':
      return rules(backend, spec, identity);
    default:
      return undefined;
  }
}

const asObject = (kind: string, spec: Asked, status: unknown) => ({
  apiVersion: 'authorization.k8s.io/v1',
  kind,
  metadata: {},
  spec,
  status,
});

function access(
  backend: Backend,
  request: ApiRequest,
  kind: string,
  spec: Asked,
  identity: Identity,
): Result<unknown> {
  const { resourceAttributes: resource, nonResourceAttributes: path } = spec;
  if (!resource === !path) {
    const message =
      'Invalid value: "": exactly one of nonResourceAttributes or resourceAttributes must be specified';
    const causes = [{ field: 'spec.resourceAttributes', message }];
    return failed(invalid(`${kind}.authorization.k8s.io`, '', causes));
  }
  if (request.resource !== 'selfsubjectaccessreviews' && !request.body) {
    return failed(badRequest('no body'));
  }
  const decision = resource
    ? authorize(backend.store, identity, {
        ...resource,
        verb: resource.verb ?? '',
        group: resource.group ?? '',
        resource: resource.resource ?? '',
      })
    : authorize(backend.store, identity, { verb: path?.verb ?? '', path: path?.path ?? '' });
  const { allowed, reason } = decision;
  return success(asObject(kind, spec, { allowed, ...(reason && { reason }) }));
}

/** Everything that somebody may do in a namespace. */
function rules(backend: Backend, spec: Asked, identity: Identity): Result<unknown> {
  if (!spec.namespace) return failed(badRequest('no namespace on request'));
  const all: readonly PolicyRule[] = identity.groups.includes('system:masters')
    ? [
        { verbs: ['*'], apiGroups: ['*'], resources: ['*'] },
        { verbs: ['*'], nonResourceURLs: ['*'] },
      ]
    : [];
  const granted = [...grantsOf(backend.store, identity, spec.namespace)].flatMap(
    (grant) => grant.rules,
  );
  const found = [...all, ...granted];
  const resourceRules = found
    .filter(({ resources = [] }) => resources.length > 0)
    .map(({ verbs, apiGroups, resources, resourceNames }) => ({
      verbs,
      apiGroups,
      resources,
      ...(resourceNames && { resourceNames }),
    }));
  const nonResourceRules = found
    .filter(({ nonResourceURLs = [] }) => nonResourceURLs.length > 0)
    .map(({ verbs, nonResourceURLs }) => ({ verbs, nonResourceURLs }));
  const status = { resourceRules, nonResourceRules, incomplete: false };
  return success(asObject('SelfSubjectRulesReview', {}, status));
}
