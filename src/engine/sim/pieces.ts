import type { Breathing } from './breath.ts';
import { PIECE_LOADERS } from './piece-loaders.ts';

/**
 * The engine in pieces. In Node all of it is there. A browser's worker fetches it piece by piece, cut
 * by the bundler where `src/engine/pieces.ts` says. The engine is synchronous and cannot wait: who needs
 * a piece that is not there throws. Whoever lives a world then takes it back to where it was, fetches
 * the piece and lives on; the engine being exact, nobody can tell.
 */
export class PieceMissing extends Error {
  override name = 'PieceMissing';
  readonly piece: string;

  constructor(piece: string) {
    super(`the piece ${piece} of the engine is not there yet`);
    this.piece = piece;
  }
}

/** A part is called after what it belongs to, and after its chunk: `warm/docker:engine`. */
const wholeOf = (name: string): string => name.replace(/:.*/, '');

/** What can be entered from outside, by its key. */
interface Doors {
  readonly all: readonly unknown[];
}

type Loaders = Readonly<Record<string, () => Promise<object>>>;

/** Which pieces are here, which are coming, which were missed. */
export class Pieces {
  readonly #loaders: Map<string, () => Promise<object>>;
  /** Names that were asked for: parts of them that are told of later are fetched, too. */
  readonly #wanted = new Set<string>();
  readonly #here = new Map<string, Doors>();
  readonly #coming = new Map<string, Promise<void>>();
  readonly #missed = new Set<string>();
  readonly #used = new Set<string>();
  #misses = 0;
  /** Somebody fetches what is missed whenever there is a breath. */
  #fetchedAtBreaths = false;

  constructor(loaders: Loaders) {
    this.#loaders = new Map(Object.entries(loaders));
  }

  /** See {@link behindDoor}. */
  behind(piece: string): readonly unknown[] {
    const doors = this.#here.get(piece);
    if (doors) return doors.all;
    this.#misses += 1;
    this.#missed.add(piece);
    throw new PieceMissing(piece);
  }

