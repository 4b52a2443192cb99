import type { Kernel } from '../sim/kernel.ts';
import type { Index, Table } from '../sim/store.ts';
import { RequestQueue } from './request-queue.ts';
import { machineOfKey, type Rows } from './rows.ts';

/**
 * Who gets how much of a machine's processors, as the kernel's fair scheduler and its quotas share
 * them (Linux `Documentation/scheduler/sched-bwc.rst`, cgroup v2 `cpu.weight` and `cpu.max`):
 *
 *   share of a container = what it wants, at most its quota; where all want more than there is,
 *   processors are dealt by weight, and what one does not want goes to the others.
 *
 * Simplified: a request that began keeps the speed it began with.
 */
interface BurnRow {
  readonly threads: number;
  readonly sinceMs: number;
  /** Processors it gets now. */
  readonly share: number;
  readonly usedMs: number;
  /** How long it ran under a quota, and how long its threads were stopped by it, all together. */
  readonly quotaMs?: number;
  readonly heldMs?: number;
}

/** What a quota did to a container: `nr_periods` and `throttled_usec` of `cpu.stat`. */
export interface Throttling {
  readonly quotaMs: number;
  readonly heldMs: number;
}

interface Wanting {
  readonly key: string;
  readonly wants: number;
  readonly weight: number;
}

const DEFAULT_SHARES = 1024;
const NANO = 1e9;
const SLOWEST = 0.001;

export class Processors {
  readonly #kernel: Kernel;
  readonly #rows: Rows;
  readonly #burning: Table<string, BurnRow>;
  readonly #requests: RequestQueue;
  readonly #onMachine: Index<string, BurnRow>;

