import type { ImageView } from './api.ts';

/**
 * Images as they were seen since anything was last stored or removed, on any machine: derived from
 * the tables, and found anew when one of these has changed.
 */
export class SeenImages {
  readonly #tables: readonly { readonly version: number }[];
  readonly #seen = new Map<string, ImageView | undefined>();
  #of = '';

  constructor(tables: readonly { readonly version: number }[]) {
    this.#tables = tables;
  }

  get(key: string, find: () => ImageView | undefined): ImageView | undefined {
    const now = this.#tables.map(({ version }) => version).join(' ');
    if (now !== this.#of) {
      this.#of = now;
      this.#seen.clear();
    }
    if (this.#seen.has(key)) return this.#seen.get(key);
    const view = find();
    this.#seen.set(key, view);
    return view;
  }
}