  /** See {@link whole}. */
  whole<T>(work: () => T): T {
    const before = this.#misses;
    const result = work();
    const last = [...this.#missed].at(-1);
    if (this.#misses !== before && last !== undefined) throw new PieceMissing(last);
    return result;
  }

  /** Nothing can be missed any more. */
  get #isWhole(): boolean {
    return this.#here.size === this.#loaders.size;
  }

  /** See {@link toABreath}. */
  toABreath<T>(work: () => T): T {
    const before = this.#fetchedAtBreaths;
    this.#fetchedAtBreaths = true;
    try {
      return this.whole(work);
    } finally {
      this.#fetchedAtBreaths = before;
    }
  }

  /** See {@link stretch}. */
  *stretch<T>(bookmark: () => () => void, work: () => T): Breathing<T> {
    for (;;) {
      if (!this.#fetchedAtBreaths || this.#isWhole) return work();
      const takeBack = bookmark();
      const before = this.#misses;
      try {
        const result = work();
        if (this.#misses === before) return result;
      } catch (fault) {
        if (this.#misses === before) throw fault;
      }
      takeBack();
      // Whoever holds the stretch against what was missed before it finds nothing new.
      this.#misses = before;
      yield 0;
    }
  }

  get isMissing(): boolean {
    return this.#missed.size > 0;
  }

  /** See {@link fetchMissing}. */
  async fetchMissing(): Promise<void> {
    // Of what is in parts all are fetched that anybody has.
    const names = [...this.#missed].map(wholeOf);
    this.#missed.clear();
    await this.fetch(names);
  }

  /** See {@link fetchPieces}. */
  async fetch(names: readonly string[]): Promise<void> {
    for (const name of names) this.#wanted.add(name);
    for (;;) {
      // What comes may tell of more.
      const coming = [...this.#loaders.keys()].filter((name) => this.#isDue(name));
      if (coming.length === 0) return;
      await Promise.all(coming.map((name) => this.#fetchOne(name)));
    }
  }

  #isDue(name: string): boolean {
    const isWanted = this.#wanted.has(name) || this.#wanted.has(wholeOf(name));
    return isWanted && !this.#here.has(name);
  }

  /** See {@link addPart}. */
  add(name: string, load: () => Promise<object>): void {
    this.#loaders.set(name, load);
  }

  #fetchOne(name: string): Promise<void> {
    if (this.#here.has(name)) return Promise.resolve();
    const already = this.#coming.get(name);
    if (already) return already;
    const loading = this.#loaders.get(name)!().then(
      (doors) => {
        this.#here.set(name, doors as Doors);
        this.#coming.delete(name);
      },
      (fault: unknown) => {
        // The next one who asks tries again.
        this.#coming.delete(name);
        this.#wanted.delete(name);
        this.#wanted.delete(wholeOf(name));
        throw fault;
      },
    );
    this.#coming.set(name, loading);
    return loading;
  }

  /** See {@link notePiece}. */
  note(piece: string): void {
    this.#used.add(piece);
  }

  /** See {@link takeUsed}. */
  takeUsed(): readonly string[] {
    const used = [...this.#used].sort();
    this.#used.clear();
    return used;
  }
}

/** Code is loaded once for all worlds of a page, and so are its pieces. */
const pieces = new Pieces(PIECE_LOADERS);

/**
 * What stands behind a door of a piece, by its key: for the bundler's stand-ins.
 * @public
 * @throws PieceMissing
 */
export const behindDoor = (piece: string, key: number): unknown => pieces.behind(piece)[key];

/**
 * A file with functions of a chunk that are seldom used, and how it is fetched: for the bundler.
 * @param name what it is part of, and of which chunk, such as `cold/docker:engine`
 * @public
 */
export const addPart = (name: string, load: () => Promise<object>): void => pieces.add(name, load);

/**
 * What stands for such functions, from a key on: one, one after the other, and as methods of a class, whose
 * names are told with a space between, `=` before a getter and `^` before what is static. It may be asked for
 * before this module has begun, but not called.
 * @public
 */
export function latePart(name: string) {
  type Late = (...all: unknown[]) => unknown;
  let table: readonly Late[] | undefined;
  const stand = (key: number): Late =>
    function (this: unknown, ...all) {
      return (table ??= pieces.behind(name) as readonly Late[])[key]!.apply(this, all);
    };
  function* list(key: number): Generator<Late> {
    for (;;) yield stand(key++);
  }
  const give = (owner: { readonly prototype: object }, names: string, key: number): void => {
    for (const [i, marked] of names.split(' ').entries()) {
      const value = stand(key + i);
      const how = marked.includes('=') ? { get: value } : { value, writable: true };
      const to = marked.startsWith('^') ? owner : owner.prototype;
      Object.defineProperty(to, marked.replace(/^[=^]*/, ''), { ...how, configurable: true });
    }
  };
  return [stand, list, give] as const;
}

/**
 * Carries out a stretch of work that can be taken back.
 * @throws PieceMissing when a piece was missed, also when somebody within took the fault for his own
 */
export const whole = <T>(work: () => T): T => pieces.whole(work);

/**
 * The same up to a breath, for one who fetches what is missing (`isMissing`) before he goes on: stretches
 * within (`stretch`) are then taken back and lived anew by themselves.
 * @throws PieceMissing when one was missed outside of them
 */
export const toABreath = <T>(work: () => T): T => pieces.toABreath(work);

/**
 * A stretch of work that breathes elsewhere. Where a piece was missed within, it is taken back, and
 * done anew after a breath, see `toABreath`; without anybody who fetches it throws.
 * @param bookmark gives what takes everything back to where it is now
 */
export const stretch = <T>(bookmark: () => () => void, work: () => T): Breathing<T> =>
  pieces.stretch(bookmark, work);

export const isMissing = (): boolean => pieces.isMissing;

/** Fetches what was missed so far. @throws (rejects) when it cannot be had */
export const fetchMissing = (): Promise<void> => pieces.fetchMissing();

/**
 * Fetches pieces that are going to be needed. Names that nobody knows are passed over: a piece that
 * is not named, or is called otherwise by now, is fetched when it is missed.
 * @throws (rejects) when one cannot be had
 */
export const fetchPieces = (names: readonly string[]): Promise<void> => pieces.fetch(names);

/**
 * Notes that a piece is used, where all are there: for the bundler's stand-ins in a build of pages.
 * @public
 */
export const notePiece = (piece: string): void => pieces.note(piece);

/**
 * Which pieces were used since this was last asked: what a page may have fetched beforehand. None where
 * nothing notes it.
 */
export const takeUsedPieces = (): readonly string[] => pieces.takeUsed();
