import type { Random } from '../../src/engine/sim/random.ts';
import { labelsOf, maybe, PRIORITIES, type Manifest } from './kubernetes-pods.ts';

/** What stands around workloads: ways to them, and what bounds them. */
export function service(random: Random, name: string): Manifest {
  const type = random.pick(['ClusterIP', 'NodePort', 'LoadBalancer', 'Headless']);
  const nodePort = type === 'NodePort' && maybe(random, 2) ? { nodePort: 30_080 } : {};
  return {
    apiVersion: 'v1',
    kind: 'Service',
    spec: {
      selector: labelsOf(name),
      ports: [{ port: 80, ...nodePort }],
      ...(type === 'Headless' ? { clusterIP: 'None' } : { type }),
      ...(type === 'ClusterIP' && maybe(random, 4) && { clusterIP: '10.96.0.77' }),
    },
  };
}

export const budget = (random: Random, name: string): Manifest => ({
  apiVersion: 'policy/v1',
  kind: 'PodDisruptionBudget',
  spec: {
    selector: { matchLabels: labelsOf(name) },
    ...random.pick<Manifest>([{ minAvailable: 1 }, { maxUnavailable: 1 }, { minAvailable: '50%' }]),
    ...(maybe(random, 3) && { unhealthyPodEvictionPolicy: 'AlwaysAllow' }),
  },
});

export const autoscaler = (random: Random, name: string): Manifest => ({
  apiVersion: 'autoscaling/v2',
  kind: 'HorizontalPodAutoscaler',
  spec: {
    scaleTargetRef: {
      apiVersion: 'apps/v1',
      kind: random.pick(['Deployment', 'Deployment', 'StatefulSet']),
      name,
    },
    minReplicas: random.integer(1, 2),
    maxReplicas: random.integer(2, 5),
    ...(maybe(random, 2) && {
      metrics: [
        {
          type: 'Resource',
          resource: { name: 'cpu', target: { type: 'Utilization', averageUtilization: 50 } },
        },
      ],
    }),
    ...(maybe(random, 3) && {
      behavior: { scaleDown: { stabilizationWindowSeconds: random.pick([0, 60]) } },
    }),
  },
});

export const quota = (random: Random): Manifest => ({
  apiVersion: 'v1',
  kind: 'ResourceQuota',
  spec: {
    hard: random.pick<Manifest>([
      { pods: '8' },
      { 'requests.cpu': '2' },
      { services: '1' },
      { 'count/deployments.apps': '1' },
      { persistentvolumeclaims: '2', 'requests.storage': '2Gi' },
    ]),
    ...(maybe(random, 4) && { scopes: [random.pick(['BestEffort', 'NotTerminating'])] }),
  },
});

export const limitRange = (random: Random): Manifest => ({
  apiVersion: 'v1',
  kind: 'LimitRange',
  spec: {
    limits: [
      random.pick<Manifest>([
        {
          type: 'Container',
          defaultRequest: { cpu: '50m' },
          max: { cpu: random.pick(['1', '4']) },
        },
        { type: 'Container', default: { memory: '128Mi' }, min: { memory: '8Mi' } },
        { type: 'Pod', max: { cpu: '2' } },
        { type: 'PersistentVolumeClaim', max: { storage: '500Mi' } },
      ]),
    ],
  },
});

/** Who may speak to whom, in which direction. */
export const networkPolicy = (random: Random, name: string): Manifest => ({
  apiVersion: 'networking.k8s.io/v1',
  kind: 'NetworkPolicy',
  spec: {
    podSelector: maybe(random, 3) ? {} : { matchLabels: labelsOf(name) },
    ...random.pick<Manifest>([
      { policyTypes: ['Ingress'] },
      { policyTypes: ['Egress'] },
      { ingress: [{ from: [{ podSelector: {} }], ports: [{ port: 80 }] }] },
      { ingress: [{ from: [{ ipBlock: { cidr: '10.244.0.0/16' } }] }] },
    ]),
  },
});

/** Of the whole cluster; the one that preempts nobody is waited behind. */
export function priorityClass(random: Random): Manifest {
  const name = random.pick(PRIORITIES);
  return {
    apiVersion: 'scheduling.k8s.io/v1',
    kind: 'PriorityClass',
    metadata: { name, namespace: undefined },
    value: name === 'high' ? 1000 : -10,
    ...(maybe(random, 3) && { preemptionPolicy: 'Never' }),
  };
}

export const settings = (random: Random): Manifest => ({
  apiVersion: 'v1',
  kind: 'ConfigMap',
  metadata: { name: 'settings' },
  data: { level: String(random.integer(1, 9)) },
  ...(maybe(random, 6) && { immutable: true }),
});

export const ingress = (random: Random, name: string): Manifest => ({
  apiVersion: 'networking.k8s.io/v1',
  kind: 'Ingress',
  spec: {
    ...(maybe(random, 2) && { ingressClassName: 'nosuch' }),
    defaultBackend: { service: { name, port: { number: 80 } } },
  },
});

export const claim = (random: Random, name: string): Manifest => ({
  apiVersion: 'v1',
  kind: 'PersistentVolumeClaim',
  metadata: { name },
  spec: claimSpec(random),
});

export const claimSpec = (random: Random): Manifest => ({
  accessModes: ['ReadWriteOnce'],
  resources: { requests: { storage: '1Gi' } },
  ...(maybe(random, 6) && { storageClassName: 'nosuch' }),
});
