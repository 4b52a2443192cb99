import type { EventType, Kernel } from '../../sim/kernel.ts';
import type { Table } from '../../sim/store.ts';
import type { Pod } from '../api/pod.ts';
import type { ContainerRuntime } from './cri.ts';
import type { PodReports } from './pod-reports.ts';
import type { PodWork } from './pod-worker-row.ts';

/**
 * How a Pod ends (pkg/kubelet/pod_workers.go `SyncTerminatingPod`, kuberuntime_container.go
 * `killContainer`, v1.36): every container gets SIGTERM, and SIGKILL when the grace period is
 * over; when all have stopped, the Pod is deleted from the API for good.
 */
interface Kill {
  readonly key: string;
  readonly container: string;
  readonly id: string;
}

export interface TerminationWorld {
  readonly kernel: Kernel;
  /** What the names of events begin with. */
  readonly name: string;
  readonly runtime: ContainerRuntime;
  readonly reports: PodReports;
  readonly pods: Table<string, PodWork>;
  readonly report: (key: string) => void;
  readonly lookAgain: (key: string, work: PodWork) => void;
  /** Gives back what the Pod had on its node. */
  readonly forget: (key: string, work: PodWork) => void;
}

export class PodTermination {
  readonly #world: TerminationWorld;
  readonly #kill: EventType<Kill>;

  constructor(world: TerminationWorld) {
    const { kernel, name, pods, runtime } = world;
    this.#world = world;
    this.#kill = kernel.event(`${name}/kill`, ({ key, container, id }) => {
      const work = pods.get(key);
      if (work?.containers[container]?.id === id) runtime.kill(work.node, id, 'SIGKILL');
    });
  }

  /** SIGTERM now, SIGKILL when the grace period is over. */
  stop(key: string, container: string, graceSeconds: number): void {
    const { pods, runtime } = this.#world;
    const work = pods.need(key);
    const id = work.containers[container]?.id;
    if (id === undefined) return;
    if (graceSeconds === 0) runtime.kill(work.node, id, 'SIGKILL');
    else {
      this.#kill.after(graceSeconds * 1000, { key, container, id });
      runtime.kill(work.node, id, 'SIGTERM');
    }
  }

  /** The next step towards the end of a Pod whose deletion the API has marked. */
  advance(key: string, pod: Pod, work: PodWork | undefined): void {
    const { reports, report, forget } = this.#world;
    const client = reports.client(pod.spec.nodeName ?? '');
    if (!work) {
      client.delete('pods', pod, 0);
      return;
    }
    if (!work.terminating) {
      this.stopAll(key, work, pod, pod.metadata.deletionGracePeriodSeconds ?? 30);
      return;
    }
    if (Object.values(work.containers).some(({ stage }) => stage !== 'idle')) return;
    report(key);
    forget(key, work);
    const last = client.get('pods', work.namespace, work.name);
    if (last) client.delete('pods', last, 0);
  }

  /** Tells every container to stop; without a Pod in the API there is nothing to tell about it. */
  stopAll(key: string, work: PodWork, pod: Pod | undefined, grace: number): void {
    const { kernel, reports, pods, lookAgain, forget } = this.#world;
    const running = Object.entries(work.containers).filter(([, { stage }]) => stage !== 'idle');
    pods.set(key, { ...work, terminating: true });
    for (const [name] of running) {
      const record =
        pod && reports.tell(work.node, pod, name, 'Killing', `Stopping container ${name}`);
      kernel.because(record ?? kernel.cause, () => this.stop(key, name, grace));
    }
    if (running.length > 0) return;
    if (pod) lookAgain(key, work);
    else forget(key, work);
  }
}
