import type {
  ClusterRole,
  ClusterRoleBinding,
  PolicyRule,
  Role,
  RoleBinding,
} from '../../api/rbac.ts';
import type { Describer } from './around.ts';
import { by, goList, head, Text } from './text.ts';

/** Roles and bindings (`RoleDescriber`, `RoleBindingDescriber`, pkg/util/rbac/rbac.go). */
export const role: Describer<Role | ClusterRole> = {
  silent: true,
  text(object) {
    const text = new Text();
    head(text, object, false);
    text.line(0, 'PolicyRule:');
    text.line(1, 'Resources\tNon-Resource URLs\tResource Names\tVerbs');
    text.line(1, '---------\t-----------------\t--------------\t-----');
    for (const cells of ruleRows(object.rules ?? [])) text.line(1, cells.join('\t'));
    return text.toString();
  },
};

/** Rules as rows: what they are of, URLs, names, verbs. */
export function ruleRows(given: readonly PolicyRule[]): string[][] {
  const rules = compacted(given.flatMap(brokenDown)).toSorted(by(ruleKey));
  return rules.map((rule) => {
    const { nonResourceURLs, resourceNames, verbs } = rule;
    return [resourceText(rule), ...[nonResourceURLs, resourceNames, verbs].map(goList)];
  });
}

/** Rules of one verb for one resource by at most one name. */
function brokenDown(rule: PolicyRule): PolicyRule[] {
  const { verbs, apiGroups = [], resources = [], resourceNames = [], nonResourceURLs = [] } = rule;
  const rules: PolicyRule[] = [];
  for (const group of apiGroups) {
    for (const resource of resources) {
      for (const verb of verbs) {
        const one = { verbs: [verb], apiGroups: [group], resources: [resource] };
        if (resourceNames.length === 0) rules.push(one);
        for (const name of resourceNames) rules.push({ ...one, resourceNames: [name] });
      }
    }
  }
  for (const url of nonResourceURLs) {
    for (const verb of verbs) rules.push({ verbs: [verb], nonResourceURLs: [url] });
  }
  return rules;
}

/** Verbs for the same resource in one rule; those for URLs stay apart. */
function compacted(rules: readonly PolicyRule[]): PolicyRule[] {
  const apart: PolicyRule[] = [];
  const joined = new Map<string, PolicyRule>();
  for (const rule of rules) {
    if (rule.nonResourceURLs) {
      apart.push(rule);
      continue;
    }
    const key = JSON.stringify([rule.apiGroups, rule.resources, rule.resourceNames]);
    const before = joined.get(key);
    const verbs = [...new Set([...(before?.verbs ?? []), ...rule.verbs])];
    joined.set(key, { ...rule, verbs });
  }
  return [...apart, ...joined.values()];
}

/** The text that Go sorts the rules by. */
function ruleKey(rule: PolicyRule): string {
  const { verbs, apiGroups, resources, resourceNames, nonResourceURLs } = rule;
  const lists = [verbs, apiGroups, resources, resourceNames, nonResourceURLs];
  return lists.map(goList).join(',');
}

/** `deployments.apps/scale`. */
function resourceText({ apiGroups = [], resources = [] }: PolicyRule): string {
  const [resource] = resources;
  if (resource === undefined) return '';
  const [name = '', ...sub] = resource.split('/');
  const group = apiGroups[0] ? `.${apiGroups[0]}` : '';
  return `${name}${group}${sub.length > 0 ? `/${sub.join('/')}` : ''}`;
}

export const binding: Describer<RoleBinding | ClusterRoleBinding> = {
  silent: true,
  text(object) {
    const { roleRef, subjects = [] } = object;
    const text = new Text();
    head(text, object, false);
    text.line(0, 'Role:');
    text.line(1, `Kind:\t${roleRef.kind}`);
    text.line(1, `Name:\t${roleRef.name}`);
    text.line(0, 'Subjects:');
    text.line(1, 'Kind\tName\tNamespace');
    text.line(1, '----\t----\t---------');
    for (const { kind, name, namespace = '' } of subjects) {
      text.line(1, `${kind}\t${name}\t${namespace}`);
    }
    return text.toString();
  },
};
