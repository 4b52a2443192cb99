import { describe, expect, it } from 'vitest';
import type { NodeSpec } from '../../../src/engine/swarm/api.ts';
import { orchestra, TEMPLATE } from '../swarm-orchestra.ts';

const spec = (more: Partial<NodeSpec>): { spec: NodeSpec } => ({
  spec: { Role: 'worker', Availability: 'active', ...more },
});

describe('what nodes are no more', () => {
  const needs = (more: object) => ({ spec: { ...TEMPLATE, ...more } });
  const only = (constraint: string) => needs({ Placement: { Constraints: [constraint] } });

  /** Nodes and tasks of services that are gone: nobody but the enforcer looks after them. */
  function enforced() {
    const room = orchestra();
    room.node('manager', spec({ Role: 'manager' }));
    room.node('worker');
    room.node('small', { memoryBytes: 1e9 });
    const one = { service: '' };
    room.task('misplaced', { node: 'worker', ...one, ...only('node.role == manager') });
    room.task('worker-only', { node: 'worker', ...one, ...only('node.role == worker') });
    room.task('free', { node: 'worker', ...one });
    room.task('free-too', { node: 'small', ...one });
    const Reservations = { MemoryBytes: 9e8 };
    room.task('large', { node: 'small', ...one, ...needs({ Resources: { Reservations } }) });
    // A leader who starts looks at all nodes.
    room.node('worker');
    room.pass(0.1);
    return room;
  }

  it('enforce-role', () => {
    const { get } = enforced();
    expect(get('misplaced')?.status).toMatchObject({
      ...{ state: 'rejected', err: 'assigned node no longer meets constraints' },
    });
    expect(get('worker-only')?.status.state).toBe('running');
  });

  it('enforce-role-change', () => {
    const { get, node, pass } = enforced();
    node('worker', spec({ Role: 'manager' }));
    pass(0.1);
    expect(get('worker-only')?.status.state).toBe('rejected');
  });

  it('enforce-resources', () => {
    const { get, node, pass } = enforced();
    expect(get('large')?.status.state).toBe('running');
    node('small', { memoryBytes: 5e8 });
    pass(0.1);
    expect(get('large')?.status.state).toBe('rejected');
  });

  it('enforce-unconstrained', () => {
    const { get, node, pass } = enforced();
    node('worker', spec({ Role: 'manager' }));
    node('small', { memoryBytes: 5e8 });
    pass(0.1);
    expect(['free', 'free-too'].map((id) => get(id)?.status.state)).toEqual([
      ...['running', 'running'],
    ]);
  });
});

describe('a global service', () => {
  function globalService() {
    const room = orchestra();
    room.node('id1');
    room.service({ Mode: { Global: {} } });
    room.settle();
    const wanted = (): string[] => room.live().map(({ node }) => node);
    /** A new version of the service. */
    const update = (): void => {
      const ContainerSpec = { Image: 'v:2' };
      room.respec((one) => ({ ...one, TaskTemplate: { ...TEMPLATE, ContainerSpec } }));
      room.settle();
    };
    return { ...room, wanted, update };
  }

  it('global:add-service', () => {
    const { node, service, settle, live } = orchestra();
    for (const id of ['id1', 'id2']) node(id);
    node('id3', spec({ Availability: 'pause' }));
    node('id4', { state: 'down' });
    service({ Mode: { Global: {} } });
    settle();
    expect(
      live()
        .map(({ node: id }) => id)
        .sort(),
    ).toEqual(['id1', 'id2']);
  });

  it('global:add-node', () => {
    const { node, settle, wanted } = globalService();
    node('id2');
    settle();
    expect(wanted().sort()).toEqual(['id1', 'id2']);
  });

  it('global:delete-node', () => {
    const { write, settle, tasks } = globalService();
    write({ kind: 'node', delete: 'id1' });
    settle();
    expect(tasks()).toEqual([]);
  });

  it('global:drain', () => {
    const { node, settle, tasks, wanted, update } = globalService();
    node('id1', spec({ Availability: 'drain' }));
    settle();
    expect(tasks().map(({ desired }) => desired)).toEqual(['shutdown']);
    update();
    expect(wanted()).toEqual([]);
  });

  it('global:reactivate', () => {
    const { node, settle, wanted } = globalService();
    node('id1', spec({ Availability: 'drain' }));
    settle();
    node('id1');
    settle();
    expect(wanted()).toEqual(['id1']);
  });

  it('global:down', () => {
    const { node, settle, tasks, wanted, update } = globalService();
    node('id1', { state: 'down' });
    settle();
    expect(tasks().map(({ desired }) => desired)).toEqual(['shutdown']);
    update();
    expect(wanted()).toEqual([]);
  });
});
