import { describe, expect, it } from 'vitest';
import type { TraceRecord } from '../../src/engine/sim/trace.ts';
import { locales } from '../../src/i18n/locales.ts';
import { figureOn, isAStory, live } from './lived-scenario.ts';

const ID = 'containers/networks-and-names';
const lived = live(ID);
const { playback, during, endOf, printed } = lived;
const find = (step: string, verb: string): TraceRecord | undefined =>
  during(step).find((record) => record.verb === verb);

describe('a container that asks another one', () => {
  it('finds no name on the default bridge', () => {
    expect(find('name', 'lookup')).toMatchObject({ detail: { found: false } });
    expect(find('name', 'lookup')?.flow).toBeUndefined();
    expect(find('name', 'request')).toBeUndefined();
    expect(printed('name')).toContain('Could not resolve host: api');
  });

  it('reaches it there by its address', () => {
    expect(during('address').some(({ verb }) => verb === 'lookup')).toBe(false);
    expect(find('address', 'request')).toMatchObject({
      flow: { from: 'container web', to: 'container api' },
      detail: { ip: '172.17.0.2' },
    });
    expect(find('address', 'answer')?.detail?.status).toBe(200);
  });

  it('finds the name on a network that somebody made, and another address', () => {
    const [question, answer, request] = ['lookup', 'resolve', 'request'].map((verb) =>
      find('again', verb),
    );
    expect(question?.flow).toMatchObject({ from: 'container web', to: 'docker/host' });
    expect(answer).toMatchObject({ cause: question?.id, detail: { found: true } });
    expect(String(answer?.detail?.ip)).toMatch(/^172\.18\./);
    expect(request?.detail?.ip).toBe(answer?.detail?.ip);
  });

  it('loses the name with the connection', () => {
    expect(find('disconnect', 'disconnect')?.detail?.containerName).toBe('api');
    expect(find('lost', 'resolve')?.detail).toEqual({ found: false });
    expect(find('lost', 'request')).toBeUndefined();
  });

  it.each(locales)('is shown by its figure, all of it (%s)', (locale) => {
    const page = 'containers/networking';
    const { figure, faults } = figureOn(locale, page, 'container-networks', lived);
    expect(faults).toEqual([]);
    const at = (step: string) => figure.viewAt(endOf(step)).nodes;
    expect(at('run').webbridge).toMatchObject({ state: 'running', badge: '172.17.0.3' });
    expect(at('run').app).toMatchObject({ state: 'empty' });
    expect(at('create').app).toMatchObject({ state: 'running' });
    expect(at('connect').apiapp).toMatchObject({ badge: '172.18.0.2' });
    expect(at('disconnect').apiapp).toMatchObject({ state: 'empty' });
    expect(at('disconnect').apibridge).toMatchObject({ state: 'running' });
    const legs = (step: string, verb: string) =>
      figure.journeyOf(playback.records.indexOf(find(step, verb)!))?.legs;
    const there = (edge: string) => ({ edge, reversed: false });
    const back = (edge: string) => ({ edge, reversed: true });
    expect(legs('address', 'request')).toEqual(
      ['webtobridge', 'bridged', 'bridgetoapi'].map(there),
    );
    expect(legs('again', 'request')).toEqual(['webtoapp', 'apped', 'apptoapi'].map(there));
    expect(legs('again', 'answer')).toEqual(['apptoapi', 'apped', 'webtoapp'].map(back));
    expect(legs('again', 'lookup')).toEqual([back('names')]);
    expect(legs('again', 'resolve')).toEqual([there('names')]);
  });

  isAStory(lived);
});
