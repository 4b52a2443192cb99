import { rfc3339 } from '../../sim/clock.ts';
import type { EventType, Kernel } from '../../sim/kernel.ts';
import type { Table } from '../../sim/store.ts';
import type { Node } from '../api/cluster-objects.ts';
import { podRequests } from '../api/pod-resources.ts';
import { isPodFinished, type Pod } from '../api/pod.ts';
import type { ApiDoor, WatchEvent } from '../api/requests.ts';
import { Client } from '../client/client.ts';
import { EventRecorder } from '../client/event-recorder.ts';
import { sameValue } from '../apimachinery/canonical-json.ts';
import { keyOf, setCondition, splitKey } from '../apimachinery/object.ts';
import { ClusterView } from './cluster-view.ts';
import type { NodeInfo, PodInfo } from './framework.ts';
import { FILTER_PLUGINS, SCORE_PLUGINS } from './plugins/default-plugins.ts';
import { SchedulingQueue } from './scheduling-queue.ts';
import { spreadOf } from './spread-of-pod.ts';
import { failureMessage, judge, score, type NodeVerdict } from './verdict.ts';

/**
 * Finds a node for each Pod without one (pkg/scheduler/schedule_one.go, v1.36): filters say where
 * it can run, scores where it runs best, the best node gets it; equals are drawn by lot.
 *
 * Simplified: one profile; no preemption; binding follows at once.
 */
const NAME = 'scheduler';

/** Model figure: the work on one Pod. */
const CYCLE_MS = 2;

/** Nodes whose verdicts are kept for inspection, and Pods for which they are kept. */
const VERDICT_NODES = 20;
const VERDICT_PODS = 5000;

/** Below this many nodes all are looked at (`minFeasibleNodesToFind`). */
const MIN_FEASIBLE = 100;

/** How a Pod's last try went. */
export interface Decision {
  readonly pod: string;
  readonly atMs: number;
  /** Where it went; undefined when it fits nowhere. */
  readonly node?: string;
  readonly message: string;
  readonly verdicts: readonly NodeVerdict[];
}

export class Scheduler {
  readonly #kernel: Kernel;
  readonly #client: Client;
  readonly #events: EventRecorder;
  readonly #view: ClusterView;
  readonly #queue: SchedulingQueue;
  readonly #decisions: Table<string, Decision>;
  readonly #state: Table<string, string>;
  readonly #next: EventType<object>;

  constructor(kernel: Kernel, door: ApiDoor, cluster: string) {
    const name = `${NAME}/${cluster}`;
    this.#kernel = kernel;
    this.#client = new Client(kernel, door, NAME);
    this.#events = new EventRecorder(this.#client, 'default-scheduler');
    this.#view = new ClusterView(kernel, name);
    this.#decisions = kernel.store.table<Decision>(`${name}/decisions`);
    this.#state = kernel.store.table<string>(`${name}/state`);
    this.#queue = new SchedulingQueue(kernel, name, () => this.#goOn());
    this.#next = kernel.event(`${name}/next`, () => this.#scheduleOne());
    this.#client.watch('pods', 'unscheduled', isUnscheduledNews, (event) => this.#follow(event));
    this.#client.watch('pods', 'placed', isPlacedNews, (event) => this.#followPlaced(event));
    this.#client.watch('nodes', 'nodes', isNodeNews, (event) => this.#followNode(event));
  }

  /** How the last try for a Pod went, by its uid. */
  decision(uid: string): Decision | undefined {
    return this.#decisions.get(uid);
  }

