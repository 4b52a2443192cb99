import {
  resourceByWord,
  RESOURCES,
  type ResourceInfo,
  type ResourceName,
} from '../kubernetes/api/resources.ts';
import { behind, named, type Candidate } from './candidate.ts';
import type { Position } from './command-tree.ts';
import { filesAt, type Place } from './place.ts';

/** What kubectl's words stand for, by command (kubectl/pkg/util/completion, v1.36). */
const NAMES_LIMIT = 2_000;
/** Their first argument is a kind of resource, or `kind/name`. */
const BY_KIND = [
  'get',
  'describe',
  'delete',
  'edit',
  'label',
  'annotate',
  'patch',
  'wait',
  'expose',
];
const SCALED = ['deployments', 'replicasets', 'statefulsets', 'replicationcontrollers'];
const ROLLED = ['deployments', 'daemonsets', 'statefulsets'];
const WITH_PODS = ['pods', 'deployments', 'daemonsets', 'replicasets', 'statefulsets', 'jobs'];
const KINDS: Readonly<Record<string, readonly string[]>> = {
  scale: SCALED,
  autoscale: SCALED,
  'rollout history': ROLLED,
  'rollout pause': ROLLED,
  'rollout restart': ROLLED,
  'rollout resume': ROLLED,
  'rollout status': ROLLED,
  'rollout undo': ROLLED,
  'set image': [...WITH_PODS, 'cronjobs'],
  'set env': [...WITH_PODS, 'cronjobs'],
  'set resources': WITH_PODS,
  'set serviceaccount': WITH_PODS,
  taint: ['nodes'],
};
/** Their first argument is a Pod, or `kind/name` of what has Pods. */
const OF_POD = ['logs', 'exec', 'attach', 'port-forward', 'debug'];
const OF_NODE = ['cordon', 'uncordon', 'drain', 'top node'];
const OF_CONTEXT = ['config use-context', 'config set-context', 'config delete-context'];
const VERBS = ['get', 'list', 'watch', 'create', 'update', 'patch', 'delete', 'deletecollection'];

export function kubectlArguments(
  place: Place,
  typed: string,
  position: Position,
): readonly Candidate[] {
  const { path } = position.tree;
  const { args } = position;
  const kinds = KINDS[path];
  if (BY_KIND.includes(path))
    return typedNames(
      place,
      typed,
      position,
      plurals(() => true),
    );
  if (kinds) return typedNames(place, typed, position, kinds);
  if (path === 'explain') return args.length === 0 ? named(plurals(() => true)) : [];
  if (OF_POD.includes(path)) return podNames(place, typed, position);
  if (OF_NODE.includes(path)) return named(namesOf(place, 'nodes', position, typed));
  if (path === 'top pod') return named(namesOf(place, 'pods', position, typed));
  if (path === 'cp') return [...podsOf(place, position), ...filesAt(place, typed)];
  if (OF_CONTEXT.includes(path)) return args.length === 0 ? named(contexts(place)) : [];
  if (path !== 'auth can-i') return [];
  return args.length === 0 ? named(VERBS) : named(plurals(() => true));
}

const podsOf = (place: Place, position: Position): Candidate[] =>
  namesOf(place, 'pods', position).map((name) => ({ text: `${name}:` }));

const plurals = (which: (info: ResourceInfo) => boolean): string[] =>
  RESOURCES.filter((info) => which(info) && info.verbs.includes('list')).map(
    ({ plural }) => plural,
  );

/** `po`, `pods,dep`, `pods web-`, `pods/web-`. */
function typedNames(
  place: Place,
  typed: string,
  position: Position,
  kinds: readonly string[],
): Candidate[] {
  const [kind, ...names] = position.args;
  const slash = typed.indexOf('/');
  if (slash >= 0) {
    const info = resourceByWord(typed.slice(0, slash));
    return info
      ? behind(
          typed.slice(0, slash + 1),
          named(namesOf(place, info.resource, position, typed.slice(slash + 1))),
        )
      : [];
  }
  if (kind === undefined) {
    const comma = typed.lastIndexOf(',') + 1;
    return behind(typed.slice(0, comma), named(kinds));
  }
  const info = resourceByWord(kind.split(',')[0] ?? '');
  if (!info || kind.includes('/')) return [];
  return named(
    namesOf(place, info.resource, position, typed).filter((name) => !names.includes(name)),
  );
}

