import { describe, expect, it } from 'vitest';
import { Session } from '../../src/engine/session.ts';

/** What a node and its containers use, as kubectl and the kernel tell it. */
const pod = (name: string, limits: string): string => `apiVersion: v1
kind: Pod
metadata: {name: ${name}}
spec:
  nodeName: node-1
  terminationGracePeriodSeconds: 0
  containers:
    - name: box
      image: busybox:1.37
      command: [sleep, infinity]
      resources: {limits: ${limits}}
`;

function busyNode(limits = '{memory: 64Mi}') {
  const session = new Session({ preset: 'cluster', seed: 5 });
  const sh = (line: string): string => session.type(line).printed;
  session.write('busy.yaml', pod('busy', limits));
  sh('kubectl apply -f busy.yaml && kubectl wait --for=condition=Ready pod/busy');
  // Both of the machine's processors are wanted.
  sh('drydock fault container busy cpu');
  const stat = (): Record<string, number> =>
    Object.fromEntries(
      sh('kubectl exec busy -- cat /sys/fs/cgroup/cpu.stat')
        .trim()
        .split('\n')
        .map((line) => line.split(' '))
        .map(([name = '', value]) => [name, Number(value)]),
    );
  return { session, sh, stat };
}

describe('a node whose processors are all in use', () => {
  it('is told to be full, not more than full', () => {
    const { sh } = busyNode();
    sh('sleep 60');
    expect(sh('kubectl top node node-1').split('\n')[1]).toMatch(
      /^node-1 +2000m +100% +\d+Mi +\d+%/,
    );
    sh('drydock fault memory node-1 fill; sleep 40');
    // Of what Pods may have it is more than all: a part of the memory is kept from them.
    const [, , , , share] =
      sh('kubectl top node node-1 --show-capacity').split('\n')[1]?.split(/ +/) ?? [];
    expect(Number(share?.replace('%', ''))).toBeGreaterThan(95);
    expect(Number(share?.replace('%', ''))).toBeLessThanOrEqual(100);
  });
});

describe('the control group of a container', () => {
  it('counts the time that it ran, and that a quota stopped it', () => {
    const { sh, stat } = busyNode('{cpu: 500m, memory: 64Mi}');
    sh('sleep 10');
    const before = stat();
    sh('sleep 10');
    const after = stat();
    const grown = (name: string): number => (after[name] ?? NaN) - (before[name] ?? NaN);
    // Half a processor of ten seconds; two threads want four times as much.
    expect(grown('usage_usec') / 5e6).toBeCloseTo(1, 1);
    expect(grown('user_usec') + grown('system_usec')).toBe(grown('usage_usec'));
    expect(grown('nr_periods')).toBeGreaterThanOrEqual(100);
    expect(grown('nr_throttled')).toBe(grown('nr_periods'));
    expect(grown('throttled_usec') / 15e6).toBeCloseTo(1, 1);
    const read = (file: string): string => sh(`kubectl exec busy -- cat /sys/fs/cgroup/${file}`);
    expect(read('cpu.max')).toBe('50000 100000\n');
    expect(read('memory.max')).toBe('67108864\n');
    // What sleeps, and the cat that asks.
    expect(read('pids.current')).toBe('2\n');
    expect(Number(read('memory.current'))).toBeGreaterThan(0);
    expect(Number(read('memory.current'))).toBeLessThan(64 * 2 ** 20);
  });

  it('is never stopped without a quota', () => {
    const { sh, stat } = busyNode();
    sh('sleep 10');
    expect(stat()).toMatchObject({ nr_periods: 0, nr_throttled: 0, throttled_usec: 0 });
    expect(stat().usage_usec).toBeGreaterThan(15e6);
    expect(sh('kubectl exec busy -- cat /sys/fs/cgroup/cpu.max')).toBe('max 100000\n');
  });
});
