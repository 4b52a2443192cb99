import { parseRfc3339 } from '../../../sim/clock.ts';
import { humanDuration } from '../../apimachinery/duration.ts';
import type { CronJob, Job } from '../batch.ts';
import { ageOf } from './age.ts';
import {
  imageCells,
  selectorText,
  TEMPLATE_COLUMNS,
  type RowKind,
  type RowOptions,
} from './cells.ts';
import { columns, type Cell } from './columns.ts';

/** Rows of Job and CronJob (pkg/printers/internalversion/printers.go, v1.36). */
export const JOB_ROWS: RowKind = {
  columns: columns(['Name', 'Status', 'Completions', 'Duration', 'Age'], TEMPLATE_COLUMNS),
  row: (job: Job, { nowMs }: RowOptions): Cell[] => [
    job.metadata.name,
    jobStatus(job),
    completions(job),
    jobDuration(job, nowMs),
    ageOf(job.metadata.creationTimestamp, nowMs),
    ...imageCells(job.spec.template.spec.containers),
    selectorText(job.spec.selector),
  ],
};

/** The first that holds. */
function jobStatus({ metadata, status }: Job): string {
  const holds = (type: string): boolean =>
    status.conditions?.find((condition) => condition.type === type)?.status === 'True';
  if (holds('Complete')) return 'Complete';
  if (holds('Failed')) return 'Failed';
  if (metadata.deletionTimestamp) return 'Terminating';
  if (holds('Suspended')) return 'Suspended';
  return holds('FailureTarget') ? 'FailureTarget' : 'Running';
}

function completions({ spec, status }: Job): string {
  const { succeeded = 0 } = status;
  if (spec.completions !== undefined) return `${succeeded}/${spec.completions}`;
  const { parallelism = 0 } = spec;
  return parallelism > 1 ? `${succeeded}/1 of ${parallelism}` : `${succeeded}/1`;
}

/** From the start to the end, or to now. */
function jobDuration({ status }: Job, nowMs: number): string {
  const start = status.startTime ? parseRfc3339(status.startTime) : undefined;
  if (start === undefined) return '';
  const end = status.completionTime ? parseRfc3339(status.completionTime) : undefined;
  return humanDuration((end ?? nowMs) - start);
}

export const CRON_JOB_ROWS: RowKind = {
  columns: columns(
    ['Name', 'Schedule', 'Timezone', 'Suspend', 'Active', 'Last Schedule', 'Age'],
    TEMPLATE_COLUMNS,
  ),
  row: ({ metadata, spec, status }: CronJob, { nowMs }: RowOptions): Cell[] => [
    metadata.name,
    spec.schedule,
    spec.timeZone ?? '<none>',
    spec.suspend === undefined ? '<unset>' : spec.suspend ? 'True' : 'False',
    status.active?.length ?? 0,
    status.lastScheduleTime ? ageOf(status.lastScheduleTime, nowMs) : '<none>',
    ageOf(metadata.creationTimestamp, nowMs),
    ...imageCells(spec.jobTemplate.spec.template.spec.containers),
    selectorText(spec.jobTemplate.spec.selector),
  ],
};
