import type { Kernel } from '../../sim/kernel.ts';
import type { Index, Table } from '../../sim/store.ts';
import type { Content } from '../../containerd/content.ts';
import type { MachineFiles } from '../../machine/machine-files.ts';
import { resolvePath } from '../../machine/command.ts';
import type { CreateBody, HostConfig, MountPoint } from '../api.ts';
import { refuse, type ContainerLookup, type Refusal } from '../networks/membership.ts';
import type { ContainerMount, Mounted, MountedContainer, Mounting } from './mounting.ts';
import { parseBind, parseMount, parseTmpfs, parseVolumesFrom, type ParsedMount } from './parse.ts';
import { kindAt, populate } from './populate.ts';
import type { Volumes } from './store.ts';

/**
 * What is mounted in containers: volumes, directories of the machine, tmpfs (moby/moby v29.7
 * `daemon/volumes.go`, `registerMountPoints`; `daemon/create_unix.go`; `daemon/volumes_unix.go`,
 * `setupMounts`; `daemon/mounts.go`).
 */
export interface Point {
  readonly type: 'volume' | 'bind' | 'tmpfs';
  /** A volume's. */
  readonly name: string;
  /** On the machine. */
  readonly source: string;
  readonly destination: string;
  readonly readOnly: boolean;
  readonly mode: string;
  readonly propagation: string;
  readonly copy: boolean;
  readonly mustExist: boolean;
  /** Of a volume's directory. */
  readonly subpath: string;
  readonly anonymous: boolean;
  readonly sizeBytes?: number;
}

interface MountsRow {
  readonly machine: string;
  readonly id: string;
  readonly chainId: string;
  readonly points: readonly Point[];
  readonly tmpfs: Readonly<Record<string, string>>;
}

export interface MountRooms {
  readonly content: Content;
  readonly files: MachineFiles;
  readonly containers: ContainerLookup;
}

/** What is mounted in a container that its own request does not name. */
export type FindMounts = (machine: string, id: string) => readonly ContainerMount[];

type Points = { readonly ok: true; readonly points: Map<string, Point> } | Refusal;

const keyOf = (machine: string, id: string): string => `${machine} ${id}`;

export class Mounts implements Mounting {
  readonly #rooms: MountRooms;
  readonly #rows: Table<string, MountsRow>;
  readonly #byVolume: Index<string, MountsRow>;
  #volumes!: Volumes;
  #more: FindMounts = () => [];

