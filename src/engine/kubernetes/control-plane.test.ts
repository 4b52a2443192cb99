import { describe, expect, it } from 'vitest';
import { Links } from '../net/link.ts';
import { Raft } from '../raft/raft.ts';
import { SECOND } from '../sim/clock.ts';
import { Kernel } from '../sim/kernel.ts';
import { Processes } from '../sim/processes.ts';
import { Components } from './components.ts';
import { ControlPlane } from './control-plane.ts';
import { EtcdDisks } from './etcd-disks.ts';

function controlPlane(...machines: string[]) {
  const kernel = new Kernel({ seed: 3 });
  const links = new Links(kernel, new Processes(kernel));
  const components = new Components(kernel, 'main');
  const raft: Raft | undefined =
    machines.length > 1
      ? new Raft(kernel, links, {
          name: 'etcd/main',
          cast: (member) => `etcd/${member}`,
          heartbeatMs: 100,
          electionMs: 1000,
          onLeadership: () => plane.review(),
          isBusy: (member) => disks.isBusy(member),
        })
      : undefined;
  const disks = new EtcdDisks(kernel, 'main', () => {
    raft?.review();
    plane.review();
  });
  const leases: string[] = [];
  const plane: ControlPlane = new ControlPlane(kernel, links, {
    cluster: 'main',
    machines,
    components,
    disks,
    ...(raft && { raft }),
    onLease: (process, holder) => leases.push(`${process} ${holder}`),
  });
  raft?.start(Object.fromEntries(machines.map((machine) => [machine, machine])));
  plane.start();
  const pass = (ms: number): void => kernel.advance(kernel.now + ms);
  const power = (machine: string, isUp: boolean): void => {
    links.setUp(machine, isUp);
    plane.machineChanged(machine);
  };
  pass(5 * SECOND);
  return { kernel, links, components, plane, raft, leases, pass, power };
}

describe('a control plane on one machine', () => {
  it('is reached, until its API server stops: then connections are refused', () => {
    const { plane } = controlPlane('control-1');
    expect(plane.unreachable('node-1')).toBeUndefined();
    plane.set('kube-apiserver', 'control-1', false);
    expect(plane.unreachable('node-1')).toBe('refused');
    plane.set('kube-apiserver', 'control-1', true);
    expect(plane.unreachable('node-1')).toBeUndefined();
  });

  it('is not reached over a cut link, or when the machine is off: nobody answers', () => {
    const { plane, links, power } = controlPlane('control-1');
    links.cut('node-1', 'control-1');
    expect(plane.unreachable('node-1')).toBe('timeout');
    expect(plane.unreachable('node-2')).toBeUndefined();
    power('control-1', false);
    expect(plane.unreachable('node-2')).toBe('timeout');
  });

  it('starts a scheduler again only when the lease of the one before has run out', () => {
    const { plane, components, pass, leases } = controlPlane('control-1');
    plane.set('kube-scheduler', 'control-1', false);
    expect(components.isRunning('kube-scheduler')).toBe(false);
    pass(SECOND);
    plane.set('kube-scheduler', 'control-1', true);
    pass(10 * SECOND);
    expect(components.isRunning('kube-scheduler')).toBe(false);
    pass(7 * SECOND);
    expect(components.isRunning('kube-scheduler')).toBe(true);
    expect(leases.filter((one) => one.startsWith('kube-scheduler'))).toHaveLength(2);
    expect(components.isRunning('kube-controller-manager')).toBe(true);
  });

  it('without etcd listens, and cannot answer; the elected give up after ten seconds', () => {
    const { plane, components, pass } = controlPlane('control-1');
    plane.set('etcd', 'control-1', false);
    expect(plane.unreachable('node-1')).toBe('no-quorum');
    pass(9 * SECOND);
    expect(components.isRunning('kube-scheduler')).toBe(true);
    pass(2 * SECOND);
    expect(components.isRunning('kube-scheduler')).toBe(false);
    plane.set('etcd', 'control-1', true);
    pass(20 * SECOND);
    expect(components.isRunning('kube-scheduler')).toBe(true);
  });
});

