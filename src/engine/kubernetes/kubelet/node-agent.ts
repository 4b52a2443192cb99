import { rfc3339, rfc3339Nano, SECOND } from '../../sim/clock.ts';
import type { EventType, Kernel } from '../../sim/kernel.ts';
import type { Table } from '../../sim/store.ts';
import { NODE_LEASE_NAMESPACE, type Node, type Taint } from '../api/cluster-objects.ts';
import type { ApiDoor } from '../api/requests.ts';
import { sameValue } from '../apimachinery/canonical-json.ts';
import type { Condition, Labels } from '../apimachinery/object.ts';
import { Client } from '../client/client.ts';
import type { ContainerRuntime } from './cri.ts';

/**
 * A node's own word about itself: it registers, says what it has, and renews its Lease every ten
 * seconds (pkg/kubelet/{kubelet_node_status,nodestatus}, component-helpers/apimachinery/lease,
 * v1.36). Images that came to the node are reported with the next heartbeat.
 */
export interface NodeSpec {
  readonly name: string;
  readonly ip: string;
  readonly podCidr: string;
  readonly cpu: string;
  readonly memory: string;
  readonly labels?: Labels;
  readonly taints?: readonly Taint[];
}

const RENEW_MS = 10 * SECOND;
const LEASE_SECONDS = 40;
const MAX_PODS = '110';

const NODE_INFO = {
  architecture: 'amd64',
  operatingSystem: 'linux',
  kubeletVersion: 'v1.36.0',
  kubeProxyVersion: '',
  osImage: 'Ubuntu 24.04.3 LTS',
  kernelVersion: '6.8.0-85-generic',
  containerRuntimeVersion: 'containerd://2.1.4',
};

/** The most images that a node reports (`nodeStatusMaxImages`). */
const MAX_IMAGES = 50;

export class NodeAgents {
  readonly #kernel: Kernel;
  readonly #door: ApiDoor;
  readonly #runtime: ContainerRuntime;
  readonly #stopped: Table<string, true>;
  readonly #renew: EventType<{ node: string }>;

  constructor(kernel: Kernel, door: ApiDoor, runtime: ContainerRuntime, cluster: string) {
    this.#kernel = kernel;
    this.#door = door;
    this.#runtime = runtime;
    this.#stopped = kernel.store.table<true>(`kubelet/${cluster}/stopped`);
    this.#renew = kernel.event(`kubelet/${cluster}/renew`, ({ node }) => this.#heartbeat(node));
  }

  /** Registers a node, ready from the start. */
  register(spec: NodeSpec): void {
    const client = this.#client(spec.name);
    const created = client.create('nodes', {
      apiVersion: 'v1',
      kind: 'Node',
      metadata: {
        name: spec.name,
        labels: {
          'kubernetes.io/arch': 'amd64',
          'kubernetes.io/hostname': spec.name,
          'kubernetes.io/os': 'linux',
          ...spec.labels,
        },
      },
      spec: { podCIDR: spec.podCidr, ...(spec.taints && { taints: spec.taints }) },
      status: this.#status(spec),
    });
    if (!created.ok) return;
    client.create('leases', {
      apiVersion: 'coordination.k8s.io/v1',
      kind: 'Lease',
      metadata: { name: spec.name, namespace: NODE_LEASE_NAMESPACE },
      spec: this.#lease(spec.name),
    });
    const random = this.#kernel.random('kubelet', spec.name, 'renew');
    this.#renew.after(random.integer(1, RENEW_MS), { node: spec.name });
  }

  /** Stops or resumes a node's heartbeats; the first one comes at once. */
  setSilent(node: string, silent: boolean): void {
    if (silent) this.#stopped.set(node, true);
    else if (this.#stopped.delete(node)) this.#report(node);
  }

  isSilent(node: string): boolean {
    return this.#stopped.has(node);
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
    if (object) this.#refresh(client, object);
  }

  /** Writes the node's status when there is something new in it. */
  #refresh(client: Client, node: Node): void {
    const images = this.#images(node.metadata.name);
    const ready = node.status.conditions?.find(({ type }) => type === 'Ready');
    const conditions = ready?.status === 'True' ? node.status.conditions : this.#conditions();
    const status = { ...node.status, images, conditions };
    if (!sameValue(status, node.status)) client.updateStatus('nodes', { ...node, status });
  }

  #images(node: string): Node['status']['images'] {
    const images = this.#runtime.images(node).map(({ name, id, sizeBytes }) => ({
      names: [id, name],
      sizeBytes,
    }));
    return images.sort((a, b) => b.sizeBytes - a.sizeBytes).slice(0, MAX_IMAGES);
  }

  #status(spec: NodeSpec): Node['status'] {
    const amounts = { cpu: spec.cpu, memory: spec.memory, pods: MAX_PODS };
    return {
      capacity: amounts,
      allocatable: amounts,
      conditions: this.#conditions(),
      addresses: [
        { type: 'InternalIP', address: spec.ip },
        { type: 'Hostname', address: spec.name },
      ],
      images: this.#images(spec.name),
      nodeInfo: NODE_INFO,
    };
  }

  #conditions(): Condition[] {
    const at = rfc3339(this.#kernel.now);
    const times = { lastHeartbeatTime: at, lastTransitionTime: at };
    const fine = (type: string, reason: string, message: string): Condition => ({
      type,
      status: 'False',
      ...times,
      reason,
      message,
    });
    return [
      fine(
        'MemoryPressure',
        'KubeletHasSufficientMemory',
        'kubelet has sufficient memory available',
      ),
      fine('DiskPressure', 'KubeletHasNoDiskPressure', 'kubelet has no disk pressure'),
      fine('PIDPressure', 'KubeletHasSufficientPID', 'kubelet has sufficient PID available'),
      {
        type: 'Ready',
        status: 'True',
        ...times,
        reason: 'KubeletReady',
        message: 'kubelet is posting ready status',
      },
    ];
  }
}
