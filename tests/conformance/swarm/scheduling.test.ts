import { describe, expect, it } from 'vitest';
import type { Endpoint, PortConfig } from '../../../src/engine/swarm/api.ts';
import { orchestra, TEMPLATE } from '../swarm-orchestra.ts';
import { countOf, placing } from './placing.ts';

const five = ['id1', 'id2', 'id3', 'id4', 'id5'].map((id) => ({ id }));

const ascending = (a: number, b: number): number => a - b;
const descending = (a = 0, b = 0): number => b - a;

const onPorts = (...ports: string[]): { endpoint: Endpoint } => ({
  endpoint: {
    Spec: {},
    Ports: ports.map((text): PortConfig => {
      const [port = '', protocol = ''] = text.split('/');
      const Protocol = protocol as PortConfig['Protocol'];
      return { Protocol, TargetPort: 80, PublishedPort: Number(port), PublishMode: 'host' };
    }),
  },
});

const memory = (MemoryBytes: number) => ({ Resources: { Reservations: { MemoryBytes } } });

describe('one service after the other, on five nodes', () => {
  const world = placing(five);
  const sorted = (service: string): number[] =>
    Object.values(world.counts(service)).sort(ascending);
  let both: string[] = [];

  it('spread-ha-1', () => {
    world.place('service1', 18);
    expect(sorted('service1')).toEqual([3, 3, 4, 4, 4]);
  });

  it('spread-ha-2', () => {
    const before = world.counts('service1');
    both = world.place('service2', 2).nodes;
    expect(new Set(both).size).toBe(2);
    expect(both.map((id) => before[id])).toEqual([3, 3]);
  });

  it('spread-ha-3', () => {
    const { nodes } = world.place('service1', 3);
    for (const id of both) expect(nodes).toContain(id);
    expect(new Set(nodes).size).toBe(3);
    expect(sorted('service1')).toEqual([4, 4, 4, 4, 5]);
  });

  it('spread-ha-4', () => {
    const before = world.counts('service1');
    const [id = ''] = world.place('service2', 1).nodes;
    expect(both).not.toContain(id);
    expect(before[id]).toBe(4);
  });

  it('spread-ha-5', () => {
    world.empty('id1');
    world.place('service1', 4);
    world.place('service2', 2);
    expect(world.counts('service1').id1).toBe(4);
    expect(world.counts('service2').id1).toBe(1);
  });
});

describe('preferences', () => {
  const az = (id: string, zone: string, rack = '', more = {}) => ({
    id,
    spec: {
      Role: 'worker' as const,
      Availability: 'active' as const,
      Labels: { az: zone, ...(rack && { rack }) },
    },
    ...more,
  });
  const over = (...labels: string[]) => ({
    Placement: {
      Preferences: labels.map((one) => ({ Spread: { SpreadDescriptor: `node.labels.${one}` } })),
    },
  });

  it('prefer-az', () => {
    const zones = ['az1', 'az2', 'az2', 'az2', 'az2'];
    const world = placing(zones.map((zone, i) => az(`id${i + 1}`, zone)));
    world.place('service', 8, over('az'));
    expect(world.counts('service')).toEqual({ id1: 4, id2: 1, id3: 1, id4: 1, id5: 1 });
  });

  it('prefer-az-rack', () => {
    const room = (memoryBytes: number, apple: number) => ({ memoryBytes, generic: { apple } });
    const world = placing([
      az('id0', 'az1', 'rack1', room(1e8, 1)),
      az('id1', 'az1', 'rack1', room(1e9, 10)),
      ...['id2', 'id3', 'id4'].map((id) => az(id, 'az2', 'rack1', room(1e9, 6))),
      ...['id5', 'id6'].map((id) => az(id, 'az2', 'rack2', room(1e9, 6))),
    ]);
    const GenericResources = [{ DiscreteResourceSpec: { Kind: 'apple', Value: 2 } }];
    const Reservations = { MemoryBytes: 2e8, GenericResources };
    world.place('service', 12, { ...over('az', 'rack'), Resources: { Reservations } });
    const { id0, id1, id2, id3, id4, id5, id6 } = world.counts('service');
    expect([id0, id1]).toEqual([0, 5]);
    const rack1 = [id2, id3, id4].sort(descending);
    const rack2 = [id5, id6].sort(descending);
    expect([
      [
        [1, 1, 1],
        [2, 2],
      ],
      [
        [2, 1, 1],
        [2, 1],
      ],
    ]).toContainEqual([rack1, rack2]);
  });
});

