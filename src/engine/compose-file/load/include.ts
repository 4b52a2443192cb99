import { readProjectEnv } from '../dotenv/env-files.ts';
import { fail } from '../failure.ts';
import { mergeResource } from '../merge/merge.ts';
import { joinPath } from '../resolve/paths.ts';
import { isList, isMapping, printValue, type Mapping } from '../tree/tree.ts';
import type { Path } from '../tree/path-table.ts';
import { unsetWarning, type Environment } from './context.ts';
import type { FileReading } from './reading.ts';
import { withoutMarked } from './resets.ts';

/**
 * `include`: another project's files with their own directory and `.env`, whose resources join this
 * one's (compose-go v2.13 `loader/include.go`).
 * Simplified: only paths are included; a Git repository or an OCI artifact is not fetched.
 */
interface Include {
  readonly paths: readonly string[];
  readonly directory: string;
  readonly envFiles: readonly string[] | undefined;
}

const RESOURCES = ['services', 'volumes', 'networks', 'secrets', 'configs', 'models'];

export function applyIncludes(
  document: Mapping,
  marks: readonly Path[],
  reading: FileReading,
): Mapping {
  const { include, ...rest } = document;
  if (include === undefined || include === null) return document;
  if (!isList(include)) return fail(`\`include\` must be a list, got ${printValue(include)}`);
  let result: Mapping = rest;
  for (const entry of include) {
    const one = readEntry(entry, reading);
    const model = reading.readers.model({
      files: one.paths.map((name) => ({ name })),
      context: reading.context,
      options: { ...reading.options, keepPaths: false },
      directory: one.directory,
      environment: environmentOf(one, reading),
      included: reading.included,
    });
    result = importResources(result, model, marks);
  }
  return result;
}

function readEntry(entry: unknown, { directory, included }: FileReading): Include {
  const value = typeof entry === 'string' ? { path: entry } : isMapping(entry) ? entry : {};
  const textsOf = (one: unknown): string[] =>
    isList(one) ? one.map(printValue) : one === undefined || one === null ? [] : [printValue(one)];
  const paths = textsOf(value.path).map((path) => joinPath(directory, path));
  const main = paths[0] ?? '';
  if (included.includes(main)) {
    const [first, ...rest] = [...included, main];
    fail(`include cycle detected:\n${first}\n include ${rest.join('\n include ')}`);
  }
  const given = value.project_directory;
  const own = typeof given === 'string' && given !== '' ? joinPath(directory, given) : undefined;
  const envFiles = value.env_file === undefined ? undefined : textsOf(value.env_file);
  return {
    paths,
    directory: own ?? (main.slice(0, main.lastIndexOf('/')) || '/'),
    envFiles: envFiles?.filter((file) => file !== '/dev/null'),
  };
}

/** The surroundings' variables, and below them those of the included project's own files. */
function environmentOf(include: Include, { context, environment, directory }: FileReading) {
  let files = include.envFiles?.map((file) => joinPath(directory, file));
  if (!files) {
    const file = `${include.directory}/.env`;
    files = context.files.at(file)?.kind === 'file' ? [file] : [];
  }
  for (const file of files) {
    const found = context.files.at(file);
    if (!found) fail(`stat ${file}: no such file or directory`);
    if (found.kind === 'directory') fail(`${file} is not a file`);
  }
  const own = readProjectEnv(files, environment, context.files, (name) => {
    context.warn(unsetWarning(name));
  });
  return { ...own, ...environment } satisfies Environment;
}

/** What this file says of a resource of the same name is laid over the included one. */
function importResources(into: Mapping, from: Mapping, marks: readonly Path[]): Mapping {
  const result: Mapping = { ...into };
  for (const key of RESOURCES) {
    const theirs = from[key];
    if (!isMapping(theirs)) continue;
    const ours: Mapping = isMapping(result[key]) ? { ...result[key] } : {};
    for (const [name, value] of Object.entries(theirs)) {
      if (!(name in ours)) {
        ours[name] = value;
        continue;
      }
      const left = withoutMarked({ [key]: { [name]: value } }, marks)[key] as Mapping | undefined;
      ours[name] = mergeResource(left?.[name] ?? null, ours[name], [key, name]);
    }
    result[key] = ours;
  }
  return result;
}
