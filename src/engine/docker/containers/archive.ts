import { rfc3339Nano } from '../../sim/clock.ts';
import type { Entry, LayerEntry } from '../../oci/entry.ts';
import { readTar } from '../../oci/tar-read.ts';
import { writeTar } from '../../oci/tar.ts';
import type { MachineFiles } from '../../machine/files.ts';
import { answer, fail } from '../answer.ts';
import type { ArchiveAnswer, EngineResponse, PathStat } from '../api.ts';
import type { ContainerRooms } from './rooms.ts';
import type { ContainerRow } from './row.ts';
import { isRefusal, type ContainerStore } from './store.ts';

/**
 * Files in and out of a container as an archive, for `docker cp` (moby/moby v29.7
 * `daemon/archive.go`, `archive_unix.go`).
 *
 * Simplified: an archive carries no times.
 */
const GO_DIR = 2 ** 31;
const GO_SYMLINK = 2 ** 27;

const GO_SPECIAL: readonly (readonly [bit: number, goBit: number])[] = [
  [0o4000, 2 ** 23],
  [0o2000, 2 ** 22],
  [0o1000, 2 ** 20],
];

/** Permission bits where Go has them. */
function goMode(mode: number): number {
  let result = mode % 0o1000;
  for (const [bit, goBit] of GO_SPECIAL) if (Math.floor(mode / bit) % 2 === 1) result += goBit;
  return result;
}

/** Shown by the kernel, no files of the container. */
const KERNEL_PATHS = ['/dev', '/proc', '/sys'];

const placeOf = ({ machine, id }: ContainerRow): string => `${machine}/${id}`;

const baseOf = (path: string): string => path.replace(/\/+$/, '').split('/').pop() ?? '';

export class Archives {
  readonly #rooms: ContainerRooms;
  readonly #store: ContainerStore;
  readonly #files: MachineFiles;

  constructor(rooms: ContainerRooms, store: ContainerStore) {
    this.#rooms = rooms;
    this.#store = store;
    this.#files = rooms.files;
  }

  /** `HEAD /containers/{id}/archive`. */
  stat(machine: string, text: string, path: string): EngineResponse {
    const found = this.#look(machine, text, path);
    return 'row' in found ? answer(200, found.stat) : found;
  }

  /** `GET /containers/{id}/archive`: the thing itself under its own name. */
  get(machine: string, text: string, path: string): EngineResponse {
    const found = this.#look(machine, text, path);
    if (!('row' in found)) return found;
    const { row, stat } = found;
    const place = placeOf(row);
    const follows = /\/\.?$/.test(path);
    const node = this.#files.node(place, absolute(path), follows)!;
    const name = stat.name;
    const entries: [string, LayerEntry][] = name === '' ? [] : [[name, plain(node)]];
    if (node.type === 'dir') {
      const prefix = name === '' ? '' : `${name}/`;
      for (const [below, entry] of this.#files.nodes(place, absolute(path))) {
        entries.push([`${prefix}${below}`, plain(entry)]);
      }
    }
    this.#store.emit(row, 'archive-path');
    return answer<ArchiveAnswer>(200, { stat, tar: writeTar(entries).bytes });
  }

  /** `GET /containers/{id}/export`: all its files, without what the kernel shows and mounts. */
  export(machine: string, text: string): EngineResponse {
    const row = this.#store.find(machine, text);
    if (isRefusal(row)) return fail(row.status, row.message);
    const mounts = this.#rooms.mounts.points(machine, row.id).map(({ Destination }) => Destination);
    const hidden = [...KERNEL_PATHS, ...mounts].map((path) => path.slice(1));
    const entries = this.#files
      .nodes(placeOf(row), '/')
      .filter(([path]) => !hidden.some((top) => path.startsWith(`${top}/`)))
      .map(([path, node]): [string, LayerEntry] => [path, plain(node)]);
    this.#store.emit(row, 'export');
    return answer(200, writeTar(entries).bytes);
  }

