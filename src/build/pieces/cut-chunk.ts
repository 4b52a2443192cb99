/**
 * Parts a chunk of bundled code: functions stay in it or go to files of their own, which are fetched when one of
 * them is called. What only they speak of goes with them.
 */
import { itemsOf, type Inner, type Item } from './chunk-items.ts';
import type { Node } from './chunk-scopes.ts';
import { Places, type Place, type Wish } from './chunk-places.ts';
import { PIECES_HOME } from './trodden.ts';
import { functionText, lowering, methodName, standing, textOf, type Edit } from './chunk-text.ts';

export interface CutOptions {
  readonly wish: Wish;
  /** Files by place, as they name each other; the first is the chunk. */
  readonly files: readonly string[];
  /** Under which names the files are fetched, by place. */
  readonly keys: readonly string[];
  /** Which chunk has `late` and `add` of `engine/sim/pieces.ts`. */
  readonly late: string;
}

/** A file in the making. */
class Draft {
  readonly body: string[] = [];
  /** Names of the chunk that are spoken of. */
  readonly spoken = new Set<string>();
  /** Names that others import one by one. */
  readonly exported = new Set<string>();
  /** Names that another takes as a list, by its place: that is shorter. */
  readonly lists = new Map<Place, string[]>();
  /** What others call here, in the order of its keys. */
  readonly table: string[] = [];
  /** Whose tables are looked into. */
  readonly asks = new Set<Place>();
  /** Names of functions that are elsewhere, by place and key. */
  readonly stands = new Map<Place, Map<number, string>>();
  readonly #imports = new Map<string, string[]>();

  bring(file: string, what: string): void {
    const all = this.#imports.get(file) ?? [];
    all.push(what);
    this.#imports.set(file, all);
  }

  list(to: Place, name: string): void {
    this.lists.set(to, [...(this.lists.get(to) ?? []), name]);
  }

  stand(place: Place, key: number, name: string): void {
    const all = this.stands.get(place) ?? new Map<number, string>();
    this.stands.set(place, all.set(key, name));
    this.asks.add(place);
  }

  get imports(): string[] {
    return [...this.#imports].flatMap(([file, all]) => {
      const spaces = all.filter((one) => one.startsWith('*'));
      const names = all.filter((one) => !one.startsWith('*'));
      const from = ` from ${JSON.stringify(file)};`;
      return [
        ...spaces.map((one) => `import ${one}${from}`),
        ...(names.length > 0 ? [`import { ${names.join(', ')} }${from}`] : []),
      ];
    });
  }

  /** Names whose keys follow one another are declared together. */
  get standing(): string[] {
    return [...this.stands].flatMap(([place, all]) => {
      const runs: { readonly first: number; readonly names: string[] }[] = [];
      for (const [key, name] of [...all].sort(([a], [b]) => a - b)) {
        const last = runs.at(-1);
        if (last && last.first + last.names.length === key) last.names.push(name);
        else runs.push({ first: key, names: [name] });
      }
      return runs.map(({ first, names }) => `var [${names.join(', ')}] = $l${place}(${first});`);
    });
  }

  get sources(): readonly string[] {
    return [...this.#imports.keys()];
  }
}

/** A name that a chunk imports. */
interface Imported {
  readonly from: string;
  readonly as: string;
}

/** A name in a list of imports or exports, which may be any text. */
const spelt = ({ name, value }: Node): string =>
  (name as string | undefined) ?? JSON.stringify(value);

function importedBy(items: readonly Item[]): Map<string, Imported> {
  const all = new Map<string, Imported>();
  for (const { node } of items) {
    if (node.type !== 'ImportDeclaration') continue;
    const from = String((node.source as Node).value);
    for (const one of node.specifiers as readonly Node[]) {
      const local = String((one.local as Node).name);
      const name = one.imported as Node | undefined;
      const named = name ? spelt(name) : 'default';
      const as = one.type === 'ImportNamespaceSpecifier' ? `* as ${local}` : `${named} as ${local}`;
      all.set(local, { from, as });
    }
  }
  return all;
}

/** Cuts one chunk. */
class Cutting {
  readonly #code: string;
  readonly #options: CutOptions;
  readonly #items: readonly Item[];
  readonly #imported: ReadonlyMap<string, Imported>;
  readonly #places: Places;
  readonly #drafts: readonly Draft[];
  /** Names that are given a value later on. */
  readonly #assigned: ReadonlySet<string>;
  readonly #keys = new Map<Item | Inner, number>();

