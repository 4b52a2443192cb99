import { describe, expect, it } from 'vitest';
import type { CreateBody } from '../../src/engine/docker/api.ts';
import { smallDaemon } from './small-daemon.ts';

const BUSYBOX = 'busybox:latest';
/** Ignores what it is not told to handle, being the first process; ends by itself after 10 s. */
const STUBBORN: CreateBody = { Image: BUSYBOX, Cmd: ['sh', '-c', 'sleep 10; exit 42'] };

function daemon() {
  const small = smallDaemon();
  small.stock('busybox');
  return small;
}

describe('stop', () => {
  it.each([
    ['0', 137],
    ['2', 137],
    ['20', 42],
    ['-1', 42],
  ])('with a grace of %s s leads to exit code %i', (t, exitCode) => {
    const { run, post, inspect, kernel } = daemon();
    run(STUBBORN, 'stubborn');
    const before = kernel.now;
    expect(post('/containers/stubborn/stop', { t }).status).toBe(204);
    expect(inspect('stubborn').State).toMatchObject({ Status: 'exited', ExitCode: exitCode });
    expect(kernel.now - before).toBeLessThan(11_000);
    expect(post('/containers/stubborn/stop').status).toBe(304);
  });

  it('tells what it does: kill, die, stop', () => {
    const { run, post, events } = daemon();
    run({ Image: BUSYBOX, Cmd: ['sh', '-c', 'trap "exit 5" TERM; sleep 100 & wait'] }, 'trap');
    post('/containers/trap/stop');
    const told = events().filter(({ Type }) => Type === 'container');
    expect(told.map(({ Action }) => Action)).toEqual(['create', 'start', 'kill', 'die', 'stop']);
    expect(told[2]?.Actor.Attributes).toMatchObject({ signal: '15', image: BUSYBOX });
    expect(told[3]?.Actor.Attributes.exitCode).toBe('5');
  });

  it('ends a restart policy until the container is started by hand', () => {
    const { run, post, inspect, pass } = daemon();
    const RestartPolicy = { Name: 'always', MaximumRetryCount: 0 };
    run({ Image: BUSYBOX, Cmd: ['false'], HostConfig: { RestartPolicy } }, 'again');
    pass(3_000);
    expect(['running', 'restarting']).toContain(inspect('again').State.Status);
    expect(post('/containers/again/stop').status).toBe(204);
    expect(inspect('again').State.Status).toBe('exited');
    pass(120_000);
    expect(inspect('again').State.Status).toBe('exited');
    post('/containers/again/start');
    pass(3_000);
    expect(['running', 'restarting']).toContain(inspect('again').State.Status);
  });
});

describe('kill', () => {
  it('refuses what is no signal and what does not run', () => {
    const { run, create, post, inspect } = daemon();
    run({ Image: BUSYBOX, Cmd: ['sleep', '1000'] }, 'busy');
    const { id } = { id: inspect('busy').Id };
    expect(post('/containers/busy/kill', { signal: '0' }).body.message).toBe(
      'cannot kill container: busy: invalid signal: 0',
    );
    expect(post('/containers/busy/kill', { signal: '99' }).body.message).toBe(
      'cannot kill container: busy: the linux daemon does not support signal 99',
    );
    expect(inspect('busy').State.Status).toBe('running');
    create({ Image: BUSYBOX, Cmd: ['true'] }, 'idle');
    expect(post('/containers/idle/kill')).toEqual({
      status: 409,
      body: {
        message: `cannot kill container: idle: container ${inspect('idle').Id} is not running`,
      },
    });
    expect(post('/containers/nosuch/kill').body.message).toBe(
      'cannot kill container: nosuch: No such container: nosuch',
    );
    expect(post('/containers/busy/kill', { signal: 'SIGWINCH' }).status).toBe(204);
    expect(inspect('busy').State.Running).toBe(true);
    expect(post('/containers/busy/kill').status).toBe(204);
    expect(inspect(id).State).toMatchObject({ Running: false, ExitCode: 137 });
  });

  it('counts as a stop only with the container’s own stop signal', () => {
    const { run, post, inspect, pass } = daemon();
    const RestartPolicy = { Name: 'always', MaximumRetryCount: 0 };
    const body: CreateBody = {
      Image: BUSYBOX,
      Cmd: ['sh', '-c', 'trap "exit 0" TERM; sleep 1000 & wait'],
      HostConfig: { RestartPolicy },
    };
    run({ ...body, StopSignal: 'TERM' }, 'same');
    run({ ...body, StopSignal: 'CONT' }, 'other');
    pass(1_000);
    for (const name of ['same', 'other']) post(`/containers/${name}/kill`, { signal: 'TERM' });
    pass(2_000);
    expect(inspect('same').State.Status).toBe('exited');
    expect(inspect('other').State.Status).toBe('running');
  });
});

