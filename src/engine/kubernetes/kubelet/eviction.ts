import { rfc3339 } from '../../sim/clock.ts';
import type { Table } from '../../sim/store.ts';
import { podRequests } from '../api/pod-resources.ts';
import type { Pod } from '../api/pod.ts';
import { wholeValue } from '../apimachinery/quantity.ts';
import { CRITICAL_PRIORITY } from './pod-admission.ts';
import type { PodTable } from './pod-table.ts';
import { workKey, type PodWork, type Verdict } from './pod-worker-row.ts';
import { podUsage, SYSTEM } from './server/stats.ts';

/**
 * What a node does when its memory runs out (pkg/kubelet/eviction/{eviction_manager,helpers}.go,
 * v1.36): once less than 100Mi is available it ends one Pod after the other, first those that use
 * more than they asked for, then by priority, then by how much more they use.
 *
 * Simplified: looked at with every heartbeat, and memory alone; disks do not fill.
 */
export const MEMORY_THRESHOLD_BYTES = 100 * 1024 * 1024;
/** So long pressure is said to last after it has gone (`evictionPressureTransitionPeriod`). */
const TRANSITION_MS = 300_000;
/** So long a Pod may take to be gone before the next one is chosen (`podCleanupTimeout`). */
const CLEANUP_MS = 30_000;
/** What a container gets that is evicted at once. */
const GRACE_MS = 1000;

interface Pressure {
  /** When the threshold was last met. */
  readonly metMs: number;
  readonly victim?: string;
  readonly chosenMs?: number;
}

export class Eviction {
  readonly #pods: PodTable;
  readonly #pressure: Table<string, Pressure>;
  readonly #evict: (key: string, graceMs: number, verdict: Verdict) => void;

  constructor(pods: PodTable, evict: (key: string, graceMs: number, verdict: Verdict) => void) {
    this.#pods = pods;
    this.#evict = evict;
    this.#pressure = pods.world.kernel.store.table<Pressure>(`${pods.name}/pressure`);
  }

  /** Looks at a node's memory, and ends a Pod when it must; whether the node is under pressure. */
  check(node: string, capacityBytes: number): boolean {
    const { kernel, runtime } = this.#pods.world;
    const { now } = kernel;
    const usedBytes = SYSTEM.memoryBytes + runtime.memoryUsed(node);
    const availableBytes = Math.max(0, capacityBytes - usedBytes);
    const before = this.#pressure.get(node);
    if (availableBytes >= MEMORY_THRESHOLD_BYTES) {
      if (!before) return false;
      if (now - before.metMs < TRANSITION_MS) return true;
      this.#pressure.delete(node);
      return false;
    }
    const { victim, chosenMs = 0 } = before ?? {};
    const going = victim !== undefined && this.#pods.rows.get(victim);
    if (going && !going.isCleared && now - chosenMs < CLEANUP_MS) {
      this.#pressure.set(node, { ...before, metMs: now });
      return true;
    }
    const chosen = this.#choose(node);
    this.#pressure.set(node, { metMs: now, ...(chosen && { victim: chosen.key, chosenMs: now }) });
    if (chosen) this.#end(chosen, availableBytes);
    return true;
  }

  /** The Pod that goes first; critical ones never do. */
  #choose(node: string): Ranked | undefined {
    let first: Ranked | undefined;
    for (const [key, work] of this.#pods.rows.withPrefix(workKey(node, ''))) {
      const pod = work.ending ? undefined : this.#pods.podOf(work);
      if (!pod || (pod.spec.priority ?? 0) >= CRITICAL_PRIORITY) continue;
      const ranked = this.#rank(key, work, pod);
      if (!first || goesBefore(ranked, first)) first = ranked;
    }
    return first;
  }

  #rank(key: string, work: PodWork, pod: Pod): Ranked {
    let usedBytes = 0;
    for (const { memoryWorkingSetBytes } of podUsage(this.#pods, work).containers) {
      usedBytes += memoryWorkingSetBytes;
    }
    const overBytes = usedBytes - podRequests(pod.spec).memoryBytes;
    return { key, work, pod, overBytes, priority: pod.spec.priority ?? 0 };
  }

  #end({ key, work, pod }: Ranked, availableBytes: number): void {
    const { reports, world } = this.#pods;
    const threshold = binary(MEMORY_THRESHOLD_BYTES);
    const message =
      'The node was low on resource: memory. ' +
      `Threshold quantity: ${threshold}, available: ${binary(availableBytes)}. ` +
      this.#consumers(work, pod);
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
  #consumers(work: PodWork, { spec }: Pod): string {
    return podUsage(this.#pods, work)
      .containers.map(({ name, memoryWorkingSetBytes: used }) => {
        const { resources } = spec.containers.find((one) => one.name === name) ?? {};
        const asked = resources?.requests?.memory ?? 0;
        if (used <= wholeValue(asked)) return '';
        const amounts = `${binary(used)}, request is ${asked}`;
        return `Container ${name} was using ${amounts}, has larger consumption of memory. `;
      })
      .join('');
  }
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

/** Bytes as a quantity with a binary suffix: `100Mi`, `57344Ki`, `1025`. */
export function binary(bytes: number): string {
  const suffixes = ['', 'Ki', 'Mi', 'Gi', 'Ti'];
  let amount = Math.round(bytes);
  let at = 0;
  while (amount !== 0 && amount % 1024 === 0 && at < suffixes.length - 1) {
    amount /= 1024;
    at += 1;
  }
  return `${amount}${suffixes[at] ?? ''}`;
}
