import { describe, expect, it } from 'vitest';
import type { PortConfig, ServiceSpec } from '../../src/engine/swarm/api.ts';
import type { ServiceWire } from '../../src/engine/swarm/wire/service.ts';
import { NGINX, swarmSession } from './swarm-session.ts';

const web = (more: Partial<ServiceSpec> = {}): Partial<ServiceSpec> => ({
  Name: 'web',
  TaskTemplate: { ContainerSpec: { Image: NGINX }, ForceUpdate: 0 },
  Mode: { Replicated: { Replicas: 2 } },
  ...more,
});

const task = (
  container: Partial<ServiceSpec['TaskTemplate']['ContainerSpec']>,
  more: Partial<ServiceSpec['TaskTemplate']> = {},
): Partial<ServiceSpec> =>
  web({ TaskTemplate: { ContainerSpec: { Image: NGINX, ...container }, ForceUpdate: 0, ...more } });

const port = (published: number, more: Partial<PortConfig> = {}): PortConfig => ({
  ...{ Protocol: 'tcp', TargetPort: 80, PublishedPort: published, PublishMode: 'ingress' },
  ...more,
});

const ports = (...Ports: readonly PortConfig[]): Partial<ServiceSpec> =>
  web({ EndpointSpec: { Ports } });

const NS = 1_000_000_000;
const check = (Interval: number) => ({ Test: ['CMD', 'true'], Interval });
const mount = (Target: string) => ({ Type: 'volume', Source: 'v', Target });

/** What swarmkit says of services that cannot be (manager/controlapi/service_test.go). */
const REFUSED: readonly [why: string, body: Partial<ServiceSpec>, message: string][] = [
  ['a bad name', web({ Name: 'web..x' }), 'name must be valid as a DNS name component'],
  ['a long name', web({ Name: 'a'.repeat(64) }), 'name must be 63 characters or fewer'],
  ['no image', task({ Image: '' }), 'ContainerSpec: image reference must be provided'],
  ['no such image', task({ Image: 'a b' }), 'ContainerSpec: "a b" is not a valid repository/tag'],
  [
    'a mount twice',
    task({ Mounts: [mount('/a'), mount('/a')] }),
    'ContainerSpec: duplicate mount point: /a',
  ],
  [
    'a hasty check',
    task({ Healthcheck: check(1000) }),
    'ContainerSpec: Interval in HealthConfig cannot be less than 1ms',
  ],
  [
    'little processor time',
    task({}, { Resources: { Limits: { NanoCPUs: 100 } } }),
    'invalid cpu value 1e-07: Must be at least 0.001',
  ],
  [
    'little memory',
    task({}, { Resources: { Reservations: { MemoryBytes: 1024 } } }),
    'invalid memory value 1024: Must be at least 4MiB',
  ],
  [
    'a negative delay',
    task({}, { RestartPolicy: { Delay: -NS } }),
    'TaskSpec: restart-delay cannot be negative',
  ],
  [
    'an impossible ratio',
    web({ UpdateConfig: { Parallelism: 1, MaxFailureRatio: 2 } }),
    'TaskSpec: update-maxfailureratio cannot be less than 0 or bigger than 1',
  ],
  [
    'a job with updates',
    web({ Mode: { GlobalJob: {} }, UpdateConfig: { Parallelism: 1, MaxFailureRatio: 0 } }),
    'Jobs may not have an update config',
  ],
  [
    'dnsrr with a port of the mesh',
    web({ EndpointSpec: { Mode: 'dnsrr', Ports: [port(80)] } }),
    "EndpointSpec: port published with ingress mode can't be used with dnsrr mode",
  ],
  [
    'a port twice',
    ports(port(80), port(80, { TargetPort: 81 })),
    'EndpointSpec: duplicate published ports provided',
  ],
];

