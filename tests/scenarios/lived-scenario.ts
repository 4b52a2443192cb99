import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { readScenario } from '../../src/components/run/scenario-folder.ts';
import { parseBindings, type Binding, type BindingFault } from '../../src/diagram/bindings.ts';
import { captionOf, isStep } from '../../src/diagram/captions.ts';
import { nameOfFence } from '../../src/diagram/drawings.ts';
import type { Graph } from '../../src/diagram/graph.ts';
import { faultsOfFigure } from '../../src/diagram/projection/check.ts';
import { openFigure, type OpenFigure } from '../../src/diagram/projection/open-figure.ts';
import type { TraceRecord } from '../../src/engine/sim/trace.ts';
import { locales, type Locale } from '../../src/i18n/locales.ts';
import { goldenTrace } from '../../src/scenarios/golden-trace.ts';
import { play } from '../../src/scenarios/play.ts';
import type { Playback } from '../../src/scenarios/playback.ts';
import { parseScenario, type Scenario } from '../../src/scenarios/scenario.ts';

/** A scenario lived for a story test, and what a story asks of it. */
export interface LivedScenario {
  readonly scenario: Scenario;
  readonly playback: Playback;
  /** The records of one of its steps. */
  readonly during: (step: string) => readonly TraceRecord[];
  /** What one of its steps printed where it was typed, but for what came after the last record. */
  readonly printed: (step: string) => string;
  /** The last record of one of its steps. */
  readonly endOf: (step: string) => number;
  /** The committed golden trace as it would be written now. */
  readonly trace: string;
}

export function live(id: string): LivedScenario {
  const parsed = parseScenario(readScenario(id));
  if (!parsed.ok) throw new Error(JSON.stringify(parsed.faults));
  const { scenario } = parsed;
  const playback = play(scenario, isStep);
  const { records, chapters } = playback;
  const bounds = (step: string): readonly [number, number] => {
    const at = chapters.findIndex((chapter) => chapter.id === step);
    const chapter = chapters[at];
    if (!chapter) throw new Error(`${id} has no step ${step}`);
    return [chapter.firstStep, chapters[at + 1]?.firstStep ?? records.length];
  };
  const printed = (step: string): string => {
    const at = chapters.findIndex((chapter) => chapter.id === step);
    const [from = 0, until = Infinity] = chapters.slice(at).map(({ timeMs }) => timeMs);
    const { printed: texts } = playback.worldAt(records.length - 1).terminals.row(scenario.machine);
    return texts
      .toArray()
      .filter(({ timeMs }) => timeMs >= from && timeMs < until)
      .map(({ text }) => text)
      .join('');
  };
  return {
    scenario,
    playback,
    printed,
    during: (step) => records.slice(...bounds(step)),
    endOf: (step) => bounds(step)[1] - 1,
    trace: goldenTrace(playback),
  };
}

/** The golden trace of a scenario, from a test in this folder. */
const goldenOf = (id: string): string => `../../src/scenarios/${id}/golden.trace`;

/** A figure as a page has it, looking at a scenario; faults are what would stop a build. */
export function figureOn(
  locale: Locale,
  page: string,
  name: string,
  { scenario, playback }: LivedScenario,
): {
  readonly figure: OpenFigure;
  readonly bindings: readonly Binding[];
  readonly graph: Graph;
  readonly faults: readonly BindingFault[];
} {
  const text = readFileSync(`content/docs/${locale}/${page}.mdx`, 'utf8');
  const head = `\`\`\`mermaid figure=${name} run=${scenario.id}\n`;
  const start = text.indexOf(head);
  if (start < 0) throw new Error(`${locale}/${page} has no figure ${name} of ${scenario.id}`);
  const source = text.slice(start + head.length, text.indexOf('```', start + head.length));
  const drawing = `content/diagrams/${nameOfFence(name, source)}.json`;
  const graph = JSON.parse(readFileSync(drawing, 'utf8')) as Graph;
  const { bindings, faults } = parseBindings(source);
  const shown = faultsOfFigure(playback, bindings, graph, scenario.cast);
  const figure = openFigure(playback, bindings, graph, scenario.cast);
  return { figure, bindings, graph, faults: [...faults, ...shown] };
}

/** What every story holds, whatever it tells. Stands in the story's own test. */
export function isAStory(lived: LivedScenario): void {
  const { scenario, playback, trace } = lived;

  it('says every step in both languages', () => {
    expect(poorCaptions(lived)).toEqual([]);
  });

  it('is the same run every time', () => {
    const again = live(scenario.id);
    const last = playback.records.length - 1;
    expect(again.trace).toBe(trace);
    expect(again.playback.hashOf(last)).toBe(playback.hashOf(last));
  });

  it('leaves the trace that was reviewed', async () => {
    await expect(trace).toMatchFileSnapshot(goldenOf(scenario.id));
  });
}

/** Captions that say nothing, or not all. */
function poorCaptions({ playback }: LivedScenario): string[] {
  const captions = locales.flatMap((locale) =>
    playback.records.map((record) => captionOf(record, locale)),
  );
  return captions.filter((one) => one.length <= 8 || /[{}]|undefined|: *$/.test(one));
}
