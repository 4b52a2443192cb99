import type { KubeObject } from '../apimachinery/object.ts';
import type { HorizontalPodAutoscaler, NodeMetrics, PodMetrics } from './autoscaling.ts';
import type { CronJob, Job } from './batch.ts';
import type {
  ComponentStatus,
  Endpoints,
  EndpointSlice,
  Event,
  Lease,
  Namespace,
  Node,
  Service,
} from './cluster-objects.ts';
import type {
  ConfigMap,
  LimitRange,
  PriorityClass,
  ResourceQuota,
  Secret,
  ServiceAccount,
} from './config.ts';
import type { Gateway, GatewayClass, HttpRoute } from './gateway.ts';
import type { Ingress, IngressClass, NetworkPolicy } from './networking.ts';
import type { Pod } from './pod.ts';
import type { PodDisruptionBudget } from './policy.ts';
import type {
  ClusterRole,
  ClusterRoleBinding,
  Role,
  RoleBinding,
  SelfSubjectAccessReview,
} from './rbac.ts';
import type { Subresource, Verb } from './verbs.ts';
import type { PersistentVolume, PersistentVolumeClaim, StorageClass } from './storage.ts';
import type {
  ControllerRevision,
  DaemonSet,
  Deployment,
  ReplicaSet,
  StatefulSet,
} from './workloads.ts';

/** The resources that the API server serves, and the kind of object each holds. */
export interface ResourceKinds {
  namespaces: Namespace;
  nodes: Node;
  pods: Pod;
  services: Service;
  events: Event;
  configmaps: ConfigMap;
  secrets: Secret;
  serviceaccounts: ServiceAccount;
  persistentvolumes: PersistentVolume;
  persistentvolumeclaims: PersistentVolumeClaim;
  resourcequotas: ResourceQuota;
  limitranges: LimitRange;
  replicasets: ReplicaSet;
  deployments: Deployment;
  statefulsets: StatefulSet;
  daemonsets: DaemonSet;
  controllerrevisions: ControllerRevision;
  jobs: Job;
  cronjobs: CronJob;
  horizontalpodautoscalers: HorizontalPodAutoscaler;
  poddisruptionbudgets: PodDisruptionBudget;
  ingresses: Ingress;
  ingressclasses: IngressClass;
  networkpolicies: NetworkPolicy;
  gatewayclasses: GatewayClass;
  gateways: Gateway;
  httproutes: HttpRoute;
  storageclasses: StorageClass;
  roles: Role;
  clusterroles: ClusterRole;
  rolebindings: RoleBinding;
  clusterrolebindings: ClusterRoleBinding;
  priorityclasses: PriorityClass;
  endpointslices: EndpointSlice;
  leases: Lease;
  /** Asked by a create only; nothing is kept. */
  selfsubjectaccessreviews: SelfSubjectAccessReview;
  selfsubjectrulesreviews: KubeObject;
  subjectaccessreviews: SelfSubjectAccessReview;
  /** Older forms, which are read from others. */
  endpoints: Endpoints;
  componentstatuses: ComponentStatus;
  /** Of the resource metrics API; named with their group, as the core group has the plain names. */
  'pods.metrics.k8s.io': PodMetrics;
  'nodes.metrics.k8s.io': NodeMetrics;
}

export type ResourceName = keyof ResourceKinds;

export interface ResourceInfo {
  readonly resource: ResourceName;
  /** The resource as it is named within its group; the same word unless two groups have it. */
  readonly plural: string;
  readonly kind: string;
  readonly singular: string;
  /** Empty for the core group. */
  readonly group: string;
  /** The preferred version, in which objects are kept. */
  readonly version: string;
  /** Further versions that objects may be written and read in. */
  readonly furtherVersions: readonly string[];
  readonly namespaced: boolean;
  readonly shortNames: readonly string[];
  readonly categories: readonly string[];
  /** In alphabetical order, as discovery lists them. */
  readonly verbs: readonly Verb[];
  readonly subresources: readonly Subresource[];
}

const ALL_VERBS: readonly Verb[] = [
  'create',
  'delete',
  'deletecollection',
  'get',
  'list',
  'patch',
  'update',
  'watch',
];

interface Particulars {
  readonly shortNames?: readonly string[];
  readonly categories?: readonly string[];
  readonly subresources?: readonly Subresource[];
  readonly verbs?: readonly Verb[];
  readonly version?: string;
  readonly furtherVersions?: readonly string[];
  readonly plural?: string;
  /** When it is not the kind in lower case. */
  readonly singular?: string;
}

/** The resources of one group, in the alphabetical order in which discovery lists them. */
const inGroup =
  (group: string, namespaced: boolean) =>
  (resource: ResourceName, kind: string, particulars: Particulars = {}): ResourceInfo => ({
    resource,
    plural: particulars.plural ?? resource,
    kind,
    singular: particulars.singular ?? kind.toLowerCase(),
    group,
    version: particulars.version ?? 'v1',
    furtherVersions: particulars.furtherVersions ?? [],
    namespaced,
    shortNames: particulars.shortNames ?? [],
    categories: particulars.categories ?? [],
    verbs: particulars.verbs ?? ALL_VERBS,
    subresources: particulars.subresources ?? [],
  });

