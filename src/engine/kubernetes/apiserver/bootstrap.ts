import type { ApiRequest } from '../api/requests.ts';
import type { ResourceName } from '../api/resources.ts';
import { BOOTSTRAP, type Backend } from './backend.ts';
import { create } from './create.ts';
import { bootstrapPolicy } from './rbac/default-roles.ts';

/**
 * What a new cluster has before anybody asks for anything: the namespaces, their default service
 * accounts, the roles and who has them, the two system priorities, and the Service `kubernetes`
 * (pkg/controlplane/controller/{systemnamespaces,kubernetesservice}, pkg/registry/{rbac,scheduling}/
 * rest/storage_*.go, v1.36).
 */
export const SYSTEM_NAMESPACES = ['default', 'kube-node-lease', 'kube-public', 'kube-system'];

const PRIORITIES = [
  {
    name: 'system-cluster-critical',
    value: 2_000_000_000,
    description:
      'Used for system critical pods that must run in the cluster, but can be moved to another ' +
      'node if necessary.',
  },
  {
    name: 'system-node-critical',
    value: 2_000_001_000,
    description: 'Used for system critical pods that must not be moved from their current node.',
  },
];

const HTTPS_PORT = 443;
const SERVER_PORT = 6443;

/** Makes it all, quietly: the trace of a world begins with what somebody does. */
export function bootstrap(backend: Backend): void {
  const make = (resource: ResourceName, namespace: string, body: unknown): void => {
    const request: ApiRequest = { verb: 'create', resource, namespace, body, user: BOOTSTRAP };
    create(backend, request);
  };
  for (const name of SYSTEM_NAMESPACES) {
    const labels = { 'kubernetes.io/metadata.name': name };
    make('namespaces', '', { metadata: { name, labels }, spec: {} });
  }
  for (const { name, value, description } of PRIORITIES) {
    const preemptionPolicy = 'PreemptLowerPriority';
    make('priorityclasses', '', { metadata: { name }, value, description, preemptionPolicy });
  }
  for (const { resource, namespace = '', body } of bootstrapPolicy()) {
    make(resource, namespace, body);
  }
  for (const name of SYSTEM_NAMESPACES) {
    make('serviceaccounts', name, { metadata: { name: 'default', namespace: name } });
  }
  make('services', 'default', {
    metadata: {
      name: 'kubernetes',
      namespace: 'default',
      labels: { component: 'apiserver', provider: 'kubernetes' },
    },
    spec: {
      clusterIP: backend.ranges.firstIp,
      ports: [{ name: 'https', port: HTTPS_PORT, protocol: 'TCP', targetPort: SERVER_PORT }],
    },
  });
}