  constructor(code: string, options: CutOptions) {
    const all = itemsOf(code);
    this.#code = code;
    this.#options = options;
    this.#imported = importedBy(all);
    this.#items = all.filter(({ node }) => node.type !== 'ImportDeclaration');
    this.#assigned = new Set(
      all.flatMap((item) => [item, ...item.inner].flatMap(({ assigns }) => [...assigns])),
    );
    this.#places = new Places(this.#items, options.wish);
    this.#drafts = options.files.map(() => new Draft());
    this.#write();
    for (const at of options.files.keys()) this.#join(at);
  }

  /** The key under which others call something. */
  #keyOf(what: Item | Inner, at: Place, text: string): number {
    const known = this.#keys.get(what);
    if (known !== undefined) return known;
    const key = this.#drafts[at]!.table.push(text) - 1;
    this.#keys.set(what, key);
    return key;
  }

  /** Puts every statement in its file. */
  #write(): void {
    const plain = lowering(this.#items, this.#places);
    const stands: Edit[] = [];
    const given = new Map<Item, string[]>();
    for (const item of this.#items) {
      const at = this.#places.of(item);
      const draft = this.#drafts[at]!;
      for (const name of item.speaks) draft.spoken.add(name);
      const methods = new Map<Place, { readonly first: number; readonly names: string[] }>();
      for (const one of item.inner) {
        const to = this.#places.ofInner(item, one);
        for (const name of one.speaks) this.#drafts[to]!.spoken.add(name);
        if (to === at) continue;
        const key = this.#keyOf(one, to, functionText(this.#code, one, plain));
        draft.asks.add(to);
        if (one.how === 'field') stands.push(standing(this.#code, one, plain, [to, key]));
        else {
          // The keys of a class follow one another.
          const all = methods.get(to) ?? { first: key, names: [] };
          all.names.push(methodName(this.#code, one, plain));
          methods.set(to, all);
          stands.push({ start: one.node.start, end: one.node.end, text: '' });
        }
      }
      const lines = [...methods].map(
        ([to, { first, names }]) => `$g${to}(${item.names[0]!}, "${names.join(' ')}", ${first});`,
      );
      given.set(item, lines);
    }
    const edits = [...plain, ...stands].sort((a, b) => a.start - b.start || b.end - a.end);
    for (const item of this.#items) {
      const text = textOf(this.#code, item.node, edits);
      this.#drafts[this.#places.of(item)]!.body.push(text, ...given.get(item)!);
    }
  }

  /** Brings a file what it speaks of. */
  #join(at: Place): void {
    const draft = this.#drafts[at]!;
    for (const name of draft.spoken) {
      const outside = this.#imported.get(name);
      if (outside) draft.bring(outside.from, outside.as);
      const item = this.#places.named(name);
      const place = item && this.#places.of(item);
      if (outside || !item || place === undefined || place === at) continue;
      const home = this.#drafts[place]!;
      if (!isReached(place, at)) draft.stand(place, this.#keyOf(item, place, name), name);
      else if (!this.#assigned.has(name)) home.list(at, name);
      else {
        home.exported.add(name);
        draft.bring(this.#options.files[place]!, `${exportOf(name)} as ${name}`);
      }
    }
  }

  /** Code of the files by place, and what else each of them imports. */
  finish(): string[] {
    const { files, keys, late } = this.#options;
    const used = new Set(this.#drafts.flatMap(({ asks }) => [...asks]));
    const isLateHere = late === files[0];
    const nameOf = (name: string): string => {
      const found = this.#items.find(
        (item) =>
          item.module === PIECES_HOME &&
          item.names.some((one) => one.replace(/\$\d+$/, '') === name),
      );
      if (!found) throw new Error(`the chunk of the pieces has no ${name}`);
      return found.names[0]!;
    };
    const [lateName, addName] = isLateHere
      ? [nameOf('latePart'), nameOf('addPart')]
      : ['$late', '$add'];
    const first = this.#drafts[0]!;
    return this.#drafts.map((draft, at) => {
      if (at > 0 && draft.body.length === 0 && draft.table.length === 0) return '';
      const asks = [...draft.asks].sort((a, b) => a - b);
      if (!isLateHere && at === 0 && used.size > 0) draft.bring(late, '$late, $add');
      if (at > 0 && asks.length > 0) draft.bring(late, '$late');
      const own = at === 0 ? lateName : '$late';
      const head = asks.map(
        (to) => `var [$s${to}, $l${to}, $g${to}] = ${own}(${JSON.stringify(keys[to])});`,
      );
      for (const [place, { lists }] of this.#drafts.entries()) {
        const names = lists.get(at);
        if (!names) continue;
        draft.bring(files[place]!, `$x${at} as $from${place}`);
        head.push(`var [${names.join(', ')}] = $from${place}();`);
      }
      const out = [...draft.exported].map((name) => `${name} as ${exportOf(name)}`);
      const tail = [...draft.lists].map(([to, names]) => {
        out.push(`$x${to}`);
        return `var $x${to} = () => [${names.join(', ')}];`;
      });
      if (at === 0 && isLateHere) out.push(`${lateName} as $late`, `${addName} as $add`);
      if (at > 0) {
        tail.push(`var $all = [\n${draft.table.join(',\n')}\n];`);
        out.push('$all as all');
      }
      if (out.length > 0) tail.push(`export { ${out.join(', ')} };`);
      if (at === 0) {
        for (const to of [...used].sort((a, b) => a - b)) {
          const more = this.#drafts[to]!.sources.filter(
            (one) => !files.includes(one) && !first.sources.includes(one) && one !== late,
          );
          const loads = [files[to]!, ...more].map((file) => `import(${JSON.stringify(file)})`);
          const load =
            loads.length === 1
              ? loads[0]!
              : `Promise.all([${loads.join(', ')}]).then(([own]) => own)`;
          tail.push(`${addName}(${JSON.stringify(keys[to])}, () => ${load});`);
        }
      }
      return [...draft.imports, ...head, ...draft.standing, ...draft.body, ...tail, ''].join('\n');
    });
  }
}

/** What a name is exported as by itself; the bundler's own names are shorter. */
const exportOf = (name: string): string => `$$${name}`;

/** Whether a file has another at hand by the time it is there. */
const isReached = (place: Place, from: Place): boolean => place === 0 || (place === 1 && from > 1);

export const cutChunk = (code: string, options: CutOptions): string[] =>
  new Cutting(code, options).finish();
