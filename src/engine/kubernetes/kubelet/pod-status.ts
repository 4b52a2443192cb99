import { rfc3339 } from '../../sim/clock.ts';
import type {
  Container,
  ContainerStatus,
  Pod,
  PodPhase,
  PodSpec,
  PodStatus,
  WaitingState,
} from '../api/pod.ts';
import { findCondition, type Condition } from '../apimachinery/object.ts';
import { containerStatus, type StatusContext } from './container-status.ts';
import {
  containersReady,
  podInitialized,
  podReady,
  type ConditionInput,
  type Judged,
} from './pod-conditions.ts';
import { podPhase } from './pod-phase.ts';
import type { PodWork } from './pod-worker-row.ts';
import { isSidecar } from './restart-policy.ts';

/**
 * What the kubelet says of a Pod (pkg/kubelet/kubelet_pods.go `generateAPIPodStatus`,
 * pkg/kubelet/status/status_manager.go, v1.36).
 */

/** The conditions that the kubelet keeps. */
const KUBELET_CONDITIONS: readonly string[] = [
  'PodReadyToStartContainers',
  'Initialized',
  'Ready',
  'ContainersReady',
  'PodScheduled',
  'PodResizePending',
  'PodResizeInProgress',
];

/** Who is in a Pod, as phases and conditions are told of it; the same for Pods of one spec. */
export interface Shape {
  readonly containers: readonly string[];
  readonly initContainers: readonly { readonly name: string; readonly isSidecar: boolean }[];
  readonly readinessGates: readonly string[];
}

const shapes = new WeakMap<object, Shape>();

export function shapeOf({ containers, initContainers = [], readinessGates = [] }: PodSpec): Shape {
  const known = shapes.get(containers);
  if (known?.initContainers.length === initContainers.length) return known;
  const shape = {
    containers: containers.map(({ name }) => name),
    initContainers: initContainers.map((one) => ({ name: one.name, isSidecar: isSidecar(one) })),
    readinessGates: readinessGates.map(({ conditionType }) => conditionType),
  };
  shapes.set(containers, shape);
  return shape;
}

const CREATING: WaitingState = { reason: 'ContainerCreating' };
const INITIALIZING: WaitingState = { reason: 'PodInitializing' };

/** The phase as the containers say it; a verdict or a deletion that went through is final. */
export function phaseOf(pod: Pod, work: PodWork, statuses: readonly ContainerStatus[]) {
  if (work.verdict) return 'Failed';
  const { containers, initContainers } = shapeOf(pod.spec);
  const restartPolicy = pod.spec.restartPolicy ?? 'Always';
  const isTerminal = work.ending !== undefined && work.isCleared === true;
  return podPhase({ restartPolicy, containers, initContainers, statuses, isTerminal });
}

interface Statuses {
  readonly init: readonly ContainerStatus[];
  readonly regular: readonly ContainerStatus[];
  readonly ephemeral: readonly ContainerStatus[];
}

function statusesOf({ spec }: Pod, work: PodWork): Statuses {
  const { containers, initContainers = [], ephemeralContainers = [] } = spec;
  const context: StatusContext = {
    restartPolicy: spec.restartPolicy ?? 'Always',
    untouched: initContainers.length > 0 ? INITIALIZING : CREATING,
    isTerminal: work.ending !== undefined,
  };
  const of = (list: readonly Container[], its: StatusContext, isInit = false) =>
    list.length === 0
      ? NO_STATUSES
      : list.map((one) => containerStatus(one, work.containers[one.name], its, isInit));
  return {
    init: of(initContainers, context, true),
    regular: of(containers, context),
    // What is started in place of something is never started again itself.
    ephemeral: of(ephemeralContainers, {
      ...context,
      untouched: CREATING,
      restartPolicy: 'Never',
    }),
  };
}

const NO_STATUSES: readonly ContainerStatus[] = [];

/** The whole status of a Pod from what its kubelet remembers. */
export function statusOf(pod: Pod, work: PodWork, hostIp: string, nowMs: number): PodStatus {
  const { init, regular, ephemeral } = statusesOf(pod, work);
  const statuses = init.length === 0 ? regular : [...init, ...regular];
  const phase = phaseOf(pod, work, statuses);
  const { verdict, ip } = work;
  const before = pod.status.nominatedNodeName === undefined ? pod.status : unnominated(pod.status);
  const observedGeneration = pod.metadata.generation;
  const status: Writable<PodStatus> = { ...before, observedGeneration, phase };
  if (verdict) {
    status.reason = verdict.reason;
    status.message = verdict.message;
  }
  status.conditions = conditionsOf(pod, work, statuses, phase, nowMs);
  status.hostIP = hostIp;
  status.hostIPs = hostIPs(hostIp);
  if (ip !== '') {
    status.podIP = ip;
    status.podIPs = sayOnly(before.podIPs, ip) ? before.podIPs : [{ ip }];
  }
  status.startTime = rfc3339(work.startedMs);
  if (init.length > 0) status.initContainerStatuses = init;
  status.containerStatuses = regular;
  if (ephemeral.length > 0) status.ephemeralContainerStatuses = ephemeral;
  return status;
}

