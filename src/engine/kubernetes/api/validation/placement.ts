import type { LabelSelector, Requirement } from '../../apimachinery/label-selector.ts';
import type {
  Affinity,
  NodeAffinity,
  NodeSelector,
  NodeSelectorTerm,
  PodAffinity,
  PodAffinityTerm,
  Toleration,
  TopologySpreadConstraint,
} from '../affinity.ts';
import {
  given,
  duplicate,
  forbidden,
  invalid,
  invalids,
  NOT_POSITIVE,
  notSupported,
  oneOf,
  required,
  type FieldCause,
} from './field-errors.ts';
import { EXISTS_OR_NOT, IN_OR_NOT_IN, validateLabelKey, validateSelector } from './metadata.ts';
import { dnsLabel, dnsSubdomain, labelValue } from './names.ts';

/** Where a Pod may run (pkg/apis/core/validation/validation.go, v1.36). */
const REQUIRED = 'requiredDuringSchedulingIgnoredDuringExecution';
const PREFERRED = 'preferredDuringSchedulingIgnoredDuringExecution';

const valid = new WeakSet<object>();

/** Checks a part of a template once; what is found right is not looked at again. */
function once<T extends object>(
  part: T | undefined,
  check: (part: T) => FieldCause[],
): FieldCause[] {
  if (!part || valid.has(part)) return [];
  const causes = check(part);
  if (causes.length === 0) valid.add(part);
  return causes;
}

export function validateAffinity(affinity: Affinity | undefined, at: string): FieldCause[] {
  return once(affinity, ({ nodeAffinity, podAffinity, podAntiAffinity }) => [
    ...(nodeAffinity ? validateNodeAffinity(nodeAffinity, `${at}.nodeAffinity`) : []),
    ...(podAffinity ? validatePodAffinity(podAffinity, `${at}.podAffinity`) : []),
    ...(podAntiAffinity ? validatePodAffinity(podAntiAffinity, `${at}.podAntiAffinity`) : []),
  ]);
}

function validateNodeAffinity(affinity: NodeAffinity, at: string): FieldCause[] {
  const wanted = affinity[REQUIRED];
  return [
    ...(wanted ? validateNodeSelector(wanted, `${at}.${REQUIRED}`) : []),
    ...(affinity[PREFERRED] ?? []).flatMap(({ weight, preference }, i) => {
      const here = `${at}.${PREFERRED}[${i}]`;
      return [
        ...validateWeight(weight, here),
        ...validateNodeTerm(preference, false, `${here}.preference`),
      ];
    }),
  ];
}

function validateWeight(weight: number, at: string): FieldCause[] {
  if (weight > 0 && weight <= 100) return [];
  return [invalid(`${at}.weight`, weight, 'must be in the range 1-100')];
}

export function validateNodeSelector(selector: NodeSelector, at: string): FieldCause[] {
  const here = `${at}.nodeSelectorTerms`;
  const terms = selector.nodeSelectorTerms ?? [];
  if (terms.length === 0) return [required(here, 'must have at least one node selector term')];
  return terms.flatMap((term, i) => validateNodeTerm(term, true, `${here}[${i}]`));
}

/** @param strict whether values have to be possible values of labels */
function validateNodeTerm(term: NodeSelectorTerm, strict: boolean, at: string): FieldCause[] {
  return [
    ...(term?.matchExpressions ?? []).flatMap((one, i) =>
      validateNodeRequirement(one, strict, `${at}.matchExpressions[${i}]`),
    ),
    ...(term?.matchFields ?? []).flatMap((one, i) =>
      validateFieldRequirement(one, `${at}.matchFields[${i}]`),
    ),
  ];
}

const NO_OPERATOR = 'not a valid selector operator';

function validateNodeRequirement(
  { key, operator, values = [] }: Requirement,
  strict: boolean,
  at: string,
): FieldCause[] {
  const causes: FieldCause[] = [];
  if (operator === 'In' || operator === 'NotIn') {
    if (values.length === 0) causes.push(required(`${at}.values`, IN_OR_NOT_IN));
  } else if (operator === 'Exists' || operator === 'DoesNotExist') {
    if (values.length > 0) causes.push(forbidden(`${at}.values`, EXISTS_OR_NOT));
  } else if (operator === 'Gt' || operator === 'Lt') {
    if (values.length !== 1) {
      const why = "must be specified single value when `operator` is 'Lt' or 'Gt'";
      causes.push(required(`${at}.values`, why));
    }
  } else causes.push(invalid(`${at}.operator`, operator ?? '', NO_OPERATOR));
  causes.push(...validateLabelKey(key ?? '', `${at}.key`));
  if (!strict) return causes;
  const wrong = values.flatMap((value, i) =>
    invalids(`${at}.values[${i}]`, value, labelValue(value)),
  );
  return [...causes, ...wrong];
}