function podNames(place: Place, typed: string, position: Position): Candidate[] {
  if (position.args.length > 0) return [];
  if (typed.includes('/')) return typedNames(place, typed, position, []);
  return named(namesOf(place, 'pods', position, typed));
}

/** @param typed how they begin */
function namesOf(place: Place, resource: ResourceName, { given }: Position, typed = ''): string[] {
  const info = RESOURCES.find((one) => one.resource === resource);
  const { cluster } = place.world;
  if (!cluster || !info?.verbs.includes('list')) return [];
  const isAll = given.has('all-namespaces');
  const namespace = isAll ? '' : (given.get('namespace') ?? namespaceAt(place));
  const names: string[] = [];
  for (const { metadata } of cluster.client.scan(resource, info.namespaced ? namespace : '')) {
    if (metadata.name.startsWith(typed)) names.push(metadata.name);
    if (names.length === NAMES_LIMIT) break;
  }
  return names;
}

function kubeconfig({ world, machine }: Place): string {
  return world.files.read(machine, '/root/.kube/config')?.content ?? '';
}

/** The namespace that the current context names. */
function namespaceAt(place: Place): string {
  const [, namespace = 'default'] = /^ {4}namespace: *(\S+)/m.exec(kubeconfig(place)) ?? [];
  return namespace;
}

const contexts = (place: Place): string[] => {
  const [, block = ''] = /^contexts:\n((?:[ -][^\n]*\n)*)/m.exec(kubeconfig(place)) ?? [];
  return [...block.matchAll(/^ {2}name: *(\S+)/gm)].map(([, name = '']) => name);
};

const OUTPUTS = ['json', 'yaml', 'name', 'wide', 'jsonpath=', 'go-template=', 'custom-columns='];
const FILE_FLAGS = [
  'filename',
  'kustomize',
  'from-file',
  'from-env-file',
  'kubeconfig',
  'patch-file',
];
const FIXED: Readonly<Record<string, readonly string[]>> = {
  output: OUTPUTS,
  'dry-run': ['none', 'client', 'server'],
  cascade: ['background', 'orphan', 'foreground'],
  validate: ['strict', 'warn', 'ignore'],
  for: ['condition=', 'create', 'delete', 'jsonpath='],
  restart: ['Always', 'OnFailure', 'Never'],
  type: ['ClusterIP', 'NodePort', 'LoadBalancer', 'ExternalName'],
  subresource: ['status', 'scale', 'resize'],
  'image-pull-policy': ['Always', 'IfNotPresent', 'Never'],
};

export function kubectlValue(
  place: Place,
  typed: string,
  position: Position,
): readonly Candidate[] {
  const name = position.flag?.name ?? '';
  if (name === 'namespace') return named(namesOf(place, 'namespaces', position));
  if (FILE_FLAGS.includes(name)) return filesAt(place, typed);
  if (name === 'context') return named(contexts(place));
  if (name === 'container') return named(containersOf(place, position));
  if (name === 'type' && position.tree.path === 'patch')
    return named(['json', 'merge', 'strategic']);
  return Object.hasOwn(FIXED, name) ? named(FIXED[name] ?? []) : [];
}

function containersOf(place: Place, position: Position): string[] {
  const name = (position.args[0] ?? '').replace(/^pods?\//, '');
  const namespace = position.given.get('namespace') ?? namespaceAt(place);
  const pod = place.world.cluster?.client.get('pods', namespace, name);
  const { containers = [], initContainers = [] } = pod?.spec ?? {};
  return [...containers, ...initContainers].map((one) => one.name);
}