  constructor(kernel: Kernel, rooms: MountRooms) {
    this.#rooms = rooms;
    this.#rows = kernel.store.table<MountsRow>('docker/mounts');
    this.#byVolume = this.#rows.index(({ machine, points }) => [
      ...new Set(points.flatMap(({ name }) => (name === '' ? [] : [keyOf(machine, name)]))),
    ]);
  }

  /** Ties volumes and mounts together, which each know the other. */
  use(volumes: Volumes): void {
    this.#volumes = volumes;
  }

  /** Takes in who mounts more than a container was asked to have: secrets and configs. */
  addMore(find: FindMounts): void {
    this.#more = find;
  }

  usersOf(machine: string, volume: string): string[] {
    return this.#byVolume.values(keyOf(machine, volume)).map(({ id }) => id);
  }

  verify(machine: string, { HostConfig = {} }: CreateBody): Refusal | undefined {
    for (const spec of HostConfig.Mounts ?? []) {
      const parsed = parseMount(spec, (path) => this.#exists(machine, path));
      if (!parsed.ok) return refuse(400, parsed.message);
    }
    for (const target of Object.keys(HostConfig.Tmpfs ?? {})) {
      if (resolvePath('/', target) === '/') {
        return refuse(400, "invalid specification: destination can't be '/'");
      }
      if (!target.startsWith('/')) {
        return refuse(400, `invalid mount path: '${target}' mount path must be absolute`);
      }
    }
    return undefined;
  }

  #exists(machine: string, path: string): boolean {
    return this.#rooms.files.stat(machine, path) !== undefined;
  }

  add(machine: string, container: MountedContainer): Refusal | undefined {
    const { id, hostConfig, chainId } = container;
    const points = this.#points(machine, container);
    if (!points.ok) return points;
    const tmpfs = hostConfig.Tmpfs ?? {};
    const row = { machine, id, chainId, points: [...points.points.values()], tmpfs };
    this.#rows.set(keyOf(machine, id), row);
    const problem = this.#addDeclared(row, container);
    if (problem) {
      this.remove(machine, id, { volumes: true });
      return problem;
    }
    this.#populate(this.#rows.need(keyOf(machine, id)));
    return undefined;
  }

  /** Other containers' volumes, then `-v`, then `--mount`; one place is asked for once. */
  #points(machine: string, { hostConfig }: MountedContainer): Points {
    const points = new Map<string, Point>();
    const problem = this.#fromOthers(machine, hostConfig, points);
    if (problem) return problem;
    const taken = new Set<string>();
    const tmpfs = new Set(Object.keys(hostConfig.Tmpfs ?? {}).map((at) => resolvePath('/', at)));
    for (const text of hostConfig.Binds ?? []) {
      const parsed = parseBind(text, hostConfig.VolumeDriver ?? '');
      if (!parsed.ok) return refuse(500, parsed.message);
      const { destination } = parsed.mount;
      if (taken.has(destination) || tmpfs.has(destination)) return duplicate(destination);
      const point = this.#point(machine, parsed.mount);
      if ('ok' in point) return point;
      taken.add(destination);
      points.set(destination, point);
    }
    for (const spec of hostConfig.Mounts ?? []) {
      const parsed = parseMount(spec, (path) => this.#exists(machine, path));
      if (!parsed.ok) return refuse(400, parsed.message);
      const { destination } = parsed.mount;
      if (taken.has(destination)) return duplicate(spec.Target ?? '');
      const point = this.#point(machine, parsed.mount);
      if ('ok' in point) return point;
      taken.add(destination);
      points.set(destination, point);
    }
    return { ok: true, points };
  }

  #fromOthers(
    machine: string,
    { VolumesFrom }: Partial<HostConfig>,
    points: Map<string, Point>,
  ): Refusal | undefined {
    for (const text of VolumesFrom ?? []) {
      const from = parseVolumesFrom(text);
      if (!from.ok) return refuse(400, from.message);
      const found = this.#rooms.containers.lookup(machine, from.id);
      if (!found.ok) return refuse(400, found.message);
      for (const point of this.#rows.get(keyOf(machine, found.id))?.points ?? []) {
        const readOnly = point.readOnly || from.readOnly;
        points.set(point.destination, { ...point, readOnly, mode: '', copy: false });
      }
    }
    return undefined;
  }

  #point(machine: string, mount: ParsedMount): Point | Refusal {
    const { type, destination, readOnly, mode, propagation, copy, mustExist, spec } = mount;
    const point = { destination, readOnly, mode, propagation, copy, mustExist, name: '' };
    const rest = { subpath: mount.subpath, anonymous: false };
    if (type === 'bind') return { ...point, ...rest, type, source: mount.source };
    if (type === 'tmpfs') {
      const size = spec.TmpfsOptions?.SizeBytes;
      const sizeBytes = size === undefined || size === 0 ? {} : { sizeBytes: size };
      return { ...point, ...rest, type, source: '', ...sizeBytes };
    }
    const made = this.#volumes.create(machine, {
      name: mount.name,
      driver: mount.driver,
      labels: spec.VolumeOptions?.Labels ?? null,
      options: spec.VolumeOptions?.DriverConfig?.Options ?? null,
    });
    if (!made.ok) return made;
    const { row } = made;
    const shown = { name: row.name, source: this.#volumes.sourceOf(row) };
    const anonymous = mount.name === '';
    return { ...point, ...rest, ...shown, type: 'volume', anonymous, mode: mode || 'z' };
  }

  /** Volumes that the image or the request declares without saying more. */
  #addDeclared(row: MountsRow, { volumes }: MountedContainer): Refusal | undefined {
    const { machine, id, chainId } = row;
    const tree = this.#rooms.content.tree(machine, chainId);
    for (const path of Object.keys(volumes ?? {})) {
      const destination = resolvePath('/', path);
      const now = this.#rows.need(keyOf(machine, id));
      const isTmpfs = Object.keys(row.tmpfs).some((at) => resolvePath('/', at) === destination);
      if (isTmpfs || now.points.some((one) => one.destination === destination)) continue;
      const kind = kindAt(tree, destination);
      if (kind !== undefined && kind !== 'dir') {
        const where = `/var/lib/docker/rootfs/overlayfs/${id}${destination}`;
        return refuse(500, `cannot mount volume over existing file, file exists ${where}`);
      }
      const made = this.#volumes.create(machine, { name: '' });
      if (!made.ok) return made;
      const { name } = made.row;
      const point: Point = {
        ...{ type: 'volume', name, source: this.#volumes.sourceOf(made.row), destination },
        ...{ readOnly: false, mode: '', propagation: '', copy: true, mustExist: false },
        ...{ subpath: '', anonymous: true },
      };
      this.#rows.set(keyOf(machine, id), { ...now, points: [...now.points, point] });
    }
    return undefined;
  }

  #populate({ machine, chainId, points }: MountsRow): void {
    const tree = this.#rooms.content.tree(machine, chainId);
    for (const { type, copy, source, destination } of points) {
      if (type !== 'volume' || !copy) continue;
      populate(this.#rooms.files, machine, source, tree, destination);
    }
  }

  mount(machine: string, id: string): Mounted | Refusal {
    const row = this.#rows.get(keyOf(machine, id));
    if (!row) return { ok: true, mounts: [] };
    const mounts: ContainerMount[] = [];
    for (const point of row.points) {
      const mount = this.#mounted(row, point);
      if ('ok' in mount) return mount;
      mounts.push(mount);
    }
    for (const [target, text] of Object.entries(row.tmpfs)) {
      const options = parseTmpfs(text);
      if ('wrong' in options) {
        return refuse(500, `invalid tmpfs option ${JSON.stringify(options.wrong)}`);
      }
      const at = resolvePath('/', target);
      const readOnly = options.readOnly ? { readOnly: true } : {};
      mounts.push({ target: at, ...readOnly, source: { tmpfs: options.sizeBytes } });
    }
    for (const point of row.points) this.#tell(row, point, 'mount');
    mounts.push(...this.#more(machine, id));
    return { ok: true, mounts: mounts.sort((a, b) => depth(a) - depth(b)) };
  }

  #mounted(row: MountsRow, point: Point): ContainerMount | Refusal {
    const { machine, chainId } = row;
    const { type, destination, readOnly, subpath, sizeBytes, mustExist } = point;
    const target = { target: destination, ...(readOnly ? { readOnly } : {}) };
    if (type === 'tmpfs') return { ...target, source: { tmpfs: sizeBytes } };
    const source = subpath === '' ? point.source : resolvePath(point.source, subpath);
    const { files, content } = this.#rooms;
    const stat = files.stat(machine, source);
    if (!stat) {
      if (subpath !== '') {
        return refuse(
          500,
          `cannot access path ${source}: lstat ${source}: no such file or directory`,
        );
      }
      if (mustExist) return runcRefusal(source, destination, 'no such file or directory');
      const fault = files.makeDirectory(machine, source, { parents: true });
      if (fault) {
        const why = `mkdir ${source}: ${fault === 'ENOTDIR' ? 'not a directory' : 'file exists'}`;
        return refuse(500, `error while creating mount source path '${source}': ${why}`);
      }
    }
    const kind = kindAt(content.tree(machine, chainId), destination);
    const isDirectory = stat?.type !== 'file';
    if (kind !== undefined && (kind === 'dir') !== isDirectory) {
      return runcRefusal(source, destination, `not a directory: unknown: ${WRONG_KIND}`);
    }
    return { ...target, source: { bind: source } };
  }

  unmount(machine: string, id: string): void {
    const row = this.#rows.get(keyOf(machine, id));
    for (const point of row?.points ?? []) this.#tell(row!, point, 'unmount');
  }

  #tell({ machine, id }: MountsRow, point: Point, action: 'mount' | 'unmount'): void {
    const volume = point.name === '' ? undefined : this.#volumes.get(machine, point.name);
    if (!volume) return;
    const where = {
      destination: point.destination,
      propagation: point.propagation,
      'read/write': String(!point.readOnly),
    };
    const told = { container: id, ...(action === 'mount' ? where : {}) };
    const container = this.#rooms.containers.lookup(machine, id);
    this.#volumes.emit(volume, action, told, container.ok ? container.name : id);
  }

  remove(machine: string, id: string, { volumes }: { readonly volumes: boolean }): void {
    const row = this.#rows.get(keyOf(machine, id));
    this.#rows.delete(keyOf(machine, id));
    if (!volumes) return;
    for (const { name, anonymous } of row?.points ?? []) {
      if (anonymous) this.#volumes.remove(machine, name, true);
    }
  }

  points(machine: string, id: string): MountPoint[] {
    const points = this.#rows.get(keyOf(machine, id))?.points ?? [];
    return [...points]
      .sort((a, b) => (a.destination < b.destination ? -1 : 1))
      .map((point) => ({
        Type: point.type,
        ...(point.name === '' ? {} : { Name: point.name }),
        Source: point.source,
        Destination: point.destination,
        ...(point.type === 'volume' ? { Driver: 'local' } : {}),
        Mode: point.mode,
        RW: !point.readOnly,
        Propagation: point.propagation,
      }));
  }
}

const WRONG_KIND =
  'Are you trying to mount a directory onto a file (or vice-versa)? ' +
  'Check if the specified host path exists and is the expected type';

function runcRefusal(source: string, destination: string, why: string): Refusal {
  const create = 'failed to create task for container: failed to create shim task: OCI runtime';
  const start = 'create failed: runc create failed: unable to start container process';
  const mount = `error mounting "${source}" to rootfs at "${destination}"`;
  const flags = `mount src=${source}, dst=${destination}, dstFd=/proc/thread-self/fd/11`;
  return refuse(
    400,
    `${create} ${start}: error during container init: ${mount}: ${flags}, flags=MS_BIND|MS_REC: ${why}`,
  );
}

const duplicate = (destination: string): Refusal =>
  refuse(400, `Duplicate mount point: ${destination}`);

const depth = ({ target }: ContainerMount): number => target.split('/').length;
