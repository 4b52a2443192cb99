import { describe, expect, it } from 'vitest';
import { findCondition } from '../../src/engine/kubernetes/apimachinery/object.ts';
import { isPodReady } from '../../src/engine/kubernetes/api/pod.ts';
import { Session } from '../../src/engine/session.ts';

/** Three control planes, three workers, and a Deployment of three that runs. */
function shop() {
  const session = new Session({ preset: 'cluster-ha', seed: 1 });
  const sh = (line: string) => {
    const { exitCode, printed } = session.type(line);
    return { code: exitCode, out: printed };
  };
  const { client } = session.world.cluster ?? {};
  if (!client) throw new Error('there is no cluster');
  const ready = (): number => [...client.scan('pods', 'default')].filter(isPodReady).length;
  expect(sh('kubectl create deployment web --image=nginx:1.29-alpine --replicas=3').code).toBe(0);
  sh('sleep 30s');
  expect(ready()).toBe(3);
  return { session, sh, client, ready };
}

describe('etcd with three members', () => {
  it('goes on when it loses one, also the leader', () => {
    const { sh } = shop();
    sh('drydock fault machine control-1 down');
    sh('sleep 5s');
    expect(sh('kubectl create namespace shop').code).toBe(0);
    sh('drydock fault machine control-1 up');
    sh('sleep 60s');
    expect(sh('kubectl get nodes').out).toMatch(/control-1\s+Ready/);
  });

  it('that loses its quorum writes nothing; what runs goes on, and is found again after', () => {
    const { session, sh, ready } = shop();
    sh('drydock fault component etcd-control-1 stop');
    sh('drydock fault component etcd-control-2 stop');
    const { nowMs } = { nowMs: session.world.kernel.now };
    const refused = sh('kubectl create namespace shop');
    expect(refused).toEqual({
      code: 1,
      out: 'Error from server: etcdserver: request timed out\n',
    });
    expect(session.world.kernel.now - nowMs).toBeGreaterThan(7000);
    expect(sh('kubectl get pods').code).toBe(1);
    // Nobody asks the API server to serve a page: the Pods and the rules are there.
    sh('drydock load web 0');
    expect(ready()).toBe(3);
    sh('sleep 10m');
    expect(ready()).toBe(3);
    sh('drydock fault component etcd-control-1 start');
    sh('sleep 60s');
    expect(sh('kubectl create namespace shop').code).toBe(0);
    const nodes = sh('kubectl get nodes').out;
    expect(nodes.match(/ Ready /g)).toHaveLength(6);
  });

  it('that loses its scheduler places Pods again when the lease has passed on', () => {
    const { sh, client } = shop();
    sh('drydock fault component kube-scheduler-control-1 stop');
    sh('kubectl create deployment late --image=nginx:1.29-alpine');
    sh('sleep 5s');
    const late = () => client.select('pods', 'default', { matchLabels: { app: 'late' } })[0];
    expect(late()).toBeDefined();
    expect(late()?.spec.nodeName).toBeUndefined();
    sh('sleep 25s');
    expect(late()?.status.phase).toBe('Running');
  });
});

describe('a node that is cut off from the control plane', () => {
  it('is given up after 50 seconds, runs its Pods meanwhile, and is ready again when mended', () => {
    const { sh, client } = shop();
    const readiness = () =>
      findCondition(client.get('nodes', '', 'node-1')?.status.conditions, 'Ready')?.status;
    for (const one of [1, 2, 3]) sh(`drydock fault link node-1 control-${one} cut`);
    // Fifty seconds after it was last heard, which is up to ten seconds ago.
    sh('sleep 35s');
    expect(readiness()).toBe('True');
    sh('sleep 25s');
    expect(readiness()).toBe('Unknown');
    for (const one of [1, 2, 3]) sh(`drydock fault link node-1 control-${one} mend`);
    sh('sleep 15s');
    expect(readiness()).toBe('True');
  });
});
