import { sameValue } from '../../apimachinery/canonical-json.ts';
import type {
  ClusterRole,
  ClusterRoleBinding,
  PolicyRule,
  Role,
  RoleBinding,
  RoleRef,
  Subject,
} from '../rbac.ts';
import {
  given,
  invalid,
  invalids,
  notSupported,
  required,
  type FieldCause,
} from './field-errors.ts';
import { validateSelector } from './metadata.ts';
import { dnsSubdomain, pathSegment } from './names.ts';

/** Roles and bindings (pkg/apis/rbac/validation/validation.go, v1.36). */
const GROUP = 'rbac.authorization.k8s.io';

export function validateRole({ rules }: Role | ClusterRole, namespaced: boolean): FieldCause[] {
  return (rules ?? []).flatMap((rule, i) => validateRule(rule, namespaced, `rules[${i}]`));
}

export function validateClusterRole(role: ClusterRole): FieldCause[] {
  const { aggregationRule } = role;
  const causes = validateRole(role, false);
  if (!aggregationRule) return causes;
  const selectors = aggregationRule.clusterRoleSelectors ?? [];
  const field = 'aggregationRule.clusterRoleSelectors';
  if (selectors.length === 0) {
    const why = 'at least one clusterRoleSelector required if aggregationRule is non-nil';
    return [...causes, required(field, why)];
  }
  return [...causes, ...selectors.flatMap((one, i) => validateSelector(one, `${field}[${i}]`))];
}

function validateRule(rule: PolicyRule, namespaced: boolean, at: string): FieldCause[] {
  const { verbs = [], apiGroups = [], resources = [], resourceNames = [] } = given(rule);
  const { nonResourceURLs: urls = [] } = rule;
  const causes: FieldCause[] = [];
  if (verbs.length === 0) {
    causes.push(required(`${at}.verbs`, 'verbs must contain at least one value'));
  }
  if (urls.length > 0) {
    const field = `${at}.nonResourceURLs`;
    if (namespaced) {
      const why = 'namespaced rules cannot apply to non-resource URLs';
      causes.push(invalid(field, urls, why));
    }
    if (apiGroups.length + resources.length + resourceNames.length > 0) {
      const why = 'rules cannot apply to both regular resources and non-resource URLs';
      causes.push(invalid(field, urls, why));
    }
    return causes;
  }
  if (apiGroups.length === 0) {
    const why = 'resource rules must supply at least one api group';
    causes.push(required(`${at}.apiGroups`, why));
  }
  if (resources.length === 0) {
    const why = 'resource rules must supply at least one resource';
    causes.push(required(`${at}.resources`, why));
  }
  return causes;
}

export function validateBinding(
  { roleRef, subjects = [] }: RoleBinding | ClusterRoleBinding,
  namespaced: boolean,
  previous?: RoleBinding | ClusterRoleBinding,
): FieldCause[] {
  const { apiGroup = '', kind = '', name = '' } = given(roleRef);
  const causes: FieldCause[] = [];
  if (apiGroup !== GROUP) causes.push(notSupported('roleRef.apiGroup', apiGroup, [GROUP]));
  const kinds = namespaced ? ['Role', 'ClusterRole'] : ['ClusterRole'];
  if (!kinds.includes(kind)) causes.push(notSupported('roleRef.kind', kind, kinds));
  if (!name) causes.push(required('roleRef.name'));
  else causes.push(...invalids('roleRef.name', name, pathSegment(name)));
  subjects.forEach((subject, i) =>
    causes.push(...validateSubject(subject, namespaced, `subjects[${i}]`)),
  );
  if (!previous || sameValue(roleRef, previous.roleRef)) return causes;
  return [...causes, invalid('roleRef', internalRef(roleRef), 'cannot change roleRef')];
}

const internalRef = ({ apiGroup, kind, name }: RoleRef): Readonly<Record<string, string>> => ({
  APIGroup: apiGroup,
  Kind: kind,
  Name: name,
});

const SUBJECTS = ['ServiceAccount', 'User', 'Group'];

function validateSubject(subject: Subject, namespaced: boolean, at: string): FieldCause[] {
  const { kind = '', name, apiGroup = '', namespace } = given(subject);
  const causes: FieldCause[] = name ? [] : [required(`${at}.name`)];
  if (kind === 'ServiceAccount') {
    if (name) causes.push(...invalids(`${at}.name`, name, dnsSubdomain(name)));
    if (apiGroup !== '') causes.push(notSupported(`${at}.apiGroup`, apiGroup, ['']));
    if (!namespaced && !namespace) causes.push(required(`${at}.namespace`));
  } else if (kind === 'User' || kind === 'Group') {
    if (apiGroup !== GROUP) causes.push(notSupported(`${at}.apiGroup`, apiGroup, [GROUP]));
  } else causes.push(notSupported(`${at}.kind`, kind, SUBJECTS));
  return causes;
}
