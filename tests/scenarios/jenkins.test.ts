import { describe, expect, it } from 'vitest';
import { objectSubjects } from '../../src/diagram/projection/subjects.ts';
import { locales } from '../../src/i18n/locales.ts';
import { figureOn, isAStory, live } from './lived-scenario.ts';
import { podsOf } from './pods-at.ts';

const ID = 'delivery/jenkins';
const lived = live(ID);
const { playback, during, endOf } = lived;
const { records } = playback;
const last = records.length - 1;
const CONTROLLER = 'Pod default/jenkins-0';

const agentsAt = (step: number) =>
  podsOf(playback.worldAt(step)).all.filter(({ metadata }) => metadata.labels?.jenkins === 'slave');
const podAt = (step: number, name: string) =>
  playback.worldAt(step).cluster?.client.get('pods', 'default', name);
/** What Jenkins wrote down as the number of its next build, read in its volume. */
const nextBuildAt = (step: number) =>
  objectSubjects.stored?.(playback.worldAt(step), 'home-jenkins-0:jobs/app/nextBuildNumber').badge;
/** Agents that the controller asked for, in a part of the records. */
const asked = (part: typeof records) =>
  part.filter(
    ({ verb, object, flow }) =>
      verb === 'request' && object.includes('POST') && flow?.from === CONTROLLER,
  );

describe('Jenkins and its agents', () => {
  it('asks for an agent for each build, and has three at most', () => {
    expect(agentsAt(-1)).toEqual([]);
    expect(asked(during('push'))).toHaveLength(5);
    const counts = records.map((_, step) => agentsAt(step).length);
    expect(Math.max(...counts)).toBe(3);
  });

  it('gives the fourth build an agent only when another has gone', () => {
    const part = during('push');
    const [, , , fourth] = asked(part).map((record) => part.indexOf(record));
    const gone = part.findIndex(
      ({ actor, verb }) => actor.startsWith('kubelet/') && verb === 'delete',
    );
    expect(gone).toBeGreaterThan(0);
    expect(fourth).toBeGreaterThan(gone);
  });

  it('has no agent left when nothing is to be built', () => {
    expect(agentsAt(endOf('built'))).toEqual([]);
    expect(agentsAt(last)).toEqual([]);
  });

  it('loses its controller and finds its agent again, which has gone on', () => {
    const [agent] = agentsAt(endOf('lost'));
    const name = agent?.metadata.name ?? '';
    expect(podAt(endOf('again'), name)?.metadata.uid).toBe(agent?.metadata.uid);
    expect(podAt(last, 'jenkins-0')?.metadata.uid).not.toBe(
      podAt(endOf('again'), 'jenkins-0')?.metadata.uid,
    );
    const ended = during('back').find(
      ({ verb, object, flow }) =>
        verb === 'request' && object.includes('DELETE') && flow?.from === CONTROLLER,
    );
    expect(ended?.object).toContain(name);
  });

  it('knows in its volume which build is next, whoever runs it', () => {
    expect(nextBuildAt(-1)).toBe('1');
    expect(nextBuildAt(endOf('built'))).toBe('6');
    expect(nextBuildAt(endOf('lost'))).toBe('7');
    expect(nextBuildAt(last)).toBe('7');
  });

  it.each(locales)('is shown by its figure, all of it (%s)', (locale) => {
    const { figure, faults } = figureOn(locale, 'scenarios/jenkins', 'jenkins-agents', lived);
    expect(faults).toEqual([]);
    const { nodes } = figure.viewAt(endOf('lost'));
    expect(nodes.pod).toMatchObject({ state: 'starting', object: CONTROLLER });
    expect(nodes.home).toMatchObject({ badge: '7' });
    expect([nodes.a1, nodes.a2, nodes.a3].map((view) => view?.state)).toEqual([
      'running',
      'empty',
      'empty',
    ]);
    expect(figure.viewAt(last).nodes.pod).toMatchObject({ state: 'running' });
  });

  isAStory(lived);
});
