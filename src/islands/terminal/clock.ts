import { computed, signal, type ReadonlySignal, type Signal } from '@preact/signals';
import type { Engine } from '../engine-room/connect.ts';
import type { WorldState } from '../engine-room/world-messages.ts';

/** How fast time can pass: so many times as fast as here, or in no time. */
export const SPEEDS = [1, 10, 60, 'at-once'] as const;

export type Speed = (typeof SPEEDS)[number];

/** After a page stood still, no more than this is made up for at once. */
const FRAME_LIMIT_MS = 250;
/** What never ends goes on at this speed where all else is done at once. */
const FASTEST = 60;

/** The world whose time it is. */
interface Timed {
  readonly engine: Engine;
  readonly name: string;
  readonly state: ReadonlySignal<WorldState>;
  /** Why it cannot go on. */
  readonly broken: Signal<string | undefined>;
}

/**
 * Lets the time of a world pass, frame by frame: from the first line on that somebody types, or that
 * the reader plays, until it is held. Where the reader paused it, a line that he types still has the
 * time that it takes. A page that nobody sees has no frames, so its world stands still.
 */
export class Clock {
  readonly speed: Signal<Speed> = signal(1);
  /** Whether time passes. */
  readonly playing: ReadonlySignal<boolean>;
  /** It passes between commands, too. */
  readonly #goesOn = signal(false);
  /** It passes while a command runs: nobody has held it since the last line was typed. */
  readonly #serves = signal(false);
  /** What the reader chose, play or pause, if he did. */
  #chosen: boolean | undefined;
  readonly #world: Timed;
  readonly #unsubscribe: () => void;
  /** Machines whose command does not end by itself, as was found out. */
  readonly #endless = new Set<string>();
  #frame = 0;
  #lastMs: number | undefined;
  #asking = false;
  #stills = 0;
  #ended = false;

  constructor(world: Timed) {
    this.#world = world;
    this.playing = computed(
      () => this.#goesOn.value || (this.#serves.value && busyIn(world.state.value).length > 0),
    );
    this.#unsubscribe = this.playing.subscribe((isPlaying) => {
      if (isPlaying) this.wake();
    });
  }

  /** Has time pass, or stand; between commands that is from now on the reader's to say. */
  play(isPlaying: boolean): void {
    this.#chosen = isPlaying;
    this.#goesOn.value = isPlaying;
    this.#serves.value = isPlaying;
  }

  /** Somebody acts: unless the reader paused it, time passes from now on. */
  begin(): void {
    this.#goesOn.value = this.#chosen ?? true;
    this.serve();
  }

  /** Has what runs have the time that it takes, and no more than before. */
  serve(): void {
    this.#serves.value = true;
  }

  /** Has time stand where the reader looks at a moment, until somebody acts again. */
  rest(): void {
    if (this.#chosen) this.#chosen = undefined;
    this.#goesOn.value = false;
    this.#serves.value = false;
  }

  /** No frame passes meanwhile: what is done then is done at the moment at which time stands now. */
  async still<T>(work: () => Promise<T>): Promise<T> {
    this.#stills += 1;
    try {
      return await work();
    } finally {
      this.#stills -= 1;
      this.wake();
    }
  }

  /** Looks whether time has to pass. */
  wake(): void {
    if (this.#frame !== 0 || this.#asking || this.#ended || !this.#isWanted()) return;
    this.#frame = requestAnimationFrame((nowMs) => {
      this.#frame = 0;
      // It may have been held since.
      if (this.#isWanted()) void this.#pass(nowMs);
    });
  }

  end(): void {
    this.#ended = true;
    this.#unsubscribe();
    cancelAnimationFrame(this.#frame);
  }

  #isWanted(): boolean {
    if (this.#world.broken.peek() !== undefined || this.#stills > 0) return false;
    const isWanted = this.playing.peek();
    if (!isWanted) this.#lastMs = undefined;
    return isWanted;
  }

  /** What goes on by itself between commands is not to be gone when somebody has read a line. */
  #timesOf(speed: Speed, busy: readonly string[]): number {
    if (speed !== 'at-once') return speed;
    return busy.length > 0 || this.#chosen ? FASTEST : 1;
  }

  async #pass(nowMs: number): Promise<void> {
    const { engine, name: world, broken } = this.#world;
    const elapsedMs = Math.min(nowMs - (this.#lastMs ?? nowMs), FRAME_LIMIT_MS);
    this.#lastMs = nowMs;
    const busy = busyIn(this.#world.state.peek());
    for (const machine of this.#endless) if (!busy.includes(machine)) this.#endless.delete(machine);
    const speed = this.speed.peek();
    const settled = speed === 'at-once' && busy.find((machine) => !this.#endless.has(machine));
    this.#asking = true;
    try {
      if (settled) {
        const state = await engine.ask('world/settle', { world, machine: settled, leave: true });
        if (state.prompts[settled]?.busy) this.#endless.add(settled);
      } else {
        const byMs = Math.round(elapsedMs * this.#timesOf(speed, busy));
        const whileBusy = !this.#goesOn.peek();
        await engine.ask('world/live', { world, byMs, whileBusy });
      }
    } catch (fault) {
      if (!this.#ended) broken.value ??= String(fault);
    }
    this.#asking = false;
    this.wake();
  }
}

/** The machines at whose prompts a command runs. */
function busyIn({ prompts }: WorldState): readonly string[] {
  return Object.entries(prompts).flatMap(([machine, { busy }]) => (busy ? [machine] : []));
}
