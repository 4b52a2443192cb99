import { describe, expect, it } from 'vitest';
import {
  kubeletService,
  type NodeAnswers,
  type NodeRequest,
} from '../../src/engine/kubernetes/api/node-requests.ts';
import { MetricsServer } from '../../src/engine/kubernetes/metrics-server/metrics-server.ts';
import { LATER } from '../../src/engine/sim/processes.ts';
import { addNode, bareControlPlane, podNamed, runPod } from './bare-control-plane.ts';

/** Nodes of which each runs one Pod that uses 200 thousandths of a processor; some are dead. */
function measured(nodes: number) {
  const plane = bareControlPlane();
  const { kernel, processes, api, client, run } = plane;
  const asked: string[] = [];
  const dead = new Set<string>();
  processes.service<NodeRequest>(kubeletService('main'), ({ node }) => {
    asked.push(node);
    if (dead.has(node)) return LATER;
    const timeMs = kernel.now;
    const cpuNs = timeMs * 200_000;
    const used = { timeMs, cpuNs, cpuNanoCores: 0, memoryWorkingSetBytes: 64 * 1024 * 1024 };
    const [pod] = [...client.scan('pods', 'default')].filter(({ spec }) => spec.nodeName === node);
    const pods = pod
      ? [
          {
            namespace: 'default',
            name: pod.metadata.name,
            uid: pod.metadata.uid,
            containers: [{ ...used, name: 'web', startedMs: 0 }],
          },
        ]
      : [];
    const answer: NodeAnswers['stats'] = { ok: true, usage: { ...used, node, pods } };
    return answer;
  });
  const server = new MetricsServer(kernel, processes, api, 'main');
  api.aggregate(server);
  server.start();
  for (let i = 1; i <= nodes; i++) {
    addNode(plane, `node-${i}`);
    const labels = { app: i === 1 ? 'watched' : 'other' };
    const metadata = { name: `web-${i}`, namespace: 'default', labels };
    runPod(plane, podNamed(`web-${i}`, { metadata }), `node-${i}`);
  }
  const pods = (app?: string) => {
    const labelSelector = { matchLabels: { app: app ?? '' } };
    const listed = client.list('pods.metrics.k8s.io', {
      namespace: 'default',
      ...(app !== undefined && { labelSelector }),
    });
    return listed.ok ? listed.value.items : listed.failure.message;
  };
  return { ...plane, asked, dead, pods, run };
}

describe('what Pods use', () => {
  it('is known from the second look on', () => {
    const { run, pods } = measured(2);
    run(16);
    expect(pods()).toEqual([]);
    run(15);
    expect(pods()).toMatchObject([
      {
        metadata: { name: 'web-1', labels: { app: 'watched' } },
        window: '15s',
        containers: [{ name: 'web', usage: { cpu: '200m', memory: '64Mi' } }],
      },
      { metadata: { name: 'web-2' } },
    ]);
    expect(pods('watched')).toHaveLength(1);
  });

  it('is forgotten of a node that does not answer, and known again when it does', () => {
    const { run, pods, dead } = measured(2);
    run(31);
    dead.add('node-1');
    run(60);
    expect(pods()).toMatchObject([{ metadata: { name: 'web-2' } }]);
    dead.delete('node-1');
    run(45);
    expect(pods()).toHaveLength(2);
  });

  it('cannot be asked for while the server is stopped, nor right after', () => {
    const { run, pods, components } = measured(2);
    run(31);
    components.set('metrics-server', false);
    expect(pods()).toBe('the server is currently unable to handle the request');
    components.set('metrics-server', true);
    expect(pods()).toEqual([]);
    run(31);
    expect(pods()).toHaveLength(2);
  });

  it('is asked of nobody in a large cluster, but where somebody looks', () => {
    const { run, pods, asked } = measured(120);
    run(300);
    expect(asked).toEqual([]);
    expect(pods('watched')).toEqual([]);
    run(40);
    expect(pods('watched')).toHaveLength(1);
    expect(new Set(asked)).toEqual(new Set(['node-1']));
    run(400);
    const before = asked.length;
    run(60);
    expect(asked).toHaveLength(before);
  });
});
