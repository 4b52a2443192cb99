import type { Kernel } from '../../sim/kernel.ts';
import type { ApiDoor } from '../api/requests.ts';
import { Client } from '../client/client.ts';

/**
 * The cluster's names (kubernetes/dns docs/specification.md, schema 1.1.0): a Service is
 * `NAME.NAMESPACE.svc.cluster.local`; a Pod may leave out what its search path adds.
 *
 * Simplified: addresses of Services with a cluster IP only; answers are never cached.
 */
const DOMAIN = 'cluster.local';

/** What a Pod's resolver tries for a name, in order (`ndots:5`). */
export function searchNames(name: string, namespace: string): string[] {
  if (name.endsWith('.')) return [name.slice(0, -1)];
  const suffixes = [`${namespace}.svc.${DOMAIN}`, `svc.${DOMAIN}`, DOMAIN];
  const searched = suffixes.map((suffix) => `${name}.${suffix}`);
  const dots = name.split('.').length - 1;
  return dots >= 5 ? [name, ...searched] : [...searched, name];
}

export class ClusterDns {
  readonly #client: Client;

  constructor(kernel: Kernel, door: ApiDoor) {
    this.#client = new Client(kernel, door, 'coredns');
  }

  /** The address for a name asked in a namespace; undefined when there is none (NXDOMAIN). */
  resolve(name: string, namespace: string): string | undefined {
    for (const full of searchNames(name, namespace)) {
      const [service = '', itsNamespace = '', svc, ...rest] = full.split('.');
      if (svc !== 'svc' || rest.join('.') !== DOMAIN) continue;
      const ip = this.#client.get('services', itsNamespace, service)?.spec.clusterIP;
      if (ip && ip !== 'None') return ip;
    }
    return undefined;
  }
}
