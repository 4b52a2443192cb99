import { parseRfc3339 } from '../../../src/engine/sim/clock.ts';
import type { Condition, Labels } from '../../../src/engine/kubernetes/apimachinery/object.ts';
import type { IntOrString } from '../../../src/engine/kubernetes/apimachinery/int-or-string.ts';
import type { PodPhase, PodTemplate } from '../../../src/engine/kubernetes/api/pod.ts';
import {
  DESIRED_REPLICAS,
  MAX_REPLICAS,
  REVISION,
  type Deployment,
  type DeploymentStatus,
  type ReplicaSet,
} from '../../../src/engine/kubernetes/api/workloads.ts';
import {
  maxUnavailable,
  resolveFenceposts,
} from '../../../src/engine/kubernetes/controllers/deployment/fenceposts.ts';
import {
  deadlineInMs,
  hasTimedOut,
  isComplete,
  isProgressing,
} from '../../../src/engine/kubernetes/controllers/deployment/progress.ts';
import { scaledSizes } from '../../../src/engine/kubernetes/controllers/deployment/proportional.ts';
import {
  oldPodsRunning,
  toEmpty,
} from '../../../src/engine/kubernetes/controllers/deployment/recreate.ts';
import {
  expiredSets,
  newSetAnnotations,
  nextRevision,
  replicasAnnotationsNeedUpdate,
  sameTemplate,
} from '../../../src/engine/kubernetes/controllers/deployment/revisions.ts';
import {
  cleanUpUnhealthy,
  newSetReplicas,
  scaleDownAvailable,
  scaleNew,
  scaleOld,
} from '../../../src/engine/kubernetes/controllers/deployment/rolling.ts';
import { rolloutStatus } from '../../../src/engine/kubernetes/controllers/deployment/status.ts';
import { compare, operation, type Adapter } from '../adapter.ts';
import { rollBack, type RollbackRow } from '../rollback-by-kubectl.ts';

/** Rows about Deployments, asked of the controller's decisions. */
interface Spec {
  readonly replicas?: number;
  readonly strategy?: string;
  readonly maxSurge?: IntOrString | null;
  readonly maxUnavailable?: IntOrString | null;
  readonly progressDeadlineSeconds?: number;
}

interface SetRow {
  readonly name: string;
  readonly specReplicas?: number;
  readonly statusReplicas?: number;
  readonly availableReplicas?: number;
  readonly created?: string;
  readonly deletionTimestamp?: boolean;
  readonly annotations?: { 'desired-replicas'?: number; 'max-replicas'?: number };
}

interface Size {
  readonly replicas: number;
  readonly available: number;
}

const NO_TEMPLATE: PodTemplate = { spec: { containers: [] } };

function deployment(row: Spec, status: DeploymentStatus = {}, name = 'foo'): Deployment {
  const { maxSurge, maxUnavailable: unavailable, progressDeadlineSeconds } = row;
  const type = row.strategy === 'Recreate' ? 'Recreate' : 'RollingUpdate';
  const metadata = { name, uid: name, resourceVersion: '', creationTimestamp: '' };
  return {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata,
    spec: {
      replicas: row.replicas ?? 0,
      selector: {},
      template: NO_TEMPLATE,
      strategy: {
        type,
        ...(type === 'RollingUpdate' && {
          rollingUpdate: { maxSurge: maxSurge ?? 0, maxUnavailable: unavailable ?? 0 },
        }),
      },
      ...(progressDeadlineSeconds !== undefined && { progressDeadlineSeconds }),
    },
    status,
  };
}

function replicaSet(row: SetRow, annotations: Labels = {}): ReplicaSet {
  const sizes = row.annotations ?? {};
  const creationTimestamp = row.created ?? '';
  return {
    apiVersion: 'apps/v1',
    kind: 'ReplicaSet',
    metadata: {
      name: row.name,
      uid: row.name,
      resourceVersion: '',
      creationTimestamp,
      ...(row.deletionTimestamp && { deletionTimestamp: '2026-01-05T00:00:00Z' }),
      annotations: {
        ...annotations,
        ...('desired-replicas' in sizes && {
          [DESIRED_REPLICAS]: String(sizes['desired-replicas']),
        }),
        ...('max-replicas' in sizes && { [MAX_REPLICAS]: String(sizes['max-replicas']) }),
      },
    },
    spec: { replicas: row.specReplicas ?? 0, selector: {}, template: NO_TEMPLATE },
    status: { replicas: row.statusReplicas ?? 0, availableReplicas: row.availableReplicas ?? 0 },
  };
}

const sized = (name: string, size: Size) => ({
  name,
  specReplicas: size.replicas,
  availableReplicas: size.available,
});

/** Whole milliseconds, rounded up, so that what is past a moment stays past it. */
function instant(text: string | undefined): number {
  const ms = parseRfc3339(text ?? '2026-01-05T00:00:00Z') ?? 0;
  return /\.\d{3}0*[1-9]/.test(text ?? '') ? ms + 1 : ms;
}

