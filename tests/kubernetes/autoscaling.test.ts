import { describe, expect, it } from 'vitest';
import type { HorizontalPodAutoscaler } from '../../src/engine/kubernetes/api/autoscaling.ts';
import { smallCluster } from './small-cluster.ts';

const LABELS = { app: 'web' };

/** A Deployment of one nginx that asks for 10m, a Service, and an HPA of 1 to 10 at 50 %. */
function autoscaled(spec: Partial<HorizontalPodAutoscaler['spec']> = {}, cpu = '10m') {
  const world = smallCluster();
  const { kernel, cluster } = world;
  const client = cluster.client('test');
  const resources = { requests: { cpu } };
  client.create('deployments', {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: { name: 'web', namespace: 'default' },
    spec: {
      replicas: 1,
      selector: { matchLabels: LABELS },
      template: {
        metadata: { labels: LABELS },
        spec: {
          containers: [
            {
              name: 'web',
              image: 'nginx:1.29-alpine',
              ports: [{ containerPort: 80 }],
              ...(cpu && { resources }),
            },
          ],
        },
      },
    },
  } as never);
  client.create('services', {
    apiVersion: 'v1',
    kind: 'Service',
    metadata: { name: 'web', namespace: 'default' },
    spec: { selector: LABELS, ports: [{ port: 80 }] },
  });
  client.create('horizontalpodautoscalers', {
    apiVersion: 'autoscaling/v2',
    kind: 'HorizontalPodAutoscaler',
    metadata: { name: 'web', namespace: 'default' },
    spec: {
      scaleTargetRef: { apiVersion: 'apps/v1', kind: 'Deployment', name: 'web' },
      minReplicas: 1,
      maxReplicas: 10,
      metrics: [
        {
          type: 'Resource',
          resource: { name: 'cpu', target: { type: 'Utilization', averageUtilization: 50 } },
        },
      ],
      ...spec,
    },
  });
  const run = (seconds: number): void => kernel.advance(kernel.now + seconds * 1000);
  const size = (): number => client.get('deployments', 'default', 'web')?.spec.replicas ?? 0;
  const hpa = () => client.get('horizontalpodautoscalers', 'default', 'web');
  const condition = (type: string) => hpa()?.status.conditions?.find((one) => one.type === type);
  const load = (perSecond: number): void => {
    const about = { namespace: 'default', service: 'web', port: 80, path: '/' };
    if (perSecond > 0) cluster.traffic.start({ ...about, pace: { perSecond } });
    else cluster.traffic.stop('default', 'web');
  };
  const told = (reason: string): string[] =>
    [...client.scan('events', 'default')]
      .filter((event) => event.reason === reason)
      .map(({ message }) => message);
  return { ...world, client, run, size, hpa, condition, load, told };
}

describe('an autoscaler', () => {
  it('grows from 1 to 10 under load, and shrinks no sooner than 300 s after it', () => {
    const { run, size, load, told, condition, hpa, kernel } = autoscaled();
    run(120);
    expect(size()).toBe(1);
    expect(condition('ScalingActive')).toMatchObject({
      status: 'True',
      reason: 'ValidMetricFound',
      message:
        'the HPA was able to successfully calculate a replica count from ' +
        'cpu resource utilization (percentage of request)',
    });
    load(60);
    const sizes = new Set<number>();
    for (let i = 0; i < 150; i++) {
      run(1);
      sizes.add(size());
    }
    // Without a behaviour the size at most doubles, or grows to four.
    expect([...sizes]).toEqual([1, 4, 8, 10]);
    expect(told('SuccessfulRescale')[0]).toBe(
      'New size: 4; reason: cpu resource utilization (percentage of request) above target',
    );
    expect(condition('ScalingLimited')).toMatchObject({
      status: 'True',
      reason: 'TooManyReplicas',
      message: 'the desired replica count is more than the maximum replica count',
    });
    load(0);
    const stoppedMs = kernel.now;
    while (size() === 10 && kernel.now < stoppedMs + 700_000) run(1);
    expect(kernel.now - stoppedMs).toBeGreaterThan(300_000);
    expect(kernel.now - stoppedMs).toBeLessThan(360_000);
    run(60);
    expect(size()).toBe(1);
    expect(told('SuccessfulRescale').at(-1)).toMatch(
      /^New size: \d+; reason: All metrics below target$/,
    );
    expect(hpa()?.status.currentMetrics?.[0]?.resource?.current.averageUtilization).toBe(0);
  });

  it('comes out the same when a moment is lived again', () => {
    const { run, load, kernel, size } = autoscaled();
    run(60);
    load(60);
    run(40);
    const moment = kernel.checkpoint();
    run(60);
    const [hash, grown] = [kernel.hash(), size()];
    expect(grown).toBeGreaterThan(1);
    kernel.restore(moment);
    run(60);
    expect([kernel.hash(), size()]).toEqual([hash, grown]);
  });

  it('keeps to the policies and windows of its behaviour', () => {
    const { run, size, load } = autoscaled({
      behavior: {
        scaleUp: {
          stabilizationWindowSeconds: 0,
          policies: [{ type: 'Pods', value: 1, periodSeconds: 60 }],
        },
        scaleDown: { stabilizationWindowSeconds: 30 },
      },
    });
    run(60);
    load(60);
    run(50);
    expect(size()).toBe(2);
    run(60);
    expect(size()).toBe(3);
    load(0);
    run(100);
    expect(size()).toBe(1);
  });

  it('says what it cannot measure', () => {
    const { run, size, condition, told, client } = autoscaled({}, '');
    run(90);
    expect(size()).toBe(1);
    const [pod] = [...client.scan('pods', 'default')];
    const why =
      'failed to get cpu utilization: missing request for cpu in container web of Pod ' +
      (pod?.metadata.name ?? '');
    expect(condition('ScalingActive')).toMatchObject({
      status: 'False',
      reason: 'FailedGetResourceMetric',
      message: `the HPA was unable to compute the replica count: ${why}`,
    });
    expect(told('FailedGetResourceMetric')).toContain(why);
    expect(told('FailedComputeMetricsReplicas').at(-1)).toBe(
      'invalid metrics (1 invalid out of 1), first error is: failed to get cpu resource metric ' +
        `value: ${why}`,
    );
  });

  it('finds no custom metrics where nothing serves them, and no target that is not there', () => {
    const { run, condition, client } = autoscaled({
      metrics: [
        {
          type: 'Pods',
          pods: {
            metric: { name: 'qps' },
            target: { type: 'AverageValue', averageValue: '10' },
          },
        },
      ],
    });
    run(60);
    expect(condition('ScalingActive')).toMatchObject({
      reason: 'FailedGetPodsMetric',
      message:
        'the HPA was unable to compute the replica count: unable to get metric qps: unable to ' +
        'fetch metrics from custom metrics API: no custom metrics API ' +
        '(custom.metrics.k8s.io) registered',
    });
    const deployment = client.get('deployments', 'default', 'web');
    if (deployment) client.delete('deployments', deployment);
    run(60);
    expect(condition('AbleToScale')).toMatchObject({
      status: 'False',
      reason: 'FailedGetScale',
      message:
        "the HPA controller was unable to get the target's current scale: " +
        'deployments/scale.apps "web" not found',
    });
  });
});
