import type { Kernel } from '../sim/kernel.ts';
import { ask } from '../sim/process.ts';
import type { Processes } from '../sim/processes.ts';
import type { Table } from '../sim/store.ts';

/**
 * The files of the machines: what a person edits and what tools read (a build context, a
 * manifest). Programs reach them through a service, since a program may look at answers only.
 *
 * Simplified: text files only, each under one absolute path; directories exist by what is in them.
 */
export interface MachineFile {
  readonly content: string;
  /** Permission bits: 0o644, 0o755. */
  readonly mode: number;
  readonly modifiedMs: number;
}

export type FileRequest =
  | { readonly op: 'read'; readonly path: string }
  | { readonly op: 'list'; readonly under: string }
  | {
      readonly op: 'write';
      readonly path: string;
      readonly content: string;
      readonly mode?: number;
    }
  | { readonly op: 'remove'; readonly path: string };

export interface ListedFile extends MachineFile {
  readonly path: string;
}

const serviceOf = (machine: string): string => `files/${machine}`;
const keyOf = (machine: string, path: string): string => `${machine}:${path}`;

export class MachineFiles {
  readonly #kernel: Kernel;
  readonly #processes: Processes;
  readonly #rows: Table<string, MachineFile>;

  constructor(kernel: Kernel, processes: Processes) {
    this.#kernel = kernel;
    this.#processes = processes;
    this.#rows = kernel.store.table<MachineFile>('machine/files');
  }

  /** Opens a machine's files to programs running on it. */
  addMachine(machine: string): void {
    this.#processes.service<FileRequest>(serviceOf(machine), (request) => {
      switch (request.op) {
        case 'read':
          return this.read(machine, request.path);
        case 'list':
          return this.list(machine, request.under);
        case 'write':
          this.write(machine, request.path, request.content, request.mode);
          return undefined;
        case 'remove':
          return this.#rows.delete(keyOf(machine, request.path));
      }
    });
  }

  read(machine: string, path: string): MachineFile | undefined {
    return this.#rows.get(keyOf(machine, path));
  }

  /** Writes a whole file; one that was there keeps its permissions, whoever writes. */
  write(machine: string, path: string, content: string, created = 0o644): void {
    const mode = this.read(machine, path)?.mode ?? created;
    const modifiedMs = this.#kernel.now;
    this.#rows.set(keyOf(machine, path), { content, mode, modifiedMs });
  }

  /** Every file at or below a directory, by path. */
  list(machine: string, under: string): ListedFile[] {
    const prefix = keyOf(machine, under === '/' ? '/' : `${under}/`);
    return [...this.#rows.withPrefix(prefix)].map(([key, file]) => ({
      ...file,
      path: key.slice(machine.length + 1),
    }));
  }
}

/** For programs: the file at an absolute path, if it is there. */
export const readFile = (machine: string, path: string) =>
  ask<MachineFile | undefined>(serviceOf(machine), { op: 'read', path } satisfies FileRequest);

/** For programs: every file below a directory, by path. */
export const listFiles = (machine: string, under: string) =>
  ask<ListedFile[]>(serviceOf(machine), { op: 'list', under } satisfies FileRequest);

/** For programs: writes a whole file; the permissions count when it is new. */
export const writeFile = (machine: string, path: string, content: string, mode = 0o644) =>
  ask<undefined>(serviceOf(machine), { op: 'write', path, content, mode } satisfies FileRequest);

/** For programs: removes a file; false when it was not there. */
export const removeFile = (machine: string, path: string) =>
  ask<boolean>(serviceOf(machine), { op: 'remove', path } satisfies FileRequest);
