import type { Kernel } from '../../../sim/kernel.ts';
import type { Table } from '../../../sim/store.ts';
import type { Node } from '../../api/cluster-objects.ts';
import { activeTerm } from '../../api/index-terms.ts';
import { isPodActive, isPodReady, type Pod } from '../../api/pod.ts';
import type { ApiDoor, WatchEvent } from '../../api/requests.ts';
import type { DaemonSet } from '../../api/workloads.ts';
import { Client } from '../../client/client.ts';
import { EventRecorder } from '../../client/event-recorder.ts';
import { syncDelayMs, WorkQueue } from '../../client/work-queue.ts';
import { sameValue } from '../../apimachinery/canonical-json.ts';
import { controllerOf, keyOf, splitKey } from '../../apimachinery/object.ts';
import { nextAvailableInMs } from '../availability.ts';
import { claimPods } from '../claim.ts';
import { isNamespaceTerminating, PodControl } from '../pod-control.ts';
import { slowStart } from '../slow-start.ts';
import { daemonPod } from './daemon-pod.ts';
import { planNodes, type Plan } from './manage.ts';
import { nodeShouldRun } from './node-should-run.ts';
import { podsByNode, statusOf } from './nodes.ts';
import { cleanUpHistory, constructHistory, hashOf } from './revisions.ts';
import { hasOldPods, planRollingUpdate, type RollingView } from './rolling.ts';

/**
 * DaemonSet -> one Pod on every node that it chooses (pkg/controller/daemon, v1.36). It names the
 * node in the Pod's affinity; the scheduler binds it.
 */
const NAME = 'daemonset-controller';

/** At most so many Pods are made, and so many deleted, in one go (`BurstReplicas`). */
const BURST = 250;

/** A daemon Pod that fails is made anew after 1 s, doubled up to 15 min. */
const FIRST_BACKOFF_MS = 1000;
const LAST_BACKOFF_MS = 900_000;

interface Backoff {
  readonly delayMs: number;
  readonly sinceMs: number;
}

export class DaemonSetController {
  readonly #kernel: Kernel;
  readonly #client: Client;
  readonly #events: EventRecorder;
  readonly #pods: PodControl;
  readonly #queue: WorkQueue;
  /** By set and node: when a failed Pod was last taken away. */
  readonly #backoffs: Table<string, Backoff>;

  constructor(kernel: Kernel, door: ApiDoor, cluster: string) {
    this.#kernel = kernel;
    this.#client = new Client(kernel, door, NAME);
    this.#events = new EventRecorder(this.#client, NAME);
    this.#pods = new PodControl(this.#client, this.#events);
    this.#queue = new WorkQueue(this.#client, `${NAME}/${cluster}`, (key) => this.#sync(key));
    this.#backoffs = kernel.store.table<Backoff>(`${NAME}/${cluster}/backoffs`);
    this.#watch();
  }