  constructor(kernel: Kernel, rows: Rows) {
    this.#kernel = kernel;
    this.#rows = rows;
    this.#requests = new RequestQueue(kernel, rows);
    this.#burning = kernel.store.table<BurnRow>('containerd/burning');
    this.#onMachine = this.#burning.index((row, key) =>
      row.threads === 0 ? [] : [machineOfKey(key)],
    );
  }

  /** Reckons anew what burns in a container: its processes, and a fault. Nothing in a paused one. */
  reckon(key: string): void {
    const task = this.#rows.tasks.get(key);
    const rows = task?.status === 'running' && !task.paused ? this.#rows.processesOf(key) : [];
    const ill =
      rows.length > 0 && task?.fault === 'cpu' ? this.#rows.processorsOf(machineOfKey(key)) : 0;
    this.#burn(
      key,
      rows.reduce((threads, { burning = 0 }) => threads + burning, ill),
    );
  }

  /** So many threads of a container run without end; 0 ends that. */
  #burn(key: string, threads: number): void {
    const before = this.#burning.get(key);
    if (!before && threads === 0) return;
    this.#settle(machineOfKey(key));
    const { usedMs = 0, quotaMs = 0, heldMs = 0 } = this.#burning.get(key) ?? {};
    const sinceMs = this.#kernel.now;
    this.#burning.set(key, { threads, sinceMs, share: 0, usedMs, quotaMs, heldMs });
    this.#deal(machineOfKey(key));
  }

  /** Its limits change by what is done; what it used until then, it used under those before. */
  limitsChange(key: string, change: () => void): void {
    const isBurning = this.#burning.has(key);
    if (isBurning) this.#settle(machineOfKey(key));
    change();
    if (isBurning) this.#deal(machineOfKey(key));
  }

  /**
   * Processor time burnt so far, besides what requests were charged with; less than nothing while
   * some of those still wait for a processor.
   */
  burntMs(key: string): number {
    const row = this.#burning.get(key);
    const burnt = row ? row.usedMs + (this.#kernel.now - row.sinceMs) * row.share : 0;
    return burnt - this.#requests.pendingMs(key);
  }

  /** Simplified: only of what runs without end; a request that waits for the quota counts as none. */
  throttling(key: string): Throttling {
    const row = this.#burning.get(key);
    return row ? this.#throttled(key, row) : { quotaMs: 0, heldMs: 0 };
  }

  #throttled(key: string, row: BurnRow): Throttling {
    const { nanoCpus } = this.#rows.limits(key);
    const { threads, share, quotaMs = 0, heldMs = 0 } = row;
    if (nanoCpus === undefined || threads === 0) return { quotaMs, heldMs };
    const ranMs = this.#kernel.now - row.sinceMs;
    // One that others leave too little to has some of its quota left.
    const stopped = share >= nanoCpus / NANO ? threads - share : 0;
    return { quotaMs: quotaMs + ranMs, heldMs: heldMs + stopped * ranMs };
  }

  forget(key: string): void {
    this.#requests.forget(key);
    this.#burn(key, 0);
    this.#burning.delete(key);
  }

  /** The part of a processor that one more thread of a container gets. */
  speed(key: string): number {
    const machine = machineOfKey(key);
    const busy = this.#onMachine.count(machine);
    const { nanoCpus } = this.#rows.limits(key);
    if (busy === 0 && nanoCpus === undefined) return 1;
    const own = (this.#burning.get(key)?.threads ?? 0) + 1;
    const others = this.#wanting(machine).filter((one) => one.key !== key);
    const shares = deal(this.#rows.processorsOf(machine), [...others, this.#wants(key, own)]);
    return Math.max(SLOWEST, Math.min(1, (shares.get(key) ?? 1) / own));
  }

  /** How much longer than its processor time a request takes, or so many of them together. */
  extraMs(key: string, cpuMs: number, times: number): number {
    const waitMs = this.#requests.enter(key, cpuMs * times);
    const speed = this.speed(key);
    return speed === 1 ? waitMs : waitMs + Math.ceil(cpuMs / speed) - cpuMs;
  }

  #wants(key: string, threads: number): Wanting {
    const { nanoCpus, cpuShares } = this.#rows.limits(key);
    const quota = nanoCpus === undefined ? threads : nanoCpus / NANO;
    return { key, wants: Math.min(threads, quota), weight: cpuShares ?? DEFAULT_SHARES };
  }

  #wanting(machine: string): Wanting[] {
    return this.#onMachine
      .keys(machine)
      .map((key) => this.#wants(key, this.#burning.need(key).threads));
  }

  #settle(machine: string): void {
    const { now } = this.#kernel;
    for (const key of this.#onMachine.keys(machine)) {
      const row = this.#burning.need(key);
      const usedMs = row.usedMs + (now - row.sinceMs) * row.share;
      const throttled = this.#throttled(key, row);
      this.#burning.set(key, { ...row, sinceMs: now, usedMs, ...throttled });
    }
  }

  #deal(machine: string): void {
    const shares = deal(this.#rows.processorsOf(machine), this.#wanting(machine));
    for (const [key, share] of shares) this.#burning.update(key, (row) => ({ ...row, share }));
  }
}

/** Processor time that a container has used since it was started. */
export function usedMs(key: string, rows: Rows, processors: Processors): number {
  const task = rows.tasks.get(key);
  const running = task?.status === 'running' ? rows.processesOf(key) : [];
  const spentMs = running.reduce((sum, { cpuMs }) => sum + cpuMs, task?.cpuMs ?? 0);
  return spentMs + processors.burntMs(key);
}

/** Deals processors by weight; nobody gets more than it wants, nothing wanted is left over. */
function deal(processors: number, wanting: readonly Wanting[]): Map<string, number> {
  const shares = new Map<string, number>();
  let left = processors;
  let open = [...wanting];
  while (open.length > 0) {
    const weight = open.reduce((sum, one) => sum + one.weight, 0);
    const each = left / weight;
    const content = open.filter((one) => one.wants <= each * one.weight);
    if (content.length === 0) {
      for (const one of open) shares.set(one.key, each * one.weight);
      return shares;
    }
    for (const one of content) {
      shares.set(one.key, one.wants);
      left -= one.wants;
    }
    open = open.filter((one) => !content.includes(one));
  }
  return shares;
}
