import { expect, it } from 'vitest';
import type { KubeObject } from '../apimachinery/object.ts';
import { toKeptVersion, toVersion } from './conversion.ts';

const old = {
  apiVersion: 'autoscaling/v1',
  kind: 'HorizontalPodAutoscaler',
  metadata: { name: 'web' },
  spec: {
    scaleTargetRef: { kind: 'Deployment', name: 'web' },
    maxReplicas: 10,
    targetCPUUtilizationPercentage: 50,
  },
  status: { currentReplicas: 1, desiredReplicas: 2, currentCPUUtilizationPercentage: 80 },
} as unknown as KubeObject;

it('keeps an old autoscaler as a new one, and gives the old one back', () => {
  const kept = toKeptVersion(old);
  expect(kept).toMatchObject({
    apiVersion: 'autoscaling/v2',
    spec: {
      maxReplicas: 10,
      metrics: [
        {
          type: 'Resource',
          resource: { name: 'cpu', target: { type: 'Utilization', averageUtilization: 50 } },
        },
      ],
    },
    status: { currentMetrics: [{ resource: { current: { averageUtilization: 80 } } }] },
  });
  expect(toVersion(kept, 'autoscaling/v1')).toEqual(old);
});

it('renames the version of a gateway', () => {
  const gateway = {
    apiVersion: 'gateway.networking.k8s.io/v1beta1',
    kind: 'Gateway',
    metadata: { name: 'g' },
  } as unknown as KubeObject;
  const kept = toKeptVersion(gateway);
  expect(kept.apiVersion).toBe('gateway.networking.k8s.io/v1');
  expect(toVersion(kept, gateway.apiVersion)).toEqual(gateway);
});

it('leaves everything else alone', () => {
  const pod = { apiVersion: 'v1', kind: 'Pod', metadata: { name: 'a' } } as unknown as KubeObject;
  expect(toKeptVersion(pod)).toBe(pod);
});
