import { readProjectEnv } from '../dotenv/env-files.ts';
import { fail } from '../failure.ts';
import { joinPath } from '../resolve/paths.ts';
import { parseBoolean } from '../../go/numbers.ts';
import { isRefused } from '../../go/refused.ts';
import { unsetWarning, type Environment, type LoadContext } from './context.ts';

/**
 * Which files a command means, and the variables they are read with (compose-go v2.13
 * `cli/options.go`): `-f`, COMPOSE_FILE, or the first known name here or in a directory above, with
 * its override beside it; `.env` before and after, since either may decide the other.
 */
export const DEFAULT_NAMES = [
  'compose.yaml',
  'compose.yml',
  'docker-compose.yml',
  'docker-compose.yaml',
];

export const OVERRIDE_NAMES = [
  'compose.override.yml',
  'compose.override.yaml',
  'docker-compose.override.yml',
  'docker-compose.override.yaml',
];

export interface FileWishes {
  readonly cwd: string;
  readonly environment: Environment;
  readonly files: readonly string[];
  readonly envFiles: readonly string[];
  readonly projectDirectory?: string;
}

export interface FoundFiles {
  /** Absolute paths, `-` for standard input. */
  readonly files: readonly string[];
  /** The project directory. */
  readonly directory: string;
  readonly environment: Environment;
}

export function findFiles(wishes: FileWishes, context: LoadContext): FoundFiles {
  const { cwd, projectDirectory } = wishes;
  const absolute = (path: string): string => (path === '-' ? path : joinPath(cwd, path));
  const own = projectDirectory ? joinPath(cwd, projectDirectory) : undefined;
  const directoryOf = (files: readonly string[]): string => {
    const first = files.find((file) => file !== '-');
    return own ?? (first === undefined ? cwd : parent(absolute(first)));
  };
  let files = wishes.files.map(absolute);
  let environment = withEnvFiles(wishes, directoryOf(files), wishes.environment, context);
  if (files.length === 0) files = namedByVariable(environment, absolute, context);
  if (files.length === 0) files = foundByName(directoryOf(files), context);
  const directory = directoryOf(files);
  environment = withEnvFiles(wishes, directory, environment, context);
  return { files, directory, environment };
}

const parent = (path: string): string => path.slice(0, path.lastIndexOf('/')) || '/';

/** The variables with those of the env files below them. */
function withEnvFiles(
  { cwd, envFiles, environment: shell }: FileWishes,
  directory: string,
  environment: Environment,
  context: LoadContext,
): Environment {
  const chosen = envFiles.map((file) => joinPath(cwd, file));
  const files = chosen.length > 0 ? chosen : defaultEnvFile(directory, shell, context);
  const found = readProjectEnv(files, environment, context.files, (name) => {
    context.warn(unsetWarning(name));
  });
  return { ...found, ...environment };
}

function defaultEnvFile(directory: string, shell: Environment, { files }: LoadContext): string[] {
  const { COMPOSE_DISABLE_ENV_FILE: off } = shell;
  if (off !== undefined) {
    const disabled = parseBoolean(off);
    if (isRefused(disabled)) fail(disabled.refused);
    if (disabled) return [];
  }
  const path = joinPath(directory, '.env');
  return files.at(path)?.kind === 'file' ? [path] : [];
}

function namedByVariable(
  environment: Environment,
  absolute: (path: string) => string,
  { files }: LoadContext,
): string[] {
  const { COMPOSE_FILE: names, COMPOSE_PATH_SEPARATOR: separator } = environment;
  if (names === undefined) return [];
  return names.split(separator || ':').map((name) => {
    const path = absolute(name);
    if (path !== '-' && !files.at(path)) fail(`stat ${path}: no such file or directory`);
    return path;
  });
}

function foundByName(start: string, context: LoadContext): string[] {
  for (let directory = start; ; directory = parent(directory)) {
    const [file] = candidates(directory, DEFAULT_NAMES, 'config', context);
    if (file !== undefined) {
      const [override] = candidates(directory, OVERRIDE_NAMES, 'override', context);
      return override === undefined ? [file] : [file, override];
    }
    if (directory === '/') return [];
  }
}

function candidates(
  directory: string,
  names: readonly string[],
  what: string,
  { files, warn }: LoadContext,
): string[] {
  const paths = names.map((name) => joinPath(directory, name));
  const found = paths.filter((path) => files.at(path) !== undefined);
  if (found.length > 1) {
    warn(`Found multiple ${what} files with supported names: ${found.join(', ')}`);
    warn(`Using ${found[0]}`);
  }
  return found;
}
