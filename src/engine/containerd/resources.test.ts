import { describe, expect, it } from 'vitest';
import { oneMachine } from './one-machine.ts';

const MIB = 2 ** 20;

describe('memory', () => {
  it('grows by a leak until the kernel ends the container', () => {
    const { run, containerd, exits, wait } = oneMachine();
    run('a', 'exec nginx -g "daemon off;"', { memoryLimitBytes: 64 * MIB });
    wait(1000);
    containerd.answer('host', { op: 'fault', id: 'a', kind: 'leak' });
    wait(3000);
    const answer = containerd.answer('host', { op: 'stats', id: 'a' });
    expect(answer.ok && answer.memoryBytes).toBeGreaterThan(30 * MIB);
    expect(answer.ok && answer.memoryLimitBytes).toBe(64 * MIB);
    wait(60_000);
    expect(exits).toMatchObject([{ exitCode: 137, signal: 'SIGKILL', oomKilled: true }]);
  });

  it('ends at once what wants more than it may have', () => {
    const { run, exits, wait } = oneMachine();
    run('a', 'exec nginx -g "daemon off;"', { memoryLimitBytes: 2 * MIB });
    wait(1000);
    expect(exits).toMatchObject([{ exitCode: 137, oomKilled: true }]);
  });

  it('takes an executed process alone when that is the biggest', () => {
    const { run, ask, containerd, exits } = oneMachine();
    run('a', 'sleep 1000', { memoryLimitBytes: 6 * MIB });
    const argv = ['nginx', '-g', 'daemon off;'];
    expect(ask<'exec'>({ op: 'exec', id: 'a', argv })).toEqual({ ok: true, exitCode: 137 });
    expect(exits).toEqual([]);
    expect(containerd.answer('host', { op: 'state', id: 'a' })).toMatchObject({
      container: { status: 'running', oomKilled: true },
    });
  });
});

describe('a pause', () => {
  it('holds commands and servers, and lets them go on where they stood', () => {
    const { run, containerd, logs, wait, status, get, addresses } = oneMachine();
    addresses.assign('10.1.0.2', { machine: 'host', owner: 'b' });
    run('a', 'while true; do echo tick; sleep 1; done');
    run('b', 'exec nginx -g "daemon off;"', { ip: '10.1.0.2' });
    wait(1000);
    const before = logs('a').length;
    for (const id of ['a', 'b']) {
      expect(containerd.answer('host', { op: 'pause', id })).toEqual({ ok: true });
    }
    wait(10_000);
    expect(logs('a')).toHaveLength(before);
    expect(status('a')).toBe('paused');
    expect(get('10.1.0.2')).toMatchObject({ ok: false, error: 'timeout' });
    containerd.answer('host', { op: 'kill', id: 'b', signal: 'SIGTERM' });
    wait(1000);
    expect(status('b')).toBe('paused');
    for (const id of ['a', 'b']) containerd.answer('host', { op: 'resume', id });
    wait(2500);
    expect(logs('a').length).toBeGreaterThan(before + 1);
    expect(status('b')).toBe('stopped');
  });
});

describe('processors', () => {
  it('are shared by weight and cut by quota; what one leaves the others have', () => {
    const { run, containerd, wait } = oneMachine();
    const cores = (id: string) => {
      const stats = () => {
        const answer = containerd.answer('host', { op: 'stats', id });
        return answer.ok ? answer.cpuNs : 0;
      };
      const before = stats();
      wait(1000);
      return Math.round((stats() - before) / 1e7) / 100;
    };
    const shares: [string, object][] = [
      ['a', { cpuShares: 1024 }],
      ['b', { cpuShares: 3072 }],
      ['c', { nanoCpus: 500_000_000 }],
    ];
    for (const [id, more] of shares) run(id, 'sleep 10000', more);
    const burn = (id: string, kind: 'cpu' | 'none' = 'cpu') =>
      containerd.answer('host', { op: 'fault', id, kind });
    burn('a');
    expect(cores('a')).toBe(4);
    burn('c');
    expect([cores('a'), cores('c')]).toEqual([3.5, 0.5]);
    burn('b');
    expect([cores('a'), cores('b'), cores('c')]).toEqual([0.88, 2.63, 0.5]);
    containerd.answer('host', { op: 'update', id: 'b', limits: { nanoCpus: 1_000_000_000 } });
    expect([cores('a'), cores('b')]).toEqual([2.5, 1]);
    burn('b', 'none');
    expect([cores('a'), cores('b')]).toEqual([3.5, 0]);
  });

  it('make a server slower when it may use little of them', () => {
    const { run, wait, get, addresses, containerd } = oneMachine();
    addresses.assign('10.1.0.2', { machine: 'host', owner: 'a' });
    run('a', 'exec nginx -g "daemon off;"', { ip: '10.1.0.2' });
    wait(1000);
    const fast = get('10.1.0.2');
    containerd.answer('host', { op: 'update', id: 'a', limits: { nanoCpus: 10_000_000 } });
    const slow = get('10.1.0.2');
    expect(slow.durationMs - fast.durationMs).toBeGreaterThan(90);
  });
});

