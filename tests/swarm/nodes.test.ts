import { describe, expect, it } from 'vitest';
import { swarmSession } from './swarm-session.ts';

const TIMEOUT =
  'Error response from daemon: Timeout was reached before node joined. The attempt to join the ' +
  'swarm will continue in the background. Use the "docker info" command to see the current swarm ' +
  'status of your node.\n';

describe('a machine that joins', () => {
  it('needs a token that is one, of this swarm, and not of yesterday', () => {
    const { found, type, must } = swarmSession();
    found(1, 0);
    const join = (token: string): string =>
      type(`ssh node-2 docker swarm join --token ${token} 192.168.10.11:2377`);
    expect(join('SWMTKN-1-nonsense')).toBe('Error response from daemon: invalid join token\n');
    const old = must('docker swarm join-token -q worker').trim();
    const rotated = must('docker swarm join-token --rotate worker');
    expect(rotated).toMatch(/^Successfully rotated worker join token\.\n\nTo add a worker/);
    expect(rotated).not.toContain(old);
    expect(join(old)).toBe(
      'Error response from daemon: rpc error: code = InvalidArgument desc = A valid join token is ' +
        'necessary to join this cluster\n',
    );
    const fresh = must('docker swarm join-token -q worker').trim();
    expect(join(fresh)).toBe('This node joined a swarm as a worker.\n');
    expect(join(fresh)).toContain('This node is already part of a swarm.');
  });

  it('is told when nobody listens, and when nobody answers', () => {
    const { found, type, must, pass, nodes } = swarmSession();
    found(1, 0);
    const token = must('docker swarm join-token -q worker').trim();
    expect(type(`ssh node-2 docker swarm join --token ${token} 192.168.10.13:2377`)).toBe(
      'Error response from daemon: rpc error: code = Unavailable desc = connection error: desc = ' +
        '"transport: Error while dialing: dial tcp 192.168.10.13:2377: connect: connection ' +
        'refused"\n',
    );
    const before = Object.keys(nodes());
    expect(type(`ssh node-2 docker swarm join --token ${token} 192.168.10.99:2377`)).toBe(TIMEOUT);
    expect(must('ssh node-2 docker info')).toContain('Swarm: pending');
    expect(must('ssh node-2 docker swarm leave')).toBe('Node left the swarm.\n');
    pass(30);
    expect(Object.keys(nodes())).toEqual(before);
  });

  it('goes on trying in the background', () => {
    const { found, type, must, pass, nodes } = swarmSession();
    found(3, 0);
    const token = must('docker swarm join-token -q worker').trim();
    must('drydock fault machine node-2 down');
    pass(20);
    expect(type(`ssh node-4 docker swarm join --token ${token} 192.168.10.12:2377`)).toBe(TIMEOUT);
    must('drydock fault machine node-2 up');
    pass(30);
    expect(nodes()['node-4']).toEqual({ status: 'Ready', availability: 'Active', manager: '' });
  });
});

