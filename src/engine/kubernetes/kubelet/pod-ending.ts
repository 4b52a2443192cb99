import type { Pod } from '../api/pod.ts';
import type { ContainerStops } from './container-stops.ts';
import type { PodTable } from './pod-table.ts';
import type { PodVolumes } from './pod-volumes.ts';
import { isUp, type PodWork, type Verdict } from './pod-worker-row.ts';

/**
 * How a Pod ends on its node (pkg/kubelet/pod_workers.go, kubelet.go `SyncTerminatingPod`,
 * `SyncTerminatedPod`, v1.36): its containers are stopped, then what it had is given back. One that
 * was deleted then leaves the API for good; one that finished or failed stays to be looked at.
 */
export class PodEnding {
  readonly #pods: PodTable;
  readonly #stops: ContainerStops;
  readonly #volumes: PodVolumes;
  /** What a Pod took of its node is free again. */
  readonly #giveBack: (work: PodWork) => void;

  constructor(
    pods: PodTable,
    stops: ContainerStops,
    volumes: PodVolumes,
    giveBack: (work: PodWork) => void,
  ) {
    this.#pods = pods;
    this.#stops = stops;
    this.#volumes = volumes;
    this.#giveBack = giveBack;
  }

  /** Sends a Pod on its way down, with what to say of it where its containers do not. */
  begin(key: string, graceMs: number, verdict?: Verdict): void {
    const { kernel } = this.#pods.world;
    const before = this.#pods.rows.need(key);
    if (before.ending) {
      this.#stops.shorten(key, kernel.now + graceMs);
      return;
    }
    // What is being pulled is not waited for.
    const containers = Object.fromEntries(
      Object.entries(before.containers).map(([name, state]) => [
        name,
        state.stage === 'pulling' ? ({ ...state, stage: 'idle' } as const) : state,
      ]),
    );
    const ending = { sinceMs: kernel.now, graceMs };
    this.#pods.update(key, { containers, ending, ...(verdict && { verdict }) });
    for (const [container, state] of Object.entries(containers)) {
      if (!isUp(state)) continue;
      const about = { key, container, id: state.id ?? '' };
      this.#stops.begin(about, graceMs, `Stopping container ${container}`);
    }
    this.#pods.report(key);
  }

  /**
   * The next step towards the end, as long as there is one; false when what it says did not reach
   * the API server.
   */
  advance(key: string, pod: Pod | undefined): boolean {
    const work = this.#pods.rows.get(key);
    if (!work?.ending) return true;
    this.#stops.giveTurns(key);
    if (Object.values(work.containers).some(isUp)) return true;
    if (!work.isCleared) this.#clear(key, work);
    const isTold = !pod || this.#pods.report(key);
    if (pod && !pod.metadata.deletionTimestamp) return isTold;
    const client = this.#pods.reports.client(work.node);
    const last = pod && this.#pods.podOf(work);
    if (last && !client.delete('pods', last, 0).ok) return false;
    this.#forget(key);
    return true;
  }

  /** Gives back what the Pod had: its address, its share of the node, its volumes. */
  #clear(key: string, work: PodWork): void {
    const { addresses } = this.#pods.world;
    const { pool } = this.#pods.nodes.need(work.node);
    if (!work.hostNetwork && work.ip !== '') addresses.release(pool, work.ip);
    this.#giveBack(work);
    this.#volumes.clear(work);
    // Of an evicted Pod nothing is kept, its logs neither (`ShouldPodContentBeRemoved`).
    if (work.verdict?.reason === 'Evicted') this.#deleteContainers(work);
    this.#pods.update(key, { isCleared: true, objects: undefined, unmounted: undefined });
  }

  #forget(key: string): void {
    this.#deleteContainers(this.#pods.rows.need(key));
    this.#pods.rows.delete(key);
  }

  #deleteContainers({ node, containers }: PodWork): void {
    const { runtime } = this.#pods.world;
    for (const { id, previousId } of Object.values(containers)) {
      if (id !== undefined) runtime.delete(node, id);
      if (previousId !== undefined) runtime.delete(node, previousId);
    }
  }
}
