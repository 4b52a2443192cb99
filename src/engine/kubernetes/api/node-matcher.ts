import { selectorMatches, type Requirement } from '../apimachinery/label-selector.ts';
import type { Labels } from '../apimachinery/object.ts';
import type { NodeSelector, NodeSelectorTerm } from './affinity.ts';
import type { Node } from './cluster-objects.ts';
import type { PodSpec } from './pod.ts';

/**
 * Which nodes a Pod may run on by its nodeSelector and its required node affinity
 * (staging/src/k8s.io/component-helpers/scheduling/corev1/nodeaffinity/nodeaffinity.go, v1.36):
 * the terms are joined by or, the requirements within one by and; a term without requirements
 * matches no node, and one that is malformed does neither.
 */
export interface NodeMatcher {
  readonly matches: (node: Node) => boolean;
  /** The only nodes that can match, when the Pod names them (a DaemonSet's Pods do). */
  readonly names?: ReadonlySet<string>;
}

const NAME_FIELD = 'metadata.name';

const ANYWHERE: NodeMatcher = { matches: () => true };

/** Of specs that many nodes are held against. */
const matchers = new WeakMap<PodSpec, NodeMatcher>();

/** Whether a Pod wants to be on this node at all. */
export function wantsNode(spec: PodSpec, node: Node): boolean {
  let matcher = matchers.get(spec);
  if (!matcher) matchers.set(spec, (matcher = requiredNodes(spec) ?? ANYWHERE));
  return matcher.matches(node);
}

/** Undefined when the Pod does not care. */
export function requiredNodes({ nodeSelector, affinity }: PodSpec): NodeMatcher | undefined {
  const required = affinity?.nodeAffinity?.requiredDuringSchedulingIgnoredDuringExecution;
  const wanted = Object.entries(nodeSelector ?? {});
  if (wanted.length === 0 && !required) return undefined;
  const terms = required ? matcherOf(required) : ANYWHERE;
  return {
    matches: (node) => hasAll(node.metadata.labels, wanted) && terms.matches(node),
    ...(terms.names && { names: terms.names }),
  };
}

/** Which nodes a node selector chooses. */
export function matcherOf({ nodeSelectorTerms = [] }: Partial<NodeSelector>): NodeMatcher {
  const terms = nodeSelectorTerms.filter((term) => !isEmptyTerm(term));
  const names = namedNodes(terms);
  return {
    matches: (node) => terms.some((term) => termMatches(term, node)),
    ...(names && { names }),
  };
}

/** Whether a preference of a Pod is met; an empty one is never. */
export function termMatches(term: NodeSelectorTerm, { metadata }: Node): boolean {
  const { matchExpressions = [], matchFields = [] } = term;
  if (isEmptyTerm(term)) return false;
  if (!matchExpressions.every(isWellFormed) || !matchFields.every(isFieldWellFormed)) return false;
  return (
    selectorMatches({ matchExpressions }, metadata.labels) &&
    selectorMatches({ matchExpressions: matchFields }, { [NAME_FIELD]: metadata.name })
  );
}

const isEmptyTerm = ({ matchExpressions = [], matchFields = [] }: NodeSelectorTerm): boolean =>
  matchExpressions.length === 0 && matchFields.length === 0;

/** A label's value: at most 63 letters, digits, `-`, `_` and `.`, the ends letters or digits. */
const LABEL_VALUE = /^([A-Za-z0-9]([-A-Za-z0-9_.]{0,61}[A-Za-z0-9])?)?$/;

function isWellFormed({ operator, values = [] }: Requirement): boolean {
  if (!values.every((value) => LABEL_VALUE.test(value))) return false;
  switch (operator) {
    case 'In':
    case 'NotIn':
      return values.length > 0;
    case 'Exists':
    case 'DoesNotExist':
      return values.length === 0;
    case 'Gt':
    case 'Lt':
      return values.length === 1 && /^[+-]?\d+$/.test(values[0] ?? '');
    default:
      return false;
  }
}

/** Fields are matched by one value: a node has one name. */
const isFieldWellFormed = ({ key, operator, values = [] }: Requirement): boolean =>
  key === NAME_FIELD && (operator === 'In' || operator === 'NotIn') && values.length === 1;

/** The names that the terms demand; undefined when one of them names none. */
function namedNodes(terms: readonly NodeSelectorTerm[]): Set<string> | undefined {
  const names = new Set<string>();
  if (terms.length === 0) return undefined;
  for (const { matchFields = [] } of terms) {
    const fields = matchFields.filter(
      ({ key, operator }) => key === NAME_FIELD && operator === 'In',
    );
    const [first] = fields;
    if (!first) return undefined;
    const of = (first.values ?? []).filter((name) =>
      fields.every(({ values = [] }) => values.includes(name)),
    );
    for (const name of of) names.add(name);
  }
  return names;
}

function hasAll(labels: Labels = {}, wanted: readonly (readonly [string, string])[]): boolean {
  for (const [key, value] of wanted) if (labels[key] !== value) return false;
  return true;
}
