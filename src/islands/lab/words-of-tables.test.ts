import { expect, it } from 'vitest';
import { EXPERIMENTS } from '../../engine/compare/experiments.ts';
import { PRESET_NAMES } from '../../engine/presets.ts';
import { Session } from '../../engine/session.ts';
import {
  areaWords,
  experimentWords,
  faultActionWords,
  faultWords,
  firstLines,
  presetWords,
} from '../../i18n/lab-worlds.ts';
import { scenarioIds } from './exercise-sources.ts';
import { actionsOf, FAULT_SUBJECTS } from './fault-line.ts';

/** Whatever the engine's tables offer has a name that readers can read, and nothing else has one. */
const sorted = (names: Iterable<string>): string[] => [...new Set(names)].sort();

it.each([
  ['presets', PRESET_NAMES, presetWords],
  ['kinds of faults', FAULT_SUBJECTS, faultWords],
  ['actions of faults', FAULT_SUBJECTS.flatMap(actionsOf), faultActionWords],
  ['experiments', Object.keys(EXPERIMENTS), experimentWords],
  ['areas of scenarios', scenarioIds.map((id) => id.replace(/\/.*/, '')), areaWords],
] as const)('the %s have words', (_, names, words) => {
  const named: readonly string[] = Object.keys(words);
  expect(named).toEqual(expect.arrayContaining(sorted(names)));
});

const EVERY_PRESET = PRESET_NAMES.map((name) => name.replace('N', '3')).filter(
  (name) => firstLines(name).length > 0,
);

it.each(EVERY_PRESET)('what one can begin with in %s works, line by line', (preset) => {
  const session = new Session({ preset, seed: 7 });
  for (const line of firstLines(preset)) {
    const { exitCode } = session.type(line);
    expect([line, exitCode]).toEqual([line, 0]);
  }
});

it('every preset has lines to begin with, but the one that has buttons for them', () => {
  const without = PRESET_NAMES.filter((name) => firstLines(name).length === 0);
  expect(without).toEqual(['compare']);
});
