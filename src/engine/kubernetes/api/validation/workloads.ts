import { sameValue } from '../../apimachinery/canonical-json.ts';
import {
  isEmptySelector,
  selectorMatches,
  type LabelSelector,
} from '../../apimachinery/label-selector.ts';
import type { PodTemplate } from '../pod.ts';
import type {
  ControllerRevision,
  DaemonSet,
  Deployment,
  DeploymentStrategy,
  ReplicaSet,
  StatefulSet,
  StatefulSetSpec,
} from '../workloads.ts';
import {
  given,
  forbidden,
  immutable,
  invalid,
  nonNegative,
  notSupported,
  oneOf,
  required,
  type FieldCause,
} from './field-errors.ts';
import { notMoreThanAll, numberOf, validateIntOrPercent } from './int-or-percent.ts';
import { validateSelector } from './metadata.ts';
import { validatePodTemplate, validateTemplateMetadata } from './pod-spec.ts';

/** The kinds of `apps/v1` (pkg/apis/apps/validation/validation.go, v1.36). */
export function validateDeployment({ spec }: Deployment, previous?: Deployment): FieldCause[] {
  const { progressDeadlineSeconds: deadline, minReadySeconds = 0 } = spec;
  const causes = [
    ...nonNegative('spec.replicas', spec.replicas),
    ...requireSelector(spec.selector, 'deployment'),
    ...validateReplicaTemplate(spec.template, spec.selector, 'ReplicaSet'),
    ...validateStrategy(spec.strategy, 'spec.strategy'),
    ...nonNegative('spec.minReadySeconds', spec.minReadySeconds),
    ...nonNegative('spec.revisionHistoryLimit', spec.revisionHistoryLimit),
    ...nonNegative('spec.progressDeadlineSeconds', deadline),
  ];
  if (deadline !== undefined && deadline <= minReadySeconds) {
    const why = 'must be greater than minReadySeconds';
    causes.push(invalid('spec.progressDeadlineSeconds', deadline, why));
  }
  return [...causes, ...selectorStays(spec.selector, previous?.spec.selector)];
}

export function validateReplicaSet({ spec }: ReplicaSet, previous?: ReplicaSet): FieldCause[] {
  return [
    ...nonNegative('spec.replicas', spec.replicas),
    ...nonNegative('spec.minReadySeconds', spec.minReadySeconds),
    ...requireSelector(spec.selector, 'deployment'),
    ...validateReplicaTemplate(spec.template, spec.selector, 'ReplicaSet'),
    ...selectorStays(spec.selector, previous?.spec.selector),
  ];
}

function requireSelector(selector: LabelSelector | undefined, kind: string): FieldCause[] {
  if (!selector) return [required('spec.selector')];
  const causes = validateSelector(selector, 'spec.selector');
  if (!isEmptySelector(selector)) return causes;
  const why = `empty selector is invalid for ${kind}`;
  return [...causes, invalid('spec.selector', selector, why)];
}

function selectorStays(now: LabelSelector, before: LabelSelector | undefined): FieldCause[] {
  if (before === undefined || now === undefined) return [];
  return immutable('spec.selector', now, sameValue(now, before));
}

const AT = 'spec.template';

export function mustMatch(
  template: PodTemplate,
  selector: LabelSelector | undefined,
): FieldCause[] {
  const labels = template.metadata?.labels;
  if (!selector || isEmptySelector(selector) || selectorMatches(selector, labels ?? {})) return [];
  const why = '`selector` does not match template `labels`';
  return [invalid(`${AT}.metadata.labels`, labels, why)];
}

function validateReplicaTemplate(
  template: PodTemplate,
  selector: LabelSelector,
  kind: string,
): FieldCause[] {
  return [
    ...mustMatch(template, selector),
    ...validatePodTemplate(template, AT),
    ...alwaysRestarts(template, kind),
  ];
}

function alwaysRestarts({ spec }: PodTemplate, kind: string): FieldCause[] {
  const { restartPolicy = 'Always', activeDeadlineSeconds } = spec;
  const causes: FieldCause[] = [];
  if (restartPolicy !== 'Always') {
    causes.push(notSupported(`${AT}.spec.restartPolicy`, restartPolicy, ['Always']));
  }
  if (activeDeadlineSeconds !== undefined) {
    const why = `activeDeadlineSeconds in ${kind} is not Supported`;
    causes.push(forbidden(`${AT}.spec.activeDeadlineSeconds`, why));
  }
  return causes;
}

