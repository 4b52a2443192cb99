import type {
  ContainerState,
  ContainerStatus,
  Pod,
} from '../../../src/engine/kubernetes/api/pod.ts';
import {
  daemonSetRollout,
  deploymentRollout,
  statefulSetRollout,
  type RolloutStatus,
} from '../../../src/engine/kubernetes/api/rollout-status.ts';
import type { ResourceName } from '../../../src/engine/kubernetes/api/resources.ts';
import type { Cell } from '../../../src/engine/kubernetes/api/tables/columns.ts';
import { ENDPOINTS_ROWS } from '../../../src/engine/kubernetes/api/tables/endpoints-row.ts';
import { podRow } from '../../../src/engine/kubernetes/api/tables/pod-row.ts';
import { columnsOf, rowOf } from '../../../src/engine/kubernetes/api/tables/rows.ts';
import type {
  DaemonSet,
  Deployment,
  StatefulSet,
} from '../../../src/engine/kubernetes/api/workloads.ts';
import {
  humanDuration,
  shortHumanDuration,
} from '../../../src/engine/kubernetes/apimachinery/duration.ts';
import type { KubeObject } from '../../../src/engine/kubernetes/apimachinery/object.ts';
import { rfc3339 } from '../../../src/engine/sim/clock.ts';
import { compare, operation, type Adapter, type Operation, type Verdict } from '../adapter.ts';

/** Ages are counted back from here. */
const MADE_MS = 1_000_000_000;

/** A row is printed a moment after its object was made, as in upstream's tests. */
const NOW_MS = MADE_MS + 1;

const at = (ageSeconds: number): string => rfc3339(MADE_MS - ageSeconds * 1000);

type Plain = Readonly<Record<string, unknown>>;

/** The object of a row: its metadata lies open, its times are ages, its bytes are numbers. */
function objectOf(written: Plain): KubeObject {
  const metadata: Record<string, unknown> = { name: '' };
  const rest: Record<string, unknown> = {};
  for (const [key, value] of Object.entries(written)) {
    (METADATA.has(key) ? metadata : rest)[WIRE_NAMES[key] ?? key] = timed(value);
  }
  const { spec = {}, status = {} } = rest as { spec?: Plain; status?: Plain };
  return {
    ...rest,
    metadata,
    spec: completed(spec),
    status,
  } as unknown as KubeObject;
}

/** Fields that rows call by their name in Go. */
const WIRE_NAMES: Readonly<Record<string, string>> = {
  reportingController: 'reportingComponent',
};

const METADATA = new Set([
  ...['name', 'namespace', 'labels', 'annotations', 'uid', 'ownerReferences'],
  ...['creationTimestamp', 'deletionTimestamp', 'generation'],
]);

/** What a manifest need not say: a template without containers, a cron job without a job. */
function completed(spec: Plain): Plain {
  const template = { spec: { containers: [] } };
  return {
    ...(spec.schedule !== undefined && { jobTemplate: { spec: { template } } }),
    template,
    containers: [],
    ...Object.fromEntries(
      Object.entries(spec).map(([key, value]) =>
        key === 'jobTemplate'
          ? [key, { spec: completed((value as { spec: Plain }).spec) }]
          : [key, value],
      ),
    ),
  };
}

/** Ages become times, everywhere. */
function timed(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(timed);
  if (typeof value !== 'object' || value === null) return value;
  const { ageSeconds } = value as { ageSeconds?: number };
  if (ageSeconds !== undefined) return at(ageSeconds);
  return Object.fromEntries(Object.entries(value).map(([key, field]) => [key, timed(field)]));
}

interface TableInput {
  readonly wide?: boolean;
  readonly [object: string]: unknown;
}

interface Rows {
  readonly rows: readonly (readonly (Cell | null)[])[];
}

/**
 * Cells against those expected. One that is null, or of a column added since the row was written,
 * is not asserted.
 */
function judgeRows(got: readonly Cell[], { rows }: Rows): Verdict {
  const [expected = []] = rows;
  const holds =
    rows.length === 1 &&
    expected.length <= got.length &&
    expected.every((cell, i) => cell === null || cell === got[i]);
  return { holds, got };
}

/** Kinds whose printers write the cells of wide output always. */
const ALWAYS_WIDE: readonly ResourceName[] = ['persistentvolumes', 'persistentvolumeclaims'];

/** A row of a table: the one member of the input that is an object is what is printed. */
function table(match: string, resource: ResourceName): Operation {
  return operation<TableInput, Rows>(match, ({ input, expect }) => {
    const { wide = false, ...rest } = input;
    const object = objectOf(onlyMember(rest));
    const cells = rowOf(resource, object, NOW_MS, wide);
    const shown = columnsOf(resource).map(
      ({ priority }) => wide || priority === 0 || ALWAYS_WIDE.includes(resource),
    );
    return judgeRows(
      cells.filter((_, i) => shown[i]),
      expect,
    );
  });
}

