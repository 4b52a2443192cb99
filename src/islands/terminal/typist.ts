import { signal, type ReadonlySignal } from '@preact/signals';
import type { FollowedWorld } from './followed-world.ts';

/** Lines that may wait for their turn; of a longer text the rest is not typed. */
const LINES_LIMIT = 1_000;

/**
 * Types lines one after the other: the next when the prompt is free again, or when a command waits
 * for what is typed. So several pasted lines do what they would do in a shell.
 */
export class Typist {
  readonly waiting: ReadonlySignal<number>;
  readonly #waiting = signal(0);
  readonly #world: FollowedWorld;
  readonly #machine: string;
  readonly #stop: () => void;
  #lines: string[] = [];
  #typing = false;

  constructor(world: FollowedWorld, machine: string) {
    this.#world = world;
    this.#machine = machine;
    this.waiting = this.#waiting;
    this.#stop = world.state.subscribe(() => void this.#next());
  }

  /** What is typed while lines wait comes behind them. */
  type(lines: readonly string[]): void {
    // What is typed into a command that runs is there at once, as from a keyboard.
    if (this.#lines.length === 0 && lines.length === 1) {
      this.#world.type(this.#machine, lines[0]!);
      return;
    }
    this.#lines = [...this.#lines, ...lines].slice(0, LINES_LIMIT);
    void this.#next();
  }

  interrupt(): void {
    this.#lines = [];
    this.#waiting.value = 0;
    this.#world.interrupt(this.#machine);
  }

  /** Types nothing more. */
  end(): void {
    this.#stop();
    this.#lines = [];
    this.#waiting.value = 0;
  }

  async #next(): Promise<void> {
    const prompt = this.#world.state.peek().prompts[this.#machine];
    const isOpen = prompt && (!prompt.busy || prompt.reads);
    if (this.#typing || !isOpen || this.#world.broken.peek() !== undefined) return;
    const line = this.#lines.shift();
    this.#waiting.value = this.#lines.length;
    if (line === undefined) return;
    this.#typing = true;
    await this.#world.typing(this.#machine, line);
    this.#typing = false;
    void this.#next();
  }
}
