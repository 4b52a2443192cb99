import { describe, expect, it } from 'vitest';
import type { Pod } from '../../src/engine/kubernetes/api/pod.ts';
import { HOUR, MINUTE } from '../../src/engine/sim/clock.ts';
import { locales } from '../../src/i18n/locales.ts';
import { figureOn, isAStory, live } from './lived-scenario.ts';
import { podsOf } from './pods-at.ts';

const ID = 'orchestration/hundred-at-midnight';
const lived = live(ID);
const { playback, during, endOf } = lived;
const last = playback.records.length - 1;
/** All that happened from the morning on, of which the figure shows one in ten. */
const first = playback.records[0]?.id ?? 0;
const records = [...playback.worldAt(last).kernel.trace.since(first)];
const podsAt = (step: number) => podsOf(playback.worldAt(step)).all;
const running = (pods: readonly Pod[]) => pods.filter(({ status }) => status.phase === 'Running');
const homeless = (pods: readonly Pod[]) => pods.filter(({ spec }) => spec.nodeName === undefined);
const jobs = records.filter(({ verb, object }) => verb === 'create' && object.startsWith('Job '));
const bound = playback.records.flatMap(({ verb }, step) => (verb === 'bind' ? [step] : []));
/** Half a minute past midnight: all that fit have been placed. */
const crowded = endOf('midnight') + 1;

describe('one hundred Pods at midnight', () => {
  it('are made at midnight in Seoul, which is 15:00 by the clocks of the cluster', () => {
    expect(jobs).toHaveLength(1);
    const lateMs = (jobs[0]?.timeMs ?? Number.NaN) - 15 * HOUR;
    expect(lateMs).toBeGreaterThanOrEqual(0);
    expect(lateMs).toBeLessThan(1000);
  });

  it('are there all at once, and run as far as their requests fit', () => {
    const pods = podsAt(crowded);
    expect(pods).toHaveLength(100);
    expect(running(pods)).toHaveLength(22);
    expect(homeless(pods)).toHaveLength(78);
    expect(new Set(running(pods).map(({ spec }) => spec.nodeName)).size).toBe(3);
  });

  it('never ask more of a node than it has', () => {
    const most = bound.map((step) => {
      const pods = podsAt(step).filter(({ status }) => status.phase !== 'Succeeded');
      const on = (node: string) => pods.filter(({ spec }) => spec.nodeName === node).length;
      return Math.max(...['node-1', 'node-2', 'node-3'].map(on));
    });
    expect(bound).toHaveLength(10);
    expect(records.filter(({ verb }) => verb === 'bind')).toHaveLength(100);
    // 2 CPUs hold eight quarters, and the system's own Pods leave at most as many.
    expect(Math.max(...most)).toBeLessThanOrEqual(8);
  });

  it('leave whoever types to be seen each time', () => {
    const typed = playback.records.filter(({ actor }) => actor === 'developer');
    expect(typed).toHaveLength(lived.scenario.steps.length);
  });

  it('take the places of those that end, until all have done their work', () => {
    const exits = records.filter(
      ({ verb, actor }) => verb === 'exit' && actor.startsWith('kubelet/'),
    );
    expect(exits).toHaveLength(100);
    expect(exits.every(({ detail }) => detail?.exitCode === 0)).toBe(true);
    const minutes = ((exits.at(-1)?.timeMs ?? 0) - 15 * HOUR) / MINUTE;
    expect(minutes).toBeGreaterThan(5);
    expect(minutes).toBeLessThan(6);
    expect(during('done').at(-1)?.reason).toBe('SawCompletedJob');
  });

  it.each(locales)('is shown by its figure, all of it (%s)', (locale) => {
    const page = 'scenarios/hundred-at-midnight';
    const { figure, faults } = figureOn(locale, page, 'hundred-at-midnight', lived);
    expect(faults).toEqual([]);
    const full = figure.viewAt(crowded).nodes;
    expect(full.cronjob).toMatchObject({ state: 'running', badge: '1' });
    expect(full.job).toMatchObject({ state: 'running', badge: '0/100' });
    expect(full.waiting).toMatchObject({ state: 'pending', badge: '78' });
    const end = figure.viewAt(last).nodes;
    expect(end.job).toMatchObject({ state: 'succeeded', badge: '100/100' });
    expect(end.cronjob).toMatchObject({ state: 'pending', badge: '0' });
    expect(end.n1p).toMatchObject({ badge: '0' });
  });

  isAStory(lived);
});
