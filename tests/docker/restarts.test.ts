import { describe, expect, it } from 'vitest';
import { smallDaemon } from './small-daemon.ts';

const BUSYBOX = 'busybox:latest';

function daemon() {
  const small = smallDaemon();
  small.stock('busybox');
  return small;
}

describe('a container that ends by itself', () => {
  it('keeps its exit code, and says so', () => {
    const { run, inspect, status, pass, events } = daemon();
    const { id, started } = run({ Image: BUSYBOX, Cmd: ['sh', '-c', 'exit 7'] }, 'seven');
    expect(started).toEqual({ status: 204, body: {} });
    pass(5_000);
    const { State, RestartCount } = inspect('seven');
    expect(State).toMatchObject({ Status: 'exited', Running: false, Pid: 0, ExitCode: 7 });
    expect(RestartCount).toBe(0);
    expect(status('seven')).toMatch(/^Exited \(7\) \d+ seconds ago$/);
    const died = events().find(({ Action }) => Action === 'die');
    expect(died?.Actor).toMatchObject({ ID: id, Attributes: { exitCode: '7', name: 'seven' } });
  });

  it('is started again after 100, 200, 400 ms and so on, up to a minute', () => {
    const { run, events, pass, inspect, status } = daemon();
    const RestartPolicy = { Name: 'always', MaximumRetryCount: 0 };
    run({ Image: BUSYBOX, Cmd: ['false'], HostConfig: { RestartPolicy } }, 'crasher');
    pass(2_000);
    expect(status('crasher')).toMatch(/^(Restarting \(1\)|Up) /);
    pass(300_000);
    const times = (action: string) =>
      events()
        .filter(({ Action }) => Action === action)
        .map(({ timeNano }) => Math.round(timeNano / 1_000_000));
    const [died, begun] = [times('die'), times('start').slice(1)];
    const startMs = begun[0]! - died[0]! - 100;
    const waits = begun.map((at, i) => at - died[i]! - startMs);
    expect(waits.slice(0, 11)).toEqual([
      100, 200, 400, 800, 1_600, 3_200, 6_400, 12_800, 25_600, 51_200, 60_000,
    ]);
    expect(inspect('crasher').RestartCount).toBe(died.length);
  });

  it('is given up after the third failure with on-failure:3, and can be started by hand', () => {
    const { run, pass, inspect, post } = daemon();
    const RestartPolicy = { Name: 'on-failure', MaximumRetryCount: 3 };
    run({ Image: BUSYBOX, Cmd: ['false'], HostConfig: { RestartPolicy } }, 'thrice');
    pass(60_000);
    const { RestartCount, State } = inspect('thrice');
    expect([RestartCount, State.Status, State.ExitCode]).toEqual([3, 'exited', 1]);
    expect(post('/containers/thrice/start').status).toBe(204);
    expect(inspect('thrice').RestartCount).toBeLessThan(3);
    run({ Image: BUSYBOX, Cmd: ['true'], HostConfig: { RestartPolicy } }, 'fine');
    pass(60_000);
    expect(inspect('fine')).toMatchObject({ RestartCount: 0, State: { Status: 'exited' } });
  });
});
