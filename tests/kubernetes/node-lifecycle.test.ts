import { describe, expect, it } from 'vitest';
import { NodeLifecycleController } from '../../src/engine/kubernetes/controllers/node-lifecycle/node-lifecycle-controller.ts';
import { TaintEvictionController } from '../../src/engine/kubernetes/controllers/taint-eviction/taint-eviction-controller.ts';
import { addNode, bareControlPlane, podNamed, renewLease, runPod } from './bare-control-plane.ts';

const nodesOf = (count: number): string[] =>
  Array.from({ length: count }, (_, i) => `node-${i + 1}`);

/** Nodes whose kubelets renew their Leases every 10 s unless they are dead. */
function nodes(names: readonly string[], zones: Readonly<Record<string, string>> = {}) {
  const plane = bareControlPlane(
    (kernel, door, cluster) => new NodeLifecycleController(kernel, door, cluster).start(),
    (kernel, door, cluster) => new TaintEvictionController(kernel, door, cluster),
  );
  for (const name of names) addNode(plane, name, zones[name]);
  const dead = new Set<string>();
  const live = (seconds: number): void => {
    const { kernel } = plane;
    const endMs = kernel.now + seconds * 1000;
    while (kernel.now < endMs) {
      for (const name of names) if (!dead.has(name)) renewLease(plane, name);
      kernel.advance(Math.min(endMs, kernel.now + 10_000));
    }
    for (const name of names) if (!dead.has(name)) renewLease(plane, name);
  };
  const taints = (name: string): string[] =>
    (plane.client.get('nodes', '', name)?.spec.taints ?? []).map(
      ({ key, effect }) => `${key.replace('node.kubernetes.io/', '')}:${effect}`,
    );
  const given = (effect: string): string[] =>
    names.filter((name) => taints(name).some((taint) => taint.endsWith(effect)));
  const ready = (name: string) =>
    plane.client.get('nodes', '', name)?.status.conditions?.find(({ type }) => type === 'Ready');
  return { ...plane, plane, dead, live, taints, given, ready };
}

describe('nodes that fall silent', () => {
  it('are Unknown in every condition after 50 s, and their Pods are not ready', () => {
    const world = nodes(nodesOf(4));
    runPod(world.plane, podNamed('web'), 'node-1');
    world.live(20);
    world.dead.add('node-1');
    world.live(45);
    expect(world.ready('node-1')?.status).toBe('True');
    world.live(20);
    expect(world.ready('node-1')).toMatchObject({
      status: 'Unknown',
      reason: 'NodeStatusUnknown',
      message: 'Kubelet stopped posting node status.',
    });
    const pod = world.client.get('pods', 'default', 'web');
    expect(pod?.status.conditions?.find(({ type }) => type === 'Ready')?.status).toBe('False');
    expect(world.told('NodeNotReady').sort()).toEqual([
      'Node is not ready',
      'Node node-1 status is now: NodeNotReady',
    ]);
  });

  it('lose their Pods 300 s later, and those that tolerate the taint for longer stay', () => {
    const world = nodes(nodesOf(4));
    runPod(world.plane, podNamed('web'), 'node-1');
    const toleration = { operator: 'Exists' as const, effect: 'NoExecute' };
    const spec = {
      containers: [{ name: 'agent', image: 'busybox' }],
      tolerations: [toleration],
    };
    runPod(world.plane, podNamed('agent', { spec }), 'node-1');
    world.live(10);
    world.dead.add('node-1');
    world.live(60);
    expect(world.taints('node-1')).toContain('unreachable:NoExecute');
    const evicted = (name: string) =>
      world.client.get('pods', 'default', name)?.metadata.deletionTimestamp !== undefined;
    world.live(280);
    expect(evicted('web')).toBe(false);
    world.live(30);
    expect(evicted('web')).toBe(true);
    expect(evicted('agent')).toBe(false);
  });

  it('are given up one in ten seconds', () => {
    const world = nodes(nodesOf(10));
    world.live(10);
    for (const name of nodesOf(4)) world.dead.add(name);
    world.live(50);
    expect(world.given('NoSchedule')).toEqual([]);
    world.live(6);
    expect(world.given('NoSchedule')).toHaveLength(4);
    expect(world.given('NoExecute')).toHaveLength(1);
    world.live(10);
    expect(world.given('NoExecute')).toHaveLength(2);
    world.live(20);
    expect(world.given('NoExecute')).toHaveLength(4);
  });

  it('are not given up while most of a small zone is down', () => {
    const world = nodes(nodesOf(5));
    world.live(10);
    for (const name of nodesOf(3)) world.dead.add(name);
    world.live(200);
    expect(world.given('NoSchedule')).toHaveLength(3);
    expect(world.given('NoExecute')).toEqual([]);
    world.dead.delete('node-1');
    const [node] = [world.client.get('nodes', '', 'node-1')];
    const conditions = (node?.status.conditions ?? []).map((condition) => ({
      ...condition,
      status: condition.type === 'Ready' ? ('True' as const) : ('False' as const),
    }));
    if (node)
      world.client.updateStatus('nodes', { ...node, status: { ...node.status, conditions } });
    world.live(30);
    expect(world.taints('node-1')).toEqual([]);
    expect(world.given('NoExecute')).toHaveLength(2);
  });

  it('are given up one in a hundred seconds in a large zone that is mostly down', () => {
    const world = nodes(nodesOf(60));
    world.live(10);
    for (const name of nodesOf(40)) world.dead.add(name);
    world.live(155);
    expect(world.given('NoExecute').length).toBeLessThanOrEqual(3);
    expect(world.given('NoExecute').length).toBeGreaterThanOrEqual(1);
  });

  it('are given up at full speed in a zone that is down alone, not when all zones are', () => {
    const zones = { 'node-1': 'a', 'node-2': 'a', 'node-3': 'b', 'node-4': 'b' };
    const world = nodes(nodesOf(4), zones);
    world.live(10);
    world.dead.add('node-1').add('node-2');
    world.live(75);
    expect(world.given('NoExecute')).toEqual(['node-1', 'node-2']);
    world.dead.add('node-3').add('node-4');
    world.live(75);
    expect(world.given('NoSchedule')).toHaveLength(4);
    expect(world.given('NoExecute')).toEqual([]);
  });

  it('are not looked at while the controller manager is stopped', () => {
    const world = nodes(nodesOf(4));
    world.live(10);
    world.dead.add('node-1');
    world.components.set('kube-controller-manager', false);
    world.live(200);
    expect(world.ready('node-1')?.status).toBe('True');
    world.components.set('kube-controller-manager', true);
    world.live(20);
    expect(world.taints('node-1')).toEqual(['unreachable:NoSchedule', 'unreachable:NoExecute']);
  });

  it('are tainted NoSchedule by cordon and by pressure', () => {
    const world = nodes(nodesOf(2));
    world.live(10);
    const node = world.client.get('nodes', '', 'node-1');
    if (!node) throw new Error('no node');
    world.client.update('nodes', { ...node, spec: { ...node.spec, unschedulable: true } });
    world.live(1);
    expect(world.taints('node-1')).toEqual(['unschedulable:NoSchedule']);
  });
});
