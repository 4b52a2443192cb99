import { effect, signal, type ReadonlySignal } from '@preact/signals';
import type { FollowedWorld } from '../terminal/followed-world.ts';
import { keepWorld, keptWorlds, type KeptWorld } from './kept-worlds.ts';
import type { LabMeans } from './lab-means.ts';

/**
 * Has the browser keep a world while something is done in it: soon after each act, while nothing but
 * time goes on now and then, and when the page is left. A world in which nothing was done is not worth
 * keeping. Where another tab
 * goes on with the same kept world, whoever comes second keeps his own apart: nothing of either is
 * lost.
 */
const AFTER_ACT_MS = 300;
const WHILE_RUNNING_MS = 20_000;

interface KeeperParts {
  readonly means: LabMeans;
  readonly world: FollowedWorld;
  readonly about: { readonly address: string; readonly title: string; readonly preset: string };
  /** As it was kept before: it is kept in the same place. */
  readonly kept: KeptWorld | undefined;
  readonly steps: () => number | undefined;
}

/** How it went last; undefined as long as there was nothing to keep. */
type Kept = 'kept' | 'apart' | 'full' | 'forbidden' | 'too-large' | undefined;

const newName = (): string => `${Date.now().toString(36)}${Math.random().toString(36).slice(2, 6)}`;

export class Keeper {
  readonly keeping: ReadonlySignal<Kept>;
  readonly #keeping = signal<Kept>(undefined);
  readonly #parts: KeeperParts;
  readonly #hand = newName();
  readonly #end: () => void;
  #id: string;
  /** Whose hand was at it last, as far as is known here. */
  #lastHand: string | undefined;
  #isApart = false;
  /** It is there, unless somebody deleted it. */
  #isKept: boolean;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #ended = false;

  constructor(parts: KeeperParts) {
    this.#parts = parts;
    this.keeping = this.#keeping;
    this.#id = parts.kept?.id ?? newName();
    this.#lastHand = parts.kept?.hand;
    this.#isKept = parts.kept !== undefined;
    const { state } = parts.world;
    const first = state.peek();
    let last = `${first.branch} ${first.done}`;
    this.#end = effect(() => {
      const { branch, done, moment } = state.value;
      const now = `${branch} ${done}`;
      if (now !== last) this.#keepIn(AFTER_ACT_MS);
      else if (moment.timeMs !== first.moment.timeMs && (done > first.done || parts.kept)) {
        this.#keepIn(WHILE_RUNNING_MS);
      }
      last = now;
    });
    document.addEventListener('visibilitychange', this.#leave);
  }

  /** Under which it is kept. */
  get id(): string {
    return this.#id;
  }

  end(): void {
    this.#ended = true;
    clearTimeout(this.#timer);
    document.removeEventListener('visibilitychange', this.#leave);
    this.#end();
  }

  /** Whoever looks at something else may never come back. */
  readonly #leave = (): void => {
    if (document.hidden && Number.isFinite(this.#dueMs)) this.#keepIn(0);
  };

  #dueMs = Number.POSITIVE_INFINITY;

  /** Keeps it then, or before if that was said already. */
  #keepIn(ms: number): void {
    const dueMs = performance.now() + ms;
    if (dueMs >= this.#dueMs) return;
    clearTimeout(this.#timer);
    this.#dueMs = dueMs;
    this.#timer = setTimeout(() => {
      this.#dueMs = Number.POSITIVE_INFINITY;
      void this.#keep();
    }, ms);
  }

  async #keep(): Promise<void> {
    const { means, world, about, steps } = this.#parts;
    const text = await means.engine.ask('world/file', { world: world.name }).catch(() => undefined);
    if (this.#ended) return;
    if (text === undefined) {
      this.#keeping.value = 'too-large';
      return;
    }
    const there = keptWorlds(means.store).find(({ id }) => id === this.#id);
    const wasDeleted = this.#isKept && !there;
    this.#isKept = false;
    // What the reader deleted is kept anew with the next thing that he does.
    if (wasDeleted) return;
    if (there && there.hand !== this.#lastHand) this.#stepAside();
    const count = steps();
    const kept = {
      id: this.#id,
      ...about,
      acts: world.state.peek().done,
      ...(count !== undefined && { steps: count }),
      hand: this.#hand,
    };
    const result = keepWorld(means.store, kept, text);
    this.#keeping.value = result === 'kept' && this.#isApart ? 'apart' : result;
    if (result === 'kept') [this.#isKept, this.#lastHand] = [true, this.#hand];
    means.changed();
  }

  /** Takes a place of its own: somebody else was at this one since. */
  #stepAside(): void {
    this.#id = newName();
    this.#isApart = true;
  }
}
