import { readNamed } from '../dotenv/env-files.ts';
import { readEnv, type Lookup } from '../dotenv/dotenv.ts';
import { readPlainLines } from '../dotenv/plain-lines.ts';
import { fail } from '../failure.ts';
import { unsetWarning, type LoadContext } from '../load/context.ts';
import type { Project } from '../project.ts';
import type { EnvFile, Service } from '../service.ts';
import { sortedEntries } from '../tree/tree.ts';

/**
 * Fills the environments of the services that take part: names without a value from the project's
 * variables, `env_file` below `environment`; the files are gone from the result (compose-go v2.13
 * `types/project.go` WithServicesEnvironmentResolved).
 */
export function withEnvironments(project: Project, context: LoadContext): Project {
  return changeServices(project, (service) => {
    const { env_file: files = [], ...rest } = service;
    if (files.length === 0 && !service.environment) return service;
    const own = Object.fromEntries(
      Object.entries(service.environment ?? {}).map(([name, value]) => [
        name,
        value ?? project.environment[name] ?? null,
      ]),
    );
    const into = new Map<string, string>();
    for (const [name, value] of Object.entries(own)) if (value !== null) into.set(name, value);
    for (const file of files) {
      readEnvFile(
        file,
        into,
        (name) => project.environment[name] ?? own[name] ?? undefined,
        context,
      );
    }
    const environment = { ...Object.fromEntries(into), ...own };
    return { ...rest, environment: Object.fromEntries(sortedEntries(environment)) };
  });
}

function readEnvFile(
  { path, required, format }: EnvFile,
  into: Map<string, string>,
  lookup: Lookup,
  context: LoadContext,
): void {
  const file = context.files.at(path);
  if (!file) {
    if (!required) return;
    fail(`env file ${path} not found: stat ${path}: no such file or directory`);
  }
  if (file.kind === 'directory') fail(`read ${path}: is a directory`);
  const { text } = file;
  const onUnset = (name: string): void => context.warn(unsetWarning(name));
  switch (format) {
    case undefined:
    case '':
    case '.env':
      return readNamed(path, () => readEnv({ text, into, lookup, onUnset }));
    case 'raw':
      return readNamed(
        path,
        () => {
          for (const [name, value] of readPlainLines(text, lookup)) into.set(name, value);
        },
        'failed to parse env_file',
      );
    default:
      fail(`unsupported env_file format "${format}"`);
  }
}

/** Fills labels from `label_file`; a label that is written in the file itself wins. */
export function withLabels(project: Project, context: LoadContext): Project {
  return changeServices(project, (service) => {
    const { label_file: files, ...rest } = service;
    if (!files) return service;
    const labels = new Map<string, string>();
    for (const path of files) {
      const file = context.files.at(path);
      if (!file) fail(`label file ${path} not found: stat ${path}: no such file or directory`);
      if (file.kind === 'directory') fail(`read ${path}: is a directory`);
      readNamed(path, () => {
        readEnv({ text: file.text, into: labels, lookup: () => undefined });
      });
    }
    return { ...rest, labels: { ...Object.fromEntries(labels), ...service.labels } };
  });
}

function changeServices(project: Project, change: (service: Service) => Service): Project {
  const services = Object.entries(project.services).map(([name, one]) => [name, change(one)]);
  return { ...project, services: Object.fromEntries(services) as Project['services'] };
}