interface TemplateRow {
  readonly name?: string;
  readonly labels?: Labels;
  readonly annotations?: Labels;
  readonly spec?: Record<string, unknown>;
}

const template = ({ name, labels, annotations, spec }: TemplateRow): PodTemplate => ({
  metadata: { name, labels, annotations },
  spec: { containers: [], ...spec },
});

const rolling = operation<
  Spec & { oldRS: Size; newRS?: Size; maxCleanup: number },
  Record<string, unknown>
>(/^(reconcileOldReplicaSets|cleanupUnhealthyReplicas|scaleDownOldReplicaSets)$/, (row) => {
  const { input, op } = row;
  const { spec } = deployment(input);
  const old = sized('old', input.oldRS);
  const fresh = sized('new', input.newRS ?? { replicas: 0, available: 0 });
  if (op === 'cleanupUnhealthyReplicas') {
    const taken = cleanUpUnhealthy([old], input.maxCleanup).map(({ from, to }) => from - to);
    return compare({ cleanedUp: taken.reduce((a, b) => a + b, 0) }, row.expect);
  }
  const [down] =
    op === 'scaleDownOldReplicaSets'
      ? scaleDownAvailable(spec, fresh, [old])
      : scaleOld(spec, fresh, [old]);
  const got = { scaled: down !== undefined, oldRSReplicas: down?.to ?? old.specReplicas };
  return compare(got, row.expect);
});

interface ScaleRow extends Spec {
  readonly previousReplicas?: number;
  readonly newRS: SetRow | null;
  readonly oldRSs: readonly SetRow[];
}

interface SizesExpected {
  readonly newRS: { name: string; replicas: number } | null;
  readonly oldRSs: readonly { name: string; replicas: number }[];
}

const scaling = operation<ScaleRow, SizesExpected>('scale', (row) => {
  const { newRS, oldRSs } = row.input;
  const newSet = newRS ? replicaSet(newRS) : undefined;
  const oldSets = oldRSs.map((set) => replicaSet(set));
  const sizes = scaledSizes(deployment(row.input), { newSet, oldSets });
  const after = ({ metadata: { name }, spec }: ReplicaSet) => ({
    name,
    replicas: sizes.get(name) ?? spec.replicas,
  });
  const got = { newRS: newSet ? after(newSet) : null, oldRSs: oldSets.map(after) };
  return compare(got, row.expect);
});

interface StatusRow extends Spec {
  readonly status: DeploymentStatus;
  readonly newStatus: DeploymentStatus;
  readonly now?: string;
  readonly newRS: SetRow | null;
  readonly otherRSs: readonly SetRow[];
}

interface ConditionExpected {
  readonly condition: Condition | null;
  readonly lastUpdateTimeKept?: boolean;
  readonly lastTransitionTimeKept?: boolean;
}

const statusAfterSync = operation<StatusRow, ConditionExpected>('syncRolloutStatus', (row) => {
  const { input, expect } = row;
  const before = deployment(input, input.status);
  const newSet = input.newRS ? replicaSet(input.newRS) : undefined;
  const others = input.otherRSs.map((set) => replicaSet(set));
  const all = newSet ? [...others, newSet] : others;
  const clock = { nowMs: 0, now: '2026-01-05T00:00:00Z' };
  const status = rolloutStatus(before, newSet, all, clock);
  const find = ({ conditions }: DeploymentStatus) =>
    conditions?.find(({ type }) => type === 'Progressing');
  const [old, now] = [find(input.status), find(status)];
  const got = {
    condition: now ? { type: now.type, status: now.status, reason: now.reason } : null,
    // A time that the table does not ask to be kept may be kept all the same.
    ...(expect.lastUpdateTimeKept !== undefined && {
      lastUpdateTimeKept: expect.lastUpdateTimeKept && old?.lastUpdateTime === now?.lastUpdateTime,
    }),
    ...(expect.lastTransitionTimeKept !== undefined && {
      lastTransitionTimeKept:
        expect.lastTransitionTimeKept && old?.lastTransitionTime === now?.lastTransitionTime,
    }),
  };
  return compare(got, expect);
});

const deadlines = operation<StatusRow, { requeueAfter: string | null }>(
  'requeueStuckDeployment',
  ({ input, expect }) => {
    const stuck = deployment(input, input.status);
    const left = deadlineInMs(stuck, input.newStatus, instant(input.now));
    const text = left === undefined ? null : `${left / 1000}s`;
    return compare({ requeueAfter: text }, expect);
  },
);

interface RevisionsRow {
  readonly rsRevisions: readonly number[];
  readonly templateBackTo: number;
}

/** The revisions of the sets once an old template is the wanted one again. */
function revisionsAfter({ rsRevisions, templateBackTo }: RevisionsRow): number[] {
  const sets = rsRevisions.map((revision) =>
    replicaSet({ name: `rs-${revision}` }, { [REVISION]: String(revision) }),
  );
  const again = sets.find((_, i) => rsRevisions[i] === templateBackTo);
  const next = nextRevision(sets.filter((set) => set !== again));
  return sets.map((set) => {
    const { annotations } = set.metadata;
    const after =
      set === again ? newSetAnnotations(deployment({}), annotations, next) : annotations;
    return Number(after?.[REVISION]);
  });
}

