import { describe, expect, test } from 'vitest';
import { createProblem } from '../../../src/engine/docker/containers/validate.ts';
import { smallDaemon } from '../../docker/small-daemon.ts';

/** Rows that are stories of their own; each test has its row's id as its title. */
const Image = 'busybox:latest';

function daemon() {
  const small = smallDaemon();
  small.stock('busybox');
  const { begin, answers } = small;
  /** Starts waiting; the number under which the answer will be found. */
  const wait = (condition: string) => {
    begin({ method: 'POST', path: '/containers/box/wait', query: { condition } });
    return condition;
  };
  const codes = () =>
    answers.flatMap(({ body }) => {
      const { StatusCode } = body as { StatusCode?: number };
      return StatusCode === undefined ? [] : [StatusCode];
    });
  return { ...small, wait, codes };
}

describe('waiting for a container', () => {
  test('wait-cycle', () => {
    const { create, post, call, inspect, pass, wait, codes } = daemon();
    const script =
      'n=$(cat /tmp/n 2>/dev/null || echo 0); n=$((n+1)); echo $n > /tmp/n; sleep 5; exit $n';
    create({ Image, Cmd: ['sh', '-c', script] }, 'box');
    wait('removed');
    wait('next-exit');
    pass(1);
    expect(codes()).toEqual([]);
    // Before the first start it does not run: at once.
    wait('not-running');
    pass(1);
    expect(codes()).toEqual([0]);
    post('/containers/box/start');
    expect(inspect('box').State).toMatchObject({ Running: true, ExitCode: 0 });
    expect(inspect('box').State.Pid).toBeGreaterThan(0);
    wait('not-running');
    pass(1_000);
    expect(codes()).toEqual([0]);
    pass(10_000);
    expect(codes()).toEqual([0, 1, 1]);
    expect(inspect('box').State.Pid).toBe(0);
    wait('not-running');
    pass(1);
    expect(codes()).toEqual([0, 1, 1, 1]);
    post('/containers/box/start');
    pass(10_000);
    expect(codes()).toHaveLength(4);
    call({ method: 'DELETE', path: '/containers/box' });
    pass(1);
    expect(codes()).toEqual([0, 1, 1, 1, 2]);
  });

  test('wait-survives-restart', () => {
    const { run, pass, wait, codes, inspect } = daemon();
    const HostConfig = { RestartPolicy: { Name: 'always', MaximumRetryCount: 0 } };
    run({ Image, Cmd: ['sh', '-c', 'sleep 3; exit 10'], HostConfig }, 'box');
    wait('not-running');
    pass(4_000);
    expect(codes()).toEqual([10]);
    expect(inspect('box').State.Running).toBe(true);
  });

  test('wait-timeout', () => {
    // The daemon's own waits have deadlines: those of a stop that goes over to SIGKILL.
    const { run, processes, pass, inspect, kernel } = daemon();
    run({ Image, Cmd: ['sleep', '1000'] }, 'box');
    const results: unknown[] = [];
    kernel.event<{ ending: { result?: unknown } }>('test/waited', ({ ending }) =>
      results.push(ending.result),
    );
    processes.program('test/wait', function* (request: object) {
      const resumption = yield { call: 'ask', service: 'docker-internal/dev', body: request };
      return 'answer' in resumption ? resumption.answer : undefined;
    });
    const request = {
      op: 'wait',
      id: inspect('box').Id,
      condition: 'not-running',
      timeoutMs: 2_000,
    };
    processes.spawn('test/wait', request, { then: { event: 'test/waited', payload: {} } });
    pass(1_999);
    expect(results).toEqual([]);
    pass(10);
    expect(results).toEqual([{ exitCode: -1, error: 'context deadline exceeded' }]);
  });
});

describe('names of containers', () => {
  const body = { Image, Cmd: ['true'] };

  test('name-idempotent', () => {
    // A name that a container has already is no conflict with itself.
    const { create, docker, machine, inspect } = daemon();
    create(body, 'box');
    const { Id } = inspect('box');
    expect(docker.containers.creation.nameProblem(machine, 'box', Id)).toBeUndefined();
  });

  test('name-conflict', () => {
    const { create } = daemon();
    create(body, 'box');
    expect(create(body, 'box')).toMatchObject({ status: 409 });
  });

  test('name-release', () => {
    const { create, call, post } = daemon();
    create(body, 'box');
    call({ method: 'DELETE', path: '/containers/box' });
    expect(create(body, 'box').status).toBe(201);
    post('/containers/box/rename', { name: 'other' });
    expect(create(body, 'box').status).toBe(201);
  });

  test('name-missing', () => {
    const { get } = daemon();
    expect(get('/containers/box/json').status).toBe(404);
  });
});

describe('odd health checks', () => {
  test('health-empty', () => {
    const { run, pass, inspect } = daemon();
    run({ Image, Cmd: ['sleep', '1000'], Healthcheck: { Test: ['CMD'] } }, 'box');
    pass(35_000);
    const [first] = inspect('box').State.Health!.Log;
    expect(first).toMatchObject({ ExitCode: -1 });
    expect(first?.Output).toContain('has no command');
    expect(createProblem({ Healthcheck: { Test: ['CMD'], Retries: -1 } })).toBe(
      'Retries in Healthcheck cannot be negative',
    );
  });

  test('stop-default', () => {
    const { run, post, inspect, events, kernel } = daemon();
    const times = () =>
      events()
        .filter(({ Action }) => Action === 'kill')
        .map(({ Actor }) => Actor.Attributes.signal);
    run({ Image, Cmd: ['sleep', '1000'] }, 'box');
    let before = kernel.now;
    expect(post('/containers/box/stop').status).toBe(204);
    expect(kernel.now - before).toBeGreaterThanOrEqual(10_000);
    expect(times()).toEqual(['15', '9']);
    expect(inspect('box').State.ExitCode).toBe(137);
    expect(post('/containers/box/stop').status).toBe(304);
    run({ Image, Cmd: ['sleep', '1000'], StopTimeout: 3, StopSignal: 'SIGUSR1' }, 'own');
    before = kernel.now;
    post('/containers/own/stop');
    expect(kernel.now - before).toBeLessThan(4_000);
    expect(times().slice(2)).toEqual(['10', '9']);
    post('/containers/own/start');
    before = kernel.now;
    post('/containers/own/stop', { t: '5' });
    expect(Math.floor((kernel.now - before) / 1000)).toBe(5);
  });
});
