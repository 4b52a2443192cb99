import { describe, expect, it } from 'vitest';
import type { ArchiveAnswer, ContainerSummary, StatsAnswer } from '../../src/engine/docker/api.ts';
import { readTar } from '../../src/engine/oci/tar-read.ts';
import { smallDaemon } from './small-daemon.ts';

const Image = 'busybox:latest';

function daemon() {
  const small = smallDaemon();
  small.stock('busybox');
  const { post, processes, call, get } = small;
  const exec = (name: string, Cmd: string[], more: object = {}) => {
    const streams = { AttachStdout: true, AttachStderr: true };
    const path = `/containers/${name}/exec`;
    const created = post<{ Id: string; message: string }>(path, {}, { Cmd, ...streams, ...more });
    if (created.status !== 201) return { message: created.body.message };
    const stream = processes.streams.open();
    const id = created.body.Id;
    call({ method: 'POST', path: `/exec/${id}/start`, body: {}, stream });
    const chunks = processes.streams.take(stream) as { stream: string; text: string }[];
    const { ExitCode } = get<{ ExitCode: number }>(`/exec/${id}/json`).body;
    return { id, ExitCode, text: chunks.map(({ text }) => text).join(''), chunks };
  };
  return { ...small, exec };
}

describe('exec', () => {
  it('runs a further process with its own environment, user and directory', () => {
    const { run, exec, events } = daemon();
    run({ Image, Cmd: ['sleep', '1000'], Env: ['A=1'] }, 'box');
    expect(
      exec('box', ['sh', '-c', 'echo $A-$B; pwd; exit 4'], { Env: ['B=2'], WorkingDir: '/tmp' }),
    ).toMatchObject({
      ExitCode: 4,
      text: '1-2\n/tmp\n',
    });
    const told = events()
      .map(({ Action }) => Action)
      .filter((action) => action.startsWith('exec'));
    expect(told.map((action) => action.split(':')[0])).toEqual([
      'exec_create',
      'exec_start',
      'exec_die',
    ]);
  });

  it('tells the pid of its process on the machine while it runs', () => {
    const { run, post, call, get } = daemon();
    run({ Image, Cmd: ['sleep', '1000'] }, 'box');
    const { Id } = post<{ Id: string }>('/containers/box/exec', {}, { Cmd: ['sleep', '5'] }).body;
    const pid = () => get<{ Pid: number }>(`/exec/${Id}/json`).body.Pid;
    expect(pid()).toBe(0);
    call({ method: 'POST', path: `/exec/${Id}/start`, body: { Detach: true } });
    const { Processes } = get<{ Processes: string[][] }>('/containers/box/top').body;
    expect(Processes.map(([, first]) => Number(first))).toContain(pid());
    expect(pid()).toBeGreaterThan(0);
  });

  it('says what cannot be run: 127 not found, 126 no program, 409 not running', () => {
    const { run, exec, post, inspect } = daemon();
    run({ Image, Cmd: ['sleep', '1000'] }, 'box');
    const lost = exec('box', ['nosuch']);
    expect(lost.ExitCode).toBe(127);
    expect(lost.text).toMatch(/exec: "nosuch": executable file not found in \$PATH.*\r\n$/);
    expect(exec('box', ['/etc']).ExitCode).toBe(126);
    expect(exec('box', []).message).toBe('No exec command specified');
    const { Id } = inspect('box');
    post('/containers/box/kill');
    expect(exec('box', ['true']).message).toBe(`container ${Id} is not running`);
    expect(post('/exec/nosuch/start').body.message).toBe('No such exec instance: nosuch');
  });
});