const core = inGroup('', true);
const coreOfCluster = inGroup('', false);
const apps = inGroup('apps', true);
const batch = inGroup('batch', true);
const autoscaling = inGroup('autoscaling', true);
const networking = inGroup('networking.k8s.io', true);
const gateway = inGroup('gateway.networking.k8s.io', true);
const rbac = inGroup('rbac.authorization.k8s.io', true);
const rbacOfCluster = inGroup('rbac.authorization.k8s.io', false);

const all = ['all'];
const scalable: readonly Subresource[] = ['scale', 'status'];
const withStatus: readonly Subresource[] = ['status'];

/**
 * What is served, with the names, verbs and categories of the real server's discovery
 * (pkg/registry/<group>/<kind>/storage/storage.go and strategy.go, v1.36; Gateway kinds: the
 * CustomResourceDefinitions of kubernetes-sigs/gateway-api v1.6).
 */
export const RESOURCES: readonly ResourceInfo[] = [
  coreOfCluster('componentstatuses', 'ComponentStatus', {
    shortNames: ['cs'],
    verbs: ['get', 'list'],
  }),
  core('configmaps', 'ConfigMap', { shortNames: ['cm'] }),
  core('endpoints', 'Endpoints', { shortNames: ['ep'], verbs: ['get', 'list', 'watch'] }),
  core('events', 'Event', { shortNames: ['ev'] }),
  core('limitranges', 'LimitRange', { shortNames: ['limits'] }),
  coreOfCluster('namespaces', 'Namespace', {
    shortNames: ['ns'],
    verbs: ALL_VERBS.filter((verb) => verb !== 'deletecollection'),
    subresources: ['finalize', 'status'],
  }),
  coreOfCluster('nodes', 'Node', { shortNames: ['no'], subresources: ['proxy', 'status'] }),
  core('persistentvolumeclaims', 'PersistentVolumeClaim', {
    shortNames: ['pvc'],
    subresources: withStatus,
  }),
  coreOfCluster('persistentvolumes', 'PersistentVolume', {
    shortNames: ['pv'],
    subresources: withStatus,
  }),
  core('pods', 'Pod', {
    shortNames: ['po'],
    categories: all,
    subresources: [
      'attach',
      'binding',
      'ephemeralcontainers',
      'eviction',
      'exec',
      'log',
      'portforward',
      'proxy',
      'resize',
      'status',
    ],
  }),
  core('resourcequotas', 'ResourceQuota', { shortNames: ['quota'], subresources: withStatus }),
  core('secrets', 'Secret'),
  core('serviceaccounts', 'ServiceAccount', { shortNames: ['sa'], subresources: ['token'] }),
  core('services', 'Service', {
    shortNames: ['svc'],
    categories: all,
    subresources: ['proxy', 'status'],
  }),
  apps('controllerrevisions', 'ControllerRevision'),
  apps('daemonsets', 'DaemonSet', {
    shortNames: ['ds'],
    categories: all,
    subresources: withStatus,
  }),
  apps('deployments', 'Deployment', {
    shortNames: ['deploy'],
    categories: all,
    subresources: scalable,
  }),
  apps('replicasets', 'ReplicaSet', {
    shortNames: ['rs'],
    categories: all,
    subresources: scalable,
  }),
  apps('statefulsets', 'StatefulSet', {
    shortNames: ['sts'],
    categories: all,
    subresources: scalable,
  }),
  inGroup('authorization.k8s.io', false)('selfsubjectaccessreviews', 'SelfSubjectAccessReview', {
    verbs: ['create'],
  }),
  inGroup('authorization.k8s.io', false)('selfsubjectrulesreviews', 'SelfSubjectRulesReview', {
    verbs: ['create'],
  }),
  inGroup('authorization.k8s.io', false)('subjectaccessreviews', 'SubjectAccessReview', {
    verbs: ['create'],
  }),
  autoscaling('horizontalpodautoscalers', 'HorizontalPodAutoscaler', {
    version: 'v2',
    furtherVersions: ['v1'],
    shortNames: ['hpa'],
    categories: all,
    subresources: withStatus,
  }),
  batch('cronjobs', 'CronJob', {
    shortNames: ['cj'],
    categories: all,
    subresources: withStatus,
  }),
  batch('jobs', 'Job', { categories: all, subresources: withStatus }),
  inGroup('coordination.k8s.io', true)('leases', 'Lease'),
  inGroup('discovery.k8s.io', true)('endpointslices', 'EndpointSlice'),
  inGroup('gateway.networking.k8s.io', false)('gatewayclasses', 'GatewayClass', {
    shortNames: ['gc'],
    categories: ['gateway-api'],
    furtherVersions: ['v1beta1'],
    subresources: withStatus,
  }),
  gateway('gateways', 'Gateway', {
    shortNames: ['gtw'],
    categories: ['gateway-api'],
    furtherVersions: ['v1beta1'],
    subresources: withStatus,
  }),
  gateway('httproutes', 'HTTPRoute', {
    categories: ['gateway-api'],
    furtherVersions: ['v1beta1'],
    subresources: withStatus,
  }),
  inGroup('metrics.k8s.io', false)('nodes.metrics.k8s.io', 'NodeMetrics', {
    plural: 'nodes',
    singular: '',
    version: 'v1beta1',
    verbs: ['get', 'list'],
  }),
  inGroup('metrics.k8s.io', true)('pods.metrics.k8s.io', 'PodMetrics', {
    plural: 'pods',
    singular: '',
    version: 'v1beta1',
    verbs: ['get', 'list'],
  }),
  inGroup('networking.k8s.io', false)('ingressclasses', 'IngressClass'),
  networking('ingresses', 'Ingress', { shortNames: ['ing'], subresources: withStatus }),
  networking('networkpolicies', 'NetworkPolicy', { shortNames: ['netpol'] }),
  inGroup('policy', true)('poddisruptionbudgets', 'PodDisruptionBudget', {
    shortNames: ['pdb'],
    subresources: withStatus,
  }),
  rbacOfCluster('clusterrolebindings', 'ClusterRoleBinding'),
  rbacOfCluster('clusterroles', 'ClusterRole'),
  rbac('rolebindings', 'RoleBinding'),
  rbac('roles', 'Role'),
  inGroup('scheduling.k8s.io', false)('priorityclasses', 'PriorityClass', { shortNames: ['pc'] }),
  inGroup('storage.k8s.io', false)('storageclasses', 'StorageClass', { shortNames: ['sc'] }),
];

