import { describe, expect, it } from 'vitest';
import { Session } from '../../src/engine/session.ts';

/** A claim of 1 Gi, and a LimitRange that came later and allows half of it. */
const CLAIM = {
  apiVersion: 'v1',
  kind: 'PersistentVolumeClaim',
  metadata: { name: 'data' },
  spec: { accessModes: ['ReadWriteOnce'], resources: { requests: { storage: '1Gi' } } },
};
const RANGE = {
  apiVersion: 'v1',
  kind: 'LimitRange',
  metadata: { name: 'small' },
  spec: { limits: [{ type: 'PersistentVolumeClaim', max: { storage: '500Mi' } }] },
};
const POD = {
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: { name: 'db' },
  spec: {
    containers: [{ name: 'db', image: 'busybox', command: ['sleep', 'infinity'] }],
    volumes: [{ name: 'data', persistentVolumeClaim: { claimName: 'data' } }],
    terminationGracePeriodSeconds: 1,
  },
};
const REFUSED =
  'persistentvolumeclaims "data" is forbidden: ' +
  'maximum storage usage per PersistentVolumeClaim is 500Mi, but request is 1Gi';

function cluster() {
  const session = new Session({ preset: 'cluster', seed: 13 });
  const sh = (line: string): string => session.type(line).printed;
  const apply = (object: object): void => {
    session.write('x.json', JSON.stringify(object));
    sh('kubectl apply -f x.json; sleep 5');
  };
  apply(CLAIM);
  return { sh, apply };
}

describe('a claim that the API server would not take today', () => {
  it('keeps its Pod from being placed, which says why at once and is tried again', () => {
    const { sh, apply } = cluster();
    apply(RANGE);
    apply(POD);
    const read = (path: string) =>
      sh(
        `kubectl get pod db -o jsonpath='{.status.conditions[?(@.type=="PodScheduled")].${path}}'`,
      );
    expect([read('status'), read('reason')]).toEqual(['False', 'SchedulerError']);
    expect(read('message')).toBe(`running PreBind plugin "VolumeBinding": ${REFUSED}`);
    expect(sh('kubectl get pod db --no-headers')).toMatch(/^db +0\/1 +Pending /);
    expect(sh('kubectl describe pod db')).toMatch(
      /Warning +FailedScheduling .* running PreBind plugin "VolumeBinding": persistentvolumeclaims/,
    );
    sh('kubectl delete limitrange small; sleep 30');
    expect(read('status')).toBe('True');
    expect(sh('kubectl get pod db --no-headers')).toMatch(/^db +1\/1 +Running /);
  });

  it('goes when nobody uses it any more', () => {
    const { sh, apply } = cluster();
    apply(POD);
    sh('sleep 20');
    apply(RANGE);
    sh('kubectl delete pvc data --wait=false; sleep 5');
    expect(sh('kubectl get pvc data --no-headers')).toMatch(/^data +Terminating /);
    expect(sh('kubectl label pvc data a=b')).not.toContain(REFUSED);
    sh('kubectl delete pod db; sleep 10');
    expect(sh('kubectl get pvc')).toContain('No resources found');
  });

  it('lets go of a finalizer that somebody removes', () => {
    const { sh, apply } = cluster();
    const free = (finalizers: string): string =>
      sh(`kubectl patch pvc data --type=merge -p '{"metadata":{"finalizers":${finalizers}}}'`);
    free('["example.com/backup"]');
    apply(RANGE);
    expect(free('null')).toContain(REFUSED);
    sh('kubectl delete pvc data --wait=false; sleep 5');
    expect(free('null')).toContain('patched');
    expect(sh('kubectl get pvc')).toContain('No resources found');
  });
});
