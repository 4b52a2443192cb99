import { MINUTE } from '../../sim/clock.ts';
import type { EventType, Kernel } from '../../sim/kernel.ts';
import { ask, type Program } from '../../sim/process.ts';
import type { Processes } from '../../sim/processes.ts';
import type { Table } from '../../sim/store.ts';
import { kubeletService, type NodeAnswers } from '../api/node-requests.ts';
import type { ApiDoor, ApiRequest } from '../api/requests.ts';
import type { ResourceName } from '../api/resources.ts';
import type { Pod } from '../api/pod.ts';
import { formatSelector, type LabelSelector } from '../apimachinery/label-selector.ts';
import type { KubeObject } from '../apimachinery/object.ts';
import { failed, notFound, success, type Failure, type Result } from '../apimachinery/status.ts';
import { Client } from '../client/client.ts';
import { nodeMetrics, podMetrics, RESOLUTION_MS, type Samples } from './rates.ts';

/**
 * Serves what Pods and nodes use, as the group `metrics.k8s.io`: every 15 s it asks each kubelet,
 * and keeps the last two answers (kubernetes-sigs/metrics-server `pkg/{server,scraper,storage}`,
 * v0.8).
 *
 * Simplified: in a cluster of more than 100 nodes it asks only the nodes of Pods that somebody looks
 * at, and for five minutes after; who looks first there finds `metrics not available yet` for half a
 * minute.
 */
const NAME = 'metrics-server';

/** From so many nodes on, figures nobody looks at are not collected. */
const ALWAYS_UP_TO_NODES = 100;
const INTEREST_MS = 5 * MINUTE;
/** Figures of a node that has not answered since are forgotten. */
const STALE_MS = 2 * RESOLUTION_MS;

/** Pods of a namespace by labels; without a selector, everything there is. */
interface Look {
  readonly atMs: number;
  readonly namespace?: string;
  readonly labelSelector?: LabelSelector;
}

interface Scrape {
  readonly service: string;
  readonly node: string;
}

const scrape: Program<Scrape, NodeAnswers['stats']> = function* ({ service, node }) {
  return yield* ask<NodeAnswers['stats']>(service, { op: 'stats', node });
};

export class MetricsServer {
  readonly resources: readonly ResourceName[] = ['pods.metrics.k8s.io', 'nodes.metrics.k8s.io'];
  readonly #kernel: Kernel;
  readonly #processes: Processes;
  readonly #client: Client;
  readonly #cluster: string;
  readonly #samples: Table<string, Samples>;
  /** Nodes that have been asked and have not answered. */
  readonly #asked: Table<string, { readonly sinceMs: number }>;
  /** What somebody has asked for lately. */
  readonly #looks: Table<string, Look>;
  readonly #tick: EventType<object>;
  readonly #answered: string;

