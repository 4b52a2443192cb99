import { expect, test } from 'vitest';
import { readScenario, scenarioIds } from './scenario-folder.ts';

test('a scenario is read with all its files, hidden ones too, in a fixed order', () => {
  const source = readScenario('delivery/code-to-cluster');
  expect(source.definition).toMatch(/^preset: cluster$/m);
  const names = Object.keys(source.files);
  expect(names).toContain('.dockerignore');
  expect(names).toEqual([...names].sort((a, b) => (a < b ? -1 : 1)));
  expect(source.files.Dockerfile).toMatch(/^FROM nginx/);
});

test('every folder with a definition is a scenario', () => {
  expect(scenarioIds()).toContain('delivery/code-to-cluster');
});

test('a scenario that is not there is named with those that are', () => {
  expect(() => readScenario('delivery/nothing')).toThrow(
    /no scenario "delivery\/nothing".*delivery\/code-to-cluster/,
  );
});
