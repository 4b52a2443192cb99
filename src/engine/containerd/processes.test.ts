import { describe, expect, it } from 'vitest';
import { oneMachine } from './one-machine.ts';

describe('the processes of a container', () => {
  it('have pids of their own, parents and users', () => {
    const { run, containerd, wait } = oneMachine();
    run('a', 'sleep 1000; true', { user: 'web' });
    wait(100);
    const answer = containerd.answer('host', { op: 'processes', id: 'a' });
    const rows = answer.ok ? answer.processes : [];
    expect(rows.map(({ nsPid, user, argv }) => [nsPid, user, argv.join(' ')])).toEqual([
      [1, '101', 'sh -c sleep 1000; true'],
      [7, '101', 'sleep 1000'],
    ]);
    expect(rows[1]?.ppid).toBe(rows[0]?.pid);
  });

  it('drop signals they do not handle when they are the first, and not otherwise', () => {
    const { run, containerd, exits, wait, exec } = oneMachine();
    run('a', 'sleep 1000; true');
    const term = { op: 'kill', id: 'a', signal: 'SIGTERM' } as const;
    containerd.answer('host', term);
    wait(1000);
    expect(exits).toEqual([]);
    expect(exec('a', 'sleep 1000 & kill $!; wait $!; echo $?')).toContain('143');
    containerd.answer('host', { ...term, signal: 'SIGKILL' });
    expect(exits).toEqual([]);
    wait(0);
    expect(exits).toMatchObject([{ exitCode: 137, signal: 'SIGKILL', oomKilled: false }]);
  });

  it('run their traps', () => {
    const { run, containerd, exits, wait, logs } = oneMachine();
    run('a', 'trap "echo bye; exit 5" TERM; while true; do sleep 1; done');
    wait(2500);
    containerd.answer('host', { op: 'kill', id: 'a', signal: 'SIGTERM' });
    wait(2000);
    expect(logs('a')).toEqual(['bye']);
    expect(exits).toMatchObject([{ exitCode: 5 }]);
  });

  it('are ended with the first, which a small init keeps from having to handle signals', () => {
    const { run, containerd, exits, wait } = oneMachine();
    run('a', 'sleep 1000; true', { init: true });
    wait(100);
    const answer = containerd.answer('host', { op: 'processes', id: 'a' });
    expect(answer.ok && answer.processes.map(({ argv }) => argv[0])).toEqual([
      '/sbin/docker-init',
      'sh',
      'sleep',
    ]);
    containerd.answer('host', { op: 'kill', id: 'a', signal: 'SIGTERM' });
    wait(1000);
    expect(exits).toMatchObject([{ exitCode: 143 }]);
    expect(containerd.answer('host', { op: 'processes', id: 'a' })).toMatchObject({ ok: false });
  });

  it('may become a server, which then is the first process', () => {
    const { run, containerd, exits, wait, get, addresses } = oneMachine();
    addresses.assign('10.1.0.2', { machine: 'host', owner: 'a' });
    run('a', 'echo hi > /srv/index.html; exec nginx -g "daemon off;"', { ip: '10.1.0.2' });
    wait(1000);
    const answer = containerd.answer('host', { op: 'processes', id: 'a' });
    expect(answer.ok && answer.processes.map(({ nsPid, argv }) => [nsPid, argv[0]])).toEqual([
      [1, 'nginx: master process nginx -g daemon off;'],
      [30, 'nginx: worker process'],
    ]);
    const page = get('10.1.0.2');
    expect(page.ok && new TextDecoder().decode(page.response.body)).toBe('hi\n');
    containerd.answer('host', { op: 'kill', id: 'a', signal: 'SIGTERM' });
    wait(1000);
    expect(exits).toMatchObject([{ exitCode: 0 }]);
    expect(get('10.1.0.2').ok).toBe(false);
  });

  it('step down to another user and stay the same process', () => {
    const { run, containerd, exits, wait, exec } = oneMachine();
    run('a', 'exec gosu web env WHO=me nginx -g "daemon off;"');
    wait(1000);
    const answer = containerd.answer('host', { op: 'processes', id: 'a' });
    expect(answer.ok && answer.processes.map((row) => [row.nsPid, row.user, row.argv[0]])).toEqual([
      [1, '101', 'nginx: master process nginx -g daemon off;'],
      [30, '101', 'nginx: worker process'],
    ]);
    expect(exec('a', 'gosu web gosu 0 true; echo $?')).toBe('Operation not permitted\n1\n');
    containerd.answer('host', { op: 'kill', id: 'a', signal: 'SIGTERM' });
    wait(1000);
    expect(exits).toMatchObject([{ exitCode: 0 }]);
  });

  it('read a text that is no program as a script, from a shell', () => {
    const { run, exec } = oneMachine();
    run('a', 'sleep 1000');
    expect(exec('a', '/etc/plain words; env nosuch; echo $?')).toBe(
      "plain words\nenv: can't execute 'nosuch': No such file or directory\n127\n",
    );
  });

  it('take what is typed, on a terminal with a prompt', () => {
    const { create, start, containerd, processes, wait, exits, logs } = oneMachine();
    create('a', { cmd: ['sh'], tty: true, openStdin: true });
    create('b', { cmd: ['sh'], openStdin: true });
    const type = (id: string, text: string) => {
      containerd.answer('host', { op: 'stdin', id, text });
      wait(200);
    };
    const stream = processes.streams.open();
    containerd.answer('host', { op: 'attach', id: 'a', stream });
    start('a');
    start('b');
    wait(100);
    type('a', 'cd /srv; X=1\n');
    type('a', 'for i in 1 2; do\n');
    type('a', 'echo $X$i; done\n');
    type('a', 'sleep 1000\n');
    type('a', '\x03');
    type('a', 'echo $?\nexit 3\n');
    type('b', 'cat\nfor cat\n');
    containerd.answer('host', { op: 'stdin', id: 'b', close: true });
    wait(100);
    const seen = processes.streams.take(stream).map((chunk) => (chunk as { text: string }).text);
    expect(seen.join('')).toBe('/ # /srv # > 11\n12\n/srv # /srv # 130\n/srv # ');
    expect(logs('b')).toEqual(['for cat']);
    expect(exits.map(({ exitCode }) => exitCode)).toEqual([3, 0]);
  });

  it('read what was sent before they were there', () => {
    const { create, start, containerd, wait, logs, ask } = oneMachine();
    create('a', { cmd: ['cat'], openStdin: true });
    const send = (more: { text: string; execId?: string } | { close: true; execId?: string }) =>
      containerd.answer('host', { op: 'stdin', id: 'a', ...more });
    expect(send({ text: 'early\n' })).toEqual({ ok: true });
    start('a');
    send({ text: 'late\n' });
    send({ execId: 'x', text: 'for exec\n' });
    send({ execId: 'x', close: true });
    const argv = ['sh', '-c', 'cat > /tmp/in'];
    ask<'exec'>({ op: 'exec', id: 'a', execId: 'x', openStdin: true, argv });
    expect(send({ execId: 'x', text: 'too late\n' })).toMatchObject({ ok: false });
    send({ close: true });
    wait(100);
    expect(logs('a')).toEqual(['early', 'late']);
    start('a');
    expect(send({ text: 'again\n' })).toEqual({ ok: true });
  });

  it('wait for a server that they started, and hand signals on', () => {
    const { run, logs, wait, exec, exits } = oneMachine();
    run('a', 'nginx -g "daemon off;"; echo ended $?');
    wait(1000);
    expect(exec('a', 'kill 7; sleep 1')).toBe('');
    wait(100);
    expect(logs('a').at(-1)).toBe('ended 0');
    expect(exits).toMatchObject([{ exitCode: 0 }]);
  });
});

