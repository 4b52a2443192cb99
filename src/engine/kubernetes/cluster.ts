import type { Addresses } from '../net/address.ts';
import type { Http } from '../net/http.ts';
import type { Kernel } from '../sim/kernel.ts';
import type { Processes } from '../sim/processes.ts';
import { CONTROL_PLANE_ROLE, NODE_LEASE_NAMESPACE } from './api/cluster-objects.ts';
import { ApiServer } from './apiserver/api-server.ts';
import { Client } from './client/client.ts';
import { Components } from './components.ts';
import { DeploymentController } from './controllers/deployment/deployment-controller.ts';
import { EndpointSliceController } from './controllers/endpointslice/endpoint-slice-controller.ts';
import { GarbageCollector } from './controllers/garbage-collector/garbage-collector.ts';
import { NodeLifecycleController } from './controllers/node-lifecycle/node-lifecycle-controller.ts';
import { ReplicaSetController } from './controllers/replicaset/replica-set-controller.ts';
import { TaintEvictionController } from './controllers/taint-eviction/taint-eviction-controller.ts';
import { ClusterDns } from './dns/dns.ts';
import { ContainerRuntime, type RuntimeDaemon } from './kubelet/cri.ts';
import { Kubelets } from './kubelet/kubelet.ts';
import { NodeAgents, type NodeSpec } from './kubelet/node-agent.ts';
import { KubeProxies } from './kube-proxy/kube-proxy.ts';
import { kubectl } from './kubectl/kubectl.ts';
import { Scheduler } from './scheduler/scheduler.ts';
import { Traffic } from './traffic.ts';

/**
 * A cluster put together: the control plane, the nodes' agents, and nothing that ties them but the
 * API server.
 */
export interface ClusterParts {
  readonly kernel: Kernel;
  readonly processes: Processes;
  readonly http: Http;
  readonly addresses: Addresses;
  readonly containerd: RuntimeDaemon;
}

export interface ClusterOptions {
  readonly name: string;
  /** 10.96.0.0/16 when left out. */
  readonly serviceCidr?: string;
}

/** The taint and label of a node that runs the control plane. */
export const CONTROL_PLANE_NODE = {
  labels: { [CONTROL_PLANE_ROLE]: '' },
  taints: [{ key: CONTROL_PLANE_ROLE, effect: 'NoSchedule' }],
} satisfies Partial<NodeSpec>;

const NAMESPACES = ['default', 'kube-system', 'kube-public', NODE_LEASE_NAMESPACE];

export class Cluster {
  readonly name: string;
  readonly components: Components;
  readonly api: ApiServer;
  readonly scheduler: Scheduler;
  readonly proxies: KubeProxies;
  readonly dns: ClusterDns;
  readonly traffic: Traffic;
  readonly #parts: ClusterParts;
  readonly #nodeAgents: NodeAgents;
  readonly #kubelets: Kubelets;
  readonly #nodeLifecycle: NodeLifecycleController;

  constructor(parts: ClusterParts, options: ClusterOptions) {
    const { kernel, processes, http, addresses, containerd } = parts;
    const { name, serviceCidr = '10.96.0.0/16' } = options;
    this.#parts = parts;
    this.name = name;
    this.components = new Components(kernel, name);
    const { components } = this;
    this.api = new ApiServer(kernel, processes, { cluster: name, serviceCidr, components });
    new DeploymentController(kernel, this.api, name);
    new ReplicaSetController(kernel, this.api, name);
    new EndpointSliceController(kernel, this.api, name);
    new GarbageCollector(kernel, this.api, name);
    this.#nodeLifecycle = new NodeLifecycleController(kernel, this.api, name);
    new TaintEvictionController(kernel, this.api, name);
    this.scheduler = new Scheduler(kernel, this.api, name);
    const runtime = new ContainerRuntime(containerd);
    const door = this.api;
    this.#nodeAgents = new NodeAgents(kernel, door, runtime, name);
    const isSilent = (node: string): boolean => this.#nodeAgents.isSilent(node);
    const world = { kernel, door, http, addresses, runtime, isSilent, cluster: name };
    this.#kubelets = new Kubelets(world);
    const isNode = (machine: string): boolean => door.read('nodes', '', machine) !== undefined;
    this.proxies = new KubeProxies(kernel, door, http, name, isNode);
    this.dns = new ClusterDns(kernel, door);
    this.traffic = new Traffic(kernel, http, this.dns, name);
  }

  /** Starts the cluster: its namespaces. Nodes are added afterwards. */
  start(): void {
    const client = new Client(this.#parts.kernel, this.api, 'apiserver');
    for (const name of NAMESPACES) {
      client.create('namespaces', {
        apiVersion: 'v1',
        kind: 'Namespace',
        metadata: { name, labels: { 'kubernetes.io/metadata.name': name } },
        spec: {},
      });
    }
    this.#nodeLifecycle.start();
  }

  /** Takes a machine, on which containerd runs, into the cluster. */
  addNode(spec: NodeSpec): void {
    const pool = `pods/${this.name}/${spec.name}`;
    this.#parts.addresses.addPool(pool, spec.podCidr);
    this.#kubelets.addNode(spec.name, { ip: spec.ip, pool });
    this.#nodeAgents.register(spec);
  }

  /** Stops a node's kubelet, or has it go on where it stopped: a fault, or its mending. */
  setSilent(node: string, silent: boolean): void {
    this.#nodeAgents.setSilent(node, silent);
    if (!silent) this.#kubelets.lookAgain(node);
  }

  /** A client that asks as somebody: for scenarios and inspectors. */
  client(user: string): Client {
    return new Client(this.#parts.kernel, this.api, user);
  }
}

/** Declares kubectl, once for a world; it finds its cluster by `KUBERNETES_CLUSTER` or `main`. */
export function addKubectl(processes: Processes): void {
  processes.program('kubectl/cli', kubectl);
}
