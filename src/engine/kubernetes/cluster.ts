import { parseIpv4, type Addresses } from '../net/address.ts';
import { plainAnswer, type DnsAnswer, type DnsQuestion } from '../net/dns-message.ts';
import type { Http } from '../net/http.ts';
import type { Links } from '../net/link.ts';
import { Raft } from '../raft/raft.ts';
import { rfc3339Nano } from '../sim/clock.ts';
import type { Kernel } from '../sim/kernel.ts';
import type { Program } from '../sim/process.ts';
import type { Processes } from '../sim/processes.ts';
import type { Table } from '../sim/store.ts';
import { CONTROL_PLANE_ROLE } from './api/cluster-objects.ts';
import type { Pod } from './api/pod.ts';
import { ApiServer } from './apiserver/api-server.ts';
import { Client } from './client/client.ts';
import { ApiNetwork } from './api-network.ts';
import { serveEndpoints } from './api-endpoint.ts';
import { ApiEndpoints } from './api-endpoints.ts';
import { ClusterControllers } from './cluster-controllers.ts';
import { Components } from './components.ts';
import {
  CONTROL_PLANE_PROCESSES,
  ControlPlane,
  type ControlPlaneProcess,
  type Unreachable,
} from './control-plane.ts';
import { EtcdDisks } from './etcd-disks.ts';
import { BOOTSTRAP } from './apiserver/backend.ts';
import { addSystemWorkloads, controlPlanePod } from './system-pods.ts';
import { storageFailure, type Failure } from './apimachinery/status.ts';
import { EndpointSliceController } from './controllers/endpointslice/endpoint-slice-controller.ts';
import { PodNetwork } from './cni/network-policies.ts';
import { rootCaMap } from './controllers/root-ca-publisher/root-ca-publisher.ts';
import { ClusterDns } from './dns/dns.ts';
import { DNS_IP } from './dns/names.ts';
import { asksCluster, resolverOf } from './dns/resolver-config.ts';
import { splitKey } from './apimachinery/object.ts';
import { uuid } from './apimachinery/uid.ts';
import { GatewayController } from './ingress/gateway-controller.ts';
import { IngressController } from './ingress/ingress-controller.ts';
import { ContainerRuntime, type RuntimeDaemon } from './kubelet/cri.ts';
import { Kubelets } from './kubelet/kubelet.ts';
import type { StaticPod } from './kubelet/static-pods.ts';
import { NodeAgents, type NodeSpec } from './kubelet/node-agent.ts';
import { KubeProxies } from './kube-proxy/kube-proxy.ts';
import { KUBECTL_PROGRAMS } from './kubectl/kubectl.ts';
import { serveApiProxies } from './api-proxies.ts';
import { servePortForwards } from './port-forwards.ts';
import { Scheduler } from './scheduler/scheduler.ts';
import { CLIENT, Traffic } from './traffic.ts';
import { addWorkloadControllers } from './workload-controllers.ts';

/**
 * A cluster put together: the control plane, the nodes' agents, and nothing that ties them but the
 * API server.
 */
export interface ClusterParts {
  readonly kernel: Kernel;
  readonly processes: Processes;
  readonly links: Links;
  readonly http: Http;
  readonly addresses: Addresses;
  readonly containerd: RuntimeDaemon;
}

export interface ClusterOptions {
  readonly name: string;
  /** 10.96.0.0/16 when left out. */
  readonly serviceCidr?: string;
  /** Machines that run the control plane: `control-1` when left out; several agree by Raft. */
  readonly controlPlane?: readonly string[];
  /** Whether kube-system has the Pods of a fresh cluster. */
  readonly systemPods?: boolean;
  /** Where clients find the API; see {@link API_SERVER}. */
  readonly server?: string;
}

/** Of a control plane on one machine, or the address that several share. */
export const API_SERVER = 'https://192.168.10.10:6443';

