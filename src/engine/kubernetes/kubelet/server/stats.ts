import type { ContainerUsage, NodeUsage, PodUsage } from '../../api/node-requests.ts';
import type { PodTable } from '../pod-table.ts';
import { workKey, type PodWork } from '../pod-worker-row.ts';

/**
 * What a node and its Pods use (pkg/kubelet/server/stats/summary.go, v1.36).
 *
 * Simplified: the working set is all the memory that processes hold. Everything that runs on a node
 * besides Pods is a model figure.
 */
export const SYSTEM = { cpuMillis: 45, memoryBytes: 440 * 1024 * 1024 } as const;

export function nodeUsage(pods: PodTable, node: string): NodeUsage {
  const { kernel, runtime } = pods.world;
  const timeMs = kernel.now;
  const all: PodUsage[] = [];
  let cpuNs = SYSTEM.cpuMillis * timeMs * NS_PER_MILLI_MS;
  let cpuNanoCores = SYSTEM.cpuMillis * NANO_PER_MILLI;
  for (const [, work] of pods.rows.withPrefix(workKey(node, ''))) {
    const usage = podUsage(pods, work);
    if (usage.containers.length === 0) continue;
    all.push(usage);
    for (const container of usage.containers) {
      cpuNs += container.cpuNs;
      cpuNanoCores += container.cpuNanoCores;
    }
  }
  const memoryWorkingSetBytes = SYSTEM.memoryBytes + runtime.memoryUsed(node);
  return { node, timeMs, cpuNs, cpuNanoCores, memoryWorkingSetBytes, pods: all };
}

const NANO_PER_MILLI = 1_000_000;
/** A thousandth of a processor for a millisecond, in nanoseconds. */
const NS_PER_MILLI_MS = 1000;

export function podUsage(pods: PodTable, work: PodWork): PodUsage {
  const { runtime, kernel } = pods.world;
  const { node, namespace, name, uid } = work;
  const containers: ContainerUsage[] = [];
  for (const [container, { stage, id, startedMs = 0 }] of Object.entries(work.containers)) {
    if (stage !== 'running' || id === undefined) continue;
    const stats = runtime.stats(node, id);
    if (!stats) continue;
    const ranMs = Math.max(1, kernel.now - startedMs);
    containers.push({
      ...{ name: container, startedMs, timeMs: kernel.now, cpuNs: stats.cpuNs },
      cpuNanoCores: Math.floor((stats.cpuNs * 1000) / ranMs),
      memoryWorkingSetBytes: stats.memoryBytes,
    });
  }
  return { namespace, name, uid, containers };
}