describe('logs', () => {
  it('come from both streams, by tail and by time, with time stamps if wanted', () => {
    const { run, text, pass } = daemon();
    const script = 'echo one; echo oops >&2; sleep 10; echo two; echo three';
    run({ Image, Cmd: ['sh', '-c', script] }, 'talks');
    pass(20_000);
    const logs = (query: Record<string, string>) =>
      text('/containers/talks/logs', { stdout: '1', stderr: '1', ...query });
    expect(logs({}).chunks).toEqual([
      { stream: 'stdout', text: 'one\n' },
      { stream: 'stderr', text: 'oops\n' },
      { stream: 'stdout', text: 'two\nthree\n' },
    ]);
    expect(logs({ stdout: '0' }).text).toBe('oops\n');
    expect(logs({ tail: '1' }).text).toBe('three\n');
    expect(logs({ tail: '0' }).text).toBe('');
    expect(logs({ timestamps: '1', tail: '1' }).text).toMatch(
      /^2026-01-05T00:00:1\d\.\d{9}Z three\n$/,
    );
    const nine = String(Date.UTC(2026, 0, 5, 0, 0, 9) / 1000);
    expect(logs({ since: nine }).text).toBe('two\nthree\n');
    expect(logs({ until: nine }).text).toBe('one\noops\n');
    expect(logs({ stdout: '0', stderr: '0' }).answer.body).toEqual({
      message: "must specify at least one of 'stdout' or 'stderr'",
    });
  });

  it('are followed until the container ends', () => {
    const { run, processes, begin, pass, answers } = daemon();
    run({ Image, Cmd: ['sh', '-c', 'for i in 1 2 3; do echo $i; sleep 5; done'] }, 'counts');
    const stream = processes.streams.open();
    const query = { stdout: '1', follow: '1' };
    begin({ method: 'GET', path: '/containers/counts/logs', query, stream });
    const read = () =>
      (processes.streams.take(stream) as { text: string }[]).map((c) => c.text).join('');
    pass(6_000);
    expect(read()).toBe('1\n2\n');
    const before = answers.length;
    pass(20_000);
    expect(read()).toBe('3\n');
    expect(answers.length).toBe(before + 1);
  });
});

describe('a log of many lines', () => {
  it('is followed without telling a line twice or leaving one out', () => {
    const { run, processes, begin, pass } = daemon();
    const script = 'i=0; while [ $i -lt 300 ]; do sleep 0.01; seq 1 100; i=$((i+1)); done';
    run({ Image, Cmd: ['sh', '-c', script] }, 'chatty');
    const stream = processes.streams.open();
    begin({
      method: 'GET',
      path: '/containers/chatty/logs',
      query: { stdout: '1', follow: '1' },
      stream,
    });
    const lines: string[] = [];
    for (let i = 0; i < 60; i++) {
      pass(100);
      for (const { text } of processes.streams.take(stream) as { text: string }[]) {
        lines.push(...text.trimEnd().split('\n'));
      }
    }
    expect(lines).toHaveLength(30_000);
    expect(lines.every((line, i) => line === String((i % 100) + 1))).toBe(true);
  });
});

describe('attach', () => {
  it('gives what is written from before the start on, and the end of it', () => {
    const { create, post, processes, begin, pass } = daemon();
    create({ Image, Cmd: ['sh', '-c', 'echo hi; echo no >&2'] }, 'box');
    const stream = processes.streams.open();
    const query = { stream: '1', stdout: '1', stderr: '1' };
    begin({ method: 'POST', path: '/containers/box/attach', query, stream });
    pass(10);
    post('/containers/box/start');
    pass(5_000);
    expect(processes.streams.take(stream)).toEqual([
      { stream: 'stdout', text: 'hi\n' },
      { stream: 'stderr', text: 'no\n' },
    ]);
  });

  it('feeds what is typed', () => {
    const { run, processes, begin, pass } = daemon();
    run({ Image, Cmd: ['cat'], OpenStdin: true, StdinOnce: true, AttachStdin: true }, 'cat');
    const [stream, input] = [processes.streams.open(), processes.streams.open()];
    const query = { stream: '1', stdin: '1', stdout: '1', stderr: '1' };
    begin({ method: 'POST', path: '/containers/cat/attach', query, stream, input });
    pass(100);
    processes.streams.write(input, 'typed\n');
    pass(100);
    processes.streams.close(input);
    pass(1_000);
    expect(processes.streams.take(stream)).toEqual([{ stream: 'stdout', text: 'typed\n' }]);
  });
});

