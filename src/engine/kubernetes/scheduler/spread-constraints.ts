import type { Pod } from '../api/pod.ts';
import type { TopologySpreadConstraint } from '../api/affinity.ts';
import type { Service } from '../api/cluster-objects.ts';
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

/** The Pod's own constraints of one sort: the same list for Pods that share them and their labels. */
export function ownConstraints(
  { metadata, spec }: Pod,
  sort: TopologySpreadConstraint['whenUnsatisfiable'],
): readonly Constraint[] {
  const { topologySpreadConstraints: given } = spec;
  if (!given || given.length === 0) return NONE;
  const { namespace = '', labels = NO_LABELS } = metadata;
  const known = ofGiven.get(given);
  if (known?.namespace === namespace && known.labels === labels) return known[sort];
  const compiled = {
    namespace,
    labels,
    DoNotSchedule: compile(given, 'DoNotSchedule', namespace, labels),
    ScheduleAnyway: compile(given, 'ScheduleAnyway', namespace, labels),
  };
  ofGiven.set(given, compiled);
  return compiled[sort];
}

const NONE: readonly Constraint[] = [];
const NO_LABELS: Labels = {};

interface Compiled {
  readonly namespace: string;
  readonly labels: Labels;
  readonly DoNotSchedule: readonly Constraint[];
  readonly ScheduleAnyway: readonly Constraint[];
}

const ofGiven = new WeakMap<readonly TopologySpreadConstraint[], Compiled>();

function compile(
  given: readonly TopologySpreadConstraint[],
  sort: TopologySpreadConstraint['whenUnsatisfiable'],
  namespace: string,
  labels: Labels,
): Constraint[] {
  return given
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
  const { namespace = '', labels } = pod.metadata;
  const services = client.servicesSelecting(namespace, labels);
  const owner = ownerSelector(pod, client);
  const known = owner && ofOwner.get(owner);
  if (known?.namespace === namespace && sameItems(known.services, services)) {
    return known.constraints;
  }
  const selector = together(services, owner);
  const constraints = selector ? spreadBy(podKind([namespace], selector)) : NONE;
  if (owner) ofOwner.set(owner, { namespace, services, constraints });
  return constraints;
}

const spreadBy = (kind: PodKind): Constraint[] =>
  SYSTEM_DEFAULTS.map((constraint) => ({
    ...constraint,
    kind,
    minDomains: 1,
    honorsAffinity: true,
    honorsTaints: false,
  }));

/** The system's constraints of Pods of one owner, by its selector and the Services it was with. */
const ofOwner = new WeakMap<
  LabelSelector,
  {
    readonly namespace: string;
    readonly services: readonly Service[];
    readonly constraints: readonly Constraint[];
  }
>();

function sameItems<T>(a: readonly T[], b: readonly T[]): boolean {
  return a.length === b.length && a.every((item, i) => item === b[i]);
}

/** What selects the Pod: its Services' selectors and its owner's; undefined when all would be. */
function together(
  services: readonly Service[],
  owner: LabelSelector | undefined,
): LabelSelector | undefined {
  if (services.length === 0) return owner && !isEmptySelector(owner) ? owner : undefined;
  const matchLabels = Object.assign(
    {},
    ...services.map(({ spec }) => spec.selector),
    owner?.matchLabels,
  ) as Labels;
  const selector = { matchLabels, matchExpressions: owner?.matchExpressions ?? [] };
  return isEmptySelector(selector) ? undefined : selector;
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
