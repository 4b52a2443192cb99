import type { NodeAffinity, PreferredSchedulingTerm } from '../../api/affinity.ts';
import type { Node } from '../../api/cluster-objects.ts';
import {
  normalizeScores,
  type NodeFilter,
  type Rejection,
  type ScorePlugin,
} from '../framework.ts';
import { matcherOf, termMatches } from '../../api/node-matcher.ts';

/**
 * A node is one that the Pod wants, by its labels or its name (plugins/nodeaffinity/node_affinity.go,
 * v1.36). The filter looks at nodeSelector and required affinity; the score sums the weights of the
 * preferences that a node meets, brought to 100 by the highest. A profile may add an affinity that
 * holds for all Pods besides their own (`addedAffinity`).
 */
const NAME = 'NodeAffinity';

export function nodeAffinityFilter(added?: NodeAffinity): NodeFilter {
  const required = added?.requiredDuringSchedulingIgnoredDuringExecution;
  const enforced = required && matcherOf(required);
  const reject = (reason: string): Rejection => ({ reasons: [reason], resolvable: false });
  return {
    name: NAME,
    filter({ facts }, { node }) {
      if (enforced && !enforced.matches(node)) {
        return reject("node(s) didn't match scheduler-enforced node affinity");
      }
      if (!facts.required || facts.required.matches(node)) return undefined;
      return reject("node(s) didn't match Pod's node affinity/selector");
    },
    wakes({ facts }, event) {
      if (event.kind !== 'node-added' && event.kind !== 'node-changed') return false;
      const fits = (node: Node): boolean =>
        (enforced?.matches(node) ?? true) && (facts.required?.matches(node) ?? true);
      return fits(event.node) && !(event.previous && fits(event.previous));
    },
  };
}

export function nodeAffinityScore(added?: NodeAffinity): ScorePlugin {
  const always = added?.preferredDuringSchedulingIgnoredDuringExecution ?? [];
  return {
    name: NAME,
    weight: 2,
    onNodeAlone: true,
    scorer({ facts: { preferred } }) {
      if (preferred.length === 0 && always.length === 0) return undefined;
      return ({ node }) => preference(always, node) + preference(preferred, node);
    },
    normalize: (scores, count) => normalizeScores(scores, count, false),
  };
}

function preference(terms: readonly PreferredSchedulingTerm[], node: Node): number {
  let sum = 0;
  for (const { weight, preference: term } of terms) {
    if (weight !== 0 && termMatches(term, node)) sum += weight;
  }
  return sum;
}
