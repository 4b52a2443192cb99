import { describe, expect, it } from 'vitest';
import { objectSubjects } from '../../src/diagram/projection/subjects.ts';
import { locales } from '../../src/i18n/locales.ts';
import { figureOn, isAStory, live } from './lived-scenario.ts';
import { namesOf, podsOf } from './pods-at.ts';

const ID = 'delivery/nexus';
const lived = live(ID);
const { playback, during, endOf } = lived;
const { records } = playback;
const last = records.length - 1;
const podsAt = (step: number) => podsOf(playback.worldAt(step));
const podAt = (step: number, name: string) =>
  playback.worldAt(step).cluster?.client.get('pods', 'default', name);
const claimsAt = (step: number) => [
  ...(playback.worldAt(step).cluster?.client.scan('persistentvolumeclaims', 'default') ?? []),
];
/** What the volume of a claim holds, read on its node. */
const storedAt = (step: number, claim: string) =>
  objectSubjects.stored?.(playback.worldAt(step), `${claim}:newest`).badge;
const indexOf = (actor: string, verb: string, kind: string) =>
  records.findIndex(
    (record) => record.actor === actor && record.verb === verb && record.object.startsWith(kind),
  );

describe('Nexus with its volume', () => {
  it('gets a volume only once the scheduler has chosen a node, and runs there', () => {
    const chosen = indexOf('scheduler', 'update', 'PersistentVolumeClaim');
    const made = indexOf('local-path-provisioner', 'create', 'PersistentVolume ');
    const bound = indexOf('scheduler', 'bind', 'Pod');
    expect(chosen).toBeGreaterThan(0);
    expect(made).toBeGreaterThan(chosen);
    expect(bound).toBeGreaterThan(made);
  });

  it('comes back under its name, on its node, with what it had stored', () => {
    const before = podAt(endOf('write'), 'nexus-0');
    const after = podAt(endOf('again'), 'nexus-0');
    expect(after?.metadata.uid).not.toBe(before?.metadata.uid);
    expect(after?.spec.nodeName).toBe(before?.spec.nodeName);
    // What is typed has happened when the next thing is.
    expect(storedAt(endOf('ready'), 'data-nexus-0')).toBeUndefined();
    expect(storedAt(endOf('write') + 1, 'data-nexus-0')).toBe('app-1.0');
    expect(storedAt(endOf('again'), 'data-nexus-0')).toBe('app-1.0');
  });

  it('is asked to end and given time: it is not killed', () => {
    const ended = during('delete').filter(({ verb }) => verb === 'exit');
    expect(ended.map(({ detail }) => detail?.exitCode)).toEqual([143]);
  });

  it('has a second one beside it that shares nothing with it', () => {
    expect(namesOf(podsAt(endOf('both')).ready).sort((a, b) => (a < b ? -1 : 1))).toEqual([
      'nexus-0',
      'nexus-1',
    ]);
    expect(storedAt(endOf('both'), 'data-nexus-1')).toBeUndefined();
    const volumes = claimsAt(endOf('both')).map(({ spec }) => spec.volumeName);
    expect(new Set(volumes).size).toBe(2);
  });

  it('goes from the highest ordinal, and leaves its claims and what they hold', () => {
    const deleted = during('none').filter(
      ({ actor, verb }) => actor === 'statefulset-controller' && verb === 'delete',
    );
    expect(deleted.map(({ object }) => object)).toEqual([
      'Pod default/nexus-1',
      'Pod default/nexus-0',
    ]);
    expect(podsAt(endOf('none')).all).toEqual([]);
    expect(claimsAt(endOf('none')).map(({ status }) => status.phase)).toEqual(['Bound', 'Bound']);
    expect(storedAt(endOf('none'), 'data-nexus-0')).toBe('app-1.0');
  });

  it('has it all again when it is back', () => {
    expect(namesOf(podsAt(last).ready)).toEqual(['nexus-0']);
    expect(storedAt(last, 'data-nexus-0')).toBe('app-1.0');
    expect(claimsAt(last)).toHaveLength(2);
  });

  it.each(locales)('is shown by its figure, all of it (%s)', (locale) => {
    const { figure, faults } = figureOn(locale, 'scenarios/nexus', 'nexus-keeps', lived);
    expect(faults).toEqual([]);
    const none = figure.viewAt(endOf('none')).nodes;
    expect(none.pod0).toMatchObject({ state: 'empty' });
    expect(none.claim0).toMatchObject({ state: 'running', badge: 'Bound' });
    expect(none.disk0).toMatchObject({ badge: 'app-1.0' });
    expect(figure.viewAt(endOf('both') + 1).nodes.set).toMatchObject({ badge: '2/2' });
    expect(figure.viewAt(last).nodes.pod0).toMatchObject({ state: 'running' });
    expect(figure.viewAt(last).nodes.set).toMatchObject({ state: 'running', badge: '1/1' });
  });

  isAStory(lived);
});
