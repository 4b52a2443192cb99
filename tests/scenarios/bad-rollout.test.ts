import { describe, expect, it } from 'vitest';
import { locales } from '../../src/i18n/locales.ts';
import { figureOn, isAStory, live } from './lived-scenario.ts';
import { namesOf, podsOf, versionsOf } from './pods-at.ts';

const ID = 'orchestration/bad-rollout';
const lived = live(ID);
const { playback, during, endOf } = lived;
const { records } = playback;
const last = records.length - 1;
const podsAt = (step: number) => podsOf(playback.worldAt(step));
const failedAt = records.findIndex(({ reason }) => reason === 'ProgressDeadlineExceeded');
const undoneAt = records.findLastIndex(
  ({ actor, object }) => actor === 'kubectl' && object === 'Deployment default/web',
);

describe('a rollout to an image that does not exist', () => {
  it('stops at one new Pod, while the three old ones stay ready', () => {
    const old = namesOf(podsAt(-1).ready);
    expect(old).toHaveLength(3);
    for (let step = 0; step <= last; step++) expect(namesOf(podsAt(step).ready)).toEqual(old);
    expect(versionsOf(podsAt(endOf('update')).all).sort()).toEqual(['1.0', '1.0', '1.0', '1.2']);
  });

  it('tries the pull again at growing intervals', () => {
    const pulls = records.filter(({ verb }) => verb === 'pull').map(({ timeMs }) => timeMs);
    const waits = pulls.slice(1).map((timeMs, i) => Math.round((timeMs - pulls[i]!) / 1000));
    expect(waits).toEqual([10, 20, 40, 80, 160]);
  });

  it('is reported as failed after the deadline of ten minutes, and not before', () => {
    const startMs = during('update')[0]?.timeMs ?? Number.NaN;
    const waitedMs = (records[failedAt]?.timeMs ?? Number.NaN) - startMs;
    expect(waitedMs).toBeGreaterThanOrEqual(600_000);
    expect(waitedMs).toBeLessThan(602_000);
  });

  it('is not undone by the report, but by the command that follows it', () => {
    expect(undoneAt).toBeGreaterThan(failedAt);
    const between = records.slice(failedAt + 1, undoneAt);
    expect(between.filter(({ verb }) => verb === 'delete' || verb === 'create')).toEqual([]);
    expect(versionsOf(podsAt(undoneAt - 1).all)).toContain('1.2');
  });

  it('returns to the first template without starting a single Pod', () => {
    const after = records.slice(undoneAt);
    expect(after.some(({ reason }) => reason === 'SuccessfulCreate')).toBe(false);
    expect(after.filter(({ reason }) => reason === 'SuccessfulDelete')).toHaveLength(1);
    const world = playback.worldAt(last);
    expect(versionsOf(podsOf(world).all)).toEqual(['1.0', '1.0', '1.0']);
    const deployment = world.cluster?.client.get('deployments', 'default', 'web');
    expect(deployment?.metadata.annotations?.['deployment.kubernetes.io/revision']).toBe('3');
  });

  it.each(locales)('is shown by its figure, all of it (%s)', (locale) => {
    const page = 'orchestration/rolling-update-and-rollback';
    const { figure, faults } = figureOn(locale, page, 'bad-rollout', lived);
    expect(faults).toEqual([]);
    const stuck = Object.values(figure.viewAt(failedAt).nodes);
    expect(stuck.filter(({ state }) => state === 'waiting')).toMatchObject([{ badge: '1.2' }]);
    expect(figure.viewAt(failedAt).nodes.web).toMatchObject({ state: 'starting' });
    expect(figure.viewAt(last).nodes.web).toMatchObject({ state: 'running', badge: '3/3' });
  });

  isAStory(lived);
});
