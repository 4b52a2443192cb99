import type { Client } from '../../src/engine/kubernetes/client/client.ts';
import type { WatchEvent } from '../../src/engine/kubernetes/api/requests.ts';
import type {
  ReplicaSet,
  StatefulSet,
  Deployment,
} from '../../src/engine/kubernetes/api/workloads.ts';
import { isPodReady, type Pod } from '../../src/engine/kubernetes/api/pod.ts';
import type { PodDisruptionBudget } from '../../src/engine/kubernetes/api/policy.ts';
import { controllerOf, describeObject } from '../../src/engine/kubernetes/apimachinery/object.ts';
import type { Kernel } from '../../src/engine/sim/kernel.ts';

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
      (event) => this.#see(event, this.#budget),
      nothing,
    );
    for (const resource of [
      'deployments',
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

  /**
   * A rollout takes away no more than leaves `replicas - maxUnavailable` available, by what the
   * ReplicaSets say of themselves; one that stands below already takes no more of them
   * (pkg/controller/deployment/rolling.go, v1.36). Scaling as such keeps proportions only.
   */
  #replicaSet({ object, previous }: WatchEvent<ReplicaSet>, actor: string): string | undefined {
    if (actor !== 'deployment-controller' || !previous) return undefined;
    const [before, after] = [previous.spec.replicas ?? 1, object.spec.replicas ?? 1];
    const owner = controllerOf(object);
    if (after >= before || !owner) return undefined;
    const { namespace = '' } = object.metadata;
    const deployment = this.#client.get('deployments', namespace, owner.name);
    if (!deployment || deployment.spec.strategy?.type === 'Recreate') return undefined;
    const sets = this.#client.ownedBy('replicasets', deployment.metadata.uid);
    const others = sets.filter(({ metadata }) => metadata.uid !== object.metadata.uid);
    const wanted = deployment.spec.replicas ?? 1;
    if ([...others, previous].some((set) => isResized(set, wanted))) return undefined;
    const sum = others.reduce((all, set) => all + standing(set), 0);
    const left = sum + standing({ ...previous, spec: object.spec });
    const had = sum + standing(previous);
    const least = Math.min(had, wanted - maxUnavailableOf(deployment));
    return left < least
      ? `${describeObject(object)} ${before}->${after} leaves ${left} available of ${least}`
      : undefined;
  }

  #pod({ object, previous }: WatchEvent<Pod>, actor: string): string | undefined {
    const begins = object.metadata.deletionTimestamp && !previous?.metadata.deletionTimestamp;
    const moved = previous?.spec.nodeName && object.spec.nodeName !== previous.spec.nodeName;
    if (moved) return `${describeObject(object)} moved to another node`;
    if (!begins || !previous || !isPodReady(previous)) return undefined;
    if (actor === 'statefulset-controller') return this.#orderly(object);
    return undefined;
  }

  /** In order, one Pod after the other: none goes while another is on its way out. */
  #orderly(pod: Pod): string | undefined {
    const owner = controllerOf(pod);
    const { namespace = '', name } = pod.metadata;
    const set: StatefulSet | undefined =
      owner && this.#client.get('statefulsets', namespace, owner.name);
    if (!set || set.metadata.uid !== owner?.uid || set.spec.podManagementPolicy === 'Parallel')
      return undefined;
    const going = this.#client
      .ownedBy('pods', set.metadata.uid)
      .filter(({ metadata }) => metadata.deletionTimestamp && metadata.name !== name);
    return going.length > 0
      ? `${describeObject(pod)} goes while ${going[0]?.metadata.name} does`
      : undefined;
  }

  /** Nobody spends more of a budget than its controller allowed. */
  #budget({ object }: WatchEvent<PodDisruptionBudget>): string | undefined {
    const { disruptionsAllowed } = object.status;
    return disruptionsAllowed < 0
      ? `${describeObject(object)} allows ${disruptionsAllowed}`
      : undefined;
  }
}

const nothing = (): void => undefined;

const standing = ({ spec, status }: ReplicaSet): number =>
  Math.min(spec.replicas ?? 1, status?.availableReplicas ?? 0);

/** Its Deployment was given another size that has not been shared out yet. */
const isResized = ({ metadata, spec }: ReplicaSet, wanted: number): boolean =>
  (spec.replicas ?? 1) > 0 &&
  metadata.annotations?.['deployment.kubernetes.io/desired-replicas'] !== String(wanted);

/** Percentages are rounded down; with no surge either, one may be missing. */
function maxUnavailableOf({ spec }: Deployment): number {
  const { maxUnavailable = '25%', maxSurge = '25%' } = spec.strategy?.rollingUpdate ?? {};
  const wanted = spec.replicas ?? 1;
  const share = (value: number | string): number =>
    typeof value === 'number' ? value : (wanted * Number.parseInt(value, 10)) / 100;
  const missing = Math.floor(share(maxUnavailable));
  return missing === 0 && Math.ceil(share(maxSurge)) === 0 ? 1 : missing;
}
