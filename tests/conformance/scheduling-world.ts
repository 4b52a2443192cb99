import type { Node, Taint } from '../../src/engine/kubernetes/api/cluster-objects.ts';
import type { Pod, PodSpec } from '../../src/engine/kubernetes/api/pod.ts';
import type { ApiDoor } from '../../src/engine/kubernetes/api/requests.ts';
import type { Labels } from '../../src/engine/kubernetes/apimachinery/object.ts';
import { Client } from '../../src/engine/kubernetes/client/client.ts';
import { ClusterView } from '../../src/engine/kubernetes/scheduler/cluster-view.ts';
import type {
  ClusterFilter,
  NodeFilter,
  Rejection,
  ScorePlugin,
} from '../../src/engine/kubernetes/scheduler/framework.ts';
import type { NodeInfo } from '../../src/engine/kubernetes/scheduler/node-facts.ts';
import { candidates } from '../../src/engine/kubernetes/scheduler/filtering.ts';
import { podInfo, type PendingPod } from '../../src/engine/kubernetes/scheduler/pod-info.ts';
import { Kernel } from '../../src/engine/sim/kernel.ts';

/** A cluster as a row describes it: nodes, the Pods on them, and the Pod that is to be placed. */
export type ResourceFacts = Readonly<Record<string, string | number>>;

export type PodFacts = Partial<PodSpec> & {
  readonly name?: string;
  readonly namespace?: string;
  readonly labels?: Labels;
  readonly terminating?: boolean;
  readonly containers?: readonly ContainerFacts[];
  readonly initContainers?: readonly ContainerFacts[];
  readonly ownerReferences?: Pod['metadata']['ownerReferences'];
};

interface ContainerFacts {
  readonly name?: string;
  readonly image?: string;
  readonly requests?: ResourceFacts;
}

export interface NodeFacts {
  readonly name: string;
  readonly labels?: Labels;
  readonly allocatable?: ResourceFacts;
  readonly taints?: readonly Taint[];
  readonly unschedulable?: boolean;
  readonly images?: Node['status']['images'];
}

export interface WorldFacts {
  readonly pod?: PodFacts;
  readonly existingPods?: readonly PodFacts[];
  readonly node?: NodeFacts;
  readonly nodes?: readonly NodeFacts[];
  /** Nodes that are there and did not pass the filters. */
  readonly filteredOutNodes?: readonly NodeFacts[];
  /** Labels of namespaces, by name. */
  readonly namespaces?: Readonly<Record<string, Labels>>;
}

export interface Status {
  readonly fits: boolean;
  readonly status?: string;
  readonly reasons?: readonly string[];
}

const NAMESPACE = 'default';

export class SchedulingWorld {
  readonly pod: PendingPod;
  readonly #view: ClusterView;
  readonly #names: readonly string[];

  constructor(facts: WorldFacts) {
    const { pod = {}, existingPods = [], node, nodes = [], filteredOutNodes = [] } = facts;
    const kernel = new Kernel({ seed: 1 });
    const client = new Client(kernel, emptyDoor(facts.namespaces ?? {}), 'scheduler');
    this.#view = new ClusterView(kernel, client, 'scheduler/row');
    const feasible = node ? [node] : nodes;
    this.#names = feasible.map(({ name }) => name);
    for (const one of [...feasible, ...filteredOutNodes]) this.#view.noteNode(nodeOf(one));
    existingPods.forEach((one, i) => {
      this.#view.place(podOf(one, `existing-${i}`), one.nodeName ?? '');
    });
    this.pod = podInfo(podOf(pod, 'incoming'));
  }

  node(name: string): NodeInfo {
    return this.#view.node(name)!;
  }

  /** What a filter says of each node. */
  filterAlone(plugin: NodeFilter): Record<string, Status> {
    return this.#each((node) => plugin.filter(this.pod, node));
  }

  filter(plugin: ClusterFilter): Record<string, Status> {
    const prepared = plugin.prepare(this.pod, this.#view);
    return this.#each((node) => {
      if (!prepared) return undefined;
      return 'reasons' in prepared ? prepared : prepared.filter(node);
    });
  }

  /** Normalised scores of the nodes, without the plugin's weight. */
  score(plugin: ScorePlugin): Record<string, unknown> {
    const feasible = this.#names.map((name) => this.node(name));
    const state = { view: this.#view, ...candidates(feasible) };
    const scorer = plugin.scorer(this.pod, state);
    const scores = Int32Array.from(feasible, (node) => scorer?.(node) ?? 0);
    if (scorer) plugin.normalize?.(scores, scores.length);
    const byName = Object.fromEntries(this.#names.map((name, i) => [name, scores[i]]));
    return { scores: byName, skipped: scorer === undefined };
  }

  #each(judge: (node: NodeInfo) => Rejection | undefined): Record<string, Status> {
    return Object.fromEntries(
      this.#names.map((name): [string, Status] => {
        const rejection = judge(this.node(name));
        if (!rejection) return [name, { fits: true }];
        const { resolvable, reasons } = rejection;
        const status = resolvable ? 'Unschedulable' : 'UnschedulableAndUnresolvable';
        return [name, { fits: false, status, reasons }];
      }),
    );
  }
}

function meta(name: string) {
  return { name, uid: name, resourceVersion: '', creationTimestamp: '' };
}

function nodeOf({ name, labels, allocatable, taints, unschedulable, images }: NodeFacts): Node {
  return {
    apiVersion: 'v1',
    kind: 'Node',
    metadata: { ...meta(name), labels },
    spec: { taints, unschedulable },
    status: { allocatable, images },
  };
}

function podOf(facts: PodFacts, uid: string): Pod {
  const {
    name = uid,
    namespace = NAMESPACE,
    labels,
    terminating,
    ownerReferences,
    ...spec
  } = facts;
  const { containers = [], initContainers, ...rest } = spec;
  const complete = (container: ContainerFacts, i: number) => {
    const { requests, name: own = `c${i}`, image = '', ...others } = container;
    return { ...others, name: own, image, ...(requests && { resources: { requests } }) };
  };
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: {
      ...meta(name),
      uid,
      namespace,
      labels,
      ownerReferences,
      ...(terminating && { deletionTimestamp: '2026-01-05T00:00:00Z' }),
    },
    spec: {
      ...rest,
      containers: containers.map(complete),
      ...(initContainers && { initContainers: initContainers.map(complete) }),
    },
    status: { phase: 'Pending' },
  };
}

/** An API server that knows of namespaces only. */
function emptyDoor(namespaces: Readonly<Record<string, Labels>>): ApiDoor {
  return {
    components: { isRunning: () => true, onStart: () => undefined },
    request: () => ({ ok: false, status: {} }),
    watch: () => undefined,
    follow: () => undefined,
    byIndex: () => [],
    countByIndex: () => 0,
    read: (resource: string, _: string, name: string) =>
      resource === 'namespaces' ? { metadata: { name, labels: namespaces[name] } } : undefined,
    scan: () => [],
  } as unknown as ApiDoor;
}
