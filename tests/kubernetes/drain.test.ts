import { describe, expect, it } from 'vitest';
import { isPodReady } from '../../src/engine/kubernetes/api/pod.ts';
import { smallCluster, WEB } from './small-cluster.ts';

/** Three replicas of which one may be missing; a node is to be emptied, Pod by Pod. */
function guarded() {
  const world = smallCluster();
  const { kernel, cluster, write, sh } = world;
  const client = cluster.client('test');
  write('web.yaml', WEB);
  sh('kubectl apply -f web.yaml');
  const budget = {
    apiVersion: 'policy/v1',
    kind: 'PodDisruptionBudget',
    metadata: { name: 'web', namespace: 'default' },
    spec: { selector: { matchLabels: { app: 'web' } }, maxUnavailable: 1 },
  } as const;
  client.create('poddisruptionbudgets', budget);
  const run = (seconds: number): void => kernel.advance(kernel.now + seconds * 1000);
  const pods = () => [...client.scan('pods', 'default')];
  const healthy = (): number =>
    pods().filter((pod) => isPodReady(pod) && !pod.metadata.deletionTimestamp).length;
  run(60);
  return { ...world, client, run, pods, healthy };
}

describe('a drain', () => {
  it('goes on as fast as the budget lets it, and never below what it promises', () => {
    const { client, run, pods, healthy, kernel } = guarded();
    expect(healthy()).toBe(3);
    const first = new Set(pods().map(({ metadata }) => metadata.uid));
    for (const node of ['node-1', 'node-2']) {
      const object = client.get('nodes', '', node);
      if (object) {
        client.update('nodes', { ...object, spec: { ...object.spec, unschedulable: true } });
      }
    }
    const leaving = (): ReturnType<typeof pods> =>
      pods().filter(
        ({ metadata, spec }) =>
          first.has(metadata.uid) && !metadata.deletionTimestamp && spec.nodeName !== 'node-3',
      );
    expect(leaving()).toHaveLength(2);
    const startedMs = kernel.now;
    let refused = 0;
    let least = 3;
    for (let i = 0; i < 300 && leaving().length > 0; i++) {
      for (const pod of leaving()) {
        const result = client.evict(pod);
        if (result.ok) continue;
        expect(result.failure).toMatchObject({ code: 429, reason: 'TooManyRequests' });
        refused += 1;
      }
      least = Math.min(least, healthy());
      run(1);
    }
    expect(leaving()).toEqual([]);
    expect(refused).toBeGreaterThan(0);
    expect(least).toBe(2);
    expect(kernel.now - startedMs).toBeLessThan(60_000);
    run(60);
    expect(healthy()).toBe(3);
    expect(pods().every(({ spec }) => spec.nodeName === 'node-3')).toBe(true);
    const status = client.get('poddisruptionbudgets', 'default', 'web')?.status;
    expect(status).toMatchObject({
      expectedPods: 3,
      currentHealthy: 3,
      desiredHealthy: 2,
      disruptionsAllowed: 1,
    });
    expect(status?.disruptedPods ?? {}).toEqual({});
  });

  it('comes out the same when a moment is lived again', () => {
    const { client, run, pods, kernel } = guarded();
    const [pod] = pods();
    if (pod) client.evict(pod);
    run(1);
    const moment = kernel.checkpoint();
    run(120);
    const hash = kernel.hash();
    kernel.restore(moment);
    run(120);
    expect(kernel.hash()).toBe(hash);
  });
});
