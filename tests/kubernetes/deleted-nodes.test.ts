import { describe, expect, it } from 'vitest';
import { Session } from '../../src/engine/session.ts';

/** Somebody deletes what a kubelet has written of its node. */
function cluster() {
  const session = new Session({ preset: 'cluster', seed: 11 });
  const sh = (line: string): string => session.type(line).printed;
  sh('sleep 15');
  const status = () => /node-2 +(\S+)/.exec(sh('kubectl get nodes'))?.[1];
  const read = (path: string) => sh(`kubectl get -n kube-node-lease ${path}`);
  return { sh, status, read };
}

const OWNER = "-o jsonpath='{.spec.holderIdentity} {.metadata.ownerReferences[0].uid}'";
const UID = "-o jsonpath='{.metadata.uid}'";

describe('a node', () => {
  it('whose Lease is deleted stays ready: its kubelet makes another', () => {
    const { sh, status, read } = cluster();
    sh('kubectl delete lease node-2 -n kube-node-lease');
    expect(sh('kubectl get leases -n kube-node-lease -o name')).not.toContain('node-2');
    sh('sleep 11');
    expect(read(`lease node-2 ${OWNER}`)).toBe(`node-2 ${read(`node node-2 ${UID}`)}`);
    // Twice as long as a node is given that has no Lease.
    for (let i = 0; i < 10; i++) {
      sh('sleep 10');
      expect(status()).toBe('Ready');
    }
  });

  it('that is deleted is there again when its kubelet starts anew, and not before', () => {
    const { sh, status, read } = cluster();
    const before = read(`node node-2 ${UID}`);
    sh('kubectl delete node node-2; sleep 5m');
    expect(status()).toBeUndefined();
    sh('drydock fault kubelet node-2 stop; drydock fault kubelet node-2 start; sleep 1');
    expect(status()).toBe('Ready');
    const uid = read(`node node-2 ${UID}`);
    expect(uid).not.toBe(before);
    expect(read(`lease node-2 ${OWNER}`)).toBe(`node-2 ${uid}`);
    const there = `--overrides='{"spec":{"nodeSelector":{"kubernetes.io/hostname":"node-2"}}}'`;
    sh(`kubectl run web --image=nginx:1.29-alpine ${there}; sleep 2m`);
    expect(sh('kubectl get pods --no-headers')).toMatch(/^web +1\/1 +Running /);
    expect(status()).toBe('Ready');
  });
});
