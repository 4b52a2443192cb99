import { rfc3339, SECOND } from '../../../sim/clock.ts';
import type { EventType, Kernel, Ticket } from '../../../sim/kernel.ts';
import type { Table } from '../../../sim/store.ts';
import type { Node, Taint } from '../../api/cluster-objects.ts';
import { nodeTerm } from '../../api/index-terms.ts';
import type { Pod, Toleration } from '../../api/pod.ts';
import type { ApiDoor, WatchEvent } from '../../api/requests.ts';
import { matchingTolerations } from '../../api/tolerations.ts';
import { Client } from '../../client/client.ts';
import { EventRecorder } from '../../client/event-recorder.ts';
import { sameValue } from '../../apimachinery/canonical-json.ts';
import { keyOf, setCondition, splitKey } from '../../apimachinery/object.ts';

/**
 * Deletes Pods from nodes with NoExecute taints (pkg/controller/tainteviction/taint_eviction.go,
 * v1.36): at once those that do not tolerate the taint, the others when the shortest of their
 * `tolerationSeconds` is over; never those that tolerate it for ever. A taint that goes calls the
 * deletion off.
 */
const NAME = 'taint-eviction-controller';

/** A Pod that is to be deleted. */
interface Eviction {
  readonly uid: string;
  readonly sinceMs: number;
  readonly ticket: Ticket;
}

export class TaintEvictionController {
  readonly #kernel: Kernel;
  readonly #client: Client;
  readonly #events: EventRecorder;
  readonly #evictions: Table<string, Eviction>;
  readonly #due: EventType<{ key: string }>;

  constructor(kernel: Kernel, door: ApiDoor, cluster: string) {
    this.#kernel = kernel;
    this.#client = new Client(kernel, door, NAME);
    this.#events = new EventRecorder(this.#client, NAME);
    this.#evictions = kernel.store.table<Eviction>(`${NAME}/${cluster}/evictions`);
    this.#due = kernel.event(`${NAME}/${cluster}/due`, ({ key }) => this.#evict(key));
    this.#client.onStart(() => {
      // What came due meanwhile is done now; what has not is still planned.
      for (const [key, { ticket }] of [...this.#evictions.entries()]) {
        if (ticket.timeMs <= kernel.now) this.#due.after(0, { key });
      }
    });
    this.#client.watch('nodes', 'nodes', isTaintNews, ({ object }) => {
      for (const pod of this.#client.byIndex('pods', nodeTerm(object.metadata.name))) {
        this.#judge(pod);
      }
    });
    this.#client.watch(
      'pods',
      'pods',
      (event) => this.#concerns(event),
      ({ type, object }) => (type === 'DELETED' ? this.#cancel(object) : this.#judge(object)),
    );
  }

  /** Of Pods on nodes without such taints there is nothing to say. */
  #concerns({ type, object, previous }: WatchEvent<Pod>): boolean {
    if (type === 'DELETED') return this.#evictions.has(keyOf(object));
    const { spec } = object;
    const isNew =
      spec !== previous?.spec &&
      (spec.nodeName !== previous?.spec.nodeName ||
        !sameValue(spec.tolerations, previous?.spec.tolerations));
    return isNew && this.#taintsOf(object).length > 0;
  }

  #taintsOf({ spec }: Pod): Taint[] {
    return spec.nodeName ? noExecute(this.#client.get('nodes', '', spec.nodeName)) : [];
  }

  #judge(pod: Pod): void {
    const taints = this.#taintsOf(pod);
    if (taints.length === 0) return this.#cancel(pod);
    const used = matchingTolerations(taints, pod.spec.tolerations);
    if (!used) {
      this.#cancel(pod);
      this.#schedule(pod, 0);
      return;
    }
    const toleratedMs = shortestMs(used);
    if (toleratedMs === undefined) return this.#cancel(pod);
    const planned = this.#evictions.get(keyOf(pod));
    if (planned?.uid === pod.metadata.uid && planned.sinceMs < this.#kernel.now) return;
    this.#cancel(pod);
    this.#schedule(pod, toleratedMs);
  }

  #schedule(pod: Pod, delayMs: number): void {
    const key = keyOf(pod);
    const ticket = this.#due.after(delayMs, { key });
    this.#evictions.set(key, { uid: pod.metadata.uid, sinceMs: this.#kernel.now, ticket });
  }

  #cancel(pod: Pod): void {
    const key = keyOf(pod);
    const planned = this.#evictions.get(key);
    if (!planned) return;
    this.#evictions.delete(key);
    if (!this.#kernel.cancel(planned.ticket)) return;
    this.#tell(pod, `Cancelling deletion of Pod ${key}`);
  }

  #evict(key: string): void {
    if (!this.#client.isRunning) return;
    const planned = this.#evictions.get(key);
    this.#evictions.delete(key);
    const { namespace, name } = splitKey(key);
    const pod = this.#client.get('pods', namespace, name);
    if (!planned || pod?.metadata.uid !== planned.uid) return;
    const record = this.#tell(pod, `Marking for deletion Pod ${key}`);
    this.#kernel.because(record, () => {
      const conditions = setCondition(pod.status.conditions ?? [], {
        type: 'DisruptionTarget',
        status: 'True',
        reason: 'DeletionByTaintManager',
        message: 'Taint manager: deleting due to NoExecute taint',
        lastProbeTime: null,
        lastTransitionTime: rfc3339(this.#kernel.now),
        observedGeneration: pod.metadata.generation,
      });
      this.#client.updateStatus('pods', { ...pod, status: { ...pod.status, conditions } });
      this.#client.delete('pods', pod);
    });
  }

  #tell(pod: Pod, message: string): number {
    return this.#events.tell(pod, { type: 'Normal', reason: 'TaintManagerEviction', message });
  }
}

const noExecute = (node: Node | undefined): Taint[] =>
  (node?.spec.taints ?? []).filter(({ effect }) => effect === 'NoExecute');

function isTaintNews({ type, object, previous }: WatchEvent<Node>): boolean {
  return type === 'MODIFIED' && !sameValue(noExecute(object), noExecute(previous));
}

/** The shortest time that tolerations last; undefined when they last for ever. */
function shortestMs(tolerations: readonly Toleration[]): number | undefined {
  const seconds = tolerations.flatMap(({ tolerationSeconds: s }) => (s === undefined ? [] : [s]));
  return seconds.length === 0 ? undefined : Math.max(0, Math.min(...seconds)) * SECOND;
}
