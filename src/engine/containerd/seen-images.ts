import type { ImageView } from './api.ts';

/**
 * Images as they were seen since anything was last stored or removed, on any machine: derived from
 * the tables, and found anew when one of these has changed.
 */
export class SeenImages {
  readonly #tables: readonly { readonly version: number }[];
  readonly #seen = new Map<string, ImageView | undefined>();
  readonly #versions: number[] = [];

  constructor(tables: readonly { readonly version: number }[]) {
    this.#tables = tables;
  }

  get(key: string, find: () => ImageView | undefined): ImageView | undefined {
    if (this.#hasChanged()) this.#seen.clear();
    const known = this.#seen.get(key);
    if (known || this.#seen.has(key)) return known;
    const view = find();
    this.#seen.set(key, view);
    return view;
  }

  #hasChanged(): boolean {
    let hasChanged = false;
    for (let i = 0; i < this.#tables.length; i++) {
      const { version } = this.#tables[i]!;
      if (this.#versions[i] === version) continue;
      this.#versions[i] = version;
      hasChanged = true;
    }
    return hasChanged;
  }
}
