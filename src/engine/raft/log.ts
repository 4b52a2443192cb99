import type { Kernel } from '../sim/kernel.ts';
import type { Table } from '../sim/store.ts';

/**
 * The log of each member of a group: entries by index, from 1. Raft compares two logs by the term
 * and index of their last entries (Ongaro, Ousterhout: In Search of an Understandable Consensus
 * Algorithm, 2014, section 5.4.1; etcd-io/raft log.go, v3.6).
 */
export interface LogEntry {
  readonly index: number;
  readonly term: number;
  /** What the group agrees on; absent in the entry with which a leader's term begins. */
  readonly data?: unknown;
  /** The members from this entry on, when it changes them. */
  readonly members?: Readonly<Record<string, string>>;
}

/** Where a log ends. */
export interface LogEnd {
  readonly index: number;
  readonly term: number;
}

/** Entries that a member keeps below its commit index for others to catch up from. */
export const KEPT_ENTRIES = 1_000;

/** Model figure: entries in one message; etcd counts a megabyte. */
export const ENTRIES_PER_MESSAGE = 500;

const DIGITS = 12;
const keyOf = (member: string, index: number): string =>
  `${member} ${String(index).padStart(DIGITS, '0')}`;

/** Whether a log that ends at `a` is at least as new as one that ends at `b`. */
export function isUpToDate(a: LogEnd, b: LogEnd): boolean {
  return a.term > b.term || (a.term === b.term && a.index >= b.index);
}

export class RaftLogs {
  readonly #entries: Table<string, LogEntry>;

  constructor(kernel: Kernel, name: string) {
    this.#entries = kernel.store.table<LogEntry>(`${name}/log`);
  }

  get(member: string, index: number): LogEntry | undefined {
    return this.#entries.get(keyOf(member, index));
  }

  append(member: string, entry: LogEntry): void {
    this.#entries.set(keyOf(member, entry.index), entry);
  }

  /** Entries from an index on, as many as one message carries. */
  from(member: string, index: number): LogEntry[] {
    const entries: LogEntry[] = [];
    for (let next = index; entries.length < ENTRIES_PER_MESSAGE; next++) {
      const entry = this.get(member, next);
      if (!entry) break;
      entries.push(entry);
    }
    return entries;
  }

  /** Drops what a leader of a later term does not have. */
  truncate(member: string, fromIndex: number): void {
    for (let next = fromIndex; this.#entries.delete(keyOf(member, next)); next++);
  }

  /** Drops entries below an index; gives the first one that is kept. */
  compact(member: string, first: number, belowIndex: number): number {
    let kept = first;
    while (kept < belowIndex && this.#entries.delete(keyOf(member, kept))) kept += 1;
    return kept;
  }

  /** Drops everything, as a snapshot replaces it. */
  clear(member: string): void {
    for (const [key] of [...this.#entries.withPrefix(`${member} `)]) this.#entries.delete(key);
  }
}
