import type { Kernel } from '../../sim/kernel.ts';
import { infoOf, resourceByKind, type ResourceName } from '../api/resources.ts';
import { termsOf } from '../api/index-terms.ts';
import type { KubeObject } from '../apimachinery/object.ts';
import { Etcd, type Change } from '../etcd/etcd.ts';

/** Objects in etcd: their keys, versions and look-ups. */
export class RegistryStore {
  readonly #etcd: Etcd;

  constructor(kernel: Kernel, cluster: string) {
    this.#etcd = new Etcd(kernel, cluster, (value) => {
      const object = value as KubeObject;
      const info = resourceByKind(object.apiVersion, object.kind);
      return info ? termsOf(info.resource, object).map((t) => `${info.resource} ${t}`) : [];
    });
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
