/**
 * What was found on machines since anything was last stored or removed, on any of them: derived
 * from tables, and found anew when one of these has changed.
 */
export class Seen<V> {
  readonly #tables: readonly { readonly version: number }[];
  /** By machine, then by name: nobody has to make one text of both for a look. */
  readonly #seen = new Map<string, Map<string, V>>();
  readonly #versions: number[] = [];

  /** @param tables what everything is derived from */
  constructor(tables: readonly { readonly version: number }[]) {
    this.#tables = tables;
  }

  get(machine: string, name: string, find: () => V): V {
    if (this.#hasChanged()) this.#seen.clear();
    let there = this.#seen.get(machine);
    const known = there?.get(name);
    if (known !== undefined) return known;
    const found = find();
    if (!there) this.#seen.set(machine, (there = new Map<string, V>()));
    there.set(name, found);
    return found;
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
