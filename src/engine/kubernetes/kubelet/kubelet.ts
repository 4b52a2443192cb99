import type { EventType, Kernel } from '../../sim/kernel.ts';
import type { Table } from '../../sim/store.ts';
import type { Addresses } from '../../net/address.ts';
import type { Http } from '../../net/http.ts';
import { nodeTerm } from '../api/index-terms.ts';
import type { Container, Pod } from '../api/pod.ts';
import type { ApiDoor, WatchEvent } from '../api/requests.ts';
import { sameValue } from '../apimachinery/canonical-json.ts';
import { describeObject } from '../apimachinery/object.ts';
import { Client } from '../client/client.ts';
import { WorkQueue } from '../client/work-queue.ts';
import { newContainer } from './new-container.ts';
import { goDuration, nextBackoff, remainingMs } from './backoff.ts';
import type { ContainerExit, ContainerRuntime, PullOutcome, StartOutcome } from './cri.ts';
import { PodReports } from './pod-reports.ts';
import { PodTermination } from './pod-termination.ts';
import { endedBy, shouldRestart } from './pod-status.ts';
import { NEW_CONTAINER, workKey, type ContainerWork, type PodWork } from './pod-worker-row.ts';
import {
  firstProbeMs,
  PROBE_KINDS,
  probeOf,
  Prober,
  type ProbeResult,
  type ProbeTarget,
} from './probes.ts';

/**
 * The kubelets of a cluster, one for each of its nodes (pkg/kubelet/{kubelet,pod_workers}.go and
 * kuberuntime, v1.36): what the API server binds to a node is pulled, started, probed, restarted,
 * reported, and in the end stopped. Each Pod has a worker that looks at it whenever something
 * happened.
 *
 * Simplified: one room for all nodes, their rows apart; a kubelet that has stopped goes on where it
 * stopped, without the restart of its Pods' probes; init containers, volumes and resource pressure
 * are not there yet.
 */
export interface KubeletWorld {
  readonly kernel: Kernel;
  readonly door: ApiDoor;
  readonly http: Http;
  readonly addresses: Addresses;
  readonly runtime: ContainerRuntime;
  /** Whether a node's kubelet has stopped. */
  readonly isSilent: (node: string) => boolean;
  readonly cluster: string;
}

/** Which container of which Pod an answer of the runtime is about. */
interface About {
  readonly key: string;
  readonly container: string;
  readonly id: string;
}

export interface NodeAddress {
  readonly ip: string;
  readonly pool: string;
}

export class Kubelets {
  readonly #world: KubeletWorld;
  readonly #work: Table<string, PodWork>;
  readonly #nodes: Table<string, NodeAddress>;
  readonly #queue: WorkQueue;
  readonly #prober: Prober;
  readonly #reports: PodReports;
  readonly #pulled: EventType<About & { answer: PullOutcome; sinceMs: number }>;
  readonly #started: EventType<About & { answer: StartOutcome }>;
  readonly #exited: EventType<About & { exit: ContainerExit }>;
  readonly #termination: PodTermination;
  readonly #probe: EventType<ProbeTarget>;

