import type { NodeFilter } from '../framework.ts';

/** A Pod that names its node runs there or nowhere (plugins/nodename, v1.36). */
export const nodeName: NodeFilter = {
  name: 'NodeName',
  filter({ facts }, { name }) {
    const wanted = facts.spec.nodeName;
    if (!wanted || wanted === name) return undefined;
    return { reasons: ["node(s) didn't match the requested node name"], resolvable: false };
  },
  wakes: (_, { kind }) => kind === 'node-added',
};
