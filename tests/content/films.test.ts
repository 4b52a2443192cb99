import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { readScenario } from '../../src/components/run/scenario-folder.ts';
import { parseBindings } from '../../src/diagram/bindings.ts';
import { nameOfFence } from '../../src/diagram/drawings.ts';
import type { Graph } from '../../src/diagram/graph.ts';
import { parseScenario } from '../../src/scenarios/scenario.ts';
import { viewAt } from '../../src/islands/player/film-view.ts';
import { engineOver } from '../../src/islands/engine-room/connect.ts';
import { makeWire } from '../../src/islands/engine-room/here-wire.ts';
import { openRun } from '../../src/islands/engine-room/open-run.ts';
import type { Film, RunData } from '../../src/islands/engine-room/run-messages.ts';

/** The figure of a page, as the page carries it. */
function dataOf(locale: 'ko' | 'en'): RunData {
  const page = readFileSync(`content/docs/${locale}/orchestration/declarative-model.mdx`, 'utf8');
  const [, figure = '', run = '', fence = ''] =
    /```mermaid figure=(\S+) run=(\S+)\n([\s\S]*?)```/.exec(page) ?? [];
  const drawing = `content/diagrams/${nameOfFence(figure, fence)}.json`;
  const graph = JSON.parse(readFileSync(drawing, 'utf8')) as Graph;
  const { bindings } = parseBindings(fence);
  const parsed = parseScenario(readScenario(run));
  if (!parsed.ok) throw new Error(JSON.stringify(parsed.faults));
  return { figure, locale, scenario: parsed.scenario, bindings, graph };
}

const data = dataOf('ko');
const engine = engineOver(makeWire());
const film = await filmOf('one', data);
const run = openRun(data);

async function filmOf(name: string, of: RunData): Promise<Film> {
  await engine.ask('run/open', { run: name, data: of });
  return engine.ask('run/film', { run: name });
}

describe('the film of a run', () => {
  it('shows at every step what the run itself shows there', () => {
    expect(film.steps.length).toBe(run.playback.records.length);
    expect(film.steps.length).toBeGreaterThan(20);
    for (const [step, shown] of film.steps.entries()) {
      expect(viewAt(film, step)).toEqual(run.figure.viewAt(step));
      expect(shown.journey).toEqual(run.figure.journeyOf(step));
      expect(shown.moment).toEqual(run.playback.momentOf(step));
      expect(shown.caption).toBe(run.captionOf(run.playback.records[step]!));
    }
  });

  it('holds of each node only what changed', () => {
    for (const changes of Object.values(film.nodes)) {
      for (const [i, [step, view]] of changes.entries()) {
        expect(step).toBeGreaterThan(changes[i - 1]?.[0] ?? -1);
        expect(view).not.toEqual(changes[i - 1]?.[1]);
      }
    }
  });

  it('speaks the language of its page', async () => {
    const english = await filmOf('two', dataOf('en'));
    expect(film.steps[0]?.caption).toMatch(/[가-힣]/);
    expect(english.steps[0]?.caption).not.toMatch(/[가-힣]/);
    expect(english.steps.map(({ moment }) => moment)).toEqual(film.steps.map((s) => s.moment));
  });
});

describe('an open run', () => {
  it('has the hash that the run has anywhere', async () => {
    for (const step of [-1, 0, film.steps.length - 1]) {
      expect(await engine.ask('run/hash', { run: 'one', step })).toBe(run.playback.hashOf(step));
    }
  });

  it('answers others while a run is lived, and tells how far it is', async () => {
    const told: number[] = [];
    const stop = engine.hear('three', ({ body }) => told.push((body as { events: number }).events));
    let isOpen = false;
    const opening = engine.ask('run/open', { run: 'three', data }).then(() => (isOpen = true));
    await engine.ask('run/hash', { run: 'one', step: 0 });
    expect(isOpen).toBe(false);
    await opening;
    stop();
    expect(told.length).toBeGreaterThan(0);
    expect(told).toEqual([...told].sort((a, b) => a - b));
  });

  it('is no more once it is closed', async () => {
    await engine.ask('run/open', { run: 'four', data });
    await engine.ask('run/close', { run: 'four' });
    await expect(engine.ask('run/hash', { run: 'four', step: 0 })).rejects.toThrow(/no run four/);
  });
});
