import { describe, expect, it } from 'vitest';
import { oneMachine } from './one-machine.ts';

describe('the files of containers', () => {
  it('are their own: two of one image do not see what the other writes', () => {
    const { run, exec, containerd } = oneMachine();
    run('a', 'echo one > /tmp/mine; rm /etc/group; sleep 1000');
    run('b', 'sleep 1000');
    expect(exec('a', 'cat /tmp/mine; ls /etc')).toBe('one\nlost\nnginx\npasswd\nplain\n');
    expect(exec('b', 'cat /tmp/mine; ls /etc')).toBe(
      'cat: /tmp/mine: No such file or directory\ngroup\nlost\nnginx\npasswd\nplain\n',
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
});
