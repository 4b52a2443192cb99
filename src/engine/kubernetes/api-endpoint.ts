import type { Processes } from '../sim/processes.ts';
import { SERVICE_NAME, type EndpointSlice } from './api/cluster-objects.ts';
import type { Client } from './client/client.ts';
import type { Unreachable } from './control-plane.ts';

/**
 * Where API servers listen: how a client on a machine gets from the address in its kubeconfig to a
 * cluster, or does not.
 */
export const DOOR_SERVICE = 'kubernetes/door';

export interface DoorRequest {
  /** The machine it is asked from. */
  readonly machine: string;
  /** As the kubeconfig says: `https://192.168.10.10:6443`. */
  readonly server: string;
}

export type DoorAnswer =
  | { readonly ok: true; readonly cluster: string }
  /** Refused: nobody listens there. Otherwise nobody answers until the client gives up. */
  | { readonly ok: false; readonly refused: boolean };

/** A cluster, as far as getting to it is concerned. */
export interface Endpoint {
  readonly cluster: string;
  readonly server: string;
  readonly unreachable: (machine: string) => Unreachable | undefined;
}

/** Opens the doors of a world's clusters. */
export function serveEndpoints(processes: Processes, endpoints: readonly Endpoint[]): void {
  processes.service<DoorRequest>(DOOR_SERVICE, ({ machine, server }): DoorAnswer => {
    const found = endpoints.find((endpoint) => endpoint.server === server.replace(/\/$/, ''));
    if (!found) return { ok: false, refused: true };
    const why = found.unreachable(machine);
    // An API server whose etcd does not answer still listens.
    if (why === undefined || why === 'no-quorum') return { ok: true, cluster: found.cluster };
    return { ok: false, refused: why === 'refused' };
  });
}

/**
 * Adds an API server to the endpoints of the Service `kubernetes`
 * (pkg/controlplane/reconcilers/endpointsadapter.go, v1.36).
 *
 * Simplified: an API server that stopped keeps its endpoint; in life its lease runs out.
 */
export function addApiAddress(client: Client, ip: string, server: string): void {
  const name = 'kubernetes';
  const port = Number(server.slice(server.lastIndexOf(':') + 1));
  // Upstream leaves the other conditions out, which then follow `ready`.
  const conditions = { ready: true } as EndpointSlice['endpoints'][number]['conditions'];
  const endpoint = { addresses: [ip], conditions };
  const known = client.get('endpointslices', 'default', name);
  if (known) {
    client.update('endpointslices', { ...known, endpoints: [...known.endpoints, endpoint] });
    return;
  }
  client.create('endpointslices', {
    ...{ apiVersion: 'discovery.k8s.io/v1', kind: 'EndpointSlice' },
    metadata: { name, namespace: 'default', labels: { [SERVICE_NAME]: name } },
    ...{ addressType: 'IPv4', endpoints: [endpoint] },
    ports: [{ name: 'https', port, protocol: 'TCP' }],
  });
}

/**
 * What `kubeadm init` writes to /etc/kubernetes/admin.conf
 * (cmd/kubeadm/app/util/kubeconfig/kubeconfig.go, v1.36).
 *
 * Simplified: certificate and key are stand-ins; nobody checks them.
 */
export function adminKubeconfig(server: string): string {
  return `apiVersion: v1
clusters:
- cluster:
    certificate-authority-data: c3RhbmQtaW4gZm9yIHRoZSBjbHVzdGVyJ3MgQ0E=
    server: ${server}
  name: kubernetes
contexts:
- context:
    cluster: kubernetes
    user: kubernetes-admin
  name: kubernetes-admin@kubernetes
current-context: kubernetes-admin@kubernetes
kind: Config
preferences: {}
users:
- name: kubernetes-admin
  user:
    client-certificate-data: c3RhbmQtaW4gZm9yIGEgY2VydGlmaWNhdGU=
    client-key-data: c3RhbmQtaW4gZm9yIGEga2V5
`;
}