const BY_NAME = new Map<ResourceName, ResourceInfo>();
const BY_WORD = new Map<string, ResourceInfo>();
/** By kind, then by `apiVersion`. */
const BY_KIND = new Map<string, Map<string, ResourceInfo>>();
const BY_CATEGORY = new Map<string, ResourceInfo[]>();
for (const entry of RESOURCES) {
  BY_NAME.set(entry.resource, entry);
  for (const word of wordsFor(entry)) {
    if (!BY_WORD.has(word)) BY_WORD.set(word, entry);
  }
  for (const version of [entry.version, ...entry.furtherVersions]) {
    const versions = BY_KIND.get(entry.kind) ?? new Map<string, ResourceInfo>();
    BY_KIND.set(
      entry.kind,
      versions.set(entry.group ? `${entry.group}/${version}` : version, entry),
    );
  }
  for (const category of entry.categories) {
    BY_CATEGORY.set(category, [...(BY_CATEGORY.get(category) ?? []), entry]);
  }
}

/** `deployments`, `deployment`, `deploy`, each alone, with its group, with version and group. */
function wordsFor({ plural, singular, shortNames, kind, group, ...entry }: ResourceInfo): string[] {
  const plain = [plural, singular || kind.toLowerCase(), ...shortNames];
  if (!group) return plain.flatMap((word) => [word, `${word}.v1`, `${word}.v1.`]);
  const versions = [entry.version, ...entry.furtherVersions];
  return plain.flatMap((word) => [
    word,
    `${word}.${group}`,
    ...versions.map((version) => `${word}.${version}.${group}`),
  ]);
}

/** What a word on a command line means: `deploy`, `deployments`, `Deployment`, `deployments.apps`. */
export function resourceByWord(word: string): ResourceInfo | undefined {
  return BY_WORD.get(word.toLowerCase());
}

/** `all` and whatever other categories there are, in the order of discovery. */
export function resourcesByCategory(category: string): readonly ResourceInfo[] {
  return BY_CATEGORY.get(category) ?? [];
}

export function resourceByKind(apiVersion: string, kind: string): ResourceInfo | undefined {
  return BY_KIND.get(kind)?.get(apiVersion);
}

export function infoOf(resource: ResourceName): ResourceInfo {
  return BY_NAME.get(resource)!;
}

/** `apps/v1`, or `v1` for the core group. */
export function apiVersionOf({ group, version }: ResourceInfo): string {
  return group ? `${group}/${version}` : version;
}

/** Every group and version served, as `kubectl api-versions` sorts them. */
export function apiVersions(): string[] {
  const versions = RESOURCES.flatMap(({ group, version, furtherVersions }) =>
    [version, ...furtherVersions].map((one) => (group ? `${group}/${one}` : one)),
  );
  return [...new Set(versions)].sort((a, b) => (a < b ? -1 : 1));
}

/** `deployments.apps`, as messages name a resource. */
export function qualifiedName({ plural, group }: ResourceInfo): string {
  return group ? `${plural}.${group}` : plural;
}

/** `deployment.apps/web`, as kubectl names an object it acted on. */
export function typedName({ singular, group }: ResourceInfo, name: string): string {
  return group ? `${singular}.${group}/${name}` : `${singular}/${name}`;
}
