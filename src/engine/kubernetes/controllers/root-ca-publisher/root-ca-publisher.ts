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
  constructor(kernel: Kernel, door: ApiDoor, cluster: string) {
    const client = new Client(kernel, door, NAME);
    const { data } = rootCaMap(kernel, cluster, '');
    const queue = new WorkQueue(client, `${NAME}/${cluster}`, (namespace) => {
      const home = client.get('namespaces', '', namespace);
      if (!home || home.metadata.deletionTimestamp) return true;
      const known = client.get('configmaps', namespace, CONFIG_MAP);
      if (known) {
        if (sameValue(known.data, data)) return true;
        return client.update('configmaps', { ...known, ...(data && { data }) }).ok;
      }
      const result = client.create('configmaps', rootCaMap(kernel, cluster, namespace));
      return result.ok || result.failure.reason === 'AlreadyExists';
    });
    client.watch(
      'namespaces',
      'namespaces',
      ({ type }) => type === 'ADDED',
      ({ object }) => queue.add(object.metadata.name),
    );
    client.watch(
      'configmaps',
      'configmaps',
      ({ type, object }) => type !== 'ADDED' && object.metadata.name === CONFIG_MAP,
      ({ object }) => queue.add(object.metadata.namespace ?? ''),
    );
  }
}

/** Drawn once for a cluster. */
function certificate(kernel: Kernel, cluster: string): string {
  const draw = kernel.random('root-ca', cluster);
  const lines = Array.from({ length: LINES }, () => draw.text(64, ALPHABET));
  return ['-----BEGIN CERTIFICATE-----', ...lines, '-----END CERTIFICATE-----', ''].join('\n');
}
