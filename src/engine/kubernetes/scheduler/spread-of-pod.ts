import type { Pod, TopologySpreadConstraint } from '../api/pod.ts';
import type { Client } from '../client/client.ts';
import { isEmptySelector, type LabelSelector } from '../apimachinery/label-selector.ts';
import { controllerOf, type Labels } from '../apimachinery/object.ts';
import type { Spread } from './framework.ts';
import type { SpreadCounts } from './spread-counts.ts';
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

export function spreadOf(pod: Pod, client: Client, counts: SpreadCounts): Spread {
  const own = (pod.spec.topologySpreadConstraints ?? []).filter(
    (constraint) => constraint.whenUnsatisfiable === 'ScheduleAnyway',
  );
  const systemDefaulted = (pod.spec.topologySpreadConstraints ?? []).length === 0;
  const constraints = systemDefaulted ? systemConstraints(pod, client) : own;
  const { namespace = '' } = pod.metadata;
  const podsInDomain = constraints.map((constraint) =>
    counts.of(namespace, constraint, (selector) => client.select('pods', namespace, selector)),
  );
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
  const services = client.servicesSelecting(namespace, labels);
  const owner = controllerOf(pod);
  const set =
    owner?.kind === 'ReplicaSet' ? client.get('replicasets', namespace, owner.name) : undefined;
  return {
    matchLabels: Object.assign(
      {},
      ...services.map(({ spec }) => spec.selector),
      set?.spec.selector.matchLabels,
    ) as Labels,
    matchExpressions: set?.spec.selector.matchExpressions ?? [],
  };
}
