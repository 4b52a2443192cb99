import type { Kernel } from '../sim/kernel.ts';
import type { Table } from '../sim/store.ts';
import { chainIds, digestOfText } from '../oci/digest.ts';
import type { CacheRecord, Result } from './api.ts';

/**
 * The build cache of machines: results by the keys they can be found under (moby/buildkit v0.32
 * `solver/cachestorage.go`, `cache/manager.go`). A result has a key by its definition, and one by
 * the contents of what it copies; what stands upon it is found by the result itself, so a step that
 * was made anew gives all below it another key.
 */
interface Row extends Omit<CacheRecord, 'shared' | 'inUse' | 'type'> {
  readonly result: Result;
  readonly keys: readonly string[];
  readonly shared: boolean;
}

export interface PruneOptions {
  /** Also records that images use. */
  readonly all?: boolean;
  /** Records last used before. */
  readonly untilMs?: number;
  readonly keep?: (record: CacheRecord) => boolean;
}

export interface Pruned {
  readonly records: readonly CacheRecord[];
  readonly bytes: number;
}

const DIGITS = '0123456789abcdefghijklmnopqrstuvwxyz';
const ID_LENGTH = 25;

/** An identifier as BuildKit makes them: 25 digits and letters. */
export function recordId(seed: string): string {
  const hex = digestOfText(seed).slice('sha256:'.length);
  let id = '';
  for (let at = 0; at < ID_LENGTH; at++) {
    id += DIGITS[parseInt(hex.slice(at * 2, at * 2 + 2), 16) % DIGITS.length]!;
  }
  return id;
}

const keyOf = (machine: string, name: string): string => `${machine} ${name}`;

export class BuildCache {
  readonly #kernel: Kernel;
  readonly #records: Table<string, Row>;
  /** Record by each key it is found under. */
  readonly #keys: Table<string, string>;
  /** Records by chain ID: what an image shares. */
  readonly #chains: Table<string, readonly string[]>;

  constructor(kernel: Kernel) {
    this.#kernel = kernel;
    this.#records = kernel.store.table<Row>('build/records');
    this.#keys = kernel.store.table<string>('build/keys');
    this.#chains = kernel.store.table<readonly string[]>('build/chains');
  }

  /** What is kept under a key; it counts as a use. */
  find(machine: string, key: string): Result | undefined {
    const id = this.#keys.get(keyOf(machine, key));
    const row = id === undefined ? undefined : this.#records.get(keyOf(machine, id));
    if (id === undefined || !row) return undefined;
    const used = { lastUsedMs: this.#kernel.now, usageCount: row.usageCount + 1 };
    this.#records.set(keyOf(machine, id), { ...row, ...used });
    return row.result;
  }

  /** Keeps a result under keys; one that was there before under them is found no more. */
  add(
    machine: string,
    keys: readonly string[],
    made: Omit<Result, 'key'>,
    about: Pick<CacheRecord, 'description' | 'sizeBytes' | 'parents'>,
  ): Result {
    const now = this.#kernel.now;
    const id = recordId(`${machine} ${now} ${keys.join(' ')} ${made.chainId}`);
    const result: Result = { ...made, key: id };
    this.#records.set(keyOf(machine, id), {
      ...{ id, result, keys, ...about, usageCount: 1, createdMs: now, lastUsedMs: now },
      shared: false,
    });
    for (const key of keys) this.#keys.set(keyOf(machine, key), id);
    const chain = keyOf(machine, made.chainId);
    this.#chains.set(chain, [...(this.#chains.get(chain) ?? []), id]);
    return result;
  }

  /** A further key for a result that is kept. */
  alias(machine: string, key: string, result: Result): void {
    const row = this.#records.get(keyOf(machine, result.key));
    if (!row) return;
    this.#keys.set(keyOf(machine, key), result.key);
    this.#records.set(keyOf(machine, result.key), { ...row, keys: [...row.keys, key] });
  }

  /** Notes that an image has these snapshots. */
  share(machine: string, chains: readonly string[]): void {
    for (const chain of chains) {
      for (const id of this.#chains.get(keyOf(machine, chain)) ?? []) {
        const key = keyOf(machine, id);
        const row = this.#records.get(key);
        if (row && !row.shared) this.#records.set(key, { ...row, shared: true });
      }
    }
  }

  records(machine: string): CacheRecord[] {
    return [...this.#records.withPrefix(`${machine} `)]
      .map(([, row]) => recordOf(row))
      .sort((a, b) => a.createdMs - b.createdMs || (a.id < b.id ? -1 : 1));
  }

  /** The layers by digest and the snapshots by chain ID that records stand for. */
  needs(machine: string): Set<string> {
    const needed = new Set<string>();
    for (const [, { result }] of this.#records.withPrefix(`${machine} `)) {
      for (const { digest } of result.layers) needed.add(digest);
      for (const chain of chainIds(result.layers.map(({ diffId }) => diffId))) needed.add(chain);
      needed.add(result.chainId);
    }
    return needed;
  }

  prune(machine: string, options: PruneOptions): Pruned {
    const removed: CacheRecord[] = [];
    for (const record of this.records(machine)) {
      if (!isPruned(record, options)) continue;
      const { keys, result } = this.#records.need(keyOf(machine, record.id));
      this.#records.delete(keyOf(machine, record.id));
      for (const key of keys) {
        if (this.#keys.get(keyOf(machine, key)) === record.id) {
          this.#keys.delete(keyOf(machine, key));
        }
      }
      this.#forget(machine, result.chainId, record.id);
      removed.push(record);
    }
    return { records: removed, bytes: removed.reduce((sum, one) => sum + one.sizeBytes, 0) };
  }

  #forget(machine: string, chainId: string, id: string): void {
    const chain = keyOf(machine, chainId);
    const left = (this.#chains.get(chain) ?? []).filter((one) => one !== id);
    if (left.length > 0) this.#chains.set(chain, left);
    else this.#chains.delete(chain);
  }
}

const recordOf = (row: Row): CacheRecord => {
  const { id, description, sizeBytes, createdMs, lastUsedMs, usageCount, parents, shared } = row;
  return {
    ...{ id, type: 'regular', description, sizeBytes, createdMs, lastUsedMs, usageCount, parents },
    ...{ shared, inUse: false },
  };
};

export function isPruned(record: CacheRecord, options: PruneOptions): boolean {
  if (record.shared && !options.all) return false;
  if (options.untilMs !== undefined && record.lastUsedMs >= options.untilMs) return false;
  return !options.keep?.(record);
}
