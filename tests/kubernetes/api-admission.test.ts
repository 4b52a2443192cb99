import { describe, expect, it } from 'vitest';
import type { Pod } from '../../src/engine/kubernetes/api/pod.ts';
import type { PersistentVolumeClaim } from '../../src/engine/kubernetes/api/storage.ts';
import { apiWorld, object, pod, said } from './api-world.ts';

const asking = (name: string, requests: object, limits?: object) => ({
  metadata: { name },
  spec: { containers: [{ name: 'c', image: 'i:1', resources: { requests, limits } }] },
});

describe('a new Pod', () => {
  it('acts as its namespace’s account, with a token that is mounted', () => {
    const { create } = apiWorld();
    const { spec } = object<Pod>(create('pods', pod('one')));
    expect(spec.serviceAccountName).toBe('default');
    const [volume] = spec.volumes ?? [];
    expect(volume?.name).toMatch(/^kube-api-access-[bcdfghjklmnpqrstvwxz24-9]{5}$/);
    expect(spec.containers[0]?.volumeMounts).toEqual([
      {
        name: volume?.name,
        readOnly: true,
        mountPath: '/var/run/secrets/kubernetes.io/serviceaccount',
      },
    ]);
    const bare = object<Pod>(create('pods', pod('two', { automountServiceAccountToken: false })));
    expect(bare.spec.volumes).toBeUndefined();
    expect(said(create('pods', pod('three', { serviceAccountName: 'ci' })))).toBe(
      'pods "three" is forbidden: error looking up service account default/ci: ' +
        'serviceaccount "ci" not found',
    );
  });

  it('of one template and owner shares its spec with the others', () => {
    const { client } = apiWorld();
    const { spec } = pod('any');
    const owner = { apiVersion: 'apps/v1', kind: 'ReplicaSet', name: 'web', uid: 'u' };
    const metadata = {
      generateName: 'web-',
      namespace: 'default',
      ownerReferences: [{ ...owner, controller: true }],
    };
    const make = () =>
      object<Pod>(client.create('pods', { apiVersion: 'v1', kind: 'Pod', metadata, spec }));
    const [one, other] = [make(), make()];
    expect(one.metadata.name).not.toBe(other.metadata.name);
    expect(one.spec).toBe(other.spec);
  });

  it('has the priority of its class, or of the one that counts by default', () => {
    const { create } = apiWorld();
    const priorityOf = (name: string, spec = {}) =>
      object<Pod>(create('pods', pod(name, spec))).spec.priority;
    expect(priorityOf('a')).toBe(0);
    create('priorityclasses', { metadata: { name: 'high' }, value: 1000, globalDefault: true }, '');
    expect(priorityOf('b')).toBe(1000);
    expect(priorityOf('c', { priorityClassName: 'system-cluster-critical' })).toBe(2_000_000_000);
    expect(said(create('pods', pod('d', { priorityClassName: 'no' })))).toBe(
      'pods "d" is forbidden: no PriorityClass with name no was found',
    );
    const second = { metadata: { name: 'higher' }, value: 2000, globalDefault: true };
    expect(said(create('priorityclasses', second, ''))).toContain(
      'PriorityClass high is already marked as default',
    );
  });

  it('stays five minutes on a node that does not answer, unless it says otherwise', () => {
    const { create } = apiWorld();
    const own = { operator: 'Exists', effect: 'NoExecute', key: 'node.kubernetes.io/not-ready' };
    const { spec } = object<Pod>(create('pods', pod('one', { tolerations: [own] })));
    expect(spec.tolerations?.map(({ key, tolerationSeconds }) => [key, tolerationSeconds])).toEqual(
      [
        ['node.kubernetes.io/not-ready', undefined],
        ['node.kubernetes.io/unreachable', 300],
      ],
    );
  });
});

