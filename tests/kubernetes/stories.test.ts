import { describe, expect, it } from 'vitest';
import { Session } from '../../src/engine/session.ts';

/** When every world begins. */
const EPOCH_MS = Date.parse('2026-01-05T00:00:00Z');

/** A cluster at whose prompt one types, with a Deployment behind a Service. */
function shop(preset: string, replicas: number) {
  const session = new Session({ preset, seed: 3 });
  const { kernel, cluster } = session.world;
  if (!cluster) throw new Error('there is no cluster');
  const sh = (line: string): string => session.type(line).printed;
  sh(`kubectl create deployment web --image=nginx:1.29-alpine --replicas=${replicas}`);
  sh('kubectl expose deployment web --port=80');
  sh('kubectl rollout status deployment/web');
  return { session, sh, kernel, client: cluster.client };
}

describe('a dead node', () => {
  it('is NotReady 50 s after its last sign of life, and its Pods are evicted 300 s later', () => {
    const { sh, kernel, client } = shop('cluster', 3);
    const ready = () =>
      client.get('nodes', '', 'node-2')?.status.conditions?.find(({ type }) => type === 'Ready');
    sh('drydock fault machine node-2 down');
    const renewed = client.get('leases', 'kube-node-lease', 'node-2')?.spec.renewTime ?? '';
    const there = [...client.scan('pods', 'default')].filter(
      ({ spec }) => spec.nodeName === 'node-2',
    );
    expect(there).toHaveLength(1);
    expect(kernel.advanceUntil(() => ready()?.status === 'Unknown', 100_000)).toBe(true);
    const notReadyMs = kernel.now;
    const silentMs = notReadyMs - (Date.parse(renewed) - EPOCH_MS);
    // The controller looks every five seconds.
    expect(silentMs).toBeGreaterThanOrEqual(50_000);
    expect(silentMs).toBeLessThan(55_500);
    const isGoing = () =>
      there.every(({ metadata }) => {
        const pod = client.get('pods', 'default', metadata.name);
        return pod?.metadata.deletionTimestamp !== undefined;
      });
    expect(kernel.advanceUntil(isGoing, 400_000)).toBe(true);
    expect(Math.round((kernel.now - notReadyMs) / 1000)).toBe(300);
    sh('sleep 10s');
    expect(sh('kubectl get deployment web')).toMatch(/web +3\/3/);
  });
});

describe('etcd without a quorum', () => {
  it('lets nobody write, and every request to a running Pod is answered', () => {
    const { sh } = shop('cluster-ha', 3);
    sh('drydock load web 20');
    sh('sleep 10s');
    sh('drydock fault component etcd-control-2 stop');
    sh('drydock fault component etcd-control-3 stop');
    expect(sh('kubectl scale deployment web --replicas=5')).toMatch(
      /etcdserver: request timed out\n$/,
    );
    sh('sleep 60s');
    const [, sent = 0, served = 0, failed] =
      /default\/web +20\/s +(\d+) +(\d+) +(\d+)/.exec(sh('drydock load'))?.map(Number) ?? [];
    expect(failed).toBe(0);
    expect(sent).toBeGreaterThan(1200);
    expect(sent - served).toBeLessThanOrEqual(2);
    sh('drydock fault component etcd-control-2 start');
    sh('sleep 30s');
    expect(sh('kubectl scale deployment web --replicas=5')).toBe('deployment.apps/web scaled\n');
    sh('sleep 10s');
    expect(sh('kubectl get deployment web')).toMatch(/web +5\/5/);
  });
});

describe('kubectl drain', () => {
  it('waits, asking every five seconds, while a budget holds a Pod', () => {
    const { sh, kernel, client } = shop('cluster', 3);
    sh('kubectl create pdb web --selector=app=web --min-available=3');
    sh('sleep 1s');
    const startedMs = kernel.now;
    const text = sh('kubectl drain node-1 --ignore-daemonsets --timeout=22s');
    expect(Math.round((kernel.now - startedMs) / 1000)).toBeGreaterThanOrEqual(20);
    const name = /evicting pod default\/(web-\S+)/.exec(text)?.[1] ?? '';
    const refused =
      `error when evicting pods/"${name}" -n "default" (will retry after 5s): ` +
      "Cannot evict pod as it would violate the pod's disruption budget.\n";
    expect(text.split(refused).length - 1).toBeGreaterThanOrEqual(4);
    expect(client.get('pods', 'default', name)?.metadata.deletionTimestamp).toBeUndefined();
    sh('kubectl delete pdb web');
    expect(sh('kubectl drain node-1 --ignore-daemonsets')).toContain(
      `pod/${name} evicted\nnode/node-1 drained\n`,
    );
  });
});

describe('a stateful set', () => {
  it('gives the Pod that replaces a dead one its name, its claim and its files', () => {
    const { sh, session } = shop('cluster', 1);
    const manifest = `cat > db.yaml <<'END'
apiVersion: apps/v1
kind: StatefulSet
metadata: {name: db}
spec:
  serviceName: db
  replicas: 2
  selector: {matchLabels: {app: db}}
  template:
    metadata: {labels: {app: db}}
    spec:
      terminationGracePeriodSeconds: 0
      containers:
      - {name: db, image: alpine:3.22, command: [sleep, infinity], volumeMounts: [{name: data, mountPath: /data}]}
  volumeClaimTemplates:
  - metadata: {name: data}
    spec: {accessModes: [ReadWriteOnce], resources: {requests: {storage: 1Gi}}}
END`;
    session.type(manifest);
    sh('kubectl apply -f db.yaml');
    sh('kubectl rollout status statefulset/db');
    sh("kubectl exec db-1 -- sh -c 'echo kept > /data/note'");
    const before = sh('kubectl get pod db-1 -o jsonpath={.metadata.uid}');
    const claim = sh('kubectl get pvc data-db-1 -o jsonpath={.metadata.uid}');
    sh('kubectl delete pod db-1');
    sh('sleep 10s');
    expect(sh('kubectl get pod db-1 -o jsonpath={.metadata.uid}')).not.toBe(before);
    expect(sh('kubectl get pvc data-db-1 -o jsonpath={.metadata.uid}')).toBe(claim);
    expect(sh('kubectl exec db-1 -- cat /data/note')).toBe('kept\n');
    expect(sh('kubectl get pods -l app=db --no-headers').match(/^db-[01] /gm)).toHaveLength(2);
  });
});

describe('load', () => {
  it('costs nginx two milliseconds of processor time a request', () => {
    const { sh } = shop('cluster', 1);
    sh('drydock load web 100');
    sh('sleep 60s');
    expect(sh('kubectl top pods --no-headers')).toMatch(/^web-\S+ +(19\d|20\d)m /);
  });
});
