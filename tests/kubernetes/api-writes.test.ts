import { describe, expect, it } from 'vitest';
import type { Service } from '../../src/engine/kubernetes/api/cluster-objects.ts';
import type { Pod } from '../../src/engine/kubernetes/api/pod.ts';
import { storageFailure } from '../../src/engine/kubernetes/apimachinery/status.ts';
import { apiWorld, object, pod, said, WEB } from './api-world.ts';

describe('optimistic concurrency', () => {
  it('refuses a write that was prepared from an older version', () => {
    const { ask, create } = apiWorld();
    const first = object<object & { metadata: object }>(create('deployments', WEB));
    const place = { resource: 'deployments', namespace: 'default', name: 'web' } as const;
    const labelled = { ...first, metadata: { ...first.metadata, labels: { a: 'b' } } };
    expect(ask({ verb: 'update', ...place, body: labelled }).ok).toBe(true);
    expect(said(ask({ verb: 'update', ...place, body: labelled }))).toBe(
      'Operation cannot be fulfilled on deployments.apps "web": the object has been modified; ' +
        'please apply your changes to the latest version and try again',
    );
  });

  it('does not write what changes nothing', () => {
    const { create, client, api } = apiWorld();
    create('deployments', WEB);
    const { revision } = api;
    const live = client.get('deployments', 'default', 'web')!;
    client.update('deployments', live);
    client.updateStatus('deployments', { ...live, status: { ...live.status } });
    expect(api.revision).toBe(revision);
  });
});

describe('deletion', () => {
  it('gives a Pod on a node its time, which can be shortened and not lengthened', () => {
    const { create, client, kernel } = apiWorld();
    create('pods', pod('one'));
    client.bind('default', 'one', 'node-1');
    const live = () => client.get('pods', 'default', 'one');
    client.delete('pods', live()!);
    expect(live()?.metadata).toMatchObject({
      deletionTimestamp: '2026-01-05T00:00:30Z',
      deletionGracePeriodSeconds: 30,
      generation: 2,
    });
    kernel.advance(5000);
    client.delete('pods', live()!, 60);
    expect(live()?.metadata.deletionGracePeriodSeconds).toBe(30);
    client.delete('pods', live()!, 10);
    expect(live()?.metadata.deletionTimestamp).toBe('2026-01-05T00:00:10Z');
    client.delete('pods', live()!, 0);
    expect(live()).toBeUndefined();
  });

  it('waits for finalizers, and for what the way of propagation adds', () => {
    const { create, client } = apiWorld();
    create('deployments', WEB);
    const live = () => client.get('deployments', 'default', 'web');
    client.delete('deployments', live()!, { propagationPolicy: 'Foreground' });
    expect(live()?.metadata.finalizers).toEqual(['foregroundDeletion']);
    expect(live()?.metadata.deletionGracePeriodSeconds).toBe(0);
    const { finalizers: _, ...metadata } = live()!.metadata;
    client.update('deployments', { ...live()!, metadata });
    expect(live()).toBeUndefined();
  });

  it('empties a namespace before it goes, and lets nothing new in', () => {
    const { ask, create, client } = apiWorld();
    create('namespaces', { metadata: { name: 'shop' } }, '');
    object(ask({ verb: 'delete', resource: 'namespaces', name: 'shop' }));
    expect(client.get('namespaces', '', 'shop')?.status.phase).toBe('Terminating');
    expect(said(create('configmaps', { metadata: { name: 'late' } }, 'shop'))).toBe(
      'configmaps "late" is forbidden: unable to create new content in namespace shop because it ' +
        'is being terminated',
    );
    const body = client.get('namespaces', '', 'shop');
    ask({
      verb: 'update',
      subresource: 'finalize',
      resource: 'namespaces',
      name: 'shop',
      body: { ...body, spec: { finalizers: [] } },
    });
    expect(client.get('namespaces', '', 'shop')).toBeUndefined();
    expect(said(ask({ verb: 'delete', resource: 'namespaces', name: 'default' }))).toBe(
      'namespaces "default" is forbidden: this namespace may not be deleted',
    );
    expect(said(create('configmaps', { metadata: { name: 'a' } }, 'nowhere'))).toBe(
      'namespaces "nowhere" not found',
    );
  });

  it('of a collection takes what the selectors choose', () => {
    const { ask, create, client } = apiWorld();
    for (const name of ['a', 'b', 'c']) create('pods', pod(name));
    const fieldSelector = [{ field: 'metadata.name', operator: '!=' as const, value: 'b' }];
    ask({ verb: 'deletecollection', resource: 'pods', namespace: 'default', fieldSelector });
    expect([...client.scan('pods')].map(({ metadata }) => metadata.name)).toEqual(['b']);
  });
});