describe('resources', () => {
  it('resource-1', () => {
    const { error } = placing([
      { id: 'underprovisioned', cpus: 1, memoryBytes: 1e9 },
      { id: 'nonready1', memoryBytes: 2e9, state: 'unknown' },
      { id: 'nonready2', memoryBytes: 2e9, state: 'unknown' },
    ]).place('service', 1, memory(2e9));
    expect(error).toBe(
      'no suitable node (2 nodes not available for new tasks; insufficient resources on 1 node)',
    );
  });

  it('resource-2', () => {
    const { node, service, settle, tasks } = orchestra();
    node('underprovisioned', { cpus: 1, memoryBytes: 1e9 });
    service({ TaskTemplate: { ...TEMPLATE, ...memory(2e9) } });
    settle(2);
    expect(tasks()[0]?.status.err).toContain('insufficient resources on 1 node');
    node('bignode', { cpus: 4, memoryBytes: 8e9 });
    settle(2);
    expect(tasks()[0]?.node).toBe('bignode');
  });

  it('resource-ha', () => {
    const world = placing([
      { id: 'id1', memoryBytes: 1e9 },
      { id: 'id2', memoryBytes: 1e11 },
    ]);
    world.put('id1', 'service', 1, memory(5e8));
    world.put('id2', 'service', 3, memory(5e8));
    expect(world.place('service', 2, memory(5e8)).nodes.sort()).toEqual(['id1', 'id2']);
  });

  it('resource-dead', () => {
    const { node, service, settle, tasks, report } = orchestra();
    node('id1', { memoryBytes: 1e9 });
    const RestartPolicy = { Condition: 'none' } as const;
    const TaskTemplate = { ...TEMPLATE, ...memory(8e8), RestartPolicy };
    service({ TaskTemplate, Mode: { Replicated: { Replicas: 2 } } });
    settle(3);
    const waiting = tasks().find(({ node: id }) => id === '');
    expect(waiting?.status.err).toBe('no suitable node (insufficient resources on 1 node)');
    report(
      tasks().find(({ node: id }) => id !== '')!,
      'failed',
    );
    settle(3);
    expect(tasks().find(({ id }) => id === waiting?.id)?.node).toBe('id1');
  });
});

describe('other filters', () => {
  it('hostport', () => {
    const world = placing([{ id: 'nodeid1' }, { id: 'nodeid2' }]);
    const [first] = world.place('service', 1, {}, onPorts('58/tcp')).nodes;
    const [second] = world.place('service', 1, {}, onPorts('58/udp')).nodes;
    expect(new Set([first, second]).size).toBe(2);
    const { error } = world.place('service', 1, {}, onPorts('58/udp', '58/tcp'));
    expect(error).toBe('no suitable node (host-mode port already in use on 2 nodes)');
  });

  it('platform', () => {
    const Placement = { Platforms: [{ Architecture: 'arm64', OS: 'windows' }] };
    const { error } = placing(five.slice(0, 3)).place('service', 1, { Placement });
    expect(error).toBe('no suitable node (unsupported platform on 3 nodes)');
  });

  it('plugin', () => {
    const driver = { DriverConfig: { Name: 'plugin1' } };
    const Mounts = [{ Type: 'volume', Source: 'a', Target: '/a', VolumeOptions: driver }];
    const ContainerSpec = { Image: 'a', Mounts };
    const errors = [1, 2, 3].map(
      (n) => placing(five.slice(0, n)).place('service', 1, { ContainerSpec }).error,
    );
    expect(errors).toEqual([
      'no suitable node (missing plugin on 1 node)',
      'no suitable node (missing plugin on 2 nodes)',
      'no suitable node (missing plugin on 3 nodes)',
    ]);
  });

  it('max-replicas', () => {
    const world = placing([
      { id: 'nodeid1', hostname: '' },
      { id: 'nodeid2', hostname: '' },
    ]);
    const Placement = { MaxReplicas: 1 };
    const { nodes, error, unplaced } = world.place('service', 3, { Placement });
    expect([new Set(nodes).size, unplaced]).toEqual([2, 1]);
    expect(error).toBe('no suitable node (max replicas per node limit exceed)');
    world.add({ id: 'nodeid3' });
    expect(world.place('service', 1, { Placement }).nodes).toEqual(['nodeid3']);
  });

  it('max-replicas-constraint', () => {
    const world = placing(five.slice(0, 3).map(({ id }) => ({ id, hostname: '' })));
    const Placement = { MaxReplicas: 3, Constraints: ['node.hostname==node1'] };
    const { error } = world.place('service', 4, { Placement });
    expect(error).toBe('no suitable node (scheduling constraints not satisfied on 3 nodes)');
  });
});

describe('tasks that wait', () => {
  it('no-ready-node', () => {
    const { node, service, settle, tasks } = orchestra();
    service();
    settle(2);
    expect(tasks()[0]?.status).toMatchObject({ state: 'pending', err: 'no suitable node' });
    node('late');
    settle(2);
    expect(tasks()[0]).toMatchObject({ node: 'late', status: { state: 'running' } });
  });

  it('preassigned', () => {
    const { node, task, pass, get, write } = orchestra();
    node('node1');
    node('node2');
    const status = { state: 'pending', atMs: 0, message: '' } as const;
    const other = { service: 'service-2', slot: 0 };
    write();
    task('task1', { status });
    task('task2', { status, node: 'node1', ...other });
    task('task3', { status, node: 'node1', ...other, service: 'service-3' });
    pass(1);
    expect(['task1', 'task2', 'task3'].map((id) => get(id)?.node)).toEqual([
      ...['node2', 'node1', 'node1'],
    ]);
    expect(get('task2')?.status.message).toContain('preassigned node');
  });

  it('faulty-node', () => {
    const { node, service, settle, tasks, task, pass, live, cluster } = orchestra();
    cluster(20);
    node('id1');
    node('id2');
    task('there', { service: 'elsewhere', node: 'id1' });
    const RestartPolicy = { Condition: 'any', Delay: 1e9 } as const;
    service({ TaskTemplate: { ...TEMPLATE, RestartPolicy } });
    for (let i = 0; i < 8; i++) {
      settle(2, () => 'failed');
      pass(1);
    }
    const placed = tasks()
      .filter(({ node: id }) => id !== '')
      .map(({ node: id }) => id);
    expect(placed.slice(0, 6)).toEqual(['id2', 'id2', 'id2', 'id2', 'id2', 'id1']);
    expect(
      countOf(
        live().map(({ node: id }) => id),
        'id2',
      ),
    ).toBe(0);
  });
});