export const adapter: Adapter = {
  area: 'deployment-rolling',
  operations: [
    operation<{ a: TemplateRow; b: TemplateRow }, unknown>(
      'EqualIgnoreHash',
      ({ input, expect }) => {
        const [one, other] = [template(input.a), template(input.b)];
        const same = sameTemplate(one, other);
        return compare(same === sameTemplate(other, one) ? { sameTemplate: same } : {}, expect);
      },
    ),
    operation<Spec, unknown>('ResolveFenceposts', ({ input, expect }) => {
      const { maxSurge, maxUnavailable: unavailable, replicas = 0 } = input;
      const posts = resolveFenceposts(maxSurge ?? undefined, unavailable ?? undefined, replicas);
      return compare(posts ?? { error: true }, expect);
    }),
    operation<Spec, unknown>('MaxUnavailable', ({ input, expect }) =>
      compare({ maxUnavailable: maxUnavailable(deployment(input).spec) }, expect),
    ),
    operation<Spec & { newRSReplicas: number; totalPodsOverAllRSs: number }, unknown>(
      'NewRSNewReplicas',
      ({ input, expect }) => {
        const { newRSReplicas: now, totalPodsOverAllRSs: all } = input;
        return compare({ newRSReplicas: newSetReplicas(deployment(input).spec, now, all) }, expect);
      },
    ),
    operation<StatusRow, unknown>('DeploymentComplete', ({ input, expect }) =>
      compare({ complete: isComplete(deployment(input), input.status) }, expect),
    ),
    operation<{ previousStatus: DeploymentStatus; newStatus: DeploymentStatus }, unknown>(
      'DeploymentProgressing',
      ({ input, expect }) =>
        compare({ progressing: isProgressing(input.previousStatus, input.newStatus) }, expect),
    ),
    operation<StatusRow, unknown>('DeploymentTimedOut', ({ input, expect }) => {
      const { status } = input;
      const timedOut = hasTimedOut(deployment(input, status), status, instant(input.now));
      return compare({ timedOut }, expect);
    }),
    operation<
      {
        annotations: Labels | null;
        wanted: { 'desired-replicas': number; 'max-replicas': number };
      },
      unknown
    >('ReplicasAnnotationsNeedUpdate', ({ input: { annotations, wanted }, expect }) => {
      const [desired, max] = [wanted['desired-replicas'], wanted['max-replicas']];
      const needsUpdate = replicasAnnotationsNeedUpdate(annotations ?? undefined, desired, max);
      return compare({ needsUpdate }, expect);
    }),
    deadlines,
    statusAfterSync,
    operation<{ oldRSSizes: number[] }, unknown>('recreateScaleDown', ({ input, expect }) => {
      const sets = input.oldRSSizes.map((specReplicas, i) =>
        replicaSet({ name: `rs-${i}`, specReplicas }),
      );
      const emptied = toEmpty(sets);
      const sizes = sets.map((set) => (emptied.includes(set) ? 0 : set.spec.replicas));
      return compare({ oldRSSizes: sizes }, expect);
    }),
    operation<
      { newRSUid?: string; oldRSs: SetRow[]; podsByRS: Record<string, (PodPhase | '')[]> },
      unknown
    >('oldPodsRunning(Recreate)', ({ input, expect }) => {
      const phases = new Map(
        Object.entries(input.podsByRS).map(([uid, list]): [string, PodPhase[]] => [
          uid,
          list.map((phase) => (phase === '' ? 'Pending' : phase)),
        ]),
      );
      const sets = input.oldRSs.map((set) => replicaSet(set));
      const running = oldPodsRunning(input.newRSUid, sets, phases);
      return compare({ oldPodsRunning: running }, expect);
    }),
    operation<Spec & { oldRSReplicas: number; newRSReplicas: number }, unknown>(
      'reconcileNewReplicaSet',
      ({ input, expect }) => {
        const old = sized('old', { replicas: input.oldRSReplicas, available: 0 });
        const fresh = sized('new', { replicas: input.newRSReplicas, available: 0 });
        const up = scaleNew(deployment(input).spec, fresh, [old]);
        return compare({ scaled: !!up, newRSReplicas: up?.to ?? fresh.specReplicas }, expect);
      },
    ),
    rolling,
    scaling,
    operation<{ revisionHistoryLimit: number; oldRSs: SetRow[] }, unknown>(
      'cleanupDeployment',
      ({ input, expect }) => {
        const sets = input.oldRSs.map((set) => replicaSet(set));
        return compare({ deletions: expiredSets(sets, input.revisionHistoryLimit).length }, expect);
      },
    ),
    operation<RevisionsRow & RollbackRow, unknown>('rollback', ({ input, expect }) =>
      compare(
        'templateBackTo' in input ? { revisionsAfter: revisionsAfter(input) } : rollBack(input),
        expect,
      ),
    ),
  ],
};
