import type { Pod, TopologySpreadConstraint } from '../api/pod.ts';
import type { Client } from '../client/client.ts';
import {
  isEmptySelector,
  selectorMatches,
  type LabelSelector,
} from '../apimachinery/label-selector.ts';
import { controllerOf } from '../apimachinery/object.ts';
import type { Spread } from './framework.ts';
import { HOSTNAME } from './plugins/pod-topology-spread.ts';

/**
 * By what a Pod is spread (plugins/podtopologyspread/{plugin,common}.go, v1.36): its own
 * constraints, else the system's, which take the Pods of the same Services and the same owner for
 * its like.
 */
const SYSTEM_DEFAULTS = [
  { maxSkew: 3, topologyKey: HOSTNAME },
  { maxSkew: 5, topologyKey: 'topology.kubernetes.io/zone' },
];

export function spreadOf(pod: Pod, client: Client): Spread {
  const own = (pod.spec.topologySpreadConstraints ?? []).filter(
    (constraint) => constraint.whenUnsatisfiable === 'ScheduleAnyway',
  );
  const systemDefaulted = (pod.spec.topologySpreadConstraints ?? []).length === 0;
  const constraints = systemDefaulted ? systemConstraints(pod, client) : own;
  const podsInDomain = constraints.map((constraint) => countPods(pod, constraint, client));
  return { constraints, systemDefaulted, podsInDomain };
}

function systemConstraints(pod: Pod, client: Client): TopologySpreadConstraint[] {
  const labelSelector = likeIt(pod, client);
  if (isEmptySelector(labelSelector)) return [];
  return SYSTEM_DEFAULTS.map((constraint) => ({
    ...constraint,
    whenUnsatisfiable: 'ScheduleAnyway' as const,
    labelSelector,
  }));
}

/** What selects the Pod: its Services' selectors and its ReplicaSet's, taken together. */
function likeIt(pod: Pod, client: Client): LabelSelector {
  const { namespace = '', labels } = pod.metadata;
  let matchLabels = {};
  for (const { spec } of client.scan('services', namespace)) {
    if (spec.selector && selectorMatches({ matchLabels: spec.selector }, labels)) {
      matchLabels = { ...matchLabels, ...spec.selector };
    }
  }
  const owner = controllerOf(pod);
  const set =
    owner?.kind === 'ReplicaSet' ? client.get('replicasets', namespace, owner.name) : undefined;
  return {
    matchLabels: { ...matchLabels, ...set?.spec.selector.matchLabels },
    matchExpressions: set?.spec.selector.matchExpressions ?? [],
  };
}

/** Matching Pods of the namespace by domain; those on their way out do not count. */
function countPods(
  pod: Pod,
  { labelSelector, topologyKey }: TopologySpreadConstraint,
  client: Client,
): ReadonlyMap<string, number> {
  const counts = new Map<string, number>();
  if (!labelSelector) return counts;
  for (const other of client.select('pods', pod.metadata.namespace ?? '', labelSelector)) {
    const { nodeName } = other.spec;
    if (!nodeName || other.metadata.deletionTimestamp) continue;
    const domain = client.get('nodes', '', nodeName)?.metadata.labels?.[topologyKey];
    if (domain !== undefined) counts.set(domain, (counts.get(domain) ?? 0) + 1);
  }
  return counts;
}
