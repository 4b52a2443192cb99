import { readFileSync, readdirSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import type { Graph } from '../../diagram/graph.ts';
import { runOfFigure, type WrittenFigure } from './opened-runs.ts';
import { chaptersOf, evenly, inlineStills, stillAfter } from './run-in-words.ts';

const page = 'content/docs/en/scenarios/code-to-cluster.mdx';
const source = readFileSync(page, 'utf8');
const [, before = '', fence = ''] =
  /^([\s\S]*?)```mermaid [^\n]*\n([\s\S]*?)```/.exec(source) ?? [];
const line = before.split('\n').length;

const folder = 'content/diagrams';
const drawings = readdirSync(folder)
  .filter((file) => file.endsWith('.svg'))
  .map((file) => [file, readFileSync(`${folder}/${file}`, 'utf8')] as const);
const [file = '', drawing = ''] =
  drawings.find(([, svg]) => svg.includes('>From code to cluster</title>')) ?? [];
const graph = JSON.parse(
  readFileSync(`${folder}/${file.replace('.svg', '.json')}`, 'utf8'),
) as Graph;

const written: WrittenFigure = {
  figure: 'code-to-cluster',
  scenario: 'delivery/code-to-cluster',
  fence,
  at: `${page}:${line}`,
  graph,
  locale: 'en',
};

describe('a run in words', () => {
  const { run, data } = runOfFigure(written);
  const { scenario } = data;
  const chapters = chaptersOf(run);

  test('has a chapter for each command, with a few telling sentences', () => {
    expect(chapters.map(({ command }) => command)).toEqual(scenario.steps.map((step) => step.run));
    for (const { captions, command } of chapters) {
      expect(captions.length, command).toBeLessThanOrEqual(6);
      expect(captions.join(' '), command).not.toMatch(/\{\w+\}|undefined/);
    }
    expect(chapters[0]?.captions.length).toBeGreaterThan(2);
  });

  test('has at most three stills, and they differ', () => {
    const ids = inlineStills(chapters, scenario.stills);
    expect(ids.length).toBeGreaterThan(0);
    expect(ids.length).toBeLessThanOrEqual(3);
    const stills = chapters
      .filter(({ id }) => ids.includes(id))
      .map((chapter) => stillAfter(run, drawing, chapter, chapter.command));
    expect(new Set(stills).size).toBe(ids.length);
    for (const still of stills) expect(still).toContain('state-lamp');
  });

  test('is lived once, however often a page asks', () => {
    expect(runOfFigure(written).run).toBe(run);
  });
});

describe('a build stops', () => {
  test('at a binding that names nobody, with file and line', () => {
    const lines = fence.split('\n');
    const at = lines.findIndex((text) => text.includes('bind node etcd'));
    const faulty = [...lines];
    faulty[at] = '  %% bind node etcd = nobody';
    expect(() => runOfFigure({ ...written, fence: faulty.join('\n') })).toThrow(
      `${page}:${line + at + 1} nobody is not in the cast`,
    );
  });

  test('at a scenario that does not exist', () => {
    expect(() => runOfFigure({ ...written, scenario: 'delivery/nothing' })).toThrow(
      /no scenario "delivery\/nothing"/,
    );
  });
});

test('evenly keeps the ends', () => {
  expect(evenly([1, 2, 3, 4, 5, 6, 7], 3)).toEqual([1, 4, 7]);
  expect(evenly([1, 2], 3)).toEqual([1, 2]);
  expect(evenly([1, 2, 3], 1)).toEqual([3]);
});
