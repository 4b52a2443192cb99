import { expect, it } from 'vitest';
import { Kernel } from '../../sim/kernel.ts';
import type { Pod, TopologySpreadConstraint } from '../api/pod.ts';
import { SpreadCounts } from './spread-counts.ts';

const web = { app: 'web' };

const constraint = (topologyKey: string): TopologySpreadConstraint => ({
  maxSkew: 1,
  topologyKey,
  whenUnsatisfiable: 'ScheduleAnyway',
  labelSelector: { matchLabels: web },
});

const podOf = (uid: string): Pod => ({
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: { name: uid, uid, resourceVersion: '', creationTimestamp: '', labels: web },
  spec: { containers: [] },
  status: { phase: 'Running' },
});

/** Two zones of two nodes; Pods by uid and node. */
function world(placed: Record<string, string>) {
  const kernel = new Kernel({ seed: 1 });
  let walks = 0;
  const counts = new SpreadCounts(kernel, 'test', {
    domainOf: (node, key) => (key === 'zone' ? (node < 'c' ? 'one' : 'two') : node),
    placeOf: (uid) => placed[uid],
  });
  const pods = function* () {
    walks += 1;
    for (const uid of Object.keys(placed)) yield podOf(uid);
  };
  const of = (key: string) => counts.of('default', constraint(key), pods);
  return { kernel, counts, of, walks: () => walks };
}

it('Pods are counted through once, and kept up as they come and go', () => {
  const { counts, of, walks } = world({ p1: 'a', p2: 'b', p3: 'c' });
  expect(['one', 'two'].map((zone) => of('zone').get(zone))).toEqual([2, 1]);
  counts.add('default', web, 'd', 1);
  counts.add('default', web, 'a', -1);
  counts.add('default', { app: 'other' }, 'a', 1);
  counts.add('elsewhere', web, 'a', 1);
  expect(['one', 'two'].map((zone) => of('zone').get(zone))).toEqual([1, 2]);
  expect(walks()).toBe(1);
  expect(of('host').get('b')).toBe(1);
  expect(walks()).toBe(2);
});

it('are counted afresh when labels have changed, and go back with a checkpoint', () => {
  const { kernel, counts, of, walks } = world({ p1: 'a' });
  expect(of('zone').get('one')).toBe(1);
  const before = kernel.checkpoint();
  counts.add('default', web, 'b', 1);
  expect(of('zone').get('one')).toBe(2);
  kernel.restore(before);
  expect(of('zone').get('one')).toBe(1);
  counts.forget();
  expect(of('zone').get('one')).toBe(1);
  expect(walks()).toBe(2);
});
