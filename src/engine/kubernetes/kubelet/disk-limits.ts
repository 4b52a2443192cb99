import type { Pod } from '../api/pod.ts';
import { wholeValue } from '../apimachinery/quantity.ts';
import { pagesOf } from '../../machine/disk.ts';
import type { ContainerRuntime } from './cri.ts';
import { binary } from './eviction-signals.ts';
import type { PodWork } from './pod-worker-row.ts';
import { emptyDirectory } from './volumes/volumes.ts';

/**
 * What Pods write to the disk of their node, and how much of that they may
 * (pkg/kubelet/eviction/eviction_manager.go `localStorageEviction`, helpers.go, v1.36).
 */
const STORAGE = 'ephemeral-storage';

/** Whether somebody limited what a Pod may write. */
export const hasDiskLimits = ({ spec }: Pod): boolean =>
  (spec.volumes?.some(({ emptyDir }) => emptyDir?.sizeLimit !== undefined) ?? false) ||
  spec.containers.some(({ resources }) => resources?.limits?.[STORAGE] !== undefined);

/** What each container has written, by name, and each emptyDir. */
export interface DiskUsage {
  readonly containers: Readonly<Record<string, number>>;
  readonly volumes: Readonly<Record<string, number>>;
}

export function diskUsage(runtime: ContainerRuntime, work: PodWork, { spec }: Pod): DiskUsage {
  const { node, uid } = work;
  const containers: Record<string, number> = {};
  for (const [name, { id }] of Object.entries(work.containers)) {
    if (id !== undefined) containers[name] = runtime.written(node, id);
  }
  const volumes: Record<string, number> = {};
  for (const { name, emptyDir } of spec.volumes ?? []) {
    if (!emptyDir) continue;
    let bytes = 0;
    for (const [, file] of runtime.files.nodes(node, emptyDirectory(uid, name))) {
      bytes += pagesOf(file);
    }
    volumes[name] = bytes;
  }
  return { containers, volumes };
}

export function totalBytes({ containers, volumes }: DiskUsage): number {
  let bytes = 0;
  for (const used of [...Object.values(containers), ...Object.values(volumes)]) bytes += used;
  return bytes;
}

/** What a Pod exceeds of its limits, as its end is explained; undefined when nothing. */
export function exceededLimit(usage: DiskUsage, { spec }: Pod): string | undefined {
  for (const { name, emptyDir } of spec.volumes ?? []) {
    const limit = emptyDir?.sizeLimit;
    if (limit === undefined || wholeValue(limit) <= 0) continue;
    if ((usage.volumes[name] ?? 0) > wholeValue(limit)) {
      return `Usage of EmptyDir volume "${name}" exceeds the limit "${limit}". `;
    }
  }
  const limits = spec.containers.map(({ resources }) => resources?.limits?.[STORAGE]);
  const known = limits.filter((limit) => limit !== undefined);
  const sum = known.reduce<number>((bytes, limit) => bytes + wholeValue(limit), 0);
  if (known.length > 0 && totalBytes(usage) > sum) {
    const said = known.length === 1 ? String(known[0]) : binary(sum);
    return `Pod ephemeral local storage usage exceeds the total limit of containers ${said}. `;
  }
  for (const { name, resources } of spec.containers) {
    const limit = resources?.limits?.[STORAGE];
    if (limit !== undefined && (usage.containers[name] ?? 0) > wholeValue(limit)) {
      return `Container ${name} exceeded its local ephemeral storage limit "${limit}". `;
    }
  }
  return undefined;
}
