import { rfc3339 } from '../../sim/clock.ts';
import type { Index, Table } from '../../sim/store.ts';
import { podRequests } from '../api/pod-resources.ts';
import type { Pod } from '../api/pod.ts';
import { wholeValue } from '../apimachinery/quantity.ts';
import { diskUsage, exceededLimit, totalBytes } from './disk-limits.ts';
import {
  binary,
  NO_PRESSURE,
  shortages,
  type Pressures,
  type Shortage,
  type Starved,
} from './eviction-signals.ts';
import { ImageGarbage } from './image-garbage.ts';
import { CRITICAL_PRIORITY } from './pod-admission.ts';
import type { PodTable } from './pod-table.ts';
import { workKey, type PodWork, type Verdict } from './pod-worker-row.ts';
import { podUsage } from './server/stats.ts';

/**
 * What a node does when its memory or its disk runs out (pkg/kubelet/eviction/{eviction_manager,
 * helpers}.go, v1.36): it takes away images that nobody uses, where that helps, and else ends one
 * Pod after the other, first those that use more than they asked for, then by priority, then by how
 * much more they use. Pods that write more than they may go at once.
 *
 * Simplified: looked at with every heartbeat.
 */
/** How often a node is looked at: `monitoringInterval`. */
const LOOK_MS = 10_000;
/** So long pressure is said to last after it has gone (`evictionPressureTransitionPeriod`). */
const TRANSITION_MS = 300_000;
/** So long a Pod may take to be gone before the next one is chosen (`podCleanupTimeout`). */
const CLEANUP_MS = 30_000;
/** What a container gets that is evicted at once. */
const GRACE_MS = 1000;

/** When thresholds were last met, and who was ended last. */
interface Pressure {
  readonly memoryMs?: number;
  readonly diskMs?: number;
  readonly victim?: string;
  readonly chosenMs?: number;
}

export class Eviction {
  readonly #pods: PodTable;
  readonly #pressure: Table<string, Pressure>;
  readonly #images: ImageGarbage;
  /** Pods with limits on what they may write, by node. */
  readonly #limited: Index<string, PodWork>;
  readonly #evict: (key: string, graceMs: number, verdict: Verdict) => void;

  constructor(pods: PodTable, evict: (key: string, graceMs: number, verdict: Verdict) => void) {
    this.#pods = pods;
    this.#evict = evict;
    this.#images = new ImageGarbage(pods);
    this.#pressure = pods.world.kernel.store.table<Pressure>(`${pods.name}/pressure`);
    this.#limited = pods.rows.index(({ hasDiskLimits, node }) => (hasDiskLimits ? [node] : NONE));
  }

  /** Looks at a node's memory and disk, and ends Pods when it must; what it runs short of. */
  check(node: string, memoryBytes: number): Pressures {
    const { kernel, runtime } = this.#pods.world;
    this.#images.check(node, LOOK_MS);
    const short = shortages(runtime, node, memoryBytes);
    const pressures = this.#note(node, short);
    if (this.#limited.count(node) > 0 && this.#enforceLimits(node)) return pressures;
    const [first] = short;
    if (!first) return pressures;
    const { victim, chosenMs = 0 } = this.#pressure.get(node) ?? {};
    const going = victim !== undefined && this.#pods.rows.get(victim);
    const isGoing = going && !going.isCleared && kernel.now - chosenMs < CLEANUP_MS;
    if (!isGoing) this.#reclaim(node, first, memoryBytes);
    return pressures;
  }

  /** Notes what is short now; what was a while ago counts still. */
  #note(node: string, short: readonly Shortage[]): Pressures {
    const before = this.#pressure.get(node);
    if (!before && short.length === 0) return NO_PRESSURE;
    const { now } = this.#pods.world.kernel;
    const last = (resource: Starved, sinceMs: number | undefined): number | undefined => {
      if (short.some((one) => one.resource === resource)) return now;
      return sinceMs !== undefined && now - sinceMs < TRANSITION_MS ? sinceMs : undefined;
    };
    const memoryMs = last('memory', before?.memoryMs);
    const diskMs = last('ephemeral-storage', before?.diskMs);
    if (memoryMs === undefined && diskMs === undefined) this.#pressure.delete(node);
    else this.#pressure.set(node, { ...before, memoryMs, diskMs });
    return { memory: memoryMs !== undefined, disk: diskMs !== undefined };
  }

  /** Ends Pods that write more than they may; whether there were any. */
  #enforceLimits(node: string): boolean {
    let some = false;
    for (const key of this.#limited.keys(node)) {
      const work = this.#pods.rows.need(key);
      const pod = work.ending ? undefined : this.#pods.podOf(work);
      if (!pod || isCritical(pod)) continue;
      const message = exceededLimit(diskUsage(this.#pods.world.runtime, work, pod), pod);
      if (message === undefined) continue;
      some = true;
      const record = this.#pods.reports.warn(node, pod, '', 'Evicted', message);
      this.#pods.world.kernel.because(record, () =>
        this.#evict(key, GRACE_MS, { reason: 'Evicted', message }),
      );
    }
    return some;
  }

