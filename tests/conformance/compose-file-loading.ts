import { messageOf } from '../../src/engine/compose-file/failure.ts';
import { runWithTexts } from '../../src/engine/compose-file/files.ts';
import { loadProject, type Loaded } from '../../src/engine/compose-file/load.ts';
import { loadModel, type LoadDetails } from '../../src/engine/compose-file/load/details.ts';
import { toProject } from '../../src/engine/compose-file/project/decode.ts';
import { withEnvironments } from '../../src/engine/compose-file/project/env-files.ts';
import type { Project } from '../../src/engine/compose-file/project.ts';
import { isMapping, type Mapping } from '../../src/engine/compose-file/tree/tree.ts';
import { decode } from '../../src/engine/compose-file/yaml/decode.ts';
import { readDocuments } from '../../src/engine/compose-file/yaml/node.ts';
import { compare, type Verdict } from './adapter.ts';

/** Loading a row's files, and comparing what came of it with what the row says. */
export type Texts = Readonly<Record<string, string>>;

export interface Expected extends Record<string, unknown> {
  readonly error?: unknown;
  readonly errorContains?: string;
  readonly ok?: boolean;
  readonly note?: string;
}

const DIRECTORY = '/project';

/**
 * The files in order, loaded as one project whose directory holds further files.
 * @param keepPaths as upstream's own tests do: paths stay as written
 */
export function loadTexts(
  files: readonly string[],
  beside: Texts = {},
  environment: Texts = {},
  keepPaths = false,
): Loaded {
  const named = Object.fromEntries(files.map((text, at) => [`${DIRECTORY}/file${at}.yaml`, text]));
  const others = Object.entries(beside).map(([name, text]) => [`${DIRECTORY}/${name}`, text]);
  const steps = loadProject({
    cwd: DIRECTORY,
    environment,
    files: Object.keys(named),
    allResources: true,
    skip: { pathResolution: keepPaths },
  });
  return runWithTexts(steps, { ...(Object.fromEntries(others) as Texts), ...named });
}

/** A document alone, as the first step of loading reads it. */
export function documentOf(text: string): Mapping {
  const [node] = readDocuments(text);
  const document = node ? decode(node) : {};
  return isMapping(document) ? document : {};
}

/** Loads below the command line: variables and the name are given, no file is looked for. */
export function loadWithName(text: string, details: Partial<LoadDetails>): Outcome {
  return attempt(() => {
    const files = [{ name: `${DIRECTORY}/compose.yaml`, text }];
    const context = { files: { at: () => undefined }, home: undefined, warn: () => undefined };
    const model = loadModel({ files, directory: DIRECTORY, environment: {}, ...details }, context);
    const { document, ...frame } = model;
    const project = toProject(document, { ...frame, workingDir: DIRECTORY, composeFiles: [] });
    return keepEnvFiles(withEnvironments(project, context), project);
  });
}

/** The services' variables filled in, and the files these came from as well. */
function keepEnvFiles(filled: Project, { services }: Project): Project {
  const both = Object.entries(filled.services).map(([name, service]) => {
    const { env_file: files } = services[name] ?? {};
    return [name, { ...service, ...(files && { env_file: files }) }];
  });
  return { ...filled, services: Object.fromEntries(both) as Project['services'] };
}

/** A file by itself: in long form and checked, but nothing is filled in and no path made whole. */
export const loadAlone = (text: string, environment: Texts = {}): Outcome =>
  loadWithName(text, {
    environment,
    name: { text: 'alone', chosen: false },
    options: { keepPaths: true, skipNormalization: true },
  });

export type Outcome<T = Project> = { readonly value: T } | { readonly error: string };

export function attempt<T>(run: () => T): Outcome<T> {
  try {
    return { value: run() };
  } catch (error) {
    return { error: messageOf(error) };
  }
}

/**
 * Holds an outcome to a row: an error by its words, a success by the values the row names by their
 * dotted ways.
 */
export function judgeOutcome<T>(outcome: Outcome<T>, expected: Expected): Verdict {
  const { error, errorContains, ok: _ok, note: _note, ...values } = expected;
  const refused = 'error' in outcome ? outcome.error : undefined;
  if (errorContains !== undefined) {
    return { holds: refused?.includes(errorContains) ?? false, got: refused ?? outcome };
  }
  if (typeof error === 'string') return compare(refused, error);
  if (error === true) return { holds: refused !== undefined, got: refused ?? outcome };
  if ('error' in outcome) return { holds: false, got: refused };
  const got = Object.fromEntries(
    Object.keys(values).map((path) => [path, valueAt(outcome.value, path.split('.'))]),
  );
  return compare(withoutAbsent(got), withoutAbsent(values));
}

export const outcomeOf = (loaded: Loaded): Outcome =>
  'error' in loaded ? { error: loaded.error } : { value: loaded.project };

/** A switch that the normal form leaves out when it is off, and a key it leaves out when unset. */
function valueAt(value: unknown, path: readonly string[]): unknown {
  let at = value;
  for (const part of path) at = memberOf(at, part);
  return at;
}

/** A part of a mapping, a list's by its place, or how many there are. */
function memberOf(value: unknown, part: string): unknown {
  if (part === 'length') return Object.keys(value ?? {}).length;
  if (Array.isArray(value)) return (value as unknown[])[Number(part)];
  return isMapping(value) ? value[part] : undefined;
}

const withoutAbsent = (values: Mapping): Mapping =>
  Object.fromEntries(
    Object.entries(values).filter(([, value]) => value !== null && value !== undefined),
  );
