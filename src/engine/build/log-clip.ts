/**
 * How much of a step's output a build shows: 200 KiB for each second begun, 2 MiB in all, a stream;
 * the rest is left out with a note (moby/buildkit v0.32 `util/progress/logs/logs.go`).
 */
const BYTES_PER_SECOND = 200 * 1024;
const BYTES_IN_ALL = 2 * 1024 * 1024;

export class LogClip {
  readonly #startedMs: number;
  #size = 0;
  #clipping = false;

  constructor(startedMs: number) {
    this.#startedMs = startedMs;
  }

  /** What is shown of a text that was printed at a time. */
  pass(text: string, atMs: number): string {
    const begun = Math.max(1, Math.ceil((atMs - this.#startedMs) / 1000));
    const bySpeed = begun * BYTES_PER_SECOND;
    const most = Math.min(bySpeed, BYTES_IN_ALL);
    const room = Math.max(0, most - this.#size);
    this.#size += text.length;
    if (text.length <= room) {
      this.#clipping = false;
      return text;
    }
    const shown = text.slice(0, room);
    if (this.#clipping) return shown;
    this.#clipping = true;
    const limit = bySpeed <= BYTES_IN_ALL ? '200KiB/s' : '2MiB';
    return `${shown}\n[output clipped, log limit ${limit} reached]\n`;
  }
}
