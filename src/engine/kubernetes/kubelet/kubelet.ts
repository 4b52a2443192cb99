import type { EventType } from '../../sim/kernel.ts';
import type { Table } from '../../sim/store.ts';
import { rfc3339 } from '../../sim/clock.ts';
import { nodeTerm } from '../api/index-terms.ts';
import { isPodFinished, isPodReady, type Pod } from '../api/pod.ts';
import type { WatchEvent } from '../api/requests.ts';
import { sameValue } from '../apimachinery/canonical-json.ts';
import { describeObject } from '../apimachinery/object.ts';
import { Client } from '../client/client.ts';
import { WorkQueue } from '../client/work-queue.ts';
import { endedBy } from './container-status.ts';
import { ContainerStarter } from './container-starter.ts';
import { ContainerStops } from './container-stops.ts';
import type { ContainerExit } from './cri.ts';
import { Eviction } from './eviction.ts';
import type { Pressures } from './eviction-signals.ts';
import { ExecSync } from './exec-sync.ts';
import { Hooks } from './hooks.ts';
import { hasDiskLimits } from './disk-limits.ts';
import { HostPorts } from './host-ports.ts';
import { podActions } from './pod-actions.ts';
import { admit, EMPTY_NODE, type Occupancy } from './pod-admission.ts';
import { PodEnding } from './pod-ending.ts';
import { nodeOf, PodTable, type About, type KubeletWorld, type NodeAddress } from './pod-table.ts';
import { PodSandboxes } from './pod-sandboxes.ts';
import { PodResize } from './pod-resize.ts';
import { PodVolumes } from './pod-volumes.ts';
import { isUp, workKey, type NodeShare, type PodWork, type Verdict } from './pod-worker-row.ts';
import { Probing } from './probing.ts';
import { NodeServer } from './server/node-server.ts';
import { StaticPods, type StaticPod } from './static-pods.ts';
import { terminationMessage } from './termination-message.ts';

/**
 * The kubelets of a cluster, one for each of its nodes (pkg/kubelet/{kubelet,pod_workers}.go and
 * kuberuntime, v1.36): what the API server binds to a node is pulled, started, probed, restarted,
 * reported, and in the end stopped. Each Pod has a worker that looks at it whenever something
 * happened, and then does what podActions say.
 *
 * Simplified: one room for all nodes, their rows apart; a kubelet that has stopped goes on where it
 * stopped, without the restart of its Pods' probes.
 */
export class Kubelets {
  readonly #world: KubeletWorld;
  readonly #pods: PodTable;
  readonly #occupied: Table<string, Occupancy>;
  readonly #queue: WorkQueue;
  readonly #volumes: PodVolumes;
  readonly #hostPorts: HostPorts;
  readonly #sandboxes: PodSandboxes;
  readonly #starter: ContainerStarter;
  readonly #stops: ContainerStops;
  readonly #ending: PodEnding;
  readonly #eviction: Eviction;
  readonly #resize: PodResize;
  readonly #statics: StaticPods;
  /** The kubelets' own API: logs, exec, attach, port-forward, stats. */
  readonly server: NodeServer;
  readonly #exited: EventType<About & { exit: ContainerExit }>;