/** `--heartbeat-interval` and `--election-timeout` of etcd, v3.6. */
const ETCD_HEARTBEAT_MS = 100;
const ETCD_ELECTION_MS = 1000;
const LEASE_SECONDS = 15;
/** Model figure: seconds for which an answer of another server may be remembered. */
const OTHERS_TTL = 600;

/** Where Ingresses are reached, and the addresses that Gateways get, one each. */
const INGRESS_IP = '192.168.11.200';
const GATEWAY_RANGE = '192.168.11.208/28';

/** The taint and label of a node that runs the control plane. */
export const CONTROL_PLANE_NODE = {
  labels: { [CONTROL_PLANE_ROLE]: '' },
  taints: [{ key: CONTROL_PLANE_ROLE, effect: 'NoSchedule' }],
} satisfies Partial<NodeSpec>;

export class Cluster {
  readonly name: string;
  readonly server: string;
  readonly components: Components;
  readonly controlPlane: ControlPlane;
  readonly api: ApiServer;
  readonly scheduler: Scheduler;
  readonly proxies: KubeProxies;
  readonly dns: ClusterDns;
  readonly traffic: Traffic;
  readonly #parts: ClusterParts;
  readonly #nodeAgents: NodeAgents;
  readonly #kubelets: Kubelets;
  readonly #controllers: ClusterControllers;
  readonly #raft: Raft | undefined;
  readonly #systemPods: boolean;
  readonly #pods: Client;
  /** Nodes that do not reach the API server. */
  readonly #cutOff: Table<string, true>;
  readonly #ingress: IngressController;
  readonly #gateways: GatewayController;
  readonly #network: ApiNetwork;
  readonly #endpoints: ApiEndpoints;
  readonly #runtime: ContainerRuntime;
  readonly #podNetwork: PodNetwork;

