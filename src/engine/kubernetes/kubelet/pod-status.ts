import { rfc3339 } from '../../sim/clock.ts';
import type { ContainerStatus, Pod, PodSpec, PodStatus, WaitingState } from '../api/pod.ts';
import { findCondition, type Condition } from '../apimachinery/object.ts';
import { containerStatus } from './container-status.ts';
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
  const context = {
    restartPolicy: spec.restartPolicy ?? 'Always',
    untouched: initContainers.length > 0 ? INITIALIZING : CREATING,
    isTerminal: work.ending !== undefined,
  };
  const regular = { ...context, isInit: false };
  // What is started in place of something is never started again itself.
  const once = { ...regular, untouched: CREATING, restartPolicy: 'Never' } as const;
  const init = { ...context, isInit: true };
  return {
    init: initContainers.map((one) => containerStatus(one, work.containers[one.name], init)),
    regular: containers.map((one) => containerStatus(one, work.containers[one.name], regular)),
    ephemeral: ephemeralContainers.map((one) =>
      containerStatus(one, work.containers[one.name], once),
    ),
  };
}

/** The whole status of a Pod from what its kubelet remembers. */
export function statusOf(pod: Pod, work: PodWork, hostIp: string, nowMs: number): PodStatus {
  const { init, regular, ephemeral } = statusesOf(pod, work);
  const statuses = init.length === 0 ? regular : [...init, ...regular];
  const phase = phaseOf(pod, work, statuses);
  const { verdict } = work;
  const conditions = conditionsOf(pod, work, { ...shapeOf(pod.spec), statuses, phase }, nowMs);
  const { nominatedNodeName: _nominated, ...before } = pod.status;
  return {
    ...before,
    observedGeneration: pod.metadata.generation,
    phase,
    ...(verdict && { reason: verdict.reason, message: verdict.message }),
    conditions,
    hostIP: hostIp,
    hostIPs: hostIPs(hostIp),
    ...(work.ip !== '' && { podIP: work.ip, podIPs: [{ ip: work.ip }] }),
    startTime: rfc3339(work.startedMs),
    ...(init.length > 0 && { initContainerStatuses: init }),
    containerStatuses: regular,
    ...(ephemeral.length > 0 && { ephemeralContainerStatuses: ephemeral }),
  };
}

function conditionsOf(
  pod: Pod,
  work: PodWork,
  input: ConditionInput,
  nowMs: number,
): readonly Condition[] {
  const before = pod.status.conditions ?? [];
  const own = KUBELET_CONDITIONS;
  const others = before.filter(({ type }) => !own.includes(type));
  const { generation } = pod.metadata;
  const now = (type: string, { status, reason, message }: Judged): Condition => {
    const old = findCondition(before, type);
    const isSame = old?.status === status;
    if (isSame && old.reason === reason && old.message === message) return old;
    return shared({
      type,
      status,
      ...(reason !== undefined && { reason }),
      ...(message !== undefined && { message }),
      lastProbeTime: null,
      lastTransitionTime: isSame ? old.lastTransitionTime : rfc3339(nowMs),
      observedGeneration: generation,
    });
  };
  const hasSandbox = !work.isCleared && work.unmounted === undefined;
  const ready = containersReady(input);
  const given = work.verdict?.condition;
  const kept = given ? others.filter(({ type }) => type !== given.type) : others;
  return [
    ...(given ? [given] : []),
    ...kept,
    now('PodReadyToStartContainers', hasSandbox ? TRUE : FALSE),
    now('Initialized', podInitialized(input)),
    now('Ready', podReady({ ...input, conditions: others }, ready)),
    now('ContainersReady', ready),
    now('PodScheduled', TRUE),
  ];
}

/** The last condition of each type and status. */
const lately = new Map<string, Condition>();

/** Pods that get ready in the same second say the same of it; one object is enough for them. */
function shared(condition: Condition): Condition {
  const key = `${condition.type} ${condition.status}`;
  const last = lately.get(key);
  if (
    last &&
    last.lastTransitionTime === condition.lastTransitionTime &&
    last.observedGeneration === condition.observedGeneration &&
    last.reason === condition.reason &&
    last.message === condition.message
  ) {
    return last;
  }
  lately.set(key, condition);
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
