import { expect, it } from 'vitest';
import { smallCluster, WEB } from './small-cluster.ts';

it('a node that falls silent is NotReady after 50 s, gets no requests, and can come back', () => {
  const { kernel, sh, write, cluster } = smallCluster();
  write('web.yaml', WEB);
  sh('kubectl apply -f web.yaml');
  sh('kubectl rollout status deployment/web');
  const silentMs = kernel.now;
  cluster.nodeAgents.setSilent('node-2', true);
  const status = (): string => /node-2 +(\S+)/.exec(sh('kubectl get nodes').out)?.[1] ?? '';
  kernel.advance(silentMs + 38_000);
  expect(status()).toBe('Ready');
  kernel.advance(silentMs + 56_000);
  expect(status()).toBe('NotReady');
  kernel.advance(kernel.now + 2000);
  const [slice] = [...cluster.client('test').scan('endpointslices', 'default')];
  const away = slice?.endpoints.filter(({ nodeName }) => nodeName === 'node-2') ?? [];
  expect(away.map(({ conditions }) => conditions.ready)).toEqual([false]);
  cluster.nodeAgents.setSilent('node-2', false);
  kernel.advance(kernel.now + 16_000);
  expect(status()).toBe('Ready');
  expect(cluster.client('test').get('nodes', '', 'node-2')?.spec.taints).toEqual([]);
});
