import { describe, expect, it } from 'vitest';
import { swarmSession } from './swarm-session.ts';

const NO_LEADER =
  'Error response from daemon: rpc error: code = Unknown desc = The swarm does not have a leader. ' +
  "It's possible that too few managers are online. Make sure more than half of the managers are " +
  'online.\n';

const leaderOf = (nodes: ReturnType<ReturnType<typeof swarmSession>['nodes']>): string =>
  Object.keys(nodes).find((name) => nodes[name]?.manager === 'Leader') ?? '';

describe('three managers', () => {
  it('go on when one is lost, even the leader', () => {
    const { found, must, pass, nodes } = swarmSession();
    found(3, 1);
    expect(leaderOf(nodes())).toBe('node-1');
    must('drydock fault machine node-1 down');
    pass(25);
    const seen = nodes('node-2');
    expect(['node-2', 'node-3']).toContain(leaderOf(seen));
    expect(seen['node-1']?.manager).toBe('Unreachable');
    must('ssh node-2 docker node update --availability pause node-4');
    expect(nodes('node-3')['node-4']?.availability).toBe('Pause');
    pass(20);
    expect(nodes('node-2')['node-1']?.status).toBe('Down');
    expect(nodes('node-2')['node-4']?.status).toBe('Ready');
  });

  it('change nothing when two are lost; tasks run on; one that returns brings the swarm back', () => {
    const { found, must, type, pass, nodes, serve, wanted, containers } = swarmSession();
    found(3, 1);
    const id = serve('web', { machine: 'node-4' });
    pass(20);
    must('drydock fault machine node-2 down');
    must('drydock fault machine node-3 down');
    pass(1);
    expect(type('docker node ls')).toBe(NO_LEADER);
    expect(type('docker node update --availability drain node-4')).toBe(NO_LEADER);
    expect(type('docker info 2>&1')).toContain('Error: rpc error: code = Unknown desc = The swarm');
    pass(60);
    expect(type('docker node ls')).toBe(NO_LEADER);
    expect(containers('node-4')).toEqual([expect.stringMatching(/Up/)]);
    must('drydock fault machine node-3 up');
    pass(40);
    expect(leaderOf(nodes())).not.toBe('');
    expect(wanted(id).map(({ status }) => status.state)).toEqual(['running']);
    must('docker node update --availability drain node-4');
    expect(nodes()['node-4']).toMatchObject({ availability: 'Drain', status: 'Ready' });
    pass(40);
    expect(nodes()['node-2']?.status).toBe('Down');
  });

  it('keep the quorum on the side of a cut that has more of them', () => {
    const { found, must, type, pass, nodes } = swarmSession();
    found(3, 0);
    must('drydock fault link node-1 node-2 cut');
    must('drydock fault link node-1 node-3 cut');
    pass(30);
    expect(type('docker node ls')).toBe(NO_LEADER);
    const leader = leaderOf(nodes('node-2'));
    expect(['node-2', 'node-3']).toContain(leader);
    must('drydock fault link node-1 node-2 mend');
    must('drydock fault link node-1 node-3 mend');
    pass(30);
    expect(leaderOf(nodes())).toBe(leader);
    expect(Object.values(nodes()).map(({ status }) => status)).toEqual(['Ready', 'Ready', 'Ready']);
  });
});

it('a leader who finds its quorum again says what it could not say meanwhile', () => {
  const { found, must, pass, nodes } = swarmSession();
  found(3, 1);
  must('drydock fault machine node-4 down');
  pass(8);
  must('drydock fault link node-1 node-2 cut');
  must('drydock fault link node-1 node-3 cut');
  must('drydock fault link node-2 node-3 cut');
  pass(8);
  for (const pair of ['node-1 node-2', 'node-1 node-3', 'node-2 node-3']) {
    must(`drydock fault link ${pair} mend`);
  }
  pass(1);
  expect(nodes()['node-1']?.manager).toBe('Leader');
  expect(nodes()['node-4']?.status).toBe('Down');
});

it('five managers go on when two are lost', () => {
  const { found, must, pass, nodes } = swarmSession();
  found(5, 0);
  must('drydock fault machine node-4 down');
  must('drydock fault machine node-5 down');
  pass(20);
  must('docker node update --label-add kept=true node-2');
  expect(nodes()['node-4']).toEqual({
    ...{ status: 'Down', availability: 'Active', manager: 'Unreachable' },
  });
  must('drydock fault machine node-4 up');
  pass(15);
  expect(nodes()['node-4']).toMatchObject({ status: 'Ready', manager: 'Reachable' });
});

