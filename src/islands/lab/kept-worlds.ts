/**
 * The worlds that this browser keeps: the last few, each as the text of its file, beside what it is
 * and how far the reader has come. Whatever storage does (full, forbidden, spoilt by another hand) is
 * told and never thrown.
 */
export interface KeptWorld {
  readonly id: string;
  /** What it was opened from: an address of the lab, or `` for a file or a link. */
  readonly address: string;
  readonly title: string;
  readonly preset: string;
  /** How many things were done in it. */
  readonly acts: number;
  /** Of a scenario: how many of its steps were run. */
  readonly steps?: number;
  /** Who kept it last: of several tabs, one. */
  readonly hand?: string;
}

export type Keeping = 'kept' | 'full' | 'forbidden';

/** What of `localStorage` is used; a test brings its own. */
export type Store = Pick<Storage, 'getItem' | 'setItem' | 'removeItem'>;

const INDEX = 'drydock:worlds';
const keyOf = (id: string): string => `drydock:world:${id}`;
/** So many are kept; the one that was not touched for longest goes first. */
export const KEPT_LIMIT = 5;

/** The last one first. */
export function keptWorlds(store: Store | undefined): readonly KeptWorld[] {
  try {
    const data: unknown = JSON.parse(store?.getItem(INDEX) ?? '[]');
    return Array.isArray(data) ? data.filter(isKept) : [];
  } catch {
    return [];
  }
}

/** The file's text; undefined when it is gone. */
export function keptText(store: Store | undefined, id: string): string | undefined {
  try {
    return store?.getItem(keyOf(id)) ?? undefined;
  } catch {
    return undefined;
  }
}

/**
 * Keeps a world, in the place of what was kept of it before. Only what is too many is dropped: where
 * there is no room, nothing kept before is given up for it.
 */
export function keepWorld(store: Store | undefined, world: KeptWorld, text: string): Keeping {
  if (!store) return 'forbidden';
  const all = keptWorlds(store);
  const others = all.filter(({ id }) => id !== world.id);
  const stay = others.slice(0, KEPT_LIMIT - 1);
  try {
    store.setItem(keyOf(world.id), text);
    store.setItem(INDEX, JSON.stringify([world, ...stay]));
    for (const { id } of others.slice(KEPT_LIMIT - 1)) store.removeItem(keyOf(id));
    return 'kept';
  } catch (error) {
    // A text that no list has would take the room for ever.
    if (others.length === all.length) forgetWorld(store, world.id);
    return isFull(error) ? 'full' : 'forbidden';
  }
}

export function forgetWorld(store: Store | undefined, id: string): void {
  try {
    store?.removeItem(keyOf(id));
    const rest = keptWorlds(store).filter((world) => world.id !== id);
    store?.setItem(INDEX, JSON.stringify(rest));
  } catch {
    // What cannot be changed stays, and is offered again.
  }
}

/** The browser's own store; undefined where it is forbidden. */
export function browserStore(): Store | undefined {
  try {
    return localStorage;
  } catch {
    return undefined;
  }
}

function isFull(error: unknown): boolean {
  return error instanceof Error && /quota/i.test(error.name);
}

function isKept(data: unknown): data is KeptWorld {
  if (typeof data !== 'object' || data === null) return false;
  const { id, address, title, preset, acts, steps, hand } = data as Record<string, unknown>;
  const texts = [id, address, title, preset].every((text) => typeof text === 'string');
  const isHand = hand === undefined || typeof hand === 'string';
  return texts && isHand && isCount(acts) && (steps === undefined || isCount(steps));
}

const isCount = (value: unknown): boolean => Number.isSafeInteger(value) && (value as number) >= 0;