describe('lists', () => {
  it('come in pages, and refuse fields that a kind cannot be chosen by', () => {
    const { ask, create } = apiWorld();
    for (const name of ['a', 'b', 'c']) create('pods', pod(name));
    const list = { verb: 'list', resource: 'pods', namespace: 'default' } as const;
    const first = object<{ items: unknown[]; continue: string; remainingItemCount: number }>(
      ask({ ...list, limit: 2 }),
    );
    expect([first.items.length, first.remainingItemCount]).toEqual([2, 1]);
    const rest = object<{ items: Pod[] }>(ask({ ...list, limit: 2, continueFrom: first.continue }));
    expect(rest.items.map(({ metadata }) => metadata.name)).toEqual(['c']);
    const by = (field: string) => [{ field, operator: '=' as const, value: 'x' }];
    expect(said(ask({ ...list, fieldSelector: by('spec.image') }))).toBe(
      'field label not supported: spec.image',
    );
    expect(said(ask({ ...list, resource: 'configmaps', fieldSelector: by('data') }))).toBe(
      '"data" is not a known field selector: only "metadata.name", "metadata.namespace"',
    );
  });
});

describe('a Service', () => {
  const service = (name: string, spec: object) => ({
    metadata: { name },
    spec: { selector: { app: 'web' }, ports: [{ port: 80 }], ...spec },
  });

  it('gets an address from the upper band, and a node port when its type asks for one', () => {
    const { create, client, ask } = apiWorld();
    const plain = object<Service>(create('services', service('a', {})));
    const [, , third = 0] = (plain.spec.clusterIP ?? '').split('.').map(Number);
    expect(third).toBeGreaterThan(0);
    const patch = (body: unknown) =>
      ask({ verb: 'patch', resource: 'services', namespace: 'default', name: 'a', body });
    patch({ spec: { type: 'NodePort' } });
    const port = client.get('services', 'default', 'a')?.spec.ports?.[0]?.nodePort ?? 0;
    expect(port).toBeGreaterThanOrEqual(30_086);
    expect(
      said(
        create(
          'services',
          service('b', { type: 'NodePort', ports: [{ port: 80, nodePort: port }] }),
        ),
      ),
    ).toBe(
      `Service "b" is invalid: spec.ports[0].nodePort: Invalid value: ${port}: ` +
        'provided port is already allocated',
    );
    patch({ spec: { type: 'ClusterIP' } });
    expect(client.get('services', 'default', 'a')?.spec.ports?.[0]?.nodePort).toBeUndefined();
    expect(
      create('services', service('b', { type: 'NodePort', ports: [{ port: 80, nodePort: port }] }))
        .ok,
    ).toBe(true);
  });

  it('keeps its address, also when a patch names another one', () => {
    const { create, client, ask } = apiWorld();
    create('services', service('a', { clusterIP: '10.96.0.77' }));
    const about = { resource: 'services', namespace: 'default', name: 'a' } as const;
    const body = { spec: { clusterIP: '10.96.0.78' } };
    expect(said(ask({ verb: 'patch', ...about, body }))).toBe(
      'Service "a" is invalid: spec.clusterIPs[0]: Invalid value: ["10.96.0.78"]: may not change ' +
        'once set',
    );
    expect(client.get('services', 'default', 'a')?.spec.clusterIP).toBe('10.96.0.77');
  });

  it('cannot have an address that another has, or that is no Service address', () => {
    const { create } = apiWorld();
    expect(said(create('services', service('a', { clusterIP: '10.96.0.1' })))).toBe(
      'Service "a" is invalid: spec.clusterIPs: Invalid value: ["10.96.0.1"]: failed to allocate ' +
        'IP 10.96.0.1: provided IP is already allocated',
    );
    expect(said(create('services', service('a', { clusterIP: '10.0.0.1' })))).toBe(
      'Service "a" is invalid: spec.clusterIPs: Invalid value: ["10.0.0.1"]: failed to allocate ' +
        'IP 10.0.0.1: the provided IP (10.0.0.1) is not in the valid range. The range of valid ' +
        'IPs is 10.96.0.0/16',
    );
    const headless = object<Service>(create('services', service('h', { clusterIP: 'None' })));
    expect(headless.spec.clusterIPs).toEqual(['None']);
  });
});