describe('files of a container', () => {
  it('differ from the image, are copied out and in, and become a layer', () => {
    const { run, exec, get, call, post, inspect, containerd, machine } = daemon();
    run({ Image, Cmd: ['sleep', '1000'], Env: ['A=1'] }, 'box');
    exec('box', ['sh', '-c', 'echo data > /tmp/file; rm /etc/group']);
    const changes = get<{ Kind: number; Path: string }[]>('/containers/box/changes').body;
    expect(changes).toContainEqual({ Kind: 1, Path: '/tmp/file' });
    expect(changes).toContainEqual({ Kind: 0, Path: '/etc' });
    expect(changes).toContainEqual({ Kind: 2, Path: '/etc/group' });
    const out = get<ArchiveAnswer>('/containers/box/archive', { path: '/tmp' }).body;
    expect(out.stat).toMatchObject({ name: 'tmp', mode: 2 ** 31 + 2 ** 20 + 0o777 });
    const tar = readTar(out.tar);
    expect(tar.ok && tar.value.map(([path]) => path)).toEqual(['tmp', 'tmp/file']);
    const put = (path: string) =>
      call({ method: 'PUT', path: '/containers/box/archive', query: { path }, body: out.tar });
    expect(put('/root').status).toBe(200);
    expect(exec('box', ['cat', '/root/tmp/file']).text).toBe('data\n');
    expect(put('/nosuch').body).toEqual({
      message: 'Could not find the file /nosuch in container box',
    });
    const query = { container: 'box', repo: 'mine', tag: '1', author: 'me', comment: 'why' };
    const changed = { ...query, changes: 'ENV B=2\nCMD ["cat", "/tmp/file"]' };
    const made = post<{ Id: string }>('/commit', changed);
    expect(made.status).toBe(201);
    const image = containerd.content.image(machine, 'docker.io/library/mine:1')!;
    expect(image.digest).toBe(made.body.Id);
    expect(image.config.config.Env).toContain('B=2');
    expect(image.config.history.at(-1)).toMatchObject({ author: 'me', comment: 'why' });
    run({ Image: 'mine:1' }, 'again');
    expect(inspect('again').Config.Cmd).toEqual(['cat', '/tmp/file']);
    expect(post('/commit', { container: 'box', changes: 'RUN true' }).body.message).toBe(
      'RUN is not a valid change command',
    );
  });
});

