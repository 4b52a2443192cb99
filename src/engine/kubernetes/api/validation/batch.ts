import { sameValue } from '../../apimachinery/canonical-json.ts';
import type { CronJob, Job, JobSpec, PodFailurePolicyRule } from '../batch.ts';
import { cronScheduleError } from './cron-schedule.ts';
import {
  given,
  duplicate,
  immutable,
  invalid,
  invalidSomehow,
  nonNegative,
  notSupported,
  oneOf,
  required,
  type FieldCause,
} from './field-errors.ts';
import { internalTemplate } from './internal-form.ts';
import { validateSelector } from './metadata.ts';
import { dnsLabel } from './names.ts';
import { validatePodTemplate } from './pod-spec.ts';
import { mustMatch } from './workloads.ts';

/** Job and CronJob (pkg/apis/batch/validation/validation.go, v1.36). */
const MOST_INDEXES = 100_000;
const MOST_AT_ONCE = 10_000;

export function validateJob(job: Job, previous?: Job): FieldCause[] {
  const { spec, metadata } = job;
  const causes = validateJobSpec(spec, 'spec');
  if (spec.completionMode === 'Indexed' && spec.completions && !previous) {
    const last = `${metadata.name}-${spec.completions - 1}`;
    if (dnsLabel(last).length > 0) {
      const why = `will not able to create pod with invalid DNS label: ${last}`;
      causes.unshift(invalid('metadata.name', metadata.name, why));
    }
  }
  if (spec.selector) {
    causes.push(...validateSelector(spec.selector, 'spec.selector'));
    causes.push(...mustMatch(spec.template, spec.selector));
  } else if (spec.manualSelector) causes.push(required('spec.selector'));
  return previous ? [...causes, ...validateJobUpdate(spec, previous)] : causes;
}

function validateJobSpec(spec: JobSpec, at: string): FieldCause[] {
  const { maxFailedIndexes, backoffLimitPerIndex, completionMode: mode } = spec;
  const causes = [
    ...nonNegative(`${at}.parallelism`, spec.parallelism),
    ...nonNegative(`${at}.completions`, spec.completions),
    ...nonNegative(`${at}.activeDeadlineSeconds`, spec.activeDeadlineSeconds),
    ...nonNegative(`${at}.backoffLimit`, spec.backoffLimit),
    ...nonNegative(`${at}.ttlSecondsAfterFinished`, spec.ttlSecondsAfterFinished),
    ...nonNegative(`${at}.backoffLimitPerIndex`, backoffLimitPerIndex),
    ...nonNegative(`${at}.maxFailedIndexes`, maxFailedIndexes),
  ];
  if (maxFailedIndexes !== undefined && backoffLimitPerIndex === undefined) {
    causes.push(required(`${at}.backoffLimitPerIndex`, 'when maxFailedIndexes is specified'));
  }
  causes.push(...oneOf(`${at}.completionMode`, mode, ['NonIndexed', 'Indexed']));
  if (mode === 'Indexed') causes.push(...validateIndexed(spec, at));
  else {
    const why = 'requires indexed completion mode';
    for (const field of ['backoffLimitPerIndex', 'maxFailedIndexes'] as const) {
      if (spec[field] !== undefined) causes.push(invalid(`${at}.${field}`, spec[field], why));
    }
    if (spec.successPolicy) causes.push(invalid(`${at}.successPolicy`, spec.successPolicy, why));
  }
  const rules = spec.podFailurePolicy?.rules ?? [];
  rules.forEach((rule, i) =>
    causes.push(...validateFailureRule(rule, spec, `${at}.podFailurePolicy.rules[${i}]`)),
  );
  const policies = ['Failed', 'TerminatingOrFailed'];
  return [
    ...causes,
    ...oneOf(`${at}.podReplacementPolicy`, spec.podReplacementPolicy, policies),
    ...validatePodTemplate(spec.template, `${at}.template`),
    ...validateRestart(spec, `${at}.template.spec.restartPolicy`),
  ];
}

