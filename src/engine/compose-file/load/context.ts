import type { FileView } from '../files.ts';

/** What every step of loading may look at and say. */
export interface LoadContext {
  readonly files: FileView;
  /** What `~` stands for. */
  readonly home: string | undefined;
  /** Told of what Compose would log as a warning. */
  readonly warn: (text: string) => void;
}

/** How a document is read; what is left out is done. */
export interface ReadOptions {
  readonly skipInterpolation?: boolean;
  readonly skipInclude?: boolean;
  readonly skipExtends?: boolean;
  readonly skipValidation?: boolean;
  /** Leave paths as they were written. */
  readonly keepPaths?: boolean;
}

/** The variables of a project, by name. */
export type Environment = Readonly<Record<string, string>>;

export const unsetWarning = (name: string): string =>
  `The "${name}" variable is not set. Defaulting to a blank string.`;

export const oldBooleanWarning = (text: string, should: string): string =>
  `"${text}" for boolean is not supported by YAML 1.2, please use \`${should}\``;
