import type { PolicyRule, Subject } from '../../api/rbac.ts';
import type { ResourceName } from '../../api/resources.ts';

/**
 * The roles that every cluster has, and who has them
 * (plugin/pkg/auth/authorizer/rbac/bootstrappolicy/policy.go, v1.36).
 *
 * Simplified: `admin`, `edit` and `view` have the rules that aggregation gives them in life; the
 * controllers, which are trusted here, have no roles of their own.
 */
export interface PolicyObject {
  readonly resource: ResourceName;
  readonly namespace?: string;
  readonly body: unknown;
}

const GROUP = 'rbac.authorization.k8s.io';
const READ = ['get', 'list', 'watch'];
const WRITE = ['create', 'delete', 'deletecollection', 'patch', 'update'];
const READ_WRITE = [...WRITE, ...READ];

const rule = (apiGroup: string, resources: string, verbs: readonly string[]): PolicyRule => ({
  apiGroups: [apiGroup],
  resources: resources.split(' '),
  verbs,
});

const VIEWED: readonly PolicyRule[] = [
  rule(
    '',
    'configmaps endpoints persistentvolumeclaims persistentvolumeclaims/status pods ' +
      'replicationcontrollers replicationcontrollers/scale serviceaccounts services services/status',
    READ,
  ),
  rule(
    '',
    'bindings events limitranges namespaces/status pods/log pods/status ' +
      'replicationcontrollers/status resourcequotas resourcequotas/status',
    READ,
  ),
  rule('', 'namespaces', READ),
  rule('discovery.k8s.io', 'endpointslices', READ),
  rule(
    'apps',
    'controllerrevisions daemonsets daemonsets/status deployments deployments/scale ' +
      'deployments/status replicasets replicasets/scale replicasets/status statefulsets ' +
      'statefulsets/scale statefulsets/status',
    READ,
  ),
  rule('autoscaling', 'horizontalpodautoscalers horizontalpodautoscalers/status', READ),
  rule('batch', 'cronjobs cronjobs/status jobs jobs/status', READ),
  rule('policy', 'poddisruptionbudgets poddisruptionbudgets/status', READ),
  rule('networking.k8s.io', 'ingresses ingresses/status networkpolicies', READ),
];

const EDITED: readonly PolicyRule[] = [
  rule('', 'pods/attach pods/exec pods/portforward pods/proxy secrets services/proxy', READ),
  rule('', 'serviceaccounts', ['impersonate']),
  rule('', 'pods pods/attach pods/exec pods/portforward pods/proxy', WRITE),
  rule('', 'pods/eviction', ['create']),
  rule(
    '',
    'configmaps events persistentvolumeclaims replicationcontrollers replicationcontrollers/scale ' +
      'secrets serviceaccounts services services/proxy',
    WRITE,
  ),
  rule('', 'serviceaccounts/token', ['create']),
  rule(
    'apps',
    'daemonsets deployments deployments/rollback deployments/scale replicasets replicasets/scale ' +
      'statefulsets statefulsets/scale',
    WRITE,
  ),
  rule('autoscaling', 'horizontalpodautoscalers', WRITE),
  rule('batch', 'cronjobs jobs', WRITE),
  rule('policy', 'poddisruptionbudgets', WRITE),
  rule('networking.k8s.io', 'ingresses networkpolicies', WRITE),
  rule('coordination.k8s.io', 'leases', READ_WRITE),
];

const ADMINISTERED: readonly PolicyRule[] = [
  rule('authorization.k8s.io', 'localsubjectaccessreviews', ['create']),
  rule(GROUP, 'rolebindings roles', READ_WRITE),
];

const paths = (...nonResourceURLs: string[]): PolicyRule => ({ nonResourceURLs, verbs: ['get'] });

