import { describe, expect, it } from 'vitest';
import type { JobSpec } from '../../src/engine/kubernetes/api/batch.ts';
import { JOB_TRACKING_FINALIZER } from '../../src/engine/kubernetes/api/batch.ts';
import type { Pod, PodPhase } from '../../src/engine/kubernetes/api/pod.ts';
import { isPodActive } from '../../src/engine/kubernetes/api/pod.ts';
import { rfc3339 } from '../../src/engine/sim/clock.ts';
import { controlPlane } from './control-plane.ts';

type World = ReturnType<typeof controlPlane>;

function createJob({ create }: World, spec: Partial<JobSpec> = {}): void {
  create('jobs', {
    apiVersion: 'batch/v1',
    kind: 'Job',
    metadata: { name: 'sums' },
    spec: {
      template: { spec: { restartPolicy: 'Never', containers: [{ name: 'main', image: 'sums' }] } },
      ...spec,
    },
  });
}

const active = ({ list }: World): Pod[] => list('pods').filter(isPodActive);
const indexOf = ({ metadata }: Pod): string =>
  metadata.annotations?.['batch.kubernetes.io/job-completion-index'] ?? '';

/** Ends Pods as their kubelet would report it, and lets the controller see it. */
function end(world: World, pods: readonly Pod[], phase: PodPhase, exitCode = 1): void {
  for (const pod of pods) {
    const present = world.get('pods', pod.metadata.name);
    const code = phase === 'Succeeded' ? 0 : exitCode;
    const terminated = { exitCode: code, finishedAt: rfc3339(world.kernel.now) };
    const status = {
      ...present.status,
      phase,
      containerStatuses: [
        {
          name: 'main',
          ready: false,
          restartCount: 0,
          image: 'sums',
          imageID: '',
          state: { terminated },
        },
      ],
    };
    world.client.updateStatus('pods', { ...present, status });
  }
  world.pass(1500);
}

const statusOf = (world: World) => world.get('jobs', 'sums').status;
const conditions = (world: World) =>
  (statusOf(world).conditions ?? []).map(({ type, reason }) => `${type} ${reason ?? ''}`);

