import type { LineRange } from './dockerfile/ast.ts';

/**
 * BuildKit's plain progress (moby/buildkit v0.32 `util/progress/progressui/printer.go`,
 * `display.go`): one vertex speaks at a time, until it is done or has been silent while others have
 * something to say. `#N name` opens a block, `#N ...` leaves one that goes on later.
 */
export const HEADER = 'building with "default" instance using docker driver';

export type ProgressEvent =
  | {
      readonly kind: 'start';
      readonly vertex: string;
      readonly name: string;
      readonly atMs: number;
    }
  | {
      readonly kind: 'status';
      readonly vertex: string;
      readonly text: string;
      readonly startedMs: number;
      readonly doneMs: number;
      /** Of a transfer: how much of how much. */
      readonly current?: number;
      readonly total?: number;
    }
  | {
      readonly kind: 'log';
      readonly vertex: string;
      /** Whole lines, but for the last line end. */
      readonly text: string;
      readonly atMs: number;
    }
  | { readonly kind: 'warn'; readonly vertex: string; readonly text: string }
  | {
      readonly kind: 'done';
      readonly vertex: string;
      readonly atMs: number;
      readonly cached?: true;
      readonly error?: string;
      /** What stands in front of the error where the whole build tells it. */
      readonly wrapped?: string;
      readonly canceled?: true;
    };

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

interface Shown {
  readonly name: string;
  readonly startedMs: number;
  number: number;
  /** Lines to be printed, without the number in front. */
  lines: string[];
  /** The last lines of its output, for the report of a failure. */
  readonly tail: string[];
  done?: Extract<ProgressEvent, { kind: 'done' }>;
  printed: boolean;
}

const TAIL = 10;

export class Display {
  readonly #vertices = new Map<string, Shown>();
  readonly #updated = new Set<string>();
  #current: string | undefined;
  #numbers = 0;
  #begun = false;

  apply(event: ProgressEvent): void {
    if (event.kind === 'start') {
      this.#vertices.set(event.vertex, {
        ...{ name: event.name, startedMs: event.atMs, number: 0, lines: [], tail: [] },
        printed: false,
      });
    }
    const vertex = this.#vertices.get(event.vertex);
    if (!vertex) return;
    this.#updated.add(event.vertex);
    switch (event.kind) {
      case 'start':
        return;
      case 'status':
        vertex.lines.push(statusLine(event));
        return;
      case 'warn':
        vertex.lines.push(`WARN: ${event.text}`);
        return;
      case 'log': {
        const since = ((event.atMs - vertex.startedMs) / 1000).toFixed(3);
        const lines = event.text.split('\n').map((text) => `${since} ${text}`);
        for (const line of lines) vertex.lines.push(line);
        vertex.tail.push(...lines.slice(-TAIL));
        vertex.tail.splice(0, vertex.tail.length - TAIL);
        return;
      }
      case 'done':
        vertex.done = event;
        vertex.printed = false;
    }
  }

  /** What is to be printed of the events since the last time. */
  flush(): string {
    const done: string[] = [];
    const open: string[] = [];
    for (const id of this.#updated) (this.#vertices.get(id)!.done ? done : open).push(id);
    this.#updated.clear();
    const byEnd = (a: string, b: string): number =>
      this.#vertices.get(a)!.done!.atMs - this.#vertices.get(b)!.done!.atMs;
    const current = this.#current;
    let text = '';
    if (current !== undefined && done.includes(current)) text += this.#print(current);
    for (const id of done.sort(byEnd)) if (id !== current) text += this.#print(id);
    if (current !== undefined && open.includes(current)) return text + this.#print(current);
    if (this.#current !== undefined) {
      // One that is not over keeps the floor; what the others said is printed in their turn.
      for (const id of open) this.#updated.add(id);
      return text;
    }
    const next = open[0] ?? this.#firstOpen();
    for (const id of open.slice(1)) this.#updated.add(id);
    return next === undefined ? text : text + this.#print(next);
  }

  #firstOpen(): string | undefined {
    for (const [id, { done }] of this.#vertices) if (!done) return id;
    return undefined;
  }

  #print(id: string): string {
    const vertex = this.#vertices.get(id)!;
    let text = '';
    if (vertex.number === 0) vertex.number = this.#numbers += 1;
    if (id !== this.#current) {
      const before = this.#current === undefined ? undefined : this.#vertices.get(this.#current);
      if (before) text += `#${before.number} ...\n`;
      text += this.#begun ? '\n' : `#0 ${HEADER}\n\n`;
      this.#begun = true;
      text += `#${vertex.number} ${vertex.name}\n`;
    }
    for (const line of vertex.lines) text += `#${vertex.number} ${line}\n`;
    vertex.lines = [];
    this.#current = id;
    const { done } = vertex;
    if (done) {
      this.#current = undefined;
      text += `#${vertex.number} ${ending(vertex, done)}\n`;
    }
    return text;
  }

  /** The vertices that failed, with the last of what they printed. */
  failures(): string {
    let text = '';
    for (const { name, done, tail } of this.#vertices.values()) {
      if (done?.error === undefined) continue;
      text += `------\n > ${name}:\n${tail.map((line) => `${line}\n`).join('')}------\n`;
    }
    return text;
  }
}

function statusLine(event: Extract<ProgressEvent, { kind: 'status' }>): string {
  const { text, startedMs, doneMs, current = 0, total = 0 } = event;
  const bytes =
    total > 0 ? ` ${units(current)} / ${units(total)}` : current > 0 ? ` ${units(current)}` : '';
  const took = doneMs - startedMs;
  return `${text}${bytes}${took > 10 ? ` ${seconds(took)}s` : ''} done`;
}

function ending({ startedMs }: Shown, done: Extract<ProgressEvent, { kind: 'done' }>): string {
  if (done.canceled) return 'CANCELED';
  if (done.error !== undefined) return `ERROR: ${done.error}`;
  return done.cached ? 'CACHED' : `DONE ${seconds(done.atMs - startedMs)}s`;
}

/** Lines shown above and below one line, and above and below several. */
const AROUND_ONE = 4;
const AROUND_SEVERAL = 2;

/** The excerpt that follows a failure (moby/buildkit v0.32 `solver/errdefs/source.go`, `Print`). */
export function excerpt(name: string, text: string, lines: LineRange): string {
  const rows = text.split('\n');
  let { start, end } = lines;
  if (start < 1 || start > rows.length) return '';
  end = Math.min(end, rows.length);
  const around = start === end ? AROUND_ONE : AROUND_SEVERAL;
  let first = start;
  for (let shown = 0; shown < around; shown++) {
    if (first > 1) {
      first -= 1;
      shown += 1;
    }
    if (end !== rows.length) {
      end += 1;
      shown += 1;
    }
  }
  start = lines.start;
  let out = `${name}:${start}\n--------------------\n`;
  for (let n = first; n <= end; n++) {
    const mark = n >= lines.start && n <= lines.end ? '>>>' : '   ';
    out += ` ${String(n).padStart(3)} | ${mark} ${rows[n - 1] ?? ''}\n`;
  }
  return `${out}--------------------\n`;
}

/** The list of warnings that follows a build (docker/buildx v0.36 `commands/build.go`). */
export function warningList(warnings: readonly string[]): string {
  if (warnings.length === 0) return '';
  const count = warnings.length === 1 ? '1 warning found' : `${warnings.length} warnings found`;
  const rows = warnings.map((text) => ` - ${text}\n`).join('');
  return `\n ${count} (use docker --debug to expand):\n${rows}`;
}