describe('POST /services/create', () => {
  const shared = swarmSession();
  shared.found(1, 0);

  it.each(REFUSED)('refuses %s', (_why, body, message) => {
    const answer = shared.api({ method: 'POST', path: '/services/create', body });
    expect(answer).toEqual({
      ...{ status: 400 },
      body: { message: `rpc error: code = InvalidArgument desc = ${message}` },
    });
  });

  it('refuses what the daemon itself cannot read', () => {
    const create = (body: unknown) =>
      shared.api<{ message: string }>({ method: 'POST', path: '/services/create', body });
    const both = { Global: {}, Replicated: {} };
    expect(create(web({ Mode: both })).body.message).toBe('must specify only one service mode');
    expect(create({ Name: 'x' }).body.message).toBe('mismatched Runtime and *Spec fields');
    const constraint = task({}, { Placement: { Constraints: ['node.role'] } });
    expect(create(constraint).body.message).toBe(
      'rpc error: code = Unknown desc = constraint expected one operator from ==, !=',
    );
  });

  it('takes a name and a port of the mesh once', () => {
    const { found, api } = swarmSession();
    found(1, 0);
    const create = (body: unknown) =>
      api<{ ID: string; message: string }>({ method: 'POST', path: '/services/create', body });
    const first = create(ports(port(8080)));
    expect(first.status).toBe(201);
    expect(create(web({ Name: 'WEB' }))).toEqual({
      status: 409,
      body: {
        message:
          'rpc error: code = AlreadyExists desc = name conflicts with an existing object: service ' +
          'WEB already exists',
      },
    });
    const taken = (how: string): string =>
      `rpc error: code = InvalidArgument desc = port '8080' is already in use by service 'web' ` +
      `(${first.body.ID}) as ${how}`;
    const other = (more: Partial<PortConfig>) =>
      create({ ...ports(port(8080, more)), Name: 'other' });
    expect(other({}).body.message).toBe(taken('an ingress port'));
    expect(other({ PublishMode: 'host' }).body.message).toBe(taken('an ingress port'));
    expect(other({ Protocol: 'udp' }).status).toBe(201);
  });
});

describe('a service', () => {
  it('is updated from the version that was seen, keeps its name and mode, and goes back once', () => {
    const { found, api } = swarmSession();
    found(1, 0);
    const body = web();
    const made = api<{ ID: string }>({ method: 'POST', path: '/services/create', body });
    const look = () => api<ServiceWire>({ method: 'GET', path: '/services/web' }).body;
    const update = (spec: unknown, version: number, query: Record<string, string> = {}) =>
      api<{ message?: string }>({
        ...{ method: 'POST', path: '/services/web/update', body: spec },
        query: { version: String(version), ...query },
      });
    const first = look();
    expect(first.ID).toBe(made.body.ID);
    const { Index } = first.Version;
    const said = (spec: unknown, version = Index, query = {}): unknown =>
      update(spec, version, query).body.message;
    expect(said(first.Spec, Index - 1)).toBe(
      'rpc error: code = Unknown desc = update out of sequence',
    );
    expect(said({ ...first.Spec, Name: 'else' })).toBe(
      'rpc error: code = Unimplemented desc = renaming services is not supported',
    );
    expect(said({ ...first.Spec, Mode: { Global: {} } })).toBe(
      'rpc error: code = Unimplemented desc = service mode change is not allowed',
    );
    expect(said(first.Spec, Index, { rollback: 'previous' })).toBe(
      'rpc error: code = FailedPrecondition desc = service ' +
        `${first.ID} does not have a previous spec`,
    );
    expect(update({ ...first.Spec, Mode: { Replicated: { Replicas: 5 } } }, Index).status).toBe(
      200,
    );
    const second = look();
    expect(second.Spec.Mode).toEqual({ Replicated: { Replicas: 5 } });
    expect(second.PreviousSpec?.Mode).toEqual({ Replicated: { Replicas: 2 } });
    expect(update(second.Spec, second.Version.Index, { rollback: 'previous' }).status).toBe(200);
    expect(look()).toMatchObject({
      Spec: { Mode: { Replicated: { Replicas: 2 } } },
      UpdateStatus: { State: 'rollback_started', Message: 'manually requested rollback' },
    });
  });

  it('is shown with its defaults when they are asked for, and is gone when it is removed', () => {
    const { found, api } = swarmSession();
    found(1, 0);
    api({ method: 'POST', path: '/services/create', body: web() });
    const query = { insertDefaults: 'true' };
    const { Spec } = api<ServiceWire>({ method: 'GET', path: '/services/web', query }).body;
    expect(Spec.TaskTemplate.ContainerSpec.StopGracePeriod).toBe(10 * NS);
    expect(Spec.TaskTemplate.RestartPolicy).toMatchObject({ Condition: 'any', Delay: 5 * NS });
    expect(Spec.UpdateConfig).toMatchObject({ Parallelism: 1, FailureAction: 'pause' });
    const status = api<ServiceWire[]>({
      ...{ method: 'GET', path: '/services', query: { status: '1' } },
    }).body[0]?.ServiceStatus;
    expect(status).toMatchObject({ DesiredTasks: 2 });
    expect(api({ method: 'DELETE', path: '/services/web' }).status).toBe(200);
    expect(api({ method: 'DELETE', path: '/services/web' })).toEqual({
      ...{ status: 404, body: { message: 'service web not found' } },
    });
  });
});
