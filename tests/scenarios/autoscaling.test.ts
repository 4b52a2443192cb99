import { describe, expect, it } from 'vitest';
import { locales } from '../../src/i18n/locales.ts';
import { figureOn, isAStory, live } from './lived-scenario.ts';
import { podsOf } from './pods-at.ts';

const ID = 'orchestration/autoscaling';
const lived = live(ID);
const { playback, during, endOf } = lived;
const { records } = playback;
const last = records.length - 1;
const podsAt = (step: number) => podsOf(playback.worldAt(step));
const rescales = (part: typeof records) =>
  part.filter(({ reason }) => reason === 'SuccessfulRescale');
const sizesOf = (part: typeof records) =>
  rescales(part).map(({ message }) => Number(/^New size: (\d+)/.exec(message ?? '')?.[1]));

describe('an autoscaler under load', () => {
  it('has one Pod for as long as nobody asks', () => {
    expect(podsAt(-1).ready).toHaveLength(1);
  });

  it('grows to four at most in its first look, and to its limit in the next, 15 seconds later', () => {
    expect(sizesOf(during('spike'))).toEqual([4, 6]);
    const [first, second] = rescales(during('spike'));
    expect((second?.timeMs ?? 0) - (first?.timeMs ?? 0)).toBe(15_000);
    expect(first?.message).toMatch(/above target$/);
    expect(podsAt(endOf('grown')).ready).toHaveLength(6);
  });

  it('leaves everything to one Pod until the first of the new ones is ready', () => {
    const part = during('spike');
    const readyAt = part.findIndex(({ verb }) => verb === 'ready');
    const reached = part
      .slice(0, readyAt)
      .flatMap(({ verb, flow }) => (verb === 'request' && flow ? [flow.to] : []))
      .filter((name) => name.startsWith('Pod '));
    expect(new Set(reached).size).toBe(1);
    expect(part[readyAt]?.timeMs).toBeGreaterThan((part[0]?.timeMs ?? 0) + 10_000);
  });

  it('waits five minutes after the last high recommendation before it shrinks to its least', () => {
    const stoppedMs = during('quiet')[0]?.timeMs ?? Number.NaN;
    const shrinks = rescales(records.slice(endOf('grown') + 1));
    expect(sizesOf(shrinks).at(-1)).toBe(1);
    for (const { timeMs, message } of shrinks) {
      expect(timeMs - stoppedMs).toBeGreaterThan(300_000);
      expect(timeMs - stoppedMs).toBeLessThan(345_000);
      expect(message).toMatch(/All metrics below target$/);
    }
    expect(podsAt(last).all).toHaveLength(1);
  });

  it.each(locales)('is shown by its figure, all of it (%s)', (locale) => {
    const { figure, faults } = figureOn(locale, 'scenarios/traffic-spike', 'autoscaling', lived);
    expect(faults).toEqual([]);
    const grown = figure.viewAt(endOf('grown')).nodes;
    expect(grown.deployment).toMatchObject({ state: 'running', badge: '6/6' });
    expect(grown.hpa?.badge).toMatch(/^\d+% \/ 50%$/);
    expect(figure.viewAt(-1).nodes.hpa).toMatchObject({ state: 'running', badge: '0% / 50%' });
    expect(figure.viewAt(last).nodes.deployment).toMatchObject({ badge: '1/1' });
    expect(figure.viewAt(last).nodes.hpa).toMatchObject({ state: 'running', badge: '0% / 50%' });
  });

  isAStory(lived);
});
