import { RESOURCES } from '../../../api/resources.ts';
import { connect, dieWith, fatal, printError, type Session, type Step } from '../../session.ts';
import { compact, creator, type Plain } from './creator.ts';

/** `kubectl create role|clusterrole|…binding|serviceaccount` (kubectl/pkg/cmd/create, v1.36). */
const STANDARD_VERBS = [
  ...['get', 'delete', 'list', 'create', 'update', 'patch', 'watch', 'proxy'],
  ...['deletecollection', 'use', 'bind', 'escalate', 'impersonate', '*'],
];
const URL_VERBS = ['get', 'post', 'put', 'patch', 'delete', 'head', 'options', '*'];
const RBAC = 'rbac.authorization.k8s.io';

/** Verbs that some resources alone know. */
const SPECIAL: Readonly<Record<string, readonly string[]>> = {
  use: ['podsecuritypolicies.policy', 'podsecuritypolicies.extensions'],
  bind: [`roles.${RBAC}`, `clusterroles.${RBAC}`],
  escalate: [`roles.${RBAC}`, `clusterroles.${RBAC}`],
  impersonate: ['users', 'serviceaccounts', 'groups', 'userextras.authentication.k8s.io'],
};

const unique = (words: readonly string[]): string[] => [...new Set(words)];

function verbsOf({ flags }: Session): string[] {
  const verbs = flags.all('verb');
  return verbs.includes('*') ? ['*'] : unique(verbs);
}

interface Named {
  readonly resource: string;
  readonly group: string;
  readonly subresource: string;
}

function resourcesOf({ flags }: Session): Named[] {
  const found: Named[] = [];
  for (const text of flags.all('resource')) {
    const slash = text.indexOf('/');
    const plain = slash === -1 ? text : text.slice(0, slash);
    const subresource = slash === -1 ? '' : text.slice(slash + 1);
    const dot = plain.indexOf('.');
    const resource = dot === -1 ? plain : plain.slice(0, dot);
    const group = dot === -1 ? '' : plain.slice(dot + 1);
    if (text === '*') return [{ resource, group, subresource }];
    found.push({ resource, group, subresource });
  }
  return found;
}

/** The resource as the server calls it; itself when the server has none of the name. */
function known({ resource, group }: Named): { resource: string; group: string; found: boolean } {
  const word = resource.toLowerCase();
  const info = RESOURCES.find(
    (one) =>
      (group === '' || one.group === group) &&
      (one.plural === word || one.singular === word || one.shortNames.includes(word)),
  );
  if (!info) return { resource, group, found: false };
  return { resource: info.plural, group: info.group, found: true };
}

function* checkVerbs(session: Session): Step<void> {
  for (const verb of verbsOf(session)) {
    if (!STANDARD_VERBS.includes(verb)) {
      yield* printError(session, `Warning: '${verb}' is not a standard resource verb\n`);
    }
  }
}

function* checkResources(session: Session): Step<void> {
  yield* connect(session);
  for (const named of resourcesOf(session)) {
    if (named.resource === '') {
      yield* fatal(session, 'resource must be specified if apiGroup/subresource specified');
    }
    if (named.resource === '*') return;
    const { resource, group, found: isKnown } = known(named);
    let found = isKnown;
    for (const verb of verbsOf(session)) {
      const special = SPECIAL[verb];
      if (!special) continue;
      if (!special.includes(group ? `${resource}.${group}` : resource)) {
        yield* fatal(session, `can not perform '${verb}' on '${resource}' in group '${group}'`);
      }
      found = true;
    }
    if (found) continue;
    const where = group === '' ? '' : ` in group ${JSON.stringify(group)}`;
    yield* dieWith(session, `the server doesn't have a resource type "${named.resource}"${where}`);
  }
}

/** A rule for each group, in the order of their names. */
function rulesOf(session: Session, urls: readonly string[] = []): Plain[] {
  const groups = new Map<string, string[]>();
  for (const named of resourcesOf(session)) {
    const { resource, group } = known(named);
    const word = named.subresource === '' ? resource : `${resource}/${named.subresource}`;
    groups.set(group, unique([...(groups.get(group) ?? []), word]));
  }
  const verbs = verbsOf(session);
  const names = unique(session.flags.all('resource-name'));
  const rules = [...groups]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([group, resources]) =>
      compact({
        verbs,
        apiGroups: [group],
        resources,
        resourceNames: names.length > 0 ? names : undefined,
      }),
    );
  return urls.length === 0 ? rules : [...rules, { verbs, nonResourceURLs: urls }];
}

