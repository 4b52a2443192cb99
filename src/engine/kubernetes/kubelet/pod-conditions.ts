import type { ContainerStatus, PodPhase } from '../api/pod.ts';
import type { Condition } from '../apimachinery/object.ts';
import { hasRun } from './pod-phase.ts';

/**
 * The conditions that a kubelet derives from the statuses of containers
 * (pkg/kubelet/status/generate.go, v1.36).
 */
export interface ConditionInput {
  readonly containers: readonly string[];
  readonly initContainers?: readonly { readonly name: string; readonly isSidecar: boolean }[];
  /** Condition types that must be True for the Pod to be ready. */
  readonly readinessGates?: readonly string[];
  readonly conditions?: readonly Condition[];
  /** Undefined as long as nothing is known; init containers' are among them. */
  readonly statuses?: readonly ConditionStatus[];
  readonly phase: PodPhase;
}

export type ConditionStatus = Pick<
  ContainerStatus,
  'name' | 'ready' | 'started' | 'state' | 'lastState'
>;

export interface Judged {
  readonly status: 'True' | 'False';
  readonly reason?: string;
  readonly message?: string;
}

const TRUE: Judged = { status: 'True' };
const no = (reason: string, message?: string): Judged => ({
  status: 'False',
  reason,
  ...(message !== undefined && { message }),
});

/** As Go prints a list of words. */
const list = (names: readonly string[]): string => `[${names.join(' ')}]`;

export function containersReady(input: ConditionInput): Judged {
  const { containers, initContainers = [], statuses, phase } = input;
  if (!statuses) return no('UnknownContainerStatuses');
  const sidecars = initContainers.filter(({ isSidecar }) => isSidecar).map(({ name }) => name);
  const all = sidecars.length === 0 ? containers : [...sidecars, ...containers];
  if (phase !== 'Succeeded' && phase !== 'Failed' && all.every(isReadyIn(statuses))) return TRUE;
  const unknown: string[] = [];
  const unready: string[] = [];
  for (const name of all) {
    const status = named(statuses, name);
    if (!status) unknown.push(name);
    else if (!status.ready) unready.push(name);
  }
  if (phase === 'Succeeded' && unknown.length === 0) return no('PodCompleted');
  if (phase === 'Failed') return no('PodFailed');
  const words = [
    ...(unknown.length > 0 ? [`containers with unknown status: ${list(unknown)}`] : []),
    ...(unready.length > 0 ? [`containers with unready status: ${list(unready)}`] : []),
  ];
  return words.length === 0 ? TRUE : no('ContainersNotReady', words.join(', '));
}

/** Few containers are in a Pod: a search costs less than a map. */
const named = (statuses: readonly ConditionStatus[], wanted: string) =>
  statuses.find(({ name }) => name === wanted);

const isReadyIn =
  (statuses: readonly ConditionStatus[]) =>
  (name: string): boolean =>
    named(statuses, name)?.ready === true;

/** @param ready what {@link containersReady} says of the same */
export function podReady(input: ConditionInput, ready = containersReady(input)): Judged {
  if (ready.status !== 'True') return ready;
  const { readinessGates = [], conditions = [] } = input;
  if (readinessGates.length === 0) return TRUE;
  const words = readinessGates.flatMap((gate) => {
    const condition = conditions.find(({ type }) => type === gate);
    if (!condition) {
      return [`corresponding condition of pod readiness gate "${gate}" does not exist.`];
    }
    const { status } = condition;
    if (status === 'True') return [];
    return [`the status of pod readiness gate "${gate}" is not "True", but ${status}`];
  });
  return words.length === 0 ? TRUE : no('ReadinessGatesNotReady', words.join(', '));
}

export function podInitialized(input: ConditionInput): Judged {
  const { containers, initContainers = [], statuses, phase } = input;
  if (!statuses && initContainers.length > 0) return no('UnknownContainerStatuses');
  if (initContainers.length === 0 && phase !== 'Succeeded') return TRUE;
  const of = (name: string) => named(statuses ?? [], name);
  const unknown = initContainers.filter(({ name }) => !of(name));
  const incomplete = initContainers.filter(({ name, isSidecar }) => {
    const status = of(name);
    return status && !(isSidecar ? status.started === true : status.ready);
  });
  if (phase === 'Succeeded' && unknown.length === 0) {
    return { status: 'True', reason: 'PodCompleted' };
  }
  if (containers.some((name) => hasRun(of(name)))) return TRUE;
  const names = (some: typeof initContainers): string => list(some.map(({ name }) => name));
  const words = [
    ...(unknown.length > 0 ? [`containers with unknown status: ${names(unknown)}`] : []),
    ...(incomplete.length > 0 ? [`containers with incomplete status: ${names(incomplete)}`] : []),
  ];
  return words.length === 0 ? TRUE : no('ContainersNotInitialized', words.join(', '));
}
