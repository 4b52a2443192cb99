import type { Mapping } from '../tree/tree.ts';
import type { Path } from '../tree/path-table.ts';
import type { Environment, LoadContext, ReadOptions } from './context.ts';

/** A file of a project: text that is at hand, or a path to read. */
export interface SourceFile {
  readonly name: string;
  readonly text?: string;
}

/** Files that make one document together, in the order they are laid over one another. */
export interface ModelSource {
  readonly files: readonly SourceFile[];
  readonly context: LoadContext;
  readonly options: ReadOptions;
  /** Where relative names start; absolute. */
  readonly directory: string;
  readonly environment: Environment;
  /** Files that are being included, outermost first. */
  readonly included: readonly string[];
}

/** Services that are being extended, outermost first. */
export type ExtendsTrail = readonly { readonly file: string; readonly service: string }[];

/** How one file is read; files it names are read by the same readers. */
export interface FileReading extends Omit<ModelSource, 'files'> {
  readonly trail: ExtendsTrail;
  readonly readers: Readers;
}

export interface Readers {
  readonly fileOver: (base: Mapping, file: SourceFile, reading: FileReading) => ReadFile;
  readonly model: (source: ModelSource) => Mapping;
}

export interface ReadFile {
  readonly document: Mapping;
  /** Places marked `!reset` or `!override` in the file's last document. */
  readonly marks: readonly Path[];
}
