import { civilTime, EPOCH_UNIX_MS, MINUTE, parseRfc3339, rfc3339 } from '../../../sim/clock.ts';
import type { Kernel } from '../../../sim/kernel.ts';
import {
  CRONJOB_SCHEDULED_TIMESTAMP,
  type CronJob,
  type CronJobStatus,
  type Job,
} from '../../api/batch.ts';
import type { ApiDoor } from '../../api/requests.ts';
import { Client } from '../../client/client.ts';
import { EventRecorder } from '../../client/event-recorder.ts';
import { WorkQueue } from '../../client/work-queue.ts';
import { sameValue } from '../../apimachinery/canonical-json.ts';
import {
  controllerOf,
  controllerReference,
  findCondition,
  keyOf,
  splitKey,
  type Draft,
} from '../../apimachinery/object.ts';
import { dueStart, nextLookInMs } from './missed.ts';
import { parseSchedule, type Schedule } from './schedule.ts';

/** CronJob -> Jobs at their times (pkg/controller/cronjob/cronjob_controllerv2.go, v1.36). */
const NAME = 'cronjob-controller';

type Active = NonNullable<CronJobStatus['active']>;

/** What one look came to: the status to write, and when to come back. */
interface Outcome {
  readonly status: CronJobStatus;
  readonly againInMs?: number;
  readonly failed?: true;
}

export class CronJobController {
  readonly #kernel: Kernel;
  readonly #client: Client;
  readonly #events: EventRecorder;
  readonly #queue: WorkQueue;

