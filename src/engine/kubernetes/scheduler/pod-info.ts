import { podRequests, type Amounts } from '../api/pod-resources.ts';
import type { PreferredSchedulingTerm, Toleration } from '../api/affinity.ts';
import type { Pod, PodSpec } from '../api/pod.ts';
import type { Labels } from '../apimachinery/object.ts';
import type { HostPort } from './node-facts.ts';
import { requiredNodes, type NodeMatcher } from '../api/node-matcher.ts';
import { normalizedImageName } from './image-name.ts';
import { termsOfPod, type PodTerms } from './pod-terms.ts';

/**
 * What the scheduler reads out of a Pod's spec, worked out once for all Pods that share it: those
 * of one template do.
 */
export interface SpecFacts {
  /** One that they are true of; there may be others. */
  readonly spec: Pick<
    PodSpec,
    'nodeName' | 'nodeSelector' | 'affinity' | 'topologySpreadConstraints'
  >;
  readonly requests: Amounts;
  readonly nonZeroRequests: Amounts;
  readonly hostPorts: readonly HostPort[];
  readonly imageNames: readonly string[];
  readonly required?: NodeMatcher;
  readonly preferred: readonly PreferredSchedulingTerm[];
  readonly tolerations: readonly Toleration[];
  /** Names of the claims that its volumes are of; those of ephemeral volumes by the Pod's name. */
  readonly claims: readonly ClaimName[];
}

export interface ClaimName {
  readonly claim?: string;
  /** Of a volume that makes its claim itself: the Pod's name and this. */
  readonly ofPod?: string;
}

/** A Pod as plugins see it. */
export interface PodInfo {
  readonly uid: string;
  readonly name: string;
  readonly namespace: string;
  readonly labels: Labels;
  readonly priority: number;
  readonly facts: SpecFacts;
  readonly terms: PodTerms;
}

/** A Pod that waits for a node, as plugins see it. */
export interface PendingPod extends PodInfo {
  readonly pod: Pod;
}

/** Facts of specs whose containers are the very same, by what else they are made from. */
const ofContainers = new WeakMap<object, Map<string, SpecFacts>>();
const ofSpec = new WeakMap<PodSpec, SpecFacts>();

/** Facts by all they are made from, so that what is remembered of a template serves its likes. */
const alike = new Map<string, SpecFacts>();
const ALIKE = 2000;

/** A pure function of the spec, remembered by the identity of its parts. */
export function factsOf(spec: PodSpec): SpecFacts {
  let facts = ofSpec.get(spec);
  if (facts) return facts;
  const { initContainers, overhead, resources, nodeSelector, affinity, tolerations, volumes } =
    spec;
  const more = [initContainers, overhead, resources, nodeSelector, affinity, tolerations, volumes];
  const key = JSON.stringify([more, spec.topologySpreadConstraints, spec.nodeName]);
  const known = ofContainers.get(spec.containers) ?? new Map<string, SpecFacts>();
  facts = known.get(key);
  if (!facts) {
    facts = intern(computeFacts(spec));
    ofContainers.set(spec.containers, known.set(key, facts));
  }
  ofSpec.set(spec, facts);
  return facts;
}

/** The facts themselves, or those that say the same. */
function intern(facts: SpecFacts): SpecFacts {
  const { required: _, spec, ...plain } = facts;
  const { nodeSelector, affinity, topologySpreadConstraints, nodeName } = spec;
  const key = JSON.stringify([plain, nodeSelector, affinity, topologySpreadConstraints, nodeName]);
  const known = alike.get(key);
  if (known) return known;
  if (alike.size >= ALIKE) alike.clear();
  alike.set(key, facts);
  return facts;
}

function computeFacts(spec: PodSpec): SpecFacts {
  const all = [...(spec.initContainers ?? []), ...spec.containers];
  const required = requiredNodes(spec);
  return {
    spec,
    requests: podRequests(spec),
    nonZeroRequests: podRequests(spec, true),
    hostPorts: hostPortsOf(spec),
    imageNames: all.map(({ image }) => normalizedImageName(image)),
    ...(required && { required }),
    preferred: spec.affinity?.nodeAffinity?.preferredDuringSchedulingIgnoredDuringExecution ?? [],
    tolerations: spec.tolerations ?? [],
    claims: (spec.volumes ?? []).flatMap((volume): ClaimName[] => {
      const claim = volume.persistentVolumeClaim?.claimName;
      if (claim !== undefined) return [{ claim }];
      return volume.ephemeral ? [{ ofPod: volume.name }] : [];
    }),
  };
}

/** Ports of the node that the Pod takes: those of its containers and its sidecars. */
function hostPortsOf({ containers, initContainers = [] }: PodSpec): HostPort[] {
  const sidecars = initContainers.filter(({ restartPolicy }) => restartPolicy === 'Always');
  return [...sidecars, ...containers].flatMap(({ ports = [] }) =>
    ports.flatMap(({ hostPort = 0, hostIP, protocol }): HostPort[] =>
      hostPort > 0
        ? [{ ip: hostIP || '0.0.0.0', protocol: protocol || 'TCP', port: hostPort }]
        : [],
    ),
  );
}

const NO_LABELS: Labels = {};

export function podInfo(pod: Pod): PendingPod {
  const { uid, name, namespace = '', labels = NO_LABELS } = pod.metadata;
  return { ...infoOf(uid, name, namespace, labels, pod.spec), pod };
}

export function infoOf(
  uid: string,
  name: string,
  namespace: string,
  labels: Labels,
  spec: PodSpec,
): PodInfo {
  const terms = termsOfPod(spec, namespace, labels);
  return {
    uid,
    name,
    namespace,
    labels,
    priority: spec.priority ?? 0,
    facts: factsOf(spec),
    terms,
  };
}

/** The names of the claims in the Pod's namespace. */
export function claimNames({ name, facts }: PodInfo): string[] {
  return facts.claims.map(({ claim, ofPod = '' }) => claim ?? `${name}-${ofPod}`);
}
