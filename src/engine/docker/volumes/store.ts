import type { Kernel } from '../../sim/kernel.ts';
import { rfc3339 } from '../../sim/clock.ts';
import type { Table } from '../../sim/store.ts';
import type { MachineFiles } from '../../machine/machine-files.ts';
import { contentBytes } from '../../oci/entry.ts';
import { daemonOn } from '../actor.ts';
import type { Volume, VolumeAction } from '../api.ts';
import type { Events } from '../events.ts';
import { refuse, type Refusal } from '../networks/membership.ts';

/**
 * The volumes of each machine, kept in directories of it (moby/moby v29.7
 * `daemon/volume/service/store.go`, `service.go`, `local/local.go`).
 */
export interface VolumeRow {
  readonly machine: string;
  readonly name: string;
  readonly createdMs: number;
  readonly labels: Readonly<Record<string, string>> | null;
  readonly options: Readonly<Record<string, string>> | null;
}

export interface NewVolume {
  /** '' for one without a name: it gets 64 hexadecimal digits. */
  readonly name: string;
  readonly driver?: string;
  readonly labels?: Readonly<Record<string, string>> | null;
  readonly options?: Readonly<Record<string, string>> | null;
}

export type VolumeMade =
  { readonly ok: true; readonly row: VolumeRow; readonly isNew: boolean } | Refusal;

export const ANONYMOUS = 'com.docker.volume.anonymous';
const ROOT = '/var/lib/docker/volumes';
const HEX = '0123456789abcdef';
const OPTIONS = ['type', 'o', 'device', 'size'];
const NAME_CHARACTERS = '[a-zA-Z0-9][a-zA-Z0-9_.-]';

const keyOf = (machine: string, name: string): string => `${machine} ${name}`;

export const mountpointOf = (name: string): string => `${ROOT}/${name}/_data`;

export class Volumes {
  readonly #kernel: Kernel;
  readonly #files: MachineFiles;
  readonly #events: Events;
  readonly #rows: Table<string, VolumeRow>;
  readonly #counts: Table<string, number>;
  /** Containers that have a volume, running or not. */
  readonly #usersOf: (machine: string, volume: string) => readonly string[];

  constructor(
    kernel: Kernel,
    rooms: { files: MachineFiles; events: Events },
    usersOf: (machine: string, volume: string) => readonly string[],
  ) {
    this.#kernel = kernel;
    this.#files = rooms.files;
    this.#events = rooms.events;
    this.#rows = kernel.store.table<VolumeRow>('docker/volumes');
    this.#counts = kernel.store.table<number>('docker/volume-counts');
    this.#usersOf = usersOf;
  }

  get(machine: string, name: string): VolumeRow | undefined {
    return this.#rows.get(keyOf(machine, name));
  }