  constructor(world: KubeletWorld) {
    const { kernel, door, http, isSilent, cluster } = world;
    const name = `kubelet/${cluster}`;
    this.#world = world;
    this.#reports = new PodReports(kernel, door, isSilent);
    this.#work = kernel.store.table<PodWork>(`${name}/pods`);
    this.#nodes = kernel.store.table<NodeAddress>(`${name}/nodes`);
    const client = new Client(kernel, door, 'kubelet');
    this.#queue = new WorkQueue(client, name, (key) => this.#sync(key));
    this.#prober = new Prober(kernel, http, name, (target, result) =>
      this.#noteProbe(target, result),
    );
    this.#pulled = kernel.event(`${name}/pulled`, (news) => this.#notePull(news));
    this.#started = kernel.event(`${name}/started`, (news) => this.#noteStart(news));
    this.#exited = kernel.event(`${name}/exited`, (news) => this.#noteExit(news));
    this.#termination = new PodTermination({
      kernel,
      name,
      runtime: world.runtime,
      reports: this.#reports,
      pods: this.#work,
      report: (key) => this.#report(key),
      lookAgain: (key, work) => this.#requeue(key, work, 0),
      forget: (key, work) => this.#forget(key, work),
    });
    this.#probe = kernel.event(`${name}/probe`, (target) => this.#runProbe(target));
    client.watch(
      'pods',
      'pods',
      (event) => this.#nodes.has(event.object.spec.nodeName ?? '') && isForKubelet(event),
      ({ object }) =>
        this.#queue.add(`${workKey(nodeOf(object), object.metadata.uid)} ${podKey(object)}`),
      ({ object }) => `kubelet/${nodeOf(object)}`,
    );
  }

  /** Puts a kubelet to work on a node: its address, and the pool of its Pods' addresses. */
  addNode(node: string, address: NodeAddress): void {
    this.#nodes.set(node, address);
  }

  /** A kubelet that went on again looks at all its Pods, there and in the API. */
  lookAgain(node: string): void {
    for (const [key, work] of this.#work.withPrefix(workKey(node, ''))) this.#requeue(key, work, 0);
    const client = this.#reports.client(node);
    for (const { metadata } of client.byIndex('pods', nodeTerm(node))) {
      const { namespace = '', name, uid } = metadata;
      this.#queue.add(`${workKey(node, uid)} ${namespace}/${name}`);
    }
  }

  /** Looks at one Pod: the key is its row's, and its namespace and name. */
  #sync(queued: string): boolean {
    const [key = '', at = ''] = queued.split(' ');
    const [namespace = '', name = ''] = at.split('/');
    const node = key.slice(0, key.indexOf('/'));
    if (this.#world.isSilent(node)) return true;
    const pod = this.#reports.client(node).get('pods', namespace, name);
    const work = this.#work.get(key);
    if (!pod || workKey(node, pod.metadata.uid) !== key) {
      if (work) this.#termination.stopAll(key, work, undefined, 0);
      return true;
    }
    if (pod.metadata.deletionTimestamp) {
      this.#termination.advance(key, pod, work);
      return true;
    }
    const present = work ?? this.#admit(key, node, pod);
    if (!present) return true;
    for (const container of pod.spec.containers) this.#advance(key, pod, container);
    return this.#report(key);
  }

  #admit(key: string, node: string, pod: Pod): PodWork | undefined {
    const { namespace = '', name, uid } = pod.metadata;
    const { addresses, kernel } = this.#world;
    const { pool } = this.#nodes.need(node);
    const ip = addresses.allocate(pool, { machine: node, owner: describeObject(pod) });
    if (ip === undefined) {
      const message = 'Failed to create pod sandbox: no IP addresses available in range set';
      const reason = 'FailedCreatePodSandBox';
      this.#reports.warn(node, pod, '', reason, message);
      return undefined;
    }
    const startedMs = kernel.now;
    const work = { node, namespace, name, uid, ip, startedMs, containers: {} };
    this.#work.set(key, work);
    return work;
  }

  #change(key: string, container: string, change: Partial<ContainerWork>): ContainerWork {
    const work = this.#work.need(key);
    const next = { ...(work.containers[container] ?? NEW_CONTAINER), ...change };
    this.#work.set(key, { ...work, containers: { ...work.containers, [container]: next } });
    return next;
  }

  /** Takes a container's next step, if it has one to take now. */
  #advance(key: string, pod: Pod, container: Container): void {
    const work = this.#work.need(key);
    const state = work.containers[container.name] ?? NEW_CONTAINER;
    if (state.stage !== 'idle') return;
    const { now } = this.#world.kernel;
    if (state.ended) {
      if (!shouldRestart(pod.spec.restartPolicy ?? 'Always', state.ended.state.exitCode)) return;
      const leftMs = remainingMs(state.crashBackoff, state.ended.finishedMs, now);
      if (leftMs > 0) return this.#waitAfterCrash(key, pod, container, state, leftMs);
    }
    if (state.pullBackoff) {
      const leftMs = remainingMs(state.pullBackoff, state.pullBackoff.takenMs, now);
      if (leftMs > 0) return this.#waitAfterPull(key, pod, container, state, leftMs);
    }
    if (state.ended) {
      this.#change(key, container.name, { crashBackoff: nextBackoff(state.crashBackoff, now) });
    }
    this.#findImage(key, pod, container);
  }

  #waitAfterCrash(
    key: string,
    pod: Pod,
    { name }: Container,
    { crashBackoff }: ContainerWork,
    leftMs: number,
  ): void {
    const work = this.#work.need(key);
    this.#requeue(key, work, leftMs);
    if (work.containers[name]?.waiting.reason === 'CrashLoopBackOff') return;
    const delay = goDuration(crashBackoff?.delayMs ?? 0);
    const whose = `pod=${work.name}_${work.namespace}(${work.uid})`;
    const message = `back-off ${delay} restarting failed container=${name} ${whose}`;
    this.#change(key, name, { waiting: { reason: 'CrashLoopBackOff', message } });
    this.#reports.warn(
      nodeOf(pod),
      pod,
      name,
      'BackOff',
      `Back-off restarting failed container ${name} in pod ${whose.slice(4)}`,
    );
  }

  #waitAfterPull(
    key: string,
    pod: Pod,
    { name, image }: Container,
    { waiting }: ContainerWork,
    leftMs: number,
  ): void {
    this.#requeue(key, this.#work.need(key), leftMs);
    if (waiting.reason === 'ImagePullBackOff') return;
    const message = `Back-off pulling image "${image}": ErrImagePull: ${waiting.message ?? ''}`;
    this.#reports.tell(nodeOf(pod), pod, name, 'BackOff', `Back-off pulling image "${image}"`);
    this.#reports.warn(nodeOf(pod), pod, name, 'Failed', 'Error: ImagePullBackOff');
    this.#change(key, name, { waiting: { reason: 'ImagePullBackOff', message } });
  }

  #findImage(key: string, pod: Pod, container: Container): void {
    const { node } = this.#work.need(key);
    const { runtime, kernel } = this.#world;
    const { name, image, imagePullPolicy: policy = 'IfNotPresent' } = container;
    const present = policy === 'Always' ? undefined : runtime.image(node, image);
    if (present) {
      const message = `Container image "${image}" already present on machine and can be accessed by the pod`;
      const record = this.#reports.tell(nodeOf(pod), pod, name, 'Pulled', message);
      kernel.because(record, () => this.#start(key, pod, container));
    } else if (policy === 'Never') {
      const message = `Container image "${image}" is not present with pull policy of Never`;
      this.#change(key, name, { waiting: { reason: 'ErrImageNeverPull', message } });
      this.#reports.warn(nodeOf(pod), pod, name, 'ErrImageNeverPull', message);
    } else {
      const record = this.#reports.tell(
        nodeOf(pod),
        pod,
        name,
        'Pulling',
        `Pulling image "${image}"`,
      );
      this.#change(key, name, { stage: 'pulling' });
      const about = { key, container: name, id: '', sinceMs: kernel.now };
      kernel.because(record, () => runtime.pull(node, image, this.#pulled.name, about));
    }
  }

  #notePull({
    key,
    container: name,
    answer,
    sinceMs,
  }: About & { answer: PullOutcome; sinceMs: number }): void {
    const found = this.#find(key, name);
    if (found?.state.stage !== 'pulling') return;
    const { pod, container, work } = found;
    const { kernel } = this.#world;
    this.#change(key, name, { stage: 'idle' });
    if (work.terminating || this.#world.isSilent(work.node)) return this.#requeue(key, work, 0);
    if (answer.ok) {
      const took = `${(kernel.now - sinceMs) / 1000}s`;
      const size = answer.image.contentBytes;
      const message =
        `Successfully pulled image "${container.image}" in ${took} (${took} including waiting). ` +
        `Image size: ${size} bytes.`;
      this.#change(key, name, { pullBackoff: undefined });
      const record = this.#reports.tell(nodeOf(pod), pod, name, 'Pulled', message);
      kernel.because(record, () => {
        this.#start(key, pod, container);
        this.#report(key);
      });
      return;
    }
    const message = `Failed to pull image "${container.image}": ${answer.message}`;
    const record = this.#reports.warn(nodeOf(pod), pod, name, 'Failed', message);
    kernel.because(record, () => {
      this.#reports.warn(nodeOf(pod), pod, name, 'Failed', 'Error: ErrImagePull');
      this.#change(key, name, {
        waiting: { reason: 'ErrImagePull', message: answer.message },
        pullBackoff: nextBackoff(found.state.pullBackoff, kernel.now),
      });
      this.#report(key);
      this.#requeue(key, work, 1000);
    });
  }

  #start(key: string, pod: Pod, container: Container): void {
    const { runtime, kernel } = this.#world;
    const work = this.#work.need(key);
    const { node, uid } = work;
    const { name } = container;
    const state = work.containers[name] ?? NEW_CONTAINER;
    const attempt = state.restarts + (state.ended ? 1 : 0);
    const id = kernel
      .random('kubelet', uid, name, attempt, kernel.now)
      .text(64, '0123456789abcdef');
    const about: About = { key, container: name, id };
    if (state.id) runtime.delete(node, state.id);
    const exitEvent = { event: this.#exited.name, payload: about };
    const refused = runtime.create(node, newContainer(pod, container, id, work.ip, exitEvent));
    if (refused !== undefined) return this.#refuse(key, pod, name, 'CreateContainerError', refused);
    const image = runtime.image(node, container.image);
    this.#change(key, name, { stage: 'starting', id, restarts: attempt, imageId: image?.id ?? '' });
    const record = this.#reports.tell(nodeOf(pod), pod, name, 'Created', 'Container created');
    kernel.because(record, () => runtime.start(node, id, this.#started.name, about));
  }

  #refuse(key: string, pod: Pod, name: string, reason: string, message: string): void {
    const work = this.#work.need(key);
    const { kernel } = this.#world;
    this.#reports.warn(nodeOf(pod), pod, name, 'Failed', `Error: ${message}`);
    const backoff = nextBackoff(work.containers[name]?.crashBackoff, kernel.now);
    this.#change(key, name, { stage: 'idle', waiting: { reason, message }, crashBackoff: backoff });
    this.#requeue(key, work, backoff.delayMs);
  }

  #noteStart({ key, container: name, id, answer }: About & { answer: StartOutcome }): void {
    const found = this.#find(key, name);
    if (found?.state.id !== id || found.state.stage !== 'starting') return;
    const { pod, container, work } = found;
    const { kernel } = this.#world;
    if (!answer.ok) {
      this.#refuse(key, pod, name, 'RunContainerError', answer.message);
      this.#report(key);
      return;
    }
    this.#change(key, name, {
      stage: 'running',
      startedMs: kernel.now,
      waiting: {},
      ready: !container.readinessProbe && !container.startupProbe,
      started: !container.startupProbe,
      probes: {},
      stopping: undefined,
    });
    if (work.terminating) return this.#requeue(key, work, 0);
    const record = this.#reports.tell(nodeOf(pod), pod, name, 'Started', 'Container started');
    kernel.because(record, () => {
      for (const kind of PROBE_KINDS) {
        const probe = probeOf(container, kind);
        const target = { key, container: name, id, kind };
        if (probe) this.#probe.after(firstProbeMs(kernel, target, probe), target);
      }
      this.#report(key);
    });
  }

  #noteExit({ key, container: name, id, exit }: About & { exit: ContainerExit }): void {
    const work = this.#work.get(key);
    const state = work?.containers[name];
    if (!work || state?.id !== id) return;
    const { kernel } = this.#world;
    const ended = endedBy(exit);
    const record = kernel.record({
      actor: `kubelet/${work.node}`,
      verb: 'exit',
      object: `Pod ${work.namespace}/${work.name}`,
      reason: ended.state.reason,
      detail: { container: name, exitCode: exit.exitCode },
    });
    this.#change(key, name, {
      stage: 'idle',
      ended,
      waiting: {},
      ready: false,
      started: false,
    });
    kernel.because(record, () => this.#requeue(key, work, 0));
  }

  #requeue(key: string, { namespace, name }: PodWork, delayMs: number): void {
    this.#queue.add(`${key} ${namespace}/${name}`, delayMs);
  }

  #find(key: string, container: string) {
    const work = this.#work.get(key);
    const state = work?.containers[container];
    if (!work || !state) return undefined;
    const pod = this.#reports.client(work.node).get('pods', work.namespace, work.name);
    const spec = pod?.spec.containers.find(({ name }) => name === container);
    if (!pod || !spec || pod.metadata.uid !== work.uid) return undefined;
    return { work, state, pod, container: spec };
  }

  #runProbe(target: ProbeTarget): void {
    const found = this.#find(target.key, target.container);
    const { state, work, container } = found ?? {};
    if (state?.id !== target.id || !work || !container) return;
    if (state.stage !== 'running' || work.terminating || state.stopping) return;
    const probe = probeOf(container, target.kind);
    if (!probe || (target.kind === 'startup' && state.started)) return;
    this.#probe.after((probe.periodSeconds ?? 10) * 1000, target);
    if (target.kind !== 'startup' && !state.started) return;
    if (this.#world.isSilent(work.node)) return;
    this.#prober.run(target, probe, container, work);
  }

  #noteProbe(target: ProbeTarget, result: ProbeResult): void {
    const { key, kind, id } = target;
    const found = this.#find(key, target.container);
    if (found?.state.id !== id || found.state.stage !== 'running') return;
    const { state, container, pod, work } = found;
    const probe = probeOf(container, kind);
    if (!probe || work.terminating || this.#world.isSilent(work.node)) return;
    const before = state.probes[kind] ?? 0;
    const row = result.ok ? Math.max(0, before) + 1 : Math.min(0, before) - 1;
    this.#change(key, container.name, { probes: { ...state.probes, [kind]: row } });
    if (!result.ok) {
      const word = `${kind.charAt(0).toUpperCase()}${kind.slice(1)} probe failed: `;
      this.#reports.warn(nodeOf(pod), pod, container.name, 'Unhealthy', word + result.message);
    }
    const passed = row >= (probe.successThreshold ?? 1);
    const failed = -row >= (probe.failureThreshold ?? 3);
    if (passed || failed) this.#judgeProbe(key, pod, container, kind, passed);
  }

  #judgeProbe(key: string, pod: Pod, container: Container, kind: string, passed: boolean): void {
    const { name } = container;
    const state = this.#work.need(key).containers[name] ?? NEW_CONTAINER;
    if (kind === 'readiness') {
      if (state.ready === passed) return;
      this.#change(key, name, { ready: passed });
    } else if (!passed) {
      this.#restart(key, pod, container, kind);
      return;
    } else if (kind === 'startup' && !state.started) {
      this.#change(key, name, { started: true, ready: !container.readinessProbe });
    } else return;
    this.#report(key);
  }

  /** Stops a container that a probe has given up; its exit has it started again. */
  #restart(key: string, pod: Pod, { name }: Container, kind: string): void {
    const message = `Container ${name} failed ${kind} probe, will be restarted`;
    const record = this.#reports.tell(nodeOf(pod), pod, name, 'Killing', message);
    this.#change(key, name, { stopping: true });
    this.#world.kernel.because(record, () =>
      this.#termination.stop(key, name, pod.spec.terminationGracePeriodSeconds ?? 30),
    );
  }

  #forget(key: string, work: PodWork): void {
    const { runtime, addresses } = this.#world;
    for (const { id } of Object.values(work.containers)) {
      if (id !== undefined) runtime.delete(work.node, id);
    }
    addresses.release(this.#nodes.need(work.node).pool, work.ip);
    this.#work.delete(key);
  }

  #report(key: string): boolean {
    const work = this.#work.get(key);
    return !work || this.#reports.status(work, this.#nodes.need(work.node).ip);
  }
}

const nodeOf = (pod: Pod): string => pod.spec.nodeName ?? '';
const podKey = ({ metadata }: Pod): string => `${metadata.namespace ?? ''}/${metadata.name}`;

/** What a kubelet acts on: a Pod that came, changed, is to go, or has gone. Not its own reports. */
function isForKubelet({ type, object, previous }: WatchEvent<Pod>): boolean {
  if (type !== 'MODIFIED' || !previous) return true;
  return (
    !sameValue(object.spec, previous.spec) ||
    object.metadata.deletionTimestamp !== previous.metadata.deletionTimestamp
  );
}
