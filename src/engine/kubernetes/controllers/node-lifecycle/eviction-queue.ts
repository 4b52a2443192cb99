import type { Kernel } from '../../../sim/kernel.ts';
import type { Table } from '../../../sim/store.ts';

/**
 * Nodes that wait to be given up, zone by zone, each zone at its own speed
 * (pkg/controller/nodelifecycle/scheduler/rate_limited_queue.go, v1.36): a bucket that holds one
 * token and is filled at the zone's rate.
 */
interface Bucket {
  readonly perSecond: number;
  readonly tokens: number;
  readonly atMs: number;
}

interface WaitingNode {
  readonly zone: string;
}

export class EvictionQueue {
  readonly #kernel: Kernel;
  readonly #buckets: Table<string, Bucket>;
  readonly #waiting: Table<string, WaitingNode>;

  constructor(kernel: Kernel, name: string) {
    this.#kernel = kernel;
    this.#buckets = kernel.store.table<Bucket>(`${name}/buckets`);
    this.#waiting = kernel.store.table<WaitingNode>(`${name}/nodes`);
  }

  get size(): number {
    return this.#waiting.size;
  }

  setRate(zone: string, perSecond: number): void {
    const bucket = this.#buckets.get(zone);
    if (bucket?.perSecond === perSecond) return;
    const tokens = bucket ? this.#filled(bucket) : 1;
    this.#buckets.set(zone, { perSecond, tokens, atMs: this.#kernel.now });
  }

  add(node: string, zone: string): void {
    if (!this.#waiting.has(node)) this.#waiting.set(node, { zone });
  }

  remove(node: string): void {
    this.#waiting.delete(node);
  }

  clear(): void {
    for (const [node] of [...this.#waiting.entries()]) this.#waiting.delete(node);
  }

  /** Those whose turn has come; they leave the queue. */
  take(): string[] {
    const taken: string[] = [];
    for (const [node, { zone }] of [...this.#waiting.entries()]) {
      const bucket = this.#buckets.get(zone);
      const tokens = bucket ? this.#filled(bucket) : 0;
      if (!bucket || bucket.perSecond === 0 || tokens < 1) continue;
      this.#buckets.set(zone, { ...bucket, tokens: tokens - 1, atMs: this.#kernel.now });
      this.#waiting.delete(node);
      taken.push(node);
    }
    return taken;
  }

  /** How long until the next one's turn comes; undefined while none is to come. */
  nextMs(): number | undefined {
    let next: number | undefined;
    const seen = new Set<string>();
    for (const [, { zone }] of this.#waiting.entries()) {
      if (seen.has(zone)) continue;
      seen.add(zone);
      const bucket = this.#buckets.get(zone);
      if (!bucket || bucket.perSecond === 0) continue;
      const missing = Math.max(0, 1 - this.#filled(bucket));
      const waitMs = Math.ceil((missing * 1000) / bucket.perSecond);
      next = next === undefined ? waitMs : Math.min(next, waitMs);
    }
    return next;
  }

  #filled({ perSecond, tokens, atMs }: Bucket): number {
    // Thousandths of a token a millisecond, so that ten seconds at 0.1 are exactly one.
    const gained = (perSecond * (this.#kernel.now - atMs)) / 1000;
    return Math.min(1, Math.round((tokens + gained) * 1e9) / 1e9);
  }
}
