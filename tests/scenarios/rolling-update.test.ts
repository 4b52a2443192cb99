import { describe, expect, it } from 'vitest';
import { locales } from '../../src/i18n/locales.ts';
import { figureOn, isAStory, live } from './lived-scenario.ts';
import { podsOf, versionsOf } from './pods-at.ts';

const ID = 'orchestration/rolling-update';
const lived = live(ID);
const { playback, during, endOf } = lived;
const { records } = playback;
const last = records.length - 1;
const podsAt = (step: number) => podsOf(playback.worldAt(step));
/** Pods that a request reached, in order, with the time. */
const reached = records.flatMap(({ timeMs, flow }) =>
  flow?.channel === 'request' && flow.to.startsWith('Pod ') ? [{ timeMs, pod: flow.to }] : [],
);
const timesOf = (verb: string, reason?: string) =>
  records.filter((one) => one.verb === verb && (!reason || one.reason === reason));

describe('a rolling update while requests arrive', () => {
  it('answers every request', () => {
    const { load } = playback.worldAt(last);
    expect(load.served).toBeGreaterThan(20);
    expect(load.failed).toBe(0);
  });

  it('keeps three Pods ready and never runs more than four', () => {
    const counts = records.map((_, step) => podsAt(step));
    expect(Math.min(...counts.map(({ ready }) => ready.length))).toBe(3);
    expect(Math.max(...counts.map(({ all }) => all.length))).toBe(4);
  });

  it('ends with the new version alone, and lets both serve in between', () => {
    expect(versionsOf(podsAt(endOf('load')).ready)).toEqual(Array(3).fill('1.0'));
    expect(versionsOf(podsAt(last).ready)).toEqual(Array(3).fill('1.1'));
    const sets = reached.map(({ pod }) => pod.replace(/-[^-]+$/, ''));
    expect(new Set(sets).size).toBe(2);
    expect(sets.lastIndexOf(sets[0] ?? '')).toBeGreaterThan(sets.indexOf(sets.at(-1) ?? ''));
  });

  it('takes a new Pod for available only after it has been ready for minReadySeconds', () => {
    const ready = timesOf('ready').map(({ timeMs }) => timeMs);
    const scaledDown = timesOf('report', 'ScalingReplicaSet').filter(({ message }) =>
      message?.startsWith('Scaled down'),
    );
    expect(ready).toHaveLength(3);
    expect(scaledDown).toHaveLength(3);
    scaledDown.forEach(({ timeMs }, i) => {
      // Conditions tell whole seconds, so up to one of the five is lost.
      expect(timeMs - (ready[i] ?? 0)).toBeGreaterThan(4000);
    });
  });

  it('sends nothing more to a Pod that waits before its stop signal', () => {
    const exits = timesOf('exit');
    expect(exits).toHaveLength(3);
    for (const { object, timeMs } of exits) {
      const told = records.find((one) => one.verb === 'delete' && one.object === object);
      const toldMs = told?.timeMs ?? Number.NaN;
      expect(timeMs - toldMs).toBeGreaterThan(5000);
      const latest = reached.findLast(({ pod }) => pod === object);
      expect(latest?.timeMs).toBeLessThan(toldMs + 1000);
    }
  });

  it('is set going by one command and goes on by itself', () => {
    const typed = records.filter(({ actor }) => actor === 'developer').map(({ object }) => object);
    expect(typed).toEqual(playback.chapters.map(({ command }) => command));
    expect(during('update').some(({ reason }) => reason === 'ScalingReplicaSet')).toBe(true);
  });

  it.each(locales)('is shown by its figure, all of it (%s)', (locale) => {
    const page = 'orchestration/rolling-update-and-rollback';
    const { figure, faults } = figureOn(locale, page, 'rolling-update', lived);
    expect(faults).toEqual([]);
    const { nodes } = figure.viewAt(last);
    const { served } = playback.worldAt(last).load;
    expect(nodes.client).toMatchObject({ state: 'running', badge: String(served) });
    expect(nodes.service).toMatchObject({ state: 'running', badge: '3' });
    expect(nodes.web).toMatchObject({ state: 'running', badge: '3/3' });
    const badges = Object.values(nodes).filter(({ object }) => object?.startsWith('Pod '));
    expect(badges.map(({ badge }) => badge)).toEqual(['1.1', '1.1', '1.1']);
  });

  isAStory(lived);
});
