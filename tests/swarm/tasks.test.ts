import { describe, expect, it } from 'vitest';
import type { ProcessRow } from '../../src/engine/sim/process.ts';
import { NGINX, swarmSession } from './swarm-session.ts';

const NS = 1_000_000_000;

describe('a task that was assigned to a worker', () => {
  it('becomes a container with the labels of its swarm, and runs', () => {
    const { found, assign, pass, task, must, nodeId } = swarmSession();
    found(1, 2);
    const id = assign('node-2', {
      spec: { ContainerSpec: { Image: NGINX, Env: ['A={{.Task.Slot}}'] } },
    });
    pass(20);
    expect(task(id)?.status).toMatchObject({ state: 'running', message: 'started' });
    const format = "'{{json .Config.Labels}} {{.State.Status}} {{json .Config.Env}}'";
    const seen = must(`ssh node-2 "docker inspect web.1.${id} --format ${format}"`);
    expect(seen).toContain(`"com.docker.swarm.task.id":"${id}"`);
    expect(seen).toContain(`"com.docker.swarm.node.id":"${nodeId('node-2')}"`);
    expect(seen).toContain('"com.docker.swarm.service.name":"web"');
    expect(seen).toContain('running');
    expect(seen).toContain('"A=1"');
    expect(must('docker node ps node-2')).toMatch(/web\.1|service-of-tests\.1/);
  });

  it('passes through the states of a task in their order', () => {
    const { found, assign, pass, session, task } = swarmSession();
    found(1, 1);
    const id = assign('node-2');
    const name = task(id)?.name ?? '';
    pass(20);
    const states = session.world.kernel.trace
      .of(`task ${name}`)
      .filter(({ actor }) => actor === 'agent/node-2')
      .filter(({ verb }) => verb !== 'report')
      .map(({ verb }) => verb);
    expect(states).toEqual(['accepted', 'preparing', 'ready', 'starting', 'running']);
  });

  it('waits in ready until it is to run', () => {
    const { found, assign, pass, task, desire, containers } = swarmSession();
    found(1, 1);
    const id = assign('node-2', { desired: 'ready' });
    pass(20);
    expect(task(id)?.status).toMatchObject({ state: 'ready', message: 'prepared' });
    expect(containers('node-2')).toEqual([`web.1.${id} Created`]);
    desire(id, 'running');
    pass(2);
    expect(task(id)?.status.state).toBe('running');
  });

  it('is stopped within its grace period, and its container goes with the task', () => {
    const { found, assign, pass, task, desire, drop, containers } = swarmSession();
    found(1, 1);
    const id = assign('node-2');
    pass(20);
    desire(id, 'shutdown');
    pass(2);
    expect(task(id)?.status).toMatchObject({ state: 'shutdown', message: 'shutdown' });
    expect(containers('node-2')).toEqual([expect.stringMatching(/Exited \(0\)/)]);
    drop(id);
    pass(2);
    expect(containers('node-2')).toEqual([]);
  });

  it('fails with the exit code of its container, or is complete', () => {
    const { found, assign, pass, task } = swarmSession();
    found(1, 1);
    const run = (Args: string[]) => ({ spec: { ContainerSpec: { Image: 'alpine:3.22', Args } } });
    const bad = assign('node-2', { ...run(['sh', '-c', 'sleep 1; exit 3']), slot: 1 });
    const good = assign('node-2', { ...run(['sleep', '1']), slot: 2 });
    pass(30);
    expect(task(bad)?.status).toMatchObject({ state: 'failed', err: 'task: non-zero exit (3)' });
    expect(task(bad)?.status.container?.exitCode).toBe(3);
    expect(task(good)?.status).toMatchObject({ state: 'complete', message: 'finished' });
  });

  it('is rejected when its image is not there', () => {
    const { found, assign, pass, task } = swarmSession();
    found(1, 1);
    const id = assign('node-2', { spec: { ContainerSpec: { Image: 'nginx:none-such' } } });
    pass(30);
    const status = task(id)?.status;
    expect(status).toMatchObject({ state: 'rejected', message: 'preparing' });
    expect(status?.err).toContain('not found');
  });

  it('runs only when its check says that it is healthy, and ends when it is not', () => {
    const { found, assign, pass, task, must } = swarmSession();
    found(1, 1);
    const Healthcheck = {
      Test: ['CMD-SHELL', 'test -f /tmp/ready'],
      Interval: 2 * NS,
      Timeout: NS,
      Retries: 2,
      StartPeriod: 30 * NS,
    };
    const Args = ['sleep', '1d'];
    const ContainerSpec = { Image: 'alpine:3.22', Args, Healthcheck };
    const id = assign('node-2', { spec: { ContainerSpec } });
    pass(15);
    expect(task(id)?.status.state).toBe('starting');
    must(`ssh node-2 docker exec web.1.${id} touch /tmp/ready`);
    pass(6);
    expect(task(id)?.status.state).toBe('running');
    must(`ssh node-2 docker exec web.1.${id} rm /tmp/ready`);
    pass(20);
    const status = task(id)?.status;
    expect(status).toMatchObject({ state: 'failed' });
    expect(status?.err).toBe('task: non-zero exit (137): dockerexec: unhealthy container');
  });

  it('is found again by a daemon that was restarted', () => {
    const { found, assign, pass, task, must, containers } = swarmSession();
    found(1, 1);
    const id = assign('node-2');
    pass(20);
    must('drydock fault daemon node-2 stop');
    pass(3);
    must('drydock fault daemon node-2 start');
    pass(12);
    expect(containers('node-2')).toEqual([expect.stringMatching(/^web\.1\.\S+ Exited/)]);
    expect(['complete', 'failed']).toContain(task(id)?.status.state);
  });
});

