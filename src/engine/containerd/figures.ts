/**
 * Model figures of the runtime: how long its work takes in virtual time. Simplified: real times
 * depend on disks and processors; these are what a small cloud machine shows.
 */
export const FIGURES = {
  /** From asking for a task to its first instruction: shim, namespaces, cgroups, mounts. */
  startMs: 180,
  /** From asking for one more process in a container to its first instruction. */
  execMs: 60,
  /** Memory of a machine. */
  machineMemoryBytes: 4 * 2 ** 30,
  /** What a fault that fills a machine's memory leaves of it, the system's own share included. */
  memoryLeftBytes: 500 * 2 ** 20,
  /** The disk of a machine, and what its system takes of it. */
  machineDiskBytes: 64 * 2 ** 30,
  systemDiskBytes: 9 * 2 ** 30,
  /** What a fault that fills a machine's disk leaves of it. */
  diskLeftBytes: 2 * 2 ** 30,
  /** Processes a container may have when nothing else is said. */
  pidsLimit: 4_096,
  /** Memory and processor time of a process that is a command. */
  commandMemoryBytes: 800_000,
  commandCpuMs: 1,
  /** Processor time of a request that says nothing else. */
  requestCpuMs: 1,
  /** What `fault … leak` adds, and `fault … slow` delays every answer by. */
  leakBytesPerMs: 10_486,
  slowMs: 3_000,
  /** Unpacking a layer: opening it, and its bytes over the disk's speed. */
  unpackMs: 8,
  unpackBytesPerMs: 120_000,
  /** How much longer everything takes on a disk that has become slow. */
  slowDiskTimes: 20,
  /** One request to a registry and the head of its answer. */
  requestBytes: 600,
  /** Layers of one image: what fits into the options of one overlay mount. */
  layerLimit: 500,
  /** Blobs of one image that are fetched at once (`max_concurrent_downloads`). */
  parallelFetches: 3,
  /** Processors of a machine. */
  onlineCpus: 4,
  /** Log lines kept of a container. */
  logLimit: 10_000,
  /** How long a log may grow where somebody rotates it (`containerLogMaxSize`). */
  logBytes: 10 * 2 ** 20,
} as const;
