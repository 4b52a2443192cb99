import { rfc3339Nano } from '../../sim/clock.ts';
import type { Table } from '../../sim/store.ts';
import type { Pod, PodSpec } from '../api/pod.ts';
import type { Labels } from '../apimachinery/object.ts';
import type { Client } from '../client/client.ts';
import type { PodTable } from './pod-table.ts';

/**
 * Pods that a kubelet has from a file of its node (pkg/kubelet/config/{file,common}.go,
 * pkg/kubelet/pod/mirror_client.go, v1.36): the API gets a mirror of each, named for the node, and
 * a new one whenever that is deleted.
 *
 * Simplified: what runs is what the mirror says, so that its containers end with it.
 */
export interface StaticPod {
  /** Without the node: `kube-apiserver`. */
  readonly name: string;
  readonly namespace: string;
  readonly labels?: Labels;
  readonly annotations?: Labels;
  readonly spec: PodSpec;
}

interface StaticRow extends StaticPod {
  readonly node: string;
  readonly hash: string;
}

export const MIRROR = 'kubernetes.io/config.mirror';
const HASH_DIGITS = 32;

export class StaticPods {
  readonly #pods: PodTable;
  readonly #rows: Table<string, StaticRow>;

  constructor(pods: PodTable, client: Client) {
    this.#pods = pods;
    this.#rows = pods.world.kernel.store.table<StaticRow>(`${pods.name}/static`);
    client.watch(
      'pods',
      'mirrors',
      ({ type, object }) => type === 'DELETED' && this.#rowOf(object) !== undefined,
      ({ object }) => {
        const row = this.#rowOf(object);
        if (row && !pods.world.isSilent(row.node)) this.#mirror(row);
      },
      ({ object }) => `kubelet/${object.spec.nodeName ?? ''}`,
    );
  }

  /** Puts a manifest into the directory that a node's kubelet watches. */
  add(node: string, pod: StaticPod): void {
    const { kernel } = this.#pods.world;
    const random = kernel.random('kubelet', 'static', node, pod.name);
    const row = { ...pod, node, hash: random.text(HASH_DIGITS, '0123456789abcdef') };
    this.#rows.set(keyOf(row), row);
    this.#mirror(row);
  }

  /** Takes the manifest away: the kubelet stops the Pod and removes its mirror. */
  remove(node: string, namespace: string, name: string): void {
    const key = `${node}/${namespace}/${name}-${node}`;
    if (!this.#rows.delete(key)) return;
    const client = this.#pods.reports.client(node);
    const mirror = client.get('pods', namespace, `${name}-${node}`);
    if (mirror) client.delete('pods', mirror);
  }

  /** A kubelet that starts makes the mirrors that are missing. */
  ensure(node: string): void {
    const client = this.#pods.reports.client(node);
    for (const [, row] of this.#rows.withPrefix(`${node}/`)) {
      if (!client.get('pods', row.namespace, nameOf(row))) this.#mirror(row);
    }
  }

  #rowOf({ metadata, spec }: Pod): StaticRow | undefined {
    const hash = metadata.annotations?.[MIRROR];
    if (hash === undefined) return undefined;
    const { namespace = '', name } = metadata;
    const row = this.#rows.get(`${spec.nodeName ?? ''}/${namespace}/${name}`);
    return row?.hash === hash ? row : undefined;
  }

  #mirror(row: StaticRow): void {
    const { node, namespace, labels, annotations, spec, hash } = row;
    const { kernel } = this.#pods.world;
    const client = this.#pods.reports.client(node);
    const owner = client.get('nodes', '', node);
    if (!owner) return;
    const { uid } = owner.metadata;
    client.create('pods', {
      apiVersion: 'v1',
      kind: 'Pod',
      metadata: {
        name: nameOf(row),
        namespace,
        ...(labels && { labels }),
        annotations: {
          ...annotations,
          'kubernetes.io/config.hash': hash,
          [MIRROR]: hash,
          'kubernetes.io/config.seen': rfc3339Nano(kernel.now),
          'kubernetes.io/config.source': 'file',
        },
        ownerReferences: [{ apiVersion: 'v1', kind: 'Node', name: node, uid, controller: true }],
      },
      spec: {
        ...spec,
        nodeName: node,
        enableServiceLinks: true,
        tolerations: [{ operator: 'Exists', effect: 'NoExecute' }],
      },
    });
  }
}

const nameOf = ({ name, node }: StaticRow): string => `${name}-${node}`;
const keyOf = (row: StaticRow): string => `${row.node}/${row.namespace}/${nameOf(row)}`;
