import type { FileSteps } from './files.ts';
import type { Project } from './project.ts';

/** What `docker compose` was called with, as far as it decides what the project is. */
export interface LoadOptions {
  /** The directory the command runs in, absolute. */
  readonly cwd: string;
  /** The shell's variables, HOME included. */
  readonly environment: Readonly<Record<string, string>>;
  /** `-f`, in order; `-` is standard input. Empty: COMPOSE_FILE, then the files found by name. */
  readonly files?: readonly string[];
  /** What standard input holds, when a file is `-`. */
  readonly stdin?: string;
  /** `-p`. */
  readonly projectName?: string;
  /** `--project-directory`. */
  readonly projectDirectory?: string;
  /** `--env-file`, in order; empty: COMPOSE_ENV_FILES, then `.env` of the project directory. */
  readonly envFiles?: readonly string[];
  /** `--profile`; empty: COMPOSE_PROFILES. */
  readonly profiles?: readonly string[];
  /** Services named on the command line: they and what they depend on are selected. */
  readonly services?: readonly string[];
  /** `--no-deps` and the like: select the named services alone. */
  readonly noDependencies?: boolean;
  /** `config --no-interpolate`, `--no-normalize`, `--no-path-resolution`, and so on. */
  readonly skip?: {
    readonly interpolation?: boolean;
    readonly normalization?: boolean;
    readonly pathResolution?: boolean;
    readonly consistency?: boolean;
    readonly environmentResolution?: boolean;
  };
}

export type Loaded =
  | { readonly project: Project; readonly warnings: readonly string[] }
  /** The error as Compose words it, without a prefix; it ends the command with code 1 or 14. */
  | { readonly error: string; readonly warnings: readonly string[] };

/**
 * Loads a project as `docker compose` does: yields the absolute paths it wants to look at and is
 * resumed with what is there (see files.ts). Warnings are the texts that Compose logs, in order.
 */
// eslint-disable-next-line require-yield -- the steps come with the pipeline
export function* loadProject(options: LoadOptions): FileSteps<Loaded> {
  return { error: `no configuration file provided: ${options.cwd}`, warnings: [] };
}
