import { describe, expect, it } from 'vitest';
import type { ServiceSpec } from '../../../src/engine/swarm/api.ts';
import { serviceProblem } from '../../../src/engine/swarm/control-api/service-validation.ts';
import { swarmSession } from '../../swarm/swarm-session.ts';
import { TEMPLATE } from '../swarm-orchestra.ts';

const problem = (more: Partial<ServiceSpec>): string | undefined =>
  serviceProblem({
    ...{ Name: 'web', Labels: {}, TaskTemplate: TEMPLATE },
    Mode: { Replicated: { Replicas: 1 } },
    ...more,
  })?.message;

const port = (published: number, mode: 'ingress' | 'host' = 'ingress') => ({
  ...({ Protocol: 'tcp', TargetPort: 80, PublishedPort: published, PublishMode: mode } as const),
});

describe('a service that is refused', () => {
  it('dnsrr-ingress', () => {
    expect(problem({ EndpointSpec: { Mode: 'dnsrr', Ports: [port(80)] } })).toBe(
      "EndpointSpec: port published with ingress mode can't be used with dnsrr mode",
    );
    expect(problem({ EndpointSpec: { Mode: 'dnsrr', Ports: [port(80, 'host')] } })).toBeUndefined();
  });

  it('port-dup', () => {
    expect(problem({ EndpointSpec: { Ports: [port(80), port(80)] } })).toBe(
      'EndpointSpec: duplicate published ports provided',
    );
  });

  it('min-cpu', () => {
    const limits = (Limits: object) =>
      problem({ TaskTemplate: { ...TEMPLATE, Resources: { Limits } } });
    expect(limits({ NanoCPUs: 1e6, MemoryBytes: 4 * 1024 * 1024 })).toBeUndefined();
    expect(limits({ NanoCPUs: 5e5 })).toBe('invalid cpu value 0.0005: Must be at least 0.001');
    expect(limits({ MemoryBytes: 1024 })).toBe('invalid memory value 1024: Must be at least 4MiB');
  });

  it('ratio-range', () => {
    const ratio = (MaxFailureRatio: number) =>
      problem({ UpdateConfig: { Parallelism: 1, MaxFailureRatio } });
    expect([ratio(0), ratio(1)]).toEqual([undefined, undefined]);
    for (const value of [-0.1, 1.1]) {
      expect(ratio(value)).toBe(
        'TaskSpec: update-maxfailureratio cannot be less than 0 or bigger than 1',
      );
    }
  });

  it('jobs-no-update', () => {
    const UpdateConfig = { Parallelism: 1, MaxFailureRatio: 0 };
    for (const Mode of [{ ReplicatedJob: {} }, { GlobalJob: {} }]) {
      expect(problem({ Mode, UpdateConfig })).toBe('Jobs may not have an update config');
    }
  });
});

describe('a port that another service has', () => {
  const shape = (text: string): string =>
    text
      .replace(/\([0-9a-z]{25}\)/, '(ID)')
      .replace(/^.*desc = /s, '')
      .trim();

  it('port-taken-ingress', () => {
    const { found, must, type } = swarmSession();
    found(1, 0);
    must('docker service create -d --name web -p 8080:80 alpine:3.22 sleep 1d');
    const again = type('docker service create -d --name other -p 8080:80 alpine:3.22 sleep 1d');
    expect(shape(again)).toBe(
      "port '8080' is already in use by service 'web' (ID) as an ingress port",
    );
  });

  it('port-taken-host', () => {
    const { found, must, type } = swarmSession();
    found(1, 0);
    const host = 'published=8080,target=80,mode=host';
    must(`docker service create -d --name web -p ${host} alpine:3.22 sleep 1d`);
    const again = type('docker service create -d --name other -p 8080:80 alpine:3.22 sleep 1d');
    expect(shape(again)).toBe(
      "port '8080' is already in use by service 'web' (ID) as a host-published port",
    );
  });
});

describe('managers that have to stay', () => {
  it('demote-last', () => {
    const { found, type } = swarmSession();
    found(1, 0);
    expect(type('docker node demote node-1')).toContain(
      'attempting to demote the last manager of the swarm',
    );
  });

  it('demote-quorum', () => {
    const { found, must, type, pass } = swarmSession();
    found(3, 0);
    must('drydock fault machine node-3 down');
    pass(20);
    expect(type('docker node demote node-2')).toContain(
      "can't remove member from the raft: this would result in a loss of quorum",
    );
  });

  it('node-rm-up', () => {
    const { found, type, nodeId } = swarmSession();
    found(1, 1);
    expect(type('docker node rm node-2')).toContain(
      `node ${nodeId('node-2')} is not down and can't be removed`,
    );
  });

  it('node-rm-manager', () => {
    const { found, type, nodeId } = swarmSession();
    found(2, 0);
    expect(type('docker node rm node-2')).toContain(
      `node ${nodeId('node-2')} is a cluster manager and is a member of the raft cluster. ` +
        'It must be demoted to worker before removal',
    );
  });
});
