import { describe, expect, it } from 'vitest';
import { valueInPod } from '../../src/diagram/projection/pod-contents.ts';
import { locales } from '../../src/i18n/locales.ts';
import { figureOn, isAStory, live } from './lived-scenario.ts';
import { namesOf, podsOf } from './pods-at.ts';

const ID = 'orchestration/config-and-secret';
const lived = live(ID);
const { playback, during, endOf } = lived;
const { records } = playback;
const last = records.length - 1;

/** What a variable or a file holds in each Pod that is ready. */
function valuesAt(step: number, what: Readonly<Record<string, string>>): (string | undefined)[] {
  const world = playback.worldAt(step);
  return namesOf(podsOf(world).ready).map((pod) => valueInPod(world, pod, what).badge);
}

const VARIABLE = { name: 'GREETING' };
const FILE = { path: '/etc/settings/greeting' };
const SECRET_FILE = { path: '/etc/database/password' };
const refreshes = during('change').filter(({ verb }) => verb === 'refresh');

describe('a ConfigMap and a Secret that change', () => {
  it('are in variable and files from the start', () => {
    expect(valuesAt(-1, VARIABLE)).toEqual(['hello', 'hello']);
    expect(valuesAt(-1, FILE)).toEqual(['hello', 'hello']);
    expect(valuesAt(-1, SECRET_FILE)).toEqual(['blue', 'blue']);
  });

  it('change nothing in a Pod at once', () => {
    const told = records.findIndex(
      ({ verb, object }) => verb === 'patch' && object.includes('Secret'),
    );
    expect(valuesAt(told, FILE)).toEqual(['hello', 'hello']);
  });

  it('reach the files of each Pod within a minute, and not all at one time', () => {
    const typedMs = during('change')[0]?.timeMs ?? Number.NaN;
    for (const { timeMs } of refreshes) expect(timeMs - typedMs).toBeLessThan(62_000);
    expect(new Set(refreshes.map(({ object }) => object)).size).toBe(2);
    const first = records.indexOf(refreshes[0]!);
    expect(new Set(valuesAt(first, FILE))).toEqual(new Set(['hello', 'welcome']));
    expect(valuesAt(endOf('change'), FILE)).toEqual(['welcome', 'welcome']);
    expect(valuesAt(endOf('change'), SECRET_FILE)).toEqual(['green', 'green']);
  });

  it('do not reach the variable of a process that runs, and restart nothing', () => {
    expect(valuesAt(endOf('files'), VARIABLE)).toEqual(['hello', 'hello']);
    const { ready } = podsOf(playback.worldAt(endOf('files')));
    expect(namesOf(ready)).toEqual(namesOf(podsOf(playback.worldAt(-1)).ready));
    expect(ready.map(({ status }) => status.containerStatuses?.[0]?.restartCount)).toEqual([0, 0]);
  });

  it('are in variable and files of the Pods that a restart of the rollout brings', () => {
    const before = namesOf(podsOf(playback.worldAt(-1)).all);
    const after = namesOf(podsOf(playback.worldAt(last)).all);
    expect(after.filter((name) => before.includes(name))).toEqual([]);
    expect(valuesAt(last, VARIABLE)).toEqual(['welcome', 'welcome']);
    expect(valuesAt(last, FILE)).toEqual(['welcome', 'welcome']);
  });

  it.each(locales)('is shown by its figure, all of it (%s)', (locale) => {
    const page = 'orchestration/config-and-secrets';
    const { figure, faults } = figureOn(locale, page, 'config-reaches-pods', lived);
    expect(faults).toEqual([]);
    const { nodes } = figure.viewAt(endOf('files'));
    expect(nodes.settings).toMatchObject({ badge: 'welcome' });
    expect(nodes.database).toMatchObject({ badge: 'Z3JlZW4=' });
    expect(nodes.e1).toMatchObject({ badge: 'hello', object: nodes.p1?.object });
    expect(nodes.f1).toMatchObject({ badge: 'welcome', object: nodes.p1?.object });
    expect(nodes.s2).toMatchObject({ badge: 'green', object: nodes.p2?.object });
    expect(nodes.p3).toEqual({ state: 'empty' });
  });

  isAStory(lived);
});
