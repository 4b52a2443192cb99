import { expect, it } from 'vitest';
import { Session } from '../../src/engine/session.ts';

/** A node tells the cluster of as many processors as its machine deals out. */
it('gives the Pods of a node no more processors than the node has', () => {
  const session = new Session({ preset: 'cluster', seed: 2 });
  const sh = (line: string): string => session.type(line).printed;
  const there = `--overrides='{"spec":{"nodeName":"node-1"}}'`;
  for (const name of ['a', 'b']) {
    sh(`kubectl run ${name} --image=polinux/stress ${there} --command -- stress --cpu 2`);
  }
  sh('sleep 1m');
  expect(sh("kubectl get node node-1 -o jsonpath='{.status.capacity.cpu}'")).toBe('2');
  expect(sh('kubectl exec a -- nproc')).toBe('2\n');
  expect(sh('kubectl exec a -- grep -c processor /proc/cpuinfo')).toBe('2\n');
  expect(sh('kubectl top pods --no-headers')).toMatch(/^a +1000m .*\nb +1000m .*\n$/);
});
