import { describe, expect, it } from 'vitest';
import { isPodReady } from '../../src/engine/kubernetes/api/pod.ts';
import { smallCluster, WEB } from './small-cluster.ts';

type World = ReturnType<typeof smallCluster>;

/** A cluster in which three replicas serve and a client asks five times a second. */
function servingCluster(): World {
  const world = smallCluster();
  world.write('web.yaml', WEB);
  expect(world.sh('kubectl apply -f web.yaml').out).toBe(
    'deployment.apps/web created\nservice/web created\n',
  );
  expect(world.sh('kubectl rollout status deployment/web').code).toBe(0);
  // Until kube-proxy has the endpoints.
  world.kernel.advance(world.kernel.now + 1000);
  world.cluster.traffic.start({
    namespace: 'default',
    service: 'web',
    port: 80,
    path: '/',
    pace: { perSecond: 20 },
  });
  return world;
}

/** Pods there are and Pods that are ready and stay, after each event until a time has passed. */
function watchSizes({ kernel, cluster }: World, forMs: number) {
  const client = cluster.client('test');
  let mostPods = 0;
  let fewestReady = Number.MAX_SAFE_INTEGER;
  const endMs = kernel.now + forMs;
  kernel.advanceUntil(() => {
    const pods = [...client.scan('pods', 'default')];
    const staying = pods.filter(({ metadata }) => !metadata.deletionTimestamp);
    mostPods = Math.max(mostPods, staying.length);
    fewestReady = Math.min(fewestReady, staying.filter(isPodReady).length);
    return kernel.now >= endMs;
  }, forMs);
  return { mostPods, fewestReady };
}

const imagesOf = ({ cluster }: World): string[] =>
  [...cluster.client('test').scan('pods', 'default')].map(
    ({ spec }) => spec.containers[0]?.image ?? '',
  );

/** Ten replicas whose readiness takes a while to be seen. */
const TEN = WEB.replace('replicas: 3', 'replicas: 10');

function tenReplicas(): World {
  const world = smallCluster();
  world.write('web.yaml', TEN);
  expect(world.sh('kubectl apply -f web.yaml').code).toBe(0);
  expect(world.sh('kubectl rollout status deployment/web').code).toBe(0);
  return world;
}

function roll({ write, sh }: World, image: string): void {
  write('web.yaml', TEN.replace('nginx:1.29-alpine', image));
  expect(sh('kubectl apply -f web.yaml').code).toBe(0);
}

describe('a rolling update of ten replicas', () => {
  it('has at most 13 Pods and at least 8 that are ready', () => {
    const world = tenReplicas();
    roll(world, 'nginx:1.29.3-alpine');
    const { mostPods, fewestReady } = watchSizes(world, 120_000);
    expect(mostPods).toBe(13);
    expect(fewestReady).toBe(8);
    expect(imagesOf(world)).toEqual(Array.from({ length: 10 }, () => 'nginx:1.29.3-alpine'));
  });

  it('stalls at 8 old Pods on a bad image, and has failed after 600 s', () => {
    const world = tenReplicas();
    const { kernel, sh, cluster } = world;
    roll(world, 'nginx:no-such-tag');
    const startedMs = kernel.now;
    expect(sh('kubectl rollout status deployment/web')).toMatchObject({
      code: 1,
      err: 'error: deployment "web" exceeded its progress deadline\n',
    });
    const tookMs = kernel.now - startedMs;
    expect(tookMs).toBeGreaterThan(600_000);
    expect(tookMs).toBeLessThan(605_000);
    const pods = [...cluster.client('test').scan('pods', 'default')];
    expect(pods).toHaveLength(13);
    expect(pods.filter(isPodReady)).toHaveLength(8);
    const deployment = cluster.client('test').get('deployments', 'default', 'web');
    expect(deployment?.status).toMatchObject({
      replicas: 13,
      updatedReplicas: 5,
      readyReplicas: 8,
      unavailableReplicas: 5,
    });
    expect(deployment?.status.conditions).toContainEqual(
      expect.objectContaining({
        type: 'Progressing',
        status: 'False',
        reason: 'ProgressDeadlineExceeded',
      }),
    );
  });
});

