import type { Index, Table } from '../../sim/store.ts';
import { podRequests } from '../api/pod-resources.ts';
import type { Container, Pod, Resources } from '../api/pod.ts';
import { canonicalJson, sameValue } from '../apimachinery/canonical-json.ts';
import { wholeValue } from '../apimachinery/quantity.ts';
import { limitsOf } from './container-config.ts';
import type { ContainerStops } from './container-stops.ts';
import { EMPTY_NODE, lackFor, type Occupancy } from './pod-admission.ts';
import { nodeOf, type PodTable } from './pod-table.ts';
import { isUp, type ContainerWork, type PodResizing, type PodWork } from './pod-worker-row.ts';

/**
 * Gives the containers of a Pod that runs another size (pkg/kubelet/allocation/
 * allocation_manager.go, kuberuntime/kuberuntime_manager.go `doPodResizeAction`, v1.36): when the
 * node has room, in place or, where a container's resizePolicy says so, by starting it anew.
 *
 * Simplified: what is done in place is done at once.
 */
/** How often what has to wait is tried again (`retryDelay`). */
const RETRY_MS = 180_000;
/** How soon a container is looked at again that is on its way up. */
const START_MS = 1000;
/** How soon a limit is tried again that is below what is used. */
const SYNC_MS = 10_000;

export class PodResize {
  readonly #pods: PodTable;
  readonly #occupied: Table<string, Occupancy>;
  readonly #stops: ContainerStops;
  /** Pods that wait for room, by node. */
  readonly #waiting: Index<string, PodWork>;

  constructor(pods: PodTable, occupied: Table<string, Occupancy>, stops: ContainerStops) {
    this.#pods = pods;
    this.#occupied = occupied;
    this.#stops = stops;
    this.#waiting = pods.rows.index(({ resize, node }) => (resize?.pending ? [node] : NONE));
  }

  /** Brings containers to what their Pod's spec says; the Pod's row after that. */
  sync(key: string, work: PodWork, pod: Pod, graceMs: number): PodWork {
    const changed = resizable(pod).filter((one) => isOther(one, work.containers[one.name]));
    if (changed.length === 0) return work.resize ? this.#finish(key, work, pod) : work;
    const pending = this.#pending(work, pod);
    if (pending) return this.#wait(key, work, pod, pending);
    this.#allocate(work, pod);
    if (!work.resize?.inProgress) this.#tell(pod, 'ResizeStarted', 'started');
    const takes = shareOf(pod);
    let next = this.#pods.update(key, { takes, resize: { inProgress: {} } });
    for (const container of changed) next = this.#resize(key, next, container, graceMs);
    const isDone = !resizable(pod).some((one) => isOther(one, next.containers[one.name]));
    return isDone ? this.#finish(key, next, pod) : next;
  }

  /** There is more room on a node: who waits for some is looked at again. */
  retry(node: string): void {
    if (this.#waiting.count(node) === 0) return;
    for (const key of this.#waiting.keys(node)) {
      this.#pods.requeue(key, this.#pods.rows.need(key), 0);
    }
  }

  /** Why it cannot be now, or never. */
  #pending(work: PodWork, pod: Pod): PodResizing['pending'] {
    const { allocatable } = this.#pods.reports.reader.get('nodes', '', work.node)?.status ?? {};
    if (!allocatable) return undefined;
    const wanted = shareOf(pod);
    const never = lackFor(wanted, undefined, allocatable);
    if (never) return { reason: 'Infeasible', kind: 'Infeasible', message: never.message };
    const taken = this.#occupied.get(work.node) ?? EMPTY_NODE;
    const own = work.takes ?? EMPTY_NODE;
    const others = {
      cpuMillis: taken.cpuMillis - own.cpuMillis,
      memoryBytes: taken.memoryBytes - own.memoryBytes,
    };
    const now = lackFor(wanted, others, allocatable);
    return now && { reason: 'Deferred', kind: now.reason, message: now.message };
  }

