import { describe, expect, it } from 'vitest';
import type { RestartPolicy } from '../../../src/engine/swarm/api.ts';
import type { TaskObject } from '../../../src/engine/swarm/objects.ts';
import { orchestra, TEMPLATE } from '../swarm-orchestra.ts';

function running(policy: RestartPolicy, replicas = 2, limit = 5) {
  const room = orchestra();
  room.cluster(limit);
  room.node('node-1');
  room.node('node-2');
  const TaskTemplate = { ...TEMPLATE, RestartPolicy: policy };
  room.service({ TaskTemplate, Mode: { Replicated: { Replicas: replicas } } });
  room.settle();
  const failAll = (): void => {
    for (const task of room.live()) room.report(task, 'failed');
    room.settle();
  };
  const inSlot = (slot: number): TaskObject[] => room.tasks().filter((one) => one.slot === slot);
  return { ...room, failAll, inSlot };
}

describe('a task that failed', () => {
  it('restart-delay', () => {
    const { live, report, pass, tasks, get } = running({ Condition: 'any', Delay: 1e8 }, 1);
    const [first] = live();
    report(first!, 'failed');
    pass(0.01);
    const fresh = tasks().find(({ id }) => id !== first!.id)!;
    expect(fresh.desired).toBe('ready');
    pass(0.08);
    expect(get(fresh.id)?.desired).toBe('ready');
    pass(0.02);
    expect(get(fresh.id)?.desired).toBe('running');
  });

  it('restart-max', () => {
    const { failAll, inSlot, live, respec } = running({
      ...{ Condition: 'any', Delay: 1e8, MaxAttempts: 1 },
    });
    failAll();
    expect(live()).toHaveLength(2);
    failAll();
    expect(live()).toHaveLength(0);
    expect([inSlot(1).length, inSlot(2).length]).toEqual([2, 2]);
    const RestartPolicy = { Condition: 'any', Delay: 1e8, MaxAttempts: 1 } as const;
    const ContainerSpec = { Image: 'v:2' };
    respec((spec) => ({ ...spec, TaskTemplate: { ...TEMPLATE, RestartPolicy, ContainerSpec } }));
    for (let i = 0; i < 4 && live().length === 0; i++) failAll();
    const [fresh] = live();
    expect(fresh?.spec.ContainerSpec.Image).toBe('v:2');
  });

  it('restart-window', () => {
    const { failAll, live, pass, report, settle } = running(
      { Condition: 'any', Delay: 1e8, MaxAttempts: 1, Window: 5e8 },
      1,
    );
    const fail = (): void => {
      for (const task of live()) report(task, 'failed');
      pass(0.2);
    };
    fail();
    expect(live()).toHaveLength(1);
    settle(1);
    pass(2);
    failAll();
    expect(live()).toHaveLength(1);
    const fast = running({ Condition: 'any', Delay: 1e8, MaxAttempts: 1, Window: 6e10 }, 1);
    fast.failAll();
    fast.failAll();
    expect(fast.live()).toHaveLength(0);
  });

  it('history', () => {
    const { failAll, inSlot, tasks } = running({ Condition: 'any', Delay: 1e8 }, 2, 2);
    const first = tasks().map(({ id }) => id);
    failAll();
    failAll();
    expect([inSlot(1).length, inSlot(2).length]).toEqual([2, 2]);
    for (const { id } of tasks()) expect(first).not.toContain(id);
  });

  it('restart-none-noop-update', () => {
    const { tasks, report, settle, respec } = running({ Condition: 'none' });
    for (const task of tasks()) report(task, 'failed');
    settle();
    const before = tasks().map(({ id }) => id);
    respec((spec) => spec);
    settle();
    expect(tasks().map(({ id }) => id)).toEqual(before);
  });

  it('restart-none-spec-update', () => {
    const { tasks, report, settle, respec } = running({ Condition: 'none' });
    for (const task of tasks()) report(task, 'failed');
    settle();
    const ContainerSpec = { Image: 'v:2' };
    respec((spec) => ({ ...spec, TaskTemplate: { ...spec.TaskTemplate, ContainerSpec } }));
    settle(60);
    const fresh = tasks().filter(({ spec }) => spec.ContainerSpec.Image === 'v:2');
    expect(fresh).toHaveLength(2);
  });
});

describe('a node that is drained, down or gone', () => {
  function five() {
    const room = orchestra();
    const availability = (Availability: 'active' | 'pause' | 'drain') => ({
      spec: { Role: 'worker', Availability } as const,
    });
    room.node('id1');
    room.node('id2', { state: 'down' });
    room.node('id3', { state: 'unknown' });
    room.node('id4', availability('pause'));
    room.node('id5', availability('drain'));
    room.service({ Mode: { Replicated: { Replicas: 5 } } });
    for (let slot = 1; slot <= 5; slot++) room.task(`task${slot}`, { slot, node: `id${slot}` });
    room.pass(0.5);
    const desired = (n: number) => room.get(`task${n}`)?.desired;
    return { ...room, desired, availability };
  }

  it('drain-start', () => {
    const { desired } = five();
    expect([1, 2, 3, 4, 5].map(desired)).toEqual([
      ...['running', 'shutdown', 'running', 'running', 'shutdown'],
    ]);
  });

  it('drain-new-on-down', () => {
    const { task, pass, get } = five();
    task('new', { slot: 6, node: 'id2' });
    pass(0.5);
    expect(get('new')?.desired).toBe('shutdown');
  });

  it('drain-later', () => {
    const { node, pass, desired, availability } = five();
    node('id4', availability('drain'));
    pass(0.5);
    expect(desired(4)).toBe('shutdown');
  });

  it('drain-node-deleted', () => {
    const { write, pass, desired } = five();
    write({ kind: 'node', delete: 'id1' });
    pass(0.5);
    expect(desired(1)).toBe('shutdown');
  });

  it('drain-no-delay', () => {
    const { node, pass, tasks, report, get, availability } = five();
    node('id1', availability('drain'));
    pass(0.1);
    report(get('task1')!, 'shutdown');
    pass(0.1);
    const fresh = tasks().find(({ slot, desired }) => slot === 1 && desired !== 'shutdown');
    expect(fresh?.desired).toBe('running');
  });
});

describe('too many replicas', () => {
  const room = orchestra();
  for (const id of ['node1', 'node2', 'node3']) room.node(id);
  const nodes = ['node1', 'node2', 'node2', 'node3', 'node3', 'node3', ''];
  nodes.forEach((node, i) => {
    const state = i === 0 ? 'starting' : node === '' ? 'new' : 'running';
    const status = { state, atMs: 0, message: '' } as const;
    room.task(`task${i + 1}`, { slot: i + 1, node, status });
  });
  const scale = (replicas: number): string[] => {
    const spec = { Mode: { Replicated: { Replicas: replicas } } };
    if (room.store.get(room.swarm, 'service', 'service-1')) {
      room.respec((before) => ({ ...before, ...spec }));
    } else {
      room.service(spec);
    }
    room.pass(0.1);
    const left = room.tasks().filter(({ desired }) => desired === 'running');
    return left.map(({ id }) => id);
  };

  it('scale-down-1', () => {
    expect(scale(6)).toEqual(['task1', 'task2', 'task3', 'task4', 'task5', 'task6']);
  });

  it('scale-down-2', () => {
    expect(scale(4)).toEqual(['task1', 'task2', 'task3', 'task4']);
    expect(room.get('task6')?.desired).toBe('remove');
  });

  it('scale-down-3', () => {
    expect(scale(2)).toEqual(['task2', 'task4']);
  });
});
