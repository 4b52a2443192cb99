import { checkConsistency } from './checks/consistency.ts';
import { fail, messageOf } from './failure.ts';
import { withFiles, type FileSteps, type FileView } from './files.ts';
import type { Environment, LoadContext } from './load/context.ts';
import { loadModel, writtenName, type LoadDetails, type LoadedModel } from './load/details.ts';
import { findFiles, type FoundFiles } from './load/find-files.ts';
import type { Project } from './project.ts';
import { toProject } from './project/decode.ts';
import { withEnvironments, withLabels } from './project/env-files.ts';
import { withProfiles, withSelectedServices, withServicesEnabled } from './project/profiles.ts';
import { checkProjectName, normalizeProjectName } from './project/project-name.ts';
import { withoutUnusedResources } from './project/resources.ts';
import type { Mapping } from './tree/tree.ts';
import { checkSyntax } from './yaml/repeated-keys.ts';

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
  /** `--all-resources`: keep networks, volumes and so on that no service uses. */
  readonly allResources?: boolean;
  /** `config --no-interpolate`, `--no-normalize`, `--no-path-resolution`, and so on. */
  readonly skip?: {
    readonly interpolation?: boolean;
    readonly normalization?: boolean;
    readonly pathResolution?: boolean;
    readonly consistency?: boolean;
    readonly environmentResolution?: boolean;
    /** `config --variables`: the schema is not looked at. */
    readonly validation?: boolean;
  };
}

export type Loaded =
  | { readonly project: Project; readonly warnings: readonly string[] }
  /** The error as Compose words it, without a prefix. */
  | { readonly error: string; readonly warnings: readonly string[] };

export type LoadedDocument =
  | { readonly document: Mapping; readonly warnings: readonly string[] }
  | { readonly error: string; readonly warnings: readonly string[] };

/**
 * Loads a project as `docker compose` v5.5 does: yields the absolute paths it wants to look at and
 * is resumed with what is there (see files.ts). Warnings are the texts that Compose logs, in order.
 */
export function loadProject(options: LoadOptions): FileSteps<Loaded> {
  return withFiles((files): Loaded => {
    const warnings: string[] = [];
    const context = contextOf(options, files, warnings);
    try {
      return { project: load(options, context), warnings };
    } catch (error) {
      return { error: messageOf(error), warnings };
    }
  });
}

/** The document alone, not yet bound: what `config --no-interpolate` prints. */
export function loadDocument(options: LoadOptions): FileSteps<LoadedDocument> {
  return withFiles((files): LoadedDocument => {
    const warnings: string[] = [];
    const context = contextOf(options, files, warnings);
    try {
      const found = locate(options, context);
      const { document } = loadModel(detailsOf(options, found, context), context);
      return { document, warnings };
    } catch (error) {
      return { error: messageOf(error), warnings };
    }
  });
}

function contextOf(options: LoadOptions, files: FileView, warnings: string[]): LoadContext {
  return { files, home: options.environment.HOME, warn: (text) => warnings.push(text) };
}

function locate(options: LoadOptions, context: LoadContext): FoundFiles {
  const { cwd, files = [], envFiles = [], projectDirectory } = options;
  const environment: Environment = { PWD: cwd, ...options.environment };
  const listed = (environment.COMPOSE_ENV_FILES ?? '').split(',').filter((file) => file !== '');
  const wishes = {
    cwd,
    environment,
    files,
    envFiles: envFiles.length > 0 ? envFiles : listed,
    ...(projectDirectory !== undefined && { projectDirectory }),
  };
  return findFiles(wishes, context);
}

function load(options: LoadOptions, context: LoadContext): Project {
  const found = locate(options, context);
  const model = loadModel(detailsOf(options, found, context), context);
  const { skip = {}, services = [] } = options;
  let project = withProfiles(bind(model, found), profilesOf(options, found));
  if (skip.consistency !== true) checkConsistency(project);
  project = withServicesEnabled(project, services);
  const policy = options.noDependencies === true ? 'none' : 'dependencies';
  project = withSelectedServices(project, services, policy);
  if (options.allResources !== true) project = withoutUnusedResources(project);
  if (skip.environmentResolution !== true) project = withEnvironments(project, context);
  return withLabels(project, context);
}

const bind = ({ document, name, environment }: LoadedModel, found: FoundFiles): Project =>
  toProject(document, {
    name,
    workingDir: found.directory,
    composeFiles: found.files,
    environment,
  });

function profilesOf({ profiles = [] }: LoadOptions, { environment }: FoundFiles): string[] {
  if (profiles.length > 0) return [...profiles];
  const listed = (environment.COMPOSE_PROFILES ?? '').split(',').map((name) => name.trim());
  return listed.filter((name) => name !== '');
}

function detailsOf(options: LoadOptions, found: FoundFiles, context: LoadContext): LoadDetails {
  const { files: paths, directory, environment } = found;
  if (options.projectName) checkProjectName(options.projectName);
  if (paths.length === 0) fail('no configuration file provided: not found');
  const files = paths.map((name) =>
    name === '-' ? { name, text: options.stdin ?? '' } : { name, text: textOf(name, context) },
  );
  const isWritten =
    !options.projectName &&
    files.some((file) => {
      checkSyntax(file.text);
      return writtenName(file, context) !== '';
    });
  const chosen = options.projectName || environment.COMPOSE_PROJECT_NAME;
  const suggested = normalizeProjectName(directory.slice(directory.lastIndexOf('/') + 1));
  const { skip = {} } = options;
  return {
    files,
    directory,
    environment,
    ...(chosen
      ? { name: { text: chosen, chosen: true } }
      : !isWritten && { name: { text: suggested, chosen: false } }),
    options: {
      skipInterpolation: skip.interpolation ?? false,
      skipNormalization: skip.normalization ?? false,
      keepPaths: skip.pathResolution ?? false,
      skipValidation: skip.validation ?? false,
    },
  };
}

function textOf(path: string, { files }: LoadContext): string {
  const file = files.at(path);
  if (!file) return fail(`open ${path}: no such file or directory`);
  return file.kind === 'directory' ? fail(`read ${path}: is a directory`) : file.text;
}
