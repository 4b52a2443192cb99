import { describe, expect, it } from 'vitest';
import { smallCluster } from './small-cluster.ts';

/** A cluster with scheduler and kubelets, and a Pod that keeps its files in a claim. */
function withClaim() {
  const world = smallCluster();
  const { kernel, cluster } = world;
  const client = cluster.client('test');
  const run = (seconds: number): void => kernel.advance(kernel.now + seconds * 1000);
  client.create('persistentvolumeclaims', {
    apiVersion: 'v1',
    kind: 'PersistentVolumeClaim',
    metadata: { name: 'data', namespace: 'default' },
    spec: {
      accessModes: ['ReadWriteOnce'],
      resources: { requests: { storage: '1Gi' } },
    },
  });
  const start = (name: string, command: string): void => {
    client.create('pods', {
      apiVersion: 'v1',
      kind: 'Pod',
      metadata: { name, namespace: 'default' },
      spec: {
        containers: [
          {
            name: 'db',
            image: 'busybox:1.37',
            command: ['sh', '-c', command],
            volumeMounts: [{ name: 'data', mountPath: '/data' }],
          },
        ],
        volumes: [{ name: 'data', persistentVolumeClaim: { claimName: 'data' } }],
      },
    });
  };
  const pod = (name: string) => client.get('pods', 'default', name);
  const claim = () => client.get('persistentvolumeclaims', 'default', 'data');
  return { ...world, client, run, start, pod, claim };
}

describe('a Pod with a claim of the default class', () => {
  it('is given a volume at its node, and the next one finds the files there', () => {
    const { client, run, start, pod, claim } = withClaim();
    run(10);
    expect(claim()).toMatchObject({
      spec: { storageClassName: 'standard' },
      status: { phase: 'Pending' },
    });
    start('first', 'echo kept > /data/file; sleep infinity');
    run(30);
    expect(pod('first')?.status.phase).toBe('Running');
    expect(claim()?.status.phase).toBe('Bound');
    const node = pod('first')?.spec.nodeName;
    expect(claim()?.metadata.annotations?.['volume.kubernetes.io/selected-node']).toBe(node);
    const first = pod('first');
    if (first) client.delete('pods', first, 0);
    run(5);
    start('second', 'grep -q kept /data/file && sleep infinity');
    run(30);
    expect(pod('second')?.spec.nodeName).toBe(node);
    // Without the file the command would have ended, and been started again.
    expect(pod('second')?.status.containerStatuses?.[0]).toMatchObject({
      ready: true,
      restartCount: 0,
    });
  });

  it('holds the claim until it has gone, and the volume goes with it', () => {
    const { client, run, start, pod, claim } = withClaim();
    start('first', 'sleep infinity');
    run(30);
    const volume = claim()?.spec.volumeName ?? '';
    expect(client.get('persistentvolumes', '', volume)?.status.phase).toBe('Bound');
    const bound = claim();
    if (bound) client.delete('persistentvolumeclaims', bound);
    run(60);
    expect(claim()?.metadata.finalizers).toEqual(['kubernetes.io/pvc-protection']);
    const first = pod('first');
    if (first) client.delete('pods', first);
    run(60);
    expect(claim()).toBeUndefined();
    expect(client.get('persistentvolumes', '', volume)).toBeUndefined();
  });
});

describe('a namespace with a Deployment', () => {
  it('is emptied and goes', () => {
    const { cluster, kernel, sh, write } = smallCluster();
    const client = cluster.client('test');
    client.create('namespaces', {
      apiVersion: 'v1',
      kind: 'Namespace',
      metadata: { name: 'team' },
      spec: {},
    });
    kernel.advance(kernel.now + 1000);
    write(
      'team.yaml',
      `apiVersion: apps/v1
kind: Deployment
metadata:
  name: web
  namespace: team
spec:
  replicas: 3
  selector:
    matchLabels:
      app: web
  template:
    metadata:
      labels:
        app: web
    spec:
      containers:
      - name: web
        image: nginx:1.29-alpine
`,
    );
    sh('kubectl apply -f team.yaml');
    kernel.advance(kernel.now + 30_000);
    expect([...client.scan('pods', 'team')]).toHaveLength(3);
    const namespace = client.get('namespaces', '', 'team');
    if (namespace) client.delete('namespaces', namespace);
    kernel.advance(kernel.now + 60_000);
    expect(client.get('namespaces', '', 'team')).toBeUndefined();
    for (const resource of ['pods', 'replicasets', 'deployments', 'events'] as const) {
      expect([...client.scan(resource, 'team')]).toEqual([]);
    }
  });
});
