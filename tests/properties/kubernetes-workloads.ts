import type { Random } from '../../src/engine/sim/random.ts';

/**
 * Workloads as somebody might declare them who knows what the fields mean: most of them run, some
 * cannot, and their names are few, so that one declaration meets another.
 */
export type Manifest = Record<string, unknown>;

export const NAMES = ['web', 'api', 'db'] as const;
export const NAMESPACES = ['default', 'default', 'default', 'shop'] as const;
export const GOOD_IMAGES = [
  'nginx:1.29-alpine',
  'nginx:1.29-alpine',
  'redis:8-alpine',
  'nginx:1.28',
];
const IMAGES = [...GOOD_IMAGES, ...GOOD_IMAGES, 'busybox', 'nosuch/thing', 'nginx:nosuch'];

const maybe = (random: Random, oneIn: number): boolean => random.integer(1, oneIn) === 1;
const labelsOf = (name: string) => ({ app: name });

/** One object, or several that belong together. */
export function sensibleManifest(random: Random): Manifest[] {
  const name = random.pick(NAMES);
  const namespace = random.pick(NAMESPACES);
  const make = random.pick(MAKERS);
  return make(random, name).map((object) => ({
    ...object,
    metadata: { name, namespace, ...(object.metadata as object | undefined) },
  }));
}

const MAKERS: readonly ((random: Random, name: string) => Manifest[])[] = [
  (random, name) => [deployment(random, name)],
  (random, name) => [deployment(random, name)],
  (random, name) => [deployment(random, name), service(random, name), budget(random, name)],
  (random, name) => [deployment(random, name), autoscaler(random, name)],
  (random, name) => [statefulSet(random, name), service(random, name)],
  (random, name) => [daemonSet(random, name)],
  (random, name) => [job(random, name)],
  (random, name) => [cronJob(random, name)],
  (random, name) => [service(random, name)],
  (random, name) => [budget(random, name)],
  (random) => [quota(random)],
  (random) => [limitRange(random)],
  (random, name) => [barePod(random, name)],
  (random, name) => [claim(random, name)],
];

function container(random: Random): Manifest {
  const probe = {
    httpGet: { path: random.pick(['/', '/', '/nosuch']), port: 80 },
    periodSeconds: random.pick([2, 5, 10]),
    failureThreshold: random.pick([1, 3]),
  };
  const image = random.pick(IMAGES);
  const requests = { cpu: random.pick(['10m', '100m', '500m', '1', '3']), memory: '64Mi' };
  return {
    name: 'main',
    image,
    ...(image === 'busybox' && {
      command: random.pick([
        ['sleep', '3600'],
        ['sleep', '20'],
        ['sh', '-c', 'exit 3'],
      ]),
    }),
    ...(maybe(random, 2) && { resources: { requests } }),
    ...(maybe(random, 6) && { resources: { requests, limits: { cpu: '3', memory: '256Mi' } } }),
    ...(maybe(random, 2) && { readinessProbe: probe }),
    ...(maybe(random, 8) && { livenessProbe: { ...probe, initialDelaySeconds: 5 } }),
    ...(maybe(random, 10) && {
      lifecycle: { preStop: { exec: { command: ['sleep', '5'] } } },
    }),
  };
}

function podSpec(random: Random, name: string): Manifest {
  const term = { labelSelector: { matchLabels: labelsOf(name) }, topologyKey: HOSTNAME };
  const nodes = [{ key: 'disk', operator: random.pick(['In', 'NotIn']), values: ['ssd'] }];
  const required = { nodeSelectorTerms: [{ matchExpressions: nodes }] };
  const spread = {
    maxSkew: 1,
    topologyKey: HOSTNAME,
    whenUnsatisfiable: random.pick(['DoNotSchedule', 'ScheduleAnyway']),
    labelSelector: { matchLabels: labelsOf(name) },
  };
  return {
    containers: [container(random)],
    terminationGracePeriodSeconds: random.pick([0, 5, 30]),
    ...(maybe(random, 8) && {
      affinity: { podAntiAffinity: { requiredDuringSchedulingIgnoredDuringExecution: [term] } },
    }),
    ...(maybe(random, 8) && {
      affinity: { nodeAffinity: { requiredDuringSchedulingIgnoredDuringExecution: required } },
    }),
    ...(maybe(random, 8) && { topologySpreadConstraints: [spread] }),
    ...(maybe(random, 10) && { tolerations: [{ operator: 'Exists' }] }),
    ...(maybe(random, 12) && { priorityClassName: 'system-cluster-critical' }),
    ...(maybe(random, 12) && { initContainers: [{ ...INIT }] }),
    ...(maybe(random, 12) && { activeDeadlineSeconds: 120 }),
  };
}

const HOSTNAME = 'kubernetes.io/hostname';
const INIT = { name: 'init', image: 'busybox', command: ['sleep', '2'] };

function template(random: Random, name: string, extra: Manifest = {}): Manifest {
  const { activeDeadlineSeconds: _, ...spec } = podSpec(random, name);
  return { metadata: { labels: labelsOf(name) }, spec: { ...spec, ...extra } };
}

