import type { Kernel } from '../sim/kernel.ts';
import { Log } from '../sim/log.ts';
import type { Sink } from '../sim/process.ts';
import type { Processes } from '../sim/processes.ts';
import type { Table } from '../sim/store.ts';
import type { LogLine, LogText } from '../programs/program.ts';
import { lineOf } from '../programs/stamp.ts';
import type { LogChunk } from './api.ts';
import { FIGURES } from './figures.ts';

/**
 * What containers write: kept line by line as a log, and copied chunk by chunk to who is attached
 * (moby v29 `daemon/logger/copier.go` splits into lines; the last one counts without a line end).
 *
 * A log holds at least {@link FIGURES.logLimit} lines and at most twice as many; older ones go.
 */
interface OutputRow {
  readonly lines: Log<LogLine>;
  /** Lines before those, and how many came before all that is kept. */
  readonly older?: Log<LogLine>;
  readonly dropped: number;
  /** What the log's file holds, with the time and stream of each line. */
  readonly bytes?: number;
  /** Began a line that has no end yet. */
  readonly stdout?: string;
  readonly stderr?: string;
  readonly attached?: readonly number[];
}

interface SinkBody {
  readonly stream: LogChunk['stream'];
  /** Into a container's log, or to a stream of who executes something. */
  readonly key?: string;
  readonly to?: number;
  readonly text?: unknown;
}

const SERVICE = 'containerd/output';
const EMPTY: OutputRow = { lines: Log.empty<LogLine>(), dropped: 0 };
/** A line longer than this is cut in pieces (`copier.go`, defaultBufSize). */
const LINE_LIMIT = 16_384;
/** `2026-01-05T00:00:00.000000000Z stdout F ` before a line as CRI writes it, and its end. */
const LINE_HEAD_BYTES = 41;

export class Output {
  readonly #kernel: Kernel;
  readonly #processes: Processes;
  readonly #rows: Table<string, OutputRow>;
  /** Containers whose log has grown over {@link FIGURES.logBytes}. */
  readonly #long: Table<string, true>;

  constructor(kernel: Kernel, processes: Processes) {
    this.#kernel = kernel;
    this.#processes = processes;
    this.#rows = kernel.store.table<OutputRow>('containerd/logs');
    this.#long = kernel.store.table<true>('containerd/long-logs');
    processes.service<SinkBody>(SERVICE, ({ key, to, stream, text }) => {
      const chunk: LogChunk = { stream, text: String(text) };
      if (key !== undefined) this.write(key, chunk);
      if (to !== undefined) processes.streams.write(to, chunk);
      return undefined;
    });
  }

  /** A stream whose chunks go into a container's log, or to who executes. */
  open(target: { key: string } | { to: number }, stream: LogChunk['stream']): number {
    const body: SinkBody = { ...target, stream };
    return this.#processes.streams.open({ service: SERVICE, body } satisfies Sink);
  }

  /** Takes what was written as it was written. */
  write(key: string, chunk: LogChunk): void {
    const row = this.#rows.get(key) ?? EMPTY;
    this.#copy(row, chunk);
    const { stream } = chunk;
    const parts = ((row[stream] ?? '') + chunk.text).split('\n');
    let rest = parts.pop() ?? '';
    while (rest.length > LINE_LIMIT) {
      parts.push(rest.slice(0, LINE_LIMIT));
      rest = rest.slice(LINE_LIMIT);
    }
    const timeMs = this.#kernel.now;
    let next = row;
    for (const text of parts) next = append(next, { timeMs, stream, text });
    this.#keep(key, { ...next, [stream]: rest === '' ? undefined : rest });
  }

