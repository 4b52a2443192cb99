import type { LineRange } from './dockerfile/ast.ts';

/**
 * BuildKit's plain progress (v0.32 `util/progress/progressui/printer.go`, `display.go`): one block for
 * each vertex, `#N name`, its statuses and logs, `#N DONE 0.1s`, a blank line between blocks.
 */
export const HEADER = '#0 building with "default" instance using docker driver\n';

const seconds = (ms: number): string => (Math.round(ms / 100) / 10).toFixed(1);

/** `units.Bytes` with `%.2f`: powers of a thousand, no digits for plain bytes. */
export function units(bytes: number): string {
  if (bytes < 1000) return `${bytes}B`;
  const names = ['kB', 'MB', 'GB', 'TB'];
  let value = bytes;
  let name = 'B';
  for (const next of names) {
    if (value < 1000) break;
    value /= 1000;
    name = next;
  }
  return `${value.toFixed(2)}${name}`;
}

export interface Status {
  readonly text: string;
  readonly durationMs?: number;
}

export class Vertex {
  readonly number: number;
  readonly #name: string;
  #text: string;

  constructor(number: number, name: string) {
    this.number = number;
    this.#name = name;
    this.#text = `\n#${number} ${name}\n`;
  }

  get name(): string {
    return this.#name;
  }

  /** A finished status. */
  status({ text, durationMs = 0 }: Status): this {
    const time = durationMs > 10 ? ` ${seconds(durationMs)}s` : '';
    this.#text += `#${this.number} ${text}${time} done\n`;
    return this;
  }

  /** Output of the step's process, with the time since it began. */
  log(lines: readonly string[], atMs: number): this {
    for (const line of lines) this.#text += `#${this.number} ${(atMs / 1000).toFixed(3)} ${line}\n`;
    return this;
  }

  done(durationMs: number): string {
    return `${this.#text}#${this.number} DONE ${seconds(durationMs)}s\n`;
  }

  cached(): string {
    return `${this.#text}#${this.number} CACHED\n`;
  }

  failed(message: string): string {
    return `${this.#text}#${this.number} ERROR: ${message}\n`;
  }
}

/** Lines shown above and below one line, and above and below several. */
const AROUND_ONE = 2;
const AROUND_SEVERAL = 1;

/** The excerpt that follows a failure (moby/buildkit v0.32 `solver/errdefs/source.go`, `Print`). */
export function excerpt(name: string, text: string, lines: LineRange): string {
  const rows = text.split('\n');
  const around = lines.start === lines.end ? AROUND_ONE : AROUND_SEVERAL;
  const from = Math.max(1, lines.start - around);
  const to = Math.min(rows.length, lines.end + around);
  let shown = `${name}:${lines.start}\n--------------------\n`;
  for (let n = from; n <= to; n++) {
    const mark = n >= lines.start && n <= lines.end ? '>>>' : '   ';
    shown += ` ${String(n).padStart(3)} | ${mark} ${(rows[n - 1] ?? '').replace(/\r$/, '')}\n`;
  }
  return `${shown}--------------------\n`;
}
