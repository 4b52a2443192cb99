import { describe, expect, it } from 'vitest';
import { inspect } from '../../src/diagram/inspect.ts';
import { containerOf } from '../../src/diagram/projection/docker-subjects.ts';
import { locales } from '../../src/i18n/locales.ts';
import { figureOn, isAStory, live } from './lived-scenario.ts';

const ID = 'containers/first-container';
const NGINX = 'docker.io/library/nginx:latest';
const lived = live(ID);
const { playback, during, endOf } = lived;
const last = playback.records.length - 1;
const stateAfter = (step: string): string | undefined =>
  containerOf(playback.worldAt(endOf(step)), 'webserver')?.State;
const verbs = (step: string) => during(step).map(({ verb }) => verb);

describe('the first container', () => {
  it('is pulled once: to run it, and to start it again, takes nothing from the registry', () => {
    const bytes = (step: string) =>
      during(step).reduce((sum, { flow }) => sum + (flow?.bytes ?? 0), 0);
    expect(bytes('pull')).toBeGreaterThan(20_000_000);
    expect(bytes('run')).toBe(0);
    expect(bytes('start')).toBe(0);
  });

  it('is there only once somebody runs it, and goes through its states', () => {
    expect(stateAfter('list')).toBeUndefined();
    const states = ['run', 'ps', 'ask', 'stop', 'all', 'start', 'end', 'remove'].map(stateAfter);
    expect(states.slice(0, 4)).toEqual(['running', 'running', 'running', 'exited']);
    expect(states.slice(4)).toEqual(['exited', 'running', 'exited', undefined]);
  });

  it('is created before it is started, and answers once it listens', () => {
    const order = verbs('run').filter((verb) => ['create', 'start', 'listen'].includes(verb));
    expect(order).toEqual(['create', 'create', 'start', 'listen']);
    expect(during('ask').find(({ verb }) => verb === 'answer')?.detail?.status).toBe(200);
  });

  it('ends by itself on the signal of its image', () => {
    const [signal] = during('stop').filter(({ verb }) => verb === 'signal');
    expect(signal?.detail?.signal).toBe('SIGQUIT');
    expect(verbs('stop').filter((verb) => verb === 'signal')).toHaveLength(1);
    expect(during('stop').find(({ verb }) => verb === 'exit')?.detail?.exitCode).toBe(0);
  });

  it('leaves its image behind', () => {
    const names = playback
      .worldAt(last)
      .images()
      .map(({ reference }) => reference);
    expect(names).toEqual([NGINX]);
  });

  it('knows why it is there', () => {
    const seen = inspect(playback.worldAt(endOf('run')), 'container webserver', 'en');
    expect(seen.state).toBe('running');
    expect(seen.why[0]).toMatchObject({ actor: 'developer', verb: 'run' });
    expect(seen.facts).toContainEqual(['image', 'nginx']);
    expect(inspect(playback.worldAt(last), 'container webserver', 'ko').state).toBe('empty');
  });

  it.each(locales)('is shown by its figure, all of it (%s)', (locale) => {
    const { figure, faults } = figureOn(locale, 'containers/run-flow', 'run-flow', lived);
    expect(faults).toEqual([]);
    const lit = (step: string) =>
      Object.entries(figure.viewAt(endOf(step)).nodes)
        .filter(([, { state }]) => state !== undefined && state !== 'empty')
        .map(([node]) => node);
    expect(lit('pull')).toContain('image');
    expect(lit('pull')).not.toContain('running');
    expect(lit('run')).toEqual(expect.arrayContaining(['image', 'running']));
    expect(figure.viewAt(endOf('stop')).nodes.exited).toMatchObject({ badge: 'exited 0' });
    expect(lit('stop')).not.toContain('running');
  });

  isAStory(lived);
});