  constructor(kernel: Kernel, door: ApiDoor, cluster: string) {
    this.#kernel = kernel;
    this.#client = new Client(kernel, door, NAME);
    this.#events = new EventRecorder(this.#client, NAME);
    this.#queue = new WorkQueue(this.#client, `${NAME}/${cluster}`, (key) => this.#sync(key));
    this.#client.watch(
      'cronjobs',
      'cronjobs',
      ({ type, object, previous }) =>
        type !== 'DELETED' &&
        (object.metadata.generation !== previous?.metadata.generation ||
          !sameValue(object.spec, previous?.spec)),
      ({ object, previous }) => this.#enqueue(object, previous),
    );
    this.#client.watch(
      'jobs',
      'jobs',
      ({ type, object, previous }) =>
        controllerOf(object)?.kind === 'CronJob' &&
        (type !== 'MODIFIED' || endOf(object) !== (previous && endOf(previous))),
      ({ object }) => {
        const owner = controllerOf(object)?.name ?? '';
        this.#queue.add(`${object.metadata.namespace ?? ''}/${owner}`);
      },
    );
  }

  /** Another schedule counts from its next time on: what it would have had before is not missed. */
  #enqueue(cronJob: CronJob, previous: CronJob | undefined): void {
    const schedule = parseSchedule(cronJob.spec.schedule, cronJob.spec.timeZone);
    const moved =
      previous !== undefined &&
      (previous.spec.schedule !== cronJob.spec.schedule ||
        previous.spec.timeZone !== cronJob.spec.timeZone);
    if (!moved) this.#queue.add(keyOf(cronJob));
    else if ('error' in schedule) {
      const message = `unparseable schedule for cronjob: ${cronJob.spec.schedule}`;
      this.#warn(cronJob, 'UnParseableCronJobSchedule', message);
    } else {
      this.#queue.add(keyOf(cronJob), nextLookInMs(cronJob, schedule, this.#kernel.now));
    }
  }

  #sync(key: string): boolean {
    const { namespace, name } = splitKey(key);
    const cronJob = this.#client.get('cronjobs', namespace, name);
    if (!cronJob) return true;
    const jobs = this.#client.ownedBy('jobs', cronJob.metadata.uid);
    const outcome = this.#look(cronJob, jobs);
    const status = this.#cleanUp(cronJob, jobs, outcome.status);
    if (outcome.againInMs !== undefined) this.#queue.add(key, outcome.againInMs);
    return this.#write(cronJob, status) && !outcome.failed;
  }

  #look(cronJob: CronJob, jobs: readonly Job[]): Outcome {
    const status = this.#follow(cronJob, jobs);
    const { spec, metadata } = cronJob;
    if (metadata.deletionTimestamp || spec.suspend) return { status };
    const schedule = parseSchedule(spec.schedule, spec.timeZone);
    if ('error' in schedule) {
      const message = `unparseable schedule: ${JSON.stringify(spec.schedule)} : ${schedule.error}`;
      this.#warn(cronJob, 'UnparseableSchedule', message);
      return { status };
    }
    return this.#startDue({ ...cronJob, status }, schedule);
  }

  /** Notes which of its Jobs have ended, and which are gone. */
  #follow(cronJob: CronJob, jobs: readonly Job[]): CronJobStatus {
    let { active = [], lastSuccessfulTime } = cronJob.status;
    const isActive = ({ metadata }: Job) => active.some(({ uid }) => uid === metadata.uid);
    for (const job of jobs) {
      const { name } = job.metadata;
      const end = endOf(job);
      if (!isActive(job) && end === undefined) {
        const message = `Saw a job that the controller did not create or forgot: ${name}`;
        this.#warn(cronJob, 'UnexpectedJob', message);
      } else if (isActive(job) && end !== undefined) {
        active = withoutJob(active, job);
        this.#tell(cronJob, 'SawCompletedJob', `Saw completed job: ${name}, status: ${end}`);
      }
      const done = end === 'Complete' ? job.status.completionTime : undefined;
      if (done && !isActive(job) && (!lastSuccessfulTime || isAfter(done, lastSuccessfulTime))) {
        lastSuccessfulTime = done;
      }
    }
    for (const reference of active) {
      if (jobs.some(({ metadata }) => metadata.uid === reference.uid)) continue;
      active = active.filter((one) => one !== reference);
      this.#tell(cronJob, 'MissingJob', `Active job went missing: ${reference.name ?? ''}`);
    }
    return { ...cronJob.status, active, ...(lastSuccessfulTime && { lastSuccessfulTime }) };
  }

  #startDue(cronJob: CronJob, schedule: Schedule): Outcome {
    const { spec, status } = cronJob;
    const nowMs = this.#kernel.now;
    const due = dueStart(cronJob, schedule, nowMs, true);
    if (due.error !== undefined) {
      const message = `invalid schedule: ${spec.schedule} : ${due.error}`;
      this.#warn(cronJob, 'InvalidSchedule', message);
      return { status };
    }
    const { startMs } = due;
    const later = { status, againInMs: nextLookInMs(cronJob, schedule, nowMs) };
    if (startMs === undefined) return later;
    if (due.tooMany) {
      const hint = 'Set or decrease .spec.startingDeadlineSeconds or check clock skew';
      this.#warn(cronJob, 'TooManyMissedTimes', `too many missed start times. ${hint}`);
    }
    const { startingDeadlineSeconds } = spec;
    if (startingDeadlineSeconds !== undefined && startMs + startingDeadlineSeconds * 1000 < nowMs) {
      const message = `Missed scheduled time to start a job: ${rfc1123(startMs)}`;
      this.#warn(cronJob, 'MissSchedule', message);
      return later;
    }
    const name = jobName(cronJob, startMs);
    const started = status.active?.some((reference) => reference.name === name);
    if (started || status.lastScheduleTime === rfc3339(startMs)) return later;
    if (spec.concurrencyPolicy === 'Forbid' && status.active?.length) {
      const why = 'prior execution is running and concurrency policy is Forbid';
      this.#tell(cronJob, 'JobAlreadyActive', `Not starting job because ${why}`);
      return later;
    }
    return this.#start(cronJob, startMs, schedule);
  }

  #start(cronJob: CronJob, startMs: number, schedule: Schedule): Outcome {
    let { status } = cronJob;
    if (cronJob.spec.concurrencyPolicy === 'Replace') {
      for (const { namespace = '', name = '' } of status.active ?? []) {
        const job = this.#client.get('jobs', namespace, name);
        const replaced = job && this.#delete(cronJob, job, status);
        if (!replaced) return { status, failed: true };
        status = replaced;
      }
    }
    const result = this.#client.create('jobs', jobDraft(cronJob, startMs));
    let job: Job | undefined;
    if (result.ok) {
      job = result.value;
      this.#tell(cronJob, 'SuccessfulCreate', `Created job ${job.metadata.name}`);
    } else if (result.failure.reason === 'AlreadyExists') {
      const { namespace = '' } = cronJob.metadata;
      job = this.#client.get('jobs', namespace, jobName(cronJob, startMs));
      if (!job || controllerOf(job)?.uid !== cronJob.metadata.uid) return { status };
    } else {
      this.#warn(cronJob, 'FailedCreate', `Error creating job: ${result.failure.message}`);
      return { status, failed: true };
    }
    const active = [...(status.active ?? []), referenceTo(job)];
    const next = { ...status, active, lastScheduleTime: rfc3339(startMs) };
    const again = nextLookInMs({ ...cronJob, status: next }, schedule, this.#kernel.now);
    return { status: next, againInMs: again };
  }

  /** Deletes finished Jobs beyond the limits, the oldest first. */
  #cleanUp(cronJob: CronJob, jobs: readonly Job[], status: CronJobStatus): CronJobStatus {
    const { successfulJobsHistoryLimit, failedJobsHistoryLimit } = cronJob.spec;
    let cleaned = status;
    for (const [end, limit] of [
      ['Complete', successfulJobsHistoryLimit],
      ['Failed', failedJobsHistoryLimit],
    ] as const) {
      if (limit === undefined) continue;
      const ended = jobs.filter((job) => endOf(job) === end && !job.metadata.deletionTimestamp);
      ended.sort(startedFirst);
      for (const job of ended.slice(0, Math.max(0, ended.length - limit))) {
        cleaned = this.#delete(cronJob, job, cleaned) ?? cleaned;
      }
    }
    return cleaned;
  }

  /** Deletes a Job and its Pods; gives the status without it, undefined when it could not. */
  #delete(cronJob: CronJob, job: Job, status: CronJobStatus): CronJobStatus | undefined {
    const result = this.#client.delete('jobs', job, { propagationPolicy: 'Background' });
    if (!result.ok && result.failure.reason !== 'NotFound') {
      this.#warn(cronJob, 'FailedDelete', `Deleted job: ${result.failure.message}`);
      return undefined;
    }
    this.#tell(cronJob, 'SuccessfulDelete', `Deleted job ${job.metadata.name}`);
    return { ...status, active: withoutJob(status.active ?? [], job) };
  }

  #write({ metadata: { namespace = '', name } }: CronJob, next: CronJobStatus): boolean {
    const cronJob = this.#client.get('cronjobs', namespace, name);
    const { active = [], ...rest } = next;
    const status = active.length > 0 ? { ...rest, active } : rest;
    if (!cronJob || sameValue(status, cronJob.status)) return true;
    return this.#client.updateStatus('cronjobs', { ...cronJob, status }).ok;
  }

  #tell(cronJob: CronJob, reason: string, message: string): void {
    this.#events.tell(cronJob, { type: 'Normal', reason, message });
  }

  #warn(cronJob: CronJob, reason: string, message: string): void {
    this.#events.tell(cronJob, { type: 'Warning', reason, message });
  }
}

