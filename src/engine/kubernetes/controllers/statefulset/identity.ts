import type { Pod, Volume } from '../../api/pod.ts';
import type { PersistentVolumeClaim } from '../../api/storage.ts';
import {
  CONTROLLER_REVISION_HASH,
  POD_INDEX,
  STATEFULSET_POD_NAME,
  type ControllerRevision,
  type StatefulSet,
} from '../../api/workloads.ts';
import type { Draft, ObjectMeta } from '../../apimachinery/object.ts';
import { podDraft } from '../pod-control.ts';
import { templateOf } from '../revision-history.ts';

/**
 * Who a StatefulSet's Pods are: name, ordinal, claims
 * (pkg/controller/statefulset/stateful_set_utils.go, v1.36).
 */
export interface Identity {
  /** The set's name; empty when the Pod's name is not one of a member. */
  readonly set: string;
  /** -1 when there is none. */
  readonly ordinal: number;
}

const MAX_INT32 = 2_147_483_647;

export function identityOf(podName: string): Identity {
  const match = /^(.*)-(\d+)$/.exec(podName);
  if (!match) return { set: '', ordinal: -1 };
  const ordinal = Number(match[2]);
  return { set: match[1] ?? '', ordinal: ordinal <= MAX_INT32 ? ordinal : -1 };
}

export const ordinalOf = (pod: { readonly metadata: { readonly name: string } }): number =>
  identityOf(pod.metadata.name).ordinal;

export const isMember = (set: StatefulSet, pod: Pod): boolean =>
  identityOf(pod.metadata.name).set === set.metadata.name;

export const firstOrdinal = ({ spec }: StatefulSet): number => spec.ordinals?.start ?? 0;

/** Whether the set wants a Pod of this ordinal. */
export function inRange(set: StatefulSet, ordinal: number): boolean {
  const first = firstOrdinal(set);
  return ordinal >= first && ordinal < first + set.spec.replicas;
}

export const podNameOf = ({ metadata }: StatefulSet, ordinal: number): string =>
  `${metadata.name}-${ordinal}`;

export const claimNameOf = (
  { metadata }: StatefulSet,
  template: PersistentVolumeClaim,
  ordinal: number,
): string => `${template.metadata.name}-${metadata.name}-${ordinal}`;

export const revisionOf = (pod: Pod): string =>
  pod.metadata.labels?.[CONTROLLER_REVISION_HASH] ?? '';

/** The claims of a Pod, as they are asked for. */
export function claimsOf(set: StatefulSet, ordinal: number): Draft<PersistentVolumeClaim>[] {
  return (set.spec.volumeClaimTemplates ?? []).map((template) => ({
    apiVersion: 'v1',
    kind: 'PersistentVolumeClaim',
    metadata: {
      ...(template.metadata.annotations && { annotations: template.metadata.annotations }),
      name: claimNameOf(set, template, ordinal),
      namespace: set.metadata.namespace,
      labels: { ...template.metadata.labels, ...set.spec.selector.matchLabels },
    },
    spec: template.spec,
  }));
}

/** The volumes of a Pod: its claims first, then those of the template that no claim replaces. */
export function volumesOf(
  set: StatefulSet,
  ordinal: number,
  given: readonly Volume[] = [],
): readonly Volume[] {
  const templates = set.spec.volumeClaimTemplates ?? [];
  if (templates.length === 0) return given;
  const claimed = new Set(templates.map(({ metadata }) => metadata.name));
  return [
    ...templates.map((template): Volume => ({
      name: template.metadata.name,
      persistentVolumeClaim: { claimName: claimNameOf(set, template, ordinal) },
    })),
    ...given.filter(({ name }) => !claimed.has(name)),
  ];
}

/** What marks a Pod as this member of the set. */
function identityLabels(set: StatefulSet, ordinal: number) {
  return { [STATEFULSET_POD_NAME]: podNameOf(set, ordinal), [POD_INDEX]: String(ordinal) };
}

/** A member of the set as it is asked for, made from a revision's template. */
export function memberDraft(
  set: StatefulSet,
  revision: ControllerRevision,
  ordinal: number,
): Draft<Pod> & { readonly metadata: Partial<ObjectMeta> & { readonly name: string } } {
  const template = templateOf(revision) ?? set.spec.template;
  const name = podNameOf(set, ordinal);
  const { spec } = template;
  const volumes = volumesOf(set, ordinal, spec.volumes);
  const { serviceName } = set.spec;
  const draft = podDraft(set, template, {
    name,
    labels: {
      ...template.metadata?.labels,
      ...identityLabels(set, ordinal),
      [CONTROLLER_REVISION_HASH]: revision.metadata.name,
    },
    spec: {
      ...spec,
      hostname: name,
      ...(serviceName && { subdomain: serviceName }),
      ...(volumes.length > 0 && { volumes }),
    },
  });
  return { ...draft, metadata: { ...draft.metadata, name } };
}

export function identityMatches(set: StatefulSet, pod: Pod): boolean {
  const { set: parent, ordinal } = identityOf(pod.metadata.name);
  const { namespace, name, labels } = pod.metadata;
  return (
    ordinal >= 0 &&
    set.metadata.name === parent &&
    set.metadata.namespace === namespace &&
    labels?.[STATEFULSET_POD_NAME] === name
  );
}

/** Whether the Pod's volumes cover the set's claims. */
export function storageMatches(set: StatefulSet, pod: Pod): boolean {
  const ordinal = ordinalOf(pod);
  if (ordinal < 0) return false;
  return (set.spec.volumeClaimTemplates ?? []).every((template) => {
    const volume = pod.spec.volumes?.find(({ name }) => name === template.metadata.name);
    return volume?.persistentVolumeClaim?.claimName === claimNameOf(set, template, ordinal);
  });
}

/** The Pod with the labels of its identity. */
export function withIdentity(set: StatefulSet, pod: Pod): Pod {
  const labels = { ...pod.metadata.labels, ...identityLabels(set, ordinalOf(pod)) };
  return { ...pod, metadata: { ...pod.metadata, labels } };
}
