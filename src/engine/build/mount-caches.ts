import type { Kernel } from '../sim/kernel.ts';
import type { Table } from '../sim/store.ts';
import type { CacheRecord } from './api.ts';
import { isPruned, recordId, type PruneOptions, type Pruned } from './cache.ts';

/**
 * Directories of `--mount=type=cache`: they are kept on the machine by their id, from build to build,
 * and are known to the cache as records of their own.
 */
interface MountRow {
  readonly sizeBytes: number;
  readonly createdMs: number;
  readonly lastUsedMs: number;
  readonly usageCount: number;
}

/** Where builders keep what they mount. */
export const MOUNT_ROOT = '/var/lib/docker/buildkit';

export const cacheDirectory = (id: string): string =>
  `${MOUNT_ROOT}/cachemounts/${recordId(`mount ${id}`)}`;

export class MountCaches {
  readonly #kernel: Kernel;
  readonly #rows: Table<string, MountRow>;

  constructor(kernel: Kernel) {
    this.#kernel = kernel;
    this.#rows = kernel.store.table<MountRow>('build/mounts');
  }

  /** Notes that a step has used one, and how big it is now. */
  used(machine: string, id: string, sizeBytes: number): void {
    const now = this.#kernel.now;
    const { createdMs = now, usageCount = 0 } = this.#rows.get(`${machine} ${id}`) ?? {};
    const row = { sizeBytes, createdMs, lastUsedMs: now, usageCount: usageCount + 1 };
    this.#rows.set(`${machine} ${id}`, row);
  }

  has(machine: string, id: string): boolean {
    return this.#rows.has(`${machine} ${id}`);
  }

  records(machine: string): CacheRecord[] {
    return [...this.#rows.withPrefix(`${machine} `)].map(([key, row]) => {
      const id = key.slice(machine.length + 1);
      return {
        ...{ id: recordId(`mount ${id}`), type: 'exec.cachemount', ...row },
        description: `cached mount ${id} from exec`,
        ...{ parents: [], shared: false, inUse: false },
      };
    });
  }

  /** Removes records, and with each its directory by `remove`. */
  prune(machine: string, options: PruneOptions, remove: (directory: string) => void): Pruned {
    const removed: CacheRecord[] = [];
    for (const [key, row] of [...this.#rows.withPrefix(`${machine} `)]) {
      const id = key.slice(machine.length + 1);
      const record = this.records(machine).find((one) => one.id === recordId(`mount ${id}`));
      if (!record || !isPruned(record, options)) continue;
      this.#rows.delete(key);
      remove(cacheDirectory(id));
      removed.push({ ...record, sizeBytes: row.sizeBytes });
    }
    return { records: removed, bytes: removed.reduce((sum, one) => sum + one.sizeBytes, 0) };
  }
}
