import { sameValue } from '../../apimachinery/canonical-json.ts';
import type { Toleration } from '../affinity.ts';
import type { Container } from '../container.ts';
import type { Pod, PodSpec } from '../pod.ts';
import { forbidden, invalid, invalids, required, type FieldCause } from './field-errors.ts';
import { goDiff } from './go-diff.ts';
import { inRange } from './names.ts';
import { validateTolerations } from './placement.ts';
import { trimmed, validatePodAnnotations, validatePodSpec } from './pod-spec.ts';

/** A new Pod (pkg/apis/core/validation/validation.go `ValidatePodCreate`, v1.36). */
export function validatePod(pod: Pod): FieldCause[] {
  const { spec } = pod;
  const causes = validateWhole(pod);
  if (spec.ephemeralContainers?.length) {
    causes.push(forbidden('spec.ephemeralContainers', 'cannot be set on create'));
  }
  if (spec.nodeName && spec.schedulingGates?.length) {
    const why = 'cannot be set until all schedulingGates have been cleared';
    causes.push(forbidden('spec.nodeName', why));
  }
  return causes;
}

/** A Pod by itself, whatever it was before. */
export function validateWhole({ metadata, spec }: Pod): FieldCause[] {
  return [
    ...validatePodAnnotations(metadata.annotations ?? {}, 'metadata.annotations'),
    ...validateSpec(spec),
  ];
}

/** Specs in which nothing is wrong: Pods of one template share theirs, and it is read once. */
const faultless = new WeakSet<PodSpec>();

function validateSpec(spec: PodSpec): readonly FieldCause[] {
  if (faultless.has(spec)) return NONE;
  const causes = [
    ...validatePodSpec(spec, 'spec', true),
    ...(spec.containers ?? []).flatMap((one, i) => trimmed(one, `spec.containers[${i}]`)),
    ...(spec.initContainers ?? []).flatMap((one, i) => trimmed(one, `spec.initContainers[${i}]`)),
  ];
  if (causes.length === 0) faultless.add(spec);
  return causes;
}

const NONE: readonly FieldCause[] = [];

const UPDATABLE = [
  '`spec.containers[*].image`',
  '`spec.initContainers[*].image`',
  '`spec.activeDeadlineSeconds`',
  '`spec.tolerations` (only additions to existing tolerations)',
  '`spec.terminationGracePeriodSeconds` (allow it to be set to 1 if it was previously negative)',
].join(',');

/** What may change of a Pod that is there (`ValidatePodUpdate`). */
export function validatePodUpdate(pod: Pod, previous: Pod): FieldCause[] {
  const [spec, old] = [pod.spec, previous.spec];
  if (spec === old) {
    return validatePodAnnotations(pod.metadata.annotations ?? {}, 'metadata.annotations');
  }
  const causes = validateWhole(pod);
  for (const field of ['containers', 'initContainers'] as const) {
    const [now, before] = [spec[field] ?? [], old[field] ?? []];
    if (now.length !== before.length) {
      const why = 'pod updates may not add or remove containers';
      return [...causes, forbidden(`spec.${field}`, why)];
    }
    now.forEach(({ image }, i) => {
      if (!image) causes.push(required(`spec.${field}[${i}].image`));
    });
  }
  const deadline = validateDeadline(spec, old);
  if (deadline.length > 0) return [...causes, ...deadline];
  causes.push(
    ...validateAddedTolerations(spec.tolerations ?? [], old.tolerations ?? []),
    ...validateDeletedGates(spec, old),
  );
  const munged = mungedSpec(spec, old);
  if (sameValue(munged, old)) return causes;
  const why = `pod updates may not change fields other than ${UPDATABLE}\n${goDiff(old, munged)}`;
  return [...causes, forbidden('spec', why)];
}

/** From nothing to something, or from much to less. */
function validateDeadline(spec: PodSpec, old: PodSpec): FieldCause[] {
  const field = 'spec.activeDeadlineSeconds';
  const [now, before] = [spec.activeDeadlineSeconds, old.activeDeadlineSeconds];
  if (now === undefined) {
    const why = 'must not update from a positive integer to nil value';
    return before === undefined ? [] : [invalid(field, undefined, why)];
  }
  const range = inRange(now, 0, 2_147_483_647);
  if (range.length > 0) return invalids(field, now, range);
  if (before === undefined || before >= now) return [];
  return [invalid(field, now, 'must be less than or equal to previous value')];
}

function validateAddedTolerations(
  now: readonly Toleration[],
  before: readonly Toleration[],
): FieldCause[] {
  const kept = before.every((old) =>
    now.some((one) => sameValue({ ...old, tolerationSeconds: one.tolerationSeconds }, one)),
  );
  if (kept) return validateTolerations(now, 'spec.tolerations');
  const why = 'existing toleration can not be modified except its tolerationSeconds';
  return [forbidden('spec.tolerations', why)];
}

function validateDeletedGates(spec: PodSpec, old: PodSpec): FieldCause[] {
  return (spec.schedulingGates ?? []).flatMap(({ name }, i) => {
    if (old.schedulingGates?.some((gate) => gate.name === name)) return [];
    const why = `only deletion is allowed, but found new scheduling gate '${name}'`;
    return [forbidden(`spec.schedulingGates[${i}].name`, why)];
  });
}

/** The new spec with all that may change put back. */
function mungedSpec(spec: PodSpec, old: PodSpec): PodSpec {
  const images = (now: readonly Container[], before: readonly Container[] = []): Container[] =>
    now.map((container, i) => ({ ...container, image: before[i]?.image ?? '' }));
  const grace = spec.terminationGracePeriodSeconds;
  const wasNegative = (old.terminationGracePeriodSeconds ?? 0) < 0;
  return {
    ...spec,
    containers: images(spec.containers, old.containers),
    initContainers: spec.initContainers && images(spec.initContainers, old.initContainers),
    activeDeadlineSeconds: old.activeDeadlineSeconds,
    schedulingGates: old.schedulingGates,
    tolerations: old.tolerations,
    terminationGracePeriodSeconds:
      wasNegative && grace === 1 ? old.terminationGracePeriodSeconds : grace,
    // Of a Pod that waits for its gates, wishes for a node may be narrowed.
    ...(old.schedulingGates?.length && { nodeSelector: old.nodeSelector }),
  };
}
