import { describe, expect, it } from 'vitest';
import { isPodReady } from '../../src/engine/kubernetes/api/pod.ts';
import { smallCluster, WEB } from './small-cluster.ts';

/** Three replicas run, one on each worker; then node-2's kubelet stops. */
function silentNode() {
  const world = smallCluster();
  const { kernel, sh, write, cluster } = world;
  write('web.yaml', WEB);
  sh('kubectl apply -f web.yaml');
  sh('kubectl rollout status deployment/web');
  const silentMs = kernel.now;
  cluster.setSilent('node-2', true);
  const status = (): string => /node-2 +(\S+)/.exec(sh('kubectl get nodes').out)?.[1] ?? '';
  const client = cluster.client('test');
  const pods = () => [...client.scan('pods', 'default')];
  const lost = () => pods().filter(({ spec }) => spec.nodeName === 'node-2');
  const told = (reason: string) =>
    [...kernel.trace.since(0)].filter((record) => record.reason === reason);
  return { ...world, silentMs, status, client, pods, lost, told };
}

describe('a node that falls silent', () => {
  it('is NotReady after 50 s and gets no requests', () => {
    const { kernel, silentMs, status, client } = silentNode();
    kernel.advance(silentMs + 38_000);
    expect(status()).toBe('Ready');
    kernel.advance(silentMs + 56_000);
    expect(status()).toBe('NotReady');
    kernel.advance(kernel.now + 2000);
    const [slice] = [...client.scan('endpointslices', 'default')].filter(
      ({ metadata }) => metadata.labels?.['kubernetes.io/service-name'] === 'web',
    );
    const away = slice?.endpoints.filter(({ nodeName }) => nodeName === 'node-2') ?? [];
    expect(away.map(({ conditions }) => conditions.ready)).toEqual([false]);
  });

  it('keeps its Pods when it comes back in time, and they are ready again', () => {
    const { kernel, cluster, silentMs, status, client, lost, told } = silentNode();
    kernel.advance(silentMs + 200_000);
    expect(lost().map(isPodReady)).toEqual([false]);
    cluster.setSilent('node-2', false);
    kernel.advance(kernel.now + 10_000);
    expect(status()).toBe('Ready');
    expect(told('NodeReady').map(({ actor, message }) => [actor, message])).toEqual([
      ['kubelet/node-2', 'Node node-2 status is now: NodeReady'],
    ]);
    expect(client.get('nodes', '', 'node-2')?.spec.taints).toEqual([]);
    expect(lost().map(isPodReady)).toEqual([true]);
    expect(told('TaintManagerEviction').map(({ message }) => message)).toEqual([
      `Cancelling deletion of Pod default/${lost()[0]?.metadata.name ?? ''}`,
    ]);
    kernel.advance(kernel.now + 400_000);
    expect(lost()).toHaveLength(1);
  });

  it('loses its Pods 300 s later; they stay Terminating until it can say that they stopped', () => {
    const { kernel, cluster, silentMs, pods, lost, told, sh } = silentNode();
    kernel.advance(silentMs + 56_000);
    const [notReady] = told('NodeNotReady');
    kernel.advance(silentMs + 400_000);
    const [marked] = told('TaintManagerEviction');
    expect((marked?.timeMs ?? 0) - (notReady?.timeMs ?? 0)).toBeGreaterThanOrEqual(300_000);
    expect((marked?.timeMs ?? 0) - (notReady?.timeMs ?? 0)).toBeLessThan(300_200);
    expect(pods().filter(isPodReady)).toHaveLength(3);
    expect(sh('kubectl get pods').out).toMatch(/1\/1 {5}Terminating/);
    const [gone] = lost();
    expect(gone?.status.conditions?.at(-1)).toMatchObject({
      type: 'DisruptionTarget',
      reason: 'DeletionByTaintManager',
    });
    cluster.setSilent('node-2', false);
    kernel.advance(kernel.now + 60_000);
    expect(lost()).toEqual([]);
    expect(pods().filter(isPodReady)).toHaveLength(3);
  });
});
