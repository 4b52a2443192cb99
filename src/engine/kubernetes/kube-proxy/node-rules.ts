import type { Kernel } from '../../sim/kernel.ts';
import type { Table } from '../../sim/store.ts';
import type { Rule } from './rules.ts';

/**
 * The rules of every node. What a kernel was told stays in it when nobody tells it more, so a node
 * that hears nothing from the API server goes on with the rules it had (pkg/proxy/iptables, v1.36).
 *
 * The rules are kept once, as the nodes that are up to date have them. A node that falls behind is
 * given a number, counted up each time; when a rule changes, what it was is kept under the highest
 * number there is. So a node finds a rule as it knows it under the first number that is not below
 * its own, and else among the present ones. A change costs the same however many nodes there are,
 * and nothing besides while all are up to date.
 */
interface Before {
  /** Absent when there was no such rule. */
  readonly rule?: Rule;
}

const DIGITS = 9;
const NUMBER = 'number';
const keyOf = (at: string, number: number): string =>
  `${at} ${String(number).padStart(DIGITS, '0')}`;

export class NodeRules {
  readonly #present: Table<string, Rule>;
  /** The numbers of nodes that are behind. */
  readonly #behind: Table<string, number>;
  readonly #past: Table<string, Before>;
  readonly #counter: Table<string, number>;

  /** @param name what its tables are called */
  constructor(kernel: Kernel, name: string) {
    this.#present = kernel.store.table<Rule>(`${name}/rules`);
    this.#behind = kernel.store.table<number>(`${name}/behind`);
    this.#past = kernel.store.table<Before>(`${name}/past-rules`);
    this.#counter = kernel.store.table<number>(`${name}/past-counter`);
  }

  /** Whether no node has a rule. */
  get isEmpty(): boolean {
    return this.#present.size === 0 && this.#past.size === 0;
  }

  /** A rule as those know it who are up to date. */
  get(at: string): Rule | undefined {
    return this.#present.get(at);
  }

  /** A rule as one node has it. */
  of(node: string, at: string): Rule | undefined {
    const number = this.#past.size === 0 ? undefined : this.#behind.get(node);
    if (number === undefined) return this.#present.get(at);
    for (const [key, { rule }] of this.#past.entries(keyOf(at, number))) {
      return key.startsWith(`${at} `) ? rule : this.#present.get(at);
    }
    return this.#present.get(at);
  }

  set(at: string, rule: Rule): void {
    this.#keep(at);
    this.#present.set(at, rule);
  }

  delete(at: string): boolean {
    this.#keep(at);
    return this.#present.delete(at);
  }

  isBehind(node: string): boolean {
    return this.#behind.has(node);
  }

  /** From now on a node hears of nothing. */
  leave(node: string): void {
    if (this.#behind.has(node)) return;
    const number = (this.#counter.get(NUMBER) ?? 0) + 1;
    this.#counter.set(NUMBER, number);
    this.#behind.set(node, number);
  }

  /** A node has heard of everything. @returns the rules that it did not have */
  catchUp(node: string): Rule[] {
    const number = this.#behind.get(node);
    if (number === undefined) return [];
    const changed = new Set<string>();
    for (const [key] of this.#past.entries()) {
      const [at = ''] = key.split(' ', 1);
      if (key >= keyOf(at, number)) changed.add(at);
    }
    const rules = [...changed].flatMap((at) => this.of(node, at) ?? this.#present.get(at) ?? []);
    this.#behind.delete(node);
    if (this.#behind.size === 0) {
      for (const [key] of [...this.#past.entries()]) this.#past.delete(key);
    }
    return rules;
  }

  /** Keeps what a rule was for those who are behind. */
  #keep(at: string): void {
    if (this.#behind.size === 0) return;
    const key = keyOf(at, this.#counter.need(NUMBER));
    if (this.#past.has(key)) return;
    const rule = this.#present.get(at);
    this.#past.set(key, rule ? { rule } : {});
  }
}
