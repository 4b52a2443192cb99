import { describe, expect, it } from 'vitest';
import { problems } from './problems.ts';

const labels = { app: 'web' };
const template = (spec: object = {}, own: object = labels): object => ({
  metadata: { labels: own },
  spec: { containers: [{ name: 'web', image: 'nginx' }], ...spec },
});
const run = (fields: object = {}): object => ({
  spec: { replicas: 1, selector: { matchLabels: labels }, template: template(), ...fields },
});

describe('a Deployment', () => {
  it('chooses the Pods that it makes', () => {
    expect(problems('deployments', run())).toEqual([]);
    expect(problems('deployments', run({ template: template({}, { app: 'db' }) }))).toEqual([
      'spec.template.metadata.labels: Invalid value: {"app":"db"}: `selector` does not match template `labels`',
    ]);
    expect(problems('deployments', run({ selector: undefined }))).toEqual([
      'spec.selector: Required value',
    ]);
  });

  it('keeps its selector', () => {
    const other = { app: 'web', tier: 'a' };
    const now = run({ selector: { matchLabels: other }, template: template({}, other) });
    expect(problems('deployments', now, run())).toEqual([
      'spec.selector: Invalid value: {"matchLabels":{"app":"web","tier":"a"}}: field is immutable',
    ]);
  });

  it('goes on when it is changed', () => {
    const rollingUpdate = { maxSurge: 0, maxUnavailable: '0%' };
    const strategy = { type: 'RollingUpdate', rollingUpdate };
    expect(problems('deployments', run({ strategy }))).toEqual([
      'spec.strategy.rollingUpdate.maxUnavailable: Invalid value: "0%": may not be 0 when `maxSurge` is 0',
    ]);
    expect(problems('deployments', run({ strategy: { ...strategy, type: 'Recreate' } }))).toEqual([
      "spec.strategy.rollingUpdate: Forbidden: may not be specified when strategy `type` is 'Recreate'",
    ]);
  });

  it('restarts what ends, and is not of a negative size', () => {
    expect(
      problems(
        'deployments',
        run({ replicas: -1, template: template({ restartPolicy: 'Never' }) }),
      ),
    ).toEqual([
      'spec.replicas: Invalid value: -1: must be greater than or equal to 0',
      'spec.template.spec.restartPolicy: Unsupported value: "Never": supported values: "Always"',
    ]);
  });
});

describe('a StatefulSet', () => {
  it('changes only in some fields', () => {
    const before = run({ serviceName: 'a' });
    expect(problems('statefulsets', run({ serviceName: 'a', replicas: 3 }), before)).toEqual([]);
    expect(problems('statefulsets', run({ serviceName: 'b' }), before)).toEqual([
      "spec: Forbidden: updates to statefulset spec for fields other than 'replicas', 'ordinals', 'template', 'updateStrategy', 'revisionHistoryLimit', 'persistentVolumeClaimRetentionPolicy' and 'minReadySeconds' are forbidden",
    ]);
  });
});

describe('a Job', () => {
  const job = (fields: object = {}): object => ({
    spec: { template: template({ restartPolicy: 'Never' }, {}), ...fields },
  });

  it('lets its Pods end', () => {
    expect(problems('jobs', { spec: { template: template({}, {}) } })).toEqual([
      'spec.template.spec.restartPolicy: Required value: valid values: "OnFailure", "Never"',
    ]);
  });

  it('counts up to what it counts', () => {
    expect(problems('jobs', job({ completionMode: 'Indexed', parallelism: -1 }))).toEqual(
      expect.arrayContaining([
        'spec.parallelism: Invalid value: -1: must be greater than or equal to 0',
        'spec.completions: Required value: when completion mode is Indexed',
      ]),
    );
  });
});

describe('a CronJob', () => {
  const cron = (schedule: string, fields: object = {}): object => ({
    spec: {
      schedule,
      concurrencyPolicy: 'Allow',
      jobTemplate: { spec: { template: template({ restartPolicy: 'Never' }, {}) } },
      ...fields,
    },
  });
  const ofSchedule = (schedule: string): string[] => problems('cronjobs', cron(schedule));

  it.each(['*/5 * * * *', '@hourly', '@every 1h30m', '0 12 * jan-mar MON', '0 0 ? * *'])(
    'takes %s',
    (schedule) => {
      expect(ofSchedule(schedule)).toEqual([]);
    },
  );

  it.each([
    ['x', 'expected exactly 5 fields, found 1: [x]'],
    ['* * * *', 'expected exactly 5 fields, found 4: [* * * *]'],
    ['60 * * * *', 'end of range (60) above maximum (59): 60'],
    ['5-1 * * * *', 'beginning of range (5) beyond end of range (1): 5-1'],
    ['*/0 * * * *', 'step of range should be a positive number: */0'],
    ['a * * * *', 'failed to parse int from a: strconv.Atoi: parsing "a": invalid syntax'],
    ['@often', 'unrecognized descriptor: @often'],
  ])('refuses %s', (schedule, why) => {
    expect(ofSchedule(schedule)).toEqual([
      `spec.schedule: Invalid value: ${JSON.stringify(schedule)}: ${why}`,
    ]);
  });

  it('keeps the zone apart, and its name short', () => {
    expect(ofSchedule('TZ=UTC * * * * *')).toEqual([
      'spec.schedule: Invalid value: "TZ=UTC * * * * *": cannot use TZ or CRON_TZ in schedule, use timeZone field instead',
    ]);
    const long = { ...cron('@daily'), metadata: { name: 'a'.repeat(53) } };
    expect(problems('cronjobs', long)).toEqual([
      `metadata.name: Invalid value: "${'a'.repeat(53)}": must be no more than 52 characters`,
    ]);
  });
});

describe('an autoscaler', () => {
  it('has bounds, a target and metrics that can be', () => {
    const target = { type: 'Utilization', averageUtilization: 0 };
    const spec = {
      scaleTargetRef: { kind: 'Deployment', name: '' },
      minReplicas: 5,
      maxReplicas: 3,
      metrics: [{ type: 'Resource', resource: { name: 'cpu', target } }],
    };
    expect(problems('horizontalpodautoscalers', { spec })).toEqual([
      'spec.maxReplicas: Invalid value: 3: must be greater than or equal to `minReplicas`',
      'spec.scaleTargetRef.name: Required value',
      'spec.metrics[0].resource.target.averageUtilization: Invalid value: 0: must be greater than 0',
    ]);
  });
});

describe('a disruption budget', () => {
  it('says one of two things', () => {
    expect(
      problems('poddisruptionbudgets', { spec: { minAvailable: 1, maxUnavailable: '50%' } }),
    ).toEqual([
      'spec: Invalid value: {"MinAvailable":1,"Selector":null,"MaxUnavailable":"50%","UnhealthyPodEvictionPolicy":null}: minAvailable and maxUnavailable cannot be both set',
    ]);
    expect(problems('poddisruptionbudgets', { spec: { minAvailable: '101%' } })).toEqual([
      'spec.minAvailable: Invalid value: "101%": must not be greater than 100%',
    ]);
  });
});
