import { assert } from '../../sim/assert.ts';
import type { Kernel } from '../../sim/kernel.ts';
import { infoOf, resourceByKind, type ResourceName } from '../api/resources.ts';
import { termsOf } from '../api/index-terms.ts';
import type { KubeObject } from '../apimachinery/object.ts';
import { Etcd, type Change } from '../etcd/etcd.ts';

/** Kinds of which a namespace, or the cluster, has few, and which many writes ask for. */
const FEW: ReadonlySet<ResourceName> = new Set([
  'limitranges',
  'resourcequotas',
  'poddisruptionbudgets',
  'priorityclasses',
  'storageclasses',
  'ingressclasses',
  'rolebindings',
  'clusterrolebindings',
]);

const fewTerm = (namespace: string): string => `in:${namespace}`;

/** Objects in etcd: their keys, versions and look-ups. */
export class RegistryStore {
  readonly #etcd: Etcd;

  constructor(kernel: Kernel, cluster: string, agree?: (key: string, revision: number) => void) {
    const termsOfValue = (value: object): readonly string[] => {
      const object = value as KubeObject;
      const info = resourceByKind(object.apiVersion, object.kind);
      if (!info) return [];
      const { resource } = info;
      const terms = termsOf(resource, object).map((term) => `${resource} ${term}`);
      if (!FEW.has(resource)) return terms;
      return [...terms, `${resource} ${fewTerm(object.metadata.namespace ?? '')}`];
    };
    this.#etcd = new Etcd(kernel, cluster, termsOfValue, agree);
  }

  get revision(): number {
    return this.#etcd.revision;
  }

  get oldestRevision(): number {
    return this.#etcd.oldestRevision;
  }

  get(resource: ResourceName, namespace: string, name: string): KubeObject | undefined {
    return this.#etcd.get(storageKey(resource, namespace, name))?.value as KubeObject | undefined;
  }

  *list(resource: ResourceName, namespace: string): Generator<KubeObject, void> {
    const prefix = namespace ? `/registry/${resource}/${namespace}/` : `/registry/${resource}/`;
    for (const [, entry] of this.#etcd.range(prefix)) yield entry.value as KubeObject;
  }

  byIndex(resource: ResourceName, term: string): KubeObject[] {
    return this.#etcd.byTerm(`${resource} ${term}`).map((entry) => entry.value as KubeObject);
  }

  /** All of a kind of which there are few, in a namespace or of the cluster (`''`). */
  inNamespace(resource: ResourceName, namespace: string): KubeObject[] {
    assert(FEW.has(resource), `${resource} are too many to go through`);
    return this.byIndex(resource, fewTerm(namespace));
  }

  countByIndex(resource: ResourceName, term: string): number {
    return this.#etcd.countByTerm(`${resource} ${term}`);
  }

  put(resource: ResourceName, object: KubeObject): KubeObject {
    const { namespace = '', name } = object.metadata;
    return this.#etcd.put(storageKey(resource, namespace, name), (revision) =>
      withVersion(object, revision),
    );
  }

  /** Removes an object; gives it as it was, with the version of its removal. */
  delete(resource: ResourceName, object: KubeObject): KubeObject {
    const { namespace = '', name } = object.metadata;
    let last = object;
    this.#etcd.delete(storageKey(resource, namespace, name), (revision) => {
      last = withVersion(object, revision);
      return last;
    });
    return last;
  }

  /** Changes of one resource after a revision, oldest first. */
  *changesAfter(resource: ResourceName, revision: number): Generator<Change, void> {
    const prefix = `/registry/${resource}/`;
    for (const change of this.#etcd.changesAfter(revision)) {
      if (change.key.startsWith(prefix)) yield change;
    }
  }
}

function storageKey(resource: ResourceName, namespace: string, name: string): string {
  return infoOf(resource).namespaced
    ? `/registry/${resource}/${namespace}/${name}`
    : `/registry/${resource}/${name}`;
}

function withVersion(object: KubeObject, revision: number): KubeObject {
  return { ...object, metadata: { ...object.metadata, resourceVersion: String(revision) } };
}
