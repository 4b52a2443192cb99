import type { Project } from '../project.ts';
import { PROJECT_FIELDS } from '../shape/project-fields.ts';
import { writeJson, writeYaml } from '../shape/struct.ts';
import { isMapping, sortedEntries, type Mapping } from '../tree/tree.ts';
import { goJson } from './json-text.ts';
import { writeYamlText } from './yaml-text.ts';

/**
 * A project as `docker compose config` prints it (compose-go v2.13 `types/project.go` MarshalYAML,
 * MarshalJSON; docker/compose v5.5 `cmd/compose/config.go`): a dollar is two, since the text can
 * be read again.
 */
export type ConfigFormat = 'yaml' | 'json';

/** All that takes part in a project, in YAML or in JSON. */
export function printProject(project: Project, format: ConfigFormat = 'yaml'): string {
  const text = format === 'json' ? projectJson(project) : projectYaml(project);
  return text.replaceAll('$', '$$$$');
}

const projectYaml = (project: Project): string =>
  writeYamlText(writeYaml(project as unknown as Mapping, PROJECT_FIELDS));

/** In JSON top-level keys come in order of their names, and models not at all. */
function projectJson(project: Project): string {
  const { models: _, ...document } = writeJson(project as unknown as Mapping, PROJECT_FIELDS);
  const whole = { ...document, ...project.extensions };
  return goJson(Object.fromEntries(sortedEntries(whole)), 2);
}

/** A document that was not bound to the normal form (`config --no-interpolate`), keys in order. */
export function printDocument(document: Mapping, format: ConfigFormat = 'yaml'): string {
  const sorted = sortKeys(document);
  return format === 'json' ? goJson(sorted, 2) : writeYamlText(sorted);
}

function sortKeys(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sortKeys);
  if (!isMapping(value)) return value;
  return Object.fromEntries(sortedEntries(value).map(([key, one]) => [key, sortKeys(one)]));
}