function validateIndexed(spec: JobSpec, at: string): FieldCause[] {
  const { completions, parallelism = 0, maxFailedIndexes: failed } = spec;
  const causes: FieldCause[] = [];
  if (completions === undefined) {
    causes.push(required(`${at}.completions`, 'when completion mode is Indexed'));
  }
  if (parallelism > MOST_INDEXES) {
    const why = `must be less than or equal to ${MOST_INDEXES} when completion mode is Indexed`;
    causes.push(invalid(`${at}.parallelism`, parallelism, why));
  }
  const field = `${at}.maxFailedIndexes`;
  if (completions !== undefined && failed !== undefined && failed > completions) {
    causes.push(invalid(field, failed, 'must be less than or equal to completions'));
  }
  if (failed !== undefined && failed > MOST_INDEXES) {
    causes.push(invalid(field, failed, `must be less than or equal to ${MOST_INDEXES}`));
  }
  if ((completions ?? 0) <= MOST_INDEXES || spec.backoffLimitPerIndex === undefined) return causes;
  const tail =
    `must be less than or equal to ${MOST_AT_ONCE} when completions are above ${MOST_INDEXES} ` +
    'and used with backoff limit per index';
  if (failed === undefined) {
    const why = `must be specified when completions is above ${MOST_INDEXES}`;
    causes.push(required(field, why));
  }
  if (parallelism > MOST_AT_ONCE) causes.push(invalid(`${at}.parallelism`, parallelism, tail));
  if (failed !== undefined && failed > MOST_AT_ONCE) causes.push(invalid(field, failed, tail));
  return causes;
}

const ACTIONS = ['Count', 'FailIndex', 'FailJob', 'Ignore'];
const listed = (values: readonly string[]): string =>
  `valid values: [${values.map((value) => JSON.stringify(value)).join(' ')}]`;

function validateFailureRule(rule: PodFailurePolicyRule, spec: JobSpec, at: string): FieldCause[] {
  const { action, onExitCodes, onPodConditions = [] } = rule;
  const causes: FieldCause[] = [];
  if (!action) causes.push(required(`${at}.action`, listed(ACTIONS)));
  else if (action === 'FailIndex' && spec.backoffLimitPerIndex === undefined) {
    const why = 'requires the backoffLimitPerIndex to be set';
    causes.push(invalid(`${at}.action`, action, why));
  } else causes.push(...oneOf(`${at}.action`, action, ACTIONS));
  if (onExitCodes) causes.push(...validateExitCodes(onExitCodes, spec, `${at}.onExitCodes`));
  onPodConditions.forEach(({ status = 'True' }, i) => {
    const field = `${at}.onPodConditions[${i}].status`;
    causes.push(...oneOf(field, status, ['False', 'True', 'Unknown']));
  });
  if (onExitCodes && onPodConditions.length > 0) {
    const why = 'specifying both OnExitCodes and OnPodConditions is not supported';
    causes.push(invalidSomehow(at, why));
  } else if (!onExitCodes && onPodConditions.length === 0) {
    causes.push(
      invalidSomehow(at, 'specifying one of OnExitCodes and OnPodConditions is required'),
    );
  }
  return causes;
}

function validateExitCodes(
  rule: NonNullable<PodFailurePolicyRule['onExitCodes']>,
  spec: JobSpec,
  at: string,
): FieldCause[] {
  const { operator, containerName, values = [] } = given(rule);
  const causes: FieldCause[] = [];
  if (!operator) causes.push(required(`${at}.operator`, listed(['In', 'NotIn'])));
  else causes.push(...oneOf(`${at}.operator`, operator, ['In', 'NotIn']));
  const { containers, initContainers = [] } = spec.template.spec;
  if (containerName !== undefined) {
    const known = [...containers, ...initContainers].some(({ name }) => name === containerName);
    const why = 'must be one of the container or initContainer names in the pod template';
    if (!known) causes.push(invalid(`${at}.containerName`, containerName, why));
  }
  if (values.length === 0) {
    causes.push(invalid(`${at}.values`, values, 'at least one value is required'));
  }
  const seen = new Set<number>();
  values.forEach((code, i) => {
    if (seen.has(code)) causes.push(duplicate(`${at}.values[${i}]`, code));
    seen.add(code);
    if (operator === 'In' && code === 0) {
      causes.push(invalid(`${at}.values[${i}]`, code, 'must not be 0 for the In operator'));
    }
  });
  const ordered = values.every((code, i) => i === 0 || (values[i - 1] ?? code) <= code);
  return ordered ? causes : [...causes, invalid(`${at}.values`, values, 'must be ordered')];
}

/** A Job's Pods come to an end; that they start again for ever is also the default. */
function validateRestart(spec: JobSpec, field: string): FieldCause[] {
  const { restartPolicy = 'Always' } = spec.template.spec;
  if (restartPolicy === 'Always') {
    return [required(field, 'valid values: "OnFailure", "Never"')];
  }
  if (restartPolicy !== 'OnFailure' && restartPolicy !== 'Never') {
    return [notSupported(field, restartPolicy, ['OnFailure', 'Never'])];
  }
  if (!spec.podFailurePolicy || restartPolicy === 'Never') return [];
  const why = 'only "Never" is supported when podFailurePolicy is specified';
  return [invalid(field, restartPolicy, why)];
}

