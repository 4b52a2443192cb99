import { parseRfc3339, rfc3339, SECOND } from '../../../sim/clock.ts';
import type { EventType, Kernel } from '../../../sim/kernel.ts';
import {
  NODE_LEASE_NAMESPACE,
  UNREACHABLE_TAINT,
  type Node,
  type Taint,
} from '../../api/cluster-objects.ts';
import { nodeTerm } from '../../api/index-terms.ts';
import { isPodReady } from '../../api/pod.ts';
import type { ApiDoor } from '../../api/requests.ts';
import { Client } from '../../client/client.ts';
import { EventRecorder } from '../../client/event-recorder.ts';
import { findCondition, setCondition, type Condition } from '../../apimachinery/object.ts';

/**
 * Notices nodes that have fallen silent (pkg/controller/nodelifecycle, v1.36): every 5 s it looks
 * at the Leases; a node that has not renewed its own for 50 s counts as NotReady, is tainted, and
 * its Pods no longer count as ready. What the taint does to them is up to the taint eviction
 * controller.
 *
 * Simplified: every silent node is tainted at once. Upstream taints one node in ten seconds with
 * NoExecute, and none while most nodes of a small cluster are silent. The look is a scan of the
 * nodes, which is what it is upstream too.
 */
const NAME = 'node-lifecycle-controller';
const LOOK_MS = 5 * SECOND;
const GRACE_MS = 50 * SECOND;

const taintsSince = (timeAdded: string): Taint[] => [
  { key: UNREACHABLE_TAINT, effect: 'NoSchedule', timeAdded },
  { key: UNREACHABLE_TAINT, effect: 'NoExecute', timeAdded },
];

export class NodeLifecycleController {
  readonly #kernel: Kernel;
  readonly #client: Client;
  readonly #events: EventRecorder;
  readonly #look: EventType<object>;

  constructor(kernel: Kernel, door: ApiDoor, cluster: string) {
    this.#kernel = kernel;
    this.#client = new Client(kernel, door, NAME);
    this.#events = new EventRecorder(this.#client, 'node-controller');
    this.#look = kernel.event(`${NAME}/${cluster}/look`, () => {
      this.#look.after(LOOK_MS, {});
      for (const node of this.#client.scan('nodes')) this.#judge(node);
    });
  }

  start(): void {
    this.#look.after(LOOK_MS, {});
  }

  #judge(node: Node): void {
    const { name } = node.metadata;
    const lease = this.#client.get('leases', NODE_LEASE_NAMESPACE, name);
    const renewedMs = parseRfc3339(lease?.spec.renewTime ?? '') ?? 0;
    const silent = this.#kernel.now - renewedMs > GRACE_MS;
    const ready = findCondition(node.status.conditions, 'Ready')?.status;
    const tainted = (node.spec.taints ?? []).some(({ key }) => key === UNREACHABLE_TAINT);
    if (silent && ready !== 'Unknown') this.#markUnknown(node);
    else if (!silent && ready === 'True' && tainted) this.#untaint(node);
  }

  #markUnknown(node: Node): void {
    const { name } = node.metadata;
    const message = `Node ${name} status is now: NodeNotReady`;
    const record = this.#events.tell(node, { type: 'Normal', reason: 'NodeNotReady', message });
    this.#kernel.because(record, () => {
      const conditions = (node.status.conditions ?? []).map((condition): Condition => ({
        ...condition,
        status: 'Unknown',
        reason: 'NodeStatusUnknown',
        message: 'Kubelet stopped posting node status.',
        lastTransitionTime: rfc3339(this.#kernel.now),
      }));
      this.#client.updateStatus('nodes', { ...node, status: { ...node.status, conditions } });
      const current = this.#client.get('nodes', '', name);
      if (current) {
        const taints = [...(current.spec.taints ?? []), ...taintsSince(rfc3339(this.#kernel.now))];
        this.#client.update('nodes', { ...current, spec: { ...current.spec, taints } });
      }
      this.#unreadyPods(name);
    });
  }

  #untaint(node: Node): void {
    const taints = (node.spec.taints ?? []).filter(({ key }) => key !== UNREACHABLE_TAINT);
    this.#client.update('nodes', { ...node, spec: { ...node.spec, taints } });
  }

  /** Pods of a silent node get no more requests. */
  #unreadyPods(node: string): void {
    for (const pod of this.#client.byIndex('pods', nodeTerm(node))) {
      if (!isPodReady(pod)) continue;
      const conditions = setCondition(pod.status.conditions ?? [], {
        type: 'Ready',
        status: 'False',
        lastProbeTime: null,
        lastTransitionTime: rfc3339(this.#kernel.now),
        observedGeneration: pod.metadata.generation,
      });
      this.#client.updateStatus('pods', { ...pod, status: { ...pod.status, conditions } });
      const message = 'Node is not ready';
      this.#events.tell(pod, { type: 'Warning', reason: 'NodeNotReady', message });
    }
  }
}