const onlyMember = (input: Plain): Plain => (Object.values(input)[0] ?? {}) as Plain;

interface JobInput {
  readonly completions?: number;
  readonly succeeded?: number;
  readonly ageSeconds?: number;
  readonly startAgeSeconds?: number;
}

/** A job told in short; what it is called the input does not say. */
const jobList = operation<JobInput, Rows>('JobList', ({ input, expect }) => {
  const { completions, succeeded, ageSeconds = 0, startAgeSeconds } = input;
  const job = objectOf({
    creationTimestamp: { ageSeconds },
    spec: { completions },
    status: {
      succeeded,
      ...(startAgeSeconds !== undefined && { startTime: { ageSeconds: startAgeSeconds } }),
    },
  });
  const [, ...cells] = rowOf('jobs', job, NOW_MS).slice(0, NARROW_JOB_CELLS);
  return judgeRows(cells, { rows: expect.rows.map(([, ...rest]) => rest) });
});

const NARROW_JOB_CELLS = 5;

const endpoints = operation<TableInput, Rows>('Endpoint', ({ input, expect }) => {
  const options = { nowMs: NOW_MS, whole: false };
  return judgeRows(ENDPOINTS_ROWS.row(objectOf(onlyMember(input)) as never, options), expect);
});

interface StatusInput {
  readonly name?: string;
  readonly ready?: boolean;
  readonly started?: boolean;
  readonly restartCount?: number;
  readonly state?: ContainerState;
  readonly lastTerminatedAgeSeconds?: number;
}

interface PodInput {
  readonly phase?: string;
  readonly statusReason?: string;
  readonly containers?: number;
  readonly initContainers?: number;
  readonly containerStatuses?: readonly StatusInput[];
  readonly initContainerStatuses?: readonly StatusInput[];
  /** The names of the last of the init containers, which keep running. */
  readonly restartableInitContainers?: readonly string[];
  /** `False/SchedulingGated`: a status and a reason by type. */
  readonly conditions?: Readonly<Record<string, string>>;
  readonly deletionTimestamp?: boolean;
  readonly podIPs?: readonly string[];
  readonly nodeName?: string;
  readonly nominatedNodeName?: string;
  /** Conditions that gate readiness, and what each says; null for one that is not there. */
  readonly readinessGates?: Readonly<Record<string, string | null>>;
}

function statusOf(input: StatusInput, name: string): ContainerStatus {
  const { lastTerminatedAgeSeconds, ...rest } = input;
  return {
    name,
    ready: false,
    restartCount: 0,
    image: '',
    imageID: '',
    ...rest,
    ...(lastTerminatedAgeSeconds !== undefined && {
      lastState: { terminated: { exitCode: 0, finishedAt: at(lastTerminatedAgeSeconds) } },
    }),
  };
}

function podOf(input: PodInput): Pod {
  const numbered = (prefix: string, count = 0) =>
    Array.from({ length: count }, (_, i) => ({ name: `${prefix}${i + 1}`, image: '' }));
  const sidecars = input.restartableInitContainers ?? [];
  const init = numbered('init', (input.initContainers ?? 0) - sidecars.length);
  const kept = sidecars.map((name) => ({ name, image: '', restartPolicy: 'Always' }));
  const gates = Object.entries(input.readinessGates ?? {});
  const conditions = [
    ...Object.entries(input.conditions ?? {}),
    ...gates.filter((gate): gate is [string, string] => gate[1] !== null),
  ].map(([type, text]) => {
    const [status = '', reason] = text.split('/');
    return { type, status, ...(reason !== undefined && { reason }) };
  });
  return {
    metadata: { name: 'pod', ...(input.deletionTimestamp && { deletionTimestamp: at(0) }) },
    spec: {
      containers: numbered('container', input.containers),
      initContainers: [...init, ...kept],
      nodeName: input.nodeName,
      readinessGates: gates.map(([conditionType]) => ({ conditionType })),
    },
    status: {
      phase: input.phase ?? '',
      reason: input.statusReason,
      conditions,
      podIPs: input.podIPs?.map((ip) => ({ ip })),
      nominatedNodeName: input.nominatedNodeName,
      containerStatuses: input.containerStatuses?.map((status, i) =>
        statusOf(status, status.name ?? `container${i + 1}`),
      ),
      initContainerStatuses: input.initContainerStatuses?.map((status, i) =>
        statusOf(status, status.name ?? `init${i + 1}`),
      ),
    },
  } as unknown as Pod;
}

