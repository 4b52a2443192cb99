import { describe, expect, it } from 'vitest';
import type { TraceRecord } from '../../src/engine/sim/trace.ts';
import { locales } from '../../src/i18n/locales.ts';
import { figureOn, isAStory, live } from './lived-scenario.ts';

const ID = 'orchestration/crash-and-back-off';
const lived = live(ID);
const { playback, during, endOf, printed } = lived;
const { records } = playback;
const last = records.length - 1;
const all = (verb: string, reason: string): readonly TraceRecord[] =>
  records.filter((record) => record.verb === verb && record.reason === reason);
const waits = all('warn', 'BackOff');

describe('a container that ends at once', () => {
  it('is started again after 10 s, 20 s, 40 s … and at most 5 minutes', () => {
    const ends = during('loop').filter(({ verb }) => verb === 'exit');
    const starts = all('report', 'Started').slice(1, ends.length);
    const pauses = starts.map(({ timeMs }, i) => (timeMs - (ends[i]?.timeMs ?? 0)) / 1000);
    expect(pauses.map(Math.floor)).toEqual([0, 10, 20, 40, 80, 160, 300]);
    expect(ends.every(({ detail }) => detail?.exitCode === 1)).toBe(true);
    expect(waits).toHaveLength(ends.length - 1);
  });

  it('keeps the rollout from ending, which says so after ten minutes', () => {
    const stuck = all('observe', 'ProgressDeadlineExceeded');
    expect(stuck).toHaveLength(1);
    expect(during('loop')).toContain(stuck[0]);
  });

  it('says in its log what is wrong', () => {
    expect(printed('logs')).toContain('unknown directive "lissten"');
  });

  it('goes on waiting when the cause is mended', () => {
    const since = [...during('mend'), ...during('wait')];
    expect(since.some(({ verb }) => verb === 'refresh')).toBe(true);
    expect(since.filter(({ reason }) => reason === 'Started')).toEqual([]);
  });

  it('is replaced when its Pod is deleted, and the new Pod is ready at once', () => {
    const [deleted] = during('delete');
    const ready = records.find(({ verb }) => verb === 'ready');
    expect(ready?.timeMs).toBeLessThan((deleted?.timeMs ?? 0) + 5_000);
    expect(ready?.object).not.toBe(waits[0]?.object);
  });

  it.each(locales)('is shown by its figure, all of it (%s)', (locale) => {
    const page = 'orchestration/self-healing';
    const { figure, faults } = figureOn(locale, page, 'crash-and-back-off', lived);
    expect(faults).toEqual([]);
    const views = waits.map((wait) => figure.viewAt(records.indexOf(wait)).nodes.one);
    expect(views.map((view) => view?.state)).toEqual(waits.map(() => 'waiting'));
    expect(views.map((view) => (view?.wait?.wholeMs ?? 0) / 1000)).toEqual([
      10, 20, 40, 80, 160, 300, 300,
    ]);
    // The kubelet notices a second after the end, and the status tells the end to the second.
    for (const view of views) {
      const { wholeMs = 0, leftMs = 0 } = view?.wait ?? {};
      expect(wholeMs - leftMs).toBeGreaterThanOrEqual(1_000);
      expect(wholeMs - leftMs).toBeLessThan(2_000);
    }
    const waiting = figure.viewAt(endOf('wait')).nodes.one;
    expect(waiting?.wait?.leftMs).toBeLessThan(waiting?.wait?.wholeMs ?? 0);
    const { one, two } = figure.viewAt(last).nodes;
    expect(new Set([one?.state, two?.state])).toEqual(new Set(['empty', 'running']));
  });

  isAStory(lived);
});
