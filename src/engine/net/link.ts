import { assert } from '../sim/assert.ts';
import type { EventType, Kernel } from '../sim/kernel.ts';
import { ask, type Waiter } from '../sim/process.ts';
import { LATER, type Processes } from '../sim/processes.ts';
import type { Table } from '../sim/store.ts';

/**
 * The wires between the ends of a world: machines (`dev`, `node-1`) and hosts that are not machines
 * of it (`registry.local:5000`, `docker.io`). Only what differs from the usual is kept, so a world
 * of five thousand machines costs no rows.
 *
 * Simplified: transfers do not share a link's bandwidth; each gets all of it. Nothing is lost on
 * the way: a link is up or cut, and what was sent before a cut still arrives.
 */
export interface Link {
  /** One way, in milliseconds. */
  readonly latencyMs: number;
  readonly bytesPerMs: number;
}

/** Within one machine. */
const LOCAL: Link = { latencyMs: 0, bytesPerMs: 2_000_000 };
/** Model figure: 1 Gbit/s in one room. */
const USUAL: Link = { latencyMs: 1, bytesPerMs: 125_000 };

/** What a transfer came to. A cut link is noticed when the sender gives up. */
export type Transfer =
  | { readonly ok: true; readonly durationMs: number }
  | { readonly ok: false; readonly error: 'timeout'; readonly durationMs: number };

/** How long a sender tries to reach an end that does not answer: Go's usual dial timeout. */
const DIAL_TIMEOUT_MS = 30_000;

interface TransferRequest {
  readonly from: string;
  readonly to: string;
  readonly bytes: number;
}

const pairOf = (a: string, b: string): string => (a < b ? `${a} ${b}` : `${b} ${a}`);

export class Links {
  readonly #ends: Table<string, Link>;
  readonly #cut: Table<string, true>;
  readonly #down: Table<string, true>;
  /** Latencies of single links that are not what their ends make them. */
  readonly #latencies: Table<string, number>;
  readonly #listeners: (() => void)[] = [];

  constructor(kernel: Kernel, processes: Processes) {
    this.#ends = kernel.store.table<Link>('net/ends');
    this.#cut = kernel.store.table<true>('net/cut');
    this.#down = kernel.store.table<true>('net/down');
    this.#latencies = kernel.store.table<number>('net/latencies');
    const arrived: EventType<{ asker: Waiter; answer: Transfer }> = kernel.event(
      'net/arrived',
      ({ asker, answer }) => processes.reply(asker, answer),
    );
    processes.service<TransferRequest>(
      'net/transit',
      ({ from, to, bytes }) => this.transfer(from, to, bytes).durationMs,
    );
    processes.service<TransferRequest>('net/transfer', ({ from, to, bytes }, asker) => {
      const answer = this.transfer(from, to, bytes);
      arrived.after(answer.durationMs, { asker, answer });
      return LATER;
    });
  }

  /**
   * An end's own connection, or the usual one; between two ends the slower one counts, and latencies
   * add up.
   */
  setEnd(end: string, link: Link | undefined): void {
    if (!link) {
      this.#ends.delete(end);
      return;
    }
    assert(link.bytesPerMs > 0 && link.latencyMs >= 0, `no such link for ${end}`);
    this.#ends.set(end, link);
  }

  /** Called after a link was cut, mended or slowed, or an end went down or up. */
  onChange(listener: () => void): void {
    this.#listeners.push(listener);
  }

  cut(a: string, b: string): void {
    this.#cut.set(pairOf(a, b), true);
    this.#changed();
  }

  mend(a: string, b: string): void {
    this.#cut.delete(pairOf(a, b));
    this.#changed();
  }

  isCut(a: string, b: string): boolean {
    return this.#cut.has(pairOf(a, b));
  }

  /** Makes a packet take so long one way between two ends; undefined for as long as usual. */
  setLatency(a: string, b: string, latencyMs: number | undefined): void {
    if (latencyMs === undefined) this.#latencies.delete(pairOf(a, b));
    else this.#latencies.set(pairOf(a, b), latencyMs);
    this.#changed();
  }

  latencyOf(a: string, b: string): number | undefined {
    return this.#latencies.get(pairOf(a, b));
  }

  /** How much longer than usual a packet takes, one way. */
  delayMs(a: string, b: string): number {
    if (this.#latencies.size === 0) return 0;
    return Math.max(0, this.between(a, b).latencyMs - this.#usual(a, b).latencyMs);
  }

  /** A machine that is off, or a host that answers nobody. */
  setUp(end: string, up: boolean): void {
    if (up) this.#down.delete(end);
    else this.#down.set(end, true);
    this.#changed();
  }

  #changed(): void {
    for (const listener of this.#listeners) listener();
  }

  /** Whether nothing is cut and nobody is down. */
  get isWhole(): boolean {
    return this.#down.size === 0 && this.#cut.size === 0;
  }

  isUp(a: string, b: string): boolean {
    if (this.#down.size > 0 && (this.#down.has(a) || this.#down.has(b))) return false;
    return this.#cut.size === 0 || !this.#cut.has(pairOf(a, b));
  }

  between(a: string, b: string): Link {
    const link = this.#usual(a, b);
    const latencyMs = this.#latencies.size === 0 ? undefined : this.latencyOf(a, b);
    return latencyMs === undefined ? link : { ...link, latencyMs };
  }

  #usual(a: string, b: string): Link {
    if (a === b) return LOCAL;
    const [one, other] = [this.#ends.get(a), this.#ends.get(b)];
    if (!one || !other) return one ?? other ?? USUAL;
    return {
      latencyMs: one.latencyMs + other.latencyMs,
      bytesPerMs: Math.min(one.bytesPerMs, other.bytesPerMs),
    };
  }

  /** One way: latency and the bytes over the bandwidth, rounded up to whole milliseconds. */
  durationMs(from: string, to: string, bytes: number): number {
    const link = this.between(from, to);
    return link.latencyMs + Math.ceil(bytes / link.bytesPerMs);
  }

  /** What a transfer that begins now will come to. */
  transfer(from: string, to: string, bytes: number): Transfer {
    if (!this.isUp(from, to)) return { ok: false, error: 'timeout', durationMs: DIAL_TIMEOUT_MS };
    return { ok: true, durationMs: this.durationMs(from, to, bytes) };
  }
}

/** For programs: sends bytes from one end to another and waits until they are there. */
export const transfer = (from: string, to: string, bytes: number) =>
  ask<Transfer>('net/transfer', { from, to, bytes } satisfies TransferRequest);

/** For programs: how long a transfer that begins now will take. */
export const transitMs = (from: string, to: string, bytes: number) =>
  ask<number>('net/transit', { from, to, bytes } satisfies TransferRequest);
