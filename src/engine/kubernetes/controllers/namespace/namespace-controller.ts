import { SECOND } from '../../../sim/clock.ts';
import type { Kernel } from '../../../sim/kernel.ts';
import type { Condition, KubeObject } from '../../apimachinery/object.ts';
import type { Namespace } from '../../api/cluster-objects.ts';
import type { ApiDoor } from '../../api/requests.ts';
import { RESOURCES, type ResourceName } from '../../api/resources.ts';
import { Client } from '../../client/client.ts';
import { WorkQueue } from '../../client/work-queue.ts';
import { namespaceConditions, type Remaining } from './content.ts';

/**
 * Empties a namespace that is to go, then lets go of it
 * (pkg/controller/namespace/deletion/namespaced_resources_deleter.go, v1.36): Pods first, with
 * their grace; the rest when no Pod is left; the finalizer `kubernetes` last.
 */
const NAME = 'namespace-controller';

/** `namespaceDeletionGracePeriod`: so that every API server knows before anything is deleted. */
const SETTLE_MS = 5 * SECOND;
/** `finalizerEstimateSeconds`: how long something with finalizers is given. */
const FINALIZER_ESTIMATE_SECONDS = 15;
const FINALIZER = 'kubernetes';

const CONTENT: readonly ResourceName[] = RESOURCES.filter(
  ({ namespaced, verbs, resource }) =>
    namespaced && verbs.includes('deletecollection') && resource !== 'pods',
).map(({ resource }) => resource);

export class NamespaceController {
  readonly #kernel: Kernel;
  readonly #client: Client;
  readonly #queue: WorkQueue;

  constructor(kernel: Kernel, door: ApiDoor, cluster: string) {
    this.#kernel = kernel;
    this.#client = new Client(kernel, door, NAME);
    this.#queue = new WorkQueue(this.#client, `${NAME}/${cluster}`, (name) => this.#sync(name));
    this.#client.watch(
      'namespaces',
      'namespaces',
      ({ type, object, previous }) =>
        type !== 'DELETED' &&
        object.metadata.deletionTimestamp !== undefined &&
        previous?.metadata.deletionTimestamp === undefined,
      ({ object }) => this.#queue.add(object.metadata.name, SETTLE_MS),
    );
  }

  #sync(name: string): boolean {
    const namespace = this.#client.get('namespaces', '', name);
    if (!namespace?.metadata.deletionTimestamp) return true;
    if ((namespace.spec.finalizers ?? []).length === 0) return true;
    const pods = this.#empty(name, ['pods']);
    const left = pods.remaining.counts.size > 0 ? pods : this.#empty(name, CONTENT);
    this.#tell(name, left.remaining);
    if (left.remaining.errors.length > 0) return false;
    if (left.remaining.counts.size > 0) {
      const estimate = Math.floor(left.estimateSeconds / 2) + 1;
      this.#queue.add(name, estimate * SECOND);
      return true;
    }
    return this.#finalize(name);
  }

  /** Deletes all of some resources; says what is left, and for how long it was promised to be. */
  #empty(
    namespace: string,
    resources: readonly ResourceName[],
  ): { remaining: Remaining; estimateSeconds: number } {
    const counts = new Map<ResourceName, number>();
    const finalizers = new Map<string, number>();
    const errors: string[] = [];
    let estimateSeconds = 0;
    for (const resource of resources) {
      for (const object of [...this.#client.scan(resource, namespace)]) {
        if (object.metadata.deletionTimestamp) continue;
        const result = this.#client.delete(resource, object, {
          propagationPolicy: 'Background',
        });
        if (!result.ok && result.failure.reason !== 'NotFound') errors.push(result.failure.message);
      }
      let count = 0;
      for (const object of this.#client.scan(resource, namespace) as Iterable<KubeObject>) {
        count += 1;
        const { finalizers: held = [], deletionGracePeriodSeconds = 0 } = object.metadata;
        for (const one of held) finalizers.set(one, (finalizers.get(one) ?? 0) + 1);
        const seconds = held.length > 0 ? FINALIZER_ESTIMATE_SECONDS : deletionGracePeriodSeconds;
        estimateSeconds = Math.max(estimateSeconds, seconds);
      }
      if (count > 0) counts.set(resource, count);
    }
    return { remaining: { counts, finalizers, errors }, estimateSeconds };
  }

  #tell(name: string, remaining: Remaining): void {
    const namespace = this.#client.get('namespaces', '', name);
    if (!namespace) return;
    const status = namespace.status as Namespace['status'] & {
      readonly conditions?: readonly Condition[];
    };
    const known = status.conditions ?? [];
    const conditions = namespaceConditions(known, remaining, this.#kernel.now);
    if (conditions === known) return;
    this.#client.updateStatus('namespaces', {
      ...namespace,
      status: { ...status, conditions },
    });
  }

  #finalize(name: string): boolean {
    const namespace = this.#client.get('namespaces', '', name);
    if (!namespace) return true;
    const finalizers = (namespace.spec.finalizers ?? []).filter((one) => one !== FINALIZER);
    const result = this.#client.finalize({ ...namespace, spec: { ...namespace.spec, finalizers } });
    return result.ok || result.failure.reason === 'NotFound';
  }
}
