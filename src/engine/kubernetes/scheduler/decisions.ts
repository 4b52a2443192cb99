import type { Kernel } from '../../sim/kernel.ts';
import type { Table } from '../../sim/store.ts';
import type { NodeVerdict } from './verdict.ts';

/** How a Pod's last try went. */
export interface Decision {
  /** `namespace/name` */
  readonly pod: string;
  readonly atMs: number;
  /** Where it went; undefined when it fits nowhere. */
  readonly node?: string;
  readonly message: string;
  readonly verdicts: readonly NodeVerdict[];
}

/** Nodes whose verdicts are kept for inspection, and Pods for which they are kept. */
export const VERDICT_NODES = 20;
const VERDICT_PODS = 1000;

/** The last tries, for "why here?" and "why not there?". The oldest goes when there are too many. */
export class Decisions {
  readonly #kernel: Kernel;
  readonly #rows: Table<string, Decision & { readonly order: number }>;
  readonly #order: Table<number, string>;
  readonly #counters: Table<string, number>;

  constructor(kernel: Kernel, name: string) {
    this.#kernel = kernel;
    this.#rows = kernel.store.table(`${name}/decisions`, { unhashed: true });
    this.#order = kernel.store.table<string, number>(`${name}/decision-order`, { unhashed: true });
    this.#counters = kernel.store.table<number>(`${name}/decision-counters`, { unhashed: true });
  }

  get(uid: string): Decision | undefined {
    return this.#rows.get(uid);
  }

  set(uid: string, decision: Omit<Decision, 'atMs'>): void {
    this.delete(uid);
    const order = (this.#counters.get('order') ?? 0) + 1;
    this.#counters.set('order', order);
    this.#order.set(order, uid);
    this.#rows.set(uid, { ...decision, atMs: this.#kernel.now, order });
    if (this.#rows.size <= VERDICT_PODS) return;
    const oldest = this.#order.first();
    if (oldest) this.delete(oldest[1]);
  }

  delete(uid: string): void {
    const row = this.#rows.get(uid);
    if (!row) return;
    this.#order.delete(row.order);
    this.#rows.delete(uid);
  }
}