describe('an eviction', () => {
  const BUDGET = {
    metadata: { name: 'web' },
    spec: { minAvailable: 1, selector: { matchLabels: { app: 'one' } } },
  };

  it('asks the budget of the Pod, and says what the budget needs', () => {
    const { create, client } = apiWorld();
    create('pods', pod('one'));
    client.bind('default', 'one', 'node-1');
    const live = () => client.get('pods', 'default', 'one')!;
    const conditions = [{ type: 'Ready', status: 'True' as const }];
    client.updateStatus('pods', { ...live(), status: { phase: 'Running', conditions } });
    create('poddisruptionbudgets', BUDGET);
    const budget = () => client.get('poddisruptionbudgets', 'default', 'web')!;
    const counts = { currentHealthy: 1, desiredHealthy: 1, expectedPods: 1 };
    const allow = (disruptionsAllowed: number) =>
      client.updateStatus('poddisruptionbudgets', {
        ...budget(),
        status: { observedGeneration: 1, disruptionsAllowed, ...counts },
      });
    const unseen = client.evict(live());
    expect(unseen.ok || unseen.failure.details?.causes?.[0]?.message).toBe(
      'The disruption budget web is still being processed by the server.',
    );
    allow(0);
    const refused = client.evict(live());
    expect(refused).toMatchObject({
      failure: {
        code: 429,
        message: "Cannot evict pod as it would violate the pod's disruption budget.",
        details: {
          causes: [
            { message: 'The disruption budget web needs 1 healthy pods and has 1 currently' },
          ],
        },
      },
    });
    allow(1);
    expect(client.evict(live()).ok).toBe(true);
    expect(live().metadata.deletionTimestamp).toBeDefined();
    expect(budget().status).toMatchObject({ disruptionsAllowed: 0 });
    expect(Object.keys(budget().status.disruptedPods ?? {})).toEqual(['one']);
  });
});

describe('bad input', () => {
  it('is refused as a whole, or warned of', () => {
    const { create, ask } = apiWorld();
    const typo = { ...WEB, spec: { ...WEB.spec, replica: 3 } };
    expect(create('deployments', typo)).toMatchObject({
      warnings: ['unknown field "spec.replica"'],
    });
    expect(
      said(
        ask({
          verb: 'create',
          resource: 'pods',
          namespace: 'default',
          body: { ...pod('a'), speck: 1 },
          fieldValidation: 'Strict',
        }),
      ),
    ).toBe(
      'Pod in version "v1" cannot be handled as a Pod: strict decoding error: unknown field "speck"',
    );
    expect(said(create('pods', 'text'))).toContain('json parse error');
    expect(said(create('pods', WEB))).toContain('does not match the expected API version (v1)');
    expect(said(create('pods', { ...pod('a'), metadata: 7 }))).toContain('cannot unmarshal number');
    let deep: unknown = {};
    for (let i = 0; i < 3000; i++) deep = { deep };
    expect(said(create('pods', { ...pod('a'), metadata: { annotations: deep } }))).toBe(
      'json: exceeded max depth',
    );
    const big = 'x'.repeat(1_600_000);
    expect(said(create('configmaps', { metadata: { name: 'big' }, data: { big } }))).toMatch(
      /etcdserver: request is too large|Too long: may not be more than 1048576 bytes/,
    );
    expect(
      said(create('pods', { ...pod('a'), metadata: { name: 'a', resourceVersion: '5' } })),
    ).toBe('resourceVersion should not be set on objects to be created');
  });

  it('is nothing when etcd has no quorum: nobody writes, and components still read', () => {
    let down = false;
    const { create, client, ask } = apiWorld(() =>
      down ? storageFailure('etcdserver: request timed out') : undefined,
    );
    create('pods', pod('one'));
    down = true;
    expect(said(create('pods', pod('two')))).toBe('etcdserver: request timed out');
    expect(said(client.delete('pods', client.get('pods', 'default', 'one')!))).toBe(
      'etcdserver: request timed out',
    );
    down = false;
    expect(ask({ verb: 'get', resource: 'pods', namespace: 'default', name: 'one' }).ok).toBe(true);
  });
});
