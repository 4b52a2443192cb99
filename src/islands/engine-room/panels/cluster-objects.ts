import { stateOfPod } from '../../../diagram/projection/pod-state.ts';
import type { Node } from '../../../engine/kubernetes/api/cluster-objects.ts';
import type { Pod } from '../../../engine/kubernetes/api/pod.ts';
import { infoOf, type ResourceName } from '../../../engine/kubernetes/api/resources.ts';
import { columnsOf, rowOf } from '../../../engine/kubernetes/api/tables/rows.ts';
import type { KubeObject } from '../../../engine/kubernetes/apimachinery/object.ts';
import type { World } from '../../../engine/world.ts';
import { stateOfNode, type ClusterCensus } from './cluster-census.ts';
import type { Strings } from '../../../i18n/strings.ts';
import type { BranchAsk, ObjectRow, ShownState } from './messages.ts';

/**
 * The branches of the tree that show a cluster: namespaces, in them kinds, in those the objects,
 * and below each what it made: Deployment, ReplicaSet, Pod. A branch costs what is shown
 * of it; how many there are of a kind is counted beside the world.
 *
 * Ids: `k8s`, `k8s|NAMESPACE`, `k8s|NAMESPACE|RESOURCE`, and `own|NAMESPACE|RESOURCE|NAME`.
 */
export interface Branch {
  readonly total: number;
  readonly rows: readonly ObjectRow[];
}

/** What a controller makes, by what it is. */
const CHILDREN: Readonly<Record<string, readonly ResourceName[]>> = {
  deployments: ['replicasets'],
  replicasets: ['pods'],
  statefulsets: ['pods'],
  daemonsets: ['pods'],
  jobs: ['pods'],
  cronjobs: ['jobs'],
};

/** In the order in which people look for them; all others follow. */
const ORDER: readonly string[] = [
  ...['deployments', 'statefulsets', 'daemonsets', 'cronjobs', 'jobs', 'replicasets', 'pods'],
  ...['services', 'ingresses', 'gateways', 'httproutes', 'configmaps', 'secrets'],
  ...['persistentvolumeclaims', 'horizontalpodautoscalers', 'poddisruptionbudgets'],
  ...['nodes', 'persistentvolumes', 'storageclasses', 'priorityclasses'],
];

/** Too many and too restless to be of use in a tree; they have a panel or a command of their own. */
const LEFT_OUT: ReadonlySet<string> = new Set(['events', 'leases']);

export type ClusterWord = 'clusterWide';

export function clusterBranch(
  world: World,
  census: ClusterCensus,
  ask: BranchAsk,
  words: Strings<ClusterWord>,
): Branch {
  const [head, namespace = '', resource = '', name = ''] = ask.id.split('|');
  if (head === 'own') return ownedBy(world, ask, namespace, resource as ResourceName, name);
  if (ask.id === 'k8s') return namespaces(world, census, ask, words);
  if (resource === '') {
    return cut(
      kindRows(census, namespace).filter(({ id }) => id !== NODES),
      ask,
    );
  }
  return objects(world, census, ask, namespace, resource as ResourceName);
}

const cut = (rows: readonly ObjectRow[], { from, count }: BranchAsk): Branch => ({
  total: rows.length,
  rows: rows.slice(from, from + count),
});

/** Nodes and namespaces; what else is in no namespace stands together at the end. */
function namespaces(
  world: World,
  census: ClusterCensus,
  ask: BranchAsk,
  words: Strings<ClusterWord>,
): Branch {
  const client = world.cluster!.client;
  const rows = [...client.scan('namespaces')].map((namespace): ObjectRow => {
    const { name } = namespace.metadata;
    const count = sumOf(kindRows(census, name));
    const ref = { object: `Namespace ${name}` };
    const state = namespace.status.phase === 'Terminating' ? 'terminating' : 'there';
    return { id: `k8s|${name}`, label: name, ref, state, count, opens: count > 0 };
  });
  const wide = kindRows(census, '');
  const nodes = wide.filter(({ id }) => id === NODES);
  const others = { id: 'k8s|', label: words.clusterWide, count: sumOf(wide) - sumOf(nodes) };
  return cut([...nodes, ...rows, { ...others, opens: others.count > 0 }], ask);
}

const NODES = 'k8s||nodes';

const sumOf = (rows: readonly ObjectRow[]): number =>
  rows.reduce((sum, { count = 0 }) => sum + count, 0);

