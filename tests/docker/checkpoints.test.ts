import { describe, expect, it } from 'vitest';
import { smallDaemon } from './small-daemon.ts';

const Image = 'busybox:latest';

/** A daemon with everything under way at once: a stop, a restart, probes, an exec, followed logs. */
function busy() {
  const small = smallDaemon();
  small.stock('busybox');
  const { run, begin, post, processes } = small;
  const always = { RestartPolicy: { Name: 'always', MaximumRetryCount: 0 } };
  run({ Image, Cmd: ['sh', '-c', 'sleep 2; exit 1'], HostConfig: always }, 'crasher');
  const Healthcheck = { Test: ['CMD-SHELL', 'sleep 3; true'], Interval: 2_000_000_000 };
  run(
    { Image, Cmd: ['sh', '-c', 'while true; do echo tick; sleep 1; done'], Healthcheck },
    'clock',
  );
  run({ Image, Cmd: ['sleep', '1000'] }, 'stubborn');
  begin({ method: 'POST', path: '/containers/stubborn/stop' });
  const stream = processes.streams.open();
  const query = { stdout: '1', follow: '1' };
  begin({ method: 'GET', path: '/containers/clock/logs', query, stream });
  const created = post<{ Id: string }>('/containers/clock/exec', {}, { Cmd: ['sleep', '8'] });
  begin({ method: 'POST', path: `/exec/${created.body.Id}/start`, body: {} });
  return small;
}

describe('a checkpoint', () => {
  it.each([500, 3_300, 6_100])('after %i ms goes on to the same world', (ms) => {
    const first = busy();
    first.pass(ms);
    const middle = first.kernel.checkpoint();
    first.pass(30_000);
    const second = busy();
    second.kernel.restore(middle);
    second.pass(30_000);
    expect(second.kernel.hash()).toBe(first.kernel.hash());
    expect(second.inspect('stubborn').State).toMatchObject({ Running: false, ExitCode: 137 });
    expect(second.inspect('clock').State.Health?.Status).toBe('healthy');
  });
});