  #watch(): void {
    this.#client.watch(
      'daemonsets',
      'daemonsets',
      ({ object, previous }) =>
        object.metadata.generation !== previous?.metadata.generation ||
        object.metadata.deletionTimestamp !== previous?.metadata.deletionTimestamp,
      ({ type, object }) => {
        if (type === 'DELETED') this.#forget(object);
        else this.#queue.add(keyOf(object));
      },
    );
    this.#client.watch('pods', 'pods', concerns, ({ object, previous }) => {
      for (const pod of previous ? [object, previous] : [object]) {
        const owner = controllerOf(pod);
        if (owner?.kind !== 'DaemonSet') continue;
        const pods = this.#client.countByIndex('pods', activeTerm(owner.uid));
        this.#queue.add(`${object.metadata.namespace ?? ''}/${owner.name}`, syncDelayMs(pods));
      }
    });
    this.#client.watch('nodes', 'nodes', nodeMatters, (event) => this.#enqueueForNode(event));
  }

  /** Looks at the sets that want a Pod on a node, or no longer want one. */
  #enqueueForNode({ type, object, previous }: WatchEvent<Node>): void {
    for (const set of this.#client.scan('daemonsets')) {
      const now = nodeShouldRun(object, set);
      const before = previous && type === 'MODIFIED' ? nodeShouldRun(previous, set) : undefined;
      if (before ? !sameValue(before, now) : now.shouldRun) this.#queue.add(keyOf(set));
    }
  }

  #forget({ metadata }: DaemonSet): void {
    const own = [...this.#backoffs.withPrefix(`${metadata.uid} `)];
    for (const [key] of own) this.#backoffs.delete(key);
  }

  #sync(key: string): boolean {
    const { namespace, name } = splitKey(key);
    const set = this.#client.get('daemonsets', namespace, name);
    if (!set || set.metadata.deletionTimestamp) return true;
    const history = constructHistory(this.#client, set);
    if (!history) return false;
    const hash = hashOf(history.current);
    const nodes = new Map(
      [...this.#client.scan('nodes')].map((node) => [node.metadata.name, node]),
    );
    const pods = claimPods(this.#client, { owner: set, selector: set.spec.selector });
    const view = { set, nodes, byNode: podsByNode(pods), hash, nowMs: this.#kernel.now };
    const plan = this.#plan(view);
    const idle = plan.create.length + plan.remove.length === 0;
    const done = idle || this.#carryOut(set, plan, hash);
    if (done) cleanUpHistory(this.#client, set, history.old, pods);
    const present = idle ? pods : this.#client.ownedBy('pods', set.metadata.uid);
    const after = idle ? view : { ...view, byNode: podsByNode(present) };
    return this.#report(after, present, history.collisions) && done;
  }

  /** Which nodes to fill and to clear; when there is nothing to do there, how to update. */
  #plan(view: RollingView): Pick<Plan, 'create' | 'remove'> {
    const { set, nodes, byNode, hash, nowMs } = view;
    const held = (node: string): boolean => this.#isHeld(set, node);
    const plan = planNodes(set, nodes.values(), byNode, { hash, nowMs, held });
    this.#tellEnded(set, plan);
    const idle = plan.create.length + plan.remove.length === 0;
    const updates = set.spec.updateStrategy.type !== 'OnDelete' && hasOldPods(view);
    return idle && updates ? planRollingUpdate(view) : plan;
  }

  #carryOut(
    set: DaemonSet,
    { create, remove }: Pick<Plan, 'create' | 'remove'>,
    hash: string,
  ): boolean {
    let failed = false;
    const nodes = create.slice(0, BURST);
    slowStart(nodes.length, 1, (i) => {
      const result = this.#pods.create(
        set,
        set.spec.template,
        daemonPod(set, hash, nodes[i] ?? ''),
      );
      if (result.ok || isNamespaceTerminating(result.failure)) return true;
      failed = true;
      return false;
    });
    for (const pod of remove.slice(0, BURST)) {
      if (this.#pods.delete(set, pod)) failed = true;
    }
    if (create.length > BURST || remove.length > BURST) this.#queue.add(keyOf(set));
    return !failed;
  }

  /** Whether a failed Pod on a node must wait; if so the set is looked at when it need not. */
  #isHeld(set: DaemonSet, node: string): boolean {
    const backoff = this.#backoffs.get(backoffKey(set, node));
    const waitMs = backoff ? backoff.sinceMs + backoff.delayMs - this.#kernel.now : 0;
    if (waitMs > 0) this.#queue.add(keyOf(set), waitMs);
    return waitMs > 0;
  }

  #tellEnded(set: DaemonSet, { ended }: Plan): void {
    for (const { pod, node } of ended) {
      const failed = pod.status.phase === 'Failed';
      const what = `${failed ? 'failed' : 'succeeded'} daemon pod ${keyOf(pod)} on node ${node}`;
      const message = `Found ${what}, will try to ${failed ? 'kill' : 'delete'} it`;
      const reason = failed ? 'FailedDaemonPod' : 'SucceededDaemonPod';
      this.#events.tell(set, { type: failed ? 'Warning' : 'Normal', reason, message });
      if (failed) this.#backOff(backoffKey(set, node));
    }
  }

  #backOff(key: string): void {
    const nowMs = this.#kernel.now;
    const known = this.#backoffs.get(key);
    const expired = known && nowMs - known.sinceMs > 2 * LAST_BACKOFF_MS;
    const delayMs =
      known && !expired ? Math.min(known.delayMs * 2, LAST_BACKOFF_MS) : FIRST_BACKOFF_MS;
    this.#backoffs.set(key, { delayMs, sinceMs: nowMs });
  }

  #report(view: RollingView, pods: readonly Pod[], collisions: number): boolean {
    const { namespace = '', name } = view.set.metadata;
    const set = this.#client.get('daemonsets', namespace, name);
    if (!set) return true;
    const { nodes, byNode, hash, nowMs } = view;
    const counted = statusOf(set, nodes.values(), byNode, hash, nowMs);
    const status = collisions > 0 ? { ...counted, collisionCount: collisions } : counted;
    const waitMs = nextAvailableInMs(pods, set.spec.minReadySeconds, nowMs);
    if (waitMs !== undefined) this.#queue.add(keyOf(set), waitMs);
    if (sameValue(status, set.status)) return true;
    return this.#client.updateStatus('daemonsets', { ...set, status }).ok;
  }
}

const backoffKey = ({ metadata }: DaemonSet, node: string): string => `${metadata.uid} ${node}`;

const isDaemon = (pod: Pod): boolean => controllerOf(pod)?.kind === 'DaemonSet';

/** A daemon Pod came, went, was placed, ended, or became ready or not. */
function concerns({ type, object, previous }: WatchEvent<Pod>): boolean {
  if (!isDaemon(object) && !(previous && isDaemon(previous))) return false;
  if (type !== 'MODIFIED' || !previous) return true;
  return (
    isPodReady(object) !== isPodReady(previous) ||
    isPodActive(object) !== isPodActive(previous) ||
    !sameValue(object.metadata.labels, previous.metadata.labels) ||
    !sameValue(object.metadata.ownerReferences, previous.metadata.ownerReferences)
  );
}

/** What of a node decides whether a set wants it: not what its kubelet says every few seconds. */
function nodeMatters({ type, object, previous }: WatchEvent<Node>): boolean {
  if (type !== 'MODIFIED' || !previous) return true;
  return (
    !sameValue(object.spec.taints, previous.spec.taints) ||
    !sameValue(object.metadata.labels, previous.metadata.labels)
  );
}