function kindRows(census: ClusterCensus, namespace: string): ObjectRow[] {
  const resources = census
    .kindsIn(namespace)
    .filter((resource) => !LEFT_OUT.has(resource) && resource !== 'namespaces');
  const rank = (resource: string) =>
    (ORDER.indexOf(resource) + ORDER.length + 1) % (ORDER.length + 1);
  return resources
    .sort((a, b) => rank(a) - rank(b) || (a < b ? -1 : 1))
    .map((resource) => ({
      id: `k8s|${namespace}|${resource}`,
      label: infoOf(resource as ResourceName).kind,
      count: census.count(resource, namespace),
      opens: true,
    }));
}

function objects(
  world: World,
  census: ClusterCensus,
  ask: BranchAsk,
  namespace: string,
  resource: ResourceName,
): Branch {
  const rows: ObjectRow[] = [];
  const to = ask.from + ask.count;
  let at = 0;
  for (const object of world.cluster!.client.scan(resource, namespace)) {
    if (at >= to) break;
    if (at >= ask.from) rows.push(rowOfObject(world, resource, object));
    at += 1;
  }
  return { total: census.count(resource, namespace), rows };
}

function ownedBy(
  world: World,
  ask: BranchAsk,
  namespace: string,
  resource: ResourceName,
  name: string,
): Branch {
  const client = world.cluster!.client;
  const owner = client.get(resource, namespace, name);
  if (!owner) return { total: 0, rows: [] };
  const children = (CHILDREN[resource] ?? []).flatMap((kind) =>
    client.ownedBy(kind, owner.metadata.uid).map((object) => [kind, object] as const),
  );
  const shown = children.slice(ask.from, ask.from + ask.count);
  return {
    total: children.length,
    rows: shown.map(([kind, one]) => rowOfObject(world, kind, one)),
  };
}

export function rowOfObject(world: World, resource: ResourceName, object: KubeObject): ObjectRow {
  const { namespace = '', name } = object.metadata;
  const kind = object.kind;
  const opens = resource in CHILDREN;
  return {
    id: `own|${namespace}|${resource}|${name}`,
    label: name,
    ref: { object: namespace ? `${kind} ${namespace}/${name}` : `${kind} ${name}` },
    ...stateOf(world, resource, object),
    opens,
  };
}

/** Columns that say in a word how an object is, by what kubectl prints; the first that is there. */
const WORDS = ['Status', 'Ready', 'Completions', 'Type', 'Data', 'Class'];

/** How an object is: a glyph, and kubectl's own word. */
export function stateOf(
  world: World,
  resource: ResourceName,
  object: KubeObject,
): { readonly state: ShownState; readonly word?: string } {
  const cells = rowOf(resource, object, world.kernel.now);
  const columns = columnsOf(resource).map(({ name }) => name);
  const at = WORDS.map((word) => columns.indexOf(word)).find((index) => index >= 0);
  const word = at === undefined ? undefined : String(cells[at] ?? '');
  const state = glyphOf(world, resource, object, word ?? '');
  return word === undefined ? { state } : { state, word };
}

function glyphOf(
  world: World,
  resource: ResourceName,
  object: KubeObject,
  word: string,
): ShownState {
  if (resource === 'pods') return stateOfPod(object as Pod, world);
  if (resource === 'nodes') return stateOfNode(object as Node);
  if (object.metadata.deletionTimestamp !== undefined) return 'terminating';
  if (word === 'Complete' || word === 'SuccessCriteriaMet') return 'succeeded';
  if (word.startsWith('Failed') || word === 'Lost') return 'failed';
  if (word === 'Pending' || word === 'WaitForFirstConsumer') return 'pending';
  if (word === 'Bound' || word === 'Available' || word === 'Running') return 'running';
  const [, ready, wanted] = /^(\d+)\/(\d+)$/.exec(word) ?? [];
  if (ready !== undefined) return ready === wanted ? 'running' : 'starting';
  return readyOf(object) ?? 'there';
}

/** Of a set without a word of its own: as many ready as are wanted. */
function readyOf(object: KubeObject): ShownState | undefined {
  const { spec, status } = object as KubeObject & {
    spec?: { replicas?: number };
    status?: { readyReplicas?: number; numberReady?: number; desiredNumberScheduled?: number };
  };
  const wanted = status?.desiredNumberScheduled ?? spec?.replicas;
  if (wanted === undefined) return undefined;
  const ready = status?.numberReady ?? status?.readyReplicas ?? 0;
  return ready >= wanted ? 'running' : 'starting';
}
