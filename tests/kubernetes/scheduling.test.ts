import { expect, it } from 'vitest';
import type { Pod, PodSpec } from '../../src/engine/kubernetes/api/pod.ts';
import { smallCluster } from './small-cluster.ts';

/** Three workers of 2 cores each, and Pods that somebody makes one by one. */
function workers() {
  const { kernel, cluster, sh } = smallCluster();
  const client = cluster.client('person');
  kernel.advance(kernel.now + 5000);
  const wait = (ms: number): void => kernel.advance(kernel.now + ms);
  const pod = (name: string): Pod => client.get('pods', 'default', name)!;
  const add = (name: string, cpu: string, spec: Partial<PodSpec> = {}, labels = {}): void => {
    const made = client.create('pods', {
      apiVersion: 'v1',
      kind: 'Pod',
      metadata: { name, namespace: 'default', labels },
      spec: {
        terminationGracePeriodSeconds: 1,
        ...spec,
        containers: [
          {
            name: 'main',
            image: 'busybox:1.37',
            command: ['sleep', '9999'],
            resources: { requests: { cpu } },
          },
        ],
      },
    });
    expect(made).toMatchObject({ ok: true });
  };
  const events = (name: string): string[] =>
    [...client.scan('events', 'default')]
      .filter(({ involvedObject }) => involvedObject.name === name)
      .map(({ reason, message }) => `${reason}: ${message}`);
  const priority = (name: string, value: number): void => {
    const body = {
      apiVersion: 'scheduling.k8s.io/v1',
      kind: 'PriorityClass',
      metadata: { name },
      value,
    };
    expect(client.create('priorityclasses', body)).toMatchObject({ ok: true });
  };
  return { kernel, cluster, client, wait, pod, add, events, priority, sh };
}

const whyOf = ({ status }: Pod): string | undefined =>
  status.conditions?.find(({ type }) => type === 'PodScheduled')?.message;

it('a Pod that fits nowhere says why, and comes to the first node that has room', () => {
  const { add, client, pod, wait, events } = workers();
  for (const name of ['a', 'b', 'c']) add(name, '1500m');
  wait(5000);
  add('big', '1');
  wait(5000);
  const message =
    '0/4 nodes are available: 1 node(s) had untolerated taint(s), 3 Insufficient cpu. ' +
    'no new claims to deallocate, preemption: 0/4 nodes are available: ' +
    '1 Preemption is not helpful for scheduling, ' +
    '3 No preemption victims found for incoming pod.';
  expect(whyOf(pod('big'))).toBe(message);
  expect(events('big')).toEqual([`FailedScheduling: ${message}`]);
  const { nodeName } = pod('b').spec;
  client.delete('pods', pod('b'));
  wait(12_000);
  expect(pod('big').spec.nodeName).toBe(nodeName);
});

it('a more important Pod has the least important ones go, and waits until they are gone', () => {
  const { add, client, pod, wait, events, priority } = workers();
  priority('low', 10);
  priority('middle', 50);
  priority('high', 1000);
  add('a', '1500m', { priorityClassName: 'middle' });
  add('b', '1500m', { priorityClassName: 'low' });
  add('c', '1500m', { priorityClassName: 'middle' });
  wait(5000);
  const node = pod('b').spec.nodeName;
  const victim = pod('b').metadata.uid;
  add('urgent', '1', { priorityClassName: 'high' });
  wait(500);
  expect(pod('urgent').status.nominatedNodeName).toBe(node);
  expect(pod('b').status.conditions).toContainEqual(
    expect.objectContaining({
      type: 'DisruptionTarget',
      reason: 'PreemptionByScheduler',
      message: 'default-scheduler: preempting to accommodate a higher priority pod',
    }),
  );
  expect(events('b')).toContain(
    `Preempted: Preempted by pod ${pod('urgent').metadata.uid} on node ${node}`,
  );
  wait(5000);
  expect(client.get('pods', 'default', 'b')?.metadata.uid).not.toBe(victim);
  expect(pod('urgent').spec.nodeName).toBe(node);
  expect([pod('a').status.phase, pod('c').status.phase]).toEqual(['Running', 'Running']);
});

it('a Pod that may not preempt waits, whatever its priority', () => {
  const { add, client, pod, wait } = workers();
  const body = {
    apiVersion: 'scheduling.k8s.io/v1',
    kind: 'PriorityClass',
    metadata: { name: 'polite' },
    value: 1000,
    preemptionPolicy: 'Never' as const,
  };
  expect(client.create('priorityclasses', body)).toMatchObject({ ok: true });
  for (const name of ['a', 'b', 'c']) add(name, '1500m');
  wait(5000);
  add('polite', '1', { priorityClassName: 'polite' });
  wait(2000);
  expect(whyOf(pod('polite'))).toMatch(/preemption: not eligible due to preemptionPolicy=Never\.$/);
});

