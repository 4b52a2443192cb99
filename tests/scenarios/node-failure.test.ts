import { describe, expect, it } from 'vitest';
import { present } from '../../src/diagram/presentation.ts';
import { locales } from '../../src/i18n/locales.ts';
import { figureOn, isAStory, live } from './lived-scenario.ts';
import { namesOf, podsOf } from './pods-at.ts';

const ID = 'orchestration/node-failure';
const lived = live(ID);
const { playback, during, endOf } = lived;
const { records } = playback;
const last = records.length - 1;
const podsAt = (step: number) => podsOf(playback.worldAt(step));
const at = (actor: string, reason: string) =>
  records.find((record) => record.actor === actor && record.reason === reason)?.timeMs ?? NaN;
const downMs = during('down')[0]?.timeMs ?? NaN;
const lostMs = at('node-lifecycle-controller', 'NodeNotReady');
const evictedMs = at('taint-eviction-controller', 'TaintManagerEviction');

describe('a node that loses its power', () => {
  it('counts as lost 50 seconds after its last heartbeat, which is at most ten old', () => {
    expect(lostMs - downMs).toBeGreaterThan(40_000);
    expect(lostMs - downMs).toBeLessThan(56_000);
  });

  it('keeps its Pod on the list for 300 seconds more', () => {
    expect(Math.round((evictedMs - lostMs) / 1000)).toBe(300);
    const before = podsAt(endOf('lost'));
    expect(before.all).toHaveLength(3);
    expect(before.ready).toHaveLength(2);
  });

  it('is replaced in its work by another Pod on another node, under a new name', () => {
    const before = podsAt(-1);
    const after = podsAt(endOf('replaced'));
    expect(after.ready).toHaveLength(3);
    const fresh = after.ready.filter((pod) => !namesOf(before.all).includes(pod.metadata.name));
    expect(fresh).toHaveLength(1);
    expect(fresh[0]?.spec.nodeName).not.toBe('node-1');
  });

  it('leaves a Pod that nobody can end until it is back', () => {
    const old = podsAt(-1).all.find(({ spec }) => spec.nodeName === 'node-1')?.metadata.name ?? '';
    const podOf = (step: number) =>
      playback.worldAt(step).cluster?.client.get('pods', 'default', old);
    expect(podOf(endOf('replaced'))?.metadata.deletionTimestamp).toBeDefined();
    expect(podOf(last)).toBeUndefined();
    const gone = during('back').find(
      ({ actor, verb }) => actor === 'kubelet/node-1' && verb === 'delete',
    );
    expect(gone?.object).toBe(`Pod default/${old}`);
  });

  it('gets nothing back when it returns', () => {
    expect(namesOf(podsAt(last).ready)).toEqual(namesOf(podsAt(endOf('replaced')).ready));
  });

  it('is shown in a minute, since the waiting is skipped', () => {
    const steps = records.map(({ timeMs }) => ({ timeMs, durationMs: 0 }));
    const { steps: placed, lengthMs } = present(steps, 1);
    expect((records[last]?.timeMs ?? 0) - downMs).toBeGreaterThan(350_000);
    expect(lengthMs).toBeLessThan(60_000);
    const long = placed.filter(({ skippedMs }) => skippedMs > 30_000);
    expect(long.map(({ skippedMs }) => Math.round(skippedMs / 10_000))).toEqual([4, 30]);
  });

  it.each(locales)('is shown by its figure, all of it (%s)', (locale) => {
    const { figure, faults } = figureOn(locale, 'orchestration/self-healing', 'node-loss', lived);
    expect(faults).toEqual([]);
    const silent = figure.viewAt(endOf('lost')).nodes;
    expect(silent.node1).toMatchObject({ state: 'unknown' });
    expect(silent.n1a).toMatchObject({ state: 'unknown' });
    expect(silent.app).toMatchObject({ state: 'starting', badge: '2/3' });
    const replaced = figure.viewAt(endOf('replaced')).nodes;
    expect(replaced.n1a).toMatchObject({ state: 'terminating' });
    const end = figure.viewAt(last).nodes;
    expect(end.node1).toMatchObject({ state: 'running' });
    expect(end.n1a).toMatchObject({ state: 'empty' });
    expect(end.app).toMatchObject({ state: 'running', badge: '3/3' });
  });

  isAStory(lived);
});