  constructor(world: KubeletWorld) {
    const { kernel, processes, door, runtime } = world;
    const pods = new PodTable(world);
    const { name } = pods;
    this.#world = world;
    this.#pods = pods;
    this.#occupied = kernel.store.table<Occupancy>(`${name}/occupied`);
    const client = new Client(kernel, door, 'kubelet');
    this.#queue = new WorkQueue(client, name, (key) => this.#sync(key));
    pods.onLook((queued, delayMs) => this.#queue.add(queued, delayMs));
    this.server = new NodeServer(pods);
    this.#exited = kernel.event(`${name}/exited`, (news) => this.#noteExit(news));
    const exec = new ExecSync(kernel, processes, runtime, name);
    const hooks: Hooks = new Hooks(pods, exec, ({ hook, ...about }, isFine) => {
      if (hook === 'preStop') this.#stops.hookOver(about, isFine);
      else if (isFine) this.#starter.runs(about);
      else this.#starter.failHook(about);
    });
    this.#stops = new ContainerStops(pods, () => hooks);
    this.#resize = new PodResize(pods, this.#occupied, this.#stops);
    this.#volumes = new PodVolumes(pods, client);
    this.#hostPorts = new HostPorts(pods);
    this.#sandboxes = new PodSandboxes(pods, this.#hostPorts);
    this.#ending = new PodEnding(pods, this.#stops, this.#volumes, (work) => this.#giveBack(work));
    this.#statics = new StaticPods(pods, client);
    this.#eviction = new Eviction(pods, (key, graceMs, verdict) =>
      this.#evict(key, graceMs, verdict),
    );
    const probing = new Probing(pods, exec, this.#stops);
    this.#starter = new ContainerStarter({
      ...{ pods, hooks, volumes: this.#volumes, exited: this.#exited.name },
      runs: (about, container) => probing.begin(about, container),
      stop: (about, message) => this.#stops.begin(about, this.#graceMs(about.key), message),
    });
    client.watch(
      'pods',
      'pods',
      (event) => {
        const node = nodeOf(event.object);
        return node !== '' && isForKubelet(event) && pods.nodes.has(node);
      },
      ({ object }) => this.#look(object),
      ({ object }) => `kubelet/${nodeOf(object)}`,
    );
  }

  /** Puts a kubelet to work on a node: its address, and the pool of its Pods' addresses. */
  addNode(node: string, address: NodeAddress): void {
    this.#pods.nodes.set(node, address);
  }

  /** Gives a node's kubelet a Pod of its own, from a file. */
  addStaticPod(node: string, pod: StaticPod): void {
    this.#statics.add(node, pod);
  }

  removeStaticPod(node: string, namespace: string, name: string): void {
    this.#statics.remove(node, namespace, name);
  }

  /** A kubelet that went on again looks at all its Pods, on its node and in the API. */
  lookAgain(node: string): void {
    this.#statics.ensure(node);
    for (const [key, work] of this.#pods.rows.withPrefix(workKey(node, ''))) {
      this.#relist(key, work);
      this.#sandboxes.renew(key);
      this.#pods.requeue(key, work, 0);
    }
    const client = this.#pods.reports.client(node);
    for (const pod of client.byIndex('pods', nodeTerm(node))) this.#look(pod);
  }

  /** Looks after a node, every ten seconds. What it runs short of; while it does, Pods are ended one by one. */
  pressures(node: string, memoryBytes: number): Pressures {
    this.#world.runtime.rotateLogs(node);
    return this.#eviction.check(node, memoryBytes);
  }