it('a task that is checked for a day keeps nothing of its checks', () => {
  const { found, assign, session } = swarmSession();
  found(1, 1);
  const Healthcheck = { Test: ['CMD', 'true'], Interval: 30 * NS };
  assign('node-2', { spec: { ContainerSpec: { Image: NGINX, Healthcheck } } });
  const { kernel } = session.world;
  kernel.advance(kernel.now + 24 * 3_600_000);
  const rows = kernel.store.tables().get('sim/processes')?.values() as Iterable<ProcessRow>;
  const told = [...rows].filter(({ program }) => program === 'swarm/task').map((row) => row.told);
  expect(told).toHaveLength(1);
  expect(told[0]?.length).toBeLessThan(12);
});

it('a task whose machine lost its power has failed when the machine is back', () => {
  const { found, assign, pass, task, must, nodes } = swarmSession();
  found(1, 1);
  const id = assign('node-2');
  pass(20);
  must('drydock fault machine node-2 down');
  pass(20);
  expect(nodes()['node-2']?.status).toBe('Down');
  expect(task(id)?.status.state).toBe('running');
  must('drydock fault machine node-2 up');
  pass(15);
  expect(nodes()['node-2']?.status).toBe('Ready');
  expect(task(id)?.status).toMatchObject({ state: 'failed', err: 'task: non-zero exit (255)' });
});

it('the tasks of a node that was down for a day are orphaned', () => {
  const { found, assign, pass, task, must, session } = swarmSession();
  found(1, 1);
  const id = assign('node-2');
  pass(20);
  must('drydock fault machine node-2 down');
  const { kernel } = session.world;
  kernel.advance(kernel.now + 23 * 3_600_000);
  expect(task(id)?.status.state).toBe('running');
  kernel.advance(kernel.now + 3_700_000);
  expect(task(id)?.status.state).toBe('orphaned');
});

describe('a world with a swarm', () => {
  it('goes on from a checkpoint as it went on before', () => {
    const { found, assign, session, must } = swarmSession();
    found(3, 1);
    const { kernel } = session.world;
    assign('node-4');
    must('sleep 0.3');
    const checkpoint = kernel.checkpoint();
    kernel.advance(kernel.now + 60_000);
    const hash = kernel.hash();
    kernel.restore(checkpoint);
    kernel.advance(kernel.now + 60_000);
    expect(kernel.hash()).toBe(hash);
  });
});

it('the log of a task is read at a manager, with whose it is', () => {
  const { found, assign, pass, session, nodeId } = swarmSession();
  found(1, 1);
  const Args = ['sh', '-c', 'echo one; echo two; sleep 1d'];
  const id = assign('node-2', { spec: { ContainerSpec: { Image: 'alpine:3.22', Args } } });
  pass(20);
  const { processes } = session.world.swarm.rooms;
  const stream = processes.streams.open();
  const query = { stdout: '1', stderr: '1', details: '1' };
  const request = { method: 'GET', path: `/tasks/${id}/logs`, query, stream };
  processes.spawn('docker/request', { service: 'docker/node-1', request, stream });
  pass(1);
  const lines = processes.streams.take(stream).map((chunk) => (chunk as { text: string }).text);
  const mark = (line: string): string =>
    `com.docker.swarm.node.id=${nodeId('node-2')},com.docker.swarm.service.id=service-of-tests,` +
    `com.docker.swarm.task.id=${id} ${line}\n`;
  expect(lines).toEqual([mark('one'), mark('two')]);
});
