import { rfc3339, SECOND } from '../../../sim/clock.ts';
import type { EventType, Kernel, Ticket } from '../../../sim/kernel.ts';
import type { Table } from '../../../sim/store.ts';
import { findCondition, setCondition } from '../../apimachinery/object.ts';
import { NODE_LEASE_NAMESPACE, type Node, type Taint } from '../../api/cluster-objects.ts';
import { nodeTerm } from '../../api/index-terms.ts';
import { isPodReady } from '../../api/pod.ts';
import type { ApiDoor, WatchEvent } from '../../api/requests.ts';
import { Client } from '../../client/client.ts';
import { EventRecorder } from '../../client/event-recorder.ts';
import { WorkQueue } from '../../client/work-queue.ts';
import { EvictionQueue } from './eviction-queue.ts';
import { aliveSince, isSilent, unknownConditions } from './node-health.ts';
import { noExecuteKey, noExecuteTaints, noScheduleTaints } from './node-taints.ts';
import { countZones, evictionRate, zoneOf, zoneState } from './zones.ts';

/**
 * Notices nodes that have fallen silent (pkg/controller/nodelifecycle, v1.36): every 5 s it looks
 * at the Leases; a node that has not renewed its own for 50 s counts as NotReady, and its Pods no
 * longer count as ready. NoSchedule taints follow the conditions at once. NoExecute taints, which
 * cost the Pods their place, are given out one node at a time and zone by zone: one in ten seconds,
 * none in a small zone that is mostly down, none anywhere while everything is down. What the taint
 * does to Pods is up to the taint eviction controller.
 *
 * The look is a scan of the nodes, which is what it is upstream too.
 */
const NAME = 'node-lifecycle-controller';
const LOOK_MS = 5 * SECOND;
/** `nodeEvictionPeriod`: from the look to the first node given up. */
const PASS_MS = 100;

export class NodeLifecycleController {
  readonly #kernel: Kernel;
  readonly #client: Client;
  readonly #events: EventRecorder;
  readonly #look: EventType<object>;
  readonly #pass: EventType<object>;
  readonly #queue: EvictionQueue;
  readonly #taints: WorkQueue;
  /** One row `pass`, while a pass is planned; one row `halted`, while every zone is down. */
  readonly #plans: Table<string, { readonly ticket?: Ticket }>;

