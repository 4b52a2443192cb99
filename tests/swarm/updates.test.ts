import { describe, expect, it } from 'vitest';
import { NGINX, swarmSession } from './swarm-session.ts';

const OLDER = 'nginx:1.28-alpine';

function updates(options: string) {
  const room = swarmSession();
  room.found(1, 2);
  room.must(`docker service create -d --name web --replicas 4 ${options} ${OLDER}`);
  room.pass(15);
  const images = (): Record<string, number> => {
    const format = '{{.Image}}|{{.CurrentState}}';
    const lines = room.must(`docker service ps --format '${format}' web`).split('\n');
    const counts: Record<string, number> = {};
    for (const line of lines) {
      const [image = '', state = ''] = line.split('|');
      if (state.startsWith('Running')) counts[image] = (counts[image] ?? 0) + 1;
    }
    return counts;
  };
  const state = (): string =>
    room.must("docker service inspect web --format '{{.UpdateStatus.State}}'").trim();
  return { ...room, images, state };
}

describe('a rolling update', () => {
  it('replaces one task after the other', () => {
    const { must, images, state, pass } = updates('');
    must(`docker service update -d --image ${NGINX} web`);
    const seen: number[] = [];
    for (let i = 0; i < 60 && images()[NGINX] !== 4; i++) {
      seen.push(Object.values(images()).reduce((sum, count) => sum + count, 0));
      pass(0.5);
    }
    expect(Math.min(...seen)).toBe(3);
    expect(images()).toEqual({ [NGINX]: 4 });
    expect(state()).toBe('updating');
    pass(6);
    expect(state()).toBe('completed');
  });

  it('starts new tasks first, two at a time, and pauses in between', () => {
    const { must, images, pass, state } = updates(
      '--update-parallelism 2 --update-delay 10s --update-order start-first',
    );
    must(`docker service update -d --image ${NGINX} web`);
    const seen: number[] = [];
    for (let i = 0; i < 10; i++) {
      seen.push(Object.values(images()).reduce((sum, count) => sum + count, 0));
      pass(0.5);
    }
    expect(Math.min(...seen)).toBeGreaterThanOrEqual(4);
    expect(images()).toEqual({ [OLDER]: 2, [NGINX]: 2 });
    pass(10);
    expect(images()).toEqual({ [NGINX]: 4 });
    pass(25);
    expect(state()).toBe('completed');
  });

  it('pauses when a new task fails, and leaves the others as they are', () => {
    const { type, images, state, pass } = updates('');
    const printed = type('docker service update --image nginx:none-such web');
    expect(printed).toMatch(
      /service update paused: update paused due to failure or early termination of task \w{25}\n$/,
    );
    expect(state()).toBe('paused');
    expect(images()).toEqual({ [OLDER]: 3 });
    pass(60);
    expect(images()).toEqual({ [OLDER]: 3 });
  });

  it('goes back by itself where it is told to', () => {
    const { must, images, state } = updates('--update-failure-action rollback');
    const printed = must('docker service update --image nginx:none-such web');
    expect(printed).toContain('rollback: update rolled back due to failure or early termination');
    expect(printed).toContain('overall progress: rolling back update: 4 out of 4 tasks');
    expect(state()).toBe('rollback_completed');
    expect(images()).toEqual({ [OLDER]: 4 });
    expect(must('docker service inspect --pretty web')).toContain('Message:\trollback completed');
  });

  it('is taken back by hand', () => {
    const { must, images, state } = updates('');
    must(`docker service update --image ${NGINX} web`);
    expect(images()).toEqual({ [NGINX]: 4 });
    const printed = must('docker service rollback web');
    expect(printed).toContain('rollback: manually requested rollback\n');
    expect(images()).toEqual({ [OLDER]: 4 });
    expect(state()).toBe('rollback_completed');
  });

  it('is given up for a newer one', () => {
    const { must, images, pass } = updates('--update-delay 20s');
    must('docker service update -d --image httpd:2.4-alpine web');
    pass(5);
    must(`docker service update -d --image ${NGINX} --update-delay 0s web`);
    pass(30);
    expect(images()).toEqual({ [NGINX]: 4 });
  });

  it('is none when only the number of replicas or a fitting constraint changes', () => {
    const { must, pass } = updates('');
    const ids = (): string[] => must('docker service ps -q web').trim().split('\n').sort();
    const before = ids();
    must('docker service update -d --constraint-add node.platform.os==linux web');
    pass(10);
    expect(ids()).toEqual(before);
    must('docker service update -d --force web');
    pass(30);
    expect(ids()).toHaveLength(8);
  });

  it('names images by their digest, so that all nodes run the same', () => {
    const { must, type } = updates('');
    const image = (): string =>
      must("docker service inspect web --format '{{.Spec.TaskTemplate.ContainerSpec.Image}}'");
    expect(image()).toMatch(/^nginx:1\.28-alpine@sha256:[0-9a-f]{64}\n$/);
    const printed = type('docker service update -d --image nginx:none-such web');
    expect(printed).toContain(
      'image nginx:none-such could not be accessed on a registry to record\nits digest. ',
    );
    expect(image()).toBe('nginx:none-such\n');
    must(`docker service update -d --no-resolve-image --image ${NGINX} web`);
    expect(image()).toBe(`${NGINX}\n`);
  });

  it('goes on under a new leader', () => {
    const room = swarmSession();
    room.found(3, 1);
    const { must, pass, session } = room;
    must(`docker service create -d --name web --replicas 4 --update-delay 5s ${OLDER}`);
    pass(15);
    must(`docker service update -d --image ${NGINX} web`);
    pass(3);
    const leader = room.rooms.quorum.leaderMachine(room.swarm()) ?? '';
    must(`drydock fault daemon ${leader} stop`);
    pass(3);
    must(`drydock fault daemon ${leader} start`);
    pass(90);
    expect(must('docker service ls')).toMatch(/web +replicated +4\/4 +nginx:1.29-alpine/);
    const { kernel } = session.world;
    const checkpoint = kernel.checkpoint();
    kernel.advance(kernel.now + 30_000);
    const hash = kernel.hash();
    kernel.restore(checkpoint);
    kernel.advance(kernel.now + 30_000);
    expect(kernel.hash()).toBe(hash);
  });
});
