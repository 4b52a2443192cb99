import type { Pod } from '../api/pod.ts';
import type { TopologySpreadConstraint } from '../api/affinity.ts';
import type { Client } from '../client/client.ts';
import { isEmptySelector, type LabelSelector } from '../apimachinery/label-selector.ts';
import { controllerOf, type Labels } from '../apimachinery/object.ts';
import { keyRequirements, podKind, withRequirements, type PodKind } from './pod-terms.ts';

/**
 * By what a Pod is spread (plugins/podtopologyspread/{plugin,common}.go, v1.36): its own
 * constraints, else the system's, which take the Pods of the same Services and the same owner for
 * its like.
 */
export interface Constraint {
  readonly maxSkew: number;
  readonly topologyKey: string;
  readonly kind: PodKind;
  readonly minDomains: number;
  readonly honorsAffinity: boolean;
  readonly honorsTaints: boolean;
}

export const HOSTNAME = 'kubernetes.io/hostname';

const SYSTEM_DEFAULTS = [
  { maxSkew: 3, topologyKey: HOSTNAME },
  { maxSkew: 5, topologyKey: 'topology.kubernetes.io/zone' },
];

/** The Pod's own constraints of one sort. */
export function ownConstraints(
  pod: Pod,
  sort: TopologySpreadConstraint['whenUnsatisfiable'],
): Constraint[] {
  const { namespace = '', labels = {} } = pod.metadata;
  return (pod.spec.topologySpreadConstraints ?? [])
    .filter(({ whenUnsatisfiable }) => whenUnsatisfiable === sort)
    .map((constraint) => ({
      maxSkew: constraint.maxSkew,
      topologyKey: constraint.topologyKey,
      kind: podKind([namespace], selectorOf(constraint, labels)),
      minDomains: constraint.minDomains ?? 1,
      honorsAffinity: constraint.nodeAffinityPolicy !== 'Ignore',
      honorsTaints: constraint.nodeTaintsPolicy === 'Honor',
    }));
}

function selectorOf(
  { labelSelector, matchLabelKeys = [] }: TopologySpreadConstraint,
  labels: Labels,
): LabelSelector | undefined {
  if (!labelSelector) return undefined;
  return withRequirements(labelSelector, keyRequirements(matchLabelKeys, 'In', labels));
}

/** What the system spreads a Pod by that says nothing itself; they only score. */
export function systemConstraints(pod: Pod, client: Client): readonly Constraint[] {
  const selector = likeIt(pod, client);
  if (!selector || isEmptySelector(selector)) return [];
  const { namespace = '' } = pod.metadata;
  const known = bySelector.get(selector);
  if (known?.namespace === namespace) return known.constraints;
  const kind = podKind([namespace], selector);
  const constraints = SYSTEM_DEFAULTS.map((constraint) => ({
    ...constraint,
    kind,
    minDomains: 1,
    honorsAffinity: true,
    honorsTaints: false,
  }));
  bySelector.set(selector, { namespace, constraints });
  return constraints;
}

/** The system's constraints of Pods that share a selector, as those of one owner do. */
const bySelector = new WeakMap<
  LabelSelector,
  { readonly namespace: string; readonly constraints: readonly Constraint[] }
>();

/** What selects the Pod: its Services' selectors and its owner's, taken together. */
function likeIt(pod: Pod, client: Client): LabelSelector | undefined {
  const { namespace = '', labels } = pod.metadata;
  const services = client.servicesSelecting(namespace, labels);
  const owner = ownerSelector(pod, client);
  if (services.length === 0) return owner;
  return {
    matchLabels: Object.assign(
      {},
      ...services.map(({ spec }) => spec.selector),
      owner?.matchLabels,
    ) as Labels,
    matchExpressions: owner?.matchExpressions ?? [],
  };
}

function ownerSelector(pod: Pod, client: Client): LabelSelector | undefined {
  const owner = controllerOf(pod);
  const { namespace = '' } = pod.metadata;
  if (owner?.kind === 'ReplicaSet') {
    return client.get('replicasets', namespace, owner.name)?.spec.selector;
  }
  if (owner?.kind === 'StatefulSet') {
    return client.get('statefulsets', namespace, owner.name)?.spec.selector;
  }
  return undefined;
}