describe('pause', () => {
  it('stands still until unpaused, and refuses what a stopped one refuses', () => {
    const { run, post, inspect, status, pass } = daemon();
    run({ Image: BUSYBOX, Cmd: ['sleep', '1000'] }, 'still');
    const { Id } = inspect('still');
    expect(post('/containers/still/pause').status).toBe(204);
    pass(120_000);
    expect(status('still')).toBe('Up 2 minutes (Paused)');
    const told = (path: string) => post(path, {}, { Cmd: ['true'] }).body.message;
    expect(told('/containers/still/pause')).toBe(`container ${Id} is already paused`);
    expect(told('/containers/still/start')).toBe(
      'cannot start a paused container, try unpause instead',
    );
    expect(told('/containers/still/exec')).toBe(
      'Container still is paused, unpause the container before exec',
    );
    expect(post('/containers/still/unpause').status).toBe(204);
    expect(told('/containers/still/unpause')).toBe(`Container ${Id} is not paused`);
    post('/containers/still/kill');
    expect(told('/containers/still/pause')).toBe(`container ${Id} is not running`);
  });
});

describe('remove', () => {
  it('refuses what runs, and takes it away by force', () => {
    const { run, post, call, get } = daemon();
    run({ Image: BUSYBOX, Cmd: ['sleep', '1000'] }, 'here');
    const remove = (query = {}) =>
      call({ method: 'DELETE', path: '/containers/here', query }) as { body: { message: string } };
    expect(remove()).toEqual({
      status: 409,
      body: {
        message:
          'cannot remove container "here": container is running: ' +
          'stop the container before removing or force remove',
      },
    });
    post('/containers/here/pause');
    expect(remove().body.message).toBe(
      'cannot remove container "here": container is paused and must be unpaused first',
    );
    expect(remove({ force: '1' })).toEqual({ status: 204, body: {} });
    expect(get('/containers/here/json')).toEqual({
      status: 404,
      body: { message: 'No such container: here' },
    });
  });

  it('goes by itself with AutoRemove, and tells who waits for that', () => {
    const { run, begin, answers, pass, get } = daemon();
    const HostConfig = { AutoRemove: true };
    run({ Image: BUSYBOX, Cmd: ['sh', '-c', 'sleep 5; exit 3'], HostConfig }, 'brief');
    const query = { condition: 'removed' };
    begin({ method: 'POST', path: '/containers/brief/wait', query });
    pass(20_000);
    expect(answers.at(-1)).toEqual({ status: 200, body: { StatusCode: 3 } });
    expect(get('/containers/brief/json').status).toBe(404);
  });
});

describe('names', () => {
  it('belong to one container at a time', () => {
    const { create, post, inspect } = daemon();
    const body = { Image: BUSYBOX, Cmd: ['true'] };
    create(body, 'one');
    create(body, 'two');
    expect(create(body, 'one')).toEqual({
      status: 409,
      body: {
        message:
          `Conflict. The container name "/one" is already in use by container "${inspect('one').Id}". ` +
          'You have to remove (or rename) that container to be able to reuse that name.',
      },
    });
    expect(create(body, 'a').body.message).toBe(
      'Invalid container name (a), only [a-zA-Z0-9][a-zA-Z0-9_.-] are allowed',
    );
    const rename = (name: string) => post('/containers/two/rename', { name });
    expect(rename('new:invalid').body.message).toBe(
      'Error when allocating new name: Invalid container name (/new:invalid), only [a-zA-Z0-9][a-zA-Z0-9_.-] are allowed',
    );
    expect(rename('two').body.message).toBe(
      'Renaming a container with the same name as its current name',
    );
    expect(rename('one').status).toBe(409);
    expect(rename('three').status).toBe(204);
    expect(create(body, 'two').status).toBe(201);
    expect(inspect('three').Name).toBe('/three');
  });
});
