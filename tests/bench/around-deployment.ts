import type { Client } from '../../src/engine/kubernetes/client/client.ts';

/**
 * What stands around a Deployment where many people share a cluster: each has its own Service,
 * disruption budget, autoscaler (whose metrics nobody serves) and network policy, and all count
 * for the quota of their namespace.
 */
const NAMESPACE = 'default';

/** What is a namespace's own. */
export function addQuota(client: Client): void {
  const hard = { pods: '1M', 'requests.cpu': '1M', 'requests.memory': '1Ei', services: '10k' };
  must(
    client.create('resourcequotas', {
      apiVersion: 'v1',
      kind: 'ResourceQuota',
      metadata: { name: 'all', namespace: NAMESPACE },
      spec: { hard },
      status: {},
    }),
  );
}

/** @param name of the Deployment, whose Pods have it as their label `app` */
export function addAround(client: Client, name: string, replicas: number): void {
  const metadata = { name, namespace: NAMESPACE };
  const selector = { app: name };
  const chosen = { matchLabels: selector };
  must(
    client.create('services', {
      apiVersion: 'v1',
      kind: 'Service',
      metadata,
      spec: { selector, ports: [{ port: 80, targetPort: 8080 }] },
    }),
  );
  must(
    client.create('poddisruptionbudgets', {
      apiVersion: 'policy/v1',
      kind: 'PodDisruptionBudget',
      metadata,
      spec: { selector: chosen, minAvailable: '90%' },
    }),
  );
  must(
    client.create('networkpolicies', {
      apiVersion: 'networking.k8s.io/v1',
      kind: 'NetworkPolicy',
      metadata,
      spec: { podSelector: chosen, ingress: [{ from: [{ podSelector: chosen }] }] },
    }),
  );
  const target = { type: 'Utilization', averageUtilization: 80 } as const;
  must(
    client.create('horizontalpodautoscalers', {
      apiVersion: 'autoscaling/v2',
      kind: 'HorizontalPodAutoscaler',
      metadata,
      spec: {
        scaleTargetRef: { apiVersion: 'apps/v1', kind: 'Deployment', name },
        minReplicas: replicas,
        maxReplicas: replicas,
        metrics: [{ type: 'Resource', resource: { name: 'cpu', target } }],
      },
    }),
  );
}

function must(result: { ok: true } | { ok: false; failure: { message: string } }): void {
  if (!result.ok) throw new Error(result.failure.message);
}