describe('a limit range', () => {
  const RANGE = {
    metadata: { name: 'limits' },
    spec: {
      limits: [
        { type: 'Container', default: { cpu: '500m' }, min: { cpu: '100m' }, max: { cpu: '1' } },
      ],
    },
  };

  it('fills in what a container leaves out, and holds it to its bounds', () => {
    const { create } = apiWorld();
    create('limitranges', RANGE);
    const made = object<Pod>(create('pods', pod('one')));
    expect(made.spec.containers[0]?.resources).toEqual({
      limits: { cpu: '500m' },
      requests: { cpu: '500m' },
    });
    expect(made.metadata.annotations?.['kubernetes.io/limit-ranger']).toBe(
      'LimitRanger plugin set: cpu request for container web; cpu limit for container web',
    );
    expect(said(create('pods', asking('two', { cpu: '50m' }, { cpu: '2' })))).toBe(
      'pods "two" is forbidden: [minimum cpu usage per Container is 100m, but request is 50m, ' +
        'maximum cpu usage per Container is 1, but limit is 2]',
    );
  });
});

describe('a quota', () => {
  function counted(hard: Record<string, string>) {
    const world = apiWorld();
    world.create('resourcequotas', { metadata: { name: 'team' }, spec: { hard } });
    const quota = () => world.client.get('resourcequotas', 'default', 'team')!;
    const used = Object.fromEntries(Object.keys(hard).map((name) => [name, '0']));
    world.client.updateStatus('resourcequotas', { ...quota(), status: { hard, used } });
    return { ...world, quota };
  }

  it('counts what is made at once, and says what would be too much', () => {
    const { create, quota, api } = counted({ pods: '2', 'requests.cpu': '1' });
    expect(create('pods', asking('a', { cpu: '600m' })).ok).toBe(true);
    expect(quota().status.used).toEqual({ pods: '1', 'requests.cpu': '600m' });
    const { revision } = api;
    expect(said(create('pods', asking('b', { cpu: '500m' })))).toBe(
      'pods "b" is forbidden: exceeded quota: team, requested: requests.cpu=500m, ' +
        'used: requests.cpu=600m, limited: requests.cpu=1',
    );
    expect(api.revision).toBe(revision);
    expect(said(create('pods', pod('c')))).toBe(
      'pods "c" is forbidden: failed quota: team: must specify requests.cpu for: web',
    );
  });

  it('counts objects of any kind, and Services by their ports', () => {
    const { create, ask, quota } = counted({ 'count/configmaps': '1', 'services.nodeports': '1' });
    create('configmaps', { metadata: { name: 'a' } });
    expect(said(create('configmaps', { metadata: { name: 'b' } }))).toBe(
      'configmaps "b" is forbidden: exceeded quota: team, requested: count/configmaps=1, ' +
        'used: count/configmaps=1, limited: count/configmaps=1',
    );
    create('services', { metadata: { name: 's' }, spec: { ports: [{ port: 1 }] } });
    const place = { resource: 'services', namespace: 'default', name: 's' } as const;
    ask({ verb: 'patch', ...place, body: { spec: { type: 'NodePort' } } });
    expect(quota().status.used?.['services.nodeports']).toBe('1');
  });
});

describe('a claim', () => {
  it('gets the default class, and is kept while a Pod may use it', () => {
    const { create } = apiWorld();
    const annotations = { 'storageclass.kubernetes.io/is-default-class': 'true' };
    create(
      'storageclasses',
      { metadata: { name: 'fast', annotations }, provisioner: 'x.io/y' },
      '',
    );
    const resources = { requests: { storage: '1Gi' } };
    const spec = { accessModes: ['ReadWriteOnce'], resources };
    const claim = object<PersistentVolumeClaim>(
      create('persistentvolumeclaims', { metadata: { name: 'data' }, spec }),
    );
    expect(claim.spec.storageClassName).toBe('fast');
    expect(claim.metadata.finalizers).toEqual(['kubernetes.io/pvc-protection']);
    expect(claim.status).toMatchObject({ phase: 'Pending' });
  });
});
