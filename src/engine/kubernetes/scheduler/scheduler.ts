import { rfc3339 } from '../../sim/clock.ts';
import type { EventType, Kernel } from '../../sim/kernel.ts';
import type { Table } from '../../sim/store.ts';
import { isPodFinished, type Pod } from '../api/pod.ts';
import type { ApiDoor } from '../api/requests.ts';
import { Client } from '../client/client.ts';
import { EventRecorder } from '../client/event-recorder.ts';
import { keyOf, setCondition, splitKey } from '../apimachinery/object.ts';
import { ClusterFollower } from './cluster-follower.ts';
import { ClusterView } from './cluster-view.ts';
import { Decisions, SCORED_NODES, VERDICT_NODES, type Decision } from './decisions.ts';
import { candidates, Filtering, type Looked, type Ready } from './filtering.ts';
import { feasibleNodesToFind } from './feasible-nodes.ts';
import type { Candidates, ClusterEvent } from './framework.ts';
import { Nominations } from './nominations.ts';
import { podInfo, type PendingPod } from './pod-info.ts';
import { CLUSTER_FILTERS, NODE_FILTERS, SCORE_PLUGINS } from './plugins/default-plugins.ts';
import { Preemptor } from './preemptor.ts';
import { mayHelp } from './queueing-hints.ts';
import { SchedulingQueue } from './scheduling-queue.ts';
import { Rejected } from './rejected.ts';
import { Scoring, scoreVerdict, type Scores } from './scoring.ts';
import { TemplateMemos, type TemplateMemo } from './template-memo.ts';
import { failureMessage, type NodeVerdict } from './verdict.ts';
import { VolumeBindings, type BindingOutcome } from './volume-bindings.ts';

/**
 * Finds a node for each Pod without one (pkg/scheduler/schedule_one.go, v1.36): filters say where
 * it can run, scores where it runs best, the best node gets it; equals are drawn by lot. Where it
 * fits nowhere, less important Pods may have to go.
 *
 * Simplified: one profile, `default-scheduler`; but for volumes, binding follows at once.
 */
const NAME = 'scheduler';
const PROFILE = 'default-scheduler';

/** Model figure: the work on one Pod. */
const CYCLE_MS = 2;

const FILTERS = { node: NODE_FILTERS, cluster: CLUSTER_FILTERS };

export class Scheduler {
  readonly #kernel: Kernel;
  readonly #client: Client;
  readonly #events: EventRecorder;
  readonly #view: ClusterView;
  readonly #queue: SchedulingQueue;
  readonly #decisions: Decisions;
  readonly #nominations: Nominations;
  readonly #filtering: Filtering;
  readonly #scoring: Scoring;
  readonly #memos: TemplateMemos;
  readonly #preemptor: Preemptor;
  readonly #volumes: VolumeBindings;
  /** Whether a cycle is due, and where the next look at the nodes begins. */
  readonly #state: Table<string, number>;
  readonly #next: EventType<object>;

  constructor(kernel: Kernel, door: ApiDoor, cluster: string) {
    const name = `${NAME}/${cluster}`;
    this.#kernel = kernel;
    const client = new Client(kernel, door, NAME);
    this.#client = client;
    this.#events = new EventRecorder(client, PROFILE);
    this.#view = new ClusterView(kernel, client, name);
    this.#decisions = new Decisions(kernel, name);
    this.#nominations = new Nominations(kernel, client, name);
    this.#filtering = new Filtering(FILTERS, this.#view, this.#nominations);
    this.#scoring = new Scoring(SCORE_PLUGINS, this.#view);
    this.#memos = new TemplateMemos(this.#view);
    this.#preemptor = new Preemptor(client, this.#events, this.#view, this.#nominations);
    this.#state = kernel.store.table<number>(`${name}/state`);
    this.#queue = new SchedulingQueue(kernel, name, () => this.#goOn());
    this.#volumes = new VolumeBindings(kernel, client, name, (outcome) => this.#finish(outcome));
    this.#next = kernel.event(`${name}/next`, () => this.#scheduleOne());
    new ClusterFollower(client, this.#view, PROFILE, {
      waiting: (pod) => this.#note(pod),
      gone: (pod) => this.#forget(pod),
      changed: (event) => this.#wake(event),
      volumes: () => this.#noteVolumes(),
    });
    client.onStart(() => this.#start());
  }

  /** How the last try for a Pod went, by its uid; undefined when it is too long ago. */
  decision(uid: string): Decision | undefined {
    return this.#decisions.get(uid);
  }