describe('a rolling update of three replicas', () => {
  it('goes from 3 to at most 4 Pods, never below 3 ready, and fails no request', () => {
    const world = servingCluster();
    const { cluster, sh } = world;
    expect(sh('kubectl set image deployment/web web=nginx:1.29.3-alpine').out).toBe(
      'deployment.apps/web image updated\n',
    );
    expect(watchSizes(world, 60_000)).toEqual({ mostPods: 4, fewestReady: 3 });
    expect(imagesOf(world)).toEqual(Array.from({ length: 3 }, () => 'nginx:1.29.3-alpine'));
    const { sent = 0, served = 0, failed } = cluster.traffic.count('default', 'web') ?? {};
    expect(failed).toBe(0);
    expect(served).toBeGreaterThan(1000);
    expect(sent - served).toBeLessThanOrEqual(1);
    expect(sh('kubectl rollout status deployment/web').out).toBe(
      'deployment "web" successfully rolled out\n',
    );
  });

  it('is taken back by undo, which gives the old template a new revision', () => {
    const world = servingCluster();
    const { sh } = world;
    sh('kubectl set image deployment/web web=nginx:1.29.3-alpine');
    sh('kubectl rollout status deployment/web');
    expect(sh('kubectl rollout undo deployment/web').out).toBe('deployment.apps/web rolled back\n');
    expect(watchSizes(world, 60_000)).toEqual({ mostPods: 4, fewestReady: 3 });
    expect(imagesOf(world)).toEqual(Array.from({ length: 3 }, () => 'nginx:1.29-alpine'));
    expect(sh('kubectl rollout history deployment/web').out).toBe(
      'deployment.apps/web \nREVISION  CHANGE-CAUSE\n2         <none>\n3         <none>\n\n',
    );
  });

  it('stalls on an image that is not there, keeps serving, and says so after 600 s', () => {
    const world = servingCluster();
    const { sh, cluster } = world;
    sh('kubectl set image deployment/web web=nginx:no-such-tag');
    const status = sh('kubectl rollout status deployment/web');
    expect(status).toMatchObject({
      code: 1,
      err: 'error: deployment "web" exceeded its progress deadline\n',
    });
    expect(cluster.traffic.count('default', 'web')?.failed).toBe(0);
    const pods = sh('kubectl get pods').out;
    expect(pods.match(/1\/1 {5}Running/g)).toHaveLength(3);
    expect(pods).toMatch(/0\/1 {5}(ErrImagePull|ImagePullBackOff)/);
  });

  it('goes on from a checkpoint in its middle to the same world', () => {
    const { kernel, sh } = servingCluster();
    sh('kubectl set image deployment/web web=nginx:1.29.3-alpine');
    kernel.advance(kernel.now + 3000);
    const middle = kernel.checkpoint();
    const endMs = kernel.now + 60_000;
    kernel.advance(endMs);
    const end = kernel.hash();
    kernel.restore(middle);
    kernel.advance(endMs);
    expect(kernel.hash()).toBe(end);
  });

  it('can be asked why: from a ready Pod back to the command', () => {
    const { kernel, sh, cluster } = servingCluster();
    const [pod] = [...cluster.client('test').scan('pods', 'default')];
    expect(sh('kubectl get pods').code).toBe(0);
    const ready = kernel.trace
      .of(`Pod default/${pod?.metadata.name ?? ''}`)
      .find(({ verb }) => verb === 'ready');
    const actors = kernel.trace.chain(ready?.id ?? 0).map(({ actor }) => actor);
    for (const actor of [
      'kubectl',
      'deployment-controller',
      'replicaset-controller',
      'scheduler',
      `kubelet/${pod?.spec.nodeName ?? ''}`,
    ]) {
      expect(actors).toContain(actor);
    }
  });
});
