import { isRefused } from '../../go/refused.ts';
import type { ContainerMount } from '../../docker/volumes/mounting.ts';
import type { MachineFiles } from '../../machine/files.ts';
import type { Kernel } from '../../sim/kernel.ts';
import type { Table } from '../../sim/store.ts';
import type { TaskExtension, TaskPlace } from '../agent/extension.ts';
import type { FileTarget } from '../api.ts';
import type { SwarmStore } from '../store.ts';
import { payloadFor } from './payload.ts';

/**
 * Secrets and configs in the containers of tasks (moby/moby v29.7
 * `daemon/container_operations_unix.go`, `setupSecretDir`): written on the machine for the container
 * alone, and mounted there read-only.
 *
 * Simplified: those inside see a file system in memory, but the files are on the machine's disk: they
 * stay until the container is removed, where the real ones go as soon as it has stopped.
 */
export interface TaskFilesRooms {
  readonly kernel: Kernel;
  readonly store: SwarmStore;
  readonly files: MachineFiles;
}

interface FilesRow {
  readonly directory: string;
  readonly mounts: readonly ContainerMount[];
}

interface Wanted {
  readonly kind: 'secret' | 'config';
  readonly id: string;
  readonly file: FileTarget | undefined;
}

const CONTAINERS = '/var/lib/docker/containers';
const SECRETS = '/run/secrets';
const PRIVATE = 0o700;
const PERMISSIONS = 0o7777;

const keyOf = (machine: string, container: string): string => `${machine} ${container}`;

export class TaskFiles implements TaskExtension {
  readonly #rooms: TaskFilesRooms;
  readonly #rows: Table<string, FilesRow>;
  /** The container of each task that has such files. */
  readonly #containers: Table<string, string>;

  constructor(rooms: TaskFilesRooms) {
    this.#rooms = rooms;
    this.#rows = rooms.kernel.store.table<FilesRow>('swarm/task-files');
    this.#containers = rooms.kernel.store.table<string>('swarm/task-file-containers');
  }

  /** What a container of a task has mounted besides. */
  mounts(machine: string, container: string): readonly ContainerMount[] {
    return this.#rows.get(keyOf(machine, container))?.mounts ?? [];
  }

  prepare({ swarm, task }: TaskPlace): string | undefined {
    for (const one of wantedBy(task.spec.ContainerSpec)) {
      const payload = payloadFor(this.#rooms.store, swarm, task, one);
      if (!payload) return `${one.kind} reference ${one.id} not found`;
      if (isRefused(payload)) return payload.refused;
    }
    return undefined;
  }

  created(place: TaskPlace, container: string): void {
    const { machine, task } = place;
    const wanted = wantedBy(task.spec.ContainerSpec);
    if (wanted.length === 0) return;
    const directory = `${CONTAINERS}/${container}/mounts/secrets`;
    this.#rooms.files.makeDirectory(machine, directory, { parents: true, mode: PRIVATE });
    const mounts = wanted.flatMap((one) => this.#write(place, directory, one) ?? []);
    this.#rows.set(keyOf(machine, container), { directory, mounts });
    this.#containers.set(keyOf(machine, task.id), container);
  }

  #write(
    { machine, swarm, task }: TaskPlace,
    directory: string,
    { kind, id, file }: Wanted,
  ): ContainerMount | undefined {
    const content = payloadFor(this.#rooms.store, swarm, task, { kind, id });
    if (!content || isRefused(content) || !file) return undefined;
    const bind = `${directory}/${id}`;
    const owner = { uid: Number(file.UID), gid: Number(file.GID) };
    const mode = file.Mode & PERMISSIONS;
    this.#rooms.files.put(machine, bind, { type: 'file', mode, ...owner, content });
    return { target: targetOf(kind, file.Name), readOnly: true, source: { bind, inMemory: true } };
  }

  removed({ machine, task }: TaskPlace): void {
    const container = this.#containers.get(keyOf(machine, task.id));
    if (container === undefined) return;
    const row = this.#rows.get(keyOf(machine, container));
    if (row) this.#rooms.files.removeTree(machine, row.directory);
    this.#rows.delete(keyOf(machine, container));
    this.#containers.delete(keyOf(machine, task.id));
  }
}

const wantedBy = ({
  Secrets = [],
  Configs = [],
}: TaskPlace['task']['spec']['ContainerSpec']): Wanted[] => [
  ...Secrets.map(({ SecretID, File }) => ({ kind: 'secret' as const, id: SecretID, file: File })),
  ...Configs.map(({ ConfigID, File }) => ({ kind: 'config' as const, id: ConfigID, file: File })),
];

/** A secret without a path is in /run/secrets, a config in the root directory. */
function targetOf(kind: 'secret' | 'config', name: string): string {
  if (name.startsWith('/')) return name;
  return kind === 'secret' ? `${SECRETS}/${name}` : `/${name}`;
}