function validateStrategy(strategy: DeploymentStrategy | undefined, at: string): FieldCause[] {
  if (!strategy) return [];
  const { type, rollingUpdate } = strategy;
  if (type === 'Recreate') {
    if (rollingUpdate === undefined) return [];
    const why = "may not be specified when strategy `type` is 'Recreate'";
    return [forbidden(`${at}.rollingUpdate`, why)];
  }
  if (type !== 'RollingUpdate') {
    const value = { Type: type ?? '', RollingUpdate: rollingUpdate ?? null };
    return [notSupported(at, value, ['Recreate', 'RollingUpdate'])];
  }
  const { maxUnavailable = '25%', maxSurge = '25%' } = rollingUpdate ?? {};
  const here = `${at}.rollingUpdate`;
  const causes = [
    ...validateIntOrPercent(maxUnavailable, `${here}.maxUnavailable`),
    ...validateIntOrPercent(maxSurge, `${here}.maxSurge`),
  ];
  if (numberOf(maxUnavailable) === 0 && numberOf(maxSurge) === 0) {
    const why = 'may not be 0 when `maxSurge` is 0';
    causes.push(invalid(`${here}.maxUnavailable`, maxUnavailable, why));
  }
  return [...causes, ...notMoreThanAll(maxUnavailable, `${here}.maxUnavailable`)];
}

export function validateStatefulSet(set: StatefulSet, previous?: StatefulSet): FieldCause[] {
  const { spec } = set;
  const causes = [
    ...validateStatefulSettings(spec),
    ...nonNegative('spec.replicas', spec.replicas),
    ...nonNegative('spec.minReadySeconds', spec.minReadySeconds),
    ...nonNegative('spec.ordinals.start', spec.ordinals?.start),
    ...requireSelector(spec.selector, 'statefulset'),
    // The Pods' specs are looked at when Pods are made of them: volumes are not known before.
    ...mustMatch(spec.template, spec.selector),
    ...validateTemplateMetadata(spec.template.metadata ?? {}, AT),
    ...alwaysRestarts(spec.template, 'StatefulSet'),
    ...nonNegative('spec.revisionHistoryLimit', spec.revisionHistoryLimit),
  ];
  if (!previous || sameValue(fixedPart(spec), fixedPart(previous.spec))) return causes;
  const why =
    "updates to statefulset spec for fields other than 'replicas', 'ordinals', 'template', " +
    "'updateStrategy', 'revisionHistoryLimit', 'persistentVolumeClaimRetentionPolicy' and " +
    "'minReadySeconds' are forbidden";
  return [...causes, forbidden('spec', why)];
}

/** What of a StatefulSet never changes; of its claims, their status does not count. */
function fixedPart(spec: StatefulSetSpec): Readonly<Record<string, unknown>> {
  return {
    ...spec,
    replicas: undefined,
    template: undefined,
    updateStrategy: undefined,
    minReadySeconds: undefined,
    ordinals: undefined,
    revisionHistoryLimit: undefined,
    persistentVolumeClaimRetentionPolicy: undefined,
    volumeClaimTemplates: spec.volumeClaimTemplates?.map((claim) => ({
      name: claim.metadata.name,
      labels: claim.metadata.labels,
      annotations: claim.metadata.annotations,
      spec: claim.spec,
    })),
  };
}

