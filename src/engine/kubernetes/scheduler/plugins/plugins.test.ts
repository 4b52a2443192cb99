import { expect, it } from 'vitest';
import { naturalLogarithm } from '../natural-logarithm.ts';
import { failureMessage, preemptionMessage } from '../verdict.ts';

it('all that keeps a Pod off nodes is said in one sentence', () => {
  const short = { reasons: ['Insufficient cpu'], resolvable: true };
  const preemption = preemptionMessage(4, [
    'Preemption is not helpful for scheduling',
    ...['a', 'b', 'd'].map(() => 'No preemption victims found for incoming pod'),
  ]);
  const rejected = [
    { node: 'c', reasons: ['node(s) had untolerated taint(s)'], resolvable: false },
    { node: 'a', ...short },
    { node: 'b', ...short },
    { node: 'd', ...short },
  ];
  expect(failureMessage({ totalNodes: 4, rejected, preemption })).toBe(
    '0/4 nodes are available: 1 node(s) had untolerated taint(s), 3 Insufficient cpu. ' +
      'no new claims to deallocate, preemption: 0/4 nodes are available: ' +
      '1 Preemption is not helpful for scheduling, ' +
      '3 No preemption victims found for incoming pod.',
  );
});

it('a Pod that no node is looked at for says only why', () => {
  const forAll = 'pod has unbound immediate PersistentVolumeClaims';
  expect(failureMessage({ totalNodes: 3, forAll, rejected: [] })).toBe(
    '0/3 nodes are available: pod has unbound immediate PersistentVolumeClaims. not found',
  );
});

it('the logarithm is as good as a double', () => {
  for (const n of [2, 3, 5, 10, 102, 5002]) {
    expect(naturalLogarithm(n)).toBeCloseTo(Math.log(n), 13);
  }
});