  /** Takes a whole line of a plan. */
  line(key: string, said: LogText): void {
    const { stream } = said;
    const text = textOf(said, this.#kernel.now);
    const row = this.#rows.get(key) ?? EMPTY;
    this.#copy(row, { stream, text: `${text}\n` });
    this.#keep(key, append(row, { timeMs: this.#kernel.now, stream, text }));
  }

  #keep(key: string, row: OutputRow): void {
    this.#rows.set(key, row);
    if ((row.bytes ?? 0) > FIGURES.logBytes && !this.#long.has(key)) this.#long.set(key, true);
  }

  /** What the file of a container's log holds now. */
  bytes(key: string): number {
    return this.#rows.get(key)?.bytes ?? 0;
  }

  /** Begins the logs of a machine's containers anew that have grown long. */
  rotate(machine: string): void {
    if (this.#long.size === 0) return;
    for (const [key] of [...this.#long.withPrefix(`${machine} `)]) {
      this.#long.delete(key);
      const row = this.#rows.get(key);
      if (!row) continue;
      const { older: _older, bytes: _bytes, ...kept } = row;
      this.#rows.set(key, { ...kept, lines: EMPTY.lines, dropped: this.count(key) });
    }
  }

  /** The lines kept, oldest first; `from` counts all there ever were. */
  lines(key: string, from = 0): LogLine[] {
    const { older, lines, dropped } = this.#rows.get(key) ?? EMPTY;
    const before = older?.length ?? 0;
    const skip = Math.max(0, from - dropped);
    const first = skip < before ? (older?.toArray(skip) ?? []) : [];
    return [...first, ...lines.toArray(Math.max(0, skip - before))];
  }

  /** How many lines there ever were. */
  count(key: string): number {
    const { older, lines, dropped } = this.#rows.get(key) ?? EMPTY;
    return dropped + (older?.length ?? 0) + lines.length;
  }

  attach(key: string, stream: number, withLogs: boolean): void {
    const row = this.#rows.get(key) ?? EMPTY;
    for (const line of withLogs ? this.lines(key) : []) {
      this.#processes.streams.write(stream, { stream: line.stream, text: `${line.text}\n` });
    }
    this.#rows.set(key, { ...row, attached: [...(row.attached ?? []), stream] });
  }

  /** Somebody is attached. */
  isWatched(key: string): boolean {
    return this.#rows.get(key)?.attached !== undefined;
  }

  detach(key: string, stream: number): void {
    const row = this.#rows.get(key);
    if (!row?.attached) return;
    const attached = row.attached.filter((one) => one !== stream);
    this.#rows.set(key, { ...row, attached: attached.length === 0 ? undefined : attached });
  }

  /** The processes are gone, or will not be there: begun lines end, streams close. */
  finish(key: string): void {
    const row = this.#rows.get(key);
    if (!row || (row.stdout ?? row.stderr ?? row.attached) === undefined) return;
    const { stdout, stderr, attached = [], ...kept } = row;
    const timeMs = this.#kernel.now;
    let next: OutputRow = kept;
    if (stdout !== undefined) next = append(next, { timeMs, stream: 'stdout', text: stdout });
    if (stderr !== undefined) next = append(next, { timeMs, stream: 'stderr', text: stderr });
    this.#rows.set(key, next);
    for (const stream of attached) this.#processes.streams.close(stream);
  }

  delete(key: string): void {
    this.finish(key);
    this.#rows.delete(key);
    if (this.#long.size > 0) this.#long.delete(key);
  }

  #copy({ attached }: OutputRow, chunk: LogChunk): void {
    for (const stream of attached ?? []) this.#processes.streams.write(stream, chunk);
  }
}

function append(row: OutputRow, line: LogLine): OutputRow {
  const { lines, older, dropped } = row;
  const bytes = (row.bytes ?? 0) + LINE_HEAD_BYTES + line.text.length;
  if (lines.length < FIGURES.logLimit) return { ...row, bytes, lines: lines.append(line) };
  const gone = dropped + (older?.length ?? 0);
  return { ...row, bytes, lines: Log.empty<LogLine>().append(line), older: lines, dropped: gone };
}

/** The text of a plan's line, with its time where it has one. */
export const textOf = lineOf;
