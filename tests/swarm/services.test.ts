import { describe, expect, it } from 'vitest';
import { NGINX, swarmSession } from './swarm-session.ts';

/** A row of `docker service ps`. */
interface TaskLine {
  readonly name: string;
  readonly node: string;
  readonly desired: string;
  readonly state: string;
  readonly error: string;
  readonly image: string;
}

function services(workers = 2) {
  const room = swarmSession();
  room.found(1, workers);
  const ps = (service: string): TaskLine[] => {
    const fields = ['Name', 'Node', 'DesiredState', 'CurrentState', 'Error', 'Image'];
    const format = fields.map((field) => `{{.${field}}}`).join('|');
    const printed = room.must(`docker service ps --no-trunc --format '${format}' ${service}`);
    return printed
      .split('\n')
      .filter((line) => line !== '')
      .map((line) => {
        const [name = '', node = '', desired = '', state = '', error = '', image = ''] =
          line.split('|');
        return { name, node, desired, state, error, image };
      });
  };
  const running = (service: string): TaskLine[] =>
    ps(service).filter(({ state }) => state.startsWith('Running'));
  const nodesOf = (service: string): string[] => running(service).map(({ node }) => node);
  const create = (options: string, image = NGINX): string =>
    room.must(`docker service create ${options} ${image}`);
  return { ...room, ps, running, nodesOf, create };
}

describe('a replicated service', () => {
  it('runs on all nodes, and says so when it does', () => {
    const { create, nodesOf, must } = services();
    const printed = create('--name web --replicas 3');
    expect(printed).toContain('overall progress: 3 out of 3 tasks\n');
    expect(printed).toMatch(/verify: Service [0-9a-z]{25} converged\n$/);
    expect(nodesOf('web').sort()).toEqual(['node-1', 'node-2', 'node-3']);
    expect(must('docker service ls')).toMatch(/web +replicated +3\/3/);
  });

  it('is scaled up and down, and stays even', () => {
    const { create, must, ps, nodesOf, pass } = services();
    create('-d --name web --replicas 2');
    pass(10);
    const printed = must('docker service scale web=6');
    expect(printed).toContain('web scaled to 6\n');
    expect(printed).toContain('verify: Service web converged');
    expect(nodesOf('web').sort()).toEqual([
      'node-1',
      'node-1',
      'node-2',
      'node-2',
      'node-3',
      'node-3',
    ]);
    must('docker service scale web=3');
    expect(nodesOf('web').sort()).toEqual(['node-1', 'node-2', 'node-3']);
    expect(ps('web').map(({ name }) => name)).toEqual(['web.1', 'web.2', 'web.3']);
  });

  it('moves away from a node that is drained, and stays away from one that is paused', () => {
    const { create, must, nodesOf, pass } = services();
    create('-d --name web --replicas 6');
    pass(10);
    must('docker node update --availability drain node-2');
    pass(10);
    expect(nodesOf('web')).toHaveLength(6);
    expect(nodesOf('web')).not.toContain('node-2');
    must('docker node update --availability active node-2');
    must('docker node update --availability pause node-3');
    must('docker service scale -d web=9');
    pass(10);
    const count = (node: string): number => nodesOf('web').filter((one) => one === node).length;
    expect([count('node-1'), count('node-2'), count('node-3')]).toEqual([3, 3, 3]);
  });

  it('runs elsewhere when a node is silent for 15 seconds', () => {
    const { create, must, nodes, nodesOf, pass } = services();
    create('-d --name web --replicas 3');
    pass(10);
    must('drydock fault machine node-2 down');
    pass(8);
    expect(nodes()['node-2']?.status).toBe('Ready');
    expect(nodesOf('web')).toContain('node-2');
    pass(9);
    expect(nodes()['node-2']?.status).toBe('Down');
    pass(10);
    const states = nodesOf('web');
    expect(states.filter((node) => node !== 'node-2')).toHaveLength(3);
  });

  it('waits for a node, and says why there is none', () => {
    const { create, must, ps, pass } = services();
    create('-d --name web --constraint node.labels.disk==ssd');
    pass(2);
    expect(ps('web')).toMatchObject([
      {
        state: expect.stringContaining('Pending') as string,
        error: '"no suitable node (scheduling constraints not satisfied on 3 nodes)"',
      },
    ]);
    must('docker node update --label-add disk=ssd node-3');
    pass(10);
    expect(ps('web')).toMatchObject([
      { node: 'node-3', state: expect.stringMatching('Running') as string },
    ]);
    must('docker node update --label-rm disk node-3');
    pass(10);
    const [fresh, old] = ps('web');
    expect(fresh?.error).toContain('no suitable node');
    expect(old).toMatchObject({
      ...{ node: 'node-3', error: '"assigned node no longer meets constraints"' },
    });
  });

  it('has ports of nodes for itself', () => {
    const { create, ps, nodesOf, pass } = services();
    const port = 'published=8080,target=80,mode=host';
    create(`-d --name web --replicas 4 --publish ${port}`);
    pass(10);
    expect(nodesOf('web').sort()).toEqual(['node-1', 'node-2', 'node-3']);
    expect(ps('web').find(({ node }) => node === '')?.error).toBe(
      '"no suitable node (host-mode port already in use on 3 nodes)"',
    );
  });

  it('has the resources that it reserves', () => {
    const { create, ps, pass } = services(0);
    create('-d --name large --reserve-memory 1000g');
    pass(2);
    expect(ps('large')[0]?.error).toBe('"no suitable node (insufficient resources on 1 node)"');
  });
});

