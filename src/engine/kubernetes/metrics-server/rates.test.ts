import { describe, expect, it } from 'vitest';
import type { Node } from '../api/cluster-objects.ts';
import type { ContainerUsage, NodeUsage } from '../api/node-requests.ts';
import type { Pod } from '../api/pod.ts';
import { nodeMetrics, podMetrics } from './rates.ts';

const metadata = { name: 'web', uid: 'u', resourceVersion: '', creationTimestamp: '' };
const pod = { metadata: { ...metadata, namespace: 'default' } } as Pod;
const node = {
  metadata: { ...metadata, name: 'node-1' },
  status: { capacity: { cpu: '2', memory: '4Gi' } },
} as unknown as Node;
const MI = 1024 * 1024;

const container = (timeMs: number, cpuMs: number, startedMs = 0): ContainerUsage => ({
  name: 'web',
  startedMs,
  timeMs,
  cpuNs: cpuMs * 1e6,
  cpuNanoCores: 0,
  memoryWorkingSetBytes: 12 * MI,
});

const look = (timeMs: number, cpuMs: number, ...containers: ContainerUsage[]): NodeUsage => ({
  node: 'node-1',
  timeMs,
  cpuNs: cpuMs * 1e6,
  cpuNanoCores: 0,
  memoryWorkingSetBytes: 512 * MI,
  pods: [{ namespace: 'default', name: 'web', uid: 'u', containers }],
});

describe('rates', () => {
  it('are what was used between two looks, a second', () => {
    const previous = look(15_000, 0, container(15_000, 1000));
    const last = look(30_000, 0, container(30_000, 4750));
    expect(podMetrics({ last, previous }, pod)).toMatchObject({
      timestamp: '2026-01-05T00:00:30Z',
      window: '15s',
      containers: [{ name: 'web', usage: { cpu: '250m', memory: '12Mi' } }],
    });
  });

  it('are written in the unit that loses nothing', () => {
    const previous = look(15_000, 0, container(15_000, 0));
    const last = look(30_000, 0, container(30_000, 1));
    const [first] = podMetrics({ last, previous }, pod)?.containers ?? [];
    // 1 ms of 15 s: 66,666.67 nanocores, rounded up.
    expect(first?.usage.cpu).toBe('66667n');
  });

  it('wait for the second look, unless a container is between 10 and 15 s old', () => {
    const old = look(60_000, 0, container(60_000, 1000, 0));
    expect(podMetrics({ last: old }, pod)).toBeUndefined();
    const young = look(60_000, 0, container(60_000, 1000, 55_000));
    expect(podMetrics({ last: young }, pod)).toBeUndefined();
    const fresh = look(60_000, 0, container(60_000, 1200, 48_000));
    expect(podMetrics({ last: fresh }, pod)).toMatchObject({
      window: '12s',
      containers: [{ usage: { cpu: '100m' } }],
    });
  });

  it('wait again for a container that was started again', () => {
    const previous = look(60_000, 0, container(60_000, 9000, 0));
    const last = look(75_000, 0, container(75_000, 10, 70_000));
    expect(podMetrics({ last, previous }, pod)).toBeUndefined();
  });

  it('wait for every container of a Pod', () => {
    const previous = look(60_000, 0, container(60_000, 0));
    const second = { ...container(75_000, 1, 74_000), name: 'late' };
    const last = look(75_000, 0, container(75_000, 15), second);
    expect(podMetrics({ last, previous }, pod)).toBeUndefined();
  });

  it('of a node take in what runs besides Pods', () => {
    const previous = look(60_000, 1000);
    const last = look(75_000, 2500);
    expect(nodeMetrics({ last, previous }, node)).toMatchObject({
      window: '15s',
      usage: { cpu: '100m', memory: '512Mi' },
    });
    expect(nodeMetrics({ last }, node)).toBeUndefined();
  });

  it('of a node are never more than it has', () => {
    const previous = look(60_000, 0);
    // Two processors for fifteen seconds, and 45 thousandths more.
    const last = { ...look(75_000, 30_675), memoryWorkingSetBytes: 4500 * MI };
    expect(nodeMetrics({ last, previous }, node)).toMatchObject({
      usage: { cpu: '2', memory: '4Gi' },
    });
  });
});