  #wait(
    key: string,
    work: PodWork,
    pod: Pod,
    pending: NonNullable<PodResizing['pending']>,
  ): PodWork {
    const { message, reason, kind } = pending;
    if (work.resize?.pending?.message !== message) {
      const said = summaryOf(pod, message);
      const event = `Resize${reason}`;
      this.#pods.reports.warn(nodeOf(pod), pod, '', event, `Pod resize ${kind}: ${said}`);
    }
    if (reason === 'Deferred') this.#pods.requeue(key, work, RETRY_MS);
    return this.#pods.update(key, { resize: { ...work.resize, pending } });
  }

  #allocate({ node, takes }: PodWork, pod: Pod): void {
    const wanted = shareOf(pod);
    const taken = this.#occupied.get(node) ?? EMPTY_NODE;
    this.#occupied.set(node, {
      ...taken,
      cpuMillis: taken.cpuMillis + wanted.cpuMillis - (takes?.cpuMillis ?? 0),
      memoryBytes: taken.memoryBytes + wanted.memoryBytes - (takes?.memoryBytes ?? 0),
    });
  }

  #resize(key: string, work: PodWork, container: Container, graceMs: number): PodWork {
    const { name, resources = {} } = container;
    const state = work.containers[name];
    if (!state?.id || !isUp(state)) {
      this.#pods.requeue(key, work, START_MS);
      return work;
    }
    if (needsRestart(container, state.resources)) {
      const message = `Container ${name} resize requires restart`;
      this.#stops.begin({ key, container: name, id: state.id }, graceMs, message);
      return this.#pods.rows.need(key);
    }
    const { runtime } = this.#pods.world;
    const limitBytes = wholeValue(resources.limits?.memory ?? 0);
    const usedBytes = runtime.stats(work.node, state.id)?.memoryBytes ?? 0;
    if (limitBytes > 0 && limitBytes < usedBytes) {
      const message = `attempting to set pod memory limit (${limitBytes}) below current usage (${usedBytes})`;
      this.#pods.requeue(key, work, SYNC_MS);
      return this.#pods.update(key, { resize: { inProgress: { reason: 'Error', message } } });
    }
    runtime.resize(work.node, state.id, limitsOf(resources));
    return this.#pods.change(key, name, { resources });
  }

  #finish(key: string, work: PodWork, pod: Pod): PodWork {
    if (work.resize?.inProgress) this.#tell(pod, 'ResizeCompleted', 'completed');
    return this.#pods.update(key, { resize: undefined });
  }

  #tell(pod: Pod, reason: string, what: string): void {
    const message = `Pod resize ${what}: ${summaryOf(pod)}`;
    this.#pods.reports.tell(nodeOf(pod), pod, '', reason, message);
  }
}

const NONE: readonly string[] = [];

/** Containers and sidecars; init containers that end are never resized. */
function resizable({ spec }: Pod): readonly Container[] {
  const sidecars = spec.initContainers?.filter(({ restartPolicy }) => restartPolicy === 'Always');
  return sidecars && sidecars.length > 0 ? [...sidecars, ...spec.containers] : spec.containers;
}

/** A container that was made with other resources than it is to have now. */
function isOther({ resources }: Container, state: ContainerWork | undefined): boolean {
  if (!state?.resources || state.resources === resources) return false;
  return !sameValue(state.resources, resources ?? {});
}

function needsRestart(
  { resources, resizePolicy = [] }: Container,
  before: Resources = {},
): boolean {
  return resizePolicy.some(({ resourceName, restartPolicy }) => {
    if (restartPolicy !== 'RestartContainer') return false;
    return (['requests', 'limits'] as const).some(
      (part) => !sameValue(resources?.[part]?.[resourceName], before[part]?.[resourceName]),
    );
  });
}

function shareOf(pod: Pod) {
  const { cpuMillis, memoryBytes } = podRequests(pod.spec);
  return { cpuMillis, memoryBytes };
}

/** The sizes of a Pod's containers, as Events tell them. */
function summaryOf(pod: Pod, error?: string): string {
  const text = (containers: readonly Container[]): string =>
    containers
      .map(({ name, resources = {} }) => {
        const { limits, requests } = resources;
        const sizes = { ...(limits && { limits }), ...(requests && { requests }) };
        return `{"name":"${name}","resources":${canonicalJson(sizes)}}`;
      })
      .join();
  const { containers, initContainers = [] } = pod.spec;
  return `{${[
    ...(initContainers.length > 0 ? [`"initContainers":[${text(initContainers)}]`] : []),
    `"containers":[${text(containers)}]`,
    `"generation":${pod.metadata.generation ?? 1}`,
    ...(error === undefined ? [] : [`"error":${JSON.stringify(error)}`]),
  ].join()}}`;
}