  #follow({ type, object }: WatchEvent<Pod>): void {
    if (type === 'DELETED') {
      this.#queue.remove(keyOf(object));
      return;
    }
    this.#queue.add(keyOf(object), object.spec.priority ?? 0);
    this.#goOn();
  }

  #followPlaced({ type, object }: WatchEvent<Pod>): void {
    const { uid } = object.metadata;
    if (type !== 'DELETED' && !isPodFinished(object)) {
      this.#view.place(object, object.spec.nodeName ?? '');
    } else if (this.#view.remove(uid)) {
      this.#queue.moveAll();
    }
    if (type === 'DELETED') this.#decisions.delete(uid);
  }

  #followNode({ type, object, previous }: WatchEvent<Node>): void {
    if (type === 'DELETED') this.#view.forgetNode(object);
    else this.#view.noteNode(object, previous);
    this.#queue.moveAll();
  }

  #goOn(): void {
    if (this.#state.get('cycle') === 'due' || this.#queue.isEmpty) return;
    this.#state.set('cycle', 'due');
    const cause = this.#kernel.cause;
    this.#kernel.because(cause, () => this.#next.after(CYCLE_MS, {}));
  }

  #scheduleOne(): void {
    this.#state.delete('cycle');
    const next = this.#queue.pop();
    if (!next) return;
    const { namespace, name } = splitKey(next.key);
    const pod = this.#client.get('pods', namespace, name);
    if (!pod || pod.spec.nodeName || pod.metadata.deletionTimestamp) this.#queue.remove(next.key);
    else this.#place(pod, next.key, next.attempts);
    this.#goOn();
  }

  #place(pod: Pod, key: string, attempts: number): void {
    const info: PodInfo = {
      pod,
      requests: podRequests(pod.spec),
      nonZeroRequests: podRequests(pod.spec, true),
      spread: spreadOf(pod, this.#client, this.#view.spread),
    };
    const { feasible, rejected, totalNodes } = this.#filter(info);
    if (feasible.length === 0) {
      this.#fail(pod, key, totalNodes, rejected);
      return;
    }
    const state = { feasible, totalNodes, image: (name: string) => this.#view.image(name) };
    const scored = score(SCORE_PLUGINS, info, state);
    const node = this.#choose(scored, pod, attempts);
    this.#bind(pod, key, node, [...scored, ...rejected]);
  }

  /** Looks at nodes in turn, from where the last look stopped, until enough of them will do. */
  #filter(info: PodInfo) {
    const totalNodes = this.#view.nodeCount;
    const enough = feasibleNodesToFind(totalNodes);
    const feasible: NodeInfo[] = [];
    const rejected: NodeVerdict[] = [];
    for (const node of this.#view.nodesFrom(this.#state.get('start') ?? '')) {
      if (feasible.length >= enough) {
        this.#state.set('start', node.node.metadata.name);
        break;
      }
      const verdict = judge(FILTER_PLUGINS, info, node);
      if (verdict) rejected.push(verdict);
      else feasible.push(node);
    }
    return { feasible, rejected, totalNodes };
  }

  /** The node with the highest total; one of them by lot when there are several. */
  #choose(scored: readonly NodeVerdict[], pod: Pod, attempts: number): string {
    const best = Math.max(...scored.map(({ total = 0 }) => total));
    const equals = scored.filter(({ total }) => total === best);
    return this.#kernel.random(NAME, pod.metadata.uid, attempts).pick(equals).node;
  }

  #bind(pod: Pod, key: string, node: string, verdicts: readonly NodeVerdict[]): void {
    const { namespace = '', name } = pod.metadata;
    const message = `Successfully assigned ${key} to ${node}`;
    const kept = this.#decide(pod, { message, node, verdicts });
    const decision = this.#events.tell(pod, {
      type: 'Normal',
      reason: 'Scheduled',
      message,
      detail: { node, verdicts: kept },
    });
    this.#kernel.because(decision, () => {
      this.#view.place(pod, node);
      const result = this.#client.bind(namespace, name, node);
      if (!result.ok) this.#view.remove(pod.metadata.uid);
    });
    this.#queue.remove(key);
  }

  #fail(pod: Pod, key: string, totalNodes: number, verdicts: readonly NodeVerdict[]): void {
    const message = failureMessage(totalNodes, verdicts);
    const kept = this.#decide(pod, { message, verdicts });
    const decision = this.#events.tell(pod, {
      type: 'Warning',
      reason: 'FailedScheduling',
      message,
      detail: { verdicts: kept },
    });
    this.#queue.failed(key);
    const conditions = setCondition(pod.status.conditions ?? [], {
      type: 'PodScheduled',
      status: 'False',
      reason: 'Unschedulable',
      message,
      lastProbeTime: null,
      lastTransitionTime: rfc3339(this.#kernel.now),
      observedGeneration: pod.metadata.generation,
    });
    const status = { ...pod.status, conditions };
    this.#kernel.because(decision, () => this.#client.updateStatus('pods', { ...pod, status }));
  }

  #decide(pod: Pod, decision: Omit<Decision, 'pod' | 'atMs'>): readonly NodeVerdict[] {
    const verdicts = keptVerdicts(decision.verdicts, decision.node);
    const row = { ...decision, verdicts, pod: keyOf(pod), atMs: this.#kernel.now };
    this.#decisions.set(pod.metadata.uid, row);
    if (this.#decisions.size > VERDICT_PODS) {
      const first = this.#decisions.first();
      if (first) this.#decisions.delete(first[0]);
    }
    return verdicts;
  }
}

/** As many as are kept: the chosen node's first, then in the order in which they were looked at. */
function keptVerdicts(verdicts: readonly NodeVerdict[], chosen: string | undefined): NodeVerdict[] {
  if (verdicts.length <= VERDICT_NODES) return [...verdicts];
  const its = verdicts.filter(({ node }) => node === chosen);
  const others = verdicts.slice(0, VERDICT_NODES).filter(({ node }) => node !== chosen);
  return [...its, ...others].slice(0, VERDICT_NODES);
}

/**
 * How many nodes that will do are enough: all of up to 100; beyond, 50 - nodes / 125 percent of
 * them, at least 5 percent and at least 100 (schedule_one.go `numFeasibleNodesToFind`).
 */
export function feasibleNodesToFind(nodes: number): number {
  if (nodes < MIN_FEASIBLE) return nodes;
  const percent = Math.max(5, 50 - Math.floor(nodes / 125));
  return Math.max(MIN_FEASIBLE, Math.floor((nodes * percent) / 100));
}

function isUnscheduledNews({ type, object }: WatchEvent<Pod>): boolean {
  if (object.spec.nodeName || isPodFinished(object)) return false;
  return type === 'ADDED' || type === 'DELETED';
}

/** A Pod came to a node without the scheduler, is to leave its node, or has left it. */
function isPlacedNews({ type, object, previous }: WatchEvent<Pod>): boolean {
  if (!object.spec.nodeName) return false;
  if (type !== 'MODIFIED' || isPodFinished(object)) return true;
  const { metadata } = object;
  return (
    metadata.deletionTimestamp !== previous?.metadata.deletionTimestamp ||
    !sameValue(metadata.labels, previous?.metadata.labels)
  );
}

/** Room, taints, labels or images changed; a heartbeat is no news. */
function isNodeNews({ type, object, previous }: WatchEvent<Node>): boolean {
  if (type !== 'MODIFIED' || !previous) return true;
  return (
    !sameValue(object.spec, previous.spec) ||
    !sameValue(object.metadata.labels, previous.metadata.labels) ||
    !sameValue(object.status.allocatable, previous.status.allocatable) ||
    !sameValue(object.status.images, previous.status.images)
  );
}