  constructor(kernel: Kernel, processes: Processes, door: ApiDoor, cluster: string) {
    const name = `${NAME}/${cluster}`;
    this.#kernel = kernel;
    this.#processes = processes;
    this.#client = new Client(kernel, door, NAME);
    this.#cluster = cluster;
    this.#samples = kernel.store.table(`${name}/samples`);
    this.#asked = kernel.store.table(`${name}/asked`);
    this.#looks = kernel.store.table(`${name}/looks`);
    this.#answered = `${name}/answered`;
    processes.program(`${name}/scrape`, scrape);
    this.#client.onStart(() => {
      // What it knew was in the process that has ended.
      for (const [node] of [...this.#samples.entries()]) this.#samples.delete(node);
    });
    this.#tick = kernel.event(`${name}/tick`, () => {
      this.#tick.after(RESOLUTION_MS, {});
      if (this.#client.isRunning) this.#scrape();
    });
    kernel.event<{ node: string; ending: { result?: unknown } }>(this.#answered, (news) => {
      this.#keep(news.node, news.ending.result as NodeAnswers['stats'] | undefined);
    });
  }

  start(): void {
    this.#tick.after(RESOLUTION_MS, {});
  }

  /** Why the API cannot pass requests on. */
  readonly failure = (): Failure | undefined => {
    if (this.#client.isRunning) return undefined;
    const message = 'the server is currently unable to handle the request';
    return { reason: 'ServiceUnavailable', code: 503, message };
  };

  readonly get = (resource: ResourceName, namespace: string, name: string): Result<KubeObject> => {
    this.#noteLook();
    if (resource === 'nodes.metrics.k8s.io') {
      const node = this.#client.get('nodes', '', name);
      const samples = this.#samples.get(name);
      const metrics = node && samples && nodeMetrics(samples, node);
      return metrics ? success(metrics) : failed(notFound('nodemetrics.metrics.k8s.io', name));
    }
    const pod = this.#client.get('pods', namespace, name);
    const metrics = pod && this.#ofPod(pod);
    if (metrics) return success(metrics);
    return failed(notFound('podmetrics.metrics.k8s.io', `${namespace}/${name}`));
  };

  readonly list = (request: ApiRequest): KubeObject[] => {
    this.#noteLook(request);
    return request.resource === 'nodes.metrics.k8s.io' ? this.#ofNodes() : this.#ofPods(request);
  };

  #ofNodes(): KubeObject[] {
    const metrics: KubeObject[] = [];
    for (const node of this.#client.scan('nodes')) {
      const samples = this.#samples.get(node.metadata.name);
      const found = samples && nodeMetrics(samples, node);
      if (found) metrics.push(found);
    }
    return metrics;
  }

  #ofPods({ namespace = '', labelSelector }: ApiRequest): KubeObject[] {
    const metrics: KubeObject[] = [];
    const pods =
      labelSelector && namespace
        ? this.#client.select('pods', namespace, labelSelector)
        : this.#client.scan('pods', namespace);
    for (const pod of pods) {
      const found = this.#ofPod(pod);
      if (found) metrics.push(found);
    }
    return metrics;
  }

  #ofPod(pod: Pod): KubeObject | undefined {
    const samples = pod.spec.nodeName ? this.#samples.get(pod.spec.nodeName) : undefined;
    return samples && podMetrics(samples, pod);
  }

  #noteLook({ resource, namespace, labelSelector }: Partial<ApiRequest> = {}): void {
    const atMs = this.#kernel.now;
    if (resource !== 'pods.metrics.k8s.io' || !namespace || !labelSelector) {
      this.#looks.set('all', { atMs });
    } else {
      const key = `${namespace}/${formatSelector(labelSelector)}`;
      this.#looks.set(key, { atMs, namespace, labelSelector });
    }
  }

  #scrape(): void {
    if (!this.#processes.hasService(kubeletService(this.#cluster))) return;
    const { now } = this.#kernel;
    for (const [node, { last }] of [...this.#samples.entries()]) {
      if (now - last.timeMs > STALE_MS) this.#samples.delete(node);
    }
    const nodes = this.#isSmall() ? this.#allNodes() : this.#nodesLookedAt();
    for (const node of nodes) this.#ask(node);
  }

  #isSmall(): boolean {
    const nodes = this.#client.scan('nodes');
    for (let i = 0; i <= ALWAYS_UP_TO_NODES; i++) if (nodes.next().done) return true;
    return false;
  }

  #allNodes(): string[] {
    return [...this.#client.scan('nodes')].map(({ metadata }) => metadata.name);
  }

  /** The nodes of what somebody has asked for lately. */
  #nodesLookedAt(): Iterable<string> {
    const nodes = new Set<string>();
    for (const [key, { atMs, namespace = '', labelSelector }] of [...this.#looks.entries()]) {
      if (this.#kernel.now - atMs > INTEREST_MS) this.#looks.delete(key);
      else if (!labelSelector) return this.#allNodes();
      else {
        for (const { spec } of this.#client.select('pods', namespace, labelSelector)) {
          if (spec.nodeName) nodes.add(spec.nodeName);
        }
      }
    }
    return nodes;
  }

  /** One that has not answered the last question is not waited for any longer. */
  #ask(node: string): void {
    const group = `${NAME}/${this.#cluster}/${node}`;
    if (this.#asked.has(node)) this.#processes.killGroup(group);
    this.#asked.set(node, { sinceMs: this.#kernel.now });
    const question: Scrape = { service: kubeletService(this.#cluster), node };
    this.#processes.spawn(`${NAME}/${this.#cluster}/scrape`, question, {
      group,
      then: { event: this.#answered, payload: { node } },
    });
  }

  #keep(node: string, answer: NodeAnswers['stats'] | undefined): void {
    if (!answer) return;
    this.#asked.delete(node);
    if (!answer.ok) return;
    const known = this.#samples.get(node);
    if (known && known.last.timeMs >= answer.usage.timeMs) return;
    this.#samples.set(node, { last: answer.usage, ...(known && { previous: known.last }) });
  }
}
