import type { Kernel } from '../../../sim/kernel.ts';
import { sameValue } from '../../apimachinery/canonical-json.ts';
import type { Draft } from '../../apimachinery/object.ts';
import type { ConfigMap } from '../../api/config.ts';
import type { ApiDoor } from '../../api/requests.ts';
import { Client } from '../../client/client.ts';
import { WorkQueue } from '../../client/work-queue.ts';

/**
 * Every namespace has the cluster's certificate in a ConfigMap, for Pods to know the API server by
 * (pkg/controller/certificates/rootcacertpublisher/publisher.go, v1.36).
 *
 * Simplified: the certificate is a text of the usual form and proves nothing.
 */
const NAME = 'root-ca-certificate-publisher-controller';
const CONFIG_MAP = 'kube-root-ca.crt';
const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/';
const LINES = 16;
const ANNOTATIONS = {
  'kubernetes.io/description':
    'Contains a CA bundle that can be used to verify the kube-apiserver when using internal ' +
    'endpoints such as the internal service IP or kubernetes.default.svc. No other usage is ' +
    'guaranteed across distributions of Kubernetes clusters.',
};

/** The ConfigMap of a namespace; its content is the same in all of a cluster. */
export function rootCaMap(kernel: Kernel, cluster: string, namespace: string): Draft<ConfigMap> {
  const metadata = { name: CONFIG_MAP, namespace, annotations: ANNOTATIONS };
  const data = { 'ca.crt': certificate(kernel, cluster) };
  return { apiVersion: 'v1', kind: 'ConfigMap', metadata, data };
}

export class RootCaPublisher {
  readonly #client: Client;
  readonly #cluster: string;

  constructor(kernel: Kernel, door: ApiDoor, cluster: string) {
    this.#client = new Client(kernel, door, NAME);
    this.#cluster = cluster;
    const queue = new WorkQueue(this.#client, `${NAME}/${cluster}`, (name) => this.#sync(name));
    this.#client.watch(
      'namespaces',
      'namespaces',
      ({ type }) => type === 'ADDED',
      ({ object }) => queue.add(object.metadata.name),
    );
    this.#client.watch(
      'configmaps',
      'configmaps',
      ({ type, object }) => type !== 'ADDED' && object.metadata.name === CONFIG_MAP,
      ({ object }) => queue.add(object.metadata.namespace ?? ''),
    );
  }

  #sync(namespace: string): boolean {
    const home = this.#client.get('namespaces', '', namespace);
    if (!home || home.metadata.deletionTimestamp) return true;
    const wanted = rootCaMap(this.#client.kernel, this.#cluster, namespace);
    const known = this.#client.get('configmaps', namespace, CONFIG_MAP);
    if (!known) {
      const result = this.#client.create('configmaps', wanted);
      return result.ok || result.failure.reason === 'AlreadyExists';
    }
    const { data } = wanted;
    if (sameValue(known.data, data)) return true;
    return this.#client.update('configmaps', { ...known, ...(data && { data }) }).ok;
  }
}

/** Drawn once for a cluster. */
function certificate(kernel: Kernel, cluster: string): string {
  const draw = kernel.random('root-ca', cluster);
  const lines = Array.from({ length: LINES }, () => draw.text(64, ALPHABET));
  return ['-----BEGIN CERTIFICATE-----', ...lines, '-----END CERTIFICATE-----', ''].join('\n');
}
