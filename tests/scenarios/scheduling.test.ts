import { describe, expect, it } from 'vitest';
import { locales } from '../../src/i18n/locales.ts';
import { figureOn, isAStory, live } from './lived-scenario.ts';
import { namesOf, podsOf } from './pods-at.ts';

const ID = 'orchestration/scheduling';
const lived = live(ID);
const { playback, during, endOf } = lived;
const { records } = playback;
const last = records.length - 1;
const podsAt = (step: number) => podsOf(playback.worldAt(step));
const homeless = (step: number) =>
  namesOf(podsAt(step).all.filter(({ spec }) => spec.nodeName === undefined));
const refusals = during('more').filter(({ reason }) => reason === 'FailedScheduling');

/** Which plugin kept a Pod from each node, as the scheduler noted it. */
function verdictsOf(record: (typeof records)[number] | undefined): Record<string, unknown> {
  const verdicts = record?.detail?.verdicts as { node: string; rejectedBy?: string }[];
  return Object.fromEntries(verdicts.map(({ node, rejectedBy }) => [node, rejectedBy]));
}

describe('Pods that fill the nodes', () => {
  it('takes every place there is: two Pods of 800m on each node of two CPUs', () => {
    const { ready } = podsAt(endOf('fill'));
    const on = (node: string) => ready.filter(({ spec }) => spec.nodeName === node).length;
    expect(['node-1', 'node-2', 'node-3'].map(on)).toEqual([2, 2, 2]);
    expect(homeless(endOf('fill'))).toEqual([]);
  });

  it('leaves one more waiting, and says of each of the four nodes why', () => {
    expect(homeless(endOf('more'))).toHaveLength(1);
    expect(refusals[0]?.message).toMatch(
      /^0\/4 nodes are available: 1 node\(s\) had untolerated taint\(s\), 3 Insufficient cpu\./,
    );
    const byResources = 'NodeResourcesFit';
    expect(verdictsOf(refusals[0])).toEqual({
      'control-1': 'TaintToleration',
      ...{ 'node-1': byResources, 'node-2': byResources, 'node-3': byResources },
    });
  });

  it('does not try again while nothing changes that could help', () => {
    expect(refusals).toHaveLength(1);
  });

  it('binds the Pod that waited as soon as another has gone, and to that node', () => {
    const [waiting] = homeless(endOf('more'));
    const report = podsAt(endOf('more')).all.find(({ metadata }) => metadata.name === 'report');
    const gone = during('free').findIndex(
      ({ actor, verb }) => actor.startsWith('kubelet/') && verb === 'delete',
    );
    const bound = during('free').findIndex(({ verb }) => verb === 'bind');
    expect(gone).toBeGreaterThan(0);
    expect(bound).toBeGreaterThan(gone);
    expect(during('free')[bound]?.object).toBe(`Pod default/${waiting}`);
    const after = podsAt(last).ready.find(({ metadata }) => metadata.name === waiting);
    expect(after?.spec.nodeName).toBe(report?.spec.nodeName);
    expect(homeless(last)).toEqual([]);
  });

  it.each(locales)('is shown by its figure, all of it (%s)', (locale) => {
    const page = 'orchestration/scheduling-and-resources';
    const { figure, faults } = figureOn(locale, page, 'scheduling-room', lived);
    expect(faults).toEqual([]);
    const full = figure.viewAt(endOf('more')).nodes;
    expect(full.waiting).toMatchObject({ state: 'pending' });
    expect(full.deployment).toMatchObject({ badge: '5/6' });
    const rooms = [full.n1r, full.n2r, full.n3r].map((view) => parseInt(view?.badge ?? ''));
    expect(Math.max(...rooms)).toBeLessThan(800);
    const end = figure.viewAt(last).nodes;
    expect(end.waiting).toEqual({ state: 'empty' });
    expect(end.deployment).toMatchObject({ state: 'running', badge: '6/6' });
  });

  isAStory(lived);
});
