import type { StatefulSet } from '../../../src/engine/kubernetes/api/workloads.ts';
import type { Pod, PodPhase } from '../../../src/engine/kubernetes/api/pod.ts';
import type { ApiDoor, ApiRequest } from '../../../src/engine/kubernetes/api/requests.ts';
import { Client } from '../../../src/engine/kubernetes/client/client.ts';
import { EventRecorder } from '../../../src/engine/kubernetes/client/event-recorder.ts';
import { retentionOf } from '../../../src/engine/kubernetes/controllers/statefulset/claims.ts';
import {
  identityOf,
  memberDraft,
} from '../../../src/engine/kubernetes/controllers/statefulset/identity.ts';
import { isRunningAndReady } from '../../../src/engine/kubernetes/controllers/statefulset/replicas.ts';
import { StatefulPodControl } from '../../../src/engine/kubernetes/controllers/statefulset/stateful-pod-control.ts';
import {
  failed,
  success,
  type Failure,
} from '../../../src/engine/kubernetes/apimachinery/status.ts';
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
function isRefused(situation: string, { verb, resource }: ApiRequest): boolean {
  if (!/(Failure|Failed)$/.test(situation)) return false;
  const claims = /Pvc|Storage/.test(situation);
  if (claims) return verb === 'create' && resource === 'persistentvolumeclaims';
  const wanted = /^(Create|Update|Delete)/.exec(situation)?.[0].toLowerCase();
  return resource === 'pods' && verb === wanted;
}

/** A door that refuses what the situation has it refuse, and lets a Pod's volumes change. */
function doorFor({ door }: World, situation: string): ApiDoor {
  return {
    components: door.components,
    request: (request) => {
      if (isRefused(situation, request)) return failed(DOWN);
      const { verb, resource, body } = request;
      return verb === 'update' && resource === 'pods' ? success(body) : door.request(request);
    },
    watch: (watcher) => {
      door.watch(watcher);
    },
    read: (...place) => door.read(...place),
    scan: (...place) => door.scan(...place),
    byIndex: (...term) => door.byIndex(...term),
    countByIndex: (...term) => door.countByIndex(...term),
    follow: (resource, follower) => {
      door.follow(resource, follower);
    },
    stampOf: (resource) => door.stampOf(resource),
  };
}

/** A set with one claim template, that no controller knows of. */
function setOf(world: World, { set, pod, claim }: EventRow): StatefulSet {
  const { apiVersion, kind, spec, status } = createSet(world, { replicas: 0 }, 'RollingUpdate');
  const metadata = {
    name: set,
    namespace: 'default',
    uid: 'a-set',
    resourceVersion: '',
    creationTimestamp: '',
  };
  const template = {
    apiVersion: 'v1',
    kind: 'PersistentVolumeClaim',
    metadata: { ...metadata, name: claim.slice(0, -(pod.length + 1)) },
    spec: CLAIM_SPEC,
    status: { phase: 'Pending' },
  } as const;
  return {
    apiVersion,
    kind,
    metadata,
    status,
    spec: { ...spec, volumeClaimTemplates: [template] },
  };
}

const CLAIM_SPEC = {
  accessModes: ['ReadWriteOnce'],
  resources: { requests: { storage: '1Gi' } },
} as const;

function addClaim({ create, client }: World, name: string, deleting: boolean): void {
  const claim = create('persistentvolumeclaims', {
    apiVersion: 'v1',
    kind: 'PersistentVolumeClaim',
    metadata: { name, finalizers: ['kubernetes.io/pvc-protection'] },
    spec: CLAIM_SPEC,
  });
  if (deleting) client.delete('persistentvolumeclaims', claim);
}

/** Does what the situation names, and gives the Events that it led to. */
function act(world: World, input: EventRow): void {
  const { situation } = input;
  const client = new Client(world.kernel, doorFor(world, situation), 'statefulset-controller');
  const control = new StatefulPodControl(client, new EventRecorder(client, 'statefulset'));
  const set = setOf(world, input);
  const metadata = { ...set.metadata, name: `${input.set}-1` };
  const revision = { apiVersion: 'apps/v1', kind: 'ControllerRevision', metadata, revision: 1 };
  const draft = memberDraft(set, revision, identityOf(input.pod).ordinal);
  if (situation === 'CreatePodPvcDeleting') addClaim(world, input.claim, true);
  if (situation.startsWith('Create')) {
    control.create(set, draft);
    return;
  }
  const pod = world.create('pods', draft);
  if (situation.startsWith('Delete')) {
    control.delete(set, pod);
    return;
  }
  const { volumes: _, ...bare } = pod.spec;
  const storage = situation.includes('Storage');
  if (!storage) addClaim(world, input.claim, false);
  const anonymous = { ...pod, metadata: { ...pod.metadata, labels: {} } };
  control.update(set, storage ? { ...pod, spec: bare } : anonymous);
}

function eventsOf({ input, expect }: Row<EventRow, { reason: string; message: string }>): Verdict {
  const world = controlPlane();
  act(world, input);
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
