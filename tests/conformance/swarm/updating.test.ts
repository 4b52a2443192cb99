import { describe, expect, it } from 'vitest';
import type { UpdateConfig } from '../../../src/engine/swarm/api.ts';
import type { TaskObject } from '../../../src/engine/swarm/objects.ts';
import { orchestra, TEMPLATE } from '../swarm-orchestra.ts';

const POLICY = { Condition: 'none' } as const;

const template = (Image: string) => ({
  ...TEMPLATE,
  RestartPolicy: POLICY,
  ContainerSpec: { Image },
});

/** A service of `v:1` that runs, and how it is updated. */
function updating(replicas: number, UpdateConfig: UpdateConfig, RollbackConfig?: UpdateConfig) {
  const room = orchestra();
  room.cluster(50);
  for (const id of ['node-1', 'node-2', 'node-3']) room.node(id);
  room.service({
    TaskTemplate: template('v:1'),
    Mode: { Replicated: { Replicas: replicas } },
    UpdateConfig,
    ...(RollbackConfig && { RollbackConfig }),
  });
  room.settle();
  const states: string[] = [];
  const to = (Image: string, more = {}): void =>
    room.respec((spec) => ({ ...spec, ...more, TaskTemplate: template(Image) }));
  /** Lets it go on, with tasks that fail where that is said. */
  const run = (fails: (task: TaskObject) => boolean, rounds = 150): void => {
    for (let i = 0; i < rounds; i++) {
      room.settle(1, (task) => (fails(task) ? 'failed' : 'running'));
      const state = room.getService().update?.state ?? '';
      if (state !== '' && states.at(-1) !== state) states.push(state);
    }
  };
  const image = (task: TaskObject): string => task.spec.ContainerSpec.Image;
  const made = (Image: string): TaskObject[] => room.tasks().filter((t) => image(t) === Image);
  const slotsOf = (Image: string): number => {
    const newest = new Map(room.tasks().map((task) => [task.slot, task]));
    return [...newest.values()].filter((task) => image(task) === Image).length;
  };
  return { ...room, states, to, run, made, slotsOf, image };
}

const config = (more: Partial<UpdateConfig> = {}): UpdateConfig => ({
  ...{ Parallelism: 1, FailureAction: 'pause', Monitor: 5e9, MaxFailureRatio: 0 },
  ...more,
});

describe('an update whose tasks fail', () => {
  const room = updating(3, config());

  it('update-pause', () => {
    room.to('v:2');
    room.run((task) => room.image(task) === 'v:2');
    expect([room.slotsOf('v:1'), room.slotsOf('v:2')]).toEqual([2, 1]);
    expect(room.getService().update?.state).toBe('paused');
  });

  it('update-pause-again', () => {
    room.run((task) => room.image(task) === 'v:2');
    expect([room.slotsOf('v:1'), room.slotsOf('v:2')]).toEqual([2, 1]);
  });

  it('update-continue', () => {
    room.to('v:3', { UpdateConfig: config({ FailureAction: 'continue' }) });
    room.run((task) => room.image(task) === 'v:3');
    expect([room.slotsOf('v:2'), room.slotsOf('v:3')]).toEqual([0, 3]);
  });
});

it('update-start-first', () => {
  const n = 3;
  const { to, settle, pass, tasks, report, store, swarm, image } = updating(
    n,
    config({ Parallelism: 0, Order: 'start-first' }),
  );
  to('v:2');
  // The old ones take an hour to stop: nobody reports that they have.
  for (let i = 0; i < 20; i++) {
    pass(0.2);
    for (const task of store.list(swarm, 'task')) {
      if (image(task) === 'v:2' && task.status.state === 'assigned' && task.desired === 'running') {
        report(task, 'running');
      }
    }
  }
  expect(tasks()).toHaveLength(2 * n);
  const desired = (Image: string): string[] => [
    ...new Set(
      tasks()
        .filter((task) => image(task) === Image)
        .map((task) => task.desired),
    ),
  ];
  expect([desired('v:1'), desired('v:2')]).toEqual([['shutdown'], ['running']]);
  settle(1);
});

describe('a rollback', () => {
  const half = { Delay: 1e7, MaxFailureRatio: 0.4 };

  /** Of the tasks that an update makes, every other one fails; and those of a rollback, if asked. */
  const back = (rollback: UpdateConfig, failsBack: boolean) => {
    const room = updating(4, config({ FailureAction: 'rollback', ...half }), rollback);
    const before = new Set(room.tasks().map(({ id }) => id));
    let hasFailed = false;
    room.to('v:2');
    room.run((task) => {
      if (room.image(task) === 'v:1') return failsBack && !before.has(task.id);
      hasFailed = !hasFailed;
      return hasFailed;
    }, 200);
    return room;
  };

  it('update-rollback', () => {
    const room = back(config(half), false);
    expect(room.made('v:2')).toHaveLength(3);
    expect(room.states).toEqual(['updating', 'rollback_started', 'rollback_completed']);
    expect(room.slotsOf('v:1')).toBe(4);
  });

  it('update-rollback-fails-pause', () => {
    const room = back(config(half), true);
    expect(room.getService().update?.state).toBe('rollback_paused');
  });

  it('update-rollback-fails-continue', () => {
    const room = back(config({ ...half, FailureAction: 'continue' }), true);
    expect(room.getService().update?.state).toBe('rollback_completed');
  });
});

it('update-monitor', () => {
  const late = updating(3, config({ Monitor: 1e9 }));
  late.to('v:2');
  late.settle(4);
  const [first] = late.made('v:2');
  late.pass(2);
  late.report(first!, 'failed');
  late.run(() => false);
  expect(late.getService().update?.state).toBe('completed');

  const delayed = updating(1, config({ Monitor: 1e9, Delay: 3e9 }));
  delayed.to('v:2');
  delayed.settle(4);
  const begun = delayed.kernel.now;
  while (delayed.getService().update?.state === 'updating') delayed.pass(0.1);
  // The delay after the slot, and one second more than it to watch.
  expect(delayed.kernel.now - begun).toBeGreaterThan(6000);

  const all = updating(4, config({ Parallelism: 0 }));
  all.to('v:2');
  all.pass(0.1);
  expect(all.made('v:2')).toHaveLength(4);
});

it('update-messages', () => {
  const failing = (update: UpdateConfig) => {
    const room = updating(4, { ...update, MaxFailureRatio: 0.4 }, config());
    const before = new Set(room.tasks().map(({ id }) => id));
    let hasFailed = false;
    room.to('v:2');
    room.run((task) => {
      if (room.image(task) === 'v:1') return !before.has(task.id);
      hasFailed = !hasFailed;
      return hasFailed;
    });
    const said = room.kernel.trace.of('service service-1').map((record) => record.message ?? '');
    return said.map((text) => text.replace(/task [0-9a-z]{25}$/, 'task ID'));
  };
  const reason = 'due to failure or early termination of task ID';
  expect(failing(config()).at(-1)).toBe(`update paused ${reason}`);
  const both = failing(config({ FailureAction: 'rollback' }));
  expect(both).toContain(`update rolled back ${reason}`);
  expect(both.at(-1)).toBe(`rollback paused ${reason}`);
});
