import type { Table } from '../../sim/store.ts';
import { NODE_DISK_BYTES } from './cri.ts';
import type { PodTable } from './pod-table.ts';

/**
 * Images that nobody uses, taken away when the disk is 85 % full until it is 80 % full, or all of
 * them when it is nearly full; the one that was used longest ago first, none that came within two
 * minutes (pkg/kubelet/images/image_gc_manager.go, v1.36).
 *
 * Simplified: an image counts as used last when its last container was made.
 */
const HIGH_PERCENT = 85;
const LOW_PERCENT = 80;
const MIN_AGE_MS = 120_000;
/** `ImageGCPeriod`. */
const PERIOD_MS = 300_000;

export class ImageGarbage {
  readonly #pods: PodTable;
  /** Nodes whose last collection failed. */
  readonly #failed: Table<string, true>;

  constructor(pods: PodTable) {
    this.#pods = pods;
    this.#failed = pods.world.kernel.store.table<true>(`${pods.name}/image-gc-failed`);
  }

  /** Looks every five minutes; to be asked every `sinceMs`. */
  check(node: string, sinceMs: number): void {
    const { runtime, kernel } = this.#pods.world;
    const { now } = kernel;
    if (Math.floor(now / PERIOD_MS) === Math.floor((now - sinceMs) / PERIOD_MS)) return;
    const availableBytes = Math.max(0, NODE_DISK_BYTES - runtime.diskUsed(node));
    const usedPercent = 100 - Math.floor((availableBytes * 100) / NODE_DISK_BYTES);
    if (usedPercent < HIGH_PERCENT) {
      this.#failed.delete(node);
      return;
    }
    const wantedBytes = Math.floor((NODE_DISK_BYTES * (100 - LOW_PERCENT)) / 100) - availableBytes;
    const freedBytes = this.#free(node, wantedBytes);
    if (freedBytes >= wantedBytes) this.#failed.delete(node);
    else this.#fail(node, wantedBytes, freedBytes);
  }

  /** Takes away all that may go. */
  deleteUnused(node: string): void {
    this.#free(node, Infinity);
  }

  #free(node: string, wantedBytes: number): number {
    const { images, world } = this.#pods;
    const { runtime, kernel, imageCame } = world;
    const candidates = runtime
      .unusedImages(node)
      .filter(({ createdMs }) => kernel.now - createdMs >= MIN_AGE_MS)
      .map((image) => ({ ...image, usedMs: images.lastUseMs(node, image.references) }))
      .sort((a, b) => a.usedMs - b.usedMs || a.createdMs - b.createdMs);
    let freedBytes = 0;
    for (const { digest, references, sizeBytes } of candidates) {
      if (freedBytes >= wantedBytes) break;
      runtime.removeImage(node, digest);
      images.forget(node, references);
      kernel.record({
        actor: `kubelet/${node}`,
        verb: 'remove',
        object: `image ${references[0] ?? digest}`,
        detail: { sizeBytes },
      });
      freedBytes += sizeBytes;
    }
    if (freedBytes > 0) imageCame?.(node);
    return freedBytes;
  }

  #fail(node: string, wantedBytes: number, freedBytes: number): void {
    const { reports } = this.#pods;
    const message =
      'Failed to garbage collect required amount of images. Attempted to free ' +
      `${wantedBytes} bytes, but only found ${freedBytes} bytes eligible to free.`;
    reports.warnOfNode(node, 'FreeDiskSpaceFailed', message);
    // The first time may be too early to tell.
    if (this.#failed.has(node)) reports.warnOfNode(node, 'ImageGCFailed', message);
    this.#failed.set(node, true);
  }
}
