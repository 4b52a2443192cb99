import { describe, expect, it } from 'vitest';
import { Links } from '../net/link.ts';
import { Raft } from '../raft/raft.ts';
import { SECOND } from '../sim/clock.ts';
import { Kernel } from '../sim/kernel.ts';
import { Processes } from '../sim/processes.ts';
import { Components } from './components.ts';
import { ControlPlane } from './control-plane.ts';

function controlPlane(...machines: string[]) {
  const kernel = new Kernel({ seed: 3 });
  const links = new Links(kernel, new Processes(kernel));
  const components = new Components(kernel, 'main');
  const raft =
    machines.length > 1
      ? new Raft(kernel, links, {
          name: 'etcd/main',
          cast: (member) => `etcd/${member}`,
          heartbeatMs: 100,
          electionMs: 1000,
          onLeadership: () => plane.review(),
        })
      : undefined;
  const leases: string[] = [];
  const plane: ControlPlane = new ControlPlane(kernel, links, {
    cluster: 'main',
    machines,
    components,
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
  return { kernel, links, components, plane, leases, pass, power };
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
