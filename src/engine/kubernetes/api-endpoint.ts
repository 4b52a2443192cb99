import type { Processes } from '../sim/processes.ts';
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
