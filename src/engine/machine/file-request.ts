import type { FileEntry } from '../oci/entry.ts';
import type { Node } from './disk.ts';

/** What is asked of the service `files/MACHINE`; every request names its place. */
export interface Stat {
  readonly type: 'file' | 'dir' | 'symlink';
  /** Permission bits: 0o644, 0o1777. */
  readonly mode: number;
  readonly uid: number;
  readonly gid: number;
  readonly sizeBytes: number;
  readonly modifiedMs: number;
  /** Of a symbolic link. */
  readonly target?: string;
}

export interface MachineFile {
  /** UTF-8; of a model file its stand-in. */
  readonly content: string;
  readonly mode: number;
  readonly modifiedMs: number;
}

export interface ListedFile extends MachineFile {
  /** Absolute, in the place. */
  readonly path: string;
}

export interface NamedStat extends Stat {
  readonly name: string;
}

/** Bytes, text, or the description of a big model file. */
export type NewContent = string | FileEntry['content'];

export type FileRequest = { readonly place: string; readonly path: string } & (
  | { readonly op: 'read' | 'bytes' | 'list' | 'files' | 'nodes' | 'remove' | 'remove-tree' }
  | { readonly op: 'stat'; readonly follow: boolean }
  | { readonly op: 'write'; readonly content: NewContent; readonly mode: number }
  | { readonly op: 'append'; readonly text: string }
  | { readonly op: 'make-directory'; readonly parents: boolean; readonly mode: number }
  | { readonly op: 'rename'; readonly to: string }
  | { readonly op: 'link'; readonly target: string }
  | { readonly op: 'mode'; readonly mode: number }
  | { readonly op: 'owner'; readonly uid: number; readonly gid: number }
  | { readonly op: 'put'; readonly node: Node }
  | { readonly op: 'access'; readonly wanted: number }
);

export const filesService = (machine: string): string => `files/${machine}`;
