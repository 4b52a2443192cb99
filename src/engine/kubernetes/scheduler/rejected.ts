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
  readonly #places: number[] = [];
  readonly #plugins: string[] = [];
  readonly #said: Rejection[] = [];

  get count(): number {
    return this.#places.length;
  }

  /** The plugins that refused one or another. */
  get plugins(): ReadonlySet<string> {
    return new Set(this.#plugins);
  }

  /** @param at the node's place in the list of all nodes */
  add(at: number, plugin: string, said: Rejection): void {
    this.#places.push(at);
    this.#plugins.push(plugin);
    this.#said.push(said);
  }

  /** The verdicts on the first so many, or on all. */
  verdicts(nodes: readonly NodeInfo[], most = this.count): NodeVerdict[] {
    return this.#places.slice(0, most).map((at, i) => {
      const { reasons, resolvable } = this.#said[i]!;
      return { node: nodes[at]!.name, rejectedBy: this.#plugins[i]!, reasons, resolvable };
    });
  }
}