  /** After a stop: nothing is remembered but what the API server says. */
  #start(): void {
    for (const { uid, key } of this.#volumes.startOver()) {
      this.#view.remove(uid);
      this.#queue.retry(key, 0);
    }
    this.#queue.startOver();
    this.#state.delete('due');
    this.#goOn();
  }

  #note(pod: Pod): void {
    const gated = (pod.spec.schedulingGates ?? []).length > 0;
    if (this.#volumes.isWaiting(pod.metadata.uid)) return;
    this.#queue.add(keyOf(pod), pod.spec.priority ?? 0, gated);
    this.#goOn();
  }

  #forget(pod: Pod): void {
    this.#queue.remove(keyOf(pod));
    this.#nominations.delete(pod.metadata.uid);
    this.#decisions.delete(pod.metadata.uid);
    if (this.#volumes.isWaiting(pod.metadata.uid)) this.#noteVolumes();
  }

  /** Those that the event may help are tried again. */
  #wake(event: ClusterEvent): void {
    if (!this.#queue.hasUnschedulable) return;
    this.#queue.moveWhere(({ key, rejectors }) => {
      const { namespace, name } = splitKey(key);
      const pod = this.#client.get('pods', namespace, name);
      return !pod || mayHelp(FILTERS, podInfo(pod), rejectors, event);
    });
  }

  #noteVolumes(): void {
    for (const outcome of this.#volumes.takeReady()) this.#finish(outcome);
    this.#wake({ kind: 'volume' });
  }

  #goOn(): void {
    if (this.#state.has('due') || this.#queue.isEmpty || !this.#client.isRunning) return;
    this.#state.set('due', 1);
    this.#next.after(CYCLE_MS, {});
  }

  #scheduleOne(): void {
    if (!this.#state.delete('due') || !this.#client.isRunning) return;
    const next = this.#queue.pop();
    if (!next) return;
    const { namespace, name } = splitKey(next.key);
    const pod = this.#client.get('pods', namespace, name);
    const isOver =
      !pod || pod.spec.nodeName || pod.metadata.deletionTimestamp || isPodFinished(pod);
    if (isOver) this.#queue.remove(next.key);
    else this.#place(pod, next.key, next.attempts);
    this.#goOn();
  }

  #place(pod: Pod, key: string, attempts: number): void {
    const info = podInfo(pod);
    const ready = this.#filtering.prepare(info);
    const memo = this.#memos.of(info.facts);
    const looked = ready.forAll ? undefined : this.#look(info, ready, memo);
    if (!looked || looked.count === 0) {
      this.#fail(info, key, ready, looked);
      return;
    }
    const scores = this.#scoring.score(info, looked, memo);
    const number = scores.best[this.#draw(scores.ties, info.uid, attempts)]!;
    const node = this.#nameOf(looked, number);
    const verdicts = this.#verdicts(scores, number);
    const { nodes } = this.#view;
    verdicts.push(...looked.rejected.verdicts(nodes, VERDICT_NODES - verdicts.length));
    this.#assign(info, { key, node, attempts }, verdicts);
  }

  /** One of so many, by lot; what is drawn for one Pod changes nothing for others. */
  #draw(choices: number, uid: string, attempts: number): number {
    if (choices === 1) return 0;
    return this.#kernel.random(NAME, uid, attempts).integer(0, choices - 1);
  }

  #nameOf({ places }: Candidates, number: number): string {
    return this.#view.nodes[places[number]!]!.name;
  }

  /** Of the chosen node, then of some others. */
  #verdicts(scores: Scores, chosen: number): NodeVerdict[] {
    const { candidates: nodes } = scores;
    const plugins = scores.byPlugin.map(({ name }) => name);
    const verdict = (number: number) =>
      scoreVerdict(scores, plugins, this.#nameOf(nodes, number), number);
    const verdicts = [verdict(chosen)];
    for (let i = 0; i < nodes.count && verdicts.length < SCORED_NODES; i++) {
      if (i !== chosen) verdicts.push(verdict(i));
    }
    return verdicts;
  }

  /** The node that was freed for the Pod first; else the nodes in turn, from where the last look stopped. */
  #look(info: PendingPod, ready: Ready, memo: TemplateMemo): Looked {
    const nominated = info.pod.status.nominatedNodeName;
    const node = nominated === undefined ? undefined : this.#view.node(nominated);
    if (node && !this.#filtering.judgeTrial(info, ready, node)) {
      return { ...candidates([node]), rejected: new Rejected(0), processed: 0, unnamed: 0 };
    }
    const total = this.#view.nodeCount;
    const start = total === 0 ? 0 : (this.#state.get('start') ?? 0) % total;
    const looked = this.#filtering.look(info, ready, memo, start, feasibleNodesToFind(total));
    if (total > 0) this.#state.set('start', (start + looked.processed) % total);
    return looked;
  }

  #assign(
    info: PendingPod,
    {
      key,
      node,
      attempts,
    }: { readonly key: string; readonly node: string; readonly attempts: number },
    verdicts: readonly NodeVerdict[],
  ): void {
    const { uid } = info;
    this.#queue.remove(key);
    this.#nominations.delete(uid);
    this.#view.place(info.pod, node, info);
    this.#decisions.set(uid, { pod: key, node, message: assigned(key, node), verdicts });
    if (this.#volumes.begin(info, node, attempts)) this.#bind(info, key, node, verdicts);
  }

  #bind(info: PendingPod, key: string, node: string, verdicts: readonly NodeVerdict[]): void {
    const { pod, namespace, name, uid } = info;
    const decision = this.#events.tell(pod, {
      type: 'Normal',
      reason: 'Scheduled',
      message: assigned(key, node),
      detail: { node, verdicts },
    });
    this.#kernel.because(decision, () => {
      const result = this.#client.bind(namespace, name, node);
      if (!result.ok) this.#takeBack(pod, key, uid);
      else this.#wake({ kind: 'pod-added', pod: info, node });
    });
  }

  /** The API server did not take the binding: it is tried again later. */
  #takeBack(pod: Pod, key: string, uid: string): void {
    this.#view.remove(uid);
    const now = this.#client.get('pods', pod.metadata.namespace ?? '', pod.metadata.name);
    if (now?.metadata.uid !== uid || now.spec.nodeName) return;
    this.#queue.retry(key, pod.spec.priority ?? 0);
  }

  /** A Pod's volumes are bound, or will not be. */
  #finish({ key, uid, node, attempts, error }: BindingOutcome): void {
    const { namespace, name } = splitKey(key);
    const pod = this.#client.get('pods', namespace, name);
    if (pod?.metadata.uid !== uid || pod.spec.nodeName || pod.metadata.deletionTimestamp) {
      this.#view.remove(uid);
    } else if (error === undefined) {
      this.#bind(podInfo(pod), key, node, this.#decisions.get(uid)?.verdicts ?? []);
    } else {
      this.#view.remove(uid);
      const news = { type: 'Warning', reason: 'FailedScheduling', message: error } as const;
      const told = this.#events.tell(pod, news);
      this.#kernel.because(told, () => this.#noteFailure(pod, error, undefined, 'SchedulerError'));
      this.#queue.retry(key, pod.spec.priority ?? 0, attempts);
    }
  }

  #fail(info: PendingPod, key: string, ready: Ready, looked: Looked | undefined): void {
    const { pod } = info;
    const totalNodes = this.#view.nodeCount;
    const rejected = looked?.rejected.verdicts(this.#view.nodes) ?? [];
    const trial = { pod: info, ready, filtering: this.#filtering, rejected };
    const outcome = looked && totalNodes > 0 ? this.#preemptor.preempt(trial) : undefined;
    const message = failureMessage({
      totalNodes,
      forAll: ready.forAll?.reason,
      rejected,
      ...(looked && looked.unnamed > 0 && { others: { count: looked.unnamed, reason: UNNAMED } }),
      preemption: outcome?.message,
    });
    const verdicts = rejected.slice(0, VERDICT_NODES);
    this.#decisions.set(info.uid, { pod: key, message, verdicts });
    const decision = this.#events.tell(pod, {
      type: 'Warning',
      reason: 'FailedScheduling',
      message,
      detail: { verdicts },
    });
    this.#queue.failed(key, rejectorsOf(ready, looked));
    this.#kernel.because(decision, () => {
      this.#noteFailure(pod, message, outcome?.nominated);
      outcome?.carryOut?.();
    });
  }

  /** Says in the Pod's status why it waits, and for which node if one is being freed for it. */
  #noteFailure(
    pod: Pod,
    message: string,
    nominated: string | undefined,
    reason: 'Unschedulable' | 'SchedulerError' = 'Unschedulable',
  ): void {
    const conditions = setCondition(pod.status.conditions ?? [], {
      type: 'PodScheduled',
      status: 'False',
      reason,
      message,
      lastProbeTime: null,
      lastTransitionTime: rfc3339(this.#kernel.now),
      observedGeneration: pod.metadata.generation,
    });
    const { nominatedNodeName: before, ...rest } = pod.status;
    const nominatedNodeName = nominated ?? before;
    const status = {
      ...rest,
      conditions,
      ...(nominatedNodeName && { nominatedNodeName }),
    };
    this.#client.updateStatus('pods', { ...pod, status });
  }
}

const UNNAMED = "node(s) didn't satisfy plugin(s) [NodeAffinity]";

const assigned = (key: string, node: string): string => `Successfully assigned ${key} to ${node}`;

/** Which plugins kept the Pod off: an event has to help with one of them. */
function rejectorsOf(ready: Ready, looked: Looked | undefined): string[] {
  const plugins = new Set<string>();
  if (ready.forAll) plugins.add(ready.forAll.plugin);
  for (const plugin of looked?.rejected.plugins ?? []) plugins.add(plugin);
  if (looked && looked.unnamed > 0) plugins.add('NodeAffinity');
  return [...plugins];
}