describe('a node', () => {
  it('that is silent for fifteen seconds is down, and ready when it is heard again', () => {
    const { found, must, pass, nodes } = swarmSession();
    found(1, 2);
    must('drydock fault machine node-3 down');
    pass(9);
    expect(nodes()['node-3']?.status).toBe('Ready');
    pass(6);
    expect(nodes()['node-3']?.status).toBe('Down');
    const message = "'{{.Status.State}}: {{.Status.Message}}'";
    expect(must(`docker node inspect node-3 -f ${message}`)).toBe('down: heartbeat failure\n');
    must('drydock fault machine node-3 up');
    pass(10);
    expect(nodes()['node-3']?.status).toBe('Ready');
  });

  it('that is cut off runs its tasks on, and stops what was taken from it when it is back', () => {
    const { found, must, pass, nodes, assign, desire, task, session } = swarmSession();
    found(1, 2);
    const id = assign('node-3');
    pass(20);
    must('drydock fault link node-1 node-3 cut');
    pass(20);
    expect(nodes()['node-3']?.status).toBe('Down');
    expect(task(id)?.status.state).toBe('running');
    desire(id, 'shutdown');
    pass(10);
    const running = session.world
      .look<{ State: string }[]>('node-3', '/containers/json')
      .map(({ State }) => State);
    expect(running).toEqual(['running']);
    must('drydock fault link node-1 node-3 mend');
    pass(15);
    expect(nodes()['node-3']?.status).toBe('Ready');
    expect(task(id)?.status.state).toBe('shutdown');
  });

  it('that is silent loses its tasks to others, and has none of them when it is back', () => {
    const { found, must, pass, serve, wanted, nodeId, containers } = swarmSession();
    found(1, 2);
    const web = serve('web', { replicas: 3 });
    pass(15);
    const places = (): string[] => wanted(web).map(({ node }) => node);
    expect(new Set(places())).toEqual(new Set(['node-1', 'node-2', 'node-3'].map(nodeId)));
    must('drydock fault machine node-3 down');
    pass(9);
    expect(places()).toContain(nodeId('node-3'));
    pass(12);
    expect(places()).not.toContain(nodeId('node-3'));
    expect(wanted(web).map(({ status }) => status.state)).toEqual(Array(3).fill('running'));
    must('drydock fault machine node-3 up');
    pass(30);
    expect(places()).not.toContain(nodeId('node-3'));
    expect(containers('node-3').filter((line) => line.includes(' Up '))).toEqual([]);
    must('docker node update --availability drain node-2');
    pass(15);
    expect(new Set(places())).toEqual(new Set([nodeId('node-1'), nodeId('node-3')]));
  });

  it('is removed when it is down, or by force; a manager has to be demoted first', () => {
    const { found, type, must, pass, nodes, assign, task } = swarmSession();
    found(2, 2);
    const id = assign('node-4');
    pass(20);
    expect(type('docker node rm node-4')).toMatch(
      /^Error response from daemon: rpc error: code = FailedPrecondition desc = node \w{25} is not down and can't be removed\n$/,
    );
    expect(type('docker node rm -f node-2')).toMatch(
      /desc = node \w{25} is a cluster manager and is a member of the raft cluster\. It must be demoted to worker before removal\n$/,
    );
    must('docker node rm --force node-4');
    expect(Object.keys(nodes())).toEqual(['node-1', 'node-2', 'node-3']);
    expect(task(id)?.status).toMatchObject({
      ...{ state: 'orphaned', message: 'Task belonged to a node that has been deleted' },
    });
    expect(must('ssh node-3 docker swarm leave')).toBe('Node left the swarm.\n');
    pass(15);
    expect(must('docker node rm node-3')).toBe('node-3\n');
  });

  it('that leaves takes the containers of its tasks with it', () => {
    const { found, must, pass, assign, containers } = swarmSession();
    found(1, 1);
    assign('node-2');
    must('ssh node-2 docker run -d --name own alpine:3.22 sleep 1d');
    pass(20);
    expect(containers('node-2')).toHaveLength(2);
    must('ssh node-2 docker swarm leave');
    expect(containers('node-2')).toEqual([expect.stringMatching(/^own Up/)]);
  });

  it('has labels and an availability, and none but those that there are', () => {
    const { found, type, must } = swarmSession();
    found(1, 1);
    must('docker node update --label-add zone=a --label-add ssd node-2');
    must('docker node update --label-rm ssd --availability pause node-2');
    expect(must("docker node inspect node-2 -f '{{json .Spec}}'")).toBe(
      '{"Labels":{"zone":"a"},"Role":"worker","Availability":"pause"}\n',
    );
    expect(type('docker node update --label-rm ssd node-2')).toBe(
      "key ssd doesn't exist in node's labels\n",
    );
    expect(type('docker node update --availability gone node-2')).toBe(
      'Error response from daemon: invalid Availability: "gone"\n',
    );
    expect(type('docker node update --role boss node-2')).toBe(
      'Error response from daemon: invalid Role: "boss"\n',
    );
    expect(type('docker node inspect node-7')).toBe(
      '[]\nError response from daemon: node node-7 not found\n',
    );
    expect(must('docker node ls -q --filter role=manager').trim()).toMatch(/^\w{25}$/);
    expect(must('docker node ls -q --filter node.label=zone=b')).toBe('');
  });
});

describe('autolock', () => {
  it('keeps a manager out that was stopped, until it is given the key', () => {
    const { found, type, must, pass, nodes } = swarmSession();
    found(3, 0);
    const printed = must('docker swarm update --autolock=true');
    const key = /SWMKEY-1-\S{43}/.exec(printed)?.[0] ?? '';
    expect(printed).toMatch(/^Swarm updated\.\nTo unlock a swarm manager after it restarts, run/);
    expect(must('docker swarm unlock-key -q').trim()).toBe(key);
    must('drydock fault daemon node-2 stop');
    pass(2);
    must('drydock fault daemon node-2 start');
    pass(5);
    expect(type('ssh node-2 docker node ls')).toContain('Swarm is encrypted and needs to be unl');
    expect(must('ssh node-2 docker info')).toContain('Swarm: locked');
    expect(nodes()['node-2']?.manager).toBe('Unreachable');
    const wrong = key.replace(/.$/, (last) => (last === 'a' ? 'b' : 'a'));
    expect(type(`echo ${wrong} | ssh node-2 docker swarm unlock`)).toBe(
      'Error response from daemon: swarm could not be unlocked: invalid key provided\n',
    );
    must(`echo ${key} | ssh node-2 docker swarm unlock`);
    pass(15);
    expect(nodes()['node-2']).toMatchObject({ status: 'Ready', manager: 'Reachable' });
    expect(type('docker swarm unlock')).toBe('error: swarm is not locked\n');
    must('docker swarm update --autolock=false');
    expect(type('docker swarm unlock-key')).toBe('no unlock key is set\n');
  });
});

it('a manager tells of nodes in its events, and finds them by docker inspect', () => {
  const { found, must, type } = swarmSession();
  found(1, 1);
  must('docker node update --availability drain node-2');
  const events = must('timeout 1s docker events --since 1h --filter type=node || true');
  expect(events).toContain('(availability.new=drain, availability.old=active, name=node-2)');
  expect(events).toContain('name=node-2, state.new=ready, state.old=unknown');
  expect(must("docker inspect node-2 -f '{{.Spec.Availability}}'")).toBe('drain\n');
  expect(type('ssh node-2 docker inspect node-2')).toBe('[]\nerror: no such object: node-2\n');
});
