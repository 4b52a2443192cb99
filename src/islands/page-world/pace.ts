/**
 * How fast what was printed appears: a pure map from the time that passed in the world to time on
 * the screen. What the engine computed is never changed by it.
 */
const TIMES_FASTER = 8;
/** No gap is shown longer than this, and no block takes longer than that. */
const GAP_LIMIT_MS = 400;
const WHOLE_LIMIT_MS = 6_000;
const BETWEEN_COMMANDS_MS = 200;

export class Pace {
  #leftMs = WHOLE_LIMIT_MS;
  #hurry: () => void = () => undefined;

  /** @param isStill for readers who want no motion: everything appears at once */
  constructor(isStill: boolean) {
    if (isStill) this.#leftMs = 0;
  }

  /** Shows the rest at once. */
  finish(): void {
    this.#leftMs = 0;
    this.#hurry();
  }

  /** @param byMs time that passed in the world */
  pass(byMs: number): Promise<void> {
    return this.#wait(Math.min(byMs / TIMES_FASTER, GAP_LIMIT_MS));
  }

  nextCommand(): Promise<void> {
    return this.#wait(BETWEEN_COMMANDS_MS);
  }

  async #wait(wantedMs: number): Promise<void> {
    const forMs = Math.min(wantedMs, this.#leftMs);
    // Shorter than a frame is at once.
    if (forMs < 16) return;
    this.#leftMs -= forMs;
    await new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, forMs);
      this.#hurry = () => {
        clearTimeout(timer);
        resolve();
      };
    });
  }
}
