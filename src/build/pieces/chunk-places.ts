/** Where each statement of a chunk is to be, and each function in one that can stand alone. */
import type { Inner, Item } from './chunk-items.ts';
import { below, type Node } from './chunk-scopes.ts';

/**
 * A file that code is kept in: 0 is the chunk itself, 1 what several others share; whatever two of the others
 * need goes there.
 */
export type Place = number;

const HERE = 0;
const SHARED = 1;
/** Of what nobody has asked for so far. */
const NOWHERE = Infinity;

const meet = (one: Place, other: Place): Place => {
  if (one === other || other === NOWHERE) return one;
  if (one === NOWHERE) return other;
  return Math.min(one, other) === HERE ? HERE : SHARED;
};

/** Less than this, in bytes before it is minified, is not worth a stand-in. */
const SMALL = 50;
const SMALL_INNER = 70;

const size = ({ start, end }: Node): number => end - start;

/** Where a function of a module is to be; undefined: where those are who need it. */
export type Wish = (module: string, name: string) => Place | undefined;

export class Places {
  readonly #items: readonly Item[];
  readonly #of = new Map<Item, Place>();
  readonly #inner = new Map<Inner, Place>();
  readonly #named = new Map<string, Item>();
  readonly #late = new Set<Item>();

  constructor(items: readonly Item[], wish: Wish) {
    this.#items = items;
    for (const item of items) {
      for (const name of item.names) this.#named.set(name, item);
      this.#of.set(item, this.#first(item, wish));
      for (const one of item.inner) this.#inner.set(one, wishOfInner(item, one, wish));
    }
    while (this.#settle());
    for (const item of items) if (this.of(item) === NOWHERE) this.#of.set(item, HERE);
    while (this.#settle());
  }

  of(item: Item): Place {
    return this.#of.get(item)!;
  }

  ofInner(item: Item, one: Inner): Place {
    const [owner, own] = [this.of(item), this.#inner.get(one)!];
    return own === HERE ? owner : own;
  }

  named(name: string): Item | undefined {
    return this.#named.get(name);
  }

  #first(item: Item, wish: Wish): Place {
    if (item.kind === 'fixed') return HERE;
    if (item.kind !== 'late' || size(item.node) < SMALL) return NOWHERE;
    // The bundler tells names apart that modules share.
    const wanted = wish(item.module, item.names[0]!.replace(/\$\d+$/, ''));
    if (wanted === undefined) return NOWHERE;
    this.#late.add(item);
    return wanted;
  }

  #lower(item: Item, to: Place): boolean {
    const before = this.of(item);
    const after = meet(before, to);
    if (before === after) return false;
    this.#of.set(item, after);
    return true;
  }

  /** Moves everybody to who needs him. @returns whether somebody moved */
  #settle(): boolean {
    let isMoved = false;
    for (const item of this.#items) {
      const isExport = item.node.type === 'ExportNamedDeclaration';
      const at = isExport ? HERE : this.of(item);
      if (at === NOWHERE) continue;
      if (this.#hear(item.speaks, at)) isMoved = true;
      for (const name of item.assigns) {
        const other = this.named(name);
        if (!other || other === item) continue;
        if (this.#lower(other, at)) isMoved = true;
        if (this.#lower(item, this.of(other))) isMoved = true;
      }
      for (const one of item.inner) if (this.#settleInner(item, one)) isMoved = true;
    }
    return isMoved;
  }

  #settleInner(item: Item, one: Inner): boolean {
    // What gives something a value stays with its owner, and with that.
    for (const name of one.assigns) {
      const other = this.named(name);
      if (!other) continue;
      const before = this.#inner.get(one);
      this.#inner.set(one, HERE);
      const isMoved = [this.#lower(other, this.of(item)), this.#lower(item, this.of(other))];
      if (before !== HERE || isMoved.includes(true)) return true;
    }
    return this.#hear(one.speaks, this.ofInner(item, one));
  }

  #hear(speaks: ReadonlySet<string>, at: Place): boolean {
    let isMoved = false;
    for (const name of speaks) {
      const item = this.named(name);
      if (item && !this.#late.has(item) && this.#lower(item, at)) isMoved = true;
    }
    return isMoved;
  }
}

function wishOfInner(item: Item, one: Inner, wish: Wish): Place {
  if (size(one.node) < SMALL_INNER) return HERE;
  if (one.privates.size > 0 && !isOpen(item.node)) return HERE;
  return wish(item.module, one.name) ?? HERE;
}

/** Whether private names of a class can be made plain: nobody inherits, nobody asks for a brand. */
function isOpen(node: Node): boolean {
  const classes: Node[] = [];
  let isAsked = false;
  const look = (one: Node): void => {
    if (/^Class(Declaration|Expression)$/.test(one.type)) classes.push(one);
    if (one.type === 'BinaryExpression' && (one.left as Node).type === 'PrivateIdentifier') {
      isAsked = true;
    }
    below(one).forEach(look);
  };
  look(node);
  return classes.length === 1 && !classes[0]!.superClass && !isAsked;
}
