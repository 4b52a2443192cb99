import { describe, expect, it } from 'vitest';
import type { PodPhase, RestartPolicy } from '../api/pod.ts';
import { podPhase, type PhaseInput, type PhaseStatus } from './pod-phase.ts';

/**
 * The rows of pkg/kubelet/kubelet_pods_test.go `TestPodPhaseWith*` (v1.36) that have init
 * containers and sidecars: two containers, and one that comes before them.
 */
type State = 'running' | 'started' | 'waiting' | 'again' | 'done' | 'failed' | 'absent';

function statusOf(name: string, state: State): PhaseStatus[] {
  const ended = (exitCode: number) => ({ terminated: { exitCode } });
  switch (state) {
    case 'running':
      return [{ name, state: { running: {} } }];
    case 'started':
      return [{ name, state: { running: {} }, started: true }];
    case 'waiting':
      return [{ name, state: { waiting: {} } }];
    case 'again':
      return [{ name, state: { waiting: {} }, lastState: ended(-1) }];
    case 'done':
      return [{ name, state: ended(0) }];
    case 'failed':
      return [{ name, state: ended(-1) }];
    case 'absent':
      return [];
  }
}

const phase = (
  restartPolicy: RestartPolicy,
  first: State,
  [a, b]: readonly [State, State],
  more: Partial<PhaseInput> & { readonly isSidecar?: boolean } = {},
): PodPhase => {
  const { isSidecar = false, ...rest } = more;
  return podPhase({
    restartPolicy,
    containers: ['a', 'b'],
    initContainers: [{ name: 'x', isSidecar }],
    statuses: [...statusOf('x', first), ...statusOf('a', a), ...statusOf('b', b)],
    ...rest,
  });
};

const NONE = ['absent', 'absent'] as const;
const BOTH = ['running', 'running'] as const;

describe('the phase of a Pod with an init container', () => {
  it.each<[RestartPolicy, State, readonly [State, State], PodPhase]>([
    ['Always', 'absent', NONE, 'Pending'],
    ['Always', 'running', NONE, 'Pending'],
    ['Always', 'waiting', NONE, 'Pending'],
    ['Always', 'failed', NONE, 'Pending'],
    ['Always', 'again', NONE, 'Pending'],
    ['Always', 'done', NONE, 'Pending'],
    ['Always', 'done', BOTH, 'Running'],
    ['Always', 'done', ['running', 'again'], 'Running'],
    ['Always', 'done', ['done', 'done'], 'Running'],
    ['OnFailure', 'failed', NONE, 'Pending'],
    ['OnFailure', 'done', ['done', 'done'], 'Succeeded'],
    ['OnFailure', 'done', ['failed', 'done'], 'Running'],
    ['Never', 'failed', NONE, 'Failed'],
    ['Never', 'again', NONE, 'Failed'],
    ['Never', 'running', NONE, 'Pending'],
    ['Never', 'waiting', NONE, 'Pending'],
    ['Never', 'done', ['done', 'done'], 'Succeeded'],
    ['Never', 'done', ['done', 'failed'], 'Failed'],
  ])('%s, %s, then %j, is %s', (policy, first, rest, expected) => {
    expect(phase(policy, first, rest)).toBe(expected);
  });
});

describe('the phase of a Pod with a sidecar', () => {
  it.each<[RestartPolicy, State, readonly [State, State], PodPhase]>([
    ['Always', 'absent', NONE, 'Pending'],
    ['Always', 'running', NONE, 'Pending'],
    ['Always', 'started', NONE, 'Pending'],
    ['Always', 'started', BOTH, 'Running'],
    ['Always', 'running', BOTH, 'Running'],
    ['Always', 'waiting', BOTH, 'Pending'],
    ['Always', 'again', BOTH, 'Running'],
    ['Never', 'failed', BOTH, 'Running'],
    ['Never', 'failed', ['done', 'done'], 'Succeeded'],
    ['Never', 'started', ['done', 'done'], 'Running'],
    ['Never', 'done', ['done', 'failed'], 'Failed'],
    ['OnFailure', 'done', ['done', 'done'], 'Succeeded'],
    ['OnFailure', 'done', ['failed', 'done'], 'Running'],
  ])('%s, %s, then %j, is %s', (policy, first, rest, expected) => {
    expect(phase(policy, first, rest, { isSidecar: true })).toBe(expected);
  });
});

describe('the phase of a Pod that nothing starts again', () => {
  it.each<[RestartPolicy, readonly [State, State], PodPhase]>([
    ['Always', ['done', 'done'], 'Succeeded'],
    ['Always', ['done', 'failed'], 'Failed'],
    ['OnFailure', ['failed', 'done'], 'Failed'],
    ['Always', ['running', 'done'], 'Running'],
  ])('%s, %j, is %s', (policy, rest, expected) => {
    expect(phase(policy, 'done', rest, { isTerminal: true })).toBe(expected);
  });
});