export const createRole = creator({
  resource: 'roles',
  *check(session) {
    if (verbsOf(session).length === 0) yield* fatal(session, 'at least one verb must be specified');
    yield* checkVerbs(session);
    if (resourcesOf(session).length === 0) {
      yield* fatal(session, 'at least one resource must be specified');
    }
    yield* checkResources(session);
  },
  *build(session) {
    return { fields: { rules: rulesOf(session) } };
  },
});

export const createClusterRole = creator({
  resource: 'clusterroles',
  *check(session) {
    const { flags } = session;
    const urls = unique(flags.all('non-resource-url'));
    const verbs = verbsOf(session);
    const resources = resourcesOf(session);
    if (Object.keys(flags.pairs('aggregation-rule')).length > 0) {
      const more =
        urls.length + verbs.length + resources.length + flags.all('resource-name').length;
      if (more > 0) {
        yield* fatal(
          session,
          'aggregation rule must be specified without nonResourceURLs, verbs, resources or resourceNames',
        );
      }
      return;
    }
    if (verbs.length === 0) yield* fatal(session, 'at least one verb must be specified');
    if (resources.length === 0 && urls.length === 0) {
      yield* fatal(session, 'one of resource or nonResourceURL must be specified');
    }
    if (resources.length > 0) {
      yield* checkVerbs(session);
      yield* checkResources(session);
    }
    if (urls.length > 0) yield* checkUrls(session, verbs, urls);
  },
  *build(session) {
    const { flags } = session;
    if (Object.keys(flags.pairs('aggregation-rule')).length === 0) {
      return { fields: { rules: rulesOf(session, unique(flags.all('non-resource-url'))) } };
    }
    const matchLabels = flags.pairs('aggregation-rule');
    const aggregationRule = { clusterRoleSelectors: [{ matchLabels }] };
    return { fields: { rules: null, aggregationRule } };
  },
});

function* checkUrls(
  session: Session,
  verbs: readonly string[],
  urls: readonly string[],
): Step<void> {
  const verb = verbs.find((one) => !URL_VERBS.includes(one));
  if (verb !== undefined) yield* fatal(session, `invalid verb: '${verb}' for nonResourceURL`);
  for (const url of urls) {
    if (url === '*') continue;
    if (!url.startsWith('/')) yield* fatal(session, 'nonResourceURL should start with /');
    if (url.slice(0, -1).includes('*')) {
      yield* fatal(session, "nonResourceURL only supports wildcard matches when '*' is at the end");
    }
  }
}

/** Users, groups and service accounts that a binding names. */
export function* subjectsOf(session: Session): Step<Plain[]> {
  const { flags } = session;
  const named = (kind: string, flag: string): Plain[] =>
    flags.all(flag).map((name) => ({ kind, apiGroup: RBAC, name }));
  const subjects = [...named('User', 'user'), ...named('Group', 'group')];
  for (const account of flags.all('serviceaccount')) {
    const [namespace = '', name = '', ...more] = account.split(':');
    if (namespace === '' || name === '' || more.length > 0) {
      yield* fatal(session, 'serviceaccount must be <namespace>:<name>');
    }
    subjects.push({ kind: 'ServiceAccount', name, namespace });
  }
  return subjects;
}

const bindingOf = (subjects: readonly Plain[], kind: string, name: string): Plain =>
  compact({
    subjects: subjects.length > 0 ? subjects : undefined,
    roleRef: { apiGroup: RBAC, kind, name },
  });

export const createRoleBinding = creator({
  resource: 'rolebindings',
  prefix: 'failed to create rolebinding: ',
  *check(session) {
    const { flags } = session;
    if ((flags.text('role') === '') === (flags.text('clusterrole') === '')) {
      yield* fatal(session, 'exactly one of clusterrole or role must be specified');
    }
  },
  *build(session) {
    const role = session.flags.text('role');
    const kind = role === '' ? 'ClusterRole' : 'Role';
    const subjects = yield* subjectsOf(session);
    return { fields: bindingOf(subjects, kind, role || session.flags.text('clusterrole')) };
  },
});

export const createClusterRoleBinding = creator({
  resource: 'clusterrolebindings',
  prefix: 'failed to create clusterrolebinding: ',
  *build(session) {
    const subjects = yield* subjectsOf(session);
    return { fields: bindingOf(subjects, 'ClusterRole', session.flags.text('clusterrole')) };
  },
});

export const createServiceAccount = creator({
  resource: 'serviceaccounts',
  prefix: 'failed to create serviceaccount: ',
  *build() {
    return { fields: {} };
  },
});

export const createNamespace = creator({
  resource: 'namespaces',
  *build() {
    return { fields: { spec: {}, status: {} } };
  },
});
