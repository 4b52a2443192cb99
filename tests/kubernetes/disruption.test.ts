import { describe, expect, it } from 'vitest';
import type { IntOrString } from '../../src/engine/kubernetes/apimachinery/int-or-string.ts';
import { controllerReference } from '../../src/engine/kubernetes/apimachinery/object.ts';
import { DisruptionController } from '../../src/engine/kubernetes/controllers/disruption/disruption-controller.ts';
import {
  addNode,
  bareControlPlane,
  podNamed,
  runPod,
  setReady,
  value,
} from './bare-control-plane.ts';

interface Bounds {
  readonly minAvailable?: IntOrString;
  readonly maxUnavailable?: IntOrString;
}

/** A ReplicaSet whose Pods run, and a budget over them. */
function guarded(replicas: number, bounds: Bounds) {
  const plane = bareControlPlane(
    (kernel, door, cluster) => new DisruptionController(kernel, door, cluster),
  );
  const { client, run } = plane;
  addNode(plane, 'node-1');
  const labels = { app: 'web' };
  const set = value(
    client.create('replicasets', {
      apiVersion: 'apps/v1',
      kind: 'ReplicaSet',
      metadata: { name: 'web', namespace: 'default' },
      spec: {
        replicas,
        selector: { matchLabels: labels },
        template: { metadata: { labels }, spec: { containers: [{ name: 'web', image: 'nginx' }] } },
      },
    }),
  );
  const names = Array.from({ length: replicas }, (_, i) => `web-${i}`);
  for (const name of names) {
    const ownerReferences = [controllerReference(set)];
    const metadata = { name, namespace: 'default', labels, ownerReferences };
    runPod(plane, podNamed(name, { metadata }), 'node-1');
  }
  client.create('poddisruptionbudgets', {
    apiVersion: 'policy/v1',
    kind: 'PodDisruptionBudget',
    metadata: { name: 'web', namespace: 'default' },
    spec: { selector: { matchLabels: labels }, ...bounds },
  });
  run(1);
  const status = () => client.get('poddisruptionbudgets', 'default', 'web')?.status;
  const evict = (name: string): string => {
    const pod = client.get('pods', 'default', name);
    if (!pod) return 'not there';
    const result = client.evict(pod);
    return result.ok ? 'evicted' : result.failure.message;
  };
  return { ...plane, plane, names, status, evict };
}

describe('a budget', () => {
  it.each<[number, Bounds, number, number]>([
    [5, { minAvailable: 3 }, 3, 2],
    [5, { minAvailable: '50%' }, 3, 2],
    [5, { maxUnavailable: 1 }, 4, 1],
    [5, { maxUnavailable: '30%' }, 3, 2],
    [3, { minAvailable: '100%' }, 3, 0],
    [3, { maxUnavailable: 0 }, 3, 0],
    [1, { maxUnavailable: '50%' }, 0, 1],
  ])('of %i Pods with %o wants %i healthy and lets %i go', (replicas, bounds, wanted, allowed) => {
    expect(guarded(replicas, bounds).status()).toMatchObject({
      expectedPods: replicas,
      currentHealthy: replicas,
      desiredHealthy: wanted,
      disruptionsAllowed: allowed,
    });
  });

  it('counts what becomes unready, and what is ready again', () => {
    const { plane, run, status } = guarded(3, { maxUnavailable: 1 });
    expect(status()?.conditions?.[0]).toMatchObject({ status: 'True', reason: 'SufficientPods' });
    setReady(plane, 'default', 'web-0', false);
    run(1);
    expect(status()).toMatchObject({ currentHealthy: 2, disruptionsAllowed: 0 });
    expect(status()?.conditions?.[0]).toMatchObject({
      status: 'False',
      reason: 'InsufficientPods',
    });
    setReady(plane, 'default', 'web-0', true);
    run(1);
    expect(status()).toMatchObject({ currentHealthy: 3, disruptionsAllowed: 1 });
  });

  it('holds a drain: one Pod goes, the next is refused until it is replaced', () => {
    const { evict, run, client, status } = guarded(3, { minAvailable: 2 });
    expect(evict('web-0')).toBe('evicted');
    expect(evict('web-1')).toBe(
      "Cannot evict pod as it would violate the pod's disruption budget.",
    );
    run(1);
    expect(status()).toMatchObject({ currentHealthy: 2, disruptionsAllowed: 0 });
    expect(evict('web-1')).toMatch(/^Cannot evict pod/);
    const gone = client.get('pods', 'default', 'web-0');
    if (gone) client.delete('pods', gone, 0);
    run(1);
    expect(status()).toMatchObject({ expectedPods: 2, disruptionsAllowed: 0 });
  });

  it('counts the same whatever was looked at before', () => {
    const { plane, kernel, client, run, status, evict } = guarded(5, { maxUnavailable: 2 });
    const relabel = (name: string, app: string) => {
      const pod = client.get('pods', 'default', name);
      if (pod) client.update('pods', { ...pod, metadata: { ...pod.metadata, labels: { app } } });
    };
    const past = kernel.checkpoint();
    setReady(plane, 'default', 'web-0', false);
    relabel('web-1', 'other');
    const gone = client.get('pods', 'default', 'web-2');
    if (gone) client.delete('pods', gone, 0);
    expect(evict('web-3')).toBe('evicted');
    run(1);
    expect(status()).toMatchObject({ expectedPods: 5, currentHealthy: 1, disruptionsAllowed: 0 });
    relabel('web-1', 'web');
    run(1);
    expect(status()).toMatchObject({ currentHealthy: 2 });
    kernel.restore(past);
    setReady(plane, 'default', 'web-4', false);
    run(1);
    expect(status()).toMatchObject({ currentHealthy: 4, disruptionsAllowed: 1 });
    const budget = client.get('poddisruptionbudgets', 'default', 'web');
    if (!budget) throw new Error('the budget is gone');
    const spec = { ...budget.spec, selector: { matchLabels: { app: 'other' } } };
    client.update('poddisruptionbudgets', { ...budget, spec });
    relabel('web-1', 'other');
    run(1);
    expect(status()).toMatchObject({ expectedPods: 5, currentHealthy: 1 });
  });

  it('without Pods allows nothing and says so', () => {
    const { status, told } = guarded(0, { minAvailable: 1 });
    expect(status()).toMatchObject({ expectedPods: 0, disruptionsAllowed: 0 });
    expect(told('NoPods')).toEqual(['No matching pods found']);
  });

  it('with a percentage cannot reckon with Pods that nobody manages', () => {
    const plane = bareControlPlane(
      (kernel, door, cluster) => new DisruptionController(kernel, door, cluster),
    );
    addNode(plane, 'node-1');
    const labels = { app: 'lone' };
    const metadata = { name: 'lone', namespace: 'default', labels };
    runPod(plane, podNamed('lone', { metadata }), 'node-1');
    plane.client.create('poddisruptionbudgets', {
      apiVersion: 'policy/v1',
      kind: 'PodDisruptionBudget',
      metadata: { name: 'lone', namespace: 'default' },
      spec: { selector: { matchLabels: labels }, maxUnavailable: 1 },
    });
    plane.run(1);
    expect(plane.told('UnmanagedPods')[0]).toMatch(
      'Pods selected by this PodDisruptionBudget (selector: &LabelSelector{MatchLabels:' +
        'map[string]string{app: lone,},MatchExpressions:[]LabelSelectorRequirement{},}) were ' +
        'found to be unmanaged. As a result,',
    );
    const budget = plane.client.get('poddisruptionbudgets', 'default', 'lone');
    expect(budget?.status.disruptionsAllowed).toBe(0);
  });
});
