import { describe, expect, it } from 'vitest';
import { scenario } from './scenario-session.ts';

/** Nexus as a StatefulSet: what it keeps, it keeps in its volume. */
function nexus() {
  const { session, sh, code } = scenario('nexus.yaml');
  sh('kubectl apply -f nexus.yaml');
  expect(code('kubectl rollout status statefulset/nexus')).toBe(0);
  const password = () => sh('kubectl exec nexus-0 -- cat /nexus-data/admin.password');
  const node = () => sh(`kubectl get pod nexus-0 -o jsonpath='{.spec.nodeName}'`);
  return { session, sh, code, password, node };
}

describe('Nexus as a StatefulSet', () => {
  it('has its data again after its Pod died, on the node where the volume is', () => {
    const { sh, code, password, node } = nexus();
    const first = password();
    expect(first).toMatch(/^[0-9a-f-]{36}$/);
    sh(`kubectl exec nexus-0 -- sh -c 'echo mine > /nexus-data/blob'`);
    const home = node();
    const uid = () => sh(`kubectl get pod nexus-0 -o jsonpath='{.metadata.uid}'`);
    const before = uid();
    // Nexus takes 6 s to end; the grace of 120 s is not used up.
    sh('kubectl delete pod nexus-0');
    expect(code('kubectl rollout status statefulset/nexus')).toBe(0);
    expect(uid()).not.toBe(before);
    expect([password(), node()]).toEqual([first, home]);
    expect(sh('kubectl exec nexus-0 -- cat /nexus-data/blob')).toBe('mine\n');
    expect(sh('kubectl get pvc data-nexus-0 --no-headers')).toMatch(/^data-nexus-0 +Bound /);
  });

  it('waits for its node, since a local volume moves nowhere', () => {
    const { sh, node, code } = nexus();
    const home = node();
    sh(`kubectl drain ${home} --ignore-daemonsets --delete-emptydir-data --force`);
    sh('sleep 30');
    expect(sh('kubectl get pod nexus-0 --no-headers')).toMatch(/^nexus-0 +0\/1 +Pending /);
    expect(sh('kubectl describe pod nexus-0')).toMatch(
      /didn't match PersistentVolume's node affin/,
    );
    sh(`kubectl uncordon ${home}`);
    expect(code('kubectl rollout status statefulset/nexus')).toBe(0);
    expect(node()).toBe(home);
  });

  it('keeps its claim when the StatefulSet goes, and finds it again', () => {
    const { sh, code } = nexus();
    sh(`kubectl exec nexus-0 -- sh -c 'echo mine > /nexus-data/blob'`);
    sh('kubectl delete statefulset nexus');
    sh('sleep 30');
    expect(sh('kubectl get pods').trim()).toBe('No resources found in default namespace.');
    expect(sh('kubectl get pvc --no-headers')).toMatch(/^data-nexus-0 +Bound /);
    sh('kubectl apply -f nexus.yaml');
    expect(code('kubectl rollout status statefulset/nexus')).toBe(0);
    expect(sh('kubectl exec nexus-0 -- cat /nexus-data/blob')).toBe('mine\n');
  });
});
