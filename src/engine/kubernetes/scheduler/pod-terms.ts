import type { Affinity, PodAffinityTerm, WeightedPodAffinityTerm } from '../api/affinity.ts';
import type { PodSpec } from '../api/pod.ts';
import {
  isEmptySelector,
  selectorMatches,
  type LabelSelector,
  type Requirement,
} from '../apimachinery/label-selector.ts';
import type { Labels } from '../apimachinery/object.ts';

/**
 * A Pod's wishes about the Pods near it, made ready to be matched
 * (staging/src/k8s.io/kube-scheduler/framework/types.go `AffinityTerm`, v1.36).
 */
export interface PodTerm {
  /** Equal terms have equal keys. */
  readonly key: string;
  readonly topologyKey: string;
  readonly kind: PodKind;
  readonly weight: number;
}

/** Which Pods are meant: by their namespace and labels. Equal kinds have equal keys. */
export interface PodKind {
  readonly key: string;
  readonly namespaces: readonly string[];
  /** Namespaces by their labels, besides those named. */
  readonly namespaceSelector?: LabelSelector;
  readonly selector?: LabelSelector;
}

/** The labels of a namespace. */
export type NamespaceLabels = (namespace: string) => Labels | undefined;

export interface PodTerms {
  readonly affinity: readonly PodTerm[];
  readonly antiAffinity: readonly PodTerm[];
  readonly preferred: readonly PodTerm[];
  /** Their weights are negative. */
  readonly preferredAnti: readonly PodTerm[];
}

export const NO_TERMS: PodTerms = {
  affinity: [],
  antiAffinity: [],
  preferred: [],
  preferredAnti: [],
};

/** A Pod's terms: the same object for Pods that share their affinity and labels. */
export function termsOfPod({ affinity }: PodSpec, namespace: string, labels: Labels): PodTerms {
  if (!affinity?.podAffinity && !affinity?.podAntiAffinity) return NO_TERMS;
  const known = ofAffinity.get(affinity);
  if (known?.namespace === namespace && known.labels === labels) return known.terms;
  const terms = compileAll(affinity, namespace, labels);
  ofAffinity.set(affinity, { namespace, labels, terms });
  return terms;
}

const ofAffinity = new WeakMap<
  Affinity,
  { readonly namespace: string; readonly labels: Labels; readonly terms: PodTerms }
>();

function compileAll(
  { podAffinity, podAntiAffinity }: Affinity,
  namespace: string,
  labels: Labels,
): PodTerms {
  const required = (terms: readonly PodAffinityTerm[] = []): PodTerm[] =>
    terms.map((term) => compile(term, 1, namespace, labels));
  const weighted = (terms: readonly WeightedPodAffinityTerm[] = [], sign: number): PodTerm[] =>
    terms.map(({ weight, podAffinityTerm }) =>
      compile(podAffinityTerm, sign * weight, namespace, labels),
    );
  return {
    affinity: required(podAffinity?.requiredDuringSchedulingIgnoredDuringExecution),
    antiAffinity: required(podAntiAffinity?.requiredDuringSchedulingIgnoredDuringExecution),
    preferred: weighted(podAffinity?.preferredDuringSchedulingIgnoredDuringExecution, 1),
    preferredAnti: weighted(podAntiAffinity?.preferredDuringSchedulingIgnoredDuringExecution, -1),
  };
}

function compile(
  term: PodAffinityTerm,
  weight: number,
  namespace: string,
  labels: Labels,
): PodTerm {
  const { namespaces = [], namespaceSelector, topologyKey } = term;
  const own = namespaces.length === 0 && !namespaceSelector ? [namespace] : namespaces;
  const kind = podKind(own, selectorOf(term, labels), namespaceSelector);
  return { key: `${weight} ${topologyKey} ${kind.key}`, topologyKey, kind, weight };
}

/** The term's selector with the requirements that its label keys add. */
function selectorOf(term: PodAffinityTerm, labels: Labels): LabelSelector | undefined {
  const { labelSelector, matchLabelKeys = [], mismatchLabelKeys = [] } = term;
  if (!labelSelector) return undefined;
  const added = [
    ...keyRequirements(matchLabelKeys, 'In', labels),
    ...keyRequirements(mismatchLabelKeys, 'NotIn', labels),
  ];
  return withRequirements(labelSelector, added);
}

/** Requirements that a Pod's own labels fill in; keys that it does not have are passed over. */
export function keyRequirements(
  keys: readonly string[],
  operator: 'In' | 'NotIn',
  labels: Labels,
): Requirement[] {
  return keys.flatMap((key) => {
    const value = labels[key];
    return value === undefined ? [] : [{ key, operator, values: [value] }];
  });
}

export function withRequirements(
  selector: LabelSelector,
  added: readonly Requirement[],
): LabelSelector {
  if (added.length === 0) return selector;
  return { ...selector, matchExpressions: [...(selector.matchExpressions ?? []), ...added] };
}

export function podKind(
  namespaces: readonly string[],
  selector: LabelSelector | undefined,
  namespaceSelector?: LabelSelector,
): PodKind {
  const key = JSON.stringify([namespaces, selector ?? null, namespaceSelector ?? null]);
  return { key, namespaces, selector, ...(namespaceSelector && { namespaceSelector }) };
}

export function kindMatches(
  kind: PodKind,
  namespace: string,
  labels: Labels,
  labelsOf: NamespaceLabels,
): boolean {
  const named = kind.namespaces.includes(namespace);
  if (!named && !kind.namespaceSelector) return false;
  if (!selectorMatches(kind.selector, labels)) return false;
  if (named || !kind.namespaceSelector) return true;
  if (isEmptySelector(kind.namespaceSelector)) return true;
  return selectorMatches(kind.namespaceSelector, labelsOf(namespace));
}
