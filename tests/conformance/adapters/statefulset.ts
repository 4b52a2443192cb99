import type { StatefulSet } from '../../../src/engine/kubernetes/api/workloads.ts';
import type { Pod, PodPhase } from '../../../src/engine/kubernetes/api/pod.ts';
import type { ApiRequest } from '../../../src/engine/kubernetes/api/requests.ts';
import { Client } from '../../../src/engine/kubernetes/client/client.ts';
import { EventRecorder } from '../../../src/engine/kubernetes/client/event-recorder.ts';
import { retentionOf } from '../../../src/engine/kubernetes/controllers/statefulset/claims.ts';
import {
  identityOf,
  memberDraft,
} from '../../../src/engine/kubernetes/controllers/statefulset/identity.ts';
import { isRunningAndReady } from '../../../src/engine/kubernetes/controllers/statefulset/replicas.ts';
import { StatefulPodControl } from '../../../src/engine/kubernetes/controllers/statefulset/stateful-pod-control.ts';
import { failed, type Failure } from '../../../src/engine/kubernetes/apimachinery/status.ts';
import { controlPlane } from '../../kubernetes/control-plane.ts';
import { compare, operation, type Adapter, type Row, type Verdict } from '../adapter.ts';

/** Rows about StatefulSets: decisions are asked, rollouts are run on an API server of their own. */
interface RolloutRow {
  readonly podManagementPolicy?: 'OrderedReady' | 'Parallel';
  readonly replicas: number;
  readonly newReplicas?: number;
  readonly updateTemplate?: boolean;
  readonly partition?: number;
  readonly maxUnavailable?: number | string;
}

const labels = { app: 'foo' };
const template = (image: string) => ({
  metadata: { labels },
  spec: { containers: [{ name: 'web', image }] },
});

const IMAGES = { old: 'web:1', new: 'web:2' };

type World = ReturnType<typeof controlPlane>;

function createSet(world: World, row: RolloutRow, type: 'RollingUpdate' | 'OnDelete'): StatefulSet {
  return world.create('statefulsets', {
    apiVersion: 'apps/v1',
    kind: 'StatefulSet',
    metadata: { name: 'foo' },
    spec: {
      replicas: row.replicas,
      selector: { matchLabels: labels },
      serviceName: 'foo',
      ...(row.podManagementPolicy && { podManagementPolicy: row.podManagementPolicy }),
      updateStrategy: { type },
      template: template(IMAGES.old),
    },
  });
}

/** Which template each ordinal has. */
function templates({ list }: World): string[] {
  const image = ({ spec }: Pod) => spec.containers[0]?.image;
  return list('pods')
    .sort((a, b) => identityOf(a.metadata.name).ordinal - identityOf(b.metadata.name).ordinal)
    .map((pod) => (image(pod) === IMAGES.new ? 'new' : 'old'));
}

function rollOut(
  row: Row<RolloutRow, Record<string, unknown>>,
  type: 'RollingUpdate' | 'OnDelete',
): Verdict {
  const world = controlPlane();
  const { input, expect } = row;
  createSet(world, input, type);
  world.settle();
  const { partition, maxUnavailable, newReplicas, updateTemplate } = input;
  const rollingUpdate = {
    partition: partition ?? 0,
    ...(maxUnavailable !== undefined && { maxUnavailable }),
  };
  world.change('statefulsets', 'foo', (set) => ({
    ...set,
    spec: {
      ...set.spec,
      replicas: newReplicas ?? input.replicas,
      ...(updateTemplate && { template: template(IMAGES.new) }),
      updateStrategy: { type, ...(type === 'RollingUpdate' && { rollingUpdate }) },
    },
  }));
  world.settle();
  const got: Record<string, unknown> = { templateByOrdinal: templates(world) };
  if ('afterAllPodsDeletedOnce' in expect) {
    for (const pod of world.list('pods')) world.client.delete('pods', pod);
    world.settle();
    got.afterAllPodsDeletedOnce = templates(world);
  }
  return compare(got, expect);
}

interface EventRow {
  readonly set: string;
  readonly pod: string;
  readonly claim: string;
  readonly situation: string;
}

const DOWN: Failure = {
  reason: 'InternalError',
  code: 500,
  message: 'Internal error occurred: API server down',
};

/** What the server refuses in each situation. */
const REFUSED: Readonly<Record<string, (request: ApiRequest) => boolean>> = {
  CreatePodPvcCreateFailure: ({ verb, resource }) =>
    verb === 'create' && resource === 'persistentvolumeclaims',
  CreatePodFailed: ({ verb, resource }) => verb === 'create' && resource === 'pods',
  DeleteFailure: ({ verb, resource }) => verb === 'delete' && resource === 'pods',
};