/** Named cells of a Pod's row against those the row asks for. */
function podOperation(match: string, cells: Readonly<Record<string, number>>): Operation {
  return operation<PodInput, Readonly<Record<string, Cell>>>(match, ({ input, expect }) => {
    const row = podRow(podOf(input), NOW_MS);
    const got = Object.entries(cells).filter(([name]) => Object.hasOwn(expect, name));
    return compare(Object.fromEntries(got.map(([name, i]) => [name, row[i]])), expect);
  });
}

interface RolloutInput {
  readonly name?: string;
  readonly generation?: number;
  readonly observedGeneration?: number;
  readonly generationObserved?: boolean;
  readonly specReplicas?: number;
  readonly strategy?: string;
  readonly partition?: number;
  readonly progressingReason?: string;
  readonly revision?: number;
  readonly [status: string]: unknown;
}

/** The workload of a rollout: what is not of the spec or the metadata is its status. */
function workloadOf(input: RolloutInput): KubeObject {
  const { name = '', generation = 0, specReplicas, strategy, partition, ...status } = input;
  const type = strategy ?? 'RollingUpdate';
  return {
    metadata: { name, generation },
    spec: {
      replicas: specReplicas ?? 0,
      updateStrategy: { type, ...(partition !== undefined && { rollingUpdate: { partition } }) },
    },
    status: {
      desiredNumberScheduled: 0,
      ...status,
      observedGeneration: input.generationObserved ? generation : input.observedGeneration,
      ...(input.progressingReason !== undefined && {
        conditions: [{ type: 'Progressing', status: 'False', reason: input.progressingReason }],
      }),
    },
  } as unknown as KubeObject;
}

function rollout(match: string, statusIn: (object: KubeObject) => RolloutStatus): Operation {
  return operation<RolloutInput, Partial<RolloutStatus>>(match, ({ input, expect }) => {
    const { message, done, error } = statusIn(workloadOf(input));
    return compare(error === undefined ? { message, done } : { error, done }, expect);
  });
}

/** Lengths of time in the rows are exact to the nanosecond; the engine's to the millisecond. */
const milliseconds = ({ seconds }: { readonly seconds: number }): number =>
  seconds < 0 ? Math.ceil(seconds * 1000) : Math.floor(seconds * 1000);

const duration = (match: string, text: (durationMs: number) => string): Operation =>
  operation<{ seconds: number }, { text: string }>(match, ({ input, expect }) =>
    compare({ text: text(milliseconds(input)) }, expect),
  );

export const adapter: Adapter = {
  area: 'kubectl-output',
  operations: [
    duration('humanDuration', humanDuration),
    duration('shortHumanDuration', shortHumanDuration),
    podOperation('Pod', { ready: 1, status: 2, restarts: 3 }),
    podOperation('PodWide', { ip: 5, node: 6, nominatedNode: 7, readinessGates: 8 }),
    ...[
      ...['NodeStatus', 'NodeRole', 'NodeOSImage', 'NodeKernelVersion', 'NodeName', 'Node'],
      ...['NodeContainerRuntimeVersion', 'NodeExternalIP', 'NodeInternalIP'],
    ].map((name) => table(name, 'nodes')),
    table('Event', 'events'),
    table('Namespace', 'namespaces'),
    table('Secret', 'secrets'),
    table('ConfigMap', 'configmaps'),
    table('ServiceAccount', 'serviceaccounts'),
    table('ResourceQuota', 'resourcequotas'),
    table('PriorityClass', 'priorityclasses'),
    table('Lease', 'leases'),
    table('Ingress', 'ingresses'),
    table('IngressClass', 'ingressclasses'),
    table('Service', 'services'),
    table('ServiceLoadBalancer', 'services'),
    table('NetworkPolicy', 'networkpolicies'),
    table('Deployment', 'deployments'),
    table('ReplicaSet', 'replicasets'),
    table('StatefulSet', 'statefulsets'),
    table('DaemonSet', 'daemonsets'),
    table('ControllerRevision', 'controllerrevisions'),
    table('Job', 'jobs'),
    table('CronJob', 'cronjobs'),
    table('HPA', 'horizontalpodautoscalers'),
    table('PodDisruptionBudget', 'poddisruptionbudgets'),
    table('PersistentVolume', 'persistentvolumes'),
    table('PersistentVolumeClaim', 'persistentvolumeclaims'),
    table('StorageClass', 'storageclasses'),
    table('RoleBinding', 'rolebindings'),
    table('ClusterRoleBinding', 'clusterrolebindings'),
    table('EndpointSlice', 'endpointslices'),
    endpoints,
    jobList,
    rollout('rolloutStatusDeployment', (object) => deploymentRollout(object as Deployment)),
    rollout('rolloutStatusDaemonSet', (object) => daemonSetRollout(object as DaemonSet)),
    rollout('rolloutStatusStatefulSet', (object) => statefulSetRollout(object as StatefulSet)),
  ],
};
