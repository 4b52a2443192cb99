import type { CronJob, Job, JobSpec, PodFailurePolicy } from '../batch.ts';
import { fillEmpty, fillMissing, mapKept, once, withFields } from './filling.ts';
import { templateDefaults } from './pod-spec.ts';

/** Job and CronJob (pkg/apis/batch/v1/defaults.go, v1.36). */
const BACKOFF_LIMIT = 6;
const INT32_MAX = 2 ** 31 - 1;

const jobSpecDefaults = once((spec: JobSpec): JobSpec => {
  const alone = spec.completions === undefined && spec.parallelism === undefined;
  const { podFailurePolicy } = spec;
  const filled = fillMissing(spec, {
    ...(alone && { completions: 1 }),
    parallelism: 1,
    backoffLimit: spec.backoffLimitPerIndex === undefined ? BACKOFF_LIMIT : INT32_MAX,
    completionMode: 'NonIndexed',
    suspend: false,
    manualSelector: false,
    podReplacementPolicy: podFailurePolicy ? 'Failed' : 'TerminatingOrFailed',
  });
  return withFields(filled, {
    template: templateDefaults(spec.template ?? { spec: { containers: [] } }),
    podFailurePolicy: podFailurePolicy && failurePolicyDefaults(podFailurePolicy),
  });
});

function failurePolicyDefaults(policy: PodFailurePolicy): PodFailurePolicy {
  if (!policy.rules) return policy;
  const rules = mapKept(policy.rules, (rule) =>
    withFields(rule, {
      onPodConditions:
        rule.onPodConditions &&
        mapKept(rule.onPodConditions, (pattern) => fillEmpty(pattern, { status: 'True' })),
    }),
  );
  return withFields(policy, { rules });
}

/** A Job without labels takes those of its template. */
export function jobDefaults(job: Job): Job {
  const spec = jobSpecDefaults(job.spec ?? {});
  const labels = spec.template.metadata?.labels;
  const unlabelled = Object.keys(job.metadata.labels ?? {}).length === 0;
  const metadata = labels && unlabelled ? { ...job.metadata, labels } : job.metadata;
  return withFields(job, { metadata, spec, status: job.status ?? {} });
}

export function cronJobDefaults(cronJob: CronJob): CronJob {
  const spec = fillMissing(fillEmpty(cronJob.spec ?? {}, { concurrencyPolicy: 'Allow' }), {
    suspend: false,
    successfulJobsHistoryLimit: 3,
    failedJobsHistoryLimit: 1,
  });
  const template = spec.jobTemplate ?? {};
  return withFields(cronJob, {
    spec: withFields(spec, {
      jobTemplate: withFields(fillMissing(template, { metadata: {} }), {
        spec: nestedJobDefaults(template.spec ?? {}),
      }),
    }),
    status: cronJob.status ?? {},
  });
}

/**
 * Of a Job within a CronJob only the Pod template is filled in: what a Job itself gets it gets
 * when it is made (the covering defaulters of zz_generated.defaults.go).
 */
const nestedJobDefaults = once((spec: JobSpec): JobSpec => {
  const { podFailurePolicy } = spec;
  return withFields(spec, {
    template: templateDefaults(spec.template ?? { spec: { containers: [] } }),
    podFailurePolicy: podFailurePolicy && failurePolicyDefaults(podFailurePolicy),
  });
});
