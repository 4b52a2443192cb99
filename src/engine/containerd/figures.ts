/**
 * Model figures of the runtime: how long its work takes in virtual time. Simplified: real times
 * depend on disks and processors; these are what a small cloud machine shows.
 */
export const FIGURES = {
  /** From asking for a task to its first instruction: shim, namespaces, cgroups, mounts. */
  startMs: 180,
  /** Unpacking a layer: opening it, and its bytes over the disk's speed. */
  unpackMs: 8,
  unpackBytesPerMs: 120_000,
  /** One request to a registry and the head of its answer. */
  requestBytes: 600,
  /** Blobs of one image that are fetched at once (`max_concurrent_downloads`). */
  parallelFetches: 3,
  /** Processors of a machine. */
  onlineCpus: 4,
  /** Log lines kept of a container. */
  logLimit: 10_000,
} as const;
