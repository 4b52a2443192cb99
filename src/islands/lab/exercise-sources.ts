import type { ScenarioSource } from '../../scenarios/scenario.ts';

/**
 * The folders of all scenarios and challenges as text. The page's gallery is made of them at build;
 * in the browser they come as one piece, when the first of them is opened.
 */
const definitions = import.meta.glob<string>('../../scenarios/*/*/scenario.yaml', {
  query: '?raw',
  import: 'default',
  eager: true,
});
const files = import.meta.glob<string>('../../scenarios/*/*/files/**', {
  query: '?raw',
  import: 'default',
  eager: true,
  exhaustive: true,
});
const challenges = import.meta.glob<string>('../../scenarios/challenges/*/challenge.yaml', {
  query: '?raw',
  import: 'default',
  eager: true,
});

const byText = (a: string, b: string): number => (a < b ? -1 : 1);

const idOf = (path: string, end: string): string =>
  path.slice('../../scenarios/'.length, -end.length);

export const scenarioIds: readonly string[] = Object.keys(definitions)
  .map((path) => idOf(path, '/scenario.yaml'))
  .sort(byText);

/** A scenario's folder; undefined when there is none of this id. */
export function scenarioSource(id: string): ScenarioSource | undefined {
  const folder = `../../scenarios/${id}/`;
  if (!scenarioIds.includes(id)) return undefined;
  const top = `${folder}files/`;
  const own = Object.entries(files)
    .filter(([path]) => path.startsWith(top))
    .sort(([a], [b]) => byText(a, b))
    .map(([path, content]) => [path.slice(top.length), content] as const);
  return {
    id,
    definition: definitions[`${folder}scenario.yaml`] ?? '',
    files: Object.fromEntries(own),
  };
}

export const challengeIds: readonly string[] = Object.keys(challenges)
  .map((path) => idOf(path, '/challenge.yaml').replace('challenges/', ''))
  .sort(byText);

/** The text of a `challenge.yaml`; undefined when there is none of this id. */
export function challengeText(id: string): string | undefined {
  return challengeIds.includes(id)
    ? challenges[`../../scenarios/challenges/${id}/challenge.yaml`]
    : undefined;
}