  /** Ends a Pod with a verdict of its kubelet. */
  #evict(key: string, graceMs: number, verdict: Verdict): void {
    const work = this.#pods.rows.get(key);
    if (!work || work.ending) return;
    this.#ending.begin(key, graceMs, verdict);
    this.#pods.requeue(key, work, 0);
  }

  #look(pod: Pod): void {
    const { namespace = '', name, uid } = pod.metadata;
    this.#queue.add(`${workKey(nodeOf(pod), uid)} ${namespace}/${name}`);
  }

  /** Looks at one Pod: the key is its row's, and its namespace and name. */
  #sync(queued: string): boolean {
    const slash = queued.indexOf('/');
    const blank = queued.indexOf(' ');
    const last = queued.indexOf('/', blank);
    const node = queued.slice(0, slash);
    const key = queued.slice(0, blank);
    if (this.#world.isSilent(node)) return true;
    const { reader } = this.#pods.reports;
    const found = reader.get('pods', queued.slice(blank + 1, last), queued.slice(last + 1));
    const pod = found?.metadata.uid === queued.slice(slash + 1, blank) ? found : undefined;
    const work = this.#pods.rows.get(key);
    if (!work && !pod) return true;
    if (!work && pod?.metadata.deletionTimestamp) return this.#letGo(node, pod);
    if (!work && pod && isPodFinished(pod)) return true;
    if (work && (!pod || pod.metadata.deletionTimestamp)) {
      const grace = pod?.metadata.deletionGracePeriodSeconds ?? 0;
      this.#ending.begin(key, grace * 1000);
      return this.#ending.advance(key, pod);
    }
    if (!pod) return true;
    const taken = work ?? this.#admit(key, node, pod);
    return !taken || this.#work(key, taken, pod);
  }

  /**
   * Nothing of a Pod that is to be deleted is left: the API need not wait for it. Whoever holds it
   * by a finalizer learns that it has failed (status_manager.go `TerminatePod`).
   */
  #letGo(node: string, pod: Pod): boolean {
    const client = this.#pods.reports.client(node);
    if ((pod.metadata.finalizers ?? []).length > 0 && !isPodFinished(pod)) {
      const status = { ...pod.status, phase: 'Failed' as const };
      if (!client.updateStatus('pods', { ...pod, status }).ok) return false;
    }
    return client.delete('pods', pod, 0).ok;
  }

  /** What is to be done now about a Pod that lives. */
  #work(key: string, work: PodWork, pod: Pod): boolean {
    if (work.ending) return this.#ending.advance(key, pod);
    if (this.#isOverdue(key, work, pod)) {
      const message = 'Pod was active on the node longer than the specified deadline';
      this.#ending.begin(key, this.#graceMs(key), { reason: 'DeadlineExceeded', message });
      return this.#ending.advance(key, pod);
    }
    this.#stopChanged(key, work, pod);
    this.#resize.sync(key, work, pod, this.#graceMs(key));
    if (work.unmounted && !this.#volumes.ensure(key, pod)) return this.#pods.report(key);
    const { start, isOver } = podActions(pod.spec, this.#pods.rows.need(key));
    if (isOver) {
      this.#ending.begin(key, this.#graceMs(key));
      return this.#ending.advance(key, pod);
    }
    for (const container of start) {
      if (this.#starter.advance(key, pod, container)) break;
    }
    return this.#pods.report(key);
  }

  /** A container that is to have another image is stopped, and started again with that. */
  #stopChanged(key: string, work: PodWork, { spec }: Pod): void {
    for (const { name: container, image } of spec.containers) {
      const state = work.containers[container];
      if (!state?.image || state.image === image || !isUp(state)) continue;
      const about = { key, container, id: state.id ?? '' };
      const message = `Container ${container} definition changed, will be restarted`;
      this.#stops.begin(about, this.#graceMs(key), message);
    }
  }

  #isOverdue(key: string, work: PodWork, { spec }: Pod): boolean {
    const { activeDeadlineSeconds } = spec;
    if (activeDeadlineSeconds === undefined) return false;
    const leftMs = work.startedMs + activeDeadlineSeconds * 1000 - this.#world.kernel.now;
    if (leftMs > 0) this.#pods.requeue(key, work, leftMs);
    return leftMs <= 0;
  }

  #graceMs(key: string): number {
    const pod = this.#pods.podOf(this.#pods.rows.need(key));
    return (pod?.spec.terminationGracePeriodSeconds ?? 30) * 1000;
  }

  /** Takes a Pod in: its share of the node, its address; undefined when it cannot. */
  #admit(key: string, node: string, pod: Pod): PodWork | undefined {
    const { addresses, kernel } = this.#world;
    const { reports } = this.#pods;
    const taken = this.#occupied.get(node) ?? EMPTY_NODE;
    const admission = admit(pod, reports.reader.get('nodes', '', node), taken);
    if ('refused' in admission) {
      this.#refuse(node, pod, admission.refused);
      return undefined;
    }
    const { namespace = '', name, uid } = pod.metadata;
    const { pool, ip: nodeIp } = this.#pods.nodes.need(node);
    const isOnHost = pod.spec.hostNetwork === true;
    const owner = { machine: node, owner: describeObject(pod) };
    const ip = isOnHost ? nodeIp : addresses.allocate(pool, owner);
    if (ip === undefined) {
      const why = 'no IP addresses available in range set';
      const message = `Failed to create pod sandbox: ${why}`;
      reports.warn(node, pod, '', 'FailedCreatePodSandBox', message);
      return undefined;
    }
    const { takes } = admission;
    const base = { node, namespace, name, uid, ip, startedMs: kernel.now, containers: {}, takes };
    const unmounted = PodVolumes.pending(pod, kernel.now);
    const work: PodWork = {
      ...base,
      ...this.#sandboxes.made(node),
      ...(isOnHost && { hostNetwork: true }),
      ...(unmounted && { unmounted }),
      ...(hasDiskLimits(pod) && { hasDiskLimits: true }),
    };
    this.#pods.rows.set(key, work);
    this.#count(node, taken, takes, 1);
    this.#hostPorts.open(pod, work);
    return work;
  }

  /** A Pod that is not taken has failed, and says why. */
  #refuse(node: string, pod: Pod, { reason, message }: Verdict): void {
    const { reports } = this.#pods;
    const said = message.replace('Pod was rejected: ', '');
    reports.warn(node, pod, '', reason, said);
    const startTime = rfc3339(this.#world.kernel.now);
    const { generation: observedGeneration } = pod.metadata;
    const status = { ...pod.status, phase: 'Failed' as const, reason, message, startTime };
    reports.client(node).updateStatus('pods', {
      ...pod,
      status: { ...status, observedGeneration },
    });
  }

  #count(node: string, taken: Occupancy, { cpuMillis, memoryBytes }: NodeShare, sign: 1 | -1) {
    this.#occupied.set(node, {
      cpuMillis: taken.cpuMillis + sign * cpuMillis,
      memoryBytes: taken.memoryBytes + sign * memoryBytes,
      pods: taken.pods + sign,
    });
  }

  #giveBack(work: PodWork): void {
    const { node, takes } = work;
    if (takes) this.#count(node, this.#occupied.get(node) ?? EMPTY_NODE, takes, -1);
    this.#hostPorts.close(this.#pods.podOf(work), work);
    this.#resize.retry(node);
  }

  #noteExit({ exit, ...about }: About & { exit: ContainerExit }): void {
    const { key, container: name } = about;
    const work = this.#pods.rows.get(key);
    const state = work?.containers[name];
    if (!work || state?.id !== about.id) return;
    const { kernel } = this.#world;
    const spec = this.#pods.find(key, name)?.container;
    const message = spec && terminationMessage(this.#world.runtime, work.node, spec, exit);
    const ended = endedBy(exit, message);
    const record = kernel.record({
      actor: `kubelet/${work.node}`,
      verb: 'exit',
      object: `Pod ${work.namespace}/${work.name}`,
      reason: ended.state.reason,
      detail: { container: name, exitCode: exit.exitCode },
    });
    this.#stops.ended(key, name);
    const failedHook = state.waiting.reason === 'PostStartHookError';
    this.#pods.change(key, name, {
      ...{ stage: 'idle', ended, endedBefore: state.ended },
      ...{ ready: false, started: false, stop: undefined },
      waiting: failedHook ? state.waiting : {},
    });
    kernel.because(record, () => this.#pods.requeue(key, work, 0));
  }

  /** What ended while nobody was told, as when the machine lost its power, is seen now. */
  #relist(key: string, work: PodWork): void {
    for (const [container, state] of Object.entries(work.containers)) {
      if (!isUp(state) || state.id === undefined) continue;
      const seen = this.#world.runtime.state(work.node, state.id)?.exit;
      if (!seen) continue;
      const finishedMs = seen.unseen ? this.#world.kernel.now : seen.finishedMs;
      this.#noteExit({ key, container, id: state.id, exit: { ...seen, finishedMs } });
    }
  }
}

/** What a kubelet acts on: a Pod that came, changed, is to go, or has gone. Not its own reports. */
function isForKubelet({ type, object, previous }: WatchEvent<Pod>): boolean {
  if (type !== 'MODIFIED' || !previous) return true;
  return (
    !sameValue(object.spec, previous.spec) ||
    object.metadata.deletionTimestamp !== previous.metadata.deletionTimestamp ||
    gatesOf(object) !== gatesOf(previous) ||
    // Whoever else called it unready is put right (`HandlePodReconcile`, `NeedToReconcilePodReadiness`).
    (isPodReady(previous) && !isPodReady(object))
  );
}

/** What others say of readiness gates; changes what the kubelet says of the Pod. */
function gatesOf({ spec, status }: Pod): string {
  if (!spec.readinessGates) return '';
  return spec.readinessGates
    .map(({ conditionType }) => status.conditions?.find(({ type }) => type === conditionType))
    .map((condition) => condition?.status ?? '')
    .join();
}
