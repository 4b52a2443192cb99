import { parseRfc3339 } from '../../../sim/clock.ts';
import {
  DESIRED_REPLICAS,
  LAST_APPLIED,
  MAX_REPLICAS,
  POD_TEMPLATE_HASH,
  REVISION,
  type Deployment,
  type ReplicaSet,
} from '../../api/workloads.ts';
import type { PodTemplate } from '../../api/pod.ts';
import { canonicalJson } from '../../apimachinery/canonical-json.ts';
import { fnv32a, safeEncode } from '../../apimachinery/safe-names.ts';
import { without, type KubeObject, type Labels } from '../../apimachinery/object.ts';

/** Which ReplicaSet holds which version of a template (util/deployment_util.go, v1.36). */
export const REVISION_HISTORY = 'deployment.kubernetes.io/revision-history';

/** Annotations of a Deployment that its ReplicaSets do not take over (`annotationsToSkip`). */
const OWN_ANNOTATIONS: ReadonlySet<string> = new Set([
  LAST_APPLIED,
  REVISION,
  REVISION_HISTORY,
  DESIRED_REPLICAS,
  MAX_REPLICAS,
  'deprecated.deployment.rollback.to',
]);

export function revisionOf(object: KubeObject): number {
  const text = object.metadata.annotations?.[REVISION] ?? '';
  return /^\d+$/.test(text) ? Number(text) : 0;
}

/** Two templates are the same when they differ in nothing but the hash label. */
export function sameTemplate(a: PodTemplate, b: PodTemplate): boolean {
  return templateText(a) === templateText(b);
}

const TEMPLATE_TEXTS = new WeakMap<PodTemplate, string>();

/** A template without its hash label, as canonical text; made once for each object. */
function templateText(template: PodTemplate): string {
  let text = TEMPLATE_TEXTS.get(template);
  if (text === undefined) {
    text = canonicalJson(withoutHash(template));
    TEMPLATE_TEXTS.set(template, text);
  }
  return text;
}

function withoutHash(template: PodTemplate): PodTemplate {
  const labels = without(template.metadata?.labels ?? {}, POD_TEMPLATE_HASH);
  return { ...template, metadata: { ...template.metadata, labels } };
}

/**
 * The name of a template: a hash in safe letters. `collisions` counts how often the name was taken
 * by another template.
 *
 * Simplified: over canonical JSON, where upstream hashes Go's printout of the template; the same
 * manifest gets another, equally stable, hash there.
 */
export function templateHash(template: PodTemplate, collisions = 0): string {
  const text = templateText(template) + (collisions > 0 ? String(collisions) : '');
  return safeEncode(String(fnv32a(text)));
}

export interface Sets {
  readonly newSet: ReplicaSet | undefined;
  /** Oldest first. */
  readonly oldSets: readonly ReplicaSet[];
}

/** The oldest ReplicaSet with the Deployment's template is the new one, all others are old. */
export function splitSets({ spec }: Pick<Deployment, 'spec'>, sets: readonly ReplicaSet[]): Sets {
  const byAge = [...sets].sort(olderFirst);
  const newSet = byAge.find((set) => sameTemplate(set.spec.template, spec.template));
  return { newSet, oldSets: byAge.filter((set) => set !== newSet) };
}

export function olderFirst(a: KubeObject, b: KubeObject): number {
  const difference = createdMs(a) - createdMs(b);
  return difference !== 0 ? difference : a.metadata.name < b.metadata.name ? -1 : 1;
}

export function createdMs({ metadata }: KubeObject): number {
  return parseRfc3339(metadata.creationTimestamp) ?? 0;
}

const MAX_INT32 = 2_147_483_647;

/**
 * Old sets beyond the history limit that hold nothing any more, lowest revision first
 * (`cleanupDeployment`). Sets that still hold something count, but stay.
 */
export function expiredSets(oldSets: readonly ReplicaSet[], limit: number): ReplicaSet[] {
  if (limit === MAX_INT32) return [];
  const alive = oldSets.filter(({ metadata }) => !metadata.deletionTimestamp);
  alive.sort((a, b) => revisionOf(a) - revisionOf(b) || olderFirst(a, b));
  return alive
    .slice(0, Math.max(0, alive.length - limit))
    .filter(
      ({ metadata, spec, status }) =>
        status.replicas === 0 &&
        spec.replicas === 0 &&
        (metadata.generation ?? 0) <= (status.observedGeneration ?? 0),
    );
}

/**
 * The annotations of the new set: the Deployment's, and its revision. A set that becomes the new
 * one again gets a new number and remembers the old one (`SetNewReplicaSetAnnotations`).
 */
export function newSetAnnotations(
  { metadata }: KubeObject,
  known: Labels | undefined,
  revision: number,
): Labels {
  const taken = Object.entries(metadata.annotations ?? {}).filter(
    ([key]) => !OWN_ANNOTATIONS.has(key),
  );
  const annotations: Record<string, string> = { ...known, ...Object.fromEntries(taken) };
  const old = known?.[REVISION];
  const oldRevision = /^\d+$/.test(old ?? '') ? Number(old) : 0;
  if (old !== undefined && old !== '' && !/^\d+$/.test(old)) return annotations;
  if (oldRevision >= revision) return annotations;
  if (old) {
    const history = known?.[REVISION_HISTORY];
    annotations[REVISION_HISTORY] = history ? `${history},${old}` : old;
  }
  annotations[REVISION] = String(revision);
  return annotations;
}

/** The revision that the new set should have: one more than the highest of the old ones. */
export const nextRevision = (oldSets: readonly ReplicaSet[]): number =>
  oldSets.reduce((highest, set) => Math.max(highest, revisionOf(set)), 0) + 1;

/** Whether a set does not say yet for which size of the Deployment it was scaled. */
export function replicasAnnotationsNeedUpdate(
  annotations: Labels | undefined,
  desired: number,
  max: number,
): boolean {
  return (
    annotations?.[DESIRED_REPLICAS] !== String(desired) || annotations[MAX_REPLICAS] !== String(max)
  );
}
