import { rfc3339 } from '../../../src/engine/sim/clock.ts';
import {
  JOB_TRACKING_FINALIZER,
  type Job,
  type JobSpec,
} from '../../../src/engine/kubernetes/api/batch.ts';
import type { ContainerStatus, Pod, PodPhase } from '../../../src/engine/kubernetes/api/pod.ts';
import type { Condition } from '../../../src/engine/kubernetes/apimachinery/object.ts';
import {
  finishedMs,
  nextRecord,
  remainingMs,
} from '../../../src/engine/kubernetes/controllers/job/backoff.ts';
import { syncJob } from '../../../src/engine/kubernetes/controllers/job/sync.ts';
import { isJobFinished } from '../../../src/engine/kubernetes/controllers/job/view.ts';
import { compare, operation, type Adapter, type Row, type Verdict } from '../adapter.ts';

/** Rows about Jobs: one look of the controller at a Job, with hands that always succeed. */
interface JobRow {
  readonly parallelism: number;
  readonly completions: number | null;
  readonly backoffLimit: number;
  readonly deletionTimestamp?: boolean;
  readonly activeDeadlineSeconds?: number;
  readonly startedSecondsAgo?: number;
  readonly suspend?: boolean;
  readonly completionMode?: JobSpec['completionMode'];
  readonly restartPolicy?: 'OnFailure' | 'Never';
  readonly pods?: {
    readonly pending?: number;
    readonly active?: number;
    readonly succeeded?: number;
    readonly failed?: number;
  };
  readonly podPhase?: PodPhase;
  /** After so many the server makes no more. */
  readonly podLimit?: number;
  /** Whether the server refuses to make and delete Pods. */
  readonly podControllerError?: boolean | string;
  readonly restartCounts?: readonly number[];
}

interface JobExpected {
  readonly condition?: { readonly type: string; readonly reason: string };
}

const NOW_MS = 1_000_000;
const meta = (name: string) => ({ name, uid: name, resourceVersion: '' });

function jobOf(row: JobRow): Job {
  const { parallelism, completions, backoffLimit, activeDeadlineSeconds, suspend } = row;
  const { completionMode, restartPolicy = 'Never', startedSecondsAgo } = row;
  const wanted = completions === null || completions < 0 ? undefined : completions;
  return {
    apiVersion: 'batch/v1',
    kind: 'Job',
    metadata: {
      ...meta('foo'),
      namespace: 'default',
      creationTimestamp: rfc3339(NOW_MS),
      ...(row.deletionTimestamp && { deletionTimestamp: rfc3339(NOW_MS) }),
    },
    spec: {
      parallelism,
      backoffLimit,
      template: { spec: { containers: [], restartPolicy } },
      ...(wanted !== undefined && { completions: wanted }),
      ...(activeDeadlineSeconds !== undefined && { activeDeadlineSeconds }),
      ...(suspend !== undefined && { suspend }),
      ...(completionMode && { completionMode }),
    },
    status: {
      ...(startedSecondsAgo !== undefined && {
        startTime: rfc3339(NOW_MS - startedSecondsAgo * 1000),
      }),
    },
  };
}

function podOf(name: string, phase: PodPhase, restartCount = 0): Pod {
  const container = { name: 'main', ready: false, restartCount, image: '', imageID: '' };
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: {
      ...meta(name),
      // Long ago: no failure is recent enough to be waited for.
      creationTimestamp: rfc3339(0),
      finalizers: [JOB_TRACKING_FINALIZER],
    },
    spec: { containers: [] },
    status: { phase, containerStatuses: [container] },
  };
}

function podsOf({ pods = {}, podPhase = 'Running', restartCounts = [] }: JobRow): Pod[] {
  const phases: [PodPhase, number][] = [
    ['Pending', pods.pending ?? 0],
    ['Running', pods.active ?? 0],
    ['Succeeded', pods.succeeded ?? 0],
    ['Failed', pods.failed ?? 0],
  ];
  return [
    ...phases.flatMap(([phase, count]) =>
      Array.from({ length: count }, (_, i) => podOf(`${phase}-${i}`, phase)),
    ),
    ...restartCounts.map((count, i) => podOf(`restarted-${i}`, podPhase, count)),
  ];
}