function deployment(random: Random, name: string): Manifest {
  const rollingUpdate = {
    maxUnavailable: random.pick([0, 1, '25%', '50%']),
    maxSurge: random.pick([1, 2, '25%']),
  };
  return {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    spec: {
      replicas: random.integer(0, 5),
      selector: { matchLabels: labelsOf(name) },
      strategy: maybe(random, 5) ? { type: 'Recreate' } : { type: 'RollingUpdate', rollingUpdate },
      minReadySeconds: random.pick([0, 0, 5]),
      ...(maybe(random, 3) && { progressDeadlineSeconds: 60 }),
      ...(maybe(random, 3) && { revisionHistoryLimit: random.integer(0, 2) }),
      template: template(random, name),
    },
  };
}

function statefulSet(random: Random, name: string): Manifest {
  const when = ['Retain', 'Delete'];
  return {
    apiVersion: 'apps/v1',
    kind: 'StatefulSet',
    spec: {
      serviceName: name,
      replicas: random.integer(0, 3),
      selector: { matchLabels: labelsOf(name) },
      podManagementPolicy: random.pick(['OrderedReady', 'Parallel']),
      persistentVolumeClaimRetentionPolicy: {
        whenDeleted: random.pick(when),
        whenScaled: random.pick(when),
      },
      template: template(random, name),
      ...(maybe(random, 2) && {
        volumeClaimTemplates: [{ metadata: { name: 'data' }, spec: claimSpec(random) }],
      }),
    },
  };
}

function daemonSet(random: Random, name: string): Manifest {
  const rollingUpdate = random.pick<Manifest>([
    { maxUnavailable: 1 },
    { maxUnavailable: 0, maxSurge: 1 },
  ]);
  return {
    apiVersion: 'apps/v1',
    kind: 'DaemonSet',
    spec: {
      selector: { matchLabels: labelsOf(name) },
      updateStrategy: maybe(random, 4)
        ? { type: 'OnDelete' }
        : { type: 'RollingUpdate', rollingUpdate },
      template: template(random, name),
    },
  };
}

function jobSpec(random: Random, name: string): Manifest {
  const spec = podSpec(random, name);
  const command = random.pick([['sleep', '3'], ['sleep', '40'], ['sh', '-c', 'exit 1'], ['true']]);
  const completions = random.integer(1, 4);
  return {
    completions,
    parallelism: random.integer(0, 3),
    backoffLimit: random.integer(0, 3),
    ...(maybe(random, 3) && { completionMode: 'Indexed' }),
    ...(maybe(random, 4) && { activeDeadlineSeconds: 60 }),
    ...(maybe(random, 3) && { ttlSecondsAfterFinished: 30 }),
    ...(maybe(random, 8) && { suspend: true }),
    template: {
      metadata: { labels: { job: name } },
      spec: {
        ...spec,
        containers: [{ name: 'main', image: 'busybox', command }],
        restartPolicy: random.pick(['Never', 'OnFailure']),
      },
    },
  };
}

const job = (random: Random, name: string): Manifest => ({
  apiVersion: 'batch/v1',
  kind: 'Job',
  spec: jobSpec(random, name),
});

const cronJob = (random: Random, name: string): Manifest => ({
  apiVersion: 'batch/v1',
  kind: 'CronJob',
  spec: {
    schedule: random.pick(['* * * * *', '*/2 * * * *']),
    concurrencyPolicy: random.pick(['Allow', 'Forbid', 'Replace']),
    jobTemplate: { spec: jobSpec(random, name) },
  },
});

function service(random: Random, name: string): Manifest {
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

const budget = (random: Random, name: string): Manifest => ({
  apiVersion: 'policy/v1',
  kind: 'PodDisruptionBudget',
  spec: {
    selector: { matchLabels: labelsOf(name) },
    ...random.pick<Manifest>([{ minAvailable: 1 }, { maxUnavailable: 1 }, { minAvailable: '50%' }]),
    ...(maybe(random, 3) && { unhealthyPodEvictionPolicy: 'AlwaysAllow' }),
  },
});

const autoscaler = (random: Random, name: string): Manifest => ({
  apiVersion: 'autoscaling/v2',
  kind: 'HorizontalPodAutoscaler',
  spec: {
    scaleTargetRef: { apiVersion: 'apps/v1', kind: 'Deployment', name },
    minReplicas: random.integer(1, 2),
    maxReplicas: random.integer(2, 5),
  },
});

const quota = (random: Random): Manifest => ({
  apiVersion: 'v1',
  kind: 'ResourceQuota',
  spec: {
    hard: random.pick<Manifest>([{ pods: '8' }, { 'requests.cpu': '2' }, { services: '1' }]),
  },
});

const limitRange = (random: Random): Manifest => ({
  apiVersion: 'v1',
  kind: 'LimitRange',
  spec: {
    limits: [
      { type: 'Container', defaultRequest: { cpu: '50m' }, max: { cpu: random.pick(['1', '4']) } },
    ],
  },
});

const barePod = (random: Random, name: string): Manifest => ({
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: { labels: labelsOf(name) },
  spec: {
    ...podSpec(random, name),
    restartPolicy: random.pick(['Always', 'Never']),
    ...(maybe(random, 3) && {
      volumes: [{ name: 'data', persistentVolumeClaim: { claimName: name } }],
    }),
  },
});

const claim = (random: Random, name: string): Manifest => ({
  apiVersion: 'v1',
  kind: 'PersistentVolumeClaim',
  metadata: { name },
  spec: claimSpec(random),
});

const claimSpec = (random: Random): Manifest => ({
  accessModes: ['ReadWriteOnce'],
  resources: { requests: { storage: '1Gi' } },
  ...(maybe(random, 6) && { storageClassName: 'nosuch' }),
});