function validateFieldRequirement(
  { key, operator, values = [] }: Requirement,
  at: string,
): FieldCause[] {
  const causes: FieldCause[] = [];
  if (operator !== 'In' && operator !== 'NotIn') {
    causes.push(invalid(`${at}.operator`, operator ?? '', NO_OPERATOR));
  } else if (values.length !== 1) {
    const why = "must be only one value when `operator` is 'In' or 'NotIn' for node field selector";
    causes.push(required(`${at}.values`, why));
  }
  if (key !== 'metadata.name') {
    return [...causes, invalid(`${at}.key`, key ?? '', 'not a valid field selector key')];
  }
  const wrong = values.flatMap((value, i) =>
    invalids(`${at}.values[${i}]`, value, dnsSubdomain(value)),
  );
  return [...causes, ...wrong];
}

function validatePodAffinity(affinity: PodAffinity, at: string): FieldCause[] {
  return [
    ...(affinity[REQUIRED] ?? []).flatMap((term, i) =>
      validatePodTerm(term, `${at}.${REQUIRED}[${i}]`),
    ),
    ...(affinity[PREFERRED] ?? []).flatMap(({ weight, podAffinityTerm }, i) => {
      const here = `${at}.${PREFERRED}[${i}]`;
      return [
        ...validateWeight(weight, here),
        ...validatePodTerm(podAffinityTerm, `${here}.podAffinityTerm`),
      ];
    }),
  ];
}

function validatePodTerm(term: PodAffinityTerm, at: string): FieldCause[] {
  const {
    labelSelector,
    topologyKey = '',
    matchLabelKeys = [],
    mismatchLabelKeys = [],
  } = given(term);
  const causes = [
    ...validateSelector(labelSelector, `${at}.labelSelector`),
    ...validateSelector(term.namespaceSelector, `${at}.namespaceSelector`),
    ...(term.namespaces ?? []).flatMap((name) => invalids(`${at}.namespace`, name, dnsLabel(name))),
    ...validateLabelKeys(matchLabelKeys, labelSelector, `${at}.matchLabelKeys`),
    ...validateLabelKeys(mismatchLabelKeys, labelSelector, `${at}.mismatchLabelKeys`),
  ];
  matchLabelKeys.forEach((key, i) => {
    if (!mismatchLabelKeys.includes(key)) return;
    const why = 'exists in both matchLabelKeys and mismatchLabelKeys';
    causes.push(invalid(`${at}.matchLabelKeys[${i}]`, key, why));
  });
  const field = `${at}.topologyKey`;
  if (topologyKey === '') causes.push(required(field, 'can not be empty'));
  return [...causes, ...validateLabelKey(topologyKey, field)];
}

const NEEDS_SELECTOR = 'must not be specified when labelSelector is not set';

function validateLabelKeys(
  keys: readonly string[],
  selector: LabelSelector | undefined,
  at: string,
): FieldCause[] {
  if (keys.length === 0) return [];
  if (!selector) return [forbidden(at, NEEDS_SELECTOR)];
  return keys.flatMap((key, i) => validateLabelKey(key, `${at}[${i}]`));
}

const EFFECTS = ['NoSchedule', 'PreferNoSchedule', 'NoExecute'];

export const validateEffect = (effect: string, at: string): FieldCause[] =>
  EFFECTS.includes(effect) ? [] : [notSupported(at, effect, EFFECTS)];

export function validateTolerations(
  tolerations: readonly Toleration[] | undefined,
  at: string,
): FieldCause[] {
  return once(tolerations, (list) =>
    list.flatMap((toleration, i) => validateToleration(toleration, `${at}[${i}]`)),
  );
}

