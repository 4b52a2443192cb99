import { describe, expect, it } from 'vitest';
import { locales } from '../../src/i18n/locales.ts';
import { figureOn, isAStory, live } from './lived-scenario.ts';
import { namesOf, podsOf } from './pods-at.ts';

const ID = 'orchestration/service-and-dns';
const lived = live(ID);
const { playback, during, endOf } = lived;
const { records } = playback;
const last = records.length - 1;
const podsAt = (step: number) => podsOf(playback.worldAt(step));
const loadAt = (step: number) => playback.worldAt(step).load;
const addressAt = (step: number) =>
  playback.worldAt(step).cluster?.client.get('services', 'default', 'web')?.spec.clusterIP;

/** The Pods that requests were sent to, in a part of the records. */
const reached = (part: typeof records) =>
  part.flatMap(({ verb, flow }) =>
    verb === 'request' && flow?.to.startsWith('Pod ') ? [flow.to.slice('Pod default/'.length)] : [],
  );

describe('a Service and its name', () => {
  it('has an address before it has a Pod, and refuses whoever comes', () => {
    expect(addressAt(-1)).toMatch(/^10\.96\./);
    expect(podsAt(endOf('early')).all).toEqual([]);
    expect(loadAt(endOf('early'))).toMatchObject({ served: 0 });
    expect(loadAt(endOf('early')).failed).toBeGreaterThan(1);
    expect(during('early').findLast(({ verb }) => verb === 'failed')?.reason).toBe('refused');
  });

  it('sends to a Pod only once it is ready and listed', () => {
    const fresh = [...during('grow'), ...during('ready')];
    for (const pod of new Set(reached(fresh))) {
      const readyAt = fresh.findIndex(
        ({ verb, object }) => verb === 'ready' && object === `Pod default/${pod}`,
      );
      const firstAt = fresh.findIndex(({ flow }) => flow?.to === `Pod default/${pod}`);
      expect(readyAt).toBeGreaterThanOrEqual(0);
      expect(firstAt).toBeGreaterThan(readyAt);
    }
    expect(new Set(reached(records)).size).toBe(3);
    expect(loadAt(last).failed).toBe(loadAt(endOf('early')).failed);
  });

  it('takes a Pod that hangs off its list after three failed probes, and sends it nothing', () => {
    const part = during('hang');
    const hung = part.find(({ verb }) => verb === 'fault')?.object.slice('Pod default/'.length);
    const delistedAt = part.findIndex(
      ({ actor, verb }) => actor === 'endpointslice-controller' && verb === 'update',
    );
    const warnings = part.slice(0, delistedAt).filter(({ reason }) => reason === 'Unhealthy');
    expect(warnings).toHaveLength(3);
    expect(reached(part.slice(0, delistedAt))).toContain(hung);
    expect(reached(part.slice(delistedAt))).not.toContain(hung);
    expect(namesOf(podsAt(endOf('hang')).ready)).toHaveLength(2);
    expect(namesOf(podsAt(endOf('hang')).all)).toContain(hung);
  });

  it('lists it again when it has mended, and keeps its address all along', () => {
    expect(podsAt(last).ready).toHaveLength(3);
    const pods = namesOf(podsAt(endOf('ready')).all);
    expect(namesOf(podsAt(last).all)).toEqual(pods);
    expect(addressAt(last)).toBe(addressAt(-1));
  });

  it.each(locales)('is shown by its figure, all of it (%s)', (locale) => {
    const page = 'orchestration/services-and-discovery';
    const { figure, faults } = figureOn(locale, page, 'service-and-name', lived);
    expect(faults).toEqual([]);
    const early = figure.viewAt(endOf('early')).nodes;
    expect(early.service).toMatchObject({ state: 'starting', badge: '0' });
    expect(early.name).toMatchObject({ state: 'running', badge: addressAt(-1) });
    expect(early.client).toMatchObject({ state: 'failed' });
    expect(figure.viewAt(endOf('hang')).nodes.service).toMatchObject({ badge: '2' });
    expect(figure.viewAt(last).nodes.service).toMatchObject({ state: 'running', badge: '3' });
  });

  isAStory(lived);
});
