import { ask, type Call, type Resumption } from '../sim/process.ts';
import type { Node } from './disk.ts';
import type { FileFault } from './fault.ts';
import {
  filesService,
  type FileRequest,
  type ListedFile,
  type MachineFile,
  type NamedStat,
  type NewContent,
  type Stat,
} from './file-request.ts';
import { machineOf } from './place.ts';

/**
 * Files, for programs: each function asks the files of a place (see place.ts) and waits for the
 * answer, which costs no virtual time. Paths are absolute. What changes files gives the fault, and
 * undefined when it was done; what reads them gives undefined when there is nothing to read.
 */
export { FAULT_TEXT, type FileFault } from './fault.ts';
export { MachineFiles } from './machine-files.ts';
export type { ListedFile, MachineFile, NamedStat, NewContent, Stat } from './file-request.ts';

type Step<T> = Generator<Call, T, Resumption>;
type Fault = FileFault | undefined;

const request = <T>(body: FileRequest): Step<T> =>
  ask<T>(filesService(machineOf(body.place)), body);

/** The text of a file, links followed. */
export const readFile = (place: string, path: string) =>
  request<MachineFile | undefined>({ op: 'read', place, path });

/** The bytes of a file, links followed; of a model file the line that stands for it. */
export const readBytes = (place: string, path: string) =>
  request<Uint8Array | undefined>({ op: 'bytes', place, path });

export const stat = (place: string, path: string, follow = true) =>
  request<Stat | undefined>({ op: 'stat', place, path, follow });

/** Why the asking process may not read (4), write (2) or run (1) it; undefined when it may. */
export const checkAccess = (place: string, path: string, wanted: number) =>
  request<Fault>({ op: 'access', place, path, wanted });

/** What is in a directory, by name; undefined when it is none. Links are not followed. */
export const listDirectory = (place: string, path: string) =>
  request<NamedStat[] | undefined>({ op: 'list', place, path });

/** Every file below a directory, by path; links in it are not followed. */
export const listFiles = (place: string, under: string) =>
  request<ListedFile[]>({ op: 'files', place, path: under });

/** Everything below a directory with its content, paths relative to it, in order. */
export const listNodes = (place: string, under: string) =>
  request<(readonly [path: string, node: Node])[]>({ op: 'nodes', place, path: under });

/** Writes a whole file; the mode counts when it is new. What does not fit is cut off: ENOSPC. */
export const writeFile = (place: string, path: string, content: NewContent, mode = 0o644) =>
  request<Fault>({ op: 'write', place, path, content, mode });

export const appendFile = (place: string, path: string, text: string) =>
  request<Fault>({ op: 'append', place, path, text });

export const makeDirectory = (
  place: string,
  path: string,
  { parents = false, mode = 0o755 }: { parents?: boolean; mode?: number } = {},
) => request<Fault>({ op: 'make-directory', place, path, parents, mode });

/** Removes a file, a link or an empty directory. */
export const removeFile = (place: string, path: string) =>
  request<Fault>({ op: 'remove', place, path });

export const removeTree = (place: string, path: string) =>
  request<Fault>({ op: 'remove-tree', place, path });

export const renameFile = (place: string, from: string, to: string) =>
  request<Fault>({ op: 'rename', place, path: from, to });

/** Makes a symbolic link at `path`. */
export const linkFile = (place: string, target: string, path: string) =>
  request<Fault>({ op: 'link', place, path, target });

export const changeMode = (place: string, path: string, mode: number) =>
  request<Fault>({ op: 'mode', place, path, mode });

export const changeOwner = (place: string, path: string, uid: number, gid: number) =>
  request<Fault>({ op: 'owner', place, path, uid, gid });

/** Puts an entry as it is, owner, mode and time included: what `tar -x` and `cp -a` do. */
export const putNode = (place: string, path: string, node: Node) =>
  request<Fault>({ op: 'put', place, path, node });
