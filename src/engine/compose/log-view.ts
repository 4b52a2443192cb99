import type { Step } from '../docker/cli/invocation.ts';
import type { Compose } from './compose.ts';

/**
 * Lines of several containers under one another, each behind the name of its own (docker/compose
 * v5.5 `cmd/formatter/logs.go`, `colors.go`).
 *
 * Simplified: names have colours with `--ansi always` only; the terminals here show none.
 */
const CODES = ['36', '33', '32', '35', '34', '36;1', '33;1', '32;1', '35;1', '34;1'];

export interface LogOptions {
  readonly prefixed: boolean;
  readonly coloured: boolean;
  readonly stamped?: boolean;
}

export class LogView {
  readonly #compose: Compose;
  readonly #options: LogOptions;
  /** Names, in the order in which they came, with what is left of an unfinished line. */
  readonly #names: string[] = [];
  readonly #rests = new Map<string, string>();
  #width = 0;

  constructor(compose: Compose, options: LogOptions) {
    this.#compose = compose;
    this.#options = options;
  }

  register(name: string): void {
    if (this.#names.includes(name)) return;
    this.#names.push(name);
    this.#width = Math.max(this.#width, name.length);
  }

  /** Prints the lines that are whole; the rest waits for its end. */
  *write(name: string, text: string, to: 'out' | 'err' = 'out'): Step<void> {
    const key = `${to} ${name}`;
    const lines = ((this.#rests.get(key) ?? '') + text).split('\n');
    this.#rests.set(key, lines.pop() ?? '');
    for (const line of lines) yield* this.#print(name, line, to);
  }

  /** What stands without an end of line when the stream is over. */
  *flush(name: string): Step<void> {
    for (const to of ['out', 'err'] as const) {
      const key = `${to} ${name}`;
      const rest = this.#rests.get(key) ?? '';
      this.#rests.set(key, '');
      if (rest !== '') yield* this.#print(name, rest, to);
    }
  }

  /** `web-1 exited with code 0`. */
  *status(name: string, text: string): Step<void> {
    yield* this.#compose.call.out(`${this.#coloured(name, `${name} ${text}`)}\n`);
  }

  *#print(name: string, line: string, to: 'out' | 'err'): Step<void> {
    this.register(name);
    const { call } = this.#compose;
    const prefix = this.#options.prefixed
      ? this.#coloured(name, `${name.padEnd(this.#width + 1)} | `)
      : '';
    yield* to === 'out' ? call.out(`${prefix}${line}\n`) : call.err(`${prefix}${line}\n`);
  }

  #coloured(name: string, text: string): string {
    if (!this.#options.coloured) return text;
    const code = CODES[Math.max(0, this.#names.indexOf(name)) % CODES.length] ?? '0';
    const [colour = '', bold] = code.split(';');
    const letters = bold === undefined ? colour : `${colour};${bold}`;
    return `\u001b[${letters}m${text}\u001b[0m`;
  }
}

/** Colours are on when they are asked for, and not asked away. */
export const isColoured = ({ global, flags }: Compose): boolean =>
  global.text('ansi', 'auto') === 'always' && !flags.has('no-color');
