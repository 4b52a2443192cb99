import type { Random } from '../../src/engine/sim/random.ts';

/**
 * Pods as somebody might declare them: containers that stay, end, fail or never come, with probes,
 * sidecars, init containers, volumes and wishes about nodes.
 */
export type Manifest = Record<string, unknown>;

export const GOOD_IMAGES = [
  'nginx:1.29-alpine',
  'nginx:1.29-alpine',
  'redis:8-alpine',
  'nginx:1.28',
];
const IMAGES = [...GOOD_IMAGES, ...GOOD_IMAGES, 'busybox', 'nosuch/thing', 'nginx:nosuch'];
/** Classes that another declaration makes, or nobody. */
export const PRIORITIES = ['high', 'low'] as const;
const HOSTNAME = 'kubernetes.io/hostname';

export const maybe = (random: Random, oneIn: number): boolean => random.integer(1, oneIn) === 1;
export const labelsOf = (name: string) => ({ app: name });

/** A container named main. */
function container(random: Random): Manifest {
  const image = random.pick(IMAGES);
  const requests = { cpu: random.pick(['10m', '100m', '500m', '1', '3']), memory: '64Mi' };
  const limits = { cpu: '3', memory: random.pick(['256Mi', '256Mi', '4Mi']) };
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
    ...(maybe(random, 6) && { resources: { requests, limits } }),
    ...(maybe(random, 2) && { readinessProbe: probe(random) }),
    ...(maybe(random, 8) && { livenessProbe: { ...probe(random), successThreshold: 1 } }),
    ...(maybe(random, 12) && { startupProbe: { ...probe(random), successThreshold: 1 } }),
    ...(maybe(random, 10) && { lifecycle: hooks(random) }),
    ...(maybe(random, 12) && { ports: [{ containerPort: 80, hostPort: 8080 }] }),
    ...(maybe(random, 12) && { env: [settingOf(random)] }),
    ...(maybe(random, 8) && { volumeMounts: [{ name: 'files', mountPath: '/srv' }] }),
  };
}

const probe = (random: Random): Manifest => ({
  ...random.pick<Manifest>([
    { httpGet: { path: random.pick(['/', '/', '/nosuch']), port: 80 } },
    { httpGet: { path: '/', port: 80 } },
    { tcpSocket: { port: random.pick([80, 80, 6379]) } },
    { exec: { command: random.pick([['true'], ['true'], ['false'], ['sleep', '3']]) } },
  ]),
  periodSeconds: random.pick([1, 2, 5, 10]),
  failureThreshold: random.pick([1, 3]),
  successThreshold: random.pick([1, 1, 2]),
  ...(maybe(random, 2) && { initialDelaySeconds: random.pick([1, 5]) }),
  ...(maybe(random, 3) && { timeoutSeconds: 2 }),
});

const hooks = (random: Random): Manifest =>
  random.pick<Manifest>([
    { preStop: { exec: { command: ['sleep', '5'] } } },
    { preStop: { sleep: { seconds: 3 } } },
    { preStop: { exec: { command: ['false'] } } },
    { postStart: { exec: { command: [random.pick(['true', 'false'])] } } },
  ]);

/** Of a ConfigMap that may not be there. */
const settingOf = (random: Random): Manifest => ({
  name: 'LEVEL',
  valueFrom: {
    configMapKeyRef: {
      name: 'settings',
      key: 'level',
      ...(maybe(random, 2) && { optional: true }),
    },
  },
});

/** What runs before a Pod's containers, or beside them. */
function initContainers(random: Random): Manifest[] {
  const once = (command: string[]) => ({ name: 'init', image: 'busybox', command });
  const beside = { name: 'beside', image: 'redis:8-alpine', restartPolicy: 'Always' };
  return random.pick<Manifest[]>([
    [once(['sleep', '2'])],
    [once(['sh', '-c', 'exit 1'])],
    [{ ...once(['true']), image: 'nosuch/thing' }],
    [beside],
    [beside, once(['sleep', '1'])],
    [{ ...beside, startupProbe: { exec: { command: ['true'] }, periodSeconds: 1 } }],
    [{ ...beside, image: 'busybox', command: ['sleep', '15'] }],
  ]);
}

/** Where its Pods may go, in the words of their neighbours and nodes. */
function placement(random: Random, name: string): Manifest {
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
    ...(maybe(random, 8) && {
      affinity: { podAntiAffinity: { requiredDuringSchedulingIgnoredDuringExecution: [term] } },
    }),
    ...(maybe(random, 12) && {
      affinity: { podAffinity: { requiredDuringSchedulingIgnoredDuringExecution: [term] } },
    }),
    ...(maybe(random, 8) && {
      affinity: { nodeAffinity: { requiredDuringSchedulingIgnoredDuringExecution: required } },
    }),
    ...(maybe(random, 8) && { topologySpreadConstraints: [spread] }),
    ...(maybe(random, 10) && { tolerations: [{ operator: 'Exists' }] }),
    ...(maybe(random, 20) && {
      tolerations: [{ key: 'a', operator: 'Exists', tolerationSeconds: 20 }],
    }),
    ...(maybe(random, 12) && { priorityClassName: 'system-cluster-critical' }),
    ...(maybe(random, 8) && { priorityClassName: random.pick(PRIORITIES) }),
    ...(maybe(random, 30) && { schedulingGates: [{ name: 'example.com/later' }] }),
  };
}

export function podSpec(random: Random, name: string): Manifest {
  const main = container(random);
  return {
    containers: [main],
    terminationGracePeriodSeconds: random.pick([0, 5, 30]),
    ...placement(random, name),
    ...(maybe(random, 6) && { initContainers: initContainers(random) }),
    ...('volumeMounts' in main && { volumes: [volume(random)] }),
  };
}

const volume = (random: Random): Manifest => ({
  name: 'files',
  ...random.pick<Manifest>([
    { emptyDir: {} },
    { configMap: { name: 'settings' } },
    { configMap: { name: 'settings', optional: true } },
    { secret: { secretName: 'nosuch', optional: true } },
    { persistentVolumeClaim: { claimName: 'web' } },
  ]),
});

export const template = (random: Random, name: string, extra: Manifest = {}): Manifest => ({
  metadata: { labels: labelsOf(name) },
  spec: { ...podSpec(random, name), ...extra },
});
