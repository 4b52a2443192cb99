import { RBAC_GROUP, type PolicyRule, type RoleRef, type Subject } from '../../api/rbac.ts';
import type { ClusterRole, ClusterRoleBinding, Role, RoleBinding } from '../../api/rbac.ts';
import type { ApiRequest, Identity } from '../../api/requests.ts';
import { infoOf } from '../../api/resources.ts';
import { forbidden, type Failure } from '../../apimachinery/status.ts';
import type { RegistryStore } from '../registry-store.ts';

/**
 * Whether somebody may do something: the rules of the roles that are bound to them
 * (plugin/pkg/auth/authorizer/rbac/rbac.go and pkg/registry/rbac/validation/rule.go, v1.36).
 *
 * Simplified: a role's aggregation rule is not looked at; the default roles have their rules.
 */
export interface ResourceAttributes {
  readonly verb: string;
  readonly group: string;
  readonly resource: string;
  readonly subresource?: string;
  readonly namespace?: string;
  readonly name?: string;
}

export interface PathAttributes {
  readonly verb: string;
  readonly path: string;
}

export interface Decision {
  readonly allowed: boolean;
  /** Why, in RBAC's words; empty when no rule spoke. */
  readonly reason: string;
}

const MASTERS = 'system:masters';

export function authorize(
  store: RegistryStore,
  identity: Identity,
  asked: ResourceAttributes | PathAttributes,
): Decision {
  if (identity.groups.includes(MASTERS)) return { allowed: true, reason: '' };
  const namespace = 'resource' in asked ? (asked.namespace ?? '') : '';
  const missing: string[] = [];
  for (const { rules, because } of grantsOf(store, identity, namespace, missing)) {
    if (rules.some((rule) => allows(rule, asked))) {
      return { allowed: true, reason: `RBAC: allowed by ${because}` };
    }
  }
  return { allowed: false, reason: missing.length > 0 ? `RBAC: ${missing.join(', ')}` : '' };
}

interface Grant {
  readonly rules: readonly PolicyRule[];
  readonly because: string;
}

/** The rules that somebody has, from the cluster's bindings and those of a namespace. */
export function* grantsOf(
  store: RegistryStore,
  identity: Identity,
  namespace: string,
  missing: string[] = [],
): Generator<Grant, void> {
  for (const object of store.inNamespace('clusterrolebindings', '')) {
    const { metadata, roleRef, subjects = [] } = object as ClusterRoleBinding;
    const subject = subjects.find((one) => isSubject(one, identity, ''));
    if (!subject) continue;
    const rules = rulesOf(store, roleRef, '', missing);
    yield { rules, because: becauseOf('ClusterRoleBinding', metadata.name, roleRef, subject) };
  }
  if (namespace === '') return;
  for (const object of store.inNamespace('rolebindings', namespace)) {
    const { metadata, roleRef, subjects = [] } = object as RoleBinding;
    const subject = subjects.find((one) => isSubject(one, identity, namespace));
    if (!subject) continue;
    const rules = rulesOf(store, roleRef, namespace, missing);
    const binding = `${metadata.name}/${namespace}`;
    yield { rules, because: becauseOf('RoleBinding', binding, roleRef, subject) };
  }
}

function becauseOf(kind: string, name: string, role: RoleRef, subject: Subject): string {
  const { kind: what, namespace } = subject;
  const who = JSON.stringify(namespace ? `${subject.name}/${namespace}` : subject.name);
  return `${kind} "${name}" of ${role.kind} "${role.name}" to ${what} ${who}`;
}

function isSubject(subject: Subject, { name, groups }: Identity, namespace: string): boolean {
  switch (subject.kind) {
    case 'User':
      return subject.name === name;
    case 'Group':
      return groups.includes(subject.name);
    case 'ServiceAccount': {
      const place = subject.namespace ?? namespace;
      return place !== '' && name === `system:serviceaccount:${place}:${subject.name}`;
    }
    default:
      return false;
  }
}

function rulesOf(
  store: RegistryStore,
  { kind, name }: RoleRef,
  namespace: string,
  missing: string[],
): readonly PolicyRule[] {
  const role =
    kind === 'ClusterRole'
      ? store.get('clusterroles', '', name)
      : store.get('roles', namespace, name);
  if (role) return (role as Role | ClusterRole).rules ?? [];
  missing.push(`${kind.toLowerCase()}.${RBAC_GROUP} "${name}" not found`);
  return [];
}

const has = (list: readonly string[] | undefined, value: string): boolean =>
  (list ?? []).some((one) => one === '*' || one === value);

/** Whether one rule covers what is asked. */
export function allows(rule: PolicyRule, asked: ResourceAttributes | PathAttributes): boolean {
  if (!has(rule.verbs, asked.verb)) return false;
  if ('path' in asked)
    return (rule.nonResourceURLs ?? []).some((one) => coversPath(one, asked.path));
  if (!has(rule.apiGroups, asked.group)) return false;
  const { resource, subresource, name = '' } = asked;
  const whole = subresource ? `${resource}/${subresource}` : resource;
  const covered = (rule.resources ?? []).some(
    (one) => one === '*' || one === whole || (subresource && one === `*/${subresource}`),
  );
  if (!covered) return false;
  return !rule.resourceNames?.length || rule.resourceNames.includes(name);
}

function coversPath(rule: string, path: string): boolean {
  if (rule === '*' || rule === path) return true;
  return rule.endsWith('*') && path.startsWith(rule.slice(0, -1));
}

/** Why a request is not allowed; undefined when it is, as everything is for who needs no leave. */
export function unauthorizedRequest(
  store: RegistryStore,
  request: ApiRequest,
): Failure | undefined {
  const { identity, verb, resource, subresource, namespace, name = '' } = request;
  if (!identity) return undefined;
  const { group, plural, namespaced } = infoOf(resource);
  const asked: ResourceAttributes = {
    verb,
    group,
    resource: plural,
    ...(subresource && { subresource }),
    ...(namespaced && namespace && { namespace }),
    name,
  };
  const { allowed, reason } = authorize(store, identity, asked);
  if (allowed) return undefined;
  const whole = subresource ? `${plural}/${subresource}` : plural;
  const where =
    namespaced && namespace ? `in the namespace "${namespace}"` : 'at the cluster scope';
  const why =
    `User "${identity.name}" cannot ${verb} resource "${whole}" in API group "${group}" ${where}` +
    (reason && `: ${reason}`);
  return forbidden(group ? `${plural}.${group}` : plural, name, why);
}

/** Why a path that is no resource may not be read. */
export function unauthorizedPath(
  store: RegistryStore,
  identity: Identity | undefined,
  verb: string,
  path: string,
): Failure | undefined {
  if (!identity || authorize(store, identity, { verb, path }).allowed) return undefined;
  const message = `forbidden: User "${identity.name}" cannot ${verb} path "${path}"`;
  return { reason: 'Forbidden', code: 403, message };
}
