import { describe, expect, it } from 'vitest';
import { podStories } from './pod-stories.ts';

const LASTING = 'trap "exit 0" TERM; while true; do sleep 1; done';

describe('a Pod that gets another image', () => {
  it('starts its container again with that', () => {
    const { create, advance, client, pod, status, events } = podStories();
    create('web', [{ image: 'nginx:1.28-alpine' }]);
    advance(10);
    const now = pod('web');
    const containers = now.spec.containers.map((one) => ({ ...one, image: 'nginx:1.29-alpine' }));
    expect(client.update('pods', { ...now, spec: { ...now.spec, containers } }).ok).toBe(true);
    advance(10);
    expect(events('web')).toContain('Killing: Container app definition changed, will be restarted');
    expect(status('web')).toMatchObject({
      restartCount: 1,
      ready: true,
      image: 'docker.io/library/nginx:1.29-alpine',
    });
  });

  it('does not wait out the delay of the one that was not there', () => {
    const { create, advance, client, pod, status } = podStories();
    create('web', [{ image: 'nginx:nosuch' }]);
    advance(100);
    expect(status('web').state?.waiting?.reason).toBe('ImagePullBackOff');
    const now = pod('web');
    const containers = now.spec.containers.map((one) => ({ ...one, image: 'nginx:1.29-alpine' }));
    client.update('pods', { ...now, spec: { ...now.spec, containers } });
    advance(6);
    expect(status('web')).toMatchObject({ restartCount: 0, ready: true });
  });
});

describe('a world in the middle of everything', () => {
  it('goes on from a checkpoint to the same world', () => {
    const { create, advance, client, pod, kernel } = podStories();
    const lifecycle = {
      postStart: { exec: { command: ['sleep', '2'] } },
      preStop: { exec: { command: ['sleep', '4'] } },
    };
    const livenessProbe = {
      exec: { command: ['sleep', '1'] },
      timeoutSeconds: 2,
      periodSeconds: 3,
    };
    create('web', [{ sh: LASTING, lifecycle, livenessProbe }], {
      initContainers: [{ name: 'wait', image: 'alpine:3.22', command: ['sleep', '2'] }],
      volumes: [{ name: 'scratch', emptyDir: {} }],
    });
    create('crash', [{ sh: 'sleep 1; exit 1' }]);
    advance(5);
    const begun = kernel.checkpoint();
    const run = (): string => {
      advance(20);
      client.delete('pods', pod('web'), 6);
      advance(2);
      return kernel.hash();
    };
    const first = run();
    const stopping = kernel.checkpoint();
    advance(30);
    const end = kernel.hash();
    kernel.restore(stopping);
    advance(30);
    expect(kernel.hash()).toBe(end);
    kernel.restore(begun);
    expect(run()).toBe(first);
    advance(30);
    expect(kernel.hash()).toBe(end);
  });
});

describe('a claim', () => {
  it('brings a directory of the node that outlives its Pods', () => {
    const { create, advance, client, pod, exec, containerd, events } = podStories();
    containerd.files.makeDirectory('node-1', '/mnt/data', { parents: true });
    const meta = { name: 'data', namespace: 'default' };
    client.create('persistentvolumes', {
      apiVersion: 'v1',
      kind: 'PersistentVolume',
      metadata: { name: 'disk' },
      spec: {
        accessModes: ['ReadWriteOnce'],
        capacity: { storage: '1Gi' },
        storageClassName: 'manual',
        local: { path: '/mnt/data' },
        claimRef: { namespace: 'default', name: 'data' },
        nodeAffinity: {
          required: {
            nodeSelectorTerms: [
              {
                matchExpressions: [
                  { key: 'kubernetes.io/hostname', operator: 'In', values: ['node-1'] },
                ],
              },
            ],
          },
        },
      },
    });
    client.create('persistentvolumeclaims', {
      apiVersion: 'v1',
      kind: 'PersistentVolumeClaim',
      metadata: meta,
      spec: {
        accessModes: ['ReadWriteOnce'],
        resources: { requests: { storage: '1Gi' } },
        storageClassName: 'manual',
      },
    });
    advance(20);
    const mount = { volumeMounts: [{ name: 'data', mountPath: '/data' }] };
    const volumes = [{ name: 'data', persistentVolumeClaim: { claimName: 'data' } }];
    create('one', [{ sh: LASTING, ...mount }], { volumes });
    advance(10);
    exec('one', 'echo kept > /data/file');
    client.delete('pods', pod('one'), 5);
    advance(10);
    create('two', [{ sh: LASTING, ...mount }], { volumes });
    advance(10);
    expect(exec('two', 'cat /data/file').text).toBe('kept\n');
    create('none', [{ sh: LASTING, volumeMounts: [{ name: 'x', mountPath: '/x' }] }], {
      volumes: [{ name: 'x', persistentVolumeClaim: { claimName: 'nosuch' } }],
    });
    advance(3);
    expect(events('none').join('\n')).toContain(
      'error processing PVC default/nosuch: failed to fetch PVC from API server: ' +
        'persistentvolumeclaims "nosuch" not found',
    );
  });
});
