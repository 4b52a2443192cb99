import type { EventType, Kernel } from '../sim/kernel.ts';
import { sameValue } from './apimachinery/canonical-json.ts';
import { SERVICE_NAME, type EndpointSlice } from './api/cluster-objects.ts';
import type { Client } from './client/client.ts';

/**
 * The endpoints of the Service `kubernetes`: the API servers that renew their leases
 * (pkg/controlplane/reconcilers/lease.go, v1.36). One that is gone is left out when its lease has
 * run out.
 *
 * Simplified: the leases are not kept; of several servers those that run are looked at a lease's
 * time after something changed. A single server is never left out.
 */
const LEASE_MS = 15_000;
const SERVICE = 'kubernetes';
/** As `server` has it when nothing else is said. */
const SERVER_PORT = 6443;

export class ApiEndpoints {
  readonly #client: Client;
  readonly #serving: () => readonly string[];
  readonly #due: EventType<object>;

  /** @param serving the addresses of those that answer now */
  constructor(kernel: Kernel, client: Client, cluster: string, serving: () => readonly string[]) {
    this.#client = client;
    this.#serving = serving;
    this.#due = kernel.event(`apiserver/${cluster}/endpoints`, () => this.#look());
  }

  /** An API server came for the first time. */
  add(ip: string): void {
    const known = this.#client.get('endpointslices', 'default', SERVICE);
    this.#write([...(known?.endpoints ?? []).flatMap(({ addresses }) => addresses), ip]);
  }

  /** A server, or a machine, went or came back. */
  changed(): void {
    this.#due.after(LEASE_MS, {});
  }

  #look(): void {
    const serving = this.#serving();
    if (serving.length > 0) this.#write(serving);
  }

  #write(ips: readonly string[]): void {
    // Upstream leaves the other conditions out, which then follow `ready`.
    const conditions = { ready: true } as EndpointSlice['endpoints'][number]['conditions'];
    const endpoints = ips.map((ip) => ({ addresses: [ip], conditions }));
    const known = this.#client.get('endpointslices', 'default', SERVICE);
    if (known) {
      if (sameValue(known.endpoints, endpoints)) return;
      this.#client.update('endpointslices', { ...known, endpoints });
      return;
    }
    this.#client.create('endpointslices', {
      ...{ apiVersion: 'discovery.k8s.io/v1', kind: 'EndpointSlice' },
      metadata: { name: SERVICE, namespace: 'default', labels: { [SERVICE_NAME]: SERVICE } },
      ...{ addressType: 'IPv4', endpoints },
      ports: [{ name: 'https', port: SERVER_PORT, protocol: 'TCP' }],
    });
  }
}
