import { describe, expect, it } from 'vitest';
import { oneMachine } from './one-machine.ts';

describe('the files of containers', () => {
  it('are their own: two of one image do not see what the other writes', () => {
    const { run, exec, containerd } = oneMachine();
    run('a', 'echo one > /tmp/mine; rm /etc/group; sleep 1000');
    run('b', 'sleep 1000');
    expect(exec('a', 'cat /tmp/mine; ls /etc')).toBe('one\nlost\nnginx\npasswd\nplain\n');
    expect(exec('b', 'cat /tmp/mine; ls /etc')).toBe(
      "cat: can't open '/tmp/mine': No such file or directory\ngroup\nlost\nnginx\npasswd\nplain\n",
    );
    expect(containerd.answer('host', { op: 'changes', id: 'a' })).toEqual({
      ok: true,
      changes: [
        { path: '/etc', kind: 'C' },
        { path: '/etc/group', kind: 'D' },
        { path: '/tmp', kind: 'C' },
        { path: '/tmp/mine', kind: 'A' },
      ],
    });
    expect(containerd.answer('host', { op: 'changes', id: 'b' })).toEqual({
      ok: true,
      changes: [],
    });
  });

  it('stay when it is started again, with its log', () => {
    const { run, start, exits, logs, wait } = oneMachine();
    run('a', 'echo more >> /tmp/count; cat /tmp/count');
    wait(1000);
    start('a');
    wait(1000);
    expect(exits.map(({ exitCode }) => exitCode)).toEqual([0, 0]);
    expect(logs('a')).toEqual(['more', 'more', 'more']);
  });

  it('show volumes to all who mount them, and the machine too', () => {
    const { run, exec, files } = oneMachine();
    const data = { target: '/data', source: { bind: '/var/lib/docker/volumes/v/_data' } };
    run('a', 'sleep 1000', { mounts: [data] });
    run('b', 'sleep 1000', { mounts: [{ ...data, readOnly: true }] });
    expect(exec('a', 'echo shared > /data/note')).toBe('');
    expect(exec('b', 'cat /data/note; echo no > /data/note; echo $?')).toContain(
      "shared\nsh: can't create /data/note: Read-only file system\n1\n",
    );
    const path = '/var/lib/docker/volumes/v/_data/note';
    expect(files.read('host', path)?.content).toBe('shared\n');
  });

  it('fill a tmpfs up to its size, and lose it with the process', () => {
    const { run, exec, start, wait, containerd, files } = oneMachine();
    run('a', 'sleep 3', { mounts: [{ target: '/cache', source: { tmpfs: 8192 } }] });
    expect(files.writeFile('host/a', '/cache/one', 'x'.repeat(5000))).toBeUndefined();
    expect(files.writeFile('host/a', '/cache/two', 'x')).toBe('ENOSPC');
    expect(exec('a', 'ls /cache')).toBe('one\ntwo\n');
    wait(5000);
    start('a');
    expect(exec('a', 'ls /cache')).toBe('');
    expect(containerd.answer('host', { op: 'changes', id: 'a' })).toMatchObject({
      changes: [{ path: '/cache', kind: 'A' }],
    });
  });

  it('can be read-only, but for what is mounted and managed', () => {
    const { run, exec, containerd } = oneMachine();
    const managed = { '/etc/hosts': '127.0.0.1\tlocalhost\n' };
    run('a', 'sleep 1000', { readOnlyRoot: true, managed });
    expect(exec('a', 'echo x > /tmp/x')).toContain('Read-only file system');
    expect(exec('a', 'cat /etc/hosts')).toBe('127.0.0.1\tlocalhost\n');
    const files = { '/etc/hosts': '10.0.0.9\tdb\n' };
    containerd.answer('host', { op: 'manage', id: 'a', files });
    expect(exec('a', 'cat /etc/hosts')).toBe('10.0.0.9\tdb\n');
    expect(exec('a', 'echo more >> /etc/hosts; cat /etc/hosts')).toBe('10.0.0.9\tdb\nmore\n');
    expect(containerd.answer('host', { op: 'changes', id: 'a' })).toEqual({
      ok: true,
      changes: [],
    });
  });

  it('may be changed by their owner alone', () => {
    const { run, exec } = oneMachine();
    run('a', 'sleep 1000', { user: 'web' });
    expect(exec('a', 'touch /etc/mine; echo mine > /tmp/mine; ls /tmp')).toBe(
      'touch: /etc/mine: Permission denied\nmine\n',
    );
    expect(exec('a', 'echo $HOME; echo yours > /tmp/mine', { user: '0' })).toBe('/root\n');
    expect(exec('a', 'rm /etc/passwd; ls /etc/passwd')).toContain('/etc/passwd\n');
    expect(exec('a', 'true', { user: 'ghost' })).toBe(
      'unable to find user ghost: no matching entries in passwd file',
    );
  });

  it('tell what the kernel says of processes and limits', () => {
    const { run, exec, wait } = oneMachine();
    const limits = { memoryLimitBytes: 64 * 2 ** 20, nanoCpus: 1_500_000_000, pidsLimit: 50 };
    run('a', 'sleep 1000; true', limits);
    wait(100);
    expect(exec('a', 'cd /sys/fs/cgroup; cat memory.max cpu.max pids.max')).toBe(
      '67108864\n150000 100000\n50\n',
    );
    expect(exec('a', 'cat /proc/1/comm; cat /proc/7/status')).toContain('sh\nName:\tsleep\n');
    expect(exec('a', 'echo 1 > /sys/fs/cgroup/pids.max')).toContain('Read-only file system');
  });
});
