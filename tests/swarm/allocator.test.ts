import { describe, expect, it } from 'vitest';
import { Session } from '../../src/engine/session.ts';
import type { PortConfig, ServiceSpec } from '../../src/engine/swarm/api.ts';
import type { NetworkObject, ServiceObject, TaskObject } from '../../src/engine/swarm/objects.ts';

/** A swarm of one node, and what is written to its store. */
function founded() {
  const session = new Session({ preset: 'swarm', seed: 1 });
  session.type('docker swarm init');
  session.type('sleep 0.1');
  const { rooms } = session.world.swarm;
  const swarm = rooms.locals.get('node-1')?.swarm ?? '';
  const none = { version: 0, createdAtMs: 0, updatedAtMs: 0 };
  const settle = () => void session.type('sleep 0.1');
  const network = (id: string, subnet = ''): void => {
    const set: NetworkObject = {
      ...{ id, ...none, name: id, labels: {}, driver: 'overlay', options: {}, attachable: false },
      ...{ ingress: false, internal: false, subnet: '', gateway: '' },
      requested: { subnet, gateway: '' },
    };
    rooms.store.write(swarm, [{ kind: 'network', set }]);
    settle();
  };
  const service = (id: string, spec: Partial<ServiceSpec> = {}): void => {
    const set: ServiceObject = {
      ...{ id, ...none, specVersion: 0 },
      spec: {
        ...{ Name: id, Labels: {}, Mode: { Replicated: { Replicas: 0 } } },
        TaskTemplate: { ForceUpdate: 0, ContainerSpec: { Image: 'nginx' } },
        ...spec,
      },
    };
    rooms.store.write(swarm, [{ kind: 'service', set }]);
    settle();
  };
  /** The one task of a service that wants one. */
  const taskOf = (id: string): TaskObject | undefined => rooms.store.tasksOf(swarm, id)[0];
  const get = {
    network: (id: string) => rooms.store.get(swarm, 'network', id),
    service: (id: string) => rooms.store.get(swarm, 'service', id),
  };
  return { rooms, swarm, settle, network, service, taskOf, get };
}

const port = (target: number, published?: number): PortConfig => ({
  ...{ Protocol: 'tcp', TargetPort: target, PublishMode: 'ingress' },
  ...(published !== undefined && { PublishedPort: published }),
});

/** Its task is never placed. */
const PLACELESS = { Constraints: ['node.hostname==none'] };
const ONE: Pick<ServiceSpec, 'Mode'> = { Mode: { Replicated: { Replicas: 1 } } };

const onNetworks = (...ids: string[]): Partial<ServiceSpec> => ({
  TaskTemplate: {
    ...{ ForceUpdate: 0, ContainerSpec: { Image: 'nginx' } },
    Networks: ids.map((Target) => ({ Target })),
    Placement: PLACELESS,
  },
});

describe('networks of a swarm', () => {
  it('are cut from its pool in order, that of the routing mesh first', () => {
    const { rooms, swarm, network, get } = founded();
    network('back');
    network('front', '10.0.7.0/26');
    const ingress = rooms.store.named(swarm, 'network', 'ingress');
    expect(ingress).toMatchObject({ subnet: '10.0.0.0/24', gateway: '10.0.0.1', ingress: true });
    expect(get.network('back')).toMatchObject({
      subnet: '10.0.1.0/24',
      gateway: '10.0.1.1',
      options: { 'com.docker.network.driver.overlay.vxlanid_list': '4097' },
    });
    expect(get.network('front')?.subnet).toBe('10.0.7.0/26');
  });

  it('wait for a subnet that another has until that one goes', () => {
    const { rooms, swarm, settle, network, get } = founded();
    network('back', '10.0.9.0/24');
    network('other', '10.0.9.0/25');
    expect(get.network('other')?.subnet).toBe('');
    rooms.store.write(swarm, [{ kind: 'network', delete: 'back' }]);
    settle();
    expect(get.network('other')?.subnet).toBe('10.0.9.0/25');
  });
});

describe('a service', () => {
  it('has an address on each of its networks, its tasks the next ones', () => {
    const { network, service, taskOf, get } = founded();
    network('back');
    const EndpointSpec = { Mode: 'vip' as const, Ports: [port(80)] };
    service('web', { ...onNetworks('back'), ...ONE, EndpointSpec });
    const addresses = get.service('web')?.endpoint?.VirtualIPs?.map(({ Addr }) => Addr);
    expect(addresses).toEqual(['10.0.0.3/24', '10.0.1.2/24']);
    expect(taskOf('web')).toMatchObject({
      status: { state: 'pending', message: 'pending task scheduling' },
      attachments: [{ addresses: ['10.0.0.4/24'] }, { addresses: ['10.0.1.3/24'] }],
    });
  });

  it('has no address when its names are told in turn', () => {
    const { network, service, get } = founded();
    network('back');
    service('web', { ...onNetworks('back'), EndpointSpec: { Mode: 'dnsrr' } });
    expect(get.service('web')?.endpoint).toEqual({ Spec: { Mode: 'dnsrr' } });
  });

  it('is given ports from 30000 on that it keeps', () => {
    const { rooms, swarm, settle, service, get } = founded();
    service('a', { EndpointSpec: { Mode: 'vip', Ports: [port(80)] } });
    service('b', { EndpointSpec: { Mode: 'vip', Ports: [port(80), port(81, 8081)] } });
    const ports = (id: string) =>
      get.service(id)?.endpoint?.Ports?.map(({ PublishedPort }) => PublishedPort);
    expect([ports('a'), ports('b')]).toEqual([[30_000], [30_001, 8081]]);
    const changed = get.service('b')!;
    const EndpointSpec = { Mode: 'vip' as const, Ports: [port(80), port(82)] };
    const set = { ...changed, spec: { ...changed.spec, EndpointSpec } };
    rooms.store.write(swarm, [{ kind: 'service', set }]);
    settle();
    expect(ports('b')).toEqual([30_001, 30_002]);
  });

  it('and its tasks wait for a port that another service has', () => {
    const { rooms, swarm, settle, service, taskOf } = founded();
    service('a', { EndpointSpec: { Mode: 'vip', Ports: [port(80, 8080)] } });
    const EndpointSpec = { Mode: 'vip' as const, Ports: [port(80, 8080)] };
    service('b', { ...onNetworks(), ...ONE, EndpointSpec });
    expect(taskOf('b')?.status.state).toBe('new');
    rooms.store.write(swarm, [{ kind: 'service', delete: 'a' }]);
    settle();
    expect(taskOf('b')?.status.state).toBe('pending');
  });

  it('leaves its addresses to others, which get them last', () => {
    const { rooms, swarm, settle, network, service, get } = founded();
    network('back');
    service('a', onNetworks('back'));
    rooms.store.write(swarm, [{ kind: 'service', delete: 'a' }]);
    settle();
    service('b', onNetworks('back'));
    expect(get.service('b')?.endpoint?.VirtualIPs?.[0]?.Addr).toBe('10.0.1.3/24');
  });
});
