import type { ContainerRuntime } from './cri.ts';
import { NODE_DISK_BYTES } from './cri.ts';
import { SYSTEM } from './server/stats.ts';

/**
 * What a kubelet watches of its node (pkg/kubelet/eviction/defaults_linux.go, helpers.go,
 * v1.36): `memory.available<100Mi`, `imagefs.available<15%`, `nodefs.available<10%`. Images and
 * everything else lie on one disk here, so that of the latter two the first is met first.
 *
 * Simplified: inodes and process numbers do not run out.
 */
export const MEMORY_THRESHOLD_BYTES = 100 * 1024 * 1024;
const DISK_THRESHOLD_BYTES = Math.floor((NODE_DISK_BYTES * 15) / 100);

/** What a node says it runs short of. */
export interface Pressures {
  readonly memory: boolean;
  readonly disk: boolean;
}

export const NO_PRESSURE: Pressures = { memory: false, disk: false };

export type Starved = 'memory' | 'ephemeral-storage';

/** A resource of which less is available than there should be. */
export interface Shortage {
  readonly resource: Starved;
  readonly thresholdBytes: number;
  readonly availableBytes: number;
}

/** What runs short; memory, of which Pods are ended first, before disk. */
export function shortages(
  runtime: ContainerRuntime,
  node: string,
  memoryBytes: number,
): readonly Shortage[] {
  const memory = memoryBytes - SYSTEM.memoryBytes - runtime.memoryUsed(node);
  const disk = NODE_DISK_BYTES - runtime.diskUsed(node);
  if (memory >= MEMORY_THRESHOLD_BYTES && disk >= DISK_THRESHOLD_BYTES) return NONE;
  const found: Shortage[] = [];
  if (memory < MEMORY_THRESHOLD_BYTES) {
    found.push(shortage('memory', MEMORY_THRESHOLD_BYTES, memory));
  }
  if (disk < DISK_THRESHOLD_BYTES) {
    found.push(shortage('ephemeral-storage', DISK_THRESHOLD_BYTES, disk));
  }
  return found;
}

const NONE: readonly Shortage[] = [];

const shortage = (resource: Starved, thresholdBytes: number, bytes: number): Shortage => ({
  ...{ resource, thresholdBytes, availableBytes: Math.max(0, bytes) },
});

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