  /** `PUT /containers/{id}/archive`: unpacks into a directory that is there. */
  put(
    machine: string,
    text: string,
    path: string,
    how: { readonly tar: Uint8Array; readonly keepsKinds: boolean; readonly keepsOwners: boolean },
  ): EngineResponse {
    const row = this.#store.find(machine, text);
    if (isRefusal(row)) return fail(row.status, row.message);
    const place = placeOf(row);
    const directory = this.#files.realPath(place, absolute(path));
    if (directory === undefined) return missing(path, text);
    if (this.#files.node(place, directory)?.type !== 'dir') {
      return fail(400, 'extraction point is not a directory');
    }
    const locked = this.#lockProblem(row, directory);
    if (locked !== undefined) return fail(400, locked);
    const archive = readTar(how.tar);
    if (!archive.ok) return fail(500, `Error processing tar file: ${archive.fault}`);
    for (const [below, entry] of archive.value) {
      if (entry.type === 'whiteout') continue;
      const target = `${directory === '/' ? '' : directory}/${below}`;
      const problem = this.#unpack(place, target, entry, how);
      if (problem) return problem;
    }
    this.#store.emit(row, 'extract-to-dir');
    return answer(200, {});
  }

  #unpack(
    place: string,
    target: string,
    entry: Entry,
    { keepsKinds, keepsOwners }: { keepsKinds: boolean; keepsOwners: boolean },
  ): EngineResponse | undefined {
    const before = this.#files.node(place, target, false);
    if (before && keepsKinds && (before.type === 'dir') !== (entry.type === 'dir')) {
      const [old, next] = before.type === 'dir' ? ['', 'non-'] : ['non-', ''];
      const at = JSON.stringify(target);
      return fail(400, `cannot overwrite ${old}directory ${at} with ${next}directory ${at}`);
    }
    if (before?.type === 'dir' && entry.type === 'dir') return undefined;
    if (before) this.#files.removeTree(place, target);
    const owner = keepsOwners ? {} : { uid: 0, gid: 0 };
    const parent = target.slice(0, target.lastIndexOf('/'));
    if (parent !== '') this.#files.makeDirectory(place, parent, { parents: true });
    const modifiedMs = this.#rooms.kernel.now;
    const fault = this.#files.put(place, target, { ...entry, ...owner, modifiedMs });
    return fault === undefined ? undefined : fail(500, `failed to extract ${target}: ${fault}`);
  }

  #look(
    machine: string,
    text: string,
    path: string,
  ): { row: ContainerRow; stat: PathStat } | EngineResponse {
    const row = this.#store.find(machine, text);
    if (isRefusal(row)) return fail(row.status, row.message);
    if (path === '') return fail(400, 'invalid parameter: path cannot be empty');
    const place = placeOf(row);
    const follows = /\/\.?$/.test(path);
    const stat = this.#files.stat(place, absolute(path), follows);
    if (!stat || (follows && stat.type !== 'dir')) return missing(path, text);
    const kind = stat.type === 'dir' ? GO_DIR : stat.type === 'symlink' ? GO_SYMLINK : 0;
    const linkTarget =
      stat.type === 'symlink'
        ? (this.#files.realPath(place, absolute(path)) ?? stat.target ?? '')
        : '';
    return {
      row,
      stat: {
        name: baseOf(absolute(path)),
        size: stat.sizeBytes,
        mode: kind + goMode(stat.mode),
        mtime: rfc3339Nano(stat.modifiedMs),
        linkTarget,
      },
    };
  }

  /** `checkWritablePath`. */
  #lockProblem(row: ContainerRow, path: string): string | undefined {
    const points = this.#rooms.mounts.points(row.machine, row.id);
    const point = points.find(
      ({ Destination }) => path === Destination || path.startsWith(`${Destination}/`),
    );
    if (point) return point.RW ? undefined : 'mounted volume is marked read-only';
    return row.hostConfig.ReadonlyRootfs ? 'container rootfs is marked read-only' : undefined;
  }
}

const missing = (path: string, container: string): EngineResponse =>
  fail(404, `Could not find the file ${path} in container ${container}`);

/** From the root, without `.` and `..`. */
function absolute(path: string): string {
  const parts: string[] = [];
  for (const part of path.split('/')) {
    if (part === '..') parts.pop();
    else if (part !== '' && part !== '.') parts.push(part);
  }
  return `/${parts.join('/')}`;
}

/** Without the time that only machines keep. */
function plain(node: Entry): Entry {
  const { modifiedMs, ...entry }: Entry & { modifiedMs?: number } = node;
  return entry;
}