/** What one look does and says; the condition is the last one told. */
function lookAt({ input, expect }: Row<JobRow, JobExpected>): Verdict {
  let creations = 0;
  let deletions = 0;
  const { podLimit = Infinity, podControllerError } = input;
  const { status } = syncJob(jobOf(input), podsOf(input), undefined, NOW_MS, {
    create: () => {
      if (creations >= podLimit) return false;
      creations += 1;
      return !podControllerError;
    },
    remove: () => {
      deletions += 1;
      return !podControllerError;
    },
    release: () => true,
    write: () => true,
    tell: () => undefined,
  });
  const last = status.conditions?.at(-1);
  const got: Record<string, unknown> = {
    creations,
    deletions,
    active: status.active ?? 0,
    succeeded: status.succeeded ?? 0,
    failed: status.failed ?? 0,
    ...(last && { condition: { type: last.type, reason: last.reason } }),
  };
  // A row may leave out what it does not speak of, but never a condition.
  const spoken = Object.entries(got).filter(([key]) => key === 'condition' || key in expect);
  return compare(Object.fromEntries(spoken), expect);
}

interface FinishRow {
  readonly terminatedAt: readonly (number | 'unknown')[];
  readonly sidecarTerminatedAt?: readonly (number | 'unknown')[];
  readonly ready?: 'True' | 'False';
  readonly readyTransitionAt?: number;
  readonly deletionTimestamp?: number;
  readonly deletionGracePeriodSeconds?: number;
  readonly creationTimestamp?: number;
}

const at = (seconds: number): string => rfc3339(NOW_MS + seconds * 1000);

function ended(name: string, seconds: number | 'unknown'): ContainerStatus {
  const finished = seconds === 'unknown' ? {} : { finishedAt: at(seconds) };
  const state = { terminated: { exitCode: 0, ...finished } };
  return { name, ready: false, restartCount: 0, image: '', imageID: '', state };
}

function finishedPod(row: FinishRow): Pod {
  const sidecars = row.sidecarTerminatedAt ?? [];
  const condition = {
    type: 'Ready',
    status: row.ready ?? 'False',
    ...(row.readyTransitionAt !== undefined && { lastTransitionTime: at(row.readyTransitionAt) }),
  } as const;
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: {
      ...meta('foo'),
      creationTimestamp: row.creationTimestamp === undefined ? '' : at(row.creationTimestamp),
      ...(row.deletionTimestamp !== undefined && { deletionTimestamp: at(row.deletionTimestamp) }),
      ...(row.deletionGracePeriodSeconds !== undefined && {
        deletionGracePeriodSeconds: row.deletionGracePeriodSeconds,
      }),
    },
    spec: {
      containers: [],
      initContainers: sidecars.map((_, i) => ({
        name: `sidecar-${i}`,
        image: '',
        restartPolicy: 'Always',
      })),
    },
    status: {
      phase: 'Succeeded',
      ...(row.ready && { conditions: [condition] }),
      containerStatuses: row.terminatedAt.map((seconds, i) => ended(`main-${i}`, seconds)),
      initContainerStatuses: sidecars.map((seconds, i) => ended(`sidecar-${i}`, seconds)),
    },
  };
}

export const adapter: Adapter = {
  area: 'job',
  operations: [
    operation<JobRow, JobExpected>(/^(syncJob|pastDeadline|backoffOnFailure)$/, lookAt),
    operation<{ condition: Condition }, unknown>('isFinished', ({ input, expect }) =>
      compare({ finished: isJobFinished({ status: { conditions: [input.condition] } }) }, expect),
    ),
    operation<
      {
        defaultBackoffSeconds: number;
        maxBackoffSeconds: number;
        failuresAfterLastSuccess: number;
        secondsSinceLastFailure: number | null;
      },
      unknown
    >('remainingBackoff', ({ input, expect }) => {
      const { failuresAfterLastSuccess: failures, secondsSinceLastFailure: since } = input;
      const record = {
        failures,
        ...(since !== null && { lastFailureMs: NOW_MS - since * 1000 }),
      };
      const [first, last] = [input.defaultBackoffSeconds, input.maxBackoffSeconds];
      const left = remainingMs(record, NOW_MS, first * 1000, last * 1000);
      return compare({ remainingSeconds: left / 1000 }, expect);
    }),
    operation<
      {
        recordedFailures: number;
        newSucceededAtMs: readonly number[];
        newFailedAtMs: readonly number[];
      },
      unknown
    >('backoffRecord', ({ input, expect }) => {
      const known = { failures: input.recordedFailures };
      const record = nextRecord(known, input.newSucceededAtMs, input.newFailedAtMs);
      const got = {
        failuresAfterLastSuccess: record.failures,
        lastFailureAtMs: record.lastFailureMs ?? null,
      };
      return compare(got, expect);
    }),
    operation<FinishRow, unknown>('finishTime', ({ input, expect }) =>
      compare({ finishedAtSeconds: (finishedMs(finishedPod(input)) - NOW_MS) / 1000 }, expect),
    ),
  ],
};