const ROLES: Readonly<Record<string, readonly PolicyRule[]>> = {
  'cluster-admin': [
    { apiGroups: ['*'], resources: ['*'], verbs: ['*'] },
    { nonResourceURLs: ['*'], verbs: ['*'] },
  ],
  admin: [...ADMINISTERED, ...EDITED, ...VIEWED],
  edit: [...EDITED, ...VIEWED],
  view: VIEWED,
  'system:basic-user': [
    rule('authorization.k8s.io', 'selfsubjectaccessreviews selfsubjectrulesreviews', ['create']),
    rule('authentication.k8s.io', 'selfsubjectreviews', ['create']),
  ],
  'system:discovery': [
    paths(
      ...['/api', '/api/*', '/apis', '/apis/*', '/healthz', '/livez', '/openapi', '/openapi/*'],
      ...['/readyz', '/version', '/version/'],
    ),
  ],
  'system:public-info-viewer': [paths('/healthz', '/livez', '/readyz', '/version', '/version/')],
  'system:monitoring': [
    paths('/healthz', '/healthz/*', '/livez', '/livez/*', '/metrics', '/readyz', '/readyz/*'),
  ],
  'system:node-proxier': [
    rule('', 'services endpoints', ['list', 'watch']),
    rule('', 'nodes', READ),
    rule('discovery.k8s.io', 'endpointslices', ['list', 'watch']),
  ],
  'system:kube-scheduler': [
    rule('', 'nodes pods persistentvolumes persistentvolumeclaims services namespaces', READ),
    rule('', 'bindings pods/binding', ['create']),
    rule('', 'pods', ['delete', ...READ]),
    rule('', 'pods/status', ['patch', 'update']),
    rule('apps', 'replicasets statefulsets', READ),
    rule('policy', 'poddisruptionbudgets', READ),
    rule('coordination.k8s.io', 'leases', ['create', 'get', 'update']),
  ],
  'system:kube-controller-manager': [
    rule('', 'events', ['create', 'patch', 'update']),
    rule('coordination.k8s.io', 'leases', ['create', 'get', 'update']),
    rule('*', '*', ['list', 'watch']),
  ],
};

/** What a role of the cluster is for. */
const AGGREGATED: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  view: { [`${GROUP}/aggregate-to-edit`]: 'true' },
  edit: { [`${GROUP}/aggregate-to-admin`]: 'true' },
};

interface ClusterBinding {
  readonly name: string;
  readonly role: string;
  readonly subjects: readonly Subject[];
}

const group = (name: string): Subject => ({ kind: 'Group', apiGroup: GROUP, name });
const user = (name: string): Subject => ({ kind: 'User', apiGroup: GROUP, name });

const bound = (role: string, ...subjects: Subject[]): ClusterBinding => ({
  name: role,
  role,
  subjects,
});

const BINDINGS: readonly ClusterBinding[] = [
  bound('cluster-admin', group('system:masters')),
  bound('system:basic-user', group('system:authenticated')),
  bound('system:discovery', group('system:authenticated')),
  bound('system:monitoring', group('system:monitoring')),
  bound(
    'system:public-info-viewer',
    group('system:authenticated'),
    group('system:unauthenticated'),
  ),
  bound('system:kube-controller-manager', user('system:kube-controller-manager')),
  bound('system:kube-scheduler', user('system:kube-scheduler')),
  bound('system:node-proxier', user('system:kube-proxy')),
  { ...bound('cluster-admin', group('kubeadm:cluster-admins')), name: 'kubeadm:cluster-admins' },
];

const LABELS = { 'kubernetes.io/bootstrapping': 'rbac-defaults' };
const ANNOTATIONS = { 'rbac.authorization.kubernetes.io/autoupdate': 'true' };

export function bootstrapPolicy(): PolicyObject[] {
  const roles = Object.entries(ROLES).map(([name, rules]): PolicyObject => {
    const labels = { ...LABELS, ...AGGREGATED[name] };
    return {
      resource: 'clusterroles',
      body: { metadata: { name, labels, annotations: ANNOTATIONS }, rules },
    };
  });
  const bindings = BINDINGS.map(({ name, role, subjects }): PolicyObject => {
    const roleRef = { apiGroup: GROUP, kind: 'ClusterRole', name: role };
    const metadata = { name, labels: LABELS, annotations: ANNOTATIONS };
    return { resource: 'clusterrolebindings', body: { metadata, roleRef, subjects } };
  });
  return [...roles, ...bindings];
}
