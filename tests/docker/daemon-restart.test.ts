import { describe, expect, it } from 'vitest';
import { smallDaemon } from './small-daemon.ts';

const policy = (Name: string) => ({ RestartPolicy: { Name, MaximumRetryCount: 0 } });

function fleet() {
  const small = smallDaemon();
  small.stock('busybox');
  const body = { Image: 'busybox:latest', Cmd: ['sleep', '100000'] };
  for (const name of ['no', 'always', 'unless-stopped', 'on-failure']) {
    small.run({ ...body, HostConfig: policy(name) }, name);
  }
  small.run({ ...body, HostConfig: policy('unless-stopped') }, 'was-stopped');
  small.post('/containers/was-stopped/stop', { t: '0' });
  small.run({ ...body, HostConfig: policy('always') }, 'always-stopped');
  small.post('/containers/always-stopped/stop', { t: '0' });
  small.create({ ...body, HostConfig: policy('always') }, 'created');
  const running = () =>
    [
      'no',
      'always',
      'unless-stopped',
      'on-failure',
      'was-stopped',
      'always-stopped',
      'created',
    ].filter((name) => small.inspect(name).State.Running);
  return { ...small, running };
}

describe('a daemon that is stopped and started', () => {
  it('answers nobody meanwhile, and starts again what its policy says', () => {
    const { docker, machine, pass, get, running } = fleet();
    expect(running()).toEqual(['no', 'always', 'unless-stopped', 'on-failure']);
    docker.stopDaemon(machine);
    pass(30_000);
    const down = get<{ message: string }>('/containers/json');
    expect(down.status).toBe(0);
    expect(down.body.message).toContain('unix:///var/run/docker.sock');
    docker.startDaemon(machine);
    pass(5_000);
    // Killed by the daemon after its grace: a failure, so on-failure comes back as well.
    expect(running()).toEqual(['always', 'unless-stopped', 'on-failure', 'always-stopped']);
  });

  it('leaves containers alone with live-restore', () => {
    const { docker, machine, pass, inspect, running } = fleet();
    const pids = () => ['no', 'always'].map((name) => inspect(name).State.Pid);
    const before = pids();
    docker.stopDaemon(machine, { liveRestore: true });
    pass(60_000);
    docker.startDaemon(machine, { liveRestore: true });
    pass(5_000);
    expect(pids()).toEqual(before);
    expect(running()).toContain('no');
    expect(inspect('created').State.Status).toBe('created');
  });

  it('sees what ended while it was not there', () => {
    const { docker, machine, pass, run, inspect } = fleet();
    const Cmd = ['sh', '-c', 'sleep 20; exit 9'];
    run({ Image: 'busybox:latest', Cmd }, 'ends');
    docker.stopDaemon(machine, { liveRestore: true });
    pass(60_000);
    docker.startDaemon(machine, { liveRestore: true });
    expect(inspect('ends').State).toMatchObject({ Status: 'exited', ExitCode: 9 });
  });

  it('stops what was left by a daemon that was killed', () => {
    const { docker, machine, pass, running } = fleet();
    docker.stopDaemon(machine, { killed: true });
    pass(1_000);
    docker.startDaemon(machine);
    pass(60_000);
    expect(running()).toContain('always');
    expect(running()).not.toContain('no');
  });
});