/** How a Job ended; undefined while it has not. */
function endOf({ status }: Job): 'Complete' | 'Failed' | undefined {
  return (['Complete', 'Failed'] as const).find(
    (type) => findCondition(status.conditions, type)?.status === 'True',
  );
}

const withoutJob = (active: Active, { metadata }: Job): Active =>
  active.filter(({ uid }) => uid !== metadata.uid);

const isAfter = (a: string, b: string): boolean => (parseRfc3339(a) ?? 0) > (parseRfc3339(b) ?? 0);

/** `web-29458080`: the minutes since 1970 make the name one of its start. */
const jobName = ({ metadata }: CronJob, startMs: number): string =>
  `${metadata.name}-${Math.floor((EPOCH_UNIX_MS + startMs) / MINUTE)}`;

function jobDraft(cronJob: CronJob, startMs: number): Draft<Job> {
  const { metadata, spec } = cronJob.spec.jobTemplate;
  return {
    apiVersion: 'batch/v1',
    kind: 'Job',
    metadata: {
      name: jobName(cronJob, startMs),
      namespace: cronJob.metadata.namespace,
      ...(metadata?.labels && { labels: metadata.labels }),
      annotations: { ...metadata?.annotations, [CRONJOB_SCHEDULED_TIMESTAMP]: rfc3339(startMs) },
      ownerReferences: [controllerReference(cronJob)],
    },
    spec,
  };
}

function referenceTo({ apiVersion, kind, metadata }: Job): Active[number] {
  const { name, namespace, uid, resourceVersion } = metadata;
  return { apiVersion, kind, name, namespace, resourceVersion, uid };
}

/** By the time of their start; one that has not started comes last. */
function startedFirst(a: Job, b: Job): number {
  const [one, other] = [a, b].map(({ status }) => parseRfc3339(status.startTime ?? ''));
  if (one !== other) {
    if (one === undefined || other === undefined) return one === undefined ? 1 : -1;
    return one - other;
  }
  return a.metadata.name < b.metadata.name ? -1 : 1;
}

const WEEKDAYS = ['Sun', 'Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat'];
const MONTH_NAMES = 'Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec'.split(' ');

/** `Mon, 05 Jan 2026 00:01:00 +0000`. */
function rfc1123(timeMs: number): string {
  const { weekday, day, month, year, hour, minute, second } = civilTime(timeMs);
  const two = (value: number) => String(value).padStart(2, '0');
  const date = `${WEEKDAYS[weekday] ?? ''}, ${two(day)} ${MONTH_NAMES[month - 1] ?? ''} ${year}`;
  return `${date} ${two(hour)}:${two(minute)}:${two(second)} +0000`;
}
