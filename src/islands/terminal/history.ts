/**
 * What was typed, to be typed again: up and down as in a shell, what was being written kept as the
 * newest; Ctrl+R looks for a line that holds some text.
 */
const LIMIT = 500;

export class History {
  #lines: string[] = [];
  /** How far back it is looked; 0 is what is being written. */
  #back = 0;
  #draft = '';

  get lines(): readonly string[] {
    return this.#lines;
  }

  /** A line was typed. The same line twice in a row is kept once. */
  add(line: string): void {
    this.#back = 0;
    if (line.trim() === '' || line === this.#lines.at(-1)) return;
    this.#lines = [...this.#lines, line].slice(-LIMIT);
  }

  /** @param written what stands in the line now @returns the line before, if there is one */
  older(written: string): string | undefined {
    if (this.#back === this.#lines.length) return undefined;
    if (this.#back === 0) this.#draft = written;
    this.#back += 1;
    return this.#lines.at(-this.#back);
  }

  newer(): string | undefined {
    if (this.#back === 0) return undefined;
    this.#back -= 1;
    return this.#back === 0 ? this.#draft : this.#lines.at(-this.#back);
  }

  /** The newest line that holds a text. @param skip how many of them to pass over */
  find(text: string, skip = 0): string | undefined {
    let left = skip;
    const seen = new Set<string>();
    for (const line of this.#lines.toReversed()) {
      if (seen.has(line) || !line.includes(text)) continue;
      seen.add(line);
      if (left-- === 0) return line;
    }
    return undefined;
  }
}
