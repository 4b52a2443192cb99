import type { Kernel } from '../../sim/kernel.ts';
import { Ring } from '../../sim/ring.ts';
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
/** Of nodes that would do, the chosen one among them, fewer are enough to compare. */
export const SCORED_NODES = 8;
const VERDICT_PODS = 1000;

/** The last tries, for "why here?" and "why not there?". The oldest goes when there are too many. */
export class Decisions {
  readonly #kernel: Kernel;
  readonly #rows: Table<string, Decision>;
  /** In the order of the tries, by uid; a Pod stands there once for each of its tries. */
  readonly #order: Ring<string>;

  constructor(kernel: Kernel, name: string) {
    this.#kernel = kernel;
    this.#rows = kernel.store.table(`${name}/decisions`, { unhashed: true });
    this.#order = new Ring<string>(kernel.store, `${name}/decision-order`, VERDICT_PODS, 1, {
      unhashed: true,
    });
  }

  get(uid: string): Decision | undefined {
    return this.#rows.get(uid);
  }

  set(uid: string, decision: Omit<Decision, 'atMs'>): void {
    if (this.#order.size === VERDICT_PODS) this.#rows.delete(this.#order.shift() ?? '');
    this.#order.append(uid);
    this.#rows.set(uid, { ...decision, atMs: this.#kernel.now });
  }

  delete(uid: string): void {
    this.#rows.delete(uid);
  }
}
