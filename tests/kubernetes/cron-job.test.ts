import { describe, expect, it } from 'vitest';
import { findCondition } from '../../src/engine/kubernetes/apimachinery/object.ts';
import { isPodActive } from '../../src/engine/kubernetes/api/pod.ts';
import type { CronJobSpec } from '../../src/engine/kubernetes/api/batch.ts';
import { EPOCH_UNIX_MS, MINUTE } from '../../src/engine/sim/clock.ts';
import { controlPlane } from './control-plane.ts';

type World = ReturnType<typeof controlPlane>;

/** The virtual day begins at midnight; a Job is named by the minutes since 1970. */
const named = (minute: number): string => `sums-${EPOCH_UNIX_MS / MINUTE + minute}`;

function createCronJob({ create }: World, spec: Partial<CronJobSpec> = {}): void {
  create('cronjobs', {
    apiVersion: 'batch/v1',
    kind: 'CronJob',
    metadata: { name: 'sums' },
    spec: {
      schedule: '*/5 * * * *',
      jobTemplate: {
        spec: {
          template: {
            spec: { restartPolicy: 'Never', containers: [{ name: 'main', image: 'sums' }] },
          },
        },
      },
      ...spec,
    },
  });
}

const jobs = ({ list }: World): string[] => list('jobs').map(({ metadata }) => metadata.name);
const statusOf = (world: World) => world.get('cronjobs', 'sums').status;

/** Ends every Pod there is, well. */
function finishPods(world: World): void {
  for (const pod of world.list('pods').filter(isPodActive)) world.report(pod, 'Succeeded');
  world.pass(3000);
}

describe('a cron job', () => {
  it('starts a job at each time, named by it', () => {
    const world = controlPlane();
    createCronJob(world);
    world.pass(5 * MINUTE - 1);
    expect(jobs(world)).toEqual([]);
    world.pass(1000);
    expect(jobs(world)).toEqual([named(5)]);
    const { metadata } = world.get('jobs', named(5));
    expect(metadata.annotations).toEqual({
      'batch.kubernetes.io/cronjob-scheduled-timestamp': '2026-01-05T00:05:00Z',
    });
    expect(statusOf(world)).toMatchObject({
      active: [{ name: named(5) }],
      lastScheduleTime: '2026-01-05T00:05:00Z',
    });
    finishPods(world);
    expect(statusOf(world).active).toBeUndefined();
    expect(world.messages('SawCompletedJob')).toEqual([
      `Saw completed job: ${named(5)}, status: Complete`,
    ]);
    world.pass(5 * MINUTE);
    expect(jobs(world)).toEqual([named(5), named(10)]);
  });

  it('lets jobs run side by side, holds the next back, or replaces the one before', () => {
    const side = controlPlane();
    createCronJob(side);
    side.pass(11 * MINUTE);
    expect(jobs(side)).toEqual([named(5), named(10)]);
    const held = controlPlane();
    createCronJob(held, { concurrencyPolicy: 'Forbid' });
    held.pass(11 * MINUTE);
    expect(jobs(held)).toEqual([named(5)]);
    expect(held.messages('JobAlreadyActive')).toEqual([
      'Not starting job because prior execution is running and concurrency policy is Forbid',
    ]);
    const replaced = controlPlane();
    createCronJob(replaced, { concurrencyPolicy: 'Replace' });
    replaced.pass(11 * MINUTE);
    expect(jobs(replaced)).toEqual([named(10)]);
    expect(replaced.messages('SuccessfulDelete')).toContain(`Deleted job ${named(5)}`);
  });

  it('keeps the last three jobs that went well', () => {
    const world = controlPlane();
    createCronJob(world);
    for (let i = 0; i < 5; i++) {
      world.pass(5 * MINUTE);
      finishPods(world);
    }
    const done = world
      .list('jobs')
      .filter(({ status }) => findCondition(status.conditions, 'Complete'));
    expect(done).toHaveLength(3);
    expect(statusOf(world).lastSuccessfulTime).toBeDefined();
  });

  it('starts nothing while it is suspended, and once for all it has missed after that', () => {
    const world = controlPlane();
    createCronJob(world, { suspend: true });
    world.pass(21 * MINUTE);
    expect(jobs(world)).toEqual([]);
    world.change('cronjobs', 'sums', (cron) => ({
      ...cron,
      spec: { ...cron.spec, suspend: false },
    }));
    world.pass(1000);
    expect(jobs(world)).toEqual([named(20)]);
  });

  it('lets a start go that is too late', () => {
    const world = controlPlane();
    createCronJob(world, { suspend: true, startingDeadlineSeconds: 30 });
    world.pass(21 * MINUTE);
    world.change('cronjobs', 'sums', (cron) => ({
      ...cron,
      spec: { ...cron.spec, suspend: false },
    }));
    world.pass(1000);
    expect(jobs(world)).toEqual([]);
    world.pass(5 * MINUTE);
    expect(jobs(world)).toEqual([named(25)]);
  });

  it('warns of more than a hundred missed starts, and starts the last', () => {
    const world = controlPlane();
    createCronJob(world, { suspend: true, schedule: '* * * * *' });
    world.pass(150 * MINUTE + 30_000);
    world.change('cronjobs', 'sums', (cron) => ({
      ...cron,
      spec: { ...cron.spec, suspend: false },
    }));
    world.pass(1000);
    expect(jobs(world)).toEqual([named(150)]);
    expect(world.messages('TooManyMissedTimes')).toEqual([
      'too many missed start times. Set or decrease .spec.startingDeadlineSeconds or check clock skew',
    ]);
  });
});
