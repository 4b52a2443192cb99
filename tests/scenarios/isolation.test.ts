import { describe, expect, it } from 'vitest';
import { locales } from '../../src/i18n/locales.ts';
import { figureOn, isAStory, live } from './lived-scenario.ts';

const ID = 'containers/isolation';
const lived = live(ID);
const { playback, during, endOf, printed } = lived;

const started = (name: string) =>
  during(name).find(({ verb, actor }) => verb === 'start' && actor === 'containerd/host');

describe('two containers on one kernel', () => {
  it('have a first process each, under two numbers of the machine', () => {
    const [red, blue] = [started('red'), started('blue')].map((record) => record?.detail?.pid);
    expect(red).toBeGreaterThan(1);
    expect(blue).toBeGreaterThan(Number(red));
  });

  it('are seen together by the machine alone', () => {
    const inside = during('inside').find(({ verb }) => verb === 'exec');
    expect(inside?.object).toBe('container red');
    for (const name of ['red', 'blue']) {
      expect(printed('outside')).toContain(` ${String(started(name)?.detail?.pid)} `);
    }
  });

  it('say the same of the kernel, and something else of the distribution', () => {
    const versions = printed('kernel').trim().split('\n');
    expect(versions).toHaveLength(3);
    expect(new Set(versions).size).toBe(1);
    expect(printed('release').match(/Alpine|Debian/g)).toEqual(['Alpine', 'Debian']);
  });

  it('each open port 80, and are asked each by itself', () => {
    const listening = ['red', 'blue'].map(
      (name) => during(name).find(({ verb }) => verb === 'listen')?.detail,
    );
    expect(listening.map((detail) => detail?.port)).toEqual([80, 80]);
    expect(listening[0]?.ip).not.toBe(listening[1]?.ip);
    const answers = during('ask').filter(({ verb }) => verb === 'answer');
    expect(answers.map(({ actor }) => actor)).toEqual(['container red', 'container blue']);
  });

  it('do not see the files of each other', () => {
    const ended = (step: string) => during(step).find(({ verb }) => verb === 'exec-end');
    expect(['write', 'look', 'other'].map((step) => ended(step)?.detail?.exitCode)).toEqual([
      0, 0, 0,
    ]);
    expect(printed('look')).not.toContain('note');
  });

  it.each(locales)('are shown by their figure, all of it (%s)', (locale) => {
    const { figure, faults } = figureOn(locale, 'containers/isolation', 'one-kernel', lived);
    expect(faults).toEqual([]);
    const at = (step: string) => figure.viewAt(endOf(step)).nodes;
    expect(at('red').redprocess).toMatchObject({ state: 'running', badge: 'PID 1' });
    expect(at('red').blueprocess).toMatchObject({ state: 'empty' });
    const pids = [at('blue').hostred, at('blue').hostblue].map((node) => node?.badge);
    expect(pids).toEqual(
      ['red', 'blue'].map((name) => `PID ${String(started(name)?.detail?.pid)}`),
    );
    expect(at('write').redfile).toMatchObject({ state: 'succeeded' });
    expect(at('write').bluefile).toMatchObject({ state: 'empty' });
    expect(at('other').bluefile).toMatchObject({ state: 'succeeded' });
    expect(at('stop')).toMatchObject({
      redprocess: { state: 'empty' },
      hostred: { state: 'empty' },
      redfile: { state: 'succeeded' },
      hostblue: { state: 'running' },
    });
    const [running] = during('look').filter(({ verb }) => verb === 'exec');
    expect(running?.actor).toBe('docker/host');
    expect(figure.viewAt(playback.records.indexOf(running!)).acting).toBe('docker');
  });

  isAStory(lived);
});