describe('a job', () => {
  it('runs a Pod to its end, counts it and completes', () => {
    const world = controlPlane();
    createJob(world);
    world.pass(1000);
    const [pod] = active(world);
    expect(pod?.metadata.finalizers).toEqual([JOB_TRACKING_FINALIZER]);
    expect(statusOf(world)).toMatchObject({ active: 1, ready: 0, startTime: rfc3339(0) });
    world.runPods();
    world.pass(1500);
    expect(statusOf(world)).toMatchObject({ active: 1, ready: 1 });
    end(world, active(world), 'Succeeded');
    expect(statusOf(world)).toMatchObject({ succeeded: 1, uncountedTerminatedPods: {} });
    expect(statusOf(world).active).toBeUndefined();
    expect(conditions(world)).toEqual([
      'SuccessCriteriaMet CompletionsReached',
      'Complete CompletionsReached',
    ]);
    expect(world.list('pods').flatMap(({ metadata }) => metadata.finalizers ?? [])).toEqual([]);
    expect(world.messages('Completed')).toEqual(['Job completed']);
  });

  it('waits 10, 20, 40 seconds between failures, and gives up after its limit', () => {
    const world = controlPlane();
    createJob(world, { backoffLimit: 3 });
    world.pass(1000);
    for (const seconds of [10, 20, 40]) {
      const failedMs = world.kernel.now;
      end(world, active(world), 'Failed');
      expect(active(world)).toEqual([]);
      world.pass(failedMs + seconds * 1000 - world.kernel.now - 1000);
      expect(active(world)).toEqual([]);
      world.pass(2500);
      expect(active(world)).toHaveLength(1);
    }
    end(world, active(world), 'Failed');
    expect(statusOf(world)).toMatchObject({ failed: 4 });
    expect(conditions(world)).toEqual([
      'FailureTarget BackoffLimitExceeded',
      'Failed BackoffLimitExceeded',
    ]);
    expect(world.messages('BackoffLimitExceeded')).toEqual([
      'Job has reached the specified backoff limit',
    ]);
  });

  it('never has more Pods than its parallelism, nor than are still wanted', () => {
    const world = controlPlane();
    createJob(world, { parallelism: 3, completions: 4 });
    world.pass(1000);
    expect(active(world)).toHaveLength(3);
    end(world, active(world).slice(0, 2), 'Succeeded');
    expect(active(world)).toHaveLength(2);
    end(world, active(world), 'Succeeded');
    expect(statusOf(world)).toMatchObject({ succeeded: 4 });
    expect(conditions(world)).toContain('Complete CompletionsReached');
  });

  it('gives each Pod of an indexed job its index, and remembers which are done', () => {
    const world = controlPlane();
    createJob(world, { completionMode: 'Indexed', parallelism: 3, completions: 5 });
    world.pass(1000);
    expect(active(world).map(indexOf).sort()).toEqual(['0', '1', '2']);
    const [pod] = active(world).filter((one) => indexOf(one) === '1');
    expect(pod?.metadata.name).toMatch(/^sums-1-[a-z0-9]{5}$/);
    expect(pod?.spec.hostname).toBe('sums-1');
    expect(pod?.spec.containers[0]?.env?.map(({ name }) => name)).toEqual(['JOB_COMPLETION_INDEX']);
    end(
      world,
      active(world).filter((one) => indexOf(one) !== '1'),
      'Succeeded',
    );
    expect(statusOf(world)).toMatchObject({ succeeded: 2, completedIndexes: '0,2' });
    expect(active(world).map(indexOf).sort()).toEqual(['1', '3', '4']);
    end(world, active(world), 'Succeeded');
    expect(statusOf(world)).toMatchObject({ succeeded: 5, completedIndexes: '0-4' });
  });

  it('fails one index after its own limit and goes on with the others', () => {
    const world = controlPlane();
    createJob(world, {
      completionMode: 'Indexed',
      parallelism: 2,
      completions: 2,
      backoffLimitPerIndex: 1,
    });
    world.pass(1000);
    const zero = () => active(world).filter((pod) => indexOf(pod) === '0');
    end(world, zero(), 'Failed');
    world.pass(12_000);
    const count = 'batch.kubernetes.io/job-index-failure-count';
    expect(zero()[0]?.metadata.annotations?.[count]).toBe('1');
    end(world, zero(), 'Failed');
    expect(statusOf(world)).toMatchObject({ failedIndexes: '0', failed: 2 });
    end(world, active(world), 'Succeeded');
    expect(conditions(world)).toContain('Failed FailedIndexes');
  });

  it('ends as soon as its success policy is met, and stops the rest', () => {
    const world = controlPlane();
    createJob(world, {
      completionMode: 'Indexed',
      parallelism: 3,
      completions: 3,
      successPolicy: { rules: [{ succeededIndexes: '0' }] },
    });
    world.pass(1000);
    end(
      world,
      active(world).filter((pod) => indexOf(pod) === '0'),
      'Succeeded',
    );
    expect(active(world)).toEqual([]);
    world.pass(3000);
    expect(conditions(world)).toEqual([
      'SuccessCriteriaMet SuccessPolicy',
      'Complete SuccessPolicy',
    ]);
    expect(statusOf(world).conditions?.[0]?.message).toBe('Matched rules at index 0');
  });

  it('fails at once for an exit code that its failure policy names, and ignores another', () => {
    const world = controlPlane();
    createJob(world, {
      backoffLimit: 0,
      podFailurePolicy: {
        rules: [
          { action: 'Ignore', onExitCodes: { operator: 'In', values: [3] } },
          { action: 'FailJob', onExitCodes: { operator: 'In', values: [42] } },
        ],
      },
    });
    world.pass(1000);
    end(world, active(world), 'Failed', 3);
    world.pass(12_000);
    const [again] = active(world);
    expect(statusOf(world).failed).toBeUndefined();
    end(world, active(world), 'Failed', 42);
    expect(conditions(world)).toEqual([
      'FailureTarget PodFailurePolicy',
      'Failed PodFailurePolicy',
    ]);
    expect(statusOf(world).conditions?.[0]?.message).toBe(
      `Container main for pod default/${again?.metadata.name ?? ''} failed with exit code 42 ` +
        'matching FailJob rule at index 1',
    );
  });

  it('ends when it has been active for too long', () => {
    const world = controlPlane();
    createJob(world, { activeDeadlineSeconds: 30 });
    world.settle(5000);
    world.pass(22_000);
    expect(conditions(world)).toEqual([]);
    world.pass(10_000);
    expect(active(world)).toEqual([]);
    expect(conditions(world)).toContain('FailureTarget DeadlineExceeded');
  });

  it('holds its Pods while it is suspended, and starts its clock anew after that', () => {
    const world = controlPlane();
    createJob(world, { suspend: true });
    world.pass(5000);
    expect(active(world)).toEqual([]);
    expect(statusOf(world).startTime).toBeUndefined();
    expect(conditions(world)).toEqual(['Suspended JobSuspended']);
    world.change('jobs', 'sums', (job) => ({ ...job, spec: { ...job.spec, suspend: false } }));
    world.pass(1000);
    expect(active(world)).toHaveLength(1);
    expect(conditions(world)).toEqual(['Suspended JobResumed']);
    expect(statusOf(world).startTime).toBe(rfc3339(5000));
    expect(world.messages('Resumed')).toEqual(['Job resumed']);
  });

  it('lets its Pods go when it is deleted', () => {
    const world = controlPlane();
    createJob(world);
    world.pass(1000);
    const [pod] = active(world);
    world.client.delete('jobs', world.get('jobs', 'sums'), { propagationPolicy: 'Background' });
    world.pass(3000);
    const left = pod && world.client.get('pods', 'default', pod.metadata.name);
    expect(left?.metadata.finalizers ?? []).toEqual([]);
  });
});