describe('a world', () => {
  it('goes on from the middle of an exec to the same world', () => {
    const make = () => {
      const one = oneMachine();
      one.run('a', 'while true; do echo tick >> /tmp/ticks; sleep 1; done');
      const argv = ['sh', '-c', 'for i in 1 2 3; do cat /tmp/ticks; sleep 1; done > /tmp/out'];
      const then = { event: 'test/answer', payload: {} };
      one.containerd.call('host', { op: 'exec', id: 'a', argv }, then);
      one.wait(1500);
      return one;
    };
    const one = make();
    const middle = one.kernel.checkpoint();
    one.wait(10_000);
    const end = one.kernel.hash();
    one.kernel.restore(middle);
    one.wait(10_000);
    expect(one.kernel.hash()).toBe(end);
    const fresh = make();
    fresh.kernel.restore(middle);
    fresh.wait(10_000);
    expect(fresh.kernel.hash()).toBe(end);
    expect(fresh.exec('a', 'cat /tmp/out').startsWith('tick\n')).toBe(true);
  });
});

describe('addresses', () => {
  it('come and go while a server runs', () => {
    const { run, wait, get, addresses, containerd } = oneMachine();
    for (const ip of ['10.1.0.2', '10.2.0.2']) {
      addresses.assign(ip, { machine: 'host', owner: 'a' });
    }
    run('a', 'exec nginx -g "daemon off;"', { ip: '10.1.0.2' });
    wait(1000);
    expect([get('10.1.0.2').ok, get('10.2.0.2').ok]).toEqual([true, false]);
    containerd.answer('host', { op: 'connect', id: 'a', ip: '10.2.0.2' });
    containerd.answer('host', { op: 'disconnect', id: 'a', ip: '10.1.0.2' });
    expect([get('10.1.0.2').ok, get('10.2.0.2').ok]).toEqual([false, true]);
  });

  it('are the machine itself in its own network', () => {
    const { run, wait, get } = oneMachine();
    run('a', 'exec nginx -g "daemon off;"', { hostNetwork: true });
    wait(1000);
    expect([get('10.0.0.1').ok, get('127.0.0.1').ok]).toEqual([true, true]);
  });
});

describe('many containers', () => {
  it('cost each the same, however many there are', () => {
    const perContainer = (count: number): number => {
      const { containerd, wait } = oneMachine();
      const begun = process.cpuUsage();
      for (let i = 0; i < count; i++) {
        const cmd = ['sh', '-c', 'echo here > /tmp/x; sleep 100000; true'];
        const image = 'docker.io/library/box:latest';
        containerd.answer('host', { op: 'create', id: `c${i}`, name: `c${i}`, image, cmd });
        const then = { event: 'test/answer', payload: {} };
        containerd.call('host', { op: 'start', id: `c${i}` }, then);
        wait(10);
      }
      wait(2000);
      expect(containerd.tasks.runningCount('host')).toBe(count);
      const { user, system } = process.cpuUsage(begun);
      return (user + system) / count;
    };
    perContainer(200);
    const few = perContainer(300);
    expect(perContainer(3000)).toBeLessThan(4 * few);
  });
});
