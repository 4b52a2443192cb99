import type { FilterPlugin } from '../framework.ts';

/** A Pod that names its node runs there or nowhere (plugins/nodename, v1.36). */
export const nodeName: FilterPlugin = {
  name: 'NodeName',
  filter({ pod }, { node }) {
    const wanted = pod.spec.nodeName;
    if (!wanted || wanted === node.metadata.name) return undefined;
    return { reasons: ["node(s) didn't match the requested node name"], resolvable: false };
  },
};