function validateStatefulSettings(spec: StatefulSetSpec): FieldCause[] {
  const { podManagementPolicy: management, updateStrategy = {} } = given(spec);
  const { type, rollingUpdate } = updateStrategy;
  const at = 'spec.updateStrategy';
  const causes: FieldCause[] = [];
  if (management !== undefined && management !== 'OrderedReady' && management !== 'Parallel') {
    const why = "must be 'OrderedReady' or 'Parallel'";
    causes.push(invalid('spec.podManagementPolicy', management, why));
  }
  if (type === 'OnDelete') {
    if (rollingUpdate) {
      const value = { Partition: rollingUpdate.partition ?? 0, MaxUnavailable: null };
      const why = "only allowed for updateStrategy 'RollingUpdate'";
      causes.push(invalid(`${at}.rollingUpdate`, value, why));
    }
  } else if (type !== undefined && type !== 'RollingUpdate') {
    const value = { Type: type, RollingUpdate: null };
    causes.push(invalid(at, value, "must be 'RollingUpdate' or 'OnDelete'"));
  } else if (rollingUpdate) {
    const { partition, maxUnavailable } = rollingUpdate;
    causes.push(...nonNegative(`${at}.rollingUpdate.partition`, partition));
    if (maxUnavailable !== undefined) {
      const here = `${at}.rollingUpdate.maxUnavailable`;
      causes.push(...validateIntOrPercent(maxUnavailable, here));
      if (numberOf(maxUnavailable) === 0) causes.push(invalid(here, maxUnavailable, 'cannot be 0'));
      causes.push(...notMoreThanAll(maxUnavailable, here));
    }
  }
  const retention = spec.persistentVolumeClaimRetentionPolicy ?? {};
  const here = 'spec.persistentVolumeClaimRetentionPolicy';
  return [
    ...causes,
    ...oneOf(`${here}.whenDeleted`, retention.whenDeleted, ['Retain', 'Delete']),
    ...oneOf(`${here}.whenScaled`, retention.whenScaled, ['Retain', 'Delete']),
  ];
}

export function validateDaemonSet({ spec }: DaemonSet, previous?: DaemonSet): FieldCause[] {
  const { selector, template } = spec;
  const causes = validateSelector(selector, 'spec.selector');
  // An empty selector matches every label, no selector none.
  if (!selector || !selectorMatches(selector, template.metadata?.labels ?? {})) {
    const why = '`selector` does not match template `labels`';
    causes.push(invalid(`${AT}.metadata.labels`, template.metadata?.labels, why));
  }
  if (selector && isEmptySelector(selector)) {
    causes.push(invalid('spec.selector', selector, 'empty selector is invalid for daemonset'));
  }
  return [
    ...causes,
    ...validatePodTemplate(template, AT),
    ...alwaysRestarts(template, 'DaemonSet'),
    ...nonNegative('spec.minReadySeconds', spec.minReadySeconds),
    ...validateDaemonStrategy(spec.updateStrategy),
    ...nonNegative('spec.revisionHistoryLimit', spec.revisionHistoryLimit),
    ...selectorStays(selector, previous?.spec.selector),
  ];
}

function validateDaemonStrategy(strategy: DaemonSet['spec']['updateStrategy']): FieldCause[] {
  const at = 'spec.updateStrategy';
  const { type = 'RollingUpdate', rollingUpdate } = strategy ?? {};
  if (type === 'OnDelete') return [];
  if (type !== 'RollingUpdate') {
    return [notSupported(at, { Type: type, RollingUpdate: null }, ['RollingUpdate', 'OnDelete'])];
  }
  const { maxUnavailable = 1, maxSurge = 0 } = rollingUpdate ?? {};
  const here = `${at}.rollingUpdate`;
  const causes = [
    ...validateIntOrPercent(maxUnavailable, `${here}.maxUnavailable`),
    ...validateIntOrPercent(maxSurge, `${here}.maxSurge`),
    ...notMoreThanAll(maxUnavailable, `${here}.maxUnavailable`),
    ...notMoreThanAll(maxSurge, `${here}.maxSurge`),
  ];
  const [unavailable, surge] = [numberOf(maxUnavailable) !== 0, numberOf(maxSurge) !== 0];
  if (unavailable && surge) {
    const why = 'may not be set when maxUnavailable is non-zero';
    causes.push(invalid(`${here}.maxSurge`, maxSurge, why));
  } else if (!unavailable && !surge) {
    causes.push(required(`${here}.maxUnavailable`, 'cannot be 0 when maxSurge is 0'));
  }
  return causes;
}

export function validateControllerRevision(
  object: ControllerRevision,
  previous?: ControllerRevision,
): FieldCause[] {
  const causes = object.data === undefined ? [required('data', 'data is mandatory')] : [];
  causes.push(...nonNegative('revision', object.revision));
  if (!previous) return causes;
  return [...causes, ...immutable('data', object.data, sameValue(object.data, previous.data))];
}
