import type { Kernel } from '../../sim/kernel.ts';
import type { Index, Table } from '../../sim/store.ts';
import type { Events } from '../events.ts';
import type { ContainerAction } from '../api.ts';
import { refuse, type Refusal } from '../networks/membership.ts';
import { keyOfRow, rowKey, type ContainerRow, type ContainerStateRow } from './row.ts';

/**
 * The daemon's containers and how they are found: by id, by name, by the start of an id, by the
 * image they were made of (moby/moby v29.7 `daemon/container/view.go`, `daemon/container.go`,
 * `GetContainer`). Nothing here looks at every container.
 */
export type Found = ContainerRow | Refusal;

export const isRefusal = (value: object | undefined): value is Refusal =>
  value !== undefined && 'ok' in value && value.ok === false;

export class ContainerStore {
  readonly #rows: Table<string, ContainerRow>;
  readonly #byName: Index<string, ContainerRow>;
  readonly #byImage: Index<string, ContainerRow>;
  readonly #running: Index<string, ContainerRow>;
  readonly #counts: Table<string, number>;
  readonly #events: Events;

  constructor(kernel: Kernel, events: Events) {
    this.#events = events;
    this.#rows = kernel.store.table<ContainerRow>('docker/containers');
    this.#byName = this.#rows.index((row) => [rowKey(row.machine, row.name)]);
    this.#byImage = this.#rows.index((row) => [rowKey(row.machine, row.digest)]);
    this.#running = this.#rows.index((row) => (row.state.running ? [row.machine] : []));
    this.#counts = kernel.store.table<number>('docker/counts');
  }

  get(machine: string, id: string): ContainerRow | undefined {
    return this.#rows.get(rowKey(machine, id));
  }

  set(row: ContainerRow): void {
    this.#rows.set(keyOfRow(row), row);
  }

  delete(row: ContainerRow): void {
    this.#rows.delete(keyOfRow(row));
  }

  /** Changes the row as it is now; undefined when the container is gone. */
  update(
    { machine, id }: Pick<ContainerRow, 'machine' | 'id'>,
    change: Partial<ContainerRow> | ((row: ContainerRow) => Partial<ContainerRow>),
  ): ContainerRow | undefined {
    const row = this.get(machine, id);
    if (!row) return undefined;
    const next = { ...row, ...(typeof change === 'function' ? change(row) : change) };
    this.set(next);
    return next;
  }

  /** The same for its state alone. */
  setState(
    key: Pick<ContainerRow, 'machine' | 'id'>,
    change: Partial<ContainerStateRow>,
  ): ContainerRow | undefined {
    return this.update(key, ({ state }) => ({ state: { ...state, ...change } }));
  }

  /** By full id, by name, by the start of an id. */
  find(machine: string, text: string): Found {
    if (text === '') return refuse(400, `invalid name or ID supplied: ${JSON.stringify(text)}`);
    const exact = this.get(machine, text) ?? this.named(machine, text);
    if (exact) return exact;
    const [first, second] = this.#startingWith(machine, text);
    if (second) return refuse(400, `multiple IDs found with provided prefix: ${text}`);
    return first ?? refuse(404, `No such container: ${text}`);
  }

  /** The container that has a name, given with or without its slash. */
  named(machine: string, name: string): ContainerRow | undefined {
    return this.#byName.values(rowKey(machine, name.replace(/^\//, '')))[0];
  }

  /** Containers made of an image. */
  ofImage(machine: string, digest: string): ContainerRow[] {
    return this.#byImage.values(rowKey(machine, digest));
  }

  /** Those that run, or wait to be restarted, newest first. */
  running(machine: string): ContainerRow[] {
    return this.#running.values(machine).sort(newestFirst);
  }

  /** All of a machine, newest first. */
  all(machine: string): ContainerRow[] {
    return [...this.#rows.withPrefix(`${machine} `)].map(([, row]) => row).sort(newestFirst);
  }

  /** How many were made so far on a machine, this one counted. */
  count(machine: string): number {
    const count = (this.#counts.get(machine) ?? 0) + 1;
    this.#counts.set(machine, count);
    return count;
  }

  /** Tells the daemon's events of something that happened to a container. */
  emit(row: ContainerRow, Action: ContainerAction, more: Record<string, string> = {}): void {
    const { machine, id, name, config } = row;
    const image: Record<string, string> = config.Image === '' ? {} : { image: config.Image };
    const Attributes = { ...more, ...config.Labels, ...image, name };
    this.#events.emit(machine, { Type: 'container', Action, ID: id, Attributes });
  }

  /** At most two, enough to see that the start of an id is not one's alone. */
  #startingWith(machine: string, start: string): ContainerRow[] {
    if (!/^[0-9a-f]{1,64}$/.test(start)) return [];
    const found: ContainerRow[] = [];
    for (const [, row] of this.#rows.withPrefix(rowKey(machine, start))) {
      found.push(row);
      if (found.length === 2) break;
    }
    return found;
  }
}

const newestFirst = (a: ContainerRow, b: ContainerRow): number => b.sequence - a.sequence;
