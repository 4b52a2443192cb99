import { describe, expect, it } from 'vitest';
import type { CreateBody } from '../../src/engine/docker/api.ts';
import { smallDaemon } from './small-daemon.ts';

const SECOND_NS = 1_000_000_000;

function daemon() {
  const small = smallDaemon();
  small.stock('busybox');
  const statusEvents = () =>
    small
      .events()
      .filter(({ Action }) => Action.startsWith('health_status'))
      .map(({ Action }) => Action);
  return { ...small, statusEvents };
}

const checked = (Healthcheck: CreateBody['Healthcheck'], script = 'sleep 1000'): CreateBody => ({
  Image: 'busybox:latest',
  Cmd: ['sh', '-c', script],
  Healthcheck,
});

describe('a health check', () => {
  it('turns from starting to unhealthy after three failures, and to healthy by one success', () => {
    const { run, inspect, status, pass, statusEvents } = daemon();
    const Test = ['CMD-SHELL', 'test -f /ok || { echo not yet; exit 1; }'];
    run(checked({ Test, Interval: 10 * SECOND_NS }, 'sleep 45; touch /ok; sleep 1000'), 'slow');
    pass(5_000);
    expect(status('slow')).toMatch(/^Up \d+ seconds \(health: starting\)$/);
    pass(20_000);
    expect(inspect('slow').State.Health).toMatchObject({ Status: 'starting', FailingStreak: 2 });
    pass(10_000);
    const sick = inspect('slow').State.Health!;
    expect(sick).toMatchObject({ Status: 'unhealthy', FailingStreak: 3 });
    expect(sick.Log[0]).toMatchObject({ ExitCode: 1, Output: 'not yet\n' });
    pass(20_000);
    expect(inspect('slow').State.Health).toMatchObject({ Status: 'healthy', FailingStreak: 0 });
    expect(status('slow')).toBe('Up 55 seconds (healthy)');
    expect(statusEvents()).toEqual(['health_status: unhealthy', 'health_status: healthy']);
    pass(60_000);
    expect(inspect('slow').State.Health?.Log).toHaveLength(5);
  });

  it('counts no failure within the start period, in which it asks more often', () => {
    const { run, inspect, pass } = daemon();
    const times = { StartPeriod: 22 * SECOND_NS, Interval: 60 * SECOND_NS, Retries: 1 };
    run(checked({ Test: ['CMD', 'false'], ...times }), 'young');
    pass(21_000);
    const young = inspect('young').State.Health!;
    expect(young).toMatchObject({ Status: 'starting', FailingStreak: 0 });
    expect(young.Log.length).toBeGreaterThanOrEqual(3);
    pass(70_000);
    expect(inspect('young').State.Health?.Status).toBe('unhealthy');
  });

  it('fails with -1 when a probe runs too long or cannot be run', () => {
    const { run, inspect, pass } = daemon();
    const Timeout = 2 * SECOND_NS;
    const Interval = 5 * SECOND_NS;
    run(checked({ Test: ['CMD-SHELL', 'echo hm; sleep 30'], Timeout, Interval }), 'hangs');
    run(checked({ Test: ['CMD', '/nosuch'], Interval }), 'lost');
    run(checked({ Test: ['CMD'], Interval }), 'empty');
    pass(9_000);
    const first = (name: string) => inspect(name).State.Health?.Log[0];
    expect(first('hangs')).toMatchObject({
      ExitCode: -1,
      Output: 'Health check exceeded timeout (2s): hm\n',
    });
    expect(first('lost')).toMatchObject({ ExitCode: -1 });
    expect(first('lost')?.Output).toContain('no such file or directory');
    expect(first('empty')?.Output).toBe(
      `healthcheck for container ${inspect('empty').Id} has no command`,
    );
  });

  it('is none with NONE, and rests while the container is paused', () => {
    const { run, inspect, pass, post } = daemon();
    run(checked({ Test: ['NONE'] }), 'none');
    run(checked({ Test: ['CMD', 'true'], Interval: SECOND_NS }), 'fine');
    pass(10_000);
    expect(inspect('none').State.Health).toBeUndefined();
    post('/containers/fine/pause');
    const { Log } = inspect('fine').State.Health!;
    pass(30_000);
    expect(inspect('fine').State.Health?.Log).toEqual(Log);
    post('/containers/fine/unpause');
    pass(5_000);
    expect(inspect('fine').State.Health?.Log).not.toEqual(Log);
  });
});