describe('a control plane on three machines', () => {
  it('loses one: another takes the leases within 17 seconds, and the API never went away', () => {
    const { plane, components, pass, power } = controlPlane('control-1', 'control-2', 'control-3');
    expect(plane.holder('kube-scheduler')).toBe('control-1');
    power('control-1', false);
    expect(components.isRunning('kube-scheduler')).toBe(false);
    pass(3 * SECOND);
    expect(plane.unreachable('node-1')).toBeUndefined();
    pass(15 * SECOND);
    expect(components.isRunning('kube-scheduler')).toBe(true);
    expect(['control-2', 'control-3']).toContain(plane.holder('kube-scheduler'));
  });

  it('loses two: nothing can be written; with one back it goes on', () => {
    const { plane, components, pass, power } = controlPlane('control-1', 'control-2', 'control-3');
    power('control-1', false);
    power('control-2', false);
    pass(30 * SECOND);
    expect(plane.unreachable('node-1')).toBe('no-quorum');
    expect(components.isRunning('kube-controller-manager')).toBe(false);
    power('control-2', true);
    pass(20 * SECOND);
    expect(plane.unreachable('node-1')).toBeUndefined();
    expect(components.isRunning('kube-controller-manager')).toBe(true);
  });
});

describe('etcd on a slow disk', () => {
  it('stops now and then when it is the only member, and keeps every lease', () => {
    const { plane, components, kernel } = controlPlane('control-1');
    plane.setSlowDisk('control-1', true);
    expect(plane.writeMs()).toBe(200);
    let stoppedMs = 0;
    for (let i = 0; i < 1200; i++) {
      kernel.advance(kernel.now + 100);
      if (plane.unreachable('node-1') === 'no-quorum') stoppedMs += 100;
      expect(components.isRunning('kube-scheduler')).toBe(true);
    }
    // Up to three of every five to fifteen seconds.
    expect(stoppedMs).toBeGreaterThan(5 * SECOND);
    expect(stoppedMs).toBeLessThan(60 * SECOND);
    plane.setSlowDisk('control-1', false);
    kernel.advance(kernel.now + 20 * SECOND);
    expect([plane.writeMs(), plane.unreachable('node-1')]).toEqual([0, undefined]);
    expect(kernel.nextEventMs).toBeUndefined();
  });

  it('and slow links: a write waits for the fastest that make a quorum', () => {
    const { plane, raft, links } = controlPlane('control-1', 'control-2', 'control-3');
    const leader = plane.machines.find((one) => raft?.leaderFor(one) === one) ?? '';
    const [one = '', other = ''] = plane.machines.filter((machine) => machine !== leader);
    plane.setSlowDisk(one, true);
    expect(plane.writeMs()).toBe(0);
    plane.setSlowDisk(other, true);
    expect(plane.writeMs()).toBe(200);
    plane.setSlowDisk(one, false);
    plane.setSlowDisk(other, false);
    links.setLatency(leader, one, 51);
    expect(plane.writeMs()).toBe(0);
    links.setLatency(other, leader, 31);
    // There and back, thirty milliseconds more each way than usual.
    expect(plane.writeMs()).toBe(60);
    links.cut(leader, other);
    expect(plane.writeMs()).toBe(100);
    links.setLatency(leader, one, undefined);
    expect(plane.writeMs()).toBe(0);
  });

  it('loses the leadership to a member whose disk keeps up, and there it stays', () => {
    const { plane, raft, pass, kernel } = controlPlane('control-1', 'control-2', 'control-3');
    const leader = () => plane.machines.find((one) => raft?.leaderFor(one) === one);
    const first = leader() ?? '';
    const terms = () => raft?.member('control-1')?.term ?? 0;
    plane.setSlowDisk(first, true);
    expect(plane.writeMs()).toBe(200);
    pass(120 * SECOND);
    const second = leader();
    expect(second).not.toBe(first);
    expect([plane.writeMs(), plane.unreachable('node-1')]).toEqual([0, undefined]);
    const term = terms();
    pass(300 * SECOND);
    // Pre-vote: the one that was busy comes back in peace.
    expect([leader(), terms()]).toEqual([second, term]);
    plane.setSlowDisk(first, false);
    pass(20 * SECOND);
    expect(raft?.member(first)?.role).toBe('follower');
    expect(kernel.nextEventMs).toBeUndefined();
  });
});
