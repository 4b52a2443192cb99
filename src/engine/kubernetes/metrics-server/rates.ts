import { rfc3339 } from '../../sim/clock.ts';
import type { NodeMetrics, PodMetrics } from '../api/autoscaling.ts';
import type { Node } from '../api/cluster-objects.ts';
import type { ContainerUsage, NodeUsage, PodUsage, Usage } from '../api/node-requests.ts';
import type { Pod } from '../api/pod.ts';
import type { Labels } from '../apimachinery/object.ts';
import { milliValue, wholeValue } from '../apimachinery/quantity.ts';

/**
 * Rates from two looks at what counts up (kubernetes-sigs/metrics-server `pkg/storage/{pod,node}.go`,
 * v0.8):
 *
 *   CPU = (processor time now − before) ÷ (now − before)
 *
 * Memory is what it was at the last look.
 */
export interface Samples {
  readonly last: NodeUsage;
  readonly previous?: NodeUsage;
}

/** `metric-resolution`: the time between two looks. */
export const RESOLUTION_MS = 15_000;
/** A container at least this old and seen once is measured since its start. */
const FRESH_MS = 10_000;

const GO_SECONDS = (durationMs: number): string => {
  const seconds = durationMs / 1000;
  const minutes = Math.floor(seconds / 60);
  const rest = Math.round((seconds - minutes * 60) * 1000) / 1000;
  return minutes > 0 ? `${minutes}m${rest}s` : `${rest}s`;
};

/** Nanocores as metrics-server writes them: `1234567n`; whole thousands in larger units. */
function cpuQuantity(nanoCores: number): string {
  let value = Math.ceil(nanoCores);
  const units = ['n', 'u', 'm', ''];
  let unit = 0;
  while (value !== 0 && value % 1000 === 0 && unit < units.length - 1) {
    value /= 1000;
    unit += 1;
  }
  return value === 0 ? '0' : `${value}${units[unit] ?? ''}`;
}

/** Bytes in powers of two: `6340Ki`. */
function memoryQuantity(bytes: number): string {
  let value = Math.round(bytes);
  const units = ['', 'Ki', 'Mi', 'Gi', 'Ti'];
  let unit = 0;
  while (value !== 0 && value % 1024 === 0 && unit < units.length - 1) {
    value /= 1024;
    unit += 1;
  }
  return `${value}${units[unit] ?? ''}`;
}

interface Rate {
  readonly usage: Labels;
  readonly timeMs: number;
  readonly windowMs: number;
}

/** The most there is of each. */
interface Size {
  readonly nanoCores: number;
  readonly memoryBytes: number;
}

function rate(
  last: Usage,
  beforeMs: number,
  beforeNs: number,
  most: Size = { nanoCores: Infinity, memoryBytes: Infinity },
): Rate | undefined {
  const windowMs = last.timeMs - beforeMs;
  if (windowMs <= 0 || last.cpuNs < beforeNs) return undefined;
  // Nanoseconds of work a millisecond are thousandths of a thousandth of a core.
  const nanoCores = Math.min(most.nanoCores, ((last.cpuNs - beforeNs) * 1000) / windowMs);
  const memoryBytes = Math.min(most.memoryBytes, last.memoryWorkingSetBytes);
  return {
    usage: { cpu: cpuQuantity(nanoCores), memory: memoryQuantity(memoryBytes) },
    timeMs: last.timeMs,
    windowMs,
  };
}

function containerRate(last: ContainerUsage, previous: PodUsage | undefined): Rate | undefined {
  const ageMs = last.timeMs - last.startedMs;
  if (ageMs >= FRESH_MS && ageMs < RESOLUTION_MS) return rate(last, last.startedMs, 0);
  const before = previous?.containers.find(({ name }) => name === last.name);
  // One that has been started again since counts from nothing.
  if (!before || last.startedMs >= before.timeMs) return undefined;
  return rate(last, before.timeMs, before.cpuNs);
}

const podIn = (usage: NodeUsage | undefined, uid: string): PodUsage | undefined =>
  usage?.pods.find((pod) => pod.uid === uid);

/** What a Pod used; undefined unless every container has been seen twice. */
export function podMetrics({ last, previous }: Samples, pod: Pod): PodMetrics | undefined {
  const { uid, namespace = '', name, labels } = pod.metadata;
  const now = podIn(last, uid);
  const before = podIn(previous, uid);
  if (!now || now.containers.length === 0) return undefined;
  const containers: { name: string; usage: Labels }[] = [];
  let earliest: Rate | undefined;
  for (const container of now.containers) {
    const measured = containerRate(container, before);
    if (!measured) return undefined;
    containers.push({ name: container.name, usage: measured.usage });
    if (!earliest || measured.timeMs < earliest.timeMs) earliest = measured;
  }
  if (!earliest) return undefined;
  const timestamp = rfc3339(earliest.timeMs);
  const metadata = { name, namespace, uid: '', resourceVersion: '', creationTimestamp: timestamp };
  return {
    apiVersion: 'metrics.k8s.io/v1beta1',
    kind: 'PodMetrics',
    metadata: { ...metadata, ...(labels && { labels }) },
    timestamp,
    window: GO_SECONDS(earliest.windowMs),
    containers,
  };
}

const NANO_PER_MILLI = 1_000_000;

function sizeOf({ status }: Node): Size | undefined {
  const { cpu, memory } = status.capacity ?? {};
  if (cpu === undefined || memory === undefined) return undefined;
  return { nanoCores: milliValue(cpu) * NANO_PER_MILLI, memoryBytes: wholeValue(memory) };
}

/**
 * What a node used; undefined until it has been seen twice.
 *
 * Simplified: what a node uses besides its Pods is a figure that is added to what they use, though
 * they may have left nothing for it; no more is told than there is.
 */
export function nodeMetrics({ last, previous }: Samples, node: Node): NodeMetrics | undefined {
  const measured = previous && rate(last, previous.timeMs, previous.cpuNs, sizeOf(node));
  if (!measured) return undefined;
  const { name, labels } = node.metadata;
  const timestamp = rfc3339(measured.timeMs);
  const metadata = { name, uid: '', resourceVersion: '', creationTimestamp: timestamp };
  return {
    apiVersion: 'metrics.k8s.io/v1beta1',
    kind: 'NodeMetrics',
    metadata: { ...metadata, ...(labels && { labels }) },
    timestamp,
    window: GO_SECONDS(measured.windowMs),
    usage: measured.usage,
  };
}
