import { effect, signal, type ReadonlySignal } from '@preact/signals';
import type { FollowedWorld } from '../terminal/followed-world.ts';
import { keepWorld, type Keeping } from './kept-worlds.ts';
import type { LabMeans } from './lab-means.ts';

/**
 * Has the browser keep a world while something is done in it: soon after each act, and while time
 * runs every few seconds. A world in which nothing was done is not worth keeping.
 */
const AFTER_ACT_MS = 300;
const WHILE_RUNNING_MS = 4_000;

interface KeeperParts {
  readonly means: LabMeans;
  readonly world: FollowedWorld;
  readonly about: { readonly address: string; readonly title: string; readonly preset: string };
  /** Of a world that was kept before: it is kept in the same place. */
  readonly id: string | undefined;
  readonly steps: () => number | undefined;
}

export class Keeper {
  readonly keeping: ReadonlySignal<Keeping | 'too-large' | undefined>;
  readonly #keeping = signal<Keeping | 'too-large' | undefined>(undefined);
  readonly #parts: KeeperParts;
  readonly id: string;
  readonly #end: () => void;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #ended = false;

  constructor(parts: KeeperParts) {
    this.#parts = parts;
    this.keeping = this.#keeping;
    this.id = parts.id ?? `${Date.now().toString(36)}${Math.random().toString(36).slice(2, 6)}`;
    const { state } = parts.world;
    const first = state.peek();
    let last = `${first.branch} ${first.done}`;
    this.#end = effect(() => {
      const { branch, done } = state.value;
      const now = `${branch} ${done}`;
      if (now !== last) this.#keepIn(AFTER_ACT_MS);
      else if (done > first.done || parts.id !== undefined) this.#keepIn(WHILE_RUNNING_MS);
      last = now;
    });
  }

  end(): void {
    this.#ended = true;
    clearTimeout(this.#timer);
    this.#end();
  }

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
    const count = steps();
    const kept = {
      id: this.id,
      ...about,
      acts: world.state.peek().done,
      ...(count !== undefined && { steps: count }),
    };
    this.#keeping.value = keepWorld(means.store, kept, text);
    means.changed();
  }
}