describe('a manager', () => {
  it('is made of a worker and made one again', () => {
    const { found, type, must, pass, nodes } = swarmSession();
    found(1, 2);
    expect(must('docker node promote node-2 node-3')).toBe(
      'Node node-2 promoted to a manager in the swarm.\n' +
        'Node node-3 promoted to a manager in the swarm.\n',
    );
    pass(3);
    expect(nodes('node-3')['node-2']?.manager).toBe('Reachable');
    expect(must('docker node promote node-2')).toMatch(/^Node \w{25} is already a manager\.\n$/);
    must('docker node demote node-3');
    pass(3);
    expect(nodes()['node-3']?.manager).toBe('');
    expect(type('ssh node-3 docker node ls')).toContain("Worker nodes can't be used to view");
  });

  it('hands over before it is demoted, when it leads', () => {
    const { found, must, pass, nodes } = swarmSession();
    found(3, 0);
    must('ssh node-2 docker node demote node-1');
    pass(15);
    const seen = nodes('node-2');
    expect(seen['node-1']).toMatchObject({ status: 'Ready', manager: '' });
    expect(['node-2', 'node-3']).toContain(leaderOf(seen));
  });

  it('is not demoted when it is the last, or when the quorum would be lost', () => {
    const { found, type, must, pass } = swarmSession();
    found(1, 1);
    expect(type('docker node demote node-1')).toBe(
      'Error response from daemon: rpc error: code = FailedPrecondition desc = attempting to ' +
        'demote the last manager of the swarm\n',
    );
    must('docker node promote node-2');
    pass(3);
    const other = swarmSession();
    other.found(3, 0);
    other.must('drydock fault machine node-3 down');
    expect(other.type('docker node demote node-2')).toBe(
      "Error response from daemon: rpc error: code = FailedPrecondition desc = can't remove " +
        'member from the raft: this would result in a loss of quorum\n',
    );
  });

  it('says what it takes with it when it leaves', () => {
    const { found, type, must, pass, nodes } = swarmSession();
    found(2, 0);
    expect(type('ssh node-2 docker swarm leave')).toBe(
      'Error response from daemon: You are attempting to leave the swarm on a node that is ' +
        'participating as a manager. Removing this node leaves 1 managers out of 2. Without a ' +
        'Raft quorum your swarm will be inaccessible. The only way to restore a swarm that has ' +
        'lost consensus is to reinitialize it with `--force-new-cluster`. Use `--force` to ' +
        'suppress this message.\n',
    );
    expect(must('ssh node-2 docker swarm leave --force')).toBe('Node left the swarm.\n');
    expect(type('docker node ls')).toBe(NO_LEADER);
    pass(30);
    const again = must('docker swarm init --force-new-cluster');
    expect(again).toMatch(/^Swarm initialized: current node \(\w{25}\) is now a manager\.\n/);
    pass(35);
    expect(nodes()).toEqual({
      'node-1': { status: 'Ready', availability: 'Active', manager: 'Leader' },
      'node-2': { status: 'Down', availability: 'Active', manager: '' },
    });
    must('docker node rm node-2');
    expect(Object.keys(nodes())).toEqual(['node-1']);
  });

  it('that is alone leads again as soon as its daemon is back', () => {
    const { found, must, pass, nodes } = swarmSession();
    found(1, 1);
    must('drydock fault daemon node-1 stop');
    pass(3);
    must('drydock fault daemon node-1 start');
    expect(Object.keys(nodes())).toEqual(['node-1', 'node-2']);
    pass(5);
    expect(Object.values(nodes()).map(({ status }) => status)).toEqual(['Ready', 'Ready']);
  });

  it('that has left is demoted, and then removed', () => {
    const { found, type, must, pass, nodes } = swarmSession();
    found(3, 0);
    must('ssh node-3 docker swarm leave --force');
    pass(16);
    expect(nodes()['node-3']).toMatchObject({ status: 'Down', manager: 'Unreachable' });
    expect(type('docker node rm node-3')).toContain('It must be demoted to worker before removal');
    must('docker node demote node-3');
    pass(2);
    must('docker node rm node-3');
    const token = must('docker swarm join-token -q manager').trim();
    must(`ssh node-3 docker swarm join --token ${token} 192.168.10.12:2377`);
    expect(nodes()['node-3']).toMatchObject({ status: 'Ready', manager: 'Reachable' });
  });

  it('takes the swarm with it when it is the last', () => {
    const { found, type, must } = swarmSession();
    found(1, 0);
    expect(type('docker swarm leave')).toContain(
      'Removing the last manager erases all current state of the swarm. Use `--force` to ignore ' +
        'this message. \n',
    );
    must('docker swarm leave -f');
    expect(type('docker node ls')).toContain('This node is not a swarm manager. Use "docker swarm');
    expect(type('docker swarm leave')).toBe(
      'Error response from daemon: This node is not part of a swarm\n',
    );
    expect(must('docker swarm init')).toContain('is now a manager');
  });
});