  /** By name. */
  list(machine: string): VolumeRow[] {
    return [...this.#rows.withPrefix(keyOf(machine, ''))].map(([, row]) => row);
  }

  users({ machine, name }: VolumeRow): readonly string[] {
    return this.#usersOf(machine, name);
  }

  /** The volume of that name, made if there is none. */
  create(
    machine: string,
    { name, driver = '', labels = null, options = null }: NewVolume,
  ): VolumeMade {
    const isAnonymous = name === '';
    const full = isAnonymous ? this.#freshName(machine) : name;
    const wrong = (status: number, why: string) => refuse(status, `create ${full}: ${why}`);
    if (driver !== '' && driver !== 'local') {
      const why = `error looking up volume plugin ${driver}: plugin "${driver}" not found`;
      return wrong(404, why);
    }
    const before = this.get(machine, full);
    if (before) return { ok: true, row: before, isNew: false };
    const problem = nameProblem(full) ?? optionsProblem(options ?? {});
    if (problem !== undefined) return wrong(400, problem);
    const row = {
      machine,
      name: full,
      createdMs: this.#kernel.now,
      labels: isAnonymous ? { ...labels, [ANONYMOUS]: '' } : labels,
      options,
    };
    this.#rows.set(keyOf(machine, full), row);
    this.#files.makeDirectory(machine, mountpointOf(full), { parents: true });
    this.emit(row, 'create');
    return { ok: true, row, isNew: true };
  }

  #freshName(machine: string): string {
    const count = (this.#counts.get(machine) ?? 0) + 1;
    this.#counts.set(machine, count);
    return this.#kernel.random('docker', machine, 'volume', count).text(64, HEX);
  }

  remove(machine: string, name: string, force = false): Refusal | undefined {
    const row = this.get(machine, name);
    if (!row) return force ? undefined : refuse(404, `get ${name}: no such volume`);
    const users = this.users(row);
    if (users.length > 0) {
      return refuse(409, `remove ${name}: volume is in use - [${users.join(', ')}]`);
    }
    this.#rows.delete(keyOf(machine, name));
    this.#files.removeTree(machine, `${ROOT}/${name}`);
    this.emit(row, 'destroy');
    return undefined;
  }

  /** Where containers find its files on the machine: a volume may stand for another directory. */
  sourceOf({ name, options }: VolumeRow): string {
    const isBind = (options?.o ?? '').split(',').includes('bind');
    return isBind && options?.device !== undefined ? options.device : mountpointOf(name);
  }

  /** Bytes of the files in it. */
  sizeBytes({ machine, name }: VolumeRow): number {
    let sum = 0;
    for (const [, node] of this.#files.nodes(machine, mountpointOf(name))) {
      if (node.type === 'file') sum += contentBytes(node.content);
      else if (node.type === 'symlink') sum += node.target.length;
    }
    return sum;
  }

  /** @param containerName for the trace, where the event of Docker has the id alone */
  emit(
    { machine, name }: VolumeRow,
    Action: VolumeAction,
    more: Readonly<Record<string, string>> = {},
    containerName?: string,
  ): void {
    const Attributes = { ...more, driver: 'local' };
    const detail = containerName === undefined ? {} : { detail: { ...more, containerName } };
    this.#kernel.record({
      actor: daemonOn(machine),
      verb: Action,
      object: `volume ${name}`,
      ...detail,
    });
    this.#events.emit(machine, { Type: 'volume', Action, ID: name, Attributes });
  }
}

export const describeVolume = ({ name, createdMs, labels, options }: VolumeRow): Volume => ({
  CreatedAt: rfc3339(createdMs),
  Driver: 'local',
  Labels: labels,
  Mountpoint: mountpointOf(name),
  Name: name,
  Options: options,
  Scope: 'local',
});

function nameProblem(name: string): string | undefined {
  if (name.length === 1) {
    return 'volume name is too short, names should be at least two alphanumeric characters';
  }
  if (/^[a-zA-Z0-9][a-zA-Z0-9_.-]+$/.test(name)) return undefined;
  return (
    `${JSON.stringify(name)} includes invalid characters for a local volume name, only ` +
    `"${NAME_CHARACTERS}" are allowed. If you intended to pass a host directory, use absolute path`
  );
}

/** `local_unix.go`, `validateOpts`. */
function optionsProblem(options: Readonly<Record<string, string>>): string | undefined {
  const names = Object.keys(options);
  const unknown = names.find((name) => !OPTIONS.includes(name));
  if (unknown !== undefined) return `invalid option: ${JSON.stringify(unknown)}`;
  const needs: Readonly<Record<string, readonly string[]>> = {
    device: ['type'],
    type: ['device'],
    o: ['device', 'type'],
  };
  if (options.size !== undefined) return 'quota size requested but no quota support';
  const missing = names.flatMap((name) => needs[name] ?? []).find((one) => !names.includes(one));
  return missing === undefined ? undefined : `missing required option: ${JSON.stringify(missing)}`;
}
