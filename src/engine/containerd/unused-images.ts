import { chainIds } from '../oci/digest.ts';
import type { Containerd } from './containerd.ts';

/** An image that no container of its machine stands on, running or not. */
export interface UnusedImage {
  readonly digest: string;
  readonly references: readonly string[];
  /** Its blobs and layers, those that it shares with others included. */
  readonly sizeBytes: number;
  /** When it came. */
  readonly createdMs: number;
}

export function unusedImages({ content, tasks }: Containerd, machine: string): UnusedImage[] {
  const used = new Set(tasks.snapshots(machine));
  const found = new Map<string, UnusedImage>();
  for (const [reference, { digest, createdMs }] of content.rows(machine)) {
    const before = found.get(digest);
    if (before) {
      found.set(digest, { ...before, references: [...before.references, reference] });
      continue;
    }
    const chain = chainIds(content.view(machine, digest).config.rootfs.diff_ids);
    if (used.has(chain.at(-1) ?? '')) continue;
    let sizeBytes = 0;
    for (const bytes of content.weights(machine, digest).values()) sizeBytes += bytes;
    found.set(digest, { digest, references: [reference], sizeBytes, createdMs });
  }
  return [...found.values()];
}

/** Removes an image by all its names (containerd 2.2 `internal/cri/server/image_remove.go`). */
export function removeImage({ content }: Containerd, machine: string, digest: string): void {
  for (const name of content.namesOf(machine, digest)) content.unname(machine, name);
  content.collect(machine, digest);
}
