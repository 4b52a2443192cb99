import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join, relative, sep } from 'node:path';
import type { ScenarioSource } from '../../scenarios/scenario.ts';

const FOLDER = 'src/scenarios';

/** Ids of all scenarios: `delivery/code-to-cluster`. */
export function scenarioIds(root = process.cwd()): string[] {
  const areas = readdirSync(join(root, FOLDER), { withFileTypes: true });
  return areas
    .filter((area) => area.isDirectory())
    .flatMap((area) =>
      readdirSync(join(root, FOLDER, area.name)).map((name) => `${area.name}/${name}`),
    )
    .filter((id) => existsSync(join(root, FOLDER, id, 'scenario.yaml')))
    .sort((a, b) => (a < b ? -1 : 1));
}

/**
 * A scenario's folder as text, hidden files included.
 * @throws when there is no such scenario, naming those there are
 */
export function readScenario(id: string, root = process.cwd()): ScenarioSource {
  const folder = join(root, FOLDER, id);
  const definition = join(folder, 'scenario.yaml');
  if (!existsSync(definition)) {
    const known = scenarioIds(root).join(', ');
    throw new Error(`There is no scenario "${id}" in ${FOLDER}. There are: ${known}.`);
  }
  return { id, definition: readFileSync(definition, 'utf8'), files: filesUnder(folder) };
}

function filesUnder(folder: string): Record<string, string> {
  const top = join(folder, 'files');
  if (!existsSync(top)) return {};
  const files = readdirSync(top, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .map((file) => [relative(top, file).split(sep).join('/'), readFileSync(file, 'utf8')] as const)
    .sort(([a], [b]) => (a < b ? -1 : 1));
  return Object.fromEntries(files);
}