  constructor(parts: ClusterParts, options: ClusterOptions) {
    const { kernel, processes, http, addresses, containerd } = parts;
    const { name, serviceCidr = '10.96.0.0/16', controlPlane = ['control-1'] } = options;
    this.#parts = parts;
    this.#systemPods = options.systemPods ?? false;
    this.name = name;
    this.server = options.server ?? API_SERVER;
    this.components = new Components(kernel, name);
    const { components } = this;
    const disks = new EtcdDisks(kernel, name, () => this.#memberChanged());
    this.#raft = controlPlane.length > 1 ? this.#members(disks) : undefined;
    this.controlPlane = new ControlPlane(kernel, parts.links, {
      cluster: name,
      machines: controlPlane,
      components,
      disks,
      ...(this.#raft && { raft: this.#raft }),
      onLease: (...lease) => this.#noteLease(...lease),
    });
    const [member = ''] = controlPlane;
    this.api = new ApiServer(kernel, processes, {
      ...{ cluster: name, serviceCidr, components },
      writeMs: () => this.controlPlane.writeMs(),
      outage: (user) => outageOf(this.controlPlane.unreachable(machineOf(user)), this.server),
      ...(this.#raft && { agree: (key, revision) => this.#agree(member, key, revision) }),
    });
    parts.links.onChange(() => this.#findNodesAgain());
    addWorkloadControllers(kernel, this.api, name);
    new EndpointSliceController(kernel, this.api, name);
    this.#controllers = new ClusterControllers(kernel, processes, this.api, name);
    this.api.aggregate(this.#controllers.metrics);
    this.scheduler = new Scheduler(kernel, this.api, name);
    const runtime = new ContainerRuntime(containerd);
    this.#runtime = runtime;
    const door = this.api;
    this.#pods = new Client(kernel, door, 'coredns');
    this.#cutOff = kernel.store.table<true>(`cluster/${name}/cut-off`);
    this.#nodeAgents = new NodeAgents(kernel, door, runtime, name);
    const isSilent = (node: string): boolean => this.#nodeAgents.isSilent(node);
    const imageCame = (node: string): void => this.#nodeAgents.imageCame(node);
    const world = { kernel, processes, door, http, addresses, runtime, isSilent, imageCame };
    this.#kubelets = new Kubelets({ ...world, cluster: name });
    this.#nodeAgents.onHeartbeat((node, bytes) => this.#kubelets.pressures(node, bytes));
    const { server } = this.#kubelets;
    this.api.connectNodes((request, asker) => server.answer(request, asker));
    const isNode = (machine: string): boolean => door.read('nodes', '', machine) !== undefined;
    const isInside = (machine: string): boolean => machine === CLIENT || isNode(machine);
    this.proxies = new KubeProxies(kernel, door, http, name, {
      isNode: isInside,
      addressOf: (node) => addresses.resolve(node),
      nodeWith: (ip) => {
        const machine = addresses.machineWith(ip);
        return machine !== undefined && isNode(machine) ? machine : undefined;
      },
      reaches: (from, to) => parts.links.isUp(from, to),
    });
    const rooms = { kernel, door, http, addresses };
    this.#ingress = new IngressController(rooms, name, INGRESS_IP);
    this.#gateways = new GatewayController(rooms, name, GATEWAY_RANGE);
    this.#podNetwork = new PodNetwork(kernel, door, http, addresses, isInside);
    this.dns = new ClusterDns(kernel, door, name, (asked) => addresses.resolve(asked));
    http.names((place, asked) => this.#lookUp(place, asked));
    http.queries((question) => this.#query(question));
    this.#network = this.#openNetwork(controlPlane);
    this.#endpoints = this.#watchServers(controlPlane);
    this.traffic = new Traffic(kernel, http, this.dns, name);
  }

  /** Starts the cluster: what every cluster has. Nodes are added afterwards. */
  start(): void {
    const { machines } = this.controlPlane;
    this.#raft?.start(
      Object.fromEntries(machines.map((machine) => [machine, machine])),
      machines[0],
    );
    this.api.bootstrap();
    this.controlPlane.start();
    this.#controllers.start();
    this.#ingress.start();
    this.#gateways.start();
    if (this.#systemPods) addSystemWorkloads(new Client(this.#parts.kernel, this.api, BOOTSTRAP));
  }

  /** A member of etcd waits for its disk, or does not any more. */
  #memberChanged(): void {
    this.#raft?.review();
    this.controlPlane.review();
    this.#findNodesAgain();
  }

  /** Replicates a write to etcd's members, from the leader that one of them knows. */
  #agree(member: string, key: string, revision: number): void {
    const raft = this.#raft;
    const { machines } = this.controlPlane;
    const asked = [member, ...machines].find((one) => raft?.leaderFor(one) !== undefined);
    if (asked !== undefined) raft?.propose(asked, { key, revision });
  }

  /** A kubelet that could not reach the API looks at everything again when it can. */
  #findNodesAgain(): void {
    for (const { metadata } of [...this.#pods.scan('nodes')]) {
      const { name } = metadata;
      const why = this.controlPlane.unreachable(name);
      const isOut = why !== undefined;
      if (isOut === this.#cutOff.has(name)) continue;
      // A watch outlives a store that cannot agree: nothing changes there that it could miss.
      this.proxies.setCutOff(name, why === 'no-quorum' ? undefined : why);
      if (isOut) this.#cutOff.set(name, true);
      else {
        this.#cutOff.delete(name);
        if (!this.#nodeAgents.isSilent(name)) this.setSilent(name, false);
      }
    }
  }

  /** The Pod that asks for names in a place; undefined for whoever asks as its machine does. */
  #asking(place: string): Pod | undefined {
    const [machine = '', container] = place.split('/', 2);
    // One that has its node's network is known there by the node's address, not by its own name.
    const name = container && this.#runtime.state(machine, container)?.name;
    const [kind, key = ''] = (name ?? '').split(' ');
    if (kind !== 'Pod') return undefined;
    const owner = splitKey(key);
    const pod = this.#pods.get('pods', owner.namespace, owner.name);
    return pod && asksCluster(pod) ? pod : undefined;
  }

  /** Names as a Pod hears them; undefined for whoever is no Pod, or asks as its machine does. */
  #lookUp(place: string, name: string): readonly string[] | 'silent' | undefined {
    if (parseIpv4(name) !== undefined) return undefined;
    const asking = this.#asking(place);
    if (!asking) return undefined;
    const servers = this.dns.servers();
    if (servers && !this.#podNetwork.asksNames(asking, servers)) return 'silent';
    const { search, ndots } = resolverOf(asking);
    return this.dns.lookup(name, asking.metadata.namespace ?? '', search, ndots);
  }

  /** A question to CoreDNS, at its Service or at one of its Pods; of all that a Pod can ask. */
  #query({ name, type, place, server }: DnsQuestion): DnsAnswer | 'silent' | undefined {
    const asking = this.#asking(place);
    const servers = this.dns.servers() ?? [];
    if (server === undefined ? !asking : server !== DNS_IP && !servers.includes(server)) {
      // Other servers have not heard of the cluster.
      const bare = name.replace(/\.$/, '');
      const known = this.#parts.addresses.resolve(bare);
      return asking && plainAnswer(bare, type, known === undefined ? [] : [known], OTHERS_TTL);
    }
    const [machine = ''] = place.split('/', 1);
    const isNode = this.api.read('nodes', '', machine) !== undefined;
    const passes = !asking || this.#podNetwork.asksNames(asking, servers);
    return isNode && servers.length > 0 && passes ? this.dns.query(name, type) : 'silent';
  }

  #openNetwork(machines: readonly string[]): ApiNetwork {
    const { kernel, processes, http, addresses, links } = this.#parts;
    const { name, server, controlPlane } = this;
    const isServing = (machine: string) => controlPlane.isRunning('kube-apiserver', machine);
    return new ApiNetwork(http, processes, {
      ...{ cluster: name, server },
      refuses: (machine) => links.isUp(machine, machine) && !isServing(machine),
      authority: () => rootCaMap(kernel, name, '').data?.['ca.crt'] ?? '',
      machineWith: (ip) => machines.find((machine) => machine === addresses.machineWith(ip)),
      machineFor: (client) =>
        machines.find((machine) => isServing(machine) && links.isUp(client, machine)),
      unreachable: (client) => controlPlane.unreachable(client),
    });
  }

  #watchServers(machines: readonly string[]): ApiEndpoints {
    const { kernel, addresses, links } = this.#parts;
    const client = new Client(kernel, this.api, BOOTSTRAP);
    const isServing = (machine: string): boolean =>
      links.isUp(machine, machine) && this.controlPlane.isRunning('kube-apiserver', machine);
    const endpoints = new ApiEndpoints(kernel, client, this.name, () =>
      machines.filter(isServing).flatMap((machine) => addresses.resolve(machine) ?? []),
    );
    if (machines.length > 1) links.onChange(() => endpoints.changed());
    return endpoints;
  }

  #members(disks: EtcdDisks): Raft {
    const { kernel, links } = this.#parts;
    return new Raft(kernel, links, {
      name: `etcd/${this.name}`,
      cast: (member) => `etcd/${member}`,
      heartbeatMs: ETCD_HEARTBEAT_MS,
      electionMs: ETCD_ELECTION_MS,
      isBusy: (member) => disks.isBusy(member),
      onLeadership: () => {
        this.controlPlane.review();
        this.#findNodesAgain();
      },
    });
  }

  /** Who of several works is in the API for all to see. */
  #noteLease(process: ControlPlaneProcess, holder: string, leaseTransitions: number): void {
    const { kernel } = this.#parts;
    const client = new Client(kernel, this.api, process);
    const now = rfc3339Nano(kernel.now);
    const spec = {
      holderIdentity: `${holder}_${uuid(kernel.random('lease', process, leaseTransitions))}`,
      leaseDurationSeconds: LEASE_SECONDS,
      acquireTime: now,
      renewTime: now,
      leaseTransitions,
    };
    const known = client.get('leases', 'kube-system', process);
    if (known) client.update('leases', { ...known, spec });
    else {
      const metadata = { name: process, namespace: 'kube-system' };
      client.create('leases', {
        ...{ apiVersion: 'coordination.k8s.io/v1', kind: 'Lease' },
        ...{ metadata, spec },
      });
    }
  }

  /** Takes a machine, on which containerd runs, into the cluster. */
  addNode(spec: NodeSpec): void {
    const pool = `pods/${this.name}/${spec.name}`;
    this.#parts.addresses.addPool(pool, spec.podCidr);
    this.#kubelets.addNode(spec.name, { ip: spec.ip, pool });
    this.#nodeAgents.register(spec);
    if (this.controlPlane.machines.includes(spec.name)) {
      this.#network.open(spec.name, spec.ip);
      this.#endpoints.add(spec.ip);
    }
    if (!this.#systemPods || !this.controlPlane.machines.includes(spec.name)) return;
    for (const process of CONTROL_PLANE_PROCESSES) {
      this.#kubelets.addStaticPod(spec.name, controlPlanePod(process));
    }
  }

  /**
   * Stops a process of the control plane, or starts it again, as who moves its manifest out of the
   * kubelet's directory and back.
   */
  setProcess(process: ControlPlaneProcess, machine: string, running: boolean): void {
    const { namespace } = controlPlanePod(process);
    if (this.#systemPods && !running) {
      this.#kubelets.removeStaticPod(machine, namespace, process);
    }
    this.controlPlane.set(process, machine, running);
    if (this.controlPlane.machines.length > 1) this.#endpoints.changed();
    this.#findNodesAgain();
    if (this.#systemPods && running) {
      this.#kubelets.addStaticPod(machine, controlPlanePod(process));
    }
  }

  /** Gives a node a Pod of its own, from a file: a component of the control plane. */
  addStaticPod(node: string, pod: StaticPod): void {
    this.#kubelets.addStaticPod(node, pod);
  }

  /** Stops a node's kubelet, or has it go on where it stopped: a fault, or its mending. */
  setSilent(node: string, silent: boolean): void {
    this.#nodeAgents.setSilent(node, silent);
    if (!silent) this.#kubelets.lookAgain(node);
  }

  isSilent(node: string): boolean {
    return this.#nodeAgents.isSilent(node);
  }

  /** A client that asks as somebody: for scenarios and inspectors. */
  client(user: string): Client {
    return new Client(this.#parts.kernel, this.api, user);
  }
}

/** The machine that somebody asks from; undefined of who is a part of the control plane. */
function machineOf(user: string): string | undefined {
  const isOnNode = user.startsWith('kubelet/') || user.startsWith('kube-proxy/');
  return isOnNode ? user.slice(user.indexOf('/') + 1) || undefined : undefined;
}

function outageOf(why: Unreachable | undefined, server: string): Failure | undefined {
  if (why === undefined) return undefined;
  if (why === 'no-quorum') return storageFailure('etcdserver: request timed out');
  const at = server.replace('https://', '');
  const message = `dial tcp ${at}: ${why === 'refused' ? 'connect: connection refused' : 'i/o timeout'}`;
  return { reason: 'ServiceUnavailable', code: 503, message };
}

/** Declares kubectl, once for a world, and the doors by which it finds the world's clusters. */
export function addKubectl(processes: Processes, clusters: readonly Cluster[], http: Http): void {
  servePortForwards(http, processes);
  serveApiProxies(http, processes);
  for (const [name, program] of Object.entries(KUBECTL_PROGRAMS)) {
    processes.program(name, program as Program);
  }
  const endpoints = clusters.map(({ name, server, controlPlane }) => ({
    cluster: name,
    server,
    unreachable: (machine: string) => controlPlane.unreachable(machine),
  }));
  serveEndpoints(processes, endpoints);
}
