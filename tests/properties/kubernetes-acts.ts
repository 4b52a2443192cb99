import type { Client } from '../../src/engine/kubernetes/client/client.ts';
import type { WatchEvent } from '../../src/engine/kubernetes/api/requests.ts';
import type { Deployment, ReplicaSet } from '../../src/engine/kubernetes/api/workloads.ts';
import type { Pod } from '../../src/engine/kubernetes/api/pod.ts';
import { describeObject } from '../../src/engine/kubernetes/apimachinery/object.ts';
import type { Kernel } from '../../src/engine/sim/kernel.ts';
import { wrongDaemon } from './kubernetes-daemon-rule.ts';
import { Evictions } from './kubernetes-evictions.ts';
import { wrongChoice, wrongJob, wrongMember, wrongQuota, wrongResize } from './kubernetes-rules.ts';

/**
 * Looks over the shoulder of whoever takes something away of his own will, at the moment of the act
 * and with the cluster as it stands there: the rule of each is checked, and what breaks it noted.
 * It is told of writes as watchers are and wants none of them, so that the world is left as it is.
 */
export class Onlooker {
  readonly wrong: string[] = [];
  /** Writes seen, by who did them and to what. */
  writes = new Map<string, number>();
  readonly #kernel: Kernel;
  readonly #client: Client;
  readonly #evictions = new Evictions();

  constructor(client: Client, kernel: Kernel) {
    this.#kernel = kernel;
    this.#client = client;
    client.watch(
      'replicasets',
      'onlooker of sets',
      (event) => this.#see(event, this.#replicaSet),
      nothing,
    );
    client.watch('pods', 'onlooker of Pods', (event) => this.#see(event, this.#pod), nothing);
    client.watch(
      'poddisruptionbudgets',
      'onlooker of budgets',
      (event) => this.#see(event, (one) => this.#evictions.see(one)),
      nothing,
    );
    client.watch(
      'deployments',
      'onlooker of deployments',
      (event) => this.#see(event, this.#scaled),
      nothing,
    );
    for (const resource of [
      'statefulsets',
      'daemonsets',
      'jobs',
      'services',
      'endpointslices',
      'persistentvolumeclaims',
      'resourcequotas',
      'namespaces',
      'controllerrevisions',
    ] as const) {
      client.watch(
        resource,
        `onlooker of ${resource}`,
        (event) => this.#see(event, () => undefined),
        nothing,
      );
    }
  }

  /** Forgets the writes seen so far. */
  begin(): void {
    this.writes = new Map();
  }

  #see<T extends WatchEvent>(
    event: T,
    look: (event: T, actor: string) => string | undefined,
  ): false {
    const actor = this.#actor();
    const key = `${actor} ${event.type} ${describeObject(event.object)}`;
    this.writes.set(key, (this.writes.get(key) ?? 0) + 1);
    const wrong = look.call(this, event, actor);
    if (wrong !== undefined) this.wrong.push(`${wrong} (${actor}, at ${this.#kernel.now} ms)`);
    return false;
  }

  /** Who asked for the write: the request is what caused the store. */
  #actor(): string {
    const { trace, cause } = this.#kernel;
    return trace.get(trace.get(cause)?.cause ?? 0)?.actor ?? '';
  }

  #replicaSet(event: WatchEvent<ReplicaSet>, actor: string): string | undefined {
    return actor === 'deployment-controller' ? wrongResize(this.#client, event) : undefined;
  }

  #pod(event: WatchEvent<Pod>, actor: string): string | undefined {
    const { object, previous, type } = event;
    const moved = previous?.spec.nodeName && object.spec.nodeName !== previous.spec.nodeName;
    if (moved) return `${describeObject(object)} moved to another node`;
    if (type === 'ADDED') return this.#made(object, actor);
    const begins = object.metadata.deletionTimestamp && !previous?.metadata.deletionTimestamp;
    if (!previous || (!begins && type !== 'DELETED') || previous.metadata.deletionTimestamp) {
      return undefined;
    }
    if (this.#isEviction()) return this.#evictions.wrongWith(this.#client, previous);
    if (actor === 'statefulset-controller') return wrongMember(this.#client, previous);
    if (actor === 'daemonset-controller') return wrongDaemon(this.#client, previous);
    if (actor === 'replicaset-controller') return wrongChoice(this.#client, previous);
    return undefined;
  }

  #made(pod: Pod, actor: string): string | undefined {
    const tooMany = wrongQuota(this.#client, pod);
    return actor === 'job-controller' ? (wrongJob(this.#client, pod) ?? tooMany) : tooMany;
  }

  #isEviction(): boolean {
    const { trace, cause } = this.#kernel;
    return trace.get(trace.get(cause)?.cause ?? 0)?.detail?.subresource === 'eviction';
  }

  /** An autoscaler stays within its bounds. */
  #scaled({ object, previous }: WatchEvent<Deployment>, actor: string): string | undefined {
    const { namespace = '', name } = object.metadata;
    const { replicas } = object.spec;
    if (actor !== 'horizontal-pod-autoscaler' || previous?.spec.replicas === replicas) {
      return undefined;
    }
    const isFine = [...this.#client.scan('horizontalpodautoscalers', namespace)].some(
      ({ spec: { scaleTargetRef, minReplicas = 1, maxReplicas } }) =>
        scaleTargetRef.name === name && replicas >= minReplicas && replicas <= maxReplicas,
    );
    return isFine ? undefined : `${describeObject(object)} is scaled to ${replicas}`;
  }
}

const nothing = (): void => undefined;
