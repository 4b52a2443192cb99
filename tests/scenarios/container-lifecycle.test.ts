import { describe, expect, it } from 'vitest';
import { containerOf } from '../../src/diagram/projection/docker-subjects.ts';
import { locales } from '../../src/i18n/locales.ts';
import { figureOn, isAStory, live } from './lived-scenario.ts';

const ID = 'containers/lifecycle';
const lived = live(ID);
const { playback, during, endOf } = lived;
const last = playback.records.length - 1;
const stateAt = (step: number): string | undefined =>
  containerOf(playback.worldAt(step), 'worker')?.State;
const only = (step: string, verb: string) => during(step).filter((record) => record.verb === verb);

/** The states it is in during a step, each told once. */
function statesDuring(step: string): (string | undefined)[] {
  const first = endOf(step) - during(step).length + 1;
  const states = during(step).map((_, i) => stateAt(first + i));
  return states.filter((state, i) => state !== states[i - 1]);
}

describe('the life of a container', () => {
  it('is created, then runs', () => {
    expect(stateAt(endOf('pull'))).toBeUndefined();
    expect(statesDuring('run')).toEqual(['created', 'running']);
  });

  it('is frozen without a signal, and goes on as the same process', () => {
    expect(stateAt(endOf('pause'))).toBe('paused');
    expect(stateAt(endOf('unpause'))).toBe('running');
    expect([...only('pause', 'signal'), ...only('unpause', 'start')]).toEqual([]);
  });

  it('fails, and is started again after its delay by its policy, not by anybody', () => {
    expect(statesDuring('crash')).toEqual(['running', 'restarting', 'running']);
    const [ended] = only('crash', 'exit');
    const [backOff] = only('crash', 'back-off');
    expect(ended?.detail?.exitCode).not.toBe(0);
    expect(backOff).toMatchObject({ reason: 'on-failure', detail: { delayMs: 100 } });
    const [again] = only('crash', 'start');
    expect(again?.timeMs).toBeGreaterThanOrEqual((backOff?.timeMs ?? Number.NaN) + 100);
    expect(only('crash', 'call')).toEqual([]);
  });

  it('is asked to stop, does not hear, and is ended by force after ten seconds', () => {
    const [asked, forced, ...more] = only('stop', 'signal');
    expect([asked?.detail?.signal, forced?.detail?.signal]).toEqual(['SIGTERM', 'SIGKILL']);
    expect(more).toEqual([]);
    expect((forced?.timeMs ?? 0) - (asked?.timeMs ?? 0)).toBe(10_000);
    expect(only('stop', 'exit')[0]?.detail?.exitCode).toBe(137);
  });

  it('stays stopped, though its policy starts again what failed', () => {
    expect(only('stop', 'back-off')).toEqual([]);
    expect(stateAt(endOf('stop'))).toBe('exited');
  });

  it('can be started again and killed, which waits for nothing, and removed', () => {
    expect(stateAt(endOf('start'))).toBe('running');
    const [typed] = only('kill', 'run');
    const [signal] = only('kill', 'signal');
    expect(signal).toMatchObject({ timeMs: typed?.timeMs, detail: { signal: 'SIGKILL' } });
    expect(stateAt(endOf('kill'))).toBe('exited');
    expect(stateAt(last)).toBeUndefined();
  });

  it.each(locales)('is shown by its figure, one state at a time (%s)', (locale) => {
    const page = 'containers/lifecycle-and-signals';
    const { figure, faults } = figureOn(locale, page, 'container-states', lived);
    expect(faults).toEqual([]);
    playback.records.forEach((_, step) => {
      const { nodes } = figure.viewAt(step);
      const lit = Object.entries(nodes)
        .filter(([, { object, state }]) => object === 'container worker' && state !== 'empty')
        .map(([node]) => node);
      expect(lit).toEqual([stateAt(step)].filter((state) => state !== undefined));
    });
    expect(figure.viewAt(endOf('stop')).nodes.exited?.badge).toBe('exited 137');
  });

  isAStory(lived);
});
