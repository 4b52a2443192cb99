import { rfc3339Nano, SECOND } from '../../sim/clock.ts';
import type { EventType, Kernel } from '../../sim/kernel.ts';
import type { Table } from '../../sim/store.ts';
import { NODE_LEASE_NAMESPACE, type Node, type NodeImage } from '../api/cluster-objects.ts';
import type { ApiDoor } from '../api/requests.ts';
import { wholeValue } from '../apimachinery/quantity.ts';
import { Client } from '../client/client.ts';
import { EventRecorder } from '../client/event-recorder.ts';
import type { ContainerRuntime } from './cri.ts';
import { NO_PRESSURE, type Pressures } from './eviction-signals.ts';
import {
  firstStatus,
  nodeConditions,
  nodeLabels,
  refreshedConditions,
  type NodeSpec,
} from './node-status.ts';

export type { NodeSpec } from './node-status.ts';

/**
 * A node's own word about itself: it registers, says what it has, and renews its Lease every ten
 * seconds (pkg/kubelet/{kubelet_node_status,nodestatus}, component-helpers/apimachinery/lease,
 * v1.36). Its status is written when something in it has changed, and every five minutes.
 */
const RENEW_MS = 10 * SECOND;
const LEASE_SECONDS = 40;
/** `nodeStatusReportFrequency`. */
const REPORT_MS = 300 * SECOND;

/** The most images that a node reports (`nodeStatusMaxImages`). */
const MAX_IMAGES = 50;

interface Reported {
  readonly atMs: number;
  /** Images came since. */
  readonly isOld?: true;
}

export class NodeAgents {
  readonly #kernel: Kernel;
  readonly #door: ApiDoor;
  readonly #runtime: ContainerRuntime;
  readonly #stopped: Table<string, true>;
  readonly #reported: Table<string, Reported>;
  readonly #renew: EventType<{ node: string }>;
  /** What each kubelet was told of its node when it was set up. */
  readonly #specs = new Map<string, NodeSpec>();
  #pressures: (node: string, memoryBytes: number) => Pressures = () => NO_PRESSURE;

  constructor(kernel: Kernel, door: ApiDoor, runtime: ContainerRuntime, cluster: string) {
    this.#kernel = kernel;
    this.#door = door;
    this.#runtime = runtime;
    this.#stopped = kernel.store.table<true>(`kubelet/${cluster}/stopped`);
    this.#reported = kernel.store.table<Reported>(`kubelet/${cluster}/reported`);
    this.#renew = kernel.event(`kubelet/${cluster}/renew`, ({ node }) => this.#heartbeat(node));
  }

  /** Who looks after memory and disk of nodes; asked with every heartbeat what runs short. */
  onHeartbeat(pressures: (node: string, memoryBytes: number) => Pressures): void {
    this.#pressures = pressures;
  }

  /** Registers a node, ready from the start. */
  register(spec: NodeSpec): void {
    this.#specs.set(spec.name, spec);
    if (!this.#join(spec)) return;
    const random = this.#kernel.random('kubelet', spec.name, 'renew');
    this.#renew.after(random.integer(1, RENEW_MS), { node: spec.name });
  }

  #join(spec: NodeSpec): boolean {
    const client = this.#client(spec.name);
    const { now } = this.#kernel;
    const ids = this.#kernel.random('kubelet', spec.name, 'ids');
    const created = client.create('nodes', {
      apiVersion: 'v1',
      kind: 'Node',
      metadata: {
        name: spec.name,
        labels: nodeLabels(spec),
        annotations: { 'volumes.kubernetes.io/controller-managed-attach-detach': 'true' },
      },
      spec: {
        podCIDR: spec.podCidr,
        podCIDRs: [spec.podCidr],
        ...(spec.taints && { taints: spec.taints }),
      },
      status: firstStatus(spec, this.#images(spec.name), ids, now),
    });
    if (!created.ok) return false;
    this.#holdLease(client, created.value);
    this.#reported.set(spec.name, { atMs: now });
    return true;
  }

  #holdLease(client: Client, { metadata: { name, uid } }: Node): void {
    client.create('leases', {
      apiVersion: 'coordination.k8s.io/v1',
      kind: 'Lease',
      metadata: {
        name,
        namespace: NODE_LEASE_NAMESPACE,
        ownerReferences: [{ apiVersion: 'v1', kind: 'Node', name, uid }],
      },
      spec: this.#lease(name),
    });
  }