describe('a task that fails', () => {
  it('is replaced after five seconds, as often as its policy allows', () => {
    const { create, ps, pass, session } = services(0);
    create('-d --name bad --restart-max-attempts 2', 'alpine:3.22 sh -c "exit 3"');
    pass(40);
    const tasks = ps('bad');
    expect(tasks).toHaveLength(3);
    for (const { state, error, desired } of tasks) {
      expect(state).toContain('Failed');
      expect([desired, error]).toEqual(['Shutdown', '"task: non-zero exit (3)"']);
    }
    const starts = [...session.world.kernel.trace.since(0)].filter(
      ({ actor, verb, object }) =>
        actor === 'agent/node-1' && verb === 'starting' && object.startsWith('task bad.'),
    );
    const gaps = starts.slice(1).map(({ timeMs }, i) => timeMs - starts[i]!.timeMs);
    expect(gaps).toHaveLength(2);
    for (const gap of gaps) {
      expect(gap).toBeGreaterThanOrEqual(5000);
      expect(gap).toBeLessThan(7000);
    }
  });

  it('is not replaced when it ended well and only failures count', () => {
    const { create, ps, pass } = services(0);
    create('-d --name once --restart-condition on-failure', 'alpine:3.22 sleep 1');
    pass(30);
    expect(ps('once')).toMatchObject([
      { desired: 'Shutdown', state: expect.stringContaining('Complete') as string },
    ]);
  });
});

describe('a global service', () => {
  it('runs once on each node, also on one that joins later', () => {
    const { create, must, nodesOf, pass } = services(2);
    create('-d --name agent --mode global', 'alpine:3.22 sleep 1d');
    pass(10);
    expect(nodesOf('agent').sort()).toEqual(['node-1', 'node-2', 'node-3']);
    const token = must('docker swarm join-token -q worker').trim();
    must(`ssh node-4 docker swarm join --token ${token} 192.168.10.11:2377`);
    pass(10);
    expect(nodesOf('agent').sort()).toEqual(['node-1', 'node-2', 'node-3', 'node-4']);
    must('docker node update --availability drain node-2');
    // Its process does not end by SIGTERM, and is killed ten seconds later.
    pass(12);
    expect(nodesOf('agent').sort()).toEqual(['node-1', 'node-3', 'node-4']);
  });
});

describe('a job', () => {
  it('ends when so many tasks have ended well, two at a time', () => {
    const { must, ps } = services();
    const printed = must(
      'docker service create --name job --mode replicated-job --replicas 5 --max-concurrent 2 ' +
        'alpine:3.22 sleep 3',
    );
    expect(printed).toMatch(/job complete\n$/);
    expect(ps('job')).toHaveLength(5);
    for (const { state } of ps('job')) expect(state).toContain('Complete');
    expect(must('docker service ls')).toContain('(5/5 completed)');
  });

  it.each([
    // Tasks of an earlier run are kept when they ended.
    { mode: 'replicated-job --replicas 2', kept: 4 },
    // On nodes they are removed, however they ended.
    { mode: 'global-job', kept: 2 },
  ])('runs again when it is updated: $mode', ({ mode, kept }) => {
    const { must, create, pass, ps } = services(1);
    create(`-d --name job --mode ${mode}`, 'alpine:3.22 sleep 1');
    pass(10);
    expect(ps('job')).toHaveLength(2);
    must('docker service update --detach --force job');
    pass(10);
    expect(ps('job').filter(({ state }) => state.startsWith('Complete'))).toHaveLength(kept);
    expect(must('docker service ls')).toContain('(2/2 completed)');
  });

  it('is given up when it may not be tried again, each time after the delay', () => {
    const { create, pass, ps } = services(0);
    const policy = '--restart-max-attempts 2 --restart-delay 10s';
    create(`-d --name job --mode replicated-job ${policy}`, 'alpine:3.22 false');
    pass(8);
    expect(ps('job')).toHaveLength(2);
    pass(120);
    expect(ps('job').map(({ desired }) => desired)).toEqual(Array(3).fill('Shutdown'));
  });

  it('of nodes knows no last attempt', () => {
    const { create, pass, ps } = services(0);
    create(
      '-d --name job --mode global-job --restart-max-attempts 1 --restart-delay 5s',
      'alpine:3.22 false',
    );
    pass(60);
    expect(ps('job').length).toBeGreaterThan(5);
  });
});

it('is gone with all its tasks when it is removed', () => {
  const { create, must, type, pass, containers } = services();
  create('-d --name web --replicas 3');
  pass(10);
  expect(must('docker service rm web')).toBe('web\n');
  pass(10);
  expect(type('docker service ps web')).toBe('no such service: web\n');
  expect(['node-1', 'node-2', 'node-3'].flatMap(containers)).toEqual([]);
});

it('prints the logs of all tasks, each with whose they are', () => {
  const { create, must, pass } = services(1);
  create('-d --name talk --replicas 2', "alpine:3.22 sh -c 'echo hello; sleep 1d'");
  pass(10);
  const lines = must('docker service logs talk').trim().split('\n').sort();
  expect(lines).toEqual([
    expect.stringMatching(/^talk\.1\.[0-9a-z]{12}@node-[12] {4}\| hello$/),
    expect.stringMatching(/^talk\.2\.[0-9a-z]{12}@node-[12] {4}\| hello$/),
  ]);
});