function validateToleration(toleration: Toleration, at: string): FieldCause[] {
  const { key = '', operator, value = '', effect = '', tolerationSeconds } = toleration;
  const causes = key ? validateLabelKey(key, `${at}.key`) : [];
  const field = `${at}.operator`;
  if (!key && operator !== 'Exists') {
    const why =
      'operator must be Exists when `key` is empty, which means "match all values and all keys"';
    causes.push(invalid(field, operator ?? '', why));
  }
  if (tolerationSeconds !== undefined && effect !== 'NoExecute') {
    const why = "effect must be 'NoExecute' when `tolerationSeconds` is set";
    causes.push(invalid(`${at}.effect`, effect, why));
  }
  if (!operator || operator === 'Equal') {
    const wrong = labelValue(value);
    if (wrong.length > 0) causes.push(invalid(field, value, wrong.join(';')));
  } else if (operator === 'Exists') {
    const why = "value must be empty when `operator` is 'Exists'";
    if (value) causes.push(invalid(field, value, why));
  } else causes.push(notSupported(field, operator, ['Equal', 'Exists']));
  return effect ? [...causes, ...validateEffect(effect, `${at}.effect`)] : causes;
}

const ACTIONS = ['DoNotSchedule', 'ScheduleAnyway'];
const POLICIES = ['Honor', 'Ignore'];

export function validateSpread(
  constraints: readonly TopologySpreadConstraint[] | undefined,
  at: string,
): FieldCause[] {
  return once(constraints, (list) =>
    list.flatMap((constraint, i) => {
      const { topologyKey, whenUnsatisfiable } = constraint;
      const causes = validateConstraint(constraint, `${at}[${i}]`);
      const again = list
        .slice(i + 1)
        .some((o) => o.topologyKey === topologyKey && o.whenUnsatisfiable === whenUnsatisfiable);
      if (!again) return causes;
      const field = `${at}[${i}].{topologyKey, whenUnsatisfiable}`;
      return [...causes, duplicate(field, `{${topologyKey}, ${whenUnsatisfiable}}`)];
    }),
  );
}

function validateConstraint(constraint: TopologySpreadConstraint, at: string): FieldCause[] {
  const { maxSkew = 0, topologyKey, whenUnsatisfiable = '', minDomains } = given(constraint);
  const { labelSelector } = constraint;
  const causes = maxSkew > 0 ? [] : [invalid(`${at}.maxSkew`, maxSkew, NOT_POSITIVE)];
  if (!topologyKey) causes.push(required(`${at}.topologyKey`, 'can not be empty'));
  if (!ACTIONS.includes(whenUnsatisfiable)) {
    causes.push(notSupported(`${at}.whenUnsatisfiable`, whenUnsatisfiable, ACTIONS));
  }
  if (minDomains !== undefined) {
    if (minDomains <= 0) causes.push(invalid(`${at}.minDomains`, minDomains, NOT_POSITIVE));
    if (whenUnsatisfiable !== 'DoNotSchedule') {
      const why = `can only use minDomains if whenUnsatisfiable=DoNotSchedule, not ${whenUnsatisfiable}`;
      causes.push(invalid(`${at}.minDomains`, minDomains, why));
    }
  }
  causes.push(
    ...oneOf(`${at}.nodeAffinityPolicy`, constraint.nodeAffinityPolicy, POLICIES),
    ...oneOf(`${at}.nodeTaintsPolicy`, constraint.nodeTaintsPolicy, POLICIES),
    ...validateSpreadKeys(constraint.matchLabelKeys ?? [], labelSelector, `${at}.matchLabelKeys`),
    ...validateSelector(labelSelector, `${at}.labelSelector`),
  );
  return causes;
}

function validateSpreadKeys(
  keys: readonly string[],
  selector: LabelSelector | undefined,
  at: string,
): FieldCause[] {
  if (keys.length === 0) return [];
  const selected = new Set([
    ...Object.keys(selector?.matchLabels ?? {}),
    ...(selector?.matchExpressions ?? []).map(({ key }) => key),
  ]);
  const causes = selector ? [] : [forbidden(at, NEEDS_SELECTOR)];
  keys.forEach((key, i) => {
    causes.push(...validateLabelKey(key, `${at}[${i}]`));
    if (!selected.has(key)) return;
    causes.push(invalid(`${at}[${i}]`, key, 'exists in both matchLabelKeys and labelSelector'));
  });
  return causes;
}