describe('looking', () => {
  it('lists by state, name, label, exit code, newest first', () => {
    const { run, create, get, pass } = daemon();
    run({ Image, Cmd: ['sleep', '1000'], Labels: { tier: 'web' } }, 'web-1');
    run({ Image, Cmd: ['sh', '-c', 'exit 3'] }, 'job');
    create({ Image, Cmd: ['true'], Labels: { tier: 'db' } }, 'db-1');
    pass(2_000);
    const list = (filters: Record<string, string[]> = {}, query = {}) => {
      const text = JSON.stringify(filters);
      const answer = get<ContainerSummary[]>('/containers/json', { filters: text, ...query });
      return answer.status === 200 ? answer.body.map(({ Names }) => Names[0]) : answer.body;
    };
    expect(list()).toEqual(['/web-1']);
    expect(list({}, { all: '1' })).toEqual(['/db-1', '/job', '/web-1']);
    expect(list({}, { limit: '2' })).toEqual(['/db-1', '/job']);
    expect(list({ name: ['-1$'] }, { all: '1' })).toEqual(['/db-1', '/web-1']);
    expect(list({ status: ['exited', 'created'] })).toEqual(['/db-1', '/job']);
    expect(list({ exited: ['3'] }, { all: '1' })).toEqual(['/job']);
    expect(list({ label: ['tier=db'] }, { all: '1' })).toEqual(['/db-1']);
    expect(list({ ancestor: ['busybox'] }, { all: '1' })).toHaveLength(3);
    expect(list({ before: ['job'] }, { all: '1' })).toEqual(['/web-1']);
    expect(list({ since: ['job'] }, { all: '1' })).toEqual(['/db-1']);
    expect(list({ nope: ['x'] })).toEqual({ message: "invalid filter 'nope'" });
    expect(list({ status: ['odd'] })).toEqual({
      message:
        "invalid filter 'status=odd': invalid value for state (odd): must be one of " +
        'created, running, paused, restarting, removing, exited, dead',
    });
  });

  it('finds by the start of an id, unless several start so', () => {
    const { create, get } = daemon();
    const ids = Array.from({ length: 20 }, () => create({ Image, Cmd: ['true'] }).body.Id);
    const digits = ids.map((id) => id[0]!);
    const twice = digits.find((digit, i) => digits.indexOf(digit) !== i)!;
    expect(get('/containers/' + twice + '/json')).toEqual({
      status: 400,
      body: { message: `multiple IDs found with provided prefix: ${twice}` },
    });
    expect(get<{ Id: string }>(`/containers/${ids[3]!.slice(0, 12)}/json`).body.Id).toBe(ids[3]);
  });

  it('measures and lists processes', () => {
    const { run, get, pass } = daemon();
    run({ Image, Cmd: ['sleep', '1000'], HostConfig: { Memory: 64 * 1024 * 1024 } }, 'box');
    pass(3_000);
    const { Titles, Processes } = get<{ Titles: string[]; Processes: string[][] }>(
      '/containers/box/top',
    ).body;
    expect(Titles).toEqual(['UID', 'PID', 'PPID', 'C', 'STIME', 'TTY', 'TIME', 'CMD']);
    expect(Processes.map((row) => row.at(-1))).toEqual(['sleep 1000']);
    const stats = get<StatsAnswer>('/containers/box/stats', { stream: '0' }).body;
    expect(stats.memory_stats.limit).toBe(64 * 1024 * 1024);
    expect(stats.precpu_stats.system_cpu_usage).toBeLessThan(stats.cpu_stats.system_cpu_usage!);
  });

  it('changes limits and policy of a container that runs', () => {
    const { run, post, inspect } = daemon();
    run({ Image, Cmd: ['sleep', '1000'] }, 'box');
    const update = (body: object) => post('/containers/box/update', {}, body);
    expect(update({ Memory: 1024 }).body.message).toBe('Minimum memory limit allowed is 6MB');
    expect(update({ Memory: 2 ** 26, MemorySwap: 2 ** 27 })).toEqual({
      status: 200,
      body: { Warnings: null },
    });
    expect(update({ RestartPolicy: { Name: 'always', MaximumRetryCount: 0 } }).status).toBe(200);
    expect(inspect('box').HostConfig).toMatchObject({
      Memory: 2 ** 26,
      RestartPolicy: { Name: 'always' },
    });
    expect(update({ RestartPolicy: { Name: 'sometimes' } }).body.message).toBe(
      "invalid restart policy: unknown policy 'sometimes'; use one of 'no', 'always', 'on-failure', or 'unless-stopped'",
    );
  });
});

describe('a start that fails', () => {
  it('leaves the reason and a code of its own', () => {
    const { run, inspect, status } = daemon();
    const nosuch = run({ Image, Cmd: ['nosuch'] }, 'lost');
    expect(nosuch.started.status).toBe(400);
    expect(nosuch.started.body.message).toContain('executable file not found in $PATH');
    expect(inspect('lost').State).toMatchObject({ Status: 'created', ExitCode: 127 });
    expect(status('lost')).toBe('Created');
    const dir = run({ Image, Cmd: ['/etc'] }, 'dir');
    expect(dir.started.body.message).toMatch(/is a directory.*permission denied/);
    expect(inspect('dir').State.ExitCode).toBe(126);
    expect(run({ Image: 'nosuch' }).started).toEqual({
      status: 404,
      body: { message: 'No such image: nosuch:latest' },
    });
  });
});
