import type { Rejection } from './framework.ts';
import type { NodeInfo } from './node-facts.ts';
import type { NodeVerdict } from './verdict.ts';

/** Why a node will not do, and which plugin says so. */
export interface Refusal extends Rejection {
  readonly plugin: string;
}

/**
 * Nodes that will not do, in the order in which they were looked at. Most are only passed over: what
 * was said of them is put in words when it is asked for.
 */
export class Rejected {
  #places: Int32Array;
  /** What was said of each, as a number: many in a row are refused for one reason. */
  #numbers: Int32Array;
  #plugins: string[] = [];
  #said: Rejection[] = [];
  #count = 0;

  /** @param most how many there may be */
  constructor(most: number) {
    this.#places = new Int32Array(most);
    this.#numbers = new Int32Array(most);
  }

  get count(): number {
    return this.#count;
  }

  /** The plugins that refused one or another. */
  get plugins(): ReadonlySet<string> {
    return new Set(this.#plugins);
  }

  /** Begins anew. */
  clear(most: number): void {
    if (this.#places.length < most) {
      this.#places = new Int32Array(most);
      this.#numbers = new Int32Array(most);
    }
    this.#plugins = [];
    this.#said = [];
    this.#count = 0;
  }

  /** @param at the node's place in the list of all nodes */
  add(at: number, plugin: string, said: Rejection): void {
    const last = this.#said.length - 1;
    if (last < 0 || this.#said[last] !== said || this.#plugins[last] !== plugin) {
      this.#said.push(said);
      this.#plugins.push(plugin);
    }
    this.#places[this.#count] = at;
    this.#numbers[this.#count] = this.#said.length - 1;
    this.#count += 1;
  }

  /** The verdicts on the first so many, or on all. */
  verdicts(nodes: readonly NodeInfo[], most = this.#count): NodeVerdict[] {
    const verdicts: NodeVerdict[] = [];
    for (let i = 0; i < this.#count && i < most; i++) {
      const number = this.#numbers[i]!;
      const { reasons, resolvable } = this.#said[number]!;
      const node = nodes[this.#places[i]!]!.name;
      verdicts.push({ node, rejectedBy: this.#plugins[number]!, reasons, resolvable });
    }
    return verdicts;
  }
}
