import { fail, messageOf } from './failure.ts';
import { withFiles, type FileSteps, type FileView } from './files.ts';
import { writeYaml, extensionsOf } from './shape/struct.ts';
import { writeYamlText } from './print/yaml-text.ts';
import type { Project } from './project.ts';
import type { Service } from './service.ts';
import { joinPath } from './resolve/paths.ts';
import { inGoNames } from './stack/go-names.ts';
import { stackLongForms } from './stack/long-forms.ts';
import { mergeStacks } from './stack/merge.ts';
import { forbiddenProblem, ignoredNotices } from './stack/properties.ts';
import { withResources } from './stack/resources.ts';
import { DEFAULT_VERSION } from './stack/schema/versions.ts';
import { STACK_FIELDS } from './stack/service-fields.ts';
import { interpolateStack } from './stack/template.ts';
import { validateStack } from './stack/validate.ts';
import { isMapping, printValue, sortedEntries, type Mapping } from './tree/tree.ts';
import { readStackYaml } from './stack/read-yaml.ts';

/**
 * The older loader: what `docker stack deploy` and `docker stack config` make of a Compose file
 * (docker/cli v29 `cli/compose/loader`, `cli/command/stack/loader.go`). It knows the schemas 3.0 to
 * 3.13, no `extends`, no `include`, no profiles and no `.env`, and passes over what Swarm has no
 * use for.
 */
export interface StackOptions {
  readonly cwd: string;
  readonly environment: Readonly<Record<string, string>>;
  /** `-c`, in order; `-` is standard input. */
  readonly files: readonly string[];
  readonly stdin?: string;
  /** The stack's name; `stack config` has none. */
  readonly name?: string;
  /** `config --skip-interpolation`. */
  readonly skipInterpolation?: boolean;
}

/** A stack that could be read, and what is said on the way. */
export interface LoadedStack {
  readonly project: Project;
  /** The version of the schema, `3.13` when the file names none. */
  readonly version: string;
  /** What the command writes to stderr as it is, before it does anything (`stack deploy` alone). */
  readonly notices: readonly string[];
  /** What is logged as a warning. */
  readonly warnings: readonly string[];
}

/** Or why it could not, in the loader's words. */
export type StackLoaded =
  LoadedStack | { readonly error: string; readonly warnings: readonly string[] };

/** Loads a stack; yields the absolute paths it wants to look at (see files.ts). */
export function loadStack(options: StackOptions): FileSteps<StackLoaded> {
  return withFiles((files): StackLoaded => {
    const warnings: string[] = [];
    try {
      return load(options, files, warnings);
    } catch (error) {
      return { error: messageOf(error), warnings };
    }
  });
}

/**
 * Why `stack deploy` refuses a stack that could be loaded: a service without an image.
 * What an image's name may be is known where references are (`engine/oci`).
 */
export function missingImage({ services }: Project): string | undefined {
  const service = Object.values(services).find(({ image }) => !image);
  if (!service) return undefined;
  return `invalid image reference for service ${service.name}: no image specified`;
}

/** A stack as `docker stack config` prints it. */
export function printStack({ project, version }: LoadedStack): string {
  const document = { ...(project as unknown as Mapping), version };
  return writeYamlText(writeYaml(document, STACK_FIELDS));
}

function load(options: StackOptions, files: FileView, warnings: string[]): LoadedStack {
  const [first] = options.files;
  if (first === undefined) fail('specify a Compose file (with --compose-file)');
  const only = first === '-' && options.files.length === 1;
  const main = joinPath(options.cwd, first);
  const directory = only ? options.cwd : main.slice(0, main.lastIndexOf('/')) || '/';
  const raw = options.files.map((name) => readStackYaml(textOf(name, options, files)));
  const version = versionOf(raw[0] ?? {});
  const warn = (text: string): void => {
    warnings.push(text);
  };
  const base = {
    directory,
    version,
    environment: options.environment,
    warn,
    readText: (path: string) => textAt(path, path, files),
  };
  let merged: Mapping | undefined;
  for (const document of raw) {
    const filled = prepare(document, version, options);
    const long = withResources(stackLongForms(filled, warn), base);
    merged = merged ? mergeStacks(merged, long) : long;
  }
  const project = bind(merged ?? {}, options, directory);
  return { project, version, notices: ignoredNotices(raw), warnings };
}

function prepare(document: Mapping, version: string, options: StackOptions): Mapping {
  const own = versionOf(document);
  if (own !== version) {
    fail(`version mismatched between two composefiles : ${version} and ${own}`);
  }
  const forbidden = forbiddenProblem(document, options.name !== undefined);
  if (forbidden !== undefined) fail(forbidden);
  const filled =
    options.skipInterpolation === true
      ? document
      : interpolateStack(document, (name) => options.environment[name]);
  validateStack(filled, version);
  return filled;
}

function versionOf({ version }: Mapping): string {
  if (version === undefined) return DEFAULT_VERSION;
  const text = printValue(version);
  return text === '' || text === '3' ? DEFAULT_VERSION : text;
}

function textOf(name: string, { cwd, stdin = '' }: StackOptions, files: FileView): string {
  return name === '-' ? stdin : textAt(joinPath(cwd, name), name, files);
}

function textAt(path: string, name: string, files: FileView): string {
  const file = files.at(path);
  if (!file) return fail(`open ${name}: no such file or directory`);
  return file.kind === 'directory' ? fail(`read ${name}: is a directory`) : file.text;
}

function bind(document: Mapping, options: StackOptions, directory: string): Project {
  const sections: Mapping = {};
  for (const [key, codec] of STACK_FIELDS) {
    if (key === 'version') continue;
    sections[key] = inGoNames(() => codec.decode(document[key], key)) ?? {};
  }
  const services = isMapping(sections.services) ? sections.services : {};
  const extensions = extensionsOf(document);
  return {
    name: options.name ?? '',
    workingDir: directory,
    composeFiles: options.files,
    environment: options.environment,
    profiles: [],
    disabledServices: {},
    models: {},
    ...(sections as unknown as Pick<Project, 'networks' | 'volumes' | 'secrets' | 'configs'>),
    services: Object.fromEntries(
      sortedEntries(services).map(([name, one]) => [name, { ...(one as Service), name }]),
    ),
    ...(extensions && { extensions }),
  };
}