describe('what cannot be started', () => {
  it('is refused in the words of runc', () => {
    const { create, start } = oneMachine();
    const refused = (id: string, cmd: string[]): string => {
      create(id, { cmd });
      const answer = start(id);
      if (answer.ok) return 'started';
      const [, words = ''] = answer.message.split('error during container init: ');
      return `${answer.exitCode} ${words}`;
    };
    expect(refused('a', ['foo'])).toBe(
      '127 exec: "foo": executable file not found in $PATH: unknown',
    );
    expect(refused('b', ['/bin/foo'])).toBe(
      '127 exec: "/bin/foo": stat /bin/foo: no such file or directory: unknown',
    );
    expect(refused('c', ['/etc'])).toBe('126 exec: "/etc": is a directory: unknown');
    expect(refused('d', ['/etc/passwd'])).toBe(
      '126 exec: "/etc/passwd": permission denied: unknown',
    );
  });

  it('says so itself when only the kernel notices', () => {
    const { create, start, wait, logs, exits } = oneMachine();
    create('a', { cmd: ['/etc/plain'] });
    create('b', { cmd: ['/etc/lost'] });
    start('a');
    start('b');
    wait(100);
    expect(logs('a')).toEqual(['exec /etc/plain: exec format error']);
    expect(logs('b')).toEqual(['exec /etc/lost: no such file or directory']);
    expect(exits.map(({ exitCode }) => exitCode)).toEqual([255, 255]);
  });

  it('is told to who executes', () => {
    const { run, ask } = oneMachine();
    run('a', 'sleep 1000');
    const exec = (argv: string[], more: object = {}) =>
      ask<'exec'>({ op: 'exec', id: 'a', argv, ...more });
    const prefix = 'OCI runtime exec failed: exec failed: unable to start container process: ';
    expect(exec(['foo'])).toMatchObject({
      message: `${prefix}exec: "foo": executable file not found in $PATH: unknown`,
      exitCode: 127,
    });
    expect(exec(['true'], { cwd: '/nope' })).toMatchObject({
      message: `${prefix}chdir to cwd ("/nope") set in config.json failed: no such file or directory: unknown`,
    });
    expect(exec(['sh', '-c', 'exit 3'])).toEqual({ ok: true, exitCode: 3 });
  });
});
