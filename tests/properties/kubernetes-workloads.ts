import type { Random } from '../../src/engine/sim/random.ts';
import { labelsOf, maybe, podSpec, template, type Manifest } from './kubernetes-pods.ts';
import {
  autoscaler,
  budget,
  claim,
  claimSpec,
  ingress,
  limitRange,
  networkPolicy,
  priorityClass,
  quota,
  service,
  settings,
} from './kubernetes-surroundings.ts';

/**
 * Workloads as somebody might declare them who knows what the fields mean: most of them run, some
 * cannot, and their names are few, so that one declaration meets another.
 */
export const NAMES = ['web', 'api', 'db'] as const;
export const NAMESPACES = ['default', 'default', 'default', 'shop'] as const;

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
  (random, name) => [networkPolicy(random, name)],
  (random) => [priorityClass(random)],
  (random) => [settings(random)],
  (random, name) => [service(random, name), ingress(random, name)],
];

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
      minReadySeconds: random.pick([0, 0, 3]),
      ...(maybe(random, 3) && { updateStrategy: statefulStrategy(random) }),
      ...(maybe(random, 8) && { ordinals: { start: 5 } }),
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

const statefulStrategy = (random: Random): Manifest =>
  random.pick<Manifest>([
    { type: 'OnDelete' },
    { type: 'RollingUpdate', rollingUpdate: { partition: random.integer(1, 2) } },
    { type: 'RollingUpdate', rollingUpdate: { maxUnavailable: random.pick([2, '50%']) } },
  ]);

function daemonSet(random: Random, name: string): Manifest {
  const rollingUpdate = random.pick<Manifest>([
    { maxUnavailable: 1 },
    { maxUnavailable: 2 },
    { maxUnavailable: '50%' },
    { maxUnavailable: 0, maxSurge: 1 },
    { maxUnavailable: 0, maxSurge: '50%' },
  ]);
  return {
    apiVersion: 'apps/v1',
    kind: 'DaemonSet',
    spec: {
      selector: { matchLabels: labelsOf(name) },
      updateStrategy: maybe(random, 4)
        ? { type: 'OnDelete' }
        : { type: 'RollingUpdate', rollingUpdate },
      minReadySeconds: random.pick([0, 0, 5]),
      template: template(random, name),
    },
  };
}

function jobSpec(random: Random, name: string): Manifest {
  const spec = podSpec(random, name);
  const command = random.pick([['sleep', '3'], ['sleep', '40'], ['sh', '-c', 'exit 1'], ['true']]);
  const [main] = spec.containers as [Manifest];
  const { resources, volumeMounts } = main;
  const restartPolicy = random.pick(['Never', 'Never', 'OnFailure']);
  const isIndexed = maybe(random, 3);
  return {
    completions: random.integer(1, 4),
    parallelism: random.integer(0, 3),
    backoffLimit: random.integer(0, 3),
    ...(isIndexed && { completionMode: 'Indexed' }),
    ...(isIndexed && restartPolicy === 'Never' && perIndex(random)),
    ...(restartPolicy === 'Never' && maybe(random, 3) && { podFailurePolicy: policyOf(random) }),
    ...(maybe(random, 4) && { activeDeadlineSeconds: 60 }),
    ...(maybe(random, 3) && { ttlSecondsAfterFinished: 30 }),
    ...(maybe(random, 8) && { suspend: true }),
    template: {
      metadata: { labels: { job: name } },
      spec: {
        ...spec,
        containers: [
          {
            ...{ name: 'main', image: 'busybox', command },
            ...(resources !== undefined && { resources }),
            ...(volumeMounts !== undefined && { volumeMounts }),
          },
        ],
        restartPolicy,
      },
    },
  };
}

const perIndex = (random: Random): Manifest =>
  random.pick<Manifest>([
    {},
    { backoffLimitPerIndex: random.integer(0, 2), backoffLimit: undefined },
    { backoffLimitPerIndex: 1, maxFailedIndexes: random.integer(0, 1), backoffLimit: undefined },
    { successPolicy: { rules: [{ succeededCount: 1 }] } },
  ]);

const policyOf = (random: Random): Manifest => ({
  rules: [
    {
      action: random.pick(['FailJob', 'Ignore', 'Count']),
      ...random.pick<Manifest>([
        { onExitCodes: { operator: 'In', values: [1] } },
        { onExitCodes: { containerName: 'main', operator: 'NotIn', values: [1, 2] } },
        { onPodConditions: [{ type: 'DisruptionTarget', status: 'True' }] },
      ]),
    },
  ],
});

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
    ...(maybe(random, 3) && { startingDeadlineSeconds: random.pick([5, 60]) }),
    ...(maybe(random, 3) && { successfulJobsHistoryLimit: 1, failedJobsHistoryLimit: 0 }),
    ...(maybe(random, 6) && { suspend: true }),
    ...(maybe(random, 6) && { timeZone: 'Asia/Seoul' }),
    jobTemplate: { spec: jobSpec(random, name) },
  },
});

const barePod = (random: Random, name: string): Manifest => ({
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: { labels: labelsOf(name) },
  spec: {
    ...podSpec(random, name),
    restartPolicy: random.pick(['Always', 'OnFailure', 'Never']),
    ...(maybe(random, 6) && { activeDeadlineSeconds: 120 }),
    ...(maybe(random, 3) && {
      volumes: [{ name: 'data', persistentVolumeClaim: { claimName: name } }],
    }),
  },
});
