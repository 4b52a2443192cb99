import type { Challenge } from '../scenarios/challenges/challenge.ts';
import { readChallenge } from '../scenarios/challenges/read-challenge.ts';
import { parseScenario, type Scenario } from '../scenarios/scenario.ts';
import {
  challengeIds,
  challengeText,
  scenarioIds,
  scenarioSource,
} from '../islands/lab/exercise-sources.ts';

/** What the lab's page lists: scenarios by area, and challenges. A faulty one stops the build. */
export interface GalleryArea {
  /** The folder below src/scenarios. */
  readonly id: string;
  readonly scenarios: readonly Scenario[];
}

/** Areas in the order in which one learns; others behind them. */
const ORDER = ['containers', 'images', 'compose', 'swarm', 'orchestration', 'delivery'];

export function galleryAreas(): readonly GalleryArea[] {
  const areas = new Map<string, Scenario[]>();
  for (const scenario of scenarioIds.map(readGalleryScenario)) {
    const [area = ''] = scenario.id.split('/');
    areas.set(area, [...(areas.get(area) ?? []), scenario]);
  }
  const place = (area: string): number => (ORDER.includes(area) ? ORDER.indexOf(area) : 99);
  return [...areas]
    .map(([id, scenarios]) => ({ id, scenarios }))
    .sort((a, b) => place(a.id) - place(b.id));
}

export function galleryChallenges(): readonly Challenge[] {
  return challengeIds.map((id) => {
    const read = readChallenge(id, challengeText(id) ?? '');
    if (!read.ok) throw faulty(`src/scenarios/challenges/${id}/challenge.yaml`, read.faults);
    return read.challenge;
  });
}

function readGalleryScenario(id: string): Scenario {
  const parsed = parseScenario(scenarioSource(id) ?? { id, definition: '', files: {} });
  if (!parsed.ok) throw faulty(`src/scenarios/${id}/scenario.yaml`, parsed.faults);
  return parsed.scenario;
}

interface Fault {
  readonly line: number;
  readonly what: string;
  readonly remedy: string;
}

function faulty(file: string, faults: readonly Fault[]): Error {
  return new Error(
    faults.map(({ line, what, remedy }) => `${file}:${line} ${what} ${remedy}`).join('\n'),
  );
}
