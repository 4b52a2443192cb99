import { parseRfc3339 } from '../../../sim/clock.ts';
import {
  POD_TEMPLATE_HASH,
  REVISION,
  type Deployment,
  type ReplicaSet,
} from '../../api/workloads.ts';
import type { PodTemplate } from '../../api/pod.ts';
import { canonicalJson, sameValue } from '../../apimachinery/canonical-json.ts';
import { fnv32a, safeEncode } from '../../apimachinery/safe-names.ts';
import { without, type KubeObject } from '../../apimachinery/object.ts';

/** Which ReplicaSet holds which version of a template (util/deployment_util.go, v1.36). */
export function revisionOf(object: KubeObject): number {
  const text = object.metadata.annotations?.[REVISION] ?? '';
  return /^\d+$/.test(text) ? Number(text) : 0;
}

/** Two templates are the same when they differ in nothing but the hash label. */
export function sameTemplate(a: PodTemplate, b: PodTemplate): boolean {
  return sameValue(withoutHash(a), withoutHash(b));
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
  const text = canonicalJson(withoutHash(template)) + (collisions > 0 ? String(collisions) : '');
  return safeEncode(String(fnv32a(text)));
}

export interface Sets {
  readonly newSet: ReplicaSet | undefined;
  /** Oldest first. */
  readonly oldSets: readonly ReplicaSet[];
}

/** The oldest ReplicaSet with the Deployment's template is the new one, all others are old. */
export function splitSets(deployment: Deployment, sets: readonly ReplicaSet[]): Sets {
  const byAge = [...sets].sort(olderFirst);
  const newSet = byAge.find((set) => sameTemplate(set.spec.template, deployment.spec.template));
  return { newSet, oldSets: byAge.filter((set) => set !== newSet) };
}

export function olderFirst(a: KubeObject, b: KubeObject): number {
  const difference = createdMs(a) - createdMs(b);
  return difference !== 0 ? difference : a.metadata.name < b.metadata.name ? -1 : 1;
}

export function createdMs({ metadata }: KubeObject): number {
  return parseRfc3339(metadata.creationTimestamp) ?? 0;
}

/** Old sets beyond the history limit that hold nothing any more, lowest revision first. */
export function expiredSets(oldSets: readonly ReplicaSet[], limit: number): ReplicaSet[] {
  const empty = oldSets.filter(
    ({ metadata, spec, status }) =>
      !metadata.deletionTimestamp &&
      status.replicas === 0 &&
      spec.replicas === 0 &&
      (metadata.generation ?? 0) <= (status.observedGeneration ?? 0),
  );
  const byRevision = [...empty].sort((a, b) => revisionOf(a) - revisionOf(b) || olderFirst(a, b));
  return byRevision.slice(0, Math.max(0, empty.length - limit));
}