function unnominated({ nominatedNodeName: _nominated, ...status }: PodStatus): PodStatus {
  return status;
}

const sayOnly = (list: PodStatus['podIPs'], ip: string): boolean =>
  list?.length === 1 && list[0]?.ip === ip;

type Writable<T> = { -readonly [K in keyof T]: T[K] };

function conditionsOf(
  pod: Pod,
  work: PodWork,
  statuses: readonly ContainerStatus[],
  phase: PodPhase,
  nowMs: number,
): readonly Condition[] {
  const before = pod.status.conditions ?? NO_CONDITIONS;
  const others = before.every(isOwn) ? NO_CONDITIONS : before.filter((one) => !isOwn(one));
  const { containers, initContainers, readinessGates } = shapeOf(pod.spec);
  const names = { containers, initContainers, readinessGates };
  const input: ConditionInput = { ...names, conditions: others, statuses, phase };
  const { generation } = pod.metadata;
  const now = (type: string, judged: Judged) => stated(before, type, judged, generation, nowMs);
  const hasSandbox = !work.isCleared && work.unmounted === undefined;
  const ready = containersReady(input);
  const given = work.verdict?.condition;
  const { pending, inProgress } = work.resize ?? {};
  const own = [
    ...(pending ? [now('PodResizePending', sayTrue(pending))] : []),
    ...(inProgress ? [now('PodResizeInProgress', sayTrue(inProgress))] : []),
    now('PodReadyToStartContainers', hasSandbox ? TRUE : FALSE),
    now('Initialized', podInitialized(input)),
    now('Ready', podReady(input, ready)),
    now('ContainersReady', ready),
    now('PodScheduled', TRUE),
  ];
  if (!given) return others.length === 0 ? own : [...others, ...own];
  return [given, ...others.filter(({ type }) => type !== given.type), ...own];
}

const sayTrue = ({ reason, message }: Omit<Judged, 'status'>): Judged => ({
  status: 'True',
  ...(reason !== undefined && { reason }),
  ...(message !== undefined && { message }),
});

const NO_CONDITIONS: readonly Condition[] = [];

const isOwn = ({ type }: Condition): boolean => KUBELET_CONDITIONS.includes(type);

/** The last condition of each type, by status. */
const lately = { True: new Map<string, Condition>(), False: new Map<string, Condition>() };

/**
 * A condition as it is now: the one before where nothing has changed. Pods that get ready in the
 * same second say the same of it; one object is enough for them.
 */
function stated(
  before: readonly Condition[],
  type: string,
  { status, reason, message }: Judged,
  observedGeneration: number | undefined,
  nowMs: number,
): Condition {
  const old = findCondition(before, type);
  const isSame = old?.status === status;
  if (isSame && old.reason === reason && old.message === message) return old;
  const lastTransitionTime = isSame ? old.lastTransitionTime : rfc3339(nowMs);
  const last = lately[status].get(type);
  if (
    last &&
    last.lastTransitionTime === lastTransitionTime &&
    last.observedGeneration === observedGeneration &&
    last.reason === reason &&
    last.message === message
  ) {
    return last;
  }
  const condition: Condition = {
    type,
    status,
    ...(reason !== undefined && { reason }),
    ...(message !== undefined && { message }),
    lastProbeTime: null,
    lastTransitionTime,
    observedGeneration,
  };
  lately[status].set(type, condition);
  return condition;
}

const hostAddresses = new Map<string, NonNullable<PodStatus['hostIPs']>>();
const KNOWN_HOSTS = 10_000;

/** The same list for all Pods of a node. */
function hostIPs(ip: string): NonNullable<PodStatus['hostIPs']> {
  let list = hostAddresses.get(ip);
  if (!list) {
    list = [{ ip }];
    if (hostAddresses.size < KNOWN_HOSTS) hostAddresses.set(ip, list);
  }
  return list;
}

const TRUE: Judged = { status: 'True' };
const FALSE: Judged = { status: 'False' };
