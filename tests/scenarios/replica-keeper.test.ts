import { describe, expect, it } from 'vitest';
import { inspect } from '../../src/diagram/inspect.ts';
import { locales } from '../../src/i18n/locales.ts';
import { figureOn, isAStory, live } from './lived-scenario.ts';
import { namesOf, podsOf } from './pods-at.ts';

const ID = 'orchestration/replica-keeper';
const lived = live(ID);
const { playback, during, endOf } = lived;
const last = playback.records.length - 1;
const podsAt = (step: number) => podsOf(playback.worldAt(step));
const readyAfter = (step: string) => namesOf(podsAt(endOf(step)).ready);

describe('the keeper of replicas', () => {
  it('finds three Pods that run before anything is typed', () => {
    expect(podsAt(-1).ready).toHaveLength(3);
    expect(playback.records[0]).toMatchObject({ actor: 'developer', verb: 'run' });
  });

  it('replaces the Pod that was deleted by one of another name, and keeps the others', () => {
    const before = namesOf(podsAt(-1).ready);
    const after = readyAfter('one');
    expect(after).toHaveLength(3);
    expect(after.filter((name) => before.includes(name))).toHaveLength(2);
  });

  it('does not wait until the deleted Pod is gone', () => {
    const records = during('one');
    const created = records.findIndex(({ reason }) => reason === 'SuccessfulCreate');
    const ended = records.findIndex(
      ({ actor, verb }) => actor.startsWith('kubelet') && verb === 'exit',
    );
    expect(created).toBeGreaterThan(0);
    expect(ended).toBeGreaterThan(created);
  });

  it('replaces all three when all three are deleted', () => {
    const before = readyAfter('one');
    const after = readyAfter('all');
    expect(after).toHaveLength(3);
    expect(after.filter((name) => before.includes(name))).toEqual([]);
    const made = during('all').filter(({ reason }) => reason === 'SuccessfulCreate');
    expect(made.map(({ actor }) => actor)).toEqual(Array(3).fill('replicaset-controller'));
  });

  it('ends when its owner is deleted: everything goes, nothing comes', () => {
    const verbs = during('owner').map(({ actor, verb }) => `${actor} ${verb}`);
    expect(verbs).not.toContain('replicaset-controller create');
    expect(verbs.filter((verb) => verb === 'garbage-collector delete')).toHaveLength(4);
    const { client } = playback.worldAt(last).cluster ?? {};
    expect([...(client?.scan('pods', 'default') ?? [])]).toEqual([]);
    expect([...(client?.scan('replicasets', 'default') ?? [])]).toEqual([]);
  });

  it('can tell of a new Pod that a deletion made it', () => {
    const world = playback.worldAt(endOf('all'));
    const [pod] = podsOf(world).ready;
    const { why } = inspect(world, `Pod default/${pod?.metadata.name}`, 'en');
    expect(why[0]).toMatchObject({ actor: 'developer', object: 'kubectl delete pod -l app=web' });
  });

  it.each(locales)('is shown by its figure, all of it (%s)', (locale) => {
    const page = 'orchestration/declarative-model';
    const { figure, faults } = figureOn(locale, page, 'replica-keeper', lived);
    expect(faults).toEqual([]);
    expect(figure.viewAt(-1).nodes.web).toMatchObject({ state: 'running', badge: '3/3' });
    expect(figure.viewAt(last).nodes.web).toMatchObject({ state: 'empty' });
    const seen = playback.records.map((_, step) =>
      Object.values(figure.viewAt(step).nodes).flatMap(({ object, state }) =>
        object?.startsWith('Pod ') ? [state] : [],
      ),
    );
    const most = Math.max(...seen.map((pods) => pods.length));
    expect(most).toBe(6);
    expect(new Set(seen.flat())).toEqual(new Set(['running', 'terminating', 'starting']));
  });

  isAStory(lived);
});
