import { signal, type ReadonlySignal, type Signal } from '@preact/signals';
import type { Engine } from '../engine-room/connect.ts';
import type { WorldState } from '../engine-room/world-messages.ts';

export type Speed = 1 | 10 | 60 | 'at-once';

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
 * the reader plays, until it is held. While a command runs it passes in any case. A page that nobody
 * sees has no frames, so its world stands still.
 */
export class Clock {
  readonly speed: Signal<Speed> = signal(1);
  readonly #playing = signal(false);
  /** Whether time passes between commands, too. */
  readonly playing: ReadonlySignal<boolean> = this.#playing;
  /** What the reader chose, play or pause, if he did. */
  #chosen: boolean | undefined;
  readonly #world: Timed;
  readonly #unsubscribe: () => void;
  /** Machines whose command does not end by itself, as was found out. */
  readonly #endless = new Set<string>();
  /** Lines that are being typed: time goes on from where they lead. */
  #typing = 0;
  #frame = 0;
  #lastMs: number | undefined;
  #asking = false;
  #ended = false;

  constructor(world: Timed) {
    this.#world = world;
    this.#unsubscribe = this.playing.subscribe((isPlaying) => {
      if (isPlaying) this.wake();
    });
  }

  /** Has time pass, or stand, between commands; from now on that is the reader's to say. */
  play(isPlaying: boolean): void {
    this.#chosen = isPlaying;
    this.#playing.value = isPlaying;
  }

  /**
   * Somebody types: unless the reader holds it, time passes from now on. Where the line led back into
   * the past, it stands there.
   *
   * @param typed gives how the world stands once the line was typed
   */
  async begin(typed: Promise<WorldState>): Promise<void> {
    this.#typing += 1;
    try {
      const { inThePast } = await typed;
      if (inThePast) this.rest();
      else this.#playing.value = this.#chosen ?? true;
    } finally {
      this.#typing -= 1;
    }
  }

  /** Has time stand where the reader looks at a moment, until somebody acts again. */
  rest(): void {
    if (this.#chosen) this.#chosen = undefined;
    this.#playing.value = false;
  }

  /** Looks whether time has to pass. */
  wake(): void {
    if (this.#frame !== 0 || this.#asking || this.#ended || !this.#isWanted()) return;
    this.#frame = requestAnimationFrame((nowMs) => {
      this.#frame = 0;
      if (this.#isWanted()) void this.#pass(nowMs);
    });
  }

  end(): void {
    this.#ended = true;
    this.#unsubscribe();
    cancelAnimationFrame(this.#frame);
  }

  #busy(): readonly string[] {
    return Object.entries(this.#world.state.peek().prompts).flatMap(([machine, { busy }]) =>
      busy ? [machine] : [],
    );
  }

  #isWanted(): boolean {
    if (this.#world.broken.peek() !== undefined || this.#typing > 0) return false;
    const isWanted = this.playing.peek() || this.#busy().length > 0;
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
    const busy = this.#busy();
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
        const whileBusy = !this.playing.peek();
        await engine.ask('world/live', { world, byMs, whileBusy });
      }
    } catch (fault) {
      if (!this.#ended) broken.value ??= String(fault);
    }
    this.#asking = false;
    this.wake();
  }
}