  constructor(kernel: Kernel, door: ApiDoor, cluster: string) {
    this.#kernel = kernel;
    this.#client = new Client(kernel, door, NAME);
    this.#events = new EventRecorder(this.#client, 'node-controller');
    this.#queue = new EvictionQueue(kernel, `${NAME}/${cluster}`);
    this.#plans = kernel.store.table(`${NAME}/${cluster}/plans`);
    this.#look = kernel.event(`${NAME}/${cluster}/look`, () => {
      this.#look.after(LOOK_MS, {});
      if (this.#client.isRunning) this.#lookAtAll();
    });
    this.#pass = kernel.event(`${NAME}/${cluster}/taint-pass`, () => {
      this.#plans.delete('pass');
      if (this.#client.isRunning) this.#taintNext();
    });
    this.#taints = new WorkQueue(this.#client, `${NAME}/${cluster}/taints`, (name) =>
      this.#syncNoSchedule(name),
    );
    this.#client.watch('nodes', 'nodes', concernsTaints, ({ type, object }) => {
      const { name } = object.metadata;
      if (type === 'DELETED') this.#forget(object);
      else this.#taints.add(name);
      if (type === 'ADDED') this.#tell(object, 'RegisteredNode', 'Registered', 'in');
    });
  }

  start(): void {
    this.#look.after(LOOK_MS, {});
  }

  #lookAtAll(): void {
    const since = aliveSince(this.#kernel.now);
    const nodes = [...this.#client.scan('nodes')];
    this.#judgeZones(nodes.map((node) => this.#judgeHealth(node, since)));
    this.#planPass();
  }

  /** The node as it is afterwards. */
  #judgeHealth(node: Node, since: string): Node {
    const { name } = node.metadata;
    const lease = this.#client.get('leases', NODE_LEASE_NAMESPACE, name);
    // Most nodes are well, and a comparison of texts shows it.
    if (lease && lease.spec.renewTime > since) return node;
    const ready = findCondition(node.status.conditions, 'Ready');
    if (!isSilent(node, lease, this.#kernel.now) || ready?.status === 'Unknown') return node;
    const conditions = unknownConditions(node, this.#kernel.now);
    const unknown = { ...node, status: { ...node.status, conditions } };
    if (ready?.status === 'True') {
      this.#kernel.because(this.#tellStatus(node), () => {
        this.#client.updateStatus('nodes', unknown);
        this.#unreadyPods(name);
      });
    } else {
      this.#client.updateStatus('nodes', unknown);
    }
    return this.#client.get('nodes', '', name) ?? node;
  }

  /** Sets each zone's speed, and queues the nodes that are to be given up. */
  #judgeZones(nodes: readonly Node[]): void {
    const zones = countZones(nodes);
    const states = [...zones].map(([zone, count]) => [zone, zoneState(count), count] as const);
    const allDown = states.length > 0 && states.every(([, state]) => state === 'FullDisruption');
    if (allDown) {
      this.#plans.set('halted', {});
      for (const [zone] of states) this.#queue.setRate(zone, 0);
      for (const node of nodes) this.#markReachable(node);
      this.#queue.clear();
      return;
    }
    this.#plans.delete('halted');
    for (const [zone, state, count] of states) {
      this.#queue.setRate(zone, evictionRate(state, count));
    }
    for (const node of nodes) {
      const key = noExecuteKey(node);
      const { name } = node.metadata;
      if (key === undefined) {
        if (this.#queue.size > 0 || node.spec.taints?.length) this.#markReachable(node);
      } else if (hasNoExecute(node)) this.#setTaints(node, noExecuteTaints(node, key, this.#now));
      else this.#queue.add(name, zoneOf(node));
    }
  }

  #markReachable(node: Node): void {
    this.#queue.remove(node.metadata.name);
    this.#setTaints(node, noExecuteTaints(node, undefined, this.#now));
  }

  /** Gives up the nodes whose turn has come, and plans the next turn. */
  #taintNext(): void {
    for (const name of this.#queue.take()) {
      const node = this.#client.get('nodes', '', name);
      const key = node && noExecuteKey(node);
      if (node && key !== undefined) this.#setTaints(node, noExecuteTaints(node, key, this.#now));
    }
    this.#planPass();
  }

  #planPass(): void {
    const waitMs = this.#queue.nextMs();
    if (waitMs === undefined || this.#plans.has('pass')) return;
    this.#plans.set('pass', { ticket: this.#pass.after(Math.max(PASS_MS, waitMs), {}) });
  }

  #syncNoSchedule(name: string): boolean {
    const node = this.#client.get('nodes', '', name);
    return !node || this.#setTaints(node, noScheduleTaints(node, this.#now));
  }

  #setTaints(node: Node, taints: Taint[] | undefined): boolean {
    if (!taints) return true;
    return this.#client.update('nodes', { ...node, spec: { ...node.spec, taints } }).ok;
  }

  #forget(node: Node): void {
    this.#queue.remove(node.metadata.name);
    this.#tell(node, 'RemovingNode', 'Removing', 'from');
  }

  #tell(node: Node, reason: string, what: string, where: string): void {
    const { name } = node.metadata;
    const message = `Node ${name} event: ${what} Node ${name} ${where} Controller`;
    this.#events.tell(node, { type: 'Normal', reason, message });
  }

  #tellStatus(node: Node): number {
    const message = `Node ${node.metadata.name} status is now: NodeNotReady`;
    return this.#events.tell(node, { type: 'Normal', reason: 'NodeNotReady', message });
  }

  get #now(): string {
    return rfc3339(this.#kernel.now);
  }

  /** Pods of a node that is not ready get no more requests. */
  #unreadyPods(node: string): void {
    for (const pod of this.#client.byIndex('pods', nodeTerm(node))) {
      if (!isPodReady(pod)) continue;
      const conditions = setCondition(pod.status.conditions ?? [], {
        type: 'Ready',
        status: 'False',
        lastProbeTime: null,
        lastTransitionTime: this.#now,
        observedGeneration: pod.metadata.generation,
      });
      this.#client.updateStatus('pods', { ...pod, status: { ...pod.status, conditions } });
      const message = 'Node is not ready';
      this.#events.tell(pod, { type: 'Warning', reason: 'NodeNotReady', message });
    }
  }
}

const hasNoExecute = (node: Node): boolean =>
  (node.spec.taints ?? []).some(
    ({ key, effect }) =>
      effect === 'NoExecute' &&
      (key === 'node.kubernetes.io/not-ready' || key === 'node.kubernetes.io/unreachable'),
  );

/** Taints follow conditions and `unschedulable`; heartbeats change neither. */
function concernsTaints({ type, object, previous }: WatchEvent<Node>): boolean {
  if (type !== 'MODIFIED' || !previous) return true;
  return (
    object.spec.unschedulable !== previous.spec.unschedulable ||
    object.spec.taints !== previous.spec.taints ||
    (object.status.conditions !== previous.status.conditions &&
      conditionWords(object) !== conditionWords(previous))
  );
}

const conditionWords = ({ status }: Node): string =>
  (status.conditions ?? []).map((condition) => `${condition.type}=${condition.status}`).join(',');