function eventsOf({ input, expect }: Row<EventRow, { reason: string; message: string }>): Verdict {
  const world = controlPlane();
  const { door, kernel, client } = world;
  const refuses = REFUSED[input.situation] ?? (() => false);
  const watching = new Client(
    kernel,
    {
      components: door.components,
      request: (request) => (refuses(request) ? failed(DOWN) : door.request(request)),
      watch: (watcher) => door.watch(watcher),
      read: (...place) => door.read(...place),
      scan: (...place) => door.scan(...place),
      byIndex: (...term) => door.byIndex(...term),
      countByIndex: (...term) => door.countByIndex(...term),
    },
    'statefulset-controller',
  );
  const control = new StatefulPodControl(watching, new EventRecorder(watching, 'statefulset'));
  const { ordinal } = identityOf(input.pod);
  const claimTemplate = input.claim.slice(0, -(input.pod.length + 1));
  const set: StatefulSet = {
    ...createSet(world, { replicas: 0 }, 'RollingUpdate'),
    metadata: {
      name: input.set,
      namespace: 'default',
      uid: 'a-set',
      resourceVersion: '',
      creationTimestamp: '',
    },
  };
  const withClaims: StatefulSet = {
    ...set,
    spec: {
      ...set.spec,
      volumeClaimTemplates: [
        {
          apiVersion: 'v1',
          kind: 'PersistentVolumeClaim',
          metadata: { ...set.metadata, name: claimTemplate },
          spec: {
            accessModes: ['ReadWriteOnce'],
            resources: { requests: { storage: '1Gi' } },
          },
          status: { phase: 'Pending' },
        },
      ],
    },
  };
  const revision = {
    apiVersion: 'apps/v1',
    kind: 'ControllerRevision',
    metadata: { ...set.metadata, name: 'foo-1' },
    revision: 1,
  };
  if (input.situation === 'CreatePodPvcDeleting') {
    const claim = world.create('persistentvolumeclaims', {
      apiVersion: 'v1',
      kind: 'PersistentVolumeClaim',
      metadata: { name: input.claim, finalizers: ['kubernetes.io/pvc-protection'] },
      spec: { accessModes: ['ReadWriteOnce'], resources: { requests: { storage: '1Gi' } } },
    });
    client.delete('persistentvolumeclaims', claim);
  }
  const draft = memberDraft(withClaims, revision, ordinal);
  if (input.situation.startsWith('Delete')) {
    control.delete(withClaims, world.create('pods', draft));
  } else {
    control.create(withClaims, draft);
  }
  const told = world
    .list('events')
    .map(({ type, reason, message }) => ({ type, reason, message }))
    .find(({ reason, message }) => reason === expect.reason && message === expect.message);
  return compare(told ?? world.messages(), expect);
}

export const adapter: Adapter = {
  area: 'statefulset',
  operations: [
    operation<RolloutRow, Record<string, unknown>>('rolling', (row) =>
      rollOut(row, 'RollingUpdate'),
    ),
    operation<RolloutRow, Record<string, unknown>>('partition', (row) =>
      rollOut(row, 'RollingUpdate'),
    ),
    operation<RolloutRow, Record<string, unknown>>('onDelete', (row) => rollOut(row, 'OnDelete')),
    operation<{ podName: string }, unknown>('identity', ({ input, expect }) =>
      compare(identityOf(input.podName), expect),
    ),
    operation<{ phase: string; ready: boolean }, unknown>(
      'runningAndReady',
      ({ input: { phase, ready }, expect }) => {
        const conditions = [{ type: 'Ready', status: ready ? 'True' : 'False' }] as const;
        const status = { phase: phase as PodPhase, conditions };
        return compare(
          { runningAndReady: isRunningAndReady({ status } as unknown as Pod) },
          expect,
        );
      },
    ),
    operation<EventRow, { reason: string; message: string }>('events', eventsOf),
    operation<{ persistentVolumeClaimRetentionPolicy: object | null }, unknown>(
      'pvc',
      ({ input: { persistentVolumeClaimRetentionPolicy: policy }, expect }) => {
        const spec = { ...(policy && { persistentVolumeClaimRetentionPolicy: policy }) };
        return compare(retentionOf({ spec } as unknown as StatefulSet), expect);
      },
    ),
  ],
};