  #reclaim(node: string, shortage: Shortage, memoryBytes: number): void {
    const { reports, world } = this.#pods;
    const { resource } = shortage;
    reports.warnOfNode(node, 'EvictionThresholdMet', `Attempting to reclaim ${resource}`);
    if (resource === 'ephemeral-storage') {
      this.#images.deleteUnused(node);
      if (shortages(world.runtime, node, memoryBytes).length === 0) return;
    }
    const chosen = this.#choose(node, resource);
    if (!chosen) return;
    const { now } = world.kernel;
    this.#pressure.update(node, (row) => ({ ...row, victim: chosen.key, chosenMs: now }));
    this.#end(chosen, shortage);
  }

  /** The Pod that goes first; critical ones never do. */
  #choose(node: string, resource: Starved): Ranked | undefined {
    let first: Ranked | undefined;
    for (const [key, work] of this.#pods.rows.withPrefix(workKey(node, ''))) {
      const pod = work.ending ? undefined : this.#pods.podOf(work);
      if (!pod || isCritical(pod)) continue;
      const overBytes = this.#usedBytes(work, pod, resource) - requested(pod, resource);
      const ranked = { key, work, pod, overBytes, priority: pod.spec.priority ?? 0 };
      if (!first || goesBefore(ranked, first)) first = ranked;
    }
    return first;
  }

  #usedBytes(work: PodWork, pod: Pod, resource: Starved): number {
    if (resource === 'ephemeral-storage') {
      return totalBytes(diskUsage(this.#pods.world.runtime, work, pod));
    }
    let usedBytes = 0;
    for (const { memoryWorkingSetBytes } of podUsage(this.#pods, work).containers) {
      usedBytes += memoryWorkingSetBytes;
    }
    return usedBytes;
  }

  #end({ key, work, pod }: Ranked, { resource, thresholdBytes, availableBytes }: Shortage): void {
    const { reports, world } = this.#pods;
    const message =
      `The node was low on resource: ${resource}. Threshold quantity: ${binary(thresholdBytes)}, ` +
      `available: ${binary(availableBytes)}. ${this.#consumers(work, pod, resource)}`;
    const record = reports.warn(work.node, pod, '', 'Evicted', message);
    const condition = {
      type: 'DisruptionTarget',
      status: 'True' as const,
      reason: 'TerminationByKubelet',
      message,
      lastTransitionTime: rfc3339(world.kernel.now),
      observedGeneration: pod.metadata.generation,
    };
    world.kernel.because(record, () =>
      this.#evict(key, GRACE_MS, { reason: 'Evicted', message, condition }),
    );
  }

  /** The containers that use more than they asked for. */
  #consumers(work: PodWork, pod: Pod, resource: Starved): string {
    return this.#usedByContainers(work, pod, resource)
      .map(([name, used]) => {
        const { resources } = pod.spec.containers.find((one) => one.name === name) ?? {};
        const asked = resources?.requests?.[resource] ?? 0;
        if (used <= wholeValue(asked)) return '';
        const amounts = `${binary(used)}, request is ${asked}`;
        return `Container ${name} was using ${amounts}, has larger consumption of ${resource}. `;
      })
      .join('');
  }

  #usedByContainers(work: PodWork, pod: Pod, resource: Starved): [name: string, bytes: number][] {
    if (resource === 'memory') {
      const { containers } = podUsage(this.#pods, work);
      return containers.map(({ name, memoryWorkingSetBytes }) => [name, memoryWorkingSetBytes]);
    }
    return Object.entries(diskUsage(this.#pods.world.runtime, work, pod).containers);
  }
}

const NONE: readonly string[] = [];

const isCritical = ({ spec }: Pod): boolean => (spec.priority ?? 0) >= CRITICAL_PRIORITY;

function requested({ spec }: Pod, resource: Starved): number {
  const { memoryBytes, others } = podRequests(spec);
  return resource === 'memory' ? memoryBytes : (others?.[resource] ?? 0);
}

interface Ranked {
  readonly key: string;
  readonly work: PodWork;
  readonly pod: Pod;
  /** What it uses beyond its requests; below zero when it uses less. */
  readonly overBytes: number;
  readonly priority: number;
}

function goesBefore(a: Ranked, b: Ranked): boolean {
  const exceeds = (ranked: Ranked): boolean => ranked.overBytes > 0;
  if (exceeds(a) !== exceeds(b)) return exceeds(a);
  if (a.priority !== b.priority) return a.priority < b.priority;
  return a.overBytes > b.overBytes;
}
