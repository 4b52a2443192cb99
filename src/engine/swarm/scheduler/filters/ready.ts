import { countNodes, type Filter } from '../filter.ts';

/** Heard by its manager, and active: not paused, not drained. */
export const ready: Filter = {
  name: 'ReadyFilter',
  check:
    () =>
    ({ node }) =>
      node.state === 'ready' && node.spec.Availability === 'active',
  explain: (nodes) => `${countNodes(nodes)} not available for new tasks`,
};