it('victims are chosen where no disruption budget is broken', () => {
  const { add, client, pod, wait, priority } = workers();
  priority('high', 1000);
  add('kept', '1500m', {}, { app: 'kept' });
  add('other', '1500m', {}, { app: 'other' });
  add('third', '1500m', {}, { app: 'kept' });
  const selector = { matchLabels: { app: 'kept' } };
  client.create('poddisruptionbudgets', {
    apiVersion: 'policy/v1',
    kind: 'PodDisruptionBudget',
    metadata: { name: 'kept', namespace: 'default' },
    spec: { minAvailable: 2, selector },
  });
  wait(8000);
  const node = pod('other').spec.nodeName;
  add('urgent', '1', { priorityClassName: 'high' });
  wait(5000);
  expect(pod('urgent').spec.nodeName).toBe(node);
});

it('a Pod with shut gates is not looked at until they are open', () => {
  const { add, client, pod, wait, events, sh } = workers();
  add('gated', '100m', { schedulingGates: [{ name: 'example.com/quota' }] });
  wait(20_000);
  expect(pod('gated').spec.nodeName).toBeUndefined();
  expect(events('gated')).toEqual([]);
  expect(sh('kubectl get pods').out).toMatch(/\ngated +0\/1 +SchedulingGated +0 /);
  expect(pod('gated').status.conditions).toMatchObject([
    {
      ...{ type: 'PodScheduled', status: 'False', reason: 'SchedulingGated' },
      message: 'Scheduling is blocked due to non-empty scheduling gates',
    },
  ]);
  const { schedulingGates: _, ...spec } = pod('gated').spec;
  expect(client.update('pods', { ...pod('gated'), spec })).toMatchObject({ ok: true });
  wait(2000);
  expect(pod('gated').spec.nodeName).toBeDefined();
  wait(8000);
  expect(sh('kubectl get pods').out).toMatch(/\ngated +1\/1 +Running /);
});

it('a Pod with a claim of a class that binds at once waits for the claim', () => {
  const { add, pod, wait } = workers();
  const volumes = [{ name: 'data', persistentVolumeClaim: { claimName: 'data' } }];
  add('db', '100m', { volumes });
  wait(2000);
  expect(whyOf(pod('db'))).toBe(
    '0/4 nodes are available: persistentvolumeclaim "data" not found. not found',
  );
});

it('Pods that want none of their like near them come to nodes of their own', () => {
  const { add, pod, wait } = workers();
  const term = {
    labelSelector: { matchLabels: { app: 'db' } },
    topologyKey: 'kubernetes.io/hostname',
  };
  const affinity = {
    podAntiAffinity: { requiredDuringSchedulingIgnoredDuringExecution: [term] },
  };
  for (const name of ['a', 'b', 'c', 'd']) add(name, '100m', { affinity }, { app: 'db' });
  wait(5000);
  const nodes = ['a', 'b', 'c'].map((name) => pod(name).spec.nodeName);
  expect(new Set(nodes).size).toBe(3);
  expect(whyOf(pod('d'))).toMatch(/3 node\(s\) didn't match pod anti-affinity rules/);
});

it('Pods are spread evenly where they say so, and the next waits for its turn', () => {
  const { add, client, pod, wait } = workers();
  const topologySpreadConstraints = [
    {
      maxSkew: 1,
      topologyKey: 'kubernetes.io/hostname',
      whenUnsatisfiable: 'DoNotSchedule' as const,
      labelSelector: { matchLabels: { app: 'web' } },
      nodeTaintsPolicy: 'Honor' as const,
    },
  ];
  const names = ['a', 'b', 'c', 'd', 'e', 'f'];
  for (const name of names) add(name, '100m', { topologySpreadConstraints }, { app: 'web' });
  wait(5000);
  const perNode = new Map<string, number>();
  for (const name of names) {
    const node = pod(name).spec.nodeName ?? '';
    perNode.set(node, (perNode.get(node) ?? 0) + 1);
  }
  expect([...perNode.values()]).toEqual([2, 2, 2]);
  const node = client.get('nodes', '', 'node-1')!;
  client.update('nodes', { ...node, spec: { ...node.spec, unschedulable: true } });
  wait(1000);
  add('g', '100m', { topologySpreadConstraints }, { app: 'web' });
  wait(2000);
  expect(pod('g').spec.nodeName).toBeDefined();
});

it('while the scheduler is stopped nothing is placed; started again it goes on', () => {
  const { add, cluster, pod, wait } = workers();
  cluster.components.set('kube-scheduler', false);
  add('late', '100m');
  wait(30_000);
  expect(pod('late').spec.nodeName).toBeUndefined();
  cluster.components.set('kube-scheduler', true);
  wait(1000);
  expect(pod('late').spec.nodeName).toBeDefined();
});

it('goes on from a checkpoint to the same world, with what is derived made anew', () => {
  const { kernel, add, wait, pod, priority } = workers();
  priority('high', 1000);
  for (const name of ['a', 'b', 'c']) add(name, '1500m', {}, { app: name });
  wait(3000);
  const checkpoint = kernel.checkpoint();
  const live = (): [string, string | undefined] => {
    add('urgent', '1', { priorityClassName: 'high' });
    for (const name of ['d', 'e', 'f']) add(name, '300m', {}, { app: 'many' });
    wait(20_000);
    return [kernel.hash(), pod('urgent').spec.nodeName];
  };
  const first = live();
  kernel.restore(checkpoint);
  expect(live()).toEqual(first);
});