function validateJobUpdate(spec: JobSpec, { spec: old, status }: Job): FieldCause[] {
  const causes = validateCompletions(spec, old);
  const { selector } = spec;
  causes.push(...immutable('spec.selector', selector, sameValue(selector, old.selector)));
  const template = withoutPlacement(spec, old, status?.startTime === undefined);
  const same = sameValue(template, old.template);
  causes.push(...immutable('spec.template', same ? undefined : internalTemplate(template), same));
  for (const field of [
    ...(['completionMode', 'podFailurePolicy', 'backoffLimitPerIndex', 'managedBy'] as const),
    'successPolicy' as const,
  ]) {
    const value = spec[field];
    causes.push(...immutable(`spec.${field}`, value, sameValue(value, old[field])));
  }
  return causes;
}

function validateCompletions(spec: JobSpec, old: JobSpec): FieldCause[] {
  const field = 'spec.completions';
  const { completions, parallelism } = spec;
  if (completions === old.completions) return [];
  if (spec.completionMode !== 'Indexed') return immutable(field, completions, false);
  const together = parallelism !== old.parallelism && completions === parallelism;
  if (together) return [];
  return [invalid(field, completions, 'can only be modified in tandem with spec.parallelism')];
}

/** Of a suspended Job that never ran, where its Pods go may still change. */
function withoutPlacement(spec: JobSpec, old: JobSpec, neverRan: boolean): JobSpec['template'] {
  if (!old.suspend || !neverRan) return spec.template;
  const { nodeSelector, tolerations, affinity, schedulingGates } = old.template.spec;
  const kept = { nodeSelector, tolerations, affinity, schedulingGates };
  const { metadata } = old.template;
  return { ...spec.template, metadata, spec: { ...spec.template.spec, ...kept } };
}

export function validateCronJob({ metadata, spec }: CronJob, previous?: CronJob): FieldCause[] {
  const { schedule = '', timeZone, concurrencyPolicy } = given(spec);
  const { jobTemplate } = spec;
  const causes: FieldCause[] = [];
  if (!previous && metadata.name.length > 52) {
    const why = 'must be no more than 52 characters';
    causes.push(invalid('metadata.name', metadata.name, why));
  }
  if (schedule === '') causes.push(required('spec.schedule'));
  else if (schedule.includes('TZ')) {
    const why = 'cannot use TZ or CRON_TZ in schedule, use timeZone field instead';
    causes.push(invalid('spec.schedule', schedule, why));
  } else {
    const error = cronScheduleError(schedule);
    if (error !== undefined) causes.push(invalid('spec.schedule', schedule, error));
  }
  causes.push(...nonNegative('spec.startingDeadlineSeconds', spec.startingDeadlineSeconds));
  if (timeZone !== undefined) causes.push(...validateTimeZone(timeZone, 'spec.timeZone'));
  causes.push(
    ...oneOf('spec.concurrencyPolicy', concurrencyPolicy, ['Allow', 'Forbid', 'Replace']),
    ...validateJobSpec(jobTemplate.spec, 'spec.jobTemplate.spec'),
  );
  if (jobTemplate.spec.selector) {
    const why = '`selector` will be auto-generated';
    causes.push(invalid('spec.jobTemplate.spec.selector', jobTemplate.spec.selector, why));
  }
  if (jobTemplate.spec.manualSelector) {
    const field = 'spec.jobTemplate.spec.manualSelector';
    causes.push(notSupported(field, true, ['nil', 'false']));
  }
  return [
    ...causes,
    ...nonNegative('spec.successfulJobsHistoryLimit', spec.successfulJobsHistoryLimit),
    ...nonNegative('spec.failedJobsHistoryLimit', spec.failedJobsHistoryLimit),
  ];
}

/** Simplified: a name that has the form of a time zone counts as one. */
function validateTimeZone(zone: string, at: string): FieldCause[] {
  if (zone === '') return [invalid(at, zone, 'timeZone must be nil or non-empty string')];
  if (zone.toLowerCase() === 'local') {
    const why =
      'timeZone must be an explicit time zone as defined in https://www.iana.org/time-zones';
    return [invalid(at, zone, why)];
  }
  if (/^(UTC|GMT|[A-Z]{3,4}|[A-Z][A-Za-z_]+(\/[A-Z0-9][A-Za-z0-9_+-]*){1,2})$/.test(zone))
    return [];
  return [invalid(at, zone, `unknown time zone ${zone}`)];
}
