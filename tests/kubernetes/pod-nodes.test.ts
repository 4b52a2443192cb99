import { describe, expect, it } from 'vitest';
import { podStories } from './pod-stories.ts';

const LASTING = 'trap "exit 0" TERM; while true; do sleep 1; done';

describe('a kubelet', () => {
  it('does not take more than its node has, whoever bound it there', () => {
    const { create, advance, pod, events } = podStories();
    const cpu = (amount: string) => ({ resources: { requests: { cpu: amount } } });
    create('first', [{ sh: LASTING, ...cpu('1500m') }]);
    advance(3);
    create('second', [{ sh: LASTING, ...cpu('600m') }]);
    advance(3);
    const message =
      "Node didn't have enough resource: cpu, requested: 600, used: 1500, capacity: 2000";
    expect(pod('second').status).toMatchObject({
      phase: 'Failed',
      reason: 'OutOfcpu',
      message: `Pod was rejected: ${message}`,
    });
    expect(events('second')).toEqual([`OutOfcpu: ${message}`]);
    create('third', [{ sh: LASTING, ...cpu('500m') }]);
    advance(5);
    expect(pod('third').status.phase).toBe('Running');
  });

  it('takes no Pod that does not want its node', () => {
    const { create, advance, pod } = podStories();
    create('picky', [{ sh: LASTING }], { nodeSelector: { disk: 'ssd' } });
    advance(3);
    expect(pod('picky').status).toMatchObject({
      phase: 'Failed',
      reason: 'NodeAffinity',
      message:
        'Pod was rejected: Predicate NodeAffinity failed: ' +
        "node(s) didn't match Pod's node affinity/selector",
    });
  });

  it('says what its node has, and what of it Pods may have', () => {
    const { client } = podStories();
    expect(client.get('nodes', '', 'node-1')?.status).toMatchObject({
      capacity: { cpu: '2', memory: '4194304Ki', pods: '110' },
      allocatable: { cpu: '2', memory: '4091904Ki', pods: '110' },
    });
  });

  it('gives back what ended Pods took', () => {
    const { create, advance, pod, kernel } = podStories();
    const resources = { requests: { cpu: '2' } };
    create('job', [{ sh: 'exit 0', resources }], { restartPolicy: 'Never' });
    advance(6);
    const { podIP = '' } = pod('job').status;
    create('next', [{ sh: LASTING, resources }]);
    advance(6);
    expect(pod('next').status.phase).toBe('Running');
    expect(pod('job').status).toMatchObject({ phase: 'Succeeded', podIP });
    const owners = [...(kernel.store.tables().get('net/addresses')?.entries() ?? [])]
      .filter(([, row]) => (row as { owner: string }).owner === 'Pod default/job')
      .map(([ip]) => ip);
    expect(owners).toEqual([]);
  });
});

describe('a node whose memory runs out', () => {
  it('ends the Pod that uses most beyond its requests, and says so', () => {
    const { create, advance, pod, status, containerd, client, until } = podStories();
    const nginx = { image: 'nginx:1.29-alpine' };
    create('calm', [nginx]);
    create('greedy', [{ ...nginx, resources: { requests: { memory: '64Mi' } } }]);
    create('vital', [nginx], { priorityClassName: 'system-node-critical' });
    advance(10);
    const id = status('greedy').containerID?.slice('containerd://'.length) ?? '';
    containerd.answer('node-1', { op: 'fault', id, kind: 'leak' });
    expect(until(() => pod('greedy').status.reason === 'Evicted', 600)).toBe(true);
    expect(pod('greedy').status.message).toMatch(
      /^The node was low on resource: memory\. Threshold quantity: 100Mi, available: \d+\w*\. Container app was using \d+\w*, request is 64Mi, has larger consumption of memory\. $/,
    );
    const pressure = () =>
      client
        .get('nodes', '', 'node-1')
        ?.status.conditions?.find(({ type }) => type === 'MemoryPressure');
    expect(pressure()).toMatchObject({ status: 'True', reason: 'KubeletHasInsufficientMemory' });
    advance(5);
    expect(pod('greedy').status.phase).toBe('Failed');
    expect(pod('greedy').status.conditions).toContainEqual(
      expect.objectContaining({
        type: 'DisruptionTarget',
        status: 'True',
        reason: 'TerminationByKubelet',
      }),
    );
    expect([pod('calm').status.phase, pod('vital').status.phase]).toEqual(['Running', 'Running']);
    create('late', [{ sh: LASTING }]);
    advance(2);
    expect(pod('late').status).toMatchObject({
      reason: 'Evicted',
      message: 'Pod was rejected: The node had condition: [MemoryPressure]. ',
    });
    advance(320);
    expect(pressure()?.status).toBe('False');
  });
});

describe('a kubelet that was stopped', () => {
  it('lets its containers go on, and sees afterwards what became of them', () => {
    const { create, advance, pod, status, cluster, containerd } = podStories();
    create('web', [{ image: 'nginx:1.29-alpine' }]);
    create('once', [{ sh: 'sleep 20; exit 5' }], { restartPolicy: 'Never' });
    advance(10);
    cluster.setSilent('node-1', true);
    const id = status('web').containerID?.slice('containerd://'.length) ?? '';
    advance(30);
    expect(status('once').state?.running).toBeDefined();
    expect(containerd.answer('node-1', { op: 'state', id })).toMatchObject({
      container: { status: 'running' },
    });
    cluster.setSilent('node-1', false);
    advance(2);
    expect(status('web').containerID).toBe(`containerd://${id}`);
    expect(status('web').restartCount).toBe(0);
    expect(pod('once').status.phase).toBe('Failed');
    expect(status('once').state?.terminated?.exitCode).toBe(5);
  });

  it('starts again what its machine lost', () => {
    const { create, advance, status, cluster, containerd } = podStories();
    create('web', [{ image: 'nginx:1.29-alpine' }]);
    advance(10);
    cluster.setSilent('node-1', true);
    containerd.tasks.powerOff('node-1');
    advance(5);
    expect(status('web').restartCount).toBe(0);
    cluster.setSilent('node-1', false);
    advance(5);
    expect(status('web')).toMatchObject({ restartCount: 1, ready: true });
  });
});
