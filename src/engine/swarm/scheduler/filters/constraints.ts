import { constraintsOf, nodeMatches } from '../constraint.ts';
import { countNodes, type Filter } from '../filter.ts';

/** Every constraint of the task's placement is met. */
export const constraints: Filter = {
  name: 'ConstraintFilter',
  check({ spec }) {
    const wanted = constraintsOf(spec.Placement?.Constraints ?? []);
    if (!wanted || wanted.length === 0) return undefined;
    return ({ node }) => nodeMatches(wanted, node);
  },
  explain: (nodes) => `scheduling constraints not satisfied on ${countNodes(nodes)}`,
};