  /**
   * Stops or resumes a node's heartbeats; the first one comes at once. A kubelet that starts
   * registers its node again when that was deleted; one that runs does not notice.
   */
  setSilent(node: string, silent: boolean): void {
    if (silent) this.#stopped.set(node, true);
    else if (this.#stopped.delete(node)) this.#begin(node);
  }

  #begin(node: string): void {
    const spec = this.#specs.get(node);
    const isKnown = this.#client(node).get('nodes', '', node) !== undefined;
    if (isKnown || !spec) this.#report(node);
    else this.#join(spec);
  }

  isSilent(node: string): boolean {
    return this.#stopped.size > 0 && this.#stopped.has(node);
  }

  /** An image came to a node: the next heartbeat reports it. */
  imageCame(node: string): void {
    const { atMs = 0, isOld } = this.#reported.get(node) ?? {};
    if (!isOld) this.#reported.set(node, { atMs, isOld: true });
  }

  #client(node: string): Client {
    return new Client(this.#kernel, this.#door, `kubelet/${node}`);
  }

  #lease(node: string) {
    return {
      holderIdentity: node,
      leaseDurationSeconds: LEASE_SECONDS,
      renewTime: rfc3339Nano(this.#kernel.now),
    };
  }

  #heartbeat(node: string): void {
    this.#renew.after(RENEW_MS, { node });
    if (!this.#stopped.has(node)) this.#report(node);
  }

  #report(node: string): void {
    const client = this.#client(node);
    const lease = client.get('leases', NODE_LEASE_NAMESPACE, node);
    if (lease) client.update('leases', { ...lease, spec: this.#lease(node) });
    const object = client.get('nodes', '', node);
    if (!object) return;
    if (!lease) this.#holdLease(client, object);
    this.#refresh(client, object);
  }

  /** Writes the node's status when there is something new in it, or it is old. */
  #refresh(client: Client, node: Node): void {
    const { now } = this.#kernel;
    const { name } = node.metadata;
    const { status } = node;
    const capacityBytes = wholeValue(status.capacity?.memory);
    const pressed = capacityBytes > 0 ? this.#pressures(name, capacityBytes) : NO_PRESSURE;
    const isSo = (type: string, wanted: string): boolean =>
      status.conditions?.find((condition) => condition.type === type)?.status === wanted;
    const { atMs = 0, isOld = false } = this.#reported.get(name) ?? {};
    const wasReady = isSo('Ready', 'True');
    const isSame =
      wasReady &&
      isSo('MemoryPressure', pressed.memory ? 'True' : 'False') &&
      isSo('DiskPressure', pressed.disk ? 'True' : 'False');
    if (isSame && !isOld && now - atMs < REPORT_MS) return;
    const conditions = refreshedConditions(status.conditions, nodeConditions(now, pressed));
    const images = this.#images(name);
    const written = client.updateStatus('nodes', {
      ...node,
      status: { ...status, images, conditions },
    });
    if (!written.ok) return;
    this.#reported.set(name, { atMs: now });
    if (wasReady) return;
    const message = `Node ${name} status is now: NodeReady`;
    new EventRecorder(client, 'kubelet', name).tell(node, {
      ...{ type: 'Normal', reason: 'NodeReady', message },
    });
  }

  #images(node: string): readonly NodeImage[] {
    const images = this.#runtime.images(node).map(({ name, id, sizeBytes }) => ({
      names: [id, name],
      sizeBytes,
    }));
    return images.sort((a, b) => b.sizeBytes - a.sizeBytes).slice(0, MAX_IMAGES);
  }
}
